"""Answers as they are saved, with their citations: JSON, JSON lines, or Markdown.

    The lamp burned rape oil until 1884.[^1]

    [^1]: “Its lamp burned rape oil until 1884” — Gull Rock, “The lamp”, `gull-rock@9f86…:120-156`

In Markdown the white space of quoted words is single blanks; a reader sees who is cited, and `recheck.py` finds the
exact place by what stands in the backquotes.
But: whether the citations still hold is not asked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.types import NOT_IN_THE_SOURCE, Answer, Citation
from vectorstore.errors import UsageError
from vectorstore.printable import printable_line

MOST_BYTES = 50_000_000
MOST_QUOTATIONS = 100_000
"""Of one file."""

_NUMBER = re.compile(r"[ \t>*-]{0,20}\[\^?[\w.-]{1,20}\]:?[ \t]{1,20}[“\"]")
_PLACE = re.compile(
    r"[ \t,]`?(?P<document>[^\s`@]{1,500})@(?P<sha256>[0-9a-f]{64})"
    r":(?P<start>\d{1,12})-(?P<end>\d{1,12})`?[ \t.]{0,20}$"
)
_NAMED = "” — "
_LONGEST_LINE = 1_000_000
_BUT = "save what attest writes: ask --json, ask --markdown, ask --batch, check --json or overview --json"


@dataclass(frozen=True, slots=True)
class Saved:
    """A citation as it was saved; `title` and `section` may be "" and `sha256` unknown ("")."""

    document_id: str
    start: int
    end: int
    quote: str
    title: str = ""
    section: str = ""
    sha256: str = ""


def read_saved(path: Path) -> list[Saved]:
    """The citations of a file, each once, in order. Raises UsageError, in one line, for a file that cannot be read, is
    too large, is damaged, or holds no citation of attest's."""
    name = printable_line(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{name} cannot be read ({error.strerror}): name a file of saved answers") from None
    if len(content) > MOST_BYTES:
        raise UsageError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB: divide it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8 text: {_BUT}") from None
    found = dict.fromkeys(_of_json(text, name) if _is_json(text) else _notes(text))
    if not found:
        raise UsageError(f"{name} holds no citations of attest's: {_BUT}")
    if len(found) > MOST_QUOTATIONS:
        raise UsageError(f"{name} holds more than {MOST_QUOTATIONS:,} quotations: divide it")
    return list(found)


def answer_to_markdown(answer: Answer) -> str:
    """The answer as Markdown with its citations as footnotes; ends with a line end."""
    lines = [f"**{_escaped(answer.question)}**", ""]
    numbers: dict[Citation, int] = {}
    if answer.abstained or not answer.sentences:
        return "\n".join([*lines, _escaped(answer.text or NOT_IN_THE_SOURCE), ""])
    parts = [_escaped(answer.said)] if answer.said else []
    for sentence in answer.sentences:
        marks = "".join(f"[^{numbers.setdefault(one, len(numbers) + 1)}]" for one in sentence.citations)
        quoted = sentence.support == "quoted" and bool(sentence.citations)
        speaker = sentence.citations[0].speaker if quoted else None
        text = _escaped(f"{speaker}, quoted: {sentence.text}" if speaker else sentence.text)
        parts.append(text + marks if sentence.support != "unsupported" else f"~~{text}~~")
    parts += [_escaped(f"Not in the source: {part}") for part in answer.unanswered]
    notes = [_note(number, citation) for citation, number in numbers.items()]
    return "\n".join([*lines, "\n".join(parts), "", *notes, ""])


def _note(number: int, citation: Citation) -> str:
    title, section = (_line(text).replace(_NAMED, "”, ") for text in (citation.title, citation.section))
    section = f", “{section}”" if citation.section and citation.section != citation.title else ""
    place = f"{citation.document_id}@{citation.sha256}:{citation.start}-{citation.end}"
    return f"[^{number}]: “{_line(citation.quote)}” — {title}{section}, `{place}`"


def _line(text: str) -> str:
    return " ".join(printable_line(text).split())


def _escaped(text: str) -> str:
    """On one line, with nothing in it that Markdown would take for markup or an address."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", _line(text))


def _is_json(text: str) -> bool:
    return bool(re.match(r"\s*(?:\{|\[\s*[\[{\]])", text))


def _notes(text: str) -> Iterator[Saved]:
    for line in text.splitlines():
        opening = _NUMBER.match(line) if len(line) <= _LONGEST_LINE else None
        place = _PLACE.search(line, max(0, len(line) - 700)) if opening else None
        if opening is None or place is None:
            continue
        quote, found, named = line[opening.end() : place.start()].rpartition(_NAMED)
        if found:
            title, _, section = named.rstrip(", ").partition(", “")
            start, end = int(place.group("start")), int(place.group("end"))
            yield Saved(place.group("document"), start, end, quote, title, section.rstrip("”"), place.group("sha256"))


def _of_json(text: str, name: str) -> Iterator[Saved]:
    """Of one JSON value, or of one on each line."""
    try:
        values = [(0, json.loads(text))]
    except (ValueError, RecursionError):
        values = []
        lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        for number, line in lines:
            try:
                values.append((number, json.loads(line)))
            except (ValueError, RecursionError):
                where = f"line {number} of {name}" if len(lines) > 1 and number > 1 else name
                raise UsageError(f"{where} is not JSON: {_BUT}") from None
    for number, value in values:
        yield from _in(value, f"line {number} of {name}" if number else name)


def _in(value: Any, name: str) -> Iterator[Saved]:
    """The citations within a JSON value, in order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if "quote" in one and "document" in one:
                yield _saved(one, name)
            waiting += reversed(list(one.values()))
        elif isinstance(one, list):
            waiting += reversed(one)


def _saved(row: dict[str, Any], name: str) -> Saved:
    document, quote, start, end = row["document"], row["quote"], row.get("start"), row.get("end")
    if not isinstance(document, str) or not isinstance(quote, str) or type(start) is not int or type(end) is not int:
        raise UsageError(f'{name}: a citation needs "document" and "quote" as text, "start" and "end" as whole numbers')
    texts = [row.get(key) for key in ("title", "section", "sha256")]
    title, section, sha256 = (text if isinstance(text, str) else "" for text in texts)
    return Saved(document, start, end, quote, title, section, sha256)
