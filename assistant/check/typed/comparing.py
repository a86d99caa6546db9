"""A claim compared with a stretch of the source, thing by thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.check.signals import merged
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
from assistant.check.wording.copies import added, compare_copies, exchanged
from assistant.check.wording.denials import denied_in
from assistant.check.wording.frames import without_section
from assistant.check.wording.lists import compare_lists
from assistant.check.wording.ranks import compare_ranks
from assistant.check.wording.surer import compare_sureness

OfPair = Callable[[Pair], Iterable[Finding]]
OfPairs = Callable[[Sequence[Pair]], Iterable[Finding]]


def compare_additions(pairs: Sequence[Pair]) -> list[Finding]:
    """What a copy of the windows' words adds; a section that the claim names is no addition."""
    found = added(without_section(pairs[0].claim.text), [pair.window for pair in pairs])
    return [found] if found else []


@dataclass(frozen=True, slots=True)
class Rules:
    """What a claim is compared by; `eval.lab.check_ablation` says what each is worth. `everywhere`: in any language.
    `copies`: in English, like `in_english`, but their findings count only of words that no other finds to differ.
    `exchanges`: of a claim and several windows together, where nothing differs from one alone; `additions`: always."""

    everywhere: tuple[OfPair, ...] = (compare_numbers, compare_dates, compare_names)
    in_english: tuple[OfPair, ...] = (
        compare_polarity,
        compare_roles,
        compare_speakers,
        compare_hedges,
        compare_causes,
        compare_quantities,
        compare_lists,
        compare_ranks,
    )
    copies: tuple[OfPair, ...] = (compare_copies, compare_sureness)
    exchanges: tuple[OfPairs, ...] = (exchanged,)
    additions: tuple[OfPairs, ...] = (compare_additions,)


RULES = Rules()


def compare(claim: str, window: Window, context: str = "") -> list[Finding]:
    """What the claim says and what the window says of the same, in the order of the claim. `context`: the text before
    the claim, which says whom its pronouns mean."""
    return _compared(Pair(claim, window, context), RULES)


def compare_together(claim: str, windows: Sequence[Window], context: str = "", rules: Rules = RULES) -> list[Finding]:
    """What the claim says and what one or several windows say of the same, those that differ first; `context` as in
    `compare`."""
    pairs = [Pair(claim, window, context) for window in windows]
    found = merged([_compared(pair, rules) for pair in pairs])
    if not any(finding.outcome == "differs" for finding in found):
        copied = [finding for rule in rules.exchanges for finding in rule(pairs)]
        found = [*copied, *(finding for finding in found if not finding.is_of(copied))]
    return [*found, *(finding for rule in rules.additions for finding in rule(pairs))]


def _compared(pair: Pair, rules: Rules) -> list[Finding]:
    if not pair.claim.tokens or not pair.source.tokens:
        return []
    english = pair.is_english
    found = [f for rule in (*rules.everywhere, *(rules.in_english if english else ())) for f in rule(pair)]
    if english:
        differing = [finding for finding in found if finding.outcome == "differs"]
        found += [f for rule in rules.copies for f in rule(pair) if not f.is_of(differing)]
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
