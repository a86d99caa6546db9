"""Whether the source says otherwise than a question takes for granted: the premise as a claim (`premise.py`), held
against the windows of the source that are nearest to it, by the comparisons of `typed/` and by the reader's head.

A comparison names the word in which the two differ, and is right nearly always: it speaks for any question, and of
"Which of her sons became a keeper?" as well. The head is asked only where the source does not answer clearly, and of
premises that lack nothing.
But: where the source says nothing of the premise, nothing is said here; and a denied premise ("Why did X never ...?")
is not judged, because the head takes a "not" on both sides for a contradiction too often.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.check.asked.affirmed import is_affirmed
from assistant.check.asked.premise import Premise, premise_of
from assistant.check.signals import signals
from assistant.check.typed.comparing import compare
from assistant.check.typed.hedges import MEANT, SUPPOSED
from assistant.check.typed.lexicon import follows
from assistant.check.typed.naming import names_in, vocabulary_of
from assistant.check.typed.words import words_of
from assistant.check.types import Finding
from assistant.check.windows import Window, windows_for
from assistant.check.wording.states import OVER
from assistant.check.wording.told import ToldPassages
from assistant.check.wording.words import ClaimWords, claim_words
from assistant.citation import cite
from assistant.reader.runtime import Reader
from assistant.types import Citation, Sentence, Source
from vectorstore.types import SentenceSpan, Span

COMPARED = 3
SUREST = 0.85
"""The confidence from which on the head is not asked: a source that answers so clearly bears the premise out."""
CONTRADICTS, SUPPORTS, HELD = 0.2, 0.2, 0.7
"""A window contradicts from this margin on, in logits, where it holds this part of the premise's words and no window
supports it by more than that margin."""
HELD_BY_WORD = 0.6
"""The same part where a comparison names what differs, which is a part of what is not held."""
CERTAIN = float("inf")
TRUSTED = {
    **dict.fromkeys(("polarity", "roles", "hedge"), CERTAIN),
    "quantity": 1.0,
    **dict.fromkeys(("number", "date", "name"), -1.0),
}
"""Up to which margin of the head for a window a difference of this kind counts: the head knows numbers and names of
another thing from those of the same, and often does not see who did it or that it was not done."""
BORNE_OUT = {"polarity": 2.0, "roles": 2.0}
"""From which margin on another window bears the premise out all the same, where the source does not answer clearly, or
with what differs; SUPPORTS for other kinds: what was planned in one place may be done in another."""
TRUSTED_IN_PARTS = ("polarity",)
"""What counts where the premise lacks what is asked for."""
_DENIED = re.compile(r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without)\b|n't\b", re.I)
_UNTIL = re.compile(r"(?i)\b(?:no|not|never|nobody|none|nothing)\b[^.;:]{0,80}\b(?:until|till)\b")
"""What tells when it was first done, "owned no boat until 1977"."""
_NEAR = 40
"""Characters around a denial in which it says of whom it is."""
_NOT_HER = re.compile(r"\b(?:not|never) \w+ (?:him|her|them)\b")


@dataclass(frozen=True, slots=True)
class Held:
    """A window, what differs in it, and the head's margins."""

    window: Window
    differs: tuple[Finding, ...]
    supports: float
    contradicts: float
    part: float


def says_otherwise(
    question: str,
    index: Source,
    reader: Reader,
    *,
    sure: float = 0.0,
    answer: Sequence[Sentence] = (),
    document_ids: Collection[str] | None = None,
) -> tuple[Sentence, ...] | None:
    """The sentences of the source that contradict what the question takes for granted, in their order; None where
    nothing does with certainty, and an empty tuple where no sentence can be shown to say otherwise, though the
    question is not answered: the head alone speaks against a claim of one word, or the source tells of another event
    ("was built", to when it was demolished). `sure`: the confidence that `answer` answers it. Raises KeyError where a
    document that was found has been removed since."""
    premise = premise_of(question)
    if premise is None or _DENIED.search(premise.claim):
        return None
    words = claim_words(premise.claim, reader)
    found = windows_for(words, premise.claim, ToldPassages(index, reader), document_ids=document_ids)[:COMPARED]
    differing = [_differing(premise, window) for window in found]
    asks_the_head = premise.whole and sure < SUREST
    if not asks_the_head and not any(differing):
        return None
    read = [(window, differs, window.read) for window, differs in zip(found, differing, strict=True) if window.read]
    pairs = [(premise.claim, one.told, reader.encoder.part(one.told, one.states, one.spans)) for _, _, one in read]
    held = []
    for (window, differs, _), entailed in zip(read, reader.entailed(pairs), strict=True):
        known = signals(words, (window,), (), entailed)
        held.append(Held(window, differs, known["supports"], known["contradicts"], known["precision"]))
    against = differs_most(held, words, lambda window: sure < SUREST or _holds(window, answer))
    if against is not None and any(_says_it(premise.claim, window) for window in found):
        against = None
    by_word = against is not None
    if against is None and asks_the_head:
        against = _by_the_head(held)
        if against is not None and _tells_in_turn(premise.claim, against.window):
            against = None
    if against is None or only_until(against):
        return None
    if is_affirmed(premise.claim, question, against.window, _places(against.differs)):
        return None
    if not by_word and not _says_enough(premise.claim):
        return ()
    return () if any(_is_another_event(f, premise.claim) for f in against.differs) else _shown(against.window)


def _says_enough(claim: str) -> bool:
    """Whether a claim says more than one word of one name, as "Lund was born" does not."""
    tokens = [token for token in words_of(claim).tokens if token.content]
    names = sum(token.capital and not (n and tokens[n - 1].capital) for n, token in enumerate(tokens))
    return sum(not token.capital for token in tokens) + names > 2


