"""How much a document may hold, told in one line; and texts made to take long take time in proportion to their size."""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.convert import markup, properties, textfile
from ingest.convert.docx import convert_docx
from ingest.convert.html import convert_html
from ingest.convert.limits import check_text
from ingest.convert.pdf import convert_pdf
from ingest.convert.sheets import delimited
from ingest.convert.textfile import heading_of
from ingest.convert.writing import hiding, scripts
from ingest.deadline import Stopped
from ingest.loading import load_file, load_upload
from ingest.passages import split_document, split_passages
from tests.ingest.convert.test_docx import paragraph, word
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import InputError
from vectorstore.types import Document, Format


def refused(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    with pytest.raises(InputError) as caught:
        load_file(path)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{path} ")


def split(text: str, format: Format, embedder: Embedder) -> int:
    return len(split_passages(Document("x", "Title", text, "", "x", format), embedder))


# Limits.


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "The ferry left. " * 320_000, "holds 5,120,000 characters, the limit is 5,000,000. Split it"),
        ("a.txt", "a\n" * 300_000, "holds 300,000 lines, the limit is 250,000. Split it"),
        ("a.txt", "a\r\n" * 300_000, "holds 300,000 lines, the limit is 250,000. Split it"),
        ("a.txt", "It left. " * 250_000, "holds 250,000 sentences, the limit is 200,000. Split it"),
        ("a.md", "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 80_000, "cell borders (|), the limit is 200,000. Split it"),
        ("a.md", ">" * 20 + " a\n" + "b\n" * 40_000, "quoted lines, each once for each level of quotation, the limit"),
        ("a.html", "<p>a" * 500_000, "holds 500,000 elements, the limit is 400,000. Split it"),
        ("a.html", "<table>" + "<tr><td>a<td>b" * 60_000, "holds 120,000 table cells, the limit is 100,000. Split it"),
        ("a.html", "<div>" * 300 + "a", "is nested more than 200 levels deep. Export its text as .txt or .md"),
    ],
)
def test_what_is_too_much_is_told_in_one_line(name: str, text: str, message: str, tmp_path: Path) -> None:
    assert message in refused(tmp_path / name, text)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<w:p/>" * 900_000, "holds 900,000 paragraphs, the limit is 50,000. Split it into smaller files"),
        ("<w:tbl>" + "<w:tr><w:tc/><w:tc/></w:tr>" * 60_000 + "</w:tbl>", "holds 120,000 table cells, the limit is"),
        ("<w:ins>" * 300 + paragraph("x") + "</w:ins>" * 300, "is nested more than 200 levels deep"),
        ("<w:p>" + "<w:r/>" * 900_000 + "</w:p>", "pieces of mark-up, the limit is 800,000"),
        ("<w:p>" + "<!---->" * 900_000 + "</w:p>", "pieces of mark-up, the limit is 800,000"),
        (paragraph(random.Random(1).randbytes(5_500_000).hex()), "characters, the limit is 10,000,000"),
    ],
)
def test_what_is_too_much_in_a_word_document_is_told_in_one_line(body: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^x.docx .*{re.escape(message)}"):
        convert_docx(word(body), "x.docx")


def test_the_parts_of_a_word_document_are_counted_whatever_they_are_called() -> None:
    data = word(paragraph("x"), {"media/picture.png": "<x>" + "<p/>" * 60_000 + "</x>"})
    with pytest.raises(InputError, match="holds 60,001 paragraphs"):
        convert_docx(data, "x.docx")


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    kids = b"3 0 R " * 5_001
    page = b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>\nendobj\n"
    tree = b"2 0 obj\n<</Type/Pages/Count 5001/Kids[%s]>>\nendobj\n" % kids
    data = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n" + tree + page + b"trailer\n<</Root 1 0 R>>\n"
    with pytest.raises(InputError, match="holds 5,001 pages, the limit is 5,000"):
        convert_pdf(data, "x.pdf")


def test_paragraphs_are_counted_when_a_text_is_split(embedder: Embedder) -> None:
    with pytest.raises(InputError, match=r"^Title holds 60,000 paragraphs, the limit is 50,000"):
        split("- a\n" * 60_000, "plain", embedder)


def test_an_ordinary_long_book_is_within_the_limits() -> None:
    chapter = (
        "# A chapter\n\n" + "The ferry left twice a day, at seven and at four, and was often full. " * 500 + "\n\n"
    )
    check_text("book", f"{chapter}\n\n" * 130, markdown=True)


def test_a_very_long_text_in_a_page_is_kept() -> None:
    """The parser used to drop a run of text of more than 10 MB, and all that followed, in silence."""
    text = convert_html(f"<p>start</p><p>{'渡' * 4_000_000}</p><p>end</p>".encode(), "x.html").text
    assert len(text) > 4_000_000 and text.startswith("start") and text.endswith("end")


# Files that are not files.


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs Unix devices")
def test_pipes_and_devices_are_refused_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for load in (load_file, lambda path: load_upload("a.txt", path)):
        for path in (Path("/dev/zero"), Path("/dev/tty"), pipe):
            begun = time.monotonic()
            with pytest.raises(InputError):
                load(path)
            assert time.monotonic() - begun < 1


def test_an_upload_is_read_itself_and_not_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry left.")
    (tmp_path / "link").symlink_to("a.txt")
    assert load_upload("a.txt", tmp_path / "a.txt").document.text == "The ferry left."
    assert load_file(tmp_path / "link").document.text == "The ferry left."
    with pytest.raises(InputError, match="could not be read"):
        load_upload("a.txt", tmp_path / "link")


def test_a_file_is_opened_once(tmp_path: Path) -> None:
    """What is judged is what is read: a file swapped for a pipe in between is never met."""
    path = tmp_path / "a.txt"
    path.write_text("The ferry left.")
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            os.mkfifo(tmp_path / "pipe")
            os.replace(tmp_path / "pipe", path)
            (tmp_path / "file").write_text("The ferry left.")
            os.replace(tmp_path / "file", path)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        begun = time.monotonic()
        for _ in range(300):
            try:
                assert load_upload("a.txt", path).document.text == "The ferry left."
            except InputError as error:
                assert "not a regular file" in str(error)
        assert time.monotonic() - begun < 20
    finally:
        done.set()
        swapping.join()


# Time in proportion to the size.

HOSTILE: dict[str, tuple[Format, Callable[[int], str]]] = {
    "full stops inside a word": ("plain", lambda n: f"a{'.' * n}b"),
    "exclamation marks and words": ("plain", lambda n: "a!" * n),
    "closing marks": ("plain", lambda n: "a.”" + "”" * n),
    "quotation marks opened": ("plain", lambda n: "“a " * n),
    "apostrophes": ("plain", lambda n: f"a{chr(39) * n}b"),
    "speech in one sentence": ("plain", lambda n: "he said “the ferry left at seven or eight” and " * (n // 20)),
    "brackets": ("plain", lambda n: "(" * n + "a" + ")" * n),
    "no blanks": ("plain", lambda n: "x" * 5 * n),
    "no full stops": ("plain", lambda n: "the ferry left " * n),
    "captions": ("plain", lambda n: "a / Image: public domain " * n),
    "attributions": ("plain", lambda n: "“It left.”\n\n" * (n // 4) + "— Anna Hill\n\n" * (n // 4)),
    "short lines": ("plain", lambda n: "Peace!\n" * n),
    "capitals": ("plain", lambda n: "Anna " * n),
    "table rows": ("markdown", lambda n: "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * (n // 4)),
    "table columns": ("markdown", lambda n: "|" + "a|" * n + "\n|" + "-|" * n + "\n|" + "b|" * n),
    "quotations in quotations": ("markdown", lambda n: ">" * n + "a"),
    "list marks": ("markdown", lambda n: "- " * n + "a"),
    "open brackets in a heading": ("markdown", lambda n: "# " + "[" * n),
    "links": ("markdown", lambda n: "[a](b" * n),
    "fences": ("markdown", lambda n: "```\na\n" * (n // 2)),
    "definitions": ("markdown", lambda n: "[a]: /b\n" * (n // 2)),
    "emphasis": ("markdown", lambda n: "*a **b " * n),
}


def seconds(work: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    work(size)
    return time.process_time() - begun


def grows_with_the_square(work: Callable[[int], object], size: int, times: int) -> bool:
    """Whether so many `times` the size takes nearer to the square of `times` as long than to `times` as long. Both are
    the best of three: what else the machine does makes a measurement longer, never shorter."""
    once = min(seconds(work, size) for _ in range(3))
    return all(seconds(work, times * size) > times**1.5 * once for _ in range(3))


@pytest.mark.parametrize("shape", HOSTILE)
def test_the_time_of_a_text_does_not_grow_with_the_square_of_its_size(shape: str, embedder: Embedder) -> None:
    format, text = HOSTILE[shape]

    def work(size: int) -> None:
        hostile = text(size)
        heading_of(hostile)
        split(hostile, format, embedder)

    work(100)
    size = 2_500
    while seconds(work, size) < 0.02:  # too short to be measured
        size *= 2
    assert not grows_with_the_square(work, size, 8)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("hidden", lambda n: "<p>" + "<script>1</script>z " * n),
        ("misplaced", lambda n: "<title>T</title>" + "<p>x</p>" * n),
        ("deep quotations", lambda n: ("<blockquote>" * 150 + "a" + "</blockquote>" * 150) * (n // 150)),
        ("deep spans", lambda n: ("<b>" * 150 + "<i>a</i>" * 500 + "<p>b</p>" + "</b>" * 150) * (n // 1000)),
        ("wide row", lambda n: f"<table><tr>{'<td>a' * (n // 4)}</tr>{'<tr><td>b</tr>' * (n // 4)}</table>"),
    ],
)
def test_the_time_of_a_page_does_not_grow_with_the_square_of_its_size(shape: str, text: Callable[[int], str]) -> None:
    def work(size: int) -> None:
        convert_html(text(size).encode(), "x.html")

    work(1_000)
    assert not grows_with_the_square(work, 30_000, 5)  # so many elements that the main text is not looked for


# A text that takes long, given up.

SLOW: dict[str, tuple[Format, Callable[[int], str]]] = {
    "one word": ("plain", lambda n: "x" * n),
    "backticks": ("markdown", lambda n: "`" * n),
    "quotation marks opened": ("plain", lambda n: "“a " * (n // 12)),
    "speech": ("plain", lambda n: "“It left at seven,” said Anna. " * (n // 31)),
}


@pytest.mark.parametrize("shape", SLOW)
@pytest.mark.parametrize("looks", [1, 50])
def test_a_split_that_is_no_longer_wanted_is_given_up_at_the_next_look(
    shape: str, looks: int, embedder: Embedder
) -> None:
    format, text = SLOW[shape]
    asked = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) == looks

    with pytest.raises(Stopped, match=r"^Title was given up, because attest is ending"):
        split_document(Document("x", "Title", text(490_000), "", "x", format), embedder, stop)
    assert len(asked) == looks


@pytest.mark.parametrize("shape", SLOW)
def test_the_longer_a_text_the_more_often_a_split_asks_whether_it_is_still_wanted(
    shape: str, embedder: Embedder
) -> None:
    format, text = SLOW[shape]

    def looks(size: int) -> int:
        asked = []
        stop = lambda: bool(asked.append(True))  # type: ignore[func-returns-value]  # noqa: E731
        split_document(Document("x", "Title", text(size), "", "x", format), embedder, stop)
        return len(asked)

    assert looks(240_000) > 4 * looks(30_000) > 40


@pytest.mark.parametrize(
    ("pattern", "how", "begins", "piece", "ends"),
    [
        (textfile._ATX_HEADING, "match", "# a", "\t", "\x01"),
        (hiding._NUMBER, "match", "", "1", "x"),
        (scripts._WORD, "search", "", "a", "1"),
        (delimited._COMMENT, "match", " ", "#", ""),
        (markup._LIST_STYLE, "search", "", "list-style:", ""),
        (properties._ADDRESS, "search", "", "a", ""),
    ],
)
def test_a_line_takes_time_in_proportion_to_its_length(
    pattern: re.Pattern[str], how: str, begins: str, piece: str, ends: str
) -> None:
    def seconds(times: int) -> float:
        text, taken = begins + piece * times + ends, []
        for _ in range(3):
            began = time.thread_time()
            getattr(pattern, how)(text)
            taken.append(time.thread_time() - began)
        return min(taken)

    assert seconds(16_000) < 8 * max(seconds(4_000), 0.0002)
