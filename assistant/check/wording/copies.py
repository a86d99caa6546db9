"""A sentence that is a sentence of the source but for a few words: these words decide.

    source  "The ten or twelve delegates did not leave."
    claim   "The nine or twelve delegates did not leave."                     another number
    claim   "The ten or twelve delegates did leave."                          no longer denied
    claim   "The ten or twelve delegates did not leave after a long dispute." adds what the source does not say

Where nearly all words stand in the same order, what was put in, left out or exchanged was meant to be, so that less is
asked for here than where two sentences only speak of the same (`typed/`).
But: words that were exchanged for others and are no numbers, quantities or opposites may mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.check.typed.aligned import Pair
from assistant.check.typed.amounts import amounts_in, value_of
from assistant.check.typed.causes import ANY_CAUSE, SO
from assistant.check.typed.lexicon import ARTICLES, PREPOSITIONS, opposites
from assistant.check.typed.naming import are_one, names_in, same_word
from assistant.check.typed.polarity import is_only_if, is_unless
from assistant.check.typed.quantities import enough
from assistant.check.typed.words import Token, words_of
from assistant.check.types import Finding, Kind
from assistant.check.windows import Window
from assistant.check.wording.denials import denied_in
from assistant.check.wording.stems import Spellings, told_stems
from assistant.understanding.question import stem
from vectorstore.english import word_set
from vectorstore.folding import folded

COPIED, FEWEST = 0.75, 5
"""Which share of a sentence's words, and how many, have to stand in the source in the same order; the longest piece
that was put in does not count."""
ADDED = 2
"""Words of content that make an addition: one may be a word of courtesy."""
_DENYING = word_set("not never no neither nor cannot without hardly none nobody nothing")
_ROUGHLY = word_set("about around roughly approximately some nearly almost over under than circa least most")
"""Words before a number that need not be the source's."""
_LOTS = word_set("hundred thousand million billion trillion dozen half")
_PRONOUNS = word_set("he she it they this these him her them")
_TAKES = word_set("takes take took taken taking")
_NO_DENIAL_BEHIND = word_set("only until just merely later more less fewer longer least")
_NOT_ALL = re.compile(r"\b(?:not (?:all|every)|all (?:but|except))\b", re.I)
Edit = tuple[tuple[Token, ...], tuple[Token, ...], int, int]
"""Words of the claim, those of the source in their place, and where both begin."""


def edits(claim: Sequence[Token], source: Sequence[Token], *, ends: bool = True) -> list[Edit] | None:
    """Where a sentence that is a copy differs; None where it is no copy. `ends`: before the first words that are the
    same and behind the last, as many words of the source stand in the place of the claim's; otherwise none."""
    keys = {token.key for token in source}
    if sum(token.key in keys for token in claim) < max(FEWEST, len(claim) / 2):
        return None
    matcher = SequenceMatcher(None, [t.key for t in claim], [t.key for t in source], autojunk=False)
    blocks = [b for b in matcher.get_matching_blocks() if b.size > 1 or (b.size and claim[b.a].content)]
    same = sum(block.size for block in blocks)
    if same < FEWEST:
        return None
    first, last = blocks[0], blocks[-1]
    left = len(claim) - last.a - last.size
    stop = last.b + last.size + (left if ends else 0)
    found: list[Edit] = []
    at, there = 0, max(0, first.b - first.a) if ends else first.b
    for a, b, size in [*blocks, (len(claim), min(stop, len(source)), 0)]:
        while at < a and there < b and claim[at].key == source[there].key:
            at, there = at + 1, there + 1
        if at < a or there < b:
            found.append((tuple(claim[at:a]), tuple(source[there:b]), at, there))
        at, there = a + size, b + size
    longest = max((len(ours) for ours, theirs, *_ in found if not theirs), default=0)
    return found if same >= COPIED * (len(claim) - longest) else None


def compare_copies(pair: Pair) -> Iterator[Finding]:
    """A finding for each number, quantity or opposite that was exchanged, and each denial put in or left out; what was
    turned round twice is none ("Nobody accepted it", "Everybody rejected it")."""
    differing = edits(pair.claim.tokens, pair.source.tokens) or ()
    found = [one for edit in differing if (one := _compared(pair, edit))]
    turned = sum(finding.kind == "polarity" for finding in found)
    partly = [bool(_NOT_ALL.search(text)) for text in (pair.claim.text, pair.source.text)]
    of_some = partly[0] != partly[1]  # "not all were", and "some were not"
    yield from (finding for finding in found if finding.kind != "polarity" or (turned % 2 and not of_some))


def exchanged(pairs: Sequence[Pair]) -> list[Finding]:
    """What a copy exchanges in the one of some windows that it copies, whatever the others hold: "the eight men" for
    "the ten men", where the source tells of eight women elsewhere. None where it copies one of them as it is."""
    found: list[list[Finding]] = []
    for pair in pairs:
        if pair.is_english and edits(pair.claim.tokens, pair.source.tokens) is not None:
            found.append([*compare_copies(pair)])
    return min(found, key=len, default=[])


