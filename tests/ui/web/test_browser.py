"""The page in a real browser, before a real server with the bundled article."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from selenium.webdriver.common.keys import Keys

Server = Page = Any  # of conftest.py, which tests cannot import
OpenPage = Callable[..., Page]

FACT = "When did Lenin die?"
FOLLOW_UP = "And where?"
UNANSWERABLE = "What is the boiling point of mercury?"

NOTES = (
    "A note on the mill 😀😀 e\u0301te\u0301\r\n\r\n"
    "<script>document.title = 'taken'</script> <img src=x onerror=\"document.title = 'taken'\"> "
    "is what the wall says 😀.\r\n\r\n"
    "The miller Barnaby Thistlewood 😀 lost his golden compass in the spring of 1877.\r\n"
)


@pytest.fixture(scope="module")
def reader(open_page: OpenPage) -> Page:
    return open_page()


def test_a_citation_marks_exactly_the_words_that_it_cites(reader: Page) -> None:
    turn = reader.ask(FACT)
    chips = reader.all(f"{turn} .chip")
    assert chips, reader.texts(turn)
    sentences = reader.texts(f"{turn} .sentence")
    for chip in chips:
        marked = reader.show(chip)
        assert marked == reader.quote(chip)
        assert " ".join(marked.split()) in sentences
    assert "1924" in " ".join(sentences)


def test_escape_brings_the_reader_back_to_the_chip(reader: Page) -> None:
    chip = reader.all(".chip")[0]
    reader.show(chip)
    reader.browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert reader.browser.switch_to.active_element == chip


def test_chips_work_from_the_keyboard_and_say_what_they_do(reader: Page) -> None:
    chip = reader.all(".chip")[0]
    assert str(chip.get_attribute("aria-label")).startswith("Citation 1")
    chip.send_keys(Keys.ENTER)
    reader.until(lambda: reader.active() == "mark", "the focus on the marked words")


def test_a_follow_up_shows_what_was_searched_for(reader: Page) -> None:
    turn = reader.ask(FOLLOW_UP)
    (searched,) = reader.texts(f"{turn} .searched")
    assert searched.startswith(f'Searched for: "{FOLLOW_UP}" after "') and "Lenin" in searched


def test_an_abstention_offers_passages_that_are_not_an_answer(reader: Page) -> None:
    turn = reader.ask(UNANSWERABLE)
    assert reader.texts(f"{turn} .absent-title") == ["Not in the source"]
    assert not reader.all(f"{turn} .chip")
    assert "not an answer" in reader.texts(f"{turn} .closest-title")[0]
    passage = reader.all(f"{turn} .passage")[0]
    assert reader.show(passage) == reader.quote(passage)


def test_a_question_that_is_too_long_is_one_line_of_error(reader: Page) -> None:
    field = reader.all("#question textarea")[0]
    reader.browser.execute_script("arguments[0].value = 'why '.repeat(600)", field)
    turn = reader.ask("?")
    assert "2,000" in reader.texts(f"{turn} .failed")[0]
    reader.until(lambda: str(field.get_attribute("value")).startswith("why why"), "the question, to be shortened")


def test_a_new_conversation_is_empty_and_offers_examples(reader: Page) -> None:
    reader.all("button#fresh")[0].click()
    reader.until(lambda: reader.all(".example[data-ask]"), "the examples")
    assert not reader.all(".turn")
    turn = reader.click_example(0)
    assert reader.all(f"{turn} .chip"), reader.texts(turn)


def test_the_source_offers_an_overview_of_itself(reader: Page) -> None:
    title = reader.texts("#source-title")[0]
    before = len(reader.all(".turn.done"))
    reader.all("#overview")[0].click()
    reader.until(lambda: len(reader.all(".turn.done")) == before + 1, "the overview")
    turn = f".turn[data-turn='{before + 1}']"
    assert reader.texts(f"{turn} .question") == [f"Overview of “{title}”"]
    chips = reader.all(f"{turn} .answer .chip")
    assert len(chips) >= 2 and reader.show(chips[1]) == reader.quote(chips[1])


def test_an_uploaded_document_can_be_asked_and_stays_text(reader: Page, tmp_path: Path) -> None:
    file = tmp_path / "the <b>mill.txt"
    file.write_bytes(NOTES.encode())
    report = reader.upload(str(file))
    assert "100 % covered" in report
    turn = reader.ask("Who lost his golden compass?")
    chip = reader.all(f"{turn} .chip")[0]
    assert reader.show(chip) == "The miller Barnaby Thistlewood 😀 lost his golden compass in the spring of 1877."
    assert "<script>document.title = 'taken'</script> <img src=x" in "".join(reader.texts("#source-text"))
    assert not reader.all("#source-text :is(script, img)")
    assert "taken" not in reader.browser.title


def test_a_bad_file_is_one_line_of_error(reader: Page, tmp_path: Path) -> None:
    file = tmp_path / "junk.bin"
    file.write_bytes(bytes(range(256)) * 100)
    assert "not supported" in reader.upload(str(file))


def test_an_address_that_may_not_be_fetched_is_one_line_of_error(reader: Page) -> None:
    reader.open_panel()
    reader.all("#address :is(input, textarea)")[0].send_keys("http://192.168.1.1/\n")
    reader.until(lambda: "private" in "".join(reader.texts("#report .report.bad")), "the error")


def test_a_citation_of_a_text_that_was_replaced_marks_nothing(reader: Page, tmp_path: Path) -> None:
    reader.all("button#fresh")[0].click()
    file = tmp_path / "ferry.txt"
    file.write_text("The ferry of Olga Winterbourne crossed the bay in 1902.")
    reader.upload(str(file))
    turn = reader.ask("When did the ferry cross the bay?")
    chip = reader.all(f"{turn} .chip")[0]
    file.write_text("Here stands another text now. " + file.read_text())
    reader.upload(str(file))
    reader.browser.execute_script("arguments[0].click()", chip)
    reader.until(lambda: "has changed" in reader.texts("#source-about")[0], "the warning")
    assert not reader.all("#source-text mark")


def test_two_people_do_not_see_each_others_conversation(reader: Page, open_page: OpenPage) -> None:
    other = open_page()
    reader.ask(FACT)
    other.ask(UNANSWERABLE)
    assert UNANSWERABLE not in reader.texts(".question")
    assert other.texts(".question") == [UNANSWERABLE]


def test_on_a_narrow_screen_the_source_comes_and_goes(open_page: OpenPage) -> None:
    page = open_page(420, 860)
    overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.browser.execute_script(overflow) == 0
    turn = page.ask(FACT)
    chip = page.all(f"{turn} .chip")[0]
    assert page.show(chip) == page.quote(chip)
    close = page.all("#close-source")[0]
    page.until(close.is_displayed, "the sheet")
    page.browser.execute_script("arguments[0].click()", close)
    page.until(lambda: not page.all("#source-text")[0].is_displayed(), "the conversation")
    assert page.browser.switch_to.active_element == chip


def test_a_phone_shows_the_whole_masthead_and_no_word_is_too_long(open_page: OpenPage) -> None:
    page = open_page(360, 800)
    page.ask(FACT)
    page.ask("n" * 300)
    for width in (360, 375, 390, 412):
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        title, fresh, source = (page.all(selector)[0].rect for selector in ("h1", "button#fresh", "#open-source"))
        assert title["y"] >= 0 and source["x"] + source["width"] <= width, width
        assert abs(fresh["y"] - source["y"]) < 4, f"two rows of buttons at {width}"
        scrolls = "const c = document.querySelector('.conversation'); return c.scrollWidth - c.clientWidth"
        assert page.browser.execute_script(scrolls) == 0, width


def test_the_page_talks_to_its_own_server_only_and_breaks_no_policy(reader: Page, server: Server) -> None:
    reader.open()
    reader.ask(FACT)
    own = urlsplit(server.url).netloc
    requests = reader.requests()
    assert any("/attest/source/" in url for url in requests)
    assert [url for url in requests if urlsplit(url).netloc != own] == []
    assert [line for line in reader.console() if "Policy" in line] == []


@pytest.mark.skipif("ATTEST_SCREENSHOT" not in os.environ, reason="ATTEST_SCREENSHOT names no file to write")
def test_the_picture_for_the_readme(open_page: OpenPage) -> None:
    page = open_page()
    page.ask("What was Lenin’s “bombshell”?")
    turn = page.ask("Did it go off?")
    page.show(page.all(f"{turn} .chip")[-1])
    page.browser.execute_script("document.querySelector('.conversation').scrollTop = 0")
    page.browser.save_screenshot(os.environ["ATTEST_SCREENSHOT"])


def test_gradios_own_doors_are_closed(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        assert client.get("/gradio_api/info").status_code == 404
        assert client.get("/gradio_api/file=/etc/hosts").status_code == 404
        assert client.post("/gradio_api/call/_ask", json={"data": []}).status_code == 404
        foreign = {"Origin": "https://evil.example"}
        assert client.post("/gradio_api/upload", files={"files": b"x"}).status_code == 404
        assert client.post("/attest/upload", content=b"x", headers=foreign).status_code == 403
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
        assert client.get("/attest/source/nothing").status_code == 404


def test_nothing_unexpected_was_logged(server: Server) -> None:
    with contextlib.suppress(ValueError):
        server.output.remove("")
    assert [line for line in server.output if "Traceback" in line or "Error" in line] == []
