"""Answers that a language model words, in a real browser: who speaks is seen, and nothing that it says comes alive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.lab.adversaries.server import ModelServer, Reply, Request
from tests.ui.conftest import Page as Window
from tests.ui.served import Server

SAID = (
    "Nobody has used the old mill ",
    "since 1931 [1]. ",
    "The mill burned in Paris in 1950 <img src=x onerror=\"document.title='taken'\"> ",
    "[7]. <script>document.title = 'taken'</script>",
)
QUESTION = "Since when has nobody used the mill?"
BREAKS = "Where does the old mill stand?"


def reply(request: Request) -> Reply:
    return Reply(["The old mill"], end="dies") if BREAKS in request.text else Reply(SAID)


@pytest.fixture(scope="module")
def page(start_browser: Callable[..., Any], small_index: Path) -> Iterator[Window]:
    with ModelServer(reply) as model:
        server = Server.start(small_index, "--llm", "Liar <b>7B", "--llm-url", model.url)
        assert server.url, "\n".join(server.output)
        yield Window(start_browser(), server.url)
        server.stop()


def test_the_welcome_says_whose_words_answers_are(page: Window) -> None:
    assert page.texts(".welcome p")[0].startswith("Liar <b>7B words the answers.")


def test_a_model_is_named_and_what_is_not_supported_is_struck_out(page: Window) -> None:
    turn = page.ask(QUESTION)
    assert page.texts(f"{turn} .speaks b") == ["Liar <b>7B"]
    assert "since 1931" in page.texts(f"{turn} .spoken .words .sentence")[0]
    struck = page.texts(f"{turn} .struck")
    assert struck and struck[0].startswith("Not supported: The mill burned in Paris")
    chip = page.all(f"{turn} .words .chip")[0]
    assert page.show(chip) == page.quote(chip)


def test_nothing_that_a_model_says_comes_alive(page: Window) -> None:
    assert not page.all("#conversation :is(img, script, a:not(.chip))")
    assert "taken" not in page.browser.title
    assert [line for line in page.console() if "Policy" in line] == []


def test_where_a_model_breaks_off_the_source_speaks_and_says_so(page: Window) -> None:
    turn = page.ask(BREAKS)
    assert page.texts(f"{turn} .notice")[0].startswith("Liar <b>7B")
    assert page.texts(f"{turn} blockquote .sentence")[0] == "The old mill stands by the river."
    assert not page.all(f"{turn} .spoken")
