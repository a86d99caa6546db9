"""A claim compared with a stretch of the source, thing by thing."""

from __future__ import annotations

from itertools import chain

from assistant.check.typed.aligned import Pair
from assistant.check.typed.causes import compare_causes
from assistant.check.typed.hedges import compare_hedges
from assistant.check.typed.names import compare_names
from assistant.check.typed.numbers import compare_numbers
from assistant.check.typed.polarity import compare_polarity
from assistant.check.typed.quantities import compare_quantities
from assistant.check.typed.roles import compare_roles
from assistant.check.typed.speakers import compare_speakers
from assistant.check.typed.times import compare_dates
from assistant.check.types import Finding
from assistant.check.windows import Window
from assistant.check.wording.copies import compare_copies
from assistant.check.wording.denials import denied_in
from assistant.check.wording.lists import compare_lists
from assistant.check.wording.pairs import compare_pairs
from assistant.check.wording.states import compare_states
from assistant.check.wording.surer import compare_sureness
from assistant.check.wording.who.ranks import compare_ranks

_EVERYWHERE = (compare_numbers, compare_dates, compare_names)
_IN_ENGLISH = (
    compare_polarity,
    compare_roles,
    compare_speakers,
    compare_hedges,
    compare_causes,
    compare_quantities,
    compare_lists,
    compare_ranks,
    compare_states,
    compare_pairs,
)


def compare(claim: str, window: Window, context: str = "") -> list[Finding]:
    """What the claim says and what the window says of the same, in the order of the claim. `context`: the text before
    the claim, which says whom its pronouns mean."""
    pair = Pair(claim, window, context)
    if not pair.claim.tokens or not pair.source.tokens:
        return []
    rules = _EVERYWHERE + (_IN_ENGLISH if pair.is_english else ())
    found = [finding for rule in rules for finding in rule(pair)]
    if pair.is_english:
        differing = [finding for finding in found if finding.outcome == "differs"]
        copied = chain(compare_copies(pair), compare_sureness(pair))
        found += [finding for finding in copied if not finding.is_of(differing)]
    return sorted(_consistent(pair, found), key=lambda finding: finding.claim or (0, 0))


def _consistent(pair: Pair, found: list[Finding]) -> list[Finding]:
    """Without what a denial makes true: "did not sign in 2018" is not contradicted by "signed in 2014", neither by its
    date nor by its negation; what differs in a denied clause differs rightly."""
    denied = denied_in(pair.claim)
    if not denied or not pair.is_english:
        return found
    tokens = pair.claim.tokens
    deniers = {tokens[by].clause: tokens[by].start for by in denied.values()}

    def lies_in_a_denial(finding: Finding) -> bool:
        if finding.claim is None or finding.outcome != "differs" or finding.kind not in ("number", "date", "name"):
            return False
        first, _ = pair.claim.tokens_in(*finding.claim)
        return tokens[first].clause in deniers and not _denied_there(pair, finding)

    excused = [finding for finding in found if lies_in_a_denial(finding)]
    if not excused:
        return found
    return [f for f in found if f not in excused and not (f.kind == "polarity" and f.outcome == "differs")]


def _denied_there(pair: Pair, finding: Finding) -> bool:
    """Whether the source denies something in the sentence of a finding, too."""
    if finding.source is None:
        return False
    first, _ = pair.source.tokens_in(finding.source.start - pair.window.start, finding.source.end - pair.window.start)
    sentence = pair.source.tokens[first].sentence
    return any(pair.source.tokens[place].sentence == sentence for place in denied_in(pair.source))
