"""What of a passage a question points at: the rows of tables and the key lines that may answer it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.understanding.lookup import Lookup, look_up, told_by_key, under_other_keys
from assistant.understanding.question import Question
from vectorstore.embedded_text import key_of
from vectorstore.types import Document, Passage, shown_text


@dataclass(frozen=True, slots=True)
class Part:
    """What is read of a passage, and where the sentences of it begin that may answer; `named`, those of
    them that are rows which the question names, each with its table; `told`, where the rows and key lines begin that
    hold just what it asks for."""

    read: Passage
    answering: frozenset[int]
    named: Mapping[int, int]
    told: frozenset[int]


def pointed_at(question: Question, wording: str, document: Document, passages: Sequence[Passage]) -> dict[str, Part]:
    """Of each passage, by its id, what is read of it. Of a table the rows answer that the question points at; where it
    names each, the others are not read either, since a reader takes one row for another."""
    has_rows = any(sentence.kind == "row" for passage in passages for sentence in passage.sentences)
    lookup = look_up(question, shown_text(document), wording, document.title) if has_rows else Lookup({}, ())
    prose = [s for passage in passages for s in passage.sentences if s.kind != "row" and not s.speaker]
    keys = {s.start: key for s in prose if (key := key_of(document.text, s.start, s.end))}
    others = under_other_keys(question, keys)
    lines = {s.start: (keys[s.start], _value(document.text[s.start : s.end])) for s in prose if s.start in keys}
    found = {}
    for passage in passages:
        some = tuple(s for s in passage.sentences if s.start not in others and lookup.allows(s.start))
        tables = ((s.start, lookup.named(s.start)) for s in some if s.kind == "row")
        named = {start: table for start, table in tables if table is not None}
        read = replace(passage, sentences=some) if named and len(some) < len(passage.sentences) else passage
        told = frozenset(s.start for s in some if s.kind == "row" and lookup.is_asked(s.start))
        by_key = told_by_key(question, lines, f"{document.title} {passage.section}")
        told |= frozenset(s.start for s in some if s.start == by_key)
        found[passage.id] = Part(read, frozenset(s.start for s in some), named, told)
    return found


def _value(line: str) -> str:
    """What stands behind the key of a line."""
    return re.split("[:：=]", line, maxsplit=1)[-1].strip(" *_")
