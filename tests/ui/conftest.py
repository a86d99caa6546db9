"""A real server in its own process and real browsers; skipped, with the reason, where there is no Chromium."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tests.ui.served import Server

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

    from vectorstore.embedding.embedder import Embedder

T = TypeVar("T")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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

    def until(self, condition: Callable[[], T], what: str, seconds: float = 120) -> T:
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
        self.all(".example[data-ask]")[number].click()
        return self._answered(0)

    def _answered(self, before: int) -> str:
        self.until(lambda: len(self.all(".turn.done")) == before + 1, "the answer")
        return f".turn[data-turn='{before + 1}']"

    def show(self, element: WebElement) -> str:
        """Clicks a chip or a passage; returns the marked text when it is in view."""
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.until(lambda: self.active() == "mark", "the focus on the marked words")
        self.until(self.mark_in_view, "the marked words in view", 20)
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
        text = ""
        for block in self.source(str(document))["blocks"]:
            text = text.ljust(block["start"]) + "".join(part for part, _ in block["parts"])
        return text[int(start or 0) : int(end or 0)]

    def source(self, document: str) -> dict[str, Any]:
        script = "const done = arguments[1]; fetch('/attest/source/' + arguments[0]).then((r) => r.json()).then(done)"
        return dict(self.browser.execute_async_script(script, document))

    def open_panel(self) -> None:
        """Opens "Add a document" where it is closed."""
        # A click goes to where the element was: not while the sheet still slides in.
        slides = "return document.querySelector('#right').getAnimations().length > 0"
        self.until(lambda: not self.browser.execute_script(slides), "the sheet at rest")
        if not (self.all("#address") and self.all("#address")[0].is_displayed()):
            self.all("#adding > .label-wrap")[0].click()
        self.until(lambda: self.all("#address") and self.all("#address")[0].is_displayed(), "the panel")

    def upload(self, path: str) -> str:
        """Adds a file; returns the line about it."""
        self.open_panel()
        field = self.until(lambda: self.all("#upload input[type=file]"), "the upload field")[0]
        before = self.texts("#report .report")
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


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """Starts a server over an index directory; the test, or what is left of it, ends it."""
    started: list[Server] = []

    def start(index: Path, *flags: str, environment: Mapping[str, str] | None = None) -> Server:
        started.append(Server.start(index, *flags, environment=environment))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="module")
def small_index(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that holds one short document; one server at a time may have it."""
    from ingest.passages import SPLITTER_VERSION
    from ingest.pipeline import ingest
    from vectorstore.index import Index

    folder = tmp_path_factory.mktemp("small")
    (folder / "mill.txt").write_text("The old mill stands by the river. Nobody has used it since 1931.")
    with Index.open(folder / "index", embedder, splitter=SPLITTER_VERSION) as index:
        assert [report.status for report in ingest([str(folder / "mill.txt")], index)] == ["added"]
    return folder / "index"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over an index of its own, which it gives the bundled article."""
    server = Server.start(tmp_path_factory.mktemp("served") / "index")
    assert server.url, "\n".join(server.output)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def start_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Chrome]]:
    """Starts browsers with profiles of their own, so that two of them are two people."""
    binary, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or chromedriver is None:
        pytest.skip("no chromium and chromedriver here: install Debian's packages chromium and chromium-driver")
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    opened: list[Chrome] = []

    def start(width: int = 1280, height: int = 800) -> Chrome:
        options = ChromeOptions()
        options.binary_location = binary
        for flag in (
            *FLAGS,
            f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
            f"--window-size={width},{height}",
        ):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        browser = Chrome(options=options, service=ChromeService(chromedriver))
        opened.append(browser)
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        return browser

    yield start
    for browser in opened:
        browser.quit()


@pytest.fixture(scope="module")
def open_page(start_browser: Callable[..., Chrome], server: Server) -> Callable[..., Page]:
    """Opens the page in a browser of its own."""
    return lambda width=1280, height=800: Page(start_browser(width, height), server.url)
