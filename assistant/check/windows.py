"""Stretches of the source that a sentence is compared with: those cited, then the nearest that a search finds.

The hybrid search proposes passages; each word of the sentence is then held against each sentence of them, by its stem,
its spelling and its meaning (`wording/told.py`), and the sentences that hold the most of it, alone or with their
neighbours, are the windows.
But: what they say of the sentence is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

from assistant.check.wording.stems import told_stems
from assistant.check.wording.told import ToldPassage, ToldPassages
from assistant.check.wording.words import ClaimWords, carries
from assistant.citation import cite, cite_line
from assistant.types import Citation, Source
from vectorstore.embedded_text import Told
from vectorstore.embedding.states import States
from vectorstore.types import NOT_ANSWERS, Document, Passage, SentenceSpan, Span, shown_text

SEARCHED, WINDOWS = 8, 4
"""Passages that each search proposes, and windows that are kept."""
WANTING, HELD, LACKED = 3, 0.9, 0.5
"""How many more windows are kept for words that the best hold less than LACKED, and they at least HELD."""
PREFERRED = 0.3
"""What it counts that a window stands in the section that a claim names."""
MOST_SENTENCES = 3
WIDER = 0.04
"""What a further sentence of a window has to add to the part of the sentence in question that it holds."""


@dataclass(frozen=True, slots=True)
class WindowRead:
    """The passage of a window as the reader has read it, and where in its text the sentences of the window stand."""

    told: Told
    states: States
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The words of the window as they were read, a line each sentence: a row of a table with its headers."""
        return "\n".join(self.told.text[a:b] for a, b in self.spans)


@dataclass(frozen=True)
class Window:
    """Some sentences of a document that stand together, in order; their offsets are those of the document's text.
    `near`: how near the source's words are to those of the sentence in question, comparable within one search.
    `rows`: of each of its words how well each sentence of the window holds it, 0 to 1, a row each sentence; `read`: the
    window as the reader has read it, where it has."""

    document: Document
    section: str
    sentences: tuple[SentenceSpan, ...]
    near: float = 0.0
    rows: tuple[tuple[float, ...], ...] = ()
    read: WindowRead | None = field(default=None, compare=False, repr=False)
    cited: bool = False

    @cached_property
    def held(self) -> tuple[float, ...]:
        """Of each word how well the window holds it."""
        return tuple(map(max, zip(*self.rows, strict=True)))

    @property
    def start(self) -> int:
        return self.sentences[0].start

    @property
    def end(self) -> int:
        return self.sentences[-1].end

    @property
    def text(self) -> str:
        """The words as they are shown: as many characters as `document.text[start:end]`, hidden ones blank, so that
        `text[a:b]` stands at `start + a` to `start + b`."""
        return shown_text(self.document)[self.start : self.end]

    def citation(self, start: int, end: int) -> Citation:
        """The exact place `start..end` of the document, attributed to the speaker of the sentence it lies in."""
        held = next((s for s in self.sentences if s.start <= start and end <= s.end), None)
        if held is not None and (held.start, held.end) == (start, end):
            return cite(self.document, held, self.section).citations[0]
        (citation,) = cite_line(self.document, start, end).citations
        return replace(citation, section=self.section, speaker=held.speaker if held else None)

    def citations(self) -> tuple[Citation, ...]:
        """Its sentences, each as an answer would cite it."""
        return tuple(c for s in self.sentences for c in cite(self.document, s, self.section).citations)


def windows_for(
    words: ClaimWords,
    searched: str,
    told: ToldPassages,
    *,
    cited: Sequence[Citation] = (),
    document_ids: Collection[str] | None = None,
    section: str = "",
) -> list[Window]:
    """The windows for a sentence, the cited ones first, then the best: WINDOWS at most of either. `words`: what it says
    word by word; `searched`: the sentence as it is searched for; `told`: the passages of an index, made once for the
    sentences of a text; `section`: what the sentence says of the section, whose windows come before those that are a
    little nearer."""
    passages: dict[str, Passage] = {}
    for citation in cited:
        passages |= {p.id: p for p in _passages_at(told.index, citation)}
    pointed = set(passages)
    for candidate in told.index.candidates([searched], k=SEARCHED, document_ids=document_ids):
        passages.setdefault(candidate.passage.id, candidate.passage)
    windows = [window for one in told.read(passages) for window in _windows(one, words, cited)]
    first = [w for w in windows if w.cited]
    others = [w for w in windows if not (w.cited and pointed)]
    return _best(first, section) + _with_wanting(_best(others, section), others)


