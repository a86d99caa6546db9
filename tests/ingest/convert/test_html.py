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
        ("<table><tr><td>a|b</td><td>c</td></tr></table>", "|  |  |\n| --- | --- |\n| a\\|b | c |"),
        ("<div>a<p>b</p>c<!-- x -->d</div>", "a\n\nb\n\ncd"),
        ("<p>soft\u00adhyphen no\u00a0break zero\u200bwidth</p>", "softhyphen no break zerowidth"),
        ("<p>a<img alt='x'>b</p>", "ab"),
        ("<a href='x'><p>block in a link</p></a>", "block in a link"),
    ],
)
def test_markdown_of_elements(fragment: str, expected: str) -> None:
    assert markdown(fragment) == expected


def inside(fragment: str) -> tuple[str, tuple[str, ...]]:
    """What becomes of a fragment in the midst of an article, and the warnings."""
    page = f"<html><head><title>T</title></head><body><article><h1>H</h1><p>{STORY}</p>{fragment}<p>{STORY}</p>"
    converted = convert_html(page.encode("utf-8"), "page.html")
    start, end = f"# H\n\n{STORY}\n\n", f"\n\n{STORY}"
    assert converted.text.startswith(start) and converted.text.endswith(end)
    return converted.text[len(start) : -len(end)], converted.warnings


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        (
            "<p>10<sup>6</sup> m<sup>3</sup> of H<sub>2</sub>O in 1929.<sup>4</sup> Cold.</p>",
            "10⁶ m³ of H₂O in 1929.[4] Cold.",
        ),
        ('<p>people<sup><a href="#fn3">3</a></sup> and <a href="#x">10<sup>6</sup></a></p>', "people[3] and 10⁶"),
        ('<p>people<a class="footnote-ref" href="#fn3">3</a> moved</p>', "people[3] moved"),
        ('<ol><li>Brevik, p. 4. <a href="#r1" class="footnote-back">↩︎</a></li></ol>', "1. Brevik, p. 4."),
        ('<h2>Fares<a class="headerlink" href="#fares">¶</a></h2>', "## Fares"),
        ("<p>He said <q>come <q>back</q> home</q>, and <q>“so”</q>.</p>", "He said “come ‘back’ home”, and “so”."),
        ("<p><ruby>漢<rt>kan</rt></ruby> <ruby>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby></p>", "漢(kan) 字(ji)"),
        ("<p>E = <math><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math></p>", "E = mc²"),
        ('<p><math alttext="a_1"><mi>a</mi></math> <img class="tex" alt="{\\textstyle x^2}"></p>', "a_1 x^2"),
        ("<ol start=3 type=a><li>one<li value=7>two</ol>", "c. one\n\ng. two"),
        ("<ol reversed><li>x<li>y</ol>", "2. x\n1. y"),
        ("<ol type=I><li>A<ol type=i><li>b</ol><li>C</ol>", "I. A\n\ni. b\n\nII. C"),
        ('<ol style="list-style-type: upper-alpha" start="0"><li>A<li>B</ol>', "0. A\n\nA. B"),
        ("<ol start=-1><li>A<li>B</ol>", "-1. A\n\n0. B"),
        ("<ul><li>a<ol start=2><li>b<ul><li>c</ul></ol><li>d</ul>", "- a\n  2. b\n     - c\n- d"),
        (
            "<dl><dt>Lees<dd>sediment of yeast<dt>A<dt>B<dd>one<dd>two</dl>",
            "Lees: sediment of yeast\n\nA; B: one\n\ntwo",
        ),
        ("<dl><dt>Opens:<dd><ul><li>x<li>y</ul><dt>Alone</dl>", "Opens:\n\n- x\n- y\n\nAlone"),
        ("<details><summary>Why?</summary><p>It hashes.</p></details>", "Why?\n\nIt hashes."),
        ("<figure><img src=x><figcaption>Figure 1. The mill.</figcaption></figure>", "Figure 1. The mill."),
        ("<address>Kiln Street 4<br>Elmsby</address>", "Kiln Street 4\nElmsby"),
        ("<pre><code>a  b\n  <i>c</i></code></pre>", "```\na  b\n  c\n```"),
        ("<p>5&nbsp;km &amp; &frac12; &lt;b&gt;</p>", "5 km & ½ <b>"),
    ],
)
def test_words_and_figures_stay_what_they_are(fragment: str, expected: str) -> None:
    assert inside(fragment) == (expected, ())


