"""The pages of a PDF in a real browser: the rectangles stand on the very words that are cited."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image

Server = Page = Any  # of conftest.py, which tests cannot import
OpenPage = Callable[..., Page]

LINES = [
    "The windmill at Oskar's Dyke was built in 1803.",
    "Wilhelmina Brandt, a carpenter from Hull, made the sails in 1811.",
    "The granary behind it burned down in a storm in 1877.",
    "Its last miller, Tobias Quill, sold the building to the parish.",
]
QUESTION = "Who made the sails?"


def sample() -> bytes:
    """Four pages with a line of their own and much empty paper; the second is turned on its side."""
    pdf = FPDF(unit="pt", format=(400, 600))
    pdf.set_title("The windmill")
    pdf.set_font("Helvetica", size=11)
    for number, line in enumerate(LINES):
        pdf.add_page(orientation="landscape" if number == 1 else "portrait")
        pdf.text(40, 380 if number == 1 else 500, line)
    return bytes(pdf.output())


@pytest.fixture(scope="module")
def reader(open_page: OpenPage, tmp_path_factory: pytest.TempPathFactory) -> Page:
    file = tmp_path_factory.mktemp("pdf") / "windmill.pdf"
    file.write_bytes(sample())
    page = open_page()
    assert "100 % covered" in page.upload(str(file))
    page.until(lambda: page.texts("#source-title") == ["The windmill"], "the document")
    return page


def displayed(page: Page, selector: str) -> bool:
    return any(element.is_displayed() for element in page.all(selector))


def as_page(page: Page) -> None:
    page.browser.execute_script("document.querySelector('#as-page').click()")  # a sheet may still be sliding in
    page.until(lambda: displayed(page, "#page-picture"), "the page")


def pixels(page: Page, selector: str) -> np.ndarray:
    """The part of the picture, in its own pixels, that an element covers on the screen."""
    script = """
        const image = document.querySelector("#page-picture");
        const whole = image.getBoundingClientRect();
        const box = document.querySelector(arguments[0]).getBoundingClientRect();
        const canvas = document.createElement("canvas");
        const scale = image.naturalWidth / whole.width;
        canvas.width = Math.round(box.width * scale);
        canvas.height = Math.round(box.height * scale);
        const at = [(whole.left - box.left) * scale, (whole.top - box.top) * scale];
        canvas.getContext("2d").drawImage(image, ...at);
        return canvas.toDataURL("image/png").split(",")[1];"""
    import base64

    found = base64.b64decode(page.browser.execute_script(script, selector))
    return np.asarray(Image.open(io.BytesIO(found)).convert("L"))


def ink(found: np.ndarray) -> float:
    return float((255 - found.astype(float)).sum())


def test_a_text_file_has_no_page_view(open_page: OpenPage) -> None:
    page = open_page()
    page.until(lambda: page.texts("#source-title"), "the bundled article")
    assert not displayed(page, "#views") and not displayed(page, "#source-page")


def test_a_citation_is_marked_on_its_page_and_nowhere_else(reader: Page) -> None:
    turn = reader.ask(QUESTION)
    chip = reader.all(f"{turn} .chip")[0]
    assert reader.show(chip) == LINES[1]
    as_page(reader)
    assert reader.texts("#page-number") == ["Page 2 of 4"]
    reader.until(lambda: len(reader.all("#sheet mark")) == 1, "the mark")
    inside, everything = ink(pixels(reader, "#sheet mark")), ink(pixels(reader, "#page-picture"))
    assert everything > 0 and inside > 0.99 * everything
    assert ink(pixels(reader, "#sheet mark")) > 255 * 500, "there are dark letters in it"
    box = reader.all("#sheet mark")[0].rect
    assert box["height"] < 0.1 * reader.all("#page-picture")[0].rect["height"]


def test_the_picture_says_what_it_shows_and_the_mark_is_in_view(reader: Page) -> None:
    alt = reader.all("#page-picture")[0].get_attribute("alt")
    assert alt.startswith("Page 2 of 4 of “The windmill”") and alt.endswith(f"Marked on it: {LINES[1]}")
    script = """
        const mark = document.querySelector("#sheet mark").getBoundingClientRect();
        const frame = document.querySelector("#page-frame").getBoundingClientRect();
        return mark.top >= frame.top && mark.bottom <= frame.bottom && mark.left >= frame.left;"""
    assert reader.browser.execute_script(script)


def test_the_letters_can_be_read_through_the_mark(reader: Page) -> None:
    shot = Image.open(io.BytesIO(reader.all("#sheet mark")[0].screenshot_as_png)).convert("RGB")
    seen = np.asarray(shot).astype(int)
    yellow = (seen[..., 0] > 200) & (seen[..., 2] < 160)
    dark = seen.sum(axis=2) < 250
    assert yellow.mean() > 0.4 and dark.mean() > 0.02


def test_other_pages_are_turned_to_and_carry_no_mark(reader: Page) -> None:
    reader.all("#page-after")[0].click()
    reader.until(lambda: reader.texts("#page-number") == ["Page 3 of 4"], "the third page")
    assert not reader.all("#sheet mark")
    reader.all("#page-before")[0].click()
    reader.until(lambda: reader.texts("#page-number") == ["Page 2 of 4"], "the second page")
    reader.until(lambda: reader.all("#sheet mark"), "the mark")


def test_a_larger_page_keeps_its_mark_on_the_words(reader: Page) -> None:
    before = reader.all("#page-picture")[0].rect["width"]
    reader.all("#page-larger")[0].click()
    reader.until(lambda: reader.all("#page-picture")[0].rect["width"] > 1.5 * before, "the larger page")
    assert ink(pixels(reader, "#sheet mark")) > 0.99 * ink(pixels(reader, "#page-picture"))
    reader.all("#page-larger")[0].click()


def test_the_next_citation_is_shown_on_its_page_too(reader: Page) -> None:
    turn = reader.ask("When did the granary burn down?")
    chip = reader.all(f"{turn} .chip")[0]
    reader.browser.execute_script("arguments[0].click()", chip)
    reader.until(lambda: reader.texts("#page-number") == ["Page 3 of 4"], "the page of the citation")
    reader.until(lambda: reader.active() == "mark", "the focus on the mark")
    assert ink(pixels(reader, "#sheet mark")) > 0.99 * ink(pixels(reader, "#page-picture"))
    reader.all("#as-text")[0].click()
    reader.until(reader.mark_in_view, "the words in the text")
    assert "".join(reader.texts("#source-text mark")) == LINES[2] and not displayed(reader, "#source-page")


def test_a_document_without_pages_is_shown_as_text_though_pages_were_chosen(reader: Page, tmp_path: Path) -> None:
    as_page(reader)
    file = tmp_path / "barn.txt"
    file.write_text("The red barn belongs to Nora Tidewell.")
    reader.upload(str(file))
    reader.until(lambda: displayed(reader, "#source-text") and not displayed(reader, "#views"), "the text")
    assert not displayed(reader, "#source-page")


def test_on_a_narrow_screen_the_page_fits_and_its_mark_is_seen(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(390, 844)
    file = tmp_path / "windmill.pdf"
    file.write_bytes(sample())
    page.all("#open-source")[0].click()
    page.until(lambda: displayed(page, "#close-source"), "the sheet")
    page.upload(str(file))
    page.until(lambda: page.texts("#source-title") == ["The windmill"], "the document")
    page.browser.execute_script("document.querySelector('#close-source').click()")
    page.until(lambda: not displayed(page, "#source-text"), "the conversation")
    turn = page.ask(QUESTION)
    chip = page.all(f"{turn} .chip")[0]
    assert page.show(chip) == LINES[1]
    as_page(page)
    page.until(lambda: page.all("#sheet mark"), "the mark")
    assert ink(pixels(page, "#sheet mark")) > 0.99 * ink(pixels(page, "#page-picture"))
    overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.browser.execute_script(overflow) == 0
    for button in ("#as-text", "#page-before", "#page-after", "#page-larger", "#close-source"):
        rect = page.all(button)[0].rect
        assert rect["x"] >= 0 and rect["x"] + rect["width"] <= 390 and rect["height"] >= 30, button


def test_pages_break_no_policy_and_nothing_is_logged(reader: Page, server: Server) -> None:
    assert [line for line in reader.console() if "Policy" in line] == []
    assert [line for line in server.output if "Traceback" in line or "Error" in line] == []