def stands_under(window: Window, section: str) -> bool:
    """Whether the heading of a window's section holds all words that say something in what a claim calls it."""
    wanted = {stem for stem in told_stems(section) if carries(stem)}
    return bool(wanted) and wanted <= told_stems(window.section)


def _passages_at(index: Source, citation: Citation) -> list[Passage]:
    """The passages that a citation lies in; none where its document is no longer what it was."""
    try:
        if index.document(citation.document_id).text[citation.start : citation.end] != citation.quote:
            return []
        passages = index.passages(citation.document_id)
    except KeyError:
        return []
    return [p for p in passages if p.start < citation.end and citation.start < p.end and p.kind not in NOT_ANSWERS]


def _windows(told: ToldPassage, words: ClaimWords, cited: Sequence[Citation]) -> list[Window]:
    """The windows of one passage: each sentence that can be shown, widened while a neighbour adds what is missing."""
    sentences, spans = told.passage.sentences, told.readable.read.spans
    shown = [s.kind not in NOT_ANSWERS for s in sentences]
    places = [(c.start, c.end) for c in cited if c.document_id == told.document.id]
    pointed = [any(s.start < b and a < s.end for a, b in places) for s in sentences]
    held = told.held(words)

    @cache
    def part(first: int, last: int) -> float:
        """How much of the words some sentences hold together."""
        return float(words.counts @ held[:, first : last + 1].max(axis=1))

    found: dict[Span, Window] = {}
    for n in range(len(sentences)):
        if not shown[n]:
            continue
        first, last = n, n
        while last - first + 1 < MOST_SENTENCES:
            wider = [(first - 1, last), (first, last + 1)]
            wider = [(a, b) for a, b in wider if a >= 0 and b < len(shown) and shown[a] and shown[b]]
            best = max(wider, default=(first, last), key=lambda one: part(*one))
            if best == (first, last) or part(*best) < part(first, last) + WIDER:
                break
            first, last = best
        if (first, last) not in found:
            found[first, last] = Window(
                told.document,
                told.passage.section,
                sentences[first : last + 1],
                round(part(first, last), 5),
                tuple(map(tuple, held[:, first : last + 1].T.round(4).tolist())),
                WindowRead(told.readable.told, told.states, tuple(spans[first : last + 1])),
                any(pointed[first : last + 1]),
            )
    return [*found.values()]


def _with_wanting(best: list[Window], windows: Sequence[Window]) -> list[Window]:
    """The best windows, and of the others, a few, those that hold what none of these does: a claim may bring together
    what stands in several places."""
    kept = list(best)
    holds = np.array([window.held for window in windows]) >= HELD
    for _ in range(WANTING):
        if not kept:
            break
        lacked = np.max(np.array([w.held for w in kept]), axis=0) < LACKED
        adds = (holds & lacked).sum(axis=1).tolist()
        n = max(range(len(windows)), key=lambda n: (adds[n], windows[n].near, -windows[n].start))
        if not adds[n]:
            break
        kept.append(windows[n])
    return kept


def _best(windows: Sequence[Window], section: str) -> list[Window]:
    """The best windows that do not overlap; those of the section that is named come first, if they are near."""
    kept: list[Window] = []

    def nearest(window: Window) -> float:
        return window.near + PREFERRED * stands_under(window, section)

    for window in sorted(windows, key=lambda w: (-nearest(w), len(w.sentences), w.document.id, w.start)):
        if len(kept) == WINDOWS:
            break
        if not any(w.document.id == window.document.id and w.start < window.end and window.start < w.end for w in kept):
            kept.append(window)
    return kept
