"""Web pages become Markdown: the words that a browser would show, structure kept, nothing hidden or executed."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from ingest.convert.html import convert_html
from ingest.convert.markup import to_markdown
from vectorstore.errors import InputError

STORY = (
    "The lighthouse keeper wrote a letter every week and posted none of them, because the boat came only once a month "
    "and by then the news was old. His sister found them all in a drawer."
)
PAGE = f"""<!DOCTYPE html><html><head><title>The Keeper | Coast News</title>
<script>var secret = "SCRIPT words";</script><style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Home page</a></li><li><a href="/about">About us</a></li></ul></nav>
<article><h1>The Keeper</h1><p>{STORY}</p><h2>The drawer</h2><p>{STORY} It had <b>three</b> locks &amp; no key.</p>
<ul><li>ninety letters</li><li>a map</li></ul><ol><li>first</li><li>second</li></ol>
<blockquote><p>Nobody asked me to stay, and nobody asked me to leave either, he wrote.</p></blockquote>
<table><tr><th>Year</th><th>Letters</th></tr><tr><td>1931</td><td>52</td></tr></table>
<p style="display: none">HIDDEN one</p><p hidden>HIDDEN two</p><div aria-hidden="true">HIDDEN three</div>
<noscript>HIDDEN four</noscript><template><p>HIDDEN five</p></template><!-- HIDDEN six -->
<p onclick="alert(1)">{STORY}</p></article><footer>Copyright notice</footer>
<script>document.write("SCRIPT")</script></body></html>"""


def convert(page: str) -> str:
    return convert_html(page.encode("utf-8"), "page.html").text


def markdown(fragment: str) -> str:
    return to_markdown(lxml_html.document_fromstring(fragment))


def test_the_main_text_keeps_its_structure_and_loses_the_rest() -> None:
    converted = convert_html(PAGE.encode("utf-8"), "page.html")
    assert converted.title == "The Keeper"
    assert f"# The Keeper\n\n{STORY}\n\n## The drawer\n\n{STORY} It had three locks & no key." in converted.text
    assert "- ninety letters\n- a map" in converted.text
    assert "1. first\n2. second" in converted.text
    assert "> Nobody asked me" in converted.text
    assert "| Year | Letters |\n| --- | --- |\n| 1931 | 52 |" in converted.text
    for gone in ("HIDDEN", "SCRIPT", "color", "alert", "Home page", "Copyright"):
        assert gone not in converted.text


def test_a_page_without_main_text_keeps_all_that_is_visible() -> None:
    text = convert(
        "<html><body><script>x()</script><div>Open <span>daily</span></div><h3>Prices</h3>Free.</body></html>"
    )
    assert text == "Open daily\n\n### Prices\n\nFree."


@pytest.mark.parametrize(
    "page", ["<script>a()</script>", "<!-- only -->", "<p>&nbsp;</p>", "<br>", "<svg><text>x</text></svg>"]
)
def test_a_page_without_visible_text_is_refused(page: str) -> None:
    with pytest.raises(InputError, match=r"^page\.html has no visible text"):
        convert(page)


def test_lone_surrogates_and_nuls_are_replaced_and_reported() -> None:
    converted = convert_html(b"<p>One \0 two &#xD800; three &#57343; four &#0; five &#x1F600;</p>", "page.html")
    assert converted.text == "One \ufffd two \ufffd three \ufffd four \ufffd five 😀"
    assert converted.warnings == (
        "replaced 2 lone surrogates by U+FFFD",
        "replaced 2 NUL characters by U+FFFD",
    )
    converted.text.encode("utf-8")


@pytest.mark.parametrize(
    "data",
    [
        '<meta charset="iso-8859-2"><p>Łódź</p>'.encode("iso8859-2"),
        '<?xml version="1.0" encoding="UTF-8"?><html><body><p>Łódź</p></body></html>'.encode(),
        "\ufeff<p>Łódź</p>".encode("utf-16-le"),
        "<p>Łódź</p>".encode(),
    ],
)
def test_encodings_of_pages(data: bytes) -> None:
    assert convert_html(data, "page.html").text == "Łódź"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p># 5 in the list</p>", "\\# 5 in the list"),
        ("<p>&gt; sign</p>", "\\> sign"),
        ("<p>```</p>", "\\```"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "\\<script>alert(1)</script>"),
        ("<p>one<br>---</p>", "one\n\\---"),
        ("<p>one<br/>====</p>", "one\n\\===="),
        ("<p>[1]: see below</p>", "\\[1]: see below"),
        ("<p>    four spaces</p>", "four spaces"),
        ("<p>*stars*, a_b_c and 2 * 3 * 4</p>", "*stars*, a_b_c and 2 * 3 * 4"),
        ("<p>1917. It began.</p>", "1917. It began."),
        ("<p>a &lt; b</p>", "a < b"),
    ],
)
def test_characters_of_prose_that_are_markdown_do_no_harm(fragment: str, expected: str) -> None:
    assert markdown(fragment) == expected


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<h2>A <i>b</i><br>c</h2>", "## A b c"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=3><li>a</li><li><p>b</p><p>c</p></li></ol>", "3. a\n4. b\n\n   c"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<pre>x = 1\n  y</pre>", "```\nx = 1\n  y\n```"),
        ("<pre>```</pre>", "````\n```\n````"),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", "a\n\nb\n\nc"),
        ("<table><tr><td>a|b</td><td>c</td></tr></table>", "| a\\|b | c |\n| --- | --- |"),
        ("<div>a<p>b</p>c<!-- x -->d</div>", "a\n\nb\n\ncd"),
        ("<p>soft\u00adhyphen no\u00a0break zero\u200bwidth</p>", "softhyphen no break zerowidth"),
        ("<p>a<img alt='x'>b</p>", "ab"),
        ("<a href='x'><p>block in a link</p></a>", "block in a link"),
    ],
)
def test_markdown_of_elements(fragment: str, expected: str) -> None:
    assert markdown(fragment) == expected


def test_deeply_nested_junk_is_refused_before_the_parser_drops_its_words() -> None:
    with pytest.raises(InputError, match="nested more than 200 levels deep"):
        convert("<div>" * 100_000 + "deep" + "</div>" * 100_000)


def test_the_title_is_the_one_the_page_states() -> None:
    page = PAGE.replace("<nav>", "<div class=modal><h1>Keyboard shortcuts</h1><p>Press x</p></div><nav>")
    assert convert_html(page.encode("utf-8"), "page.html").title == "The Keeper"


def test_a_page_of_many_thousand_elements_takes_seconds_not_minutes() -> None:
    paragraphs = "".join(f"<p>Day {day}: {STORY}</p>" for day in range(21_000))
    page = f"<html><body><nav>Menu words</nav><main><h1>Log</h1>{paragraphs}</main></body></html>"
    text = convert(page)
    assert text.startswith("# Log\n\nDay 0:") and text.count("\n\n") == 21_000 and "Menu words" not in text


PROSE = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["p", "h2", "li", "blockquote", "div", "td", "span", "b"]), PROSE), max_size=6)
)
def test_words_are_never_lost_or_invented(elements: list[tuple[str, str]]) -> None:
    """Whatever the elements, the letters and digits that come out are those that went in, in order."""
    fragment = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in elements)
    text = markdown(f"<html><body><div>{fragment}</div></body></html>")
    assert letters(text) == letters("".join(text for _, text in elements))
    assert all(line == line.rstrip(" ") for line in text.split("\n"))


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha())