def _compared(pair: Pair, edit: Edit) -> Finding | None:
    claim, source, at, there = edit
    ours, theirs = pair.claim.tokens, pair.source.tokens
    kind = _turned(claim, source) or _made_a_cause(pair, claim, there) or _another_name(pair, edit)
    if kind is None or (kind == "number" and at and ours[at - 1].low in _ROUGHLY):
        return None
    if kind == "quantity" and source[0].low in ("few", "handful") and there and theirs[there - 1].low == "a":
        return None  # "a few" are some
    if kind == "number" and any(amount.measure == "times" for amount in amounts_in(pair.source)):
        return None  # "had 200 members and doubled": the comparison of numbers reckons
    if kind == "polarity" and _is_no_denial(pair, at + len(claim), there + len(source)):
        return None
    if kind == "polarity" and _both_deny(pair, at + len(claim), there + len(source)):
        return None
    if kind == "polarity" and ours and theirs:
        ending, behind = min(at + len(claim), len(ours)) - 1, min(there + len(source), len(theirs)) - 1
        if is_unless(pair, ending, behind) or is_only_if(pair, theirs[behind].sentence):
            return None
    first, last = ours[max(0, at - (not claim))], ours[min(len(ours), max(at + len(claim), 1)) - 1]
    begin, end = theirs[max(0, there - (not source))], theirs[min(len(theirs), max(there + len(source), 1)) - 1]
    if at and there and bool(claim) != bool(source):  # "was" and "was not", not "was" and "not"
        said, words = (
            pair.claim.text[ours[at - 1].start : last.end],
            pair.source.text[theirs[there - 1].start : end.end],
        )
    else:
        said, words = pair.claim.text[first.start : last.end], pair.source.text[begin.start : end.end]
    reason = f"the claim says “{said}”; the source says “{words}”"
    return Finding(kind, "differs", reason, (first.start, last.end), pair.citation(begin.start, end.end))


def _turned(claim: Sequence[Token], source: Sequence[Token]) -> Kind | None:
    """What turns the sentence, of words put in the place of others."""
    ours, theirs = ([t for t in words if t.content and t.low not in _DENYING] for words in (claim, source))
    if any(t.low in _NO_DENIAL_BEHIND for t in (*claim, *source)):
        return None  # "not only", "no more than"
    denials = [sum(t.low in _DENYING for t in words) % 2 for words in (claim, source)]
    if denials[0] != denials[1]:
        return "polarity" if not ours and not theirs else None
    if len(claim) != 1 or len(source) != 1:
        return None
    one, other = claim[0], source[0]
    numbers = value_of(one.low), value_of(other.low)
    if None not in numbers and numbers[0] != numbers[1]:
        return "number"
    if (is_enough := enough(one.low, other.low)) is not None:
        return None if is_enough else "quantity"
    return "polarity" if other.key in opposites(one.key) else None


def _made_a_cause(pair: Pair, claim: Sequence[Token], there: int) -> Kind | None:
    """Whether "for that reason" was put into a sentence that names no cause. `there`: the place in the source."""
    if not claim or not SO.search(f"{pair.claim.text[claim[0].start : claim[-1].end]} "):
        return None
    tokens = pair.source.tokens
    start, end = pair.source.sentences[tokens[min(there, len(tokens) - 1)].sentence]
    return None if ANY_CAUSE.search(pair.source.text[start:end]) else "cause"


def _another_name(pair: Pair, edit: Edit) -> Kind | None:
    """Whether a name stands in the place of another of which nothing says that it is the same one's."""
    claim, source, at, there = edit
    vocabulary = pair.vocabulary
    ours = next((n for n in names_in(pair.claim, vocabulary) if (n.first, n.after) == (at, at + len(claim))), None)
    spans = (there, there + len(source))
    theirs = next((n for n in names_in(pair.source, vocabulary) if (n.first, n.after) == spans), None)
    if ours is None or theirs is None or are_one(ours, pair.claim, theirs, pair.source, vocabulary):
        return None
    if any(a.low[:3] == b.low[:3] or same_word(a, b, vocabulary) for a in claim for b in source):
        return None  # it may be a spelling
    if not {token.key for token in claim} <= vocabulary.names:
        return None  # it may be another word for it
    return "name"


def _is_no_denial(pair: Pair, after: int, behind: int) -> bool:
    """Whether what follows takes the denial back: "not only", "not until"."""
    follows = [
        words[at].low for words, at in ((pair.claim.tokens, after), (pair.source.tokens, behind)) if at < len(words)
    ]
    return any(low in _NO_DENIAL_BEHIND for low in follows)


