"""A check in a terminal: each sentence with its verdict, the reason, and the source's words.

No character of a text or document reaches the terminal as a command to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from ui.answer_parts import cut
from ui.terminal.answer_view import print_citations, print_wrapped
from vectorstore.printable import printable_line

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.check.answers.recheck import Rechecked
    from assistant.check.types import Check, CheckedSentence, Verdict
    from assistant.types import Citation

_STYLES: dict[Verdict, str] = {"supported": "bold green", "contradicted": "bold red", "not found": "bold yellow"}
_UNCHECKED = "claims nothing"
_QUOTED = 200
"""Characters of a quotation that are printed."""


def print_check(console: Console, check: Check) -> None:
    """Prints a check: first what it comes to, then sentence by sentence, then the places that are cited."""
    said = [sentence for sentence in check.sentences if sentence.checkable]
    print_wrapped(console, Text(_summary(check, said), style=_STYLES[check.verdict] if said else "dim"))
    numbers: dict[Citation, int] = {}
    for sentence in check.sentences:
        console.print()
        print_wrapped(console, _line(sentence, numbers))
        if sentence.reason and sentence.checkable:
            print_wrapped(console, Text(printable_line(sentence.reason)), 4)
    if numbers:
        console.print()
        print_citations(console, numbers)
    console.print()
    print_wrapped(console, Text(f"Checked by {printable_line(check.checker)}.", style="dim"))


def _summary(check: Check, said: list[CheckedSentence]) -> str:
    if not said:
        return "This text claims nothing that could be checked."
    if len(said) == 1:
        return check.verdict.capitalize()
    counted = Counter(sentence.verdict for sentence in said)
    parts = [f"{counted[verdict]} {verdict}" for verdict in _STYLES if counted[verdict]]
    return f"{check.verdict.capitalize()}: of {len(said)} sentences {', '.join(parts)}"


def _line(sentence: CheckedSentence, numbers: dict[Citation, int]) -> Text:
    label = sentence.verdict if sentence.checkable else _UNCHECKED
    text = Text(f"{label}: ", style=_STYLES[sentence.verdict] if sentence.checkable else "dim")
    text.append(printable_line(sentence.text), style="not bold default" if sentence.checkable else "dim")
    for citation in sentence.citations:
        text.append(f" [{numbers.setdefault(citation, len(numbers) + 1)}]", style="not bold cyan")
    return text


def print_rechecked(console: Console, found: Sequence[Rechecked]) -> None:
    """Prints what has become of saved quotations, one after the other, then how many of each."""
    for one in found:
        line = Text(f"{one.status}: ", style="green" if one.status in ("stands", "moved") else "bold red")
        title = one.saved.title or one.saved.document_id
        line.append(f"{printable_line(title)}, characters {one.saved.start} to {one.saved.end}", style="default")
        if one.reason:
            line.append(f": {printable_line(one.reason)}", style="default")
        print_wrapped(console, line)
        print_wrapped(console, Text(f"“{cut(printable_line(one.saved.quote), _QUOTED)}”", style="dim"), 4)
    console.print()
    counted = Counter(one.status for one in found)
    several = "quotation" if len(found) == 1 else "quotations"
    told = ", ".join(f"{number} {status}" for status, number in counted.most_common())
    print_wrapped(console, Text(f"{len(found)} {several}: {told}", style="bold"))
