"""Stretches of the source that a sentence is compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.citation import cite, cite_line
from assistant.types import Citation
from vectorstore.types import Document, SentenceSpan, shown_text


@dataclass(frozen=True, slots=True)
class Window:
    """Some sentences of a document that stand together, in order; their offsets are those of the document's text.
    `near`: how near the source's words are to those of the sentence in question, comparable within one search."""

    document: Document
    section: str
    sentences: tuple[SentenceSpan, ...]
    near: float = 0.0

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
