"""`attest overview`: a document as a whole in its own words: key sentences, a timeline, people, all cited."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from ui.opening import open_assistant
from ui.terminal.answer_view import print_wrapped
from ui.terminal.consoles import results
from vectorstore.errors import UsageError
from vectorstore.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from assistant.about.overview import Named, Overview
    from assistant.settings import Settings
    from assistant.types import Sentence
    from vectorstore.types import Head

_MOST_PLACES = 8
"""Sections that are listed behind a person's name."""


def overview(settings: Settings, name: str | None, *, as_json: bool) -> int:
    """Prints the overview of the document that `name` names; of the only one, if None. Returns the exit code.

    Raises UsageError where it names none or several.
    """
    from assistant.about.overview import Outline

    with open_assistant(settings, "attest overview") as (_, index):
        found = Outline(index, chosen(name, index.heads()).id).overview()
        if as_json:
            from assistant.wire import dumps, overview_to_dict

            ascii_only = sys.stdout.encoding.lower() not in ("utf-8", "utf8")
            print(dumps(overview_to_dict(found), indent=2, ascii_only=ascii_only))
        else:
            print_overview(results(), found)
    return 0


def chosen(name: str | None, heads: Sequence[Head]) -> Head:
    """The document of this id, path, address or title, or whose title these words stand for. Raises UsageError where
    there is none, or several."""
    from assistant.about.which import named

    if name is None:
        found = list(heads)
    else:
        path = str(Path(name).absolute())
        found = (
            [head for head in heads if head.id == name]
            or [head for head in heads if head.origin in (name, path)]
            or [head for head in heads if head.title == name]
            or named(name, heads)
        )
    if len(found) == 1:
        return found[0]
    listed = "; ".join(f"{head.id} (“{head.title}”)" for head in (found or heads)[:20])
    if name is None:
        raise UsageError(f"there are {len(heads)} documents, name one by its id, path or title: {listed}")
    what = "names several documents, use one of the ids" if found else "names no document of the index; it holds"
    raise UsageError(f"{printable(name)!r} {what}: {listed}")


def print_overview(console: Console, found: Overview) -> None:
    """Prints an overview; every sentence with the characters where it stands."""
    print_wrapped(console, Text(printable_line(found.document.title), style="bold"))
    for name in ("author", "date"):
        values = [fact.value for fact in found.document.facts if fact.name == name]
        if values:
            print_wrapped(console, Text(printable_line(f"{name.capitalize()}: {', '.join(values)}")))
    parts = len(found.sections)
    print_wrapped(console, Text(f"{found.size}, {parts} section{'' if parts == 1 else 's'}", style="dim"))
    _print_heading(console, "In its own words")
    section = ""
    for sentence in found.key:
        if sentence.citations[0].section != section:
            section = sentence.citations[0].section
            print_wrapped(console, Text(printable_line(section), style="italic"), 2)
        print_wrapped(console, _placed(sentence), 4 if section else 2)
    if found.timeline:
        _print_heading(console, "Timeline")
    for sentence in found.timeline:
        dates = ", ".join(short.text for short in sentence.short_answers)
        print_wrapped(console, Text(printable_line(dates), style="bold"), 2)
        print_wrapped(console, _placed(sentence), 4)
    if found.people:
        _print_heading(console, "People")
    for person in found.people:
        print_wrapped(console, _person(person), 2)
        print_wrapped(console, _placed(person.sentence), 4)


def _print_heading(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, style="bold"))


def _placed(sentence: Sentence) -> Text:
    text = Text(printable_line(sentence.text))
    places = ", ".join(f"{citation.start} to {citation.end}" for citation in sentence.citations)
    return text.append(f" [characters {places}]", style="dim")


def _person(person: Named) -> Text:
    text = Text(printable_line(person.name), style="bold")
    number = len(person.mentions)
    where = list(dict.fromkeys(section for section, _ in person.mentions if section))
    more = ", ..." if len(where) > _MOST_PLACES else ""
    words = (
        f", named {number} time{'' if number == 1 else 's'}" + (": " if where else "") + ", ".join(where[:_MOST_PLACES])
    )
    return text.append(printable_line(words + more), style="not bold")