def test_struck_out_and_hidden_words_are_left_out_and_said() -> None:
    struck = (
        "<style>.old { text-decoration: line-through } @media print { .new { color: red } }</style><p>It costs "
        "<del>35</del> <s>36</s><span class='note old'>37</span> <span style='text-decoration:line-through'>38</span> "
        "<ins>28</ins> <s style='text-decoration: none'>crowns</s>.</p><del><p>Gone</p></del>"
    )
    assert inside(struck) == ("It costs 28 crowns.", ("left out 5 struck-out or deleted texts",))
    hidden = "<p>Seen<span hidden> one</span><b style='display:none'> two</b><i aria-hidden='true'>★</i></p>"
    assert inside(hidden) == ("Seen", ("left out 2 hidden texts",))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (  # lists, paragraphs, line breaks and pipes in cells
            "<tr><th>Day<th>Last<br>boat<tr><td>Mon<td><ul><li>10 to 13<li>15 to 20</ul><tr><td>Tue<td><p>a|b.</p>"
            "<p>c</p><tr><td>Wed<td>x<br>y",
            [["Day", "Last boat"], ["Mon", "10 to 13; 15 to 20"], ["Tue", "a\\|b. c"], ["Wed", "x y"]],
        ),
        (  # spans, headers in several rows, a foot
            "<thead><tr><th rowspan=2>Field<th colspan=2>1921<tr><th>Rye<th>Oats<tfoot><tr><td>Sum<td>1<td>2<tbody>"
            "<tr><td rowspan=2>N<td>1<td>2<tr><td colspan=2>none<tr><th colspan=3>South<tr><td>S<td>3<td>4",
            [
                ["Field", "1921 – Rye", "1921 – Oats"],
                *(["N", "1", "2"], ["N", "none", "none"], ["South"], ["S", "3", "4"], ["Sum", "1", "2"]),
            ],
        ),
        (  # headers in the first column
            "<tr><th>Founded<td>1901<tr><th>Closed<td><tr><th>Keeper<td>Roe",
            [["", ""], ["Founded", "1901"], ["Closed", ""], ["Keeper", "Roe"]],
        ),
        (  # headers of several rows, in the first of them or in a row of their own, each body's own
            "<tr><th>Route<th>Class<th>Fare<tbody><tr><th rowspan=2>North<td>adult<td>9<tr><td>child<td>5<tbody><tr>"
            "<th rowspan=3 scope=rowgroup>South<tr><td>adult<td>4<tr><td>child<td>2",
            [
                ["Route", "Class", "Fare"],
                *(["North", "adult", "9"], ["North", "child", "5"], ["South", "adult", "4"], ["South", "child", "2"]),
            ],
        ),
        (
            "<tr><th>Route<th>Class<tr><th rowspan=2>North<th>adult<tr><th>child<tr><th>South<th>adult",
            [["Route", "Class"], ["North", "adult"], ["North", "child"], ["South", "adult"]],
        ),
        ("<tr><td><th>1921<th>1922<tr><th>Rye<td>5<td>6", [["", "1921", "1922"], ["Rye", "5", "6"]]),
        # headers that are only bold, or only read like labels
        ("<tr><td><b>Name</b><td><b>Shift</b><tr><td>Jonas<td>late", [["Name", "Shift"], ["Jonas", "late"]]),
        (
            "<tr><td>Ticket<td>Price<tr><td>Week<td>30 marks<tr><td>Month<td>80 marks",
            [["Ticket", "Price"], ["Week", "30 marks"], ["Month", "80 marks"]],
        ),
        ("<tr><td>Day<td>9 marks<tr><td>Week<td>30 marks", [["", ""], ["Day", "9 marks"], ["Week", "30 marks"]]),
        (
            "<tr><td>Name<td>Kestrel<tr><td>Weight<td>2 kg<tr><td>Eggs<td>4 or 5 brown ones",
            [["", ""], ["Name", "Kestrel"], ["Weight", "2 kg"], ["Eggs", "4 or 5 brown ones"]],
        ),
        # a cell that spans two columns in every row
        ("<tr><th>A<th colspan=2>B<tr><td>1<td colspan=2>2", [["A", "B"], ["1", "2"]]),
        # a table in a table
        (
            "<tr><th>A<th>B<tr><td>x<td><table><tr><th>p<th>q<tr><td>1<td>2</table>",
            [["A", "B"], ["x", "p: 1, q: 2"]],
        ),
    ],
)
def test_tables_keep_their_cells_under_their_headers(table: str, expected: list[list[str]]) -> None:
    lines = ["| " + " | ".join(row) + " |" for row in expected]
    lines.insert(1, "|" + " --- |" * len(expected[0]))
    assert inside(f"<table>{table}</table>") == ("\n".join(lines), ())


