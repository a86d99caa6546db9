"""The page as a reader uses it, for the browser tests.

But: it asserts nothing; the tests do.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")


class Page:
    """One reader's browser window."""

    def __init__(self, browser: Chrome, url: str) -> None:
        self.browser = browser
        self.url = url
        self.open()

    def open(self) -> None:
        """Loads the page anew and waits until the source is shown."""
        self.browser.get(self.url)
        self.until(lambda: self.all("#source-text .para") and self.all("#question textarea"), "the page")

    def until(self, condition: Callable[[], T], what: str, seconds: float = 60) -> T:
        """The first true value of `condition`."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"{what} did not come within {seconds:.0f} s")

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements("css selector", selector)

    def texts(self, selector: str) -> list[str]:
        """The exact text of each element, hidden characters included."""
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"
        return list(self.browser.execute_script(script, selector))

    def ask(self, question: str) -> str:
        """Asks and waits; returns the selector of the new turn."""
        before = len(self.all(".turn.done"))
        self.all("#question textarea")[0].send_keys(question + "\n")
        return self._answered(before)

    def click_example(self, number: int) -> str:
        self.all(".example")[number].click()
        return self._answered(0)

    def _answered(self, before: int) -> str:
        self.until(lambda: len(self.all(".turn.done")) == before + 1, "the answer")
        return f".turn[data-turn='{before + 1}']"

    def show(self, element: WebElement) -> str:
        """Clicks a chip or a passage; returns the marked text when it is in view."""
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.until(lambda: self.active() == "mark", "the focus on the marked words")
        self.until(self.mark_in_view, "the marked words in view", 5)
        return "".join(self.texts("#source-text mark"))

    def active(self) -> str:
        return str(self.browser.execute_script("return document.activeElement.tagName.toLowerCase()"))

    def mark_in_view(self) -> bool:
        script = """
            const mark = document.querySelector("#source-text mark").getBoundingClientRect();
            const pane = document.querySelector("#source-text").getBoundingClientRect();
            return mark.top >= pane.top && mark.top < pane.bottom - 10 && mark.width > 0;"""
        return bool(self.browser.execute_script(script))

    def quote(self, element: WebElement) -> str:
        """The characters that a chip or a passage cites, from the text that the server has."""
        document, start, end = (element.get_attribute(f"data-{name}") for name in ("document", "start", "end"))
        text, first = "", 0
        for block in self.source(str(document))["blocks"]:
            text = text.ljust(block["start"]) + "".join(part for part, _ in block["parts"])
            first = first or block["start"]
        return text[int(start or 0) : int(end or 0)]

    def source(self, document: str) -> dict[str, Any]:
        script = "const done = arguments[1]; fetch('/attest/source/' + arguments[0]).then((r) => r.json()).then(done)"
        return dict(self.browser.execute_async_script(script, document))

    def upload(self, path: str) -> str:
        """Adds a file; returns the line about it."""
        panel = self.all("#adding > .label-wrap")[0]
        if not self.all("#upload input[type=file]"):
            panel.click()
        field = self.until(lambda: self.all("#upload input[type=file]"), "the upload field")[0]
        before = self.texts("#report .report")
        self.browser.execute_script("document.querySelector('#report .report')?.setAttribute('data-old', '')")
        field.send_keys(path)
        self.until(lambda: self.texts("#report .report") not in ([], before), "the report")
        return self.texts("#report .report")[0]

    def requests(self) -> list[str]:
        """The addresses of all requests to the network since this was last asked."""
        found = []
        for entry in self.browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return [url for url in found if not url.startswith(("chrome:", "data:", "blob:"))]

    def console(self) -> list[str]:
        """Errors and warnings that name the policy, since this was last asked."""
        return [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
