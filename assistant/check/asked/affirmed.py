"""Whether a text that denies a thing tells it all the same, near by, of the same or of anybody.

    premise  "The council sell the mill."      text  "It did not sell it to Ude in 1903. It sold it to Holm in 1911."
    premise  "Somebody paid for the roof."     text  "The school was too poor to pay for it; the Berg trust paid."
    premise  "The school paid for the roof."   text  the same: not told, since another paid

What the premise names may be a pronoun there, each thing one, and an object may be left out at the end ("the trust
paid"); what is left over is not told.
But: no parser; a thing is a run of words that say something, with what "of" adds to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.check.typed.hedges import hedges_in
from assistant.check.typed.lexicon import BE, PREPOSITIONS
from assistant.check.typed.words import Words, words_of
from assistant.check.windows import Window
from assistant.check.wording.denials import denied_in
from assistant.check.wording.verbs import is_passive, is_verb
from ingest.sentences import split_sentences
from vectorstore.english import word_set
from vectorstore.types import Span, shown_text

AROUND = 2
"""Sentences before and behind a window, within its paragraph, in which the thing may be told."""
_PARTED = re.compile(r"[;:—]|\s–\s")
_OPENERS, _JOINING = word_set("but while whereas although though"), word_set("and so yet or")
_SUBJECTS = word_set("he she it they we i this these those")
_STANDING_IN = _SUBJECTS | word_set("him her them one")
_ANYBODY = word_set("somebody something there")


def is_affirmed(claim: str, question: str, window: Window, denied: Collection[Span] = ()) -> bool:
    """Whether the window, or what stands next to it, tells what the claim says. `question`: what the claim was made
    from, which says whether it is of something done ("was"); `denied`: offsets into the document's text where the
    claim is denied."""
    start, text, spans = _region(window)
    ours, theirs = words_of(claim), words_of(text, spans)
    not_told = denied_in(theirs).keys() | hedges_in(theirs).keys()
    is_done = any(token.low in BE for token in words_of(question).tokens)
    for verb, token in enumerate(ours.tokens):
        if not token.content or token.capital:
            continue
        for place in theirs.places.get(token.key, ()):
            at = start + theirs.tokens[place].start
            spoken = place not in not_told and is_verb(theirs, place) and not any(a <= at < b for a, b in denied)
            if spoken and _tells(ours, verb, theirs, place, is_done):
                return True
    return False


def _region(window: Window) -> tuple[int, str, tuple[Span, ...]]:
    """The sentences of a window and around it: where they begin, their text, and their offsets in it."""
    text = shown_text(window.document)
    first = max(text.rfind("\n\n", 0, window.start) + 2, 0) if "\n\n" in text[: window.start] else 0
    last = text.find("\n\n", window.end)
    spans = split_sentences(text, first, last if last >= 0 else len(text))
    inside = [n for n, (a, b) in enumerate(spans) if a < window.end and window.start < b]
    if not inside:
        return window.start, window.text, ((0, len(window.text)),)
    spans = spans[max(0, inside[0] - AROUND) : inside[-1] + 1 + AROUND]
    start = spans[0][0]
    return start, text[start : spans[-1][1]], tuple((a - start, b - start) for a, b in spans)


def _tells(ours: Words, verb: int, theirs: Words, place: int, is_done: bool) -> bool:
    """Whether the clause of a verb tells the claim that has it, too."""
    first, after = _clause(theirs, place)
    clause = theirs.tokens[first:after]
    denied = denied_in(theirs)
    keys = {token.key for at, token in enumerate(clause, first) if token.content and at not in denied}
    things = _things(ours, verb)
    missing = [thing for thing in things if not any(ours.tokens[at].key in keys for at in thing)]
    if any(ours.tokens[at].text[0].isdigit() for thing in missing for at in thing):
        return False
    stand_in = sum(token.low in _STANDING_IN for token in clause)
    follows = theirs.tokens[place + 1].low if place + 1 < after else ""
    left_out = (not follows or follows in PREPOSITIONS) and not is_passive(theirs, place)
    own = next((thing for thing in things if thing[-1] < verb), None)
    if own in missing and not is_done:
        opens = next((t.low for t in clause if t.low not in _OPENERS | _JOINING), "")
        if opens not in _SUBJECTS:
            return False
        left_out = left_out and len(missing) > 1
    return len(missing) <= stand_in + left_out


def _clause(words: Words, at: int) -> Span:
    """The tokens around one, up to where another clause begins."""
    first, after = at, at + 1
    while first and not _begins(words, first):
        first -= 1
    while after < len(words.tokens) and not _begins(words, after):
        after += 1
    return first, after


def _begins(words: Words, at: int) -> bool:
    """Whether a clause begins at a token."""
    before, token = words.tokens[at - 1], words.tokens[at]
    if token.sentence != before.sentence or token.low in _OPENERS:
        return True
    gap = words.text[before.end : token.start]
    return bool(_PARTED.search(gap)) or ("," in gap and token.low in _JOINING)


def _things(words: Words, verb: int) -> list[tuple[int, ...]]:
    """What a claim names beside its verb: tokens that stand together, "of" between them or not."""
    found: list[list[int]] = []
    for at, token in enumerate(words.tokens):
        if not token.content or at == verb or token.low in _ANYBODY:
            continue
        between = [t.low for t in words.tokens[found[-1][-1] + 1 : at]] if found else []
        joined = found and verb not in range(found[-1][-1], at) and (not between or between[0] == "of")
        if joined:
            found[-1].append(at)
        else:
            found.append([at])
    return [tuple(thing) for thing in found]
