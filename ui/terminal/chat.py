"""`attest chat`: a conversation in the terminal, forgotten when it ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from assistant.types import Turn
from ui.opening import open_assistant
from ui.terminal.answer_view import print_answer
from ui.terminal.consoles import complain, results
from vectorstore.errors import InputError, UsageError
from vectorstore.printable import printable_line

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.engine import Assistant
    from assistant.settings import Settings
    from vectorstore.types import Document, Head

_WELCOME = "Ask about {titles}. /new starts again, /quit ends."
_LEAVING = frozenset(("quit", "exit", "bye", "goodbye"))


def chat(settings: Settings) -> int:
    """Asks for questions until `/quit`, `exit` or the end of input. Returns the exit code."""
    with open_assistant(settings, "attest chat") as (assistant, index):
        console = results()
        console.print(_WELCOME.format(titles=_titles(index.heads())), style="dim")
        converse(_typed(), assistant, console, index.document)
    return 0


def converse(typed: Iterator[str], assistant: Assistant, console: Console, document: Callable[[str], Document]) -> None:
    """Answers each line of `typed`, read after those before it; `/new` forgets them, `/quit`, `quit` and `exit`
    end."""
    history: list[Turn] = []
    for line in typed:
        question = line.strip()
        if question.lower().removeprefix("/") in _LEAVING:
            return
        if question == "/new":
            history.clear()
            console.print("A new conversation.", style="dim")
        elif question:
            try:
                answer = assistant.ask(question, history)
            except (UsageError, InputError) as error:
                complain(str(error))
                continue
            history.append(Turn(question, answer))
            print_answer(console, answer, document)
            console.print()


def _typed() -> Iterator[str]:
    if sys.stdin.isatty():
        import contextlib

        with contextlib.suppress(ImportError):
            import readline  # noqa: F401  (line editing and recall for input())
        prompt = "> "
    else:
        prompt = ""
    while True:
        try:
            yield input(prompt)
        except EOFError:
            if prompt:
                print()
            return
        except UnicodeDecodeError:
            complain("that line is not valid UTF-8; type it again")


def _titles(documents: list[Head]) -> str:
    if len(documents) > 3:
        return f"{len(documents)} documents"
    return ", ".join(f"“{printable_line(document.title)}”" for document in documents)
