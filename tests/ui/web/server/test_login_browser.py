"""Logging in and out in a real browser, which decides about cookies, origins and policies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.conftest import Page
from tests.ui.served import Server
from ui.web.server.passwords import auth_line

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@pytest.fixture(scope="module")
def served(small_index: Path) -> Server:
    users = small_index.parent / "users"
    users.write_text(auth_line("anna", "correct horse") + "\n")
    users.chmod(0o600)
    names = ("--allowed-host", "127.0.0.1")
    return Server.start(small_index, "--host", "0.0.0.0", "--auth", str(users), *names)


def fill_in(browser: Chrome, password: str) -> None:
    browser.find_element("name", "user").send_keys("anna")
    browser.find_element("name", "password").send_keys(password + "\n")


def test_a_reader_logs_in_asks_and_logs_out(served: Server, start_browser: Callable[..., Chrome]) -> None:
    try:
        from selenium.webdriver.support.wait import WebDriverWait

        assert served.url, "\n".join(served.output)
        browser = start_browser()
        browser.get(served.url)
        assert browser.current_url == served.url + "/login"
        assert browser.find_element("tag name", "button").value_of_css_property("background-color") in (
            "rgba(11, 90, 97, 1)",
            "rgb(11, 90, 97)",
        )
        fill_in(browser, "wrong horse")
        wait = WebDriverWait(browser, 60)
        wait.until(lambda _: browser.title and "do not go together" in browser.page_source)
        fill_in(browser, "correct horse")
        wait.until(lambda _: browser.current_url == served.url + "/")
        page = Page(browser, served.url)
        turn = page.ask("When was the mill last used?")
        assert page.texts(f"{turn} :is(.answer, .absent)")
        assert browser.execute_script("return document.cookie") == "", "scripts do not see the cookie"

        browser.get(served.url + "/logout")
        browser.find_element("tag name", "button").click()
        page.until(lambda: browser.current_url == served.url + "/login", "the login page")
        browser.get(served.url)
        assert browser.current_url == served.url + "/login"
        assert [line for line in page.console() if "Content Security Policy" in line or "Refused" in line] == []
    finally:
        served.stop()
    assert served.output[2:] == ["attest has stopped."]