def _both_deny(pair: Pair, after: int, behind: int) -> bool:
    """Whether the same word follows on both sides and is denied on both: "was not elected", and "neither Roth nor Weiss
    was elected"."""
    sides = (pair.claim, after), (pair.source, behind)
    follows = [next((n for n in range(at, min(len(w.tokens), at + 4)) if w.tokens[n].content), None) for w, at in sides]
    ours, theirs = follows
    if ours is None or theirs is None or pair.claim.tokens[ours].key != pair.source.tokens[theirs].key:
        return False
    return ours in denied_in(pair.claim) and theirs in denied_in(pair.source)


def added(claim: str, windows: Sequence[Window]) -> Finding | None:
    """The finding for what a copy of the windows' words adds, where they do not hold it: "after a long dispute". Names
    and figures aside, which are compared as such."""
    each = [_tokens(window) for window in windows]
    sentences = [told_stems(w.text[s.start - w.start : s.end - w.start]) for w in windows for s in w.sentences]
    spellings = Spellings(frozenset().union(*sentences))

    def first(source: Sequence[Token]) -> Sequence[Token] | None:
        """The first words that are put in and of which no sentence holds all."""
        for ours, theirs, at, there in edits(words_of(claim).tokens, source, ends=False) or ():
            plain = [
                t
                for n, t in enumerate(ours)
                if t.content and not t.capital and not _is_number(t) and not _says_nothing(ours, n)
            ]
            more = len(plain) - sum(t.content for t in theirs)
            stems = [stem(folded(token.text)) for token in plain]
            written = [spellings.of(own) | {own} for own in stems]
            instead = theirs if at else source[max(0, there - 1) : there]
            if more < ADDED or _names_it(ours, instead):
                continue
            if not any(all(ways & held for ways in written) for held in sentences):
                return ours
        return None

    put_in = first([token for tokens in each for token in tokens])
    if put_in is None and len(each) > 1:  # a word of it may stand in another place by chance
        found = [first(tokens) for tokens in each if edits(words_of(claim).tokens, tokens, ends=False) is not None]
        put_in = found[0] if found and all(found) else None
    if put_in:
        return _adding(claim, put_in)
    return _of_elsewhere(claim, windows) if len(windows) > 1 else None


def _names_it(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether a noun of few words stands in the place of a pronoun: "the tax firm" for "it"."""
    named = ours[0].low in ARTICLES and sum(token.content for token in ours) <= ADDED
    return named and len(theirs) == 1 and theirs[0].low in _PRONOUNS


def _says_nothing(words: Sequence[Token], at: int) -> bool:
    """Whether a word is one of "took place" or "at the time", which add nothing."""
    low = [token.low for token in words[max(0, at - 2) : at + 2]]
    here = words[at].low
    takes = here in _TAKES and low[-1] == "place" and at + 1 < len(words)
    placed = here == "place" and at > 0 and words[at - 1].low in _TAKES
    return takes or placed or (here == "time" and low[:2] in (["at", "the"], ["at", "that"]))


def _tokens(window: Window) -> Sequence[Token]:
    spans = tuple((s.start - window.start, s.end - window.start) for s in window.sentences)
    return words_of(window.text, spans).tokens


def _of_elsewhere(claim: str, windows: Sequence[Window]) -> Finding | None:
    """The finding for a name or figure that a copy of one of the windows puts in behind a preposition, where only
    another window holds it: "closed the mill in Kars", of a mill whose place is not told. None where it copies one that
    holds all of it."""
    found: Finding | None = None
    for window in windows:
        tokens = words_of(claim).tokens
        differing = edits(tokens, _tokens(window), ends=False)
        if differing is None:
            continue
        known = told_stems(f"{window.document.title} {window.section} {window.text}")
        put_in = (_from_preposition(tokens, ours, at) for ours, theirs, at, _ in differing if not theirs)
        strange = (ours for ours in put_in if _is_strange(ours, known))
        if (ours := next(strange, None)) is None:
            return None
        found = found or _adding(claim, ours)
    return found


def _from_preposition(claim: Sequence[Token], ours: Sequence[Token], at: int) -> Sequence[Token]:
    """Words that were put in, from their preposition on: of "in Kars in 1921" for "in 1921" not "Kars in"."""
    if at and ours[-1].key == claim[at - 1].key and ours[-1].low in PREPOSITIONS:
        return claim[at - 1 : at + len(ours) - 1]
    return ours


def _is_strange(words: Sequence[Token], known: frozenset[str]) -> bool:
    """Whether words are a preposition with a name or figure that is not among those known."""
    named = [token for token in words if token.capital or token.text[0].isdigit()]
    spellings = Spellings(known)
    stems = [stem(folded(token.text)) for token in named]
    return bool(words[0].low in PREPOSITIONS and named) and not any(own in known or spellings.of(own) for own in stems)


def _adding(claim: str, words: Sequence[Token]) -> Finding:
    place = words[0].start, words[-1].end
    reason = f"the claim adds “{claim[slice(*place)]}”, which the source does not say here"
    return Finding("words", "absent", reason, place)


def _is_number(token: Token) -> bool:
    return token.text[0].isdigit() or value_of(token.low) is not None or token.low.rstrip("s") in _LOTS
