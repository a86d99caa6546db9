"""A text is checked in a real browser, before a real server with the bundled article."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

Server = Page = Any  # of conftest.py, which tests cannot import
OpenPage = Callable[..., Page]

TRUE = "Lenin died on 21 January 1924."
FALSE = "Lenin died on 21 January 1931."
ELSEWHERE = "Barnaby Thistlewood 😀 repaired <b>bicycles</b> on Mondays."
WRITE = """
    const field = document.querySelector("#text textarea");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, arguments[0]);
    field.dispatchEvent(new Event("input", { bubbles: true }));"""


def write(page: Page, text: str) -> None:
    """As if it were pasted."""
    page.browser.execute_script(WRITE, text)


def check(page: Page, text: str) -> None:
    """Pastes a text and waits for its check."""
    write(page, text)
    page.browser.execute_script("document.querySelectorAll('.check').forEach((e) => e.classList.add('before'))")
    page.all("#check")[0].click()
    page.until(lambda: page.all("#checked .check.done:not(.before), #checked .failed"), "the check")


@pytest.fixture(scope="module")
def reader(open_page: OpenPage) -> Page:
    page = open_page()
    page.all("#mode-check")[0].click()
    page.until(lambda: page.all("#text textarea")[0].is_displayed(), "the field")
    return page


def test_each_sentence_has_its_verdict_and_the_summary_counts_them(reader: Page) -> None:
    check(reader, f"{TRUE} {FALSE}\n\n{ELSEWHERE} Is that so?")
    assert reader.texts(".summary") == ["3 sentences: 1 supported, 1 contradicted, 1 not found"]
    assert reader.texts(".claim .verdict") == ["Contradicted", "Not found"]
    assert [text.strip("✓✕?") for text in reader.texts(".claim.unchecked")] == ["Is that so"]
    assert reader.texts(".claim.missing .said") == [ELSEWHERE]
    assert not reader.all("#checked .claim b")


def test_a_chip_marks_exactly_the_words_that_it_cites(reader: Page) -> None:
    for chip in reader.all("#checked .chip"):
        assert reader.show(chip) == reader.quote(chip)
    assert reader.show(reader.all(".claim.supported .chip")[0]) == TRUE


def test_escape_brings_the_reader_back_to_the_chip(reader: Page) -> None:
    chip = reader.all("#checked .chip")[0]
    chip.send_keys(Keys.ENTER)
    reader.until(lambda: reader.active() == "mark", "the focus on the marked words")
    reader.browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert reader.browser.switch_to.active_element == chip


def test_the_summary_leads_to_what_a_reader_has_to_look_into(reader: Page) -> None:
    for kind in ("contradicted", "missing"):
        reader.all(f".jump[data-jump='{kind}']")[0].send_keys(Keys.ENTER)
        script = f"return document.activeElement.matches('.claim.{kind}')"
        reader.until(lambda script=script: reader.browser.execute_script(script), "the sentence")


def test_the_first_contradiction_is_opened_beside_the_text(reader: Page) -> None:
    check(reader, f"{ELSEWHERE} {FALSE}")
    reader.until(lambda: reader.texts("#source-text mark") == [TRUE], "the marked words", 20)
    assert reader.texts("#checked .chosen") == reader.texts(".claim.contradicted .chip")


def test_a_text_that_is_too_long_is_not_sent_and_a_line_says_so(reader: Page) -> None:
    before = reader.texts("#checked .summary")
    write(reader, "😀 why " * 4_001)
    assert reader.texts("#counted") == ["24,006 characters: up to 20,000 are checked at a time."]
    reader.requests()
    reader.all("#check")[0].click()
    assert not [url for url in reader.requests() if "join" in url]
    assert reader.texts("#checked .summary") == before
    write(reader, "x" * 20_000)
    assert reader.texts("#counted") == ["20,000 of 20,000 characters"]
    write(reader, "")
    assert reader.texts("#counted") == [""]


def test_an_empty_text_is_one_line_of_error(reader: Page) -> None:
    check(reader, "  ")
    assert reader.texts("#checked .failed") == ["There is no text to check: paste one"]


def test_asking_and_checking_do_not_disturb_each_other(reader: Page) -> None:
    check(reader, TRUE)
    reader.all("#mode-ask")[0].click()
    turn = reader.ask("When did Lenin die?")
    assert reader.all(f"{turn} .chip")
    assert not reader.all("#checked")[0].is_displayed()
    reader.all("#mode-check")[0].click()
    assert reader.all("#checked .summary")[0].is_displayed()
    assert not reader.all("#conversation")[0].is_displayed()
    assert [element.get_attribute("aria-pressed") for element in reader.all("#modes button")] == ["false", "true"]


def test_an_address_opens_the_page_for_checking_and_a_key_checks(reader: Page) -> None:
    assert reader.browser.current_url.endswith("#check")
    reader.browser.refresh()
    reader.until(lambda: reader.all("#source-text .para") and reader.all("#text textarea"), "the page")
    assert reader.all("#text textarea")[0].is_displayed()
    example = reader.all("#checked .example")[0]
    example.click()
    reader.until(lambda: reader.all("#checked .check.done"), "the check of the example")
    assert reader.all(".claim.supported") and reader.all(".claim.missing, .claim.contradicted")
    field = reader.all("#text textarea")[0]
    field.clear()
    field.send_keys(TRUE, Keys.CONTROL, Keys.ENTER)
    reader.until(lambda: reader.texts(".summary") == ["1 sentence: 1 supported"], "the check")


def test_only_the_chosen_document_is_looked_at(reader: Page, tmp_path: Any) -> None:
    file = tmp_path / "mill.txt"
    file.write_text("The mill of Ashby stands by the river. Nobody has used it since 1931.")
    reader.upload(str(file))
    check(reader, "The mill of Ashby stands by the river. " + TRUE)
    assert [claim.get_attribute("class") for claim in reader.all(".claim")] == ["claim supported", "claim missing"]


def test_on_a_narrow_screen_the_source_comes_and_goes(open_page: OpenPage) -> None:
    page = open_page(380, 760)
    page.all("#mode-check")[0].click()
    check(page, f"{TRUE} {FALSE} {ELSEWHERE}")
    overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.browser.execute_script(overflow) == 0
    chip = page.all(".claim.contradicted .chip")[0]
    assert page.show(chip) == page.quote(chip)
    close = page.all("#close-source")[0]
    page.until(close.is_displayed, "the sheet")
    page.browser.execute_script("arguments[0].click()", close)
    page.until(lambda: not page.all("#source-text")[0].is_displayed(), "the check")
    assert page.browser.switch_to.active_element == chip


def test_checking_breaks_no_policy_and_logs_nothing_unexpected(reader: Page, server: Server) -> None:
    assert [line for line in reader.console() if "Policy" in line] == []
    assert [line for line in server.output if "Traceback" in line or "Error" in line] == []