def test_captions_and_titles_stand_above_their_table_and_new_headers_begin_a_new_one() -> None:
    text, _ = inside(
        "<table><caption>Fares</caption><tr><td colspan=2>In winter<tr><th>A<th>B<tr><td>1<td>2"
        "<tr><th>C<th>D<tr><td>3<td>4</table>"
    )
    first, second = "| A | B |\n| --- | --- |\n| 1 | 2 |", "| C | D |\n| --- | --- |\n| 3 | 4 |"
    assert text == f"Fares\n\nIn winter\n\n{first}\n\n{second}"


def test_a_table_that_arranges_the_page_is_none() -> None:
    assert inside("<table><tr><td><table><tr><td>a</table><td><h2>T</h2>b</table>") == ("a\n\n## T\n\nb", ())
    assert inside("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>")[0] == "a\n\nb\n\nc\n\nd"
    assert inside("<table><tr><td>a<tr><td>b</table>")[0] == "a\n\nb"


def test_tags_with_impossible_names_are_no_trouble() -> None:
    assert inside("<p>One <m<div>two</m<div> three.</p>")[0].split() == ["One", "two", "three."]


def test_spans_without_end_are_bounded() -> None:
    wide = (
        f"<table><tr><th>A<th>B<tr><td rowspan=65000 colspan=1000>{'long words ' * 40}<td>b"
        + "<tr><td>c" * 500
        + "</table>"
    )
    text, _ = inside(wide)
    assert len(text) < 5_000_000 and text.count("long words") == 40


def test_content_without_long_paragraphs_is_kept_and_menus_are_not() -> None:
    page = (
        '<html><head><title>T</title></head><body><div class="site-menu"><a href=a>Home</a> <a href=b>News</a></div>'
        f"<div><h1>Head</h1></div><div id=x><p>{STORY}</p><h2>Fares</h2><table><tr><th>A<th>B<tr><td>1<td>2</table>"
        f"<ul><li>one<li>two</ul><dl><dt>a<dd>b</dl><p>{STORY}</p></div><div class=sidebar><p>Buy words</p></div>"
        "<div><ul><li><a href=1>Story one</a><li><a href=2>Story two</a><li><a href=3>Story three</a></ul></div>"
        "<footer>Copyright</footer>"
    )
    text = convert(page)
    assert text == (
        f"# Head\n\n{STORY}\n\n## Fares\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n\n- one\n- two\n\na: b\n\n{STORY}"
    )


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


