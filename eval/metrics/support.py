"""Whether a document supports what is said, where it is cited or anywhere in it.

Words that stand there, as the text has them or as attest shows them (a row of a table with the headers of its columns),
are supported: so are attest's own answers, in no time. What is said in other words is judged as `attest check` judges
it, sentence by sentence; the checker is loaded only then. The cited sentences are read in their context, as in
attribution to identified sources (Rashkin et al. 2023): under title and section, among the sentences around them.
But: what claims nothing that could be checked ("Here it is:") is not supported; of a sentence that a citation touches
all counts; and a name that stands before the cited sentence only is missed in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from eval.metrics.answer import normalised, stands_in
from vectorstore.embedded_text import sentence_text
from vectorstore.types import NOT_ANSWERS, Document, Passage, Span, shown_text

if TYPE_CHECKING:
    from assistant.check.texts import Texts
    from assistant.reader.runtime import Reader

READ = 16
"""Passages that are all read where they are cited; a citation of whole chapters would take minutes."""

_VOICE = re.compile(r"^[^:“\"]{1,80}, quoted: ")


def supports(said: str, document: Document, places: Sequence[Span] | None = None) -> bool:
    """Whether the document supports all that is said: the sentences of it that these places (offsets, in code points)
    touch, taken together; for None any of its sentences. Raises UsageError for what is not text."""
    bare = _VOICE.sub("", said)
    words = normalised(bare)
    at = None if places is None else tuple((a, b) for a, b in places if 0 <= a < b <= len(document.text))
    cited = _words(document, at)
    if not words or not cited:
        return False
    return stands_in(words, cited) or _is_checked(bare, document, at)


@lru_cache(maxsize=256)
def _words(document: Document, places: tuple[Span, ...] | None) -> str:
    text = document.text
    stretches = [text] if places is None else [text[start:end] for start, end in places]
    return " ".join(normalised(stretch) for stretch in stretches).strip()


@lru_cache(maxsize=1024)
def _is_checked(said: str, document: Document, places: tuple[Span, ...] | None) -> bool:
    """Whether it stands there as attest shows it, or the checker finds it supported, there and not only elsewhere."""
    from assistant.check.checker import MAX_CHARACTERS, Checker
    from assistant.check.texts import Cited
    from assistant.citation import cite_line

    whole = _read(document)
    source = whole if places is None else Cited(whole, document.id, places)
    if stands_in(normalised(said), normalised(_shown(document, source.passages(document.id)))):
        return True
    few = places if places and len(source.passages(document.id)) <= READ else ()  # of more, the search chooses
    cited = [c for start, end in few for c in cite_line(document, start, end).citations]
    checker = Checker(source, reader=_reader())
    parts = [said[at : at + MAX_CHARACTERS] for at in range(0, len(said), MAX_CHARACTERS)]
    checks = [checker.check(part, cited=cited) for part in parts]
    elsewhere = any(
        finding.kind == "citation" and finding.outcome == "differs"
        for check in checks
        for sentence in check.sentences
        for finding in sentence.findings
    )
    return not elsewhere and all(check.verdict == "supported" for check in checks)


def _shown(document: Document, passages: Sequence[Passage]) -> str:
    text = shown_text(document)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    return " ".join(sentence_text(text, sentence) for sentence in sentences if sentence.kind not in NOT_ANSWERS)


@lru_cache(maxsize=4)
def _read(document: Document) -> Texts:
    from assistant.check.texts import Texts

    return Texts.of([document])


@lru_cache(maxsize=1)
def _reader() -> Reader:
    from assistant.reader.runtime import load_reader

    return load_reader()
