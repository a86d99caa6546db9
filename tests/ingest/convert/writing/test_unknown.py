"""Elements that HTML does not know: what stands among words is a phrase, what holds paragraphs is none."""

from __future__ import annotations

import time

from ingest.convert.html import convert_html

STORY = "The keeper wrote a letter every week and posted none of them, because the boat came only once a month."


def test_an_element_that_nobody_knows_does_not_break_its_line() -> None:
    page = (
        "<article><h1>Day</h1><p><person><name>Ann Lee</name></person>, a maid, went to <x-link>Selma</x-link> in "
        f"<when><b>May</b></when>.</p><x-card><p>One.</p><p>Two.</p></x-card><x-p>Three.</x-p><x-p>Four.</x-p><p>{STORY}</p>"
        "</article>"
    )
    text = convert_html(page.encode(), "x.html").text
    assert "Ann Lee, a maid, went to Selma in May.\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n" in text


def test_elements_that_would_run_into_one_another_are_lines() -> None:
    page = (
        "<body><div>Prices: <x-row><x-cell>Bread</x-cell><x-cell>3</x-cell></x-row>"
        "<x-row><x-cell>Milk</x-cell><x-cell>2</x-cell></x-row></div><div>Head<x-par>One here.</x-par></div></body>"
    )
    words = convert_html(page.encode(), "x.html").text.split()
    assert words == ["Prices:", "Bread", "3", "Milk", "2", "Head", "One", "here."]


def test_very_many_unknown_elements_take_no_time() -> None:
    began = time.monotonic()
    convert_html(f"<p>x {'<zz>a</zz> b ' * 30_000}</p>".encode(), "x.html")
    assert time.monotonic() - began < 20