def test_blocks_that_a_page_shows_inside_the_line_stay_in_it() -> None:
    page = (
        "<body><p>The tower was rented to a cook in the year 1911 and stands by the harbour of the island.</p>"
        '<table><tr><th>Seat</th><td>Tern Quay, Elm<div style="display:inline">, N.Y.</div></td></tr>'
        '<tr><th>Head</th><td><div style="color:red; display: inline-block">Una <b>Holt</b></div> (chair)</td></tr>'
        '</table><div style="display:inline">Registered: yes</div> <div style="display: inline;">no</div></body>'
    )
    text = convert_html(page.encode(), "x.html").text
    assert "| Seat | Tern Quay, Elm, N.Y. |" in text
    assert "| Head | Una Holt (chair) |" in text
    assert "Registered: yes no" in text


@pytest.mark.parametrize(
    "line",
    [
        "From: Ada Fell &lt;ada@x.org&gt;<br>To: Jon<br>Date: 3 May 2011<br>Subject: The boat",
        "By Saskia Trent",
        '<span>By <a href="/s">Saskia Trent</a></span> | <time>Oct 3, 2011</time>',
        "Tuesday, 3 October 2011",
        "Last updated: 4 May 2012",
    ],
)
def test_a_byline_or_the_head_of_a_letter_is_text_and_a_line_of_a_menu_is_none(line: str) -> None:
    page = f"<body><h1>Keeper</h1><div>{line}</div><p>{STORY}</p><p>{STORY}</p><div>Print this page</div></body>"
    first = lxml_html.fromstring(f"<p>{line}</p>").text_content()[:10]
    assert first in convert(page) and "Print" not in convert(page)
    assert "Home" not in convert(page.replace(line, "Home News"))


def test_whose_words_a_quotation_is_stands_in_its_footer() -> None:
    quoted = "<blockquote><p>We rang all night.</p><footer>— <cite>Pia Holt</cite></footer></blockquote>"
    text = convert(f"<body><p>{STORY}</p>{quoted}<p>{STORY}</p><footer>All rights reserved</footer></body>")
    assert "> We rang all night.\n>\n> — Pia Holt" in text and "rights" not in text


@pytest.mark.parametrize(
    "mark",
    [
        '<span epub:type="pagebreak" id="p12">12</span>',
        '<span class="pagenum">[Pg 12]</span>',
        '<span class="pageno"><a id="Page_12">12</a></span>',
        '<span role="doc-pagebreak">xii</span>',
    ],
)
def test_the_number_of_a_printed_page_is_no_word_of_its_sentence(mark: str) -> None:
    assert "three days. It left." in convert(f"<body><p>{STORY}</p><p>It hung three days.{mark} It left.</p></body>")
    kept = mark.replace("12", "of 12 men").replace("xii", "twelve")
    assert "men" in convert(f"<body><p>{STORY} {kept}</p></body>") or "twelve" in convert(f"<p>{STORY} {kept}</p>")


@pytest.mark.parametrize("level", ["h1", "h2", "h4"])
def test_a_heading_that_links_to_itself_is_no_menu(level: str) -> None:
    anchor = f"<{level} id=drawer><a class=header href='#drawer'>Drawer</a></{level}>"
    links = "<a href=/a>Keeper</a> <a href=/b>Drawers</a>"
    page = (
        f"<h1 class=menu-title>Manual</h1><div id=content><main>{anchor}<p>{STORY}</p>{{}}<p>{STORY}</p></main></div>"
    )
    assert f"# Drawer\n\n{STORY}" in convert(f"<body>{page.format('')}</body>")
    text = convert(f"<body>{page.format(f'{anchor}<p>{STORY}</p><h3>{links}</h3><ul><li>{links}</ul>')}</body>")
    assert text.count("# Drawer\n") == 2 and "Drawers" not in text


def test_a_heading_of_a_page_may_be_a_sentence() -> None:
    page = "<h1>Clocks</h1><h2>How to change the battery of the clock.</h2><p>Take the old one out.</p>"
    assert "## How to change the battery of the clock." in markdown(page)
