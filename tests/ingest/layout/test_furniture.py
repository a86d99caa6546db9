"""What of a text is kept and not shown: page numbers, running heads, contents, banners, comments; and what is not."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from ingest.layout.furniture import find_hidden
from vectorstore.types import Document, Format, shown, text_sha256


def seen(text: str, format: Format = "plain") -> str:
    hidden = find_hidden(text, format)
    assert list(hidden) == sorted(hidden) and all(a < b for a, b in hidden)
    assert all(before[1] <= after[0] for before, after in pairwise(hidden))
    return shown(Document("d", "D", text, text_sha256(text), "test:d", format, hidden=hidden), 0, len(text))


def words(text: str, format: Format = "plain") -> str:
    return " ".join(seen(text, format).split())


PAGED = """\
{first}

The keeper of the lamp walks up the tower at dusk and trims the wick before he
lights it, because a long wick smokes and blackens the glass of the whole
lantern, which is then to be cleaned by

{foot}

{head}

the keeper who comes in the morning.

{foot2}

{head}

Nothing else is said of it.
"""


@pytest.mark.parametrize(
    ("foot", "foot2", "head"),
    [
        ("Moller                    [Page 3]", "Moller                    [Page 4]", "RFC 77     Lamps     May 1990"),
        ("Page 3 of 9", "Page 4 of 9", "The Lamp Book"),
        ("- 3 -", "- 4 -", "THE LAMP BOOK"),
        ("[Pg 3]", "[Pg 4]", "Lamps and Towers, 3rd edition"),
        ("3 / 9", "4 / 9", "Lamps"),
        ("Lamp Office | Page 3", "Lamp Office | Page 4", "Report of the Lamp Office"),
    ],
)
def test_a_sentence_goes_on_across_the_foot_and_the_head_of_a_page(foot: str, foot2: str, head: str) -> None:
    text = PAGED.format(first="On Lamps", foot=foot, foot2=foot2, head=head)
    assert "to be cleaned by the keeper who comes in the morning. Nothing else" in words(text)
    assert seen(text).count("\n\n") >= 3  # the paragraph that ended stays one of its own


def test_bare_numbers_that_count_are_pages_and_others_are_not() -> None:
    counted = "One line of prose that is long.\n\n11\n\nAnother line of prose.\n\n12\n\nA third.\n\n13\n\nThe last."
    assert not any(character.isdigit() for character in seen(counted))
    assert "1812" in seen("The year was this:\n\n1812\n\nNobody knew why.\n\n40\n\nSo it was.")


def test_a_table_of_contents_is_not_shown_and_the_headings_are() -> None:
    dotted = "Handbook\n\nContents\n\n1. Casks .......... 4\n2. Lees . . . . . . . 9\n\n1. Casks\n\nA cask holds it."
    assert words(dotted) == "Handbook 1. Casks A cask holds it."
    plain = "Handbook\n\nTable of Contents\n\nCasks\nLees\n\nCasks\n\nA cask holds it.\n\nLees\n\nLees are sold."
    assert words(plain) == "Handbook Casks A cask holds it. Lees Lees are sold."


def test_what_only_looks_like_contents_is_shown() -> None:
    for text in (
        "The box\n\nContents\n\nTwo pans\nOne spoon\n\nThe box was sent by post.",
        "Yes ... 4\n\nHe said: wait.... 1812 was long ago.",
        "The baker's prices\n\nBread ........ 4\nMilk ........ 12\nEggs ........ 30\n\nAll in crowns.",
    ):
        assert words(text) == " ".join(text.split())


def test_banners_are_not_shown_and_underlined_titles_are() -> None:
    box = "*******************\n*  from the vault *\n*******************\n\nThe Market\n\nIt was cold."
    assert words(box) == "The Market It was cold."
    stars = "*** START OF THE BOOK OF HENS ***\n\nThe Hens\n\nThey lay.\n\n*** END OF THE BOOK OF HENS ***"
    assert words(stars) == "The Hens They lay."
    titled = "==========\nThe Market\n==========\n\nIt was cold."
    assert words(titled) == " ".join(titled.split())


def test_a_heading_that_comes_again_is_no_running_head() -> None:
    text = "\n\n".join(f"Ada {n}\n\nSummary\n\nShe went home on day {n}." for n in range(5))
    assert words(text) == " ".join(text.split())


def test_markdown_keeps_its_code_and_loses_its_comments_and_bare_tags() -> None:
    text = "# A\n\n<!-- draft -->\n\n<details>\n<summary>Why?</summary>\n\nSo.\n\n</details>\n\n"
    text += "```\n<!-- kept -->\n<br>\n```\n"
    assert words(text, "markdown") == "# A Why? So. ``` <!-- kept --> <br> ```"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("[//]: # (Say nothing of it.)", False),
        ("[1]: https://a.example/x 'A title'", False),
        ("[a b]: <other page>", False),
        ("[^1]: See page 3.", True),
        ("[note]: remember this", True),
        ("[1]: Smith, A history. 1904.", True),
        ("[1] https://a.example/x", True),
    ],
)
def test_markdown_loses_what_defines_where_links_lead(line: str, shown: bool) -> None:
    assert words(f"One.\n\n{line}\n\nTwo.", "markdown") == (f"One. {line} Two." if shown else "One. Two.")
    assert line in words(f"```\n{line}\n```", "markdown")


def test_front_matter_loses_its_fences_only() -> None:
    assert words("---\ntitle: A\n---\nText.", "markdown") == "title: A Text."
    assert words("---\n\nText.\n\n---\n\nMore.", "markdown") == "--- Text. --- More."


@pytest.mark.parametrize(
    "line", [". " * 300, "x\t" * 200, "a" * 400, "Page 1", "1", "* " * 100, "<!-- ", "_ " * 99, "[a]: " + "#" * 1900]
)
def test_long_texts_of_one_kind_take_no_time(line: str) -> None:
    begun = time.process_time()
    for format in ("plain", "markdown"):
        find_hidden(f"{line}\n" * 20_000, format)  # type: ignore[arg-type]
        find_hidden(f"{line}\n\n" * 20_000, format)  # type: ignore[arg-type]
    assert time.process_time() - begun < 15


def test_markdown_loses_what_is_struck_out() -> None:
    assert words("Entry is ~~6 crowns~~ 8 crowns. ~~It was free.~~ Come.", "markdown") == "Entry is 8 crowns. Come."
    assert words('Entry is <del class="x">6</del> <ins>8</ins> crowns.', "markdown") == "Entry is <ins>8</ins> crowns."
    for kept in ("From 3 ~~ 4 ~~ 5.", r"A \~~wave~~ here.", "Type `a ~~b~~ c` there.", "```\n~~so~~\n```"):
        assert words(f"One.\n\n{kept}", "markdown").endswith(kept.replace("\n", " "))


def test_a_bare_number_above_the_running_head_is_that_of_a_page_though_there_are_two_pages() -> None:
    head = "Harbour Weekly                 No. 114"
    text = f"{head}\n\nThe boat made the round in four\n\n             3\n{head}\n\ndays of wind.\n\n             4\n"
    assert words(text, "plain") == "Harbour Weekly No. 114 The boat made the round in four days of wind."
    assert "3" in words(text.replace(head, "Harbour Weekly", 1), "plain")


def test_the_times_of_a_log_are_its_text() -> None:
    log = "2021-05-12 18:03 - Pump started\n2021-05-12 19:10 - Pump stopped\n2021-05-13 07:00 - Gate: open\n"
    assert words(log) == " ".join(log.split())


@pytest.mark.parametrize(
    "entries",
    ["- [The lamp](#lamp)\n- [The stairs](#stairs)", "1. The lamp\n2. The stairs", "The lamp 2\n\nThe stairs 14"],
)
def test_the_contents_of_markdown_are_not_shown_where_its_headings_repeat_them(entries: str) -> None:
    body = "## The lamp\n\nIt burns oil.\n\n## The stairs\n\nThey are steep."
    assert words(f"# Tower\n\n## Contents\n\n{entries}\n\n{body}", "markdown") == " ".join(f"# Tower {body}".split())
    assert "lamp" in words(f"# Tower\n\n## Contents\n\n{entries}\n\nIt burns.", "markdown")
    fenced = f"```\nContents\n\n{entries}\n```\n\n{body}"
    assert words(fenced, "markdown") == " ".join(fenced.split())


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ('| Deep | <span style="display: none">no</span>copies |', "| Deep | copies |"),
        ("A rope<i hidden>, not seen,</i> and a lamp.", "A rope and a lamp."),
        ('A <span class="x">long</span> rope.', "A long rope."),
        ("<b style='VISIBILITY:hidden'>no</b><font color=red>Red</font> rope.", "Red rope."),
        ("A <!-- <span>so</span> --> rope ~~and a lamp~~.", "A rope ."),
        ('Type `<span style="display:none">x</span>` there.', 'Type `<span style="display:none">x</span>` there.'),
        ("10<sup>6</sup> <b>ropes</b>", "10<sup>6</sup> <b>ropes</b>"),
        (
            '<i style="color: red">seen</i> <i title="x">too</i>',
            '<i style="color: red">seen</i> <i title="x">too</i>',
        ),
    ],
)
def test_what_the_mark_up_of_a_line_hides_is_not_shown_nor_are_tags_that_say_nothing(line: str, seen: str) -> None:
    spans = find_hidden(f"Ropes\n\n{line}\n", "markdown")
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert words(f"Ropes\n\n{line}\n", "markdown") == f"Ropes {seen}"


@pytest.mark.parametrize("line", ["<a style='" * 400, "<a hidden" * 400, "<a " + "style=" * 900, "<i hidden>" * 400])
def test_mark_up_without_end_takes_no_time(line: str) -> None:
    begun = time.process_time()
    find_hidden(f"{line}\n" * 200, "markdown")
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("part", ["<span>`", "~~a~~ ", "<!-- a --><b hidden>a</b>", "`<font>` "])
def test_a_long_line_of_tags_takes_no_time(part: str) -> None:
    begun = time.process_time()
    find_hidden("Ropes\n\n" + part * 100_000, "markdown")
    assert time.process_time() - begun < 10
