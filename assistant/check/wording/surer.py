"""A copy of a sentence that is surer than it, or less sure: a hedge is put in or left out, or whose word it is, or the
condition at its end.

    source  "Critics argue that the mill may close unless the bank helps."
    claim   "The mill may close unless the bank helps."     leaves out whose word it is
    claim   "Critics argue that the mill may close."        leaves out the condition

    source  "The mill may be the oldest of the valley."
    claim   "The mill is the oldest of the valley."         leaves out "may be"

But: where the rest of the sentence hedges, too, nothing was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.check.typed.aligned import Pair
from assistant.check.typed.hedges import ATTRIBUTES, CHANCE, REPORT, SAID_TO, SAYS_SO, SEEM
from assistant.check.typed.lexicon import AUXILIARIES
from assistant.check.typed.words import Token
from assistant.check.types import Finding
from assistant.check.wording.copies import Edit, edits
from vectorstore.english import word_set

_LEAST = CHANCE | REPORT | word_set("arguably seemingly")
_LIGHT = AUXILIARIES | word_set("to by some many it is that as further only")
_SAYING = SAYS_SO | SAID_TO
_CONDITIONS = word_set("unless except if provided")
_NO_CONDITION_BEHIND = word_set("even as only what see know ask asked knew saw")
MOST_BEFORE = 9
"""Words before "that" which say whose word it is, at most."""


def compare_sureness(pair: Pair) -> Iterator[Finding]:
    """A finding for a hedge that a copy puts in or leaves out."""
    ours, theirs = pair.claim.tokens, pair.source.tokens
    differing = edits(ours, theirs)
    if differing is None:
        return
    for edit in differing:
        if finding := _hedged(pair, edit):
            yield finding
            return
    said = any(token.low in ATTRIBUTES or token.key in _SAYING for token in ours[:MOST_BEFORE])
    if not differing and not said and (at := _begins(ours, theirs)) is not None:
        yield from _whose(pair, at)
        yield from _condition(pair, at + len(ours))


def _hedged(pair: Pair, edit: Edit) -> Finding | None:
    claim, source, at, there = edit
    ours, theirs = pair.claim.tokens, pair.source.tokens
    put_in, left_out = _hedge(claim, ours[at + len(claim) :]), _hedge(source, theirs[there + len(source) :])
    if bool(put_in) == bool(left_out) or not ours or not theirs:
        return None
    sentence = theirs[min(there, len(theirs) - 1)].sentence
    rest = [t for n, t in enumerate(theirs) if t.sentence == sentence and not there <= n < there + len(source)]
    other = rest if put_in else [t for n, t in enumerate(ours) if not at <= n < at + len(claim)]
    if any(t.low in _LEAST or t.low in ATTRIBUTES or t.key in _SAYING for t in other):
        return None
    first, last = ours[max(0, at - (not claim))], ours[min(len(ours), max(at + len(claim), 1)) - 1]
    begin, end = theirs[max(0, there - (not source))], theirs[min(len(theirs), max(there + len(source), 1)) - 1]
    said, words = pair.claim.text[first.start : last.end], pair.source.text[begin.start : end.end]
    reason = f"the claim says “{said}”; the source says “{words}”"
    return Finding("hedge", "differs", reason, (first.start, last.end), pair.citation(begin.start, end.end))


def _hedge(words: Sequence[Token], follows: Sequence[Token]) -> bool:
    """Whether words are a hedge and nothing else: "may be", "is said by some to be", "would have"."""
    lows = [token.low for token in words]
    if any(t.content and t.low not in _LEAST | _LIGHT and t.key not in SAID_TO | SEEM for t in words) or not lows:
        return False
    if any(low in _LEAST for low in lows) or lows[:2] == ["would", "have"]:
        return True
    to = "to" in lows or (bool(follows) and follows[0].low == "to")
    return to and any(token.key in SAID_TO | SEEM for token in words)


def _begins(ours: Sequence[Token], theirs: Sequence[Token]) -> int | None:
    """Where in the source a piece begins that is the claim word for word."""
    keys, others = [token.key for token in ours], [token.key for token in theirs]
    size = len(keys)
    return next((n for n in range(len(others) - size + 1) if others[n : n + size] == keys), None)


def _whose(pair: Pair, at: int) -> Iterator[Finding]:
    """A finding where the source has it as somebody's word: "Critics argue that"."""
    tokens = pair.source.tokens
    before = [t for t in tokens[max(0, at - MOST_BEFORE) : at] if t.sentence == tokens[at].sentence]
    says = len(before) > 1 and before[-1].low == "that" and before[-2].key in _SAYING
    if not says and [t.low for t in before[:2]] != ["according", "to"]:
        return
    start, end = before[0].start, tokens[at].end
    words = pair.source.text[start : before[-1].end]
    reason = f"the claim states it as a fact; the source has it as somebody's word: “{words}”"
    yield Finding("hedge", "differs", reason, (0, len(pair.claim.text.rstrip())), pair.citation(start, end))


def _condition(pair: Pair, after: int) -> Iterator[Finding]:
    """A finding where the source goes on with a condition or an exception."""
    tokens = pair.source.tokens
    if after >= len(tokens) or tokens[after].sentence != tokens[after - 1].sentence:
        return
    opens = after + (tokens[after].low in ("but", "only") and after + 1 < len(tokens))
    gap = pair.source.text[tokens[after - 1].end : tokens[after].start].strip()
    if tokens[opens].low not in _CONDITIONS or gap not in ("", ",") or tokens[after - 1].low in _NO_CONDITION_BEHIND:
        return
    start = tokens[after].start
    end = pair.source.sentences[tokens[after].sentence][1]
    words = " ".join(pair.source.text[start:end].split())
    reason = f"the claim leaves out what the source makes a condition or exception: “{words}”"
    span = (0, len(pair.claim.text.rstrip()))
    yield Finding(
        "hedge", "differs", reason, span, pair.citation(start, start + len(pair.source.text[start:end].rstrip()))
    )