def _differing(premise: Premise, window: Window) -> tuple[Finding, ...]:
    """What differs, of the kinds that count for the premise."""
    kinds = TRUSTED if premise.whole else TRUSTED_IN_PARTS
    found = [f for f in compare(premise.claim, window) if f.outcome == "differs"]
    supposed = [f.claim for f in found if f.kind == "hedge" and SUPPOSED in f.reason]  # "If a team fails to gain"
    if premise.asks_whom:
        found = [f for f in found if f.source is None or not _of_one(window, f.source)]
    found = [f for f in found if f.kind in kinds and OVER not in f.reason and f.claim not in supposed]
    return tuple(f for f in found if f.kind != "hedge" or MEANT in f.reason)


def only_until(against: Held) -> bool:
    """Whether the sentence that says otherwise tells when it was first done."""
    text, sentences = against.window.document.text, against.window.sentences
    places = _places(against.differs)
    said = [s for s in sentences if any(s.start < b and a < s.end for a, b in places)] or sentences
    return all(_UNTIL.search(text[s.start : s.end]) for s in said)


def _of_one(window: Window, place: Citation) -> bool:
    """Whether what is denied is denied of somebody alone, "did not make her captain": another may be asked for."""
    near = window.document.text[max(0, place.start - _NEAR) : place.end + _NEAR]
    return _NOT_HER.search(near) is not None


def _places(findings: Iterable[Finding]) -> list[Span]:
    """Where the source says what differs."""
    return [(f.source.start, f.source.end) for f in findings if f.source is not None]


def _is_another_event(finding: Finding, claim: str) -> bool:
    """Whether what differs is an event that may come before or after what is claimed, and so denies nothing."""
    if finding.kind != "polarity" or finding.claim is None or finding.source is None:
        return False
    ours, theirs = words_of(claim[slice(*finding.claim)]).keys, words_of(finding.source.quote).keys
    return any(follows(one, other) for one in ours for other in theirs)


def differs_most(held: Sequence[Held], words: ClaimWords, is_meant: Callable[[Window], bool]) -> Held | None:
    """The nearest window that differs in a word, where no other that has the word bears the premise out: from
    BORNE_OUT on where the window is meant, else from SUPPORTS on."""

    def borne_out(finding: Finding) -> float:
        others = (one for one in held if one.part >= HELD and not one.differs and _has(one.window, words, finding))
        return max((one.supports for one in others), default=-CERTAIN)

    for one in held:
        if one.part >= HELD_BY_WORD:
            found = [f for f in one.differs if one.supports <= TRUSTED[f.kind]]
            from_margin = BORNE_OUT if is_meant(one.window) else {}
            if any(borne_out(f) <= from_margin.get(f.kind, SUPPORTS) for f in found):
                return one
    return None


def _has(window: Window, words: ClaimWords, finding: Finding) -> bool:
    """Whether a window holds the words of the premise in which another differs, by their form or meaning."""
    place = finding.claim
    held = zip(words.spans, window.held or (1.0,) * len(words.spans), strict=True)
    return place is None or all(part >= HELD for (a, b), part in held if a < place[1] and place[0] < b)


def _holds(window: Window, answer: Sequence[Sentence]) -> bool:
    """Whether the whole answer stands in the window: "She was never made a professor", to when she was."""
    places = [(cited.document_id, cited.start) for sentence in answer for cited in sentence.citations]
    held = [(span.start, span.end) for span in window.sentences]
    return bool(places) and all(
        name == window.document.id and any(start <= at < end for start, end in held) for name, at in places
    )


def _says_it(claim: str, window: Window) -> bool:
    """Whether one sentence of the window, or two, say the premise in its own words, of each name at least one of them,
    and differ in nothing: "Mrs Orr resigned in 1920", where another says that Ada never did, and what is told of "the
    south kitchen", where another tells it of the north one."""
    words, vocabulary = words_of(claim), vocabulary_of(window.document.text, window.document.title)
    names = [{words.tokens[at].key for at in name.telling} for name in names_in(words, vocabulary)]
    rest = {token.key for token in words.tokens if token.content and not token.capital}
    if not rest:
        return False
    for some in _stretches(window):
        text = window.document.text[some[0].start : some[-1].end]
        held = words_of(text).keys
        if not _DENIED.search(text) and rest <= held and all(name & held for name in names if name):
            alone = replace(window, sentences=some, rows=(), read=None)
            if not any(finding.outcome == "differs" for finding in compare(claim, alone)):
                return True
    return False


def _tells_in_turn(claim: str, window: Window) -> bool:
    """Whether a sentence of the window tells of several in turn ("staged in Oslo in May; in Rome in June"), and the
    premise is of one of them: the head holds it against the others."""
    listed = [span for span in window.sentences if ";" in window.document.text[span.start : span.end]]
    return any(_says_it(claim, replace(window, sentences=(span,), rows=(), read=None)) for span in listed)


def _stretches(window: Window) -> Iterator[tuple[SentenceSpan, ...]]:
    """Each sentence of a window, and each with the next."""
    for at in range(len(window.sentences)):
        yield window.sentences[at : at + 1]
        if at + 1 < len(window.sentences):
            yield window.sentences[at : at + 2]


def _by_the_head(held: Sequence[Held]) -> Held | None:
    """The window that contradicts most."""
    if any(one.supports > SUPPORTS for one in held):
        return None
    against: Iterable[Held] = (one for one in held if one.part >= HELD and one.contradicts >= CONTRADICTS)
    return max(against, key=lambda one: one.contradicts, default=None)


def _shown(window: Window) -> tuple[Sentence, ...]:
    return tuple(cite(window.document, span, window.section) for span in window.sentences)
