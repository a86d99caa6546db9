"""Files become documents with exact text, stable ids and one clear line for everything that is not readable."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from ingest.convert.textfile import clean, decode, heading_of, title_of
from ingest.deadline import Stopped
from ingest.loading import bundled, load_file, load_upload
from ingest.sources import find_sources
from vectorstore.errors import InputError, UsageError
from vectorstore.printable import printable
from vectorstore.types import text_sha256


def refused(path: Path) -> str:
    """The message with which a file is refused; always one line."""
    with pytest.raises(InputError) as caught:
        load_file(path)
    message = str(caught.value)
    assert "\n" not in message and "Traceback" not in message
    return message


# What is in a text file is what is in the document.


def test_the_text_is_the_file(tmp_path: Path) -> None:
    content = "Harbour notes\r\n\r\nTwo  spaces, a tab\t, “quotes”, 𝄞 and é.\n\n\n"
    path = tmp_path / "notes.txt"
    path.write_bytes(content.encode("utf-8"))
    loaded = load_file(path)
    assert loaded.document.text == content
    assert loaded.document.sha256 == text_sha256(content)
    assert (loaded.document.title, loaded.document.format, loaded.warnings) == ("Harbour notes", "plain", ())
    assert loaded.document.origin == str(path)


def test_markdown_is_kept_raw_and_titled_by_its_first_heading(tmp_path: Path) -> None:
    content = "```\n# not this\n```\n\nIntro.\n\n## The *old* [mill](http://example.org) ##\n\nText_with_marks.\n"
    path = tmp_path / "mill.MD"
    path.write_text(content, encoding="utf-8")
    document = load_file(path).document
    assert (document.text, document.title, document.format) == (content, "The old mill", "markdown")


def test_the_id_survives_edits_and_depends_on_the_place(tmp_path: Path) -> None:
    path = tmp_path / "Été à la mer, 2nd ed..txt"
    path.write_text("One.", encoding="utf-8")
    before = load_file(path).document
    path.write_text("Another title\n\nTwo.", encoding="utf-8")
    after = load_file(path).document
    assert before.id == after.id and before.id.startswith("ete-a-la-mer-2nd-ed-")
    (tmp_path / "other").mkdir()
    moved = path.rename(tmp_path / "other" / path.name)
    assert load_file(moved).document.id != before.id


def test_relative_path_absolute_path_and_link_are_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Text.", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    origins = {load_file(p).document.origin for p in (Path("a.txt"), path, Path("../") / tmp_path.name / "a.txt")}
    assert origins | {load_file(Path("link.txt")).document.origin} == {str(path)}


@pytest.mark.parametrize(
    ("data", "text", "warning"),
    [
        (codecs.BOM_UTF8 + "naïve".encode(), "naïve", None),
        (codecs.BOM_UTF16_LE + "naïve".encode("utf-16-le"), "naïve", "read as UTF-16"),
        (codecs.BOM_UTF16_BE + "naïve".encode("utf-16-be"), "naïve", "read as UTF-16"),
        (codecs.BOM_UTF32_LE + "naïve".encode("utf-32-le"), "naïve", "read as UTF-32"),
        (
            "Les élèves fêtaient Noël à l’hôtel “Étoile”.".encode("cp1252"),
            "Les élèves fêtaient Noël à l’hôtel “Étoile”.",
            "read as cp1252",
        ),
        ("Příliš žluťoučký kůň úpěl.".encode("cp1250"), "Příliš žluťoučký kůň úpěl.", "read as cp1250"),
        (
            "Рабочие собрались на площади рано утром.".encode("koi8-r"),
            "Рабочие собрались на площади рано утром.",
            "read as koi8_r",
        ),
    ],
)
def test_encodings(data: bytes, text: str, warning: str | None) -> None:
    decoded = decode(data, "x.txt")
    assert decoded.text == text
    assert (warning is None) == (decoded.warnings == ())
    assert warning is None or warning in decoded.warnings[0]


def test_a_declared_encoding_is_believed_unless_the_bytes_are_utf8() -> None:
    assert decode("Łódź".encode("iso8859-2"), "x", declared="iso-8859-2").text == "Łódź"
    assert decode("Łódź".encode(), "x", declared="iso-8859-2").text == "Łódź"
    assert decode("café".encode("cp1252"), "x", declared="no-such-thing").text == "café"
    assert decode("Łódź".encode("utf-16-le"), "x", declared="utf-16le").text == "Łódź"
    assert decode("café \\ud800 +2AA-".encode("cp1252"), "x", declared="unicode_escape").text == "café \\ud800 +2AA-"


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else() -> None:
    data = ("é" * 50).encode() + b"\xff" + "ü".encode()
    decoded = decode(data, "x")
    assert decoded.text == "é" * 50 + "\ufffd" + "ü"
    assert decoded.warnings == ("replaced 1 broken UTF-8 sequence by U+FFFD",)


def test_clean_replaces_what_cannot_be_stored() -> None:
    cleaned = clean("a\ud800b\udfffc\0d")
    assert cleaned.text == "a\ufffdb\ufffdc\ufffdd"
    assert len(cleaned.warnings) == 2


@pytest.mark.parametrize("title", ["Council meeting: 3 May 2020", "Session beans: notes of 3 May 2020"])
def test_a_title_with_the_date_of_a_meeting_stays_the_title(title: str, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(f"{title}\n\nIt rained all day and nobody spoke of the budget.", encoding="utf-8")
    assert load_file(path).document.title == title


def test_titles() -> None:
    assert title_of("\n\n  The Lamp  \n\nIt burned.") == "The Lamp"
    assert title_of("========\nThe Lamp\n========\n\nIt burned.") == "The Lamp"
    assert title_of("* * *\n\nIt burned all night.") is None
    assert title_of("It burned all night.") is None
    assert title_of("x" * 101) is None
    assert heading_of("Setext `title`\n====\n") == "Setext title"
    assert heading_of("no heading\n\n---\n#hash\n") is None


def test_without_a_title_line_the_file_name_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "field report.txt"
    path.write_text("It rained for three days and nothing else happened.", encoding="utf-8")
    assert load_file(path).document.title == "field report"


# What cannot be used is refused in one line.


def test_missing_file(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "none.txt")
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    assert "does not exist" in refused(tmp_path / "a.txt" / "b.txt")


@pytest.mark.parametrize("name", ["e.txt", "e.md", "e.html", "e.pdf", "e.docx", "e.xyz"])
def test_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refused(tmp_path / name).endswith("is empty")


@pytest.mark.parametrize("name", ["b.txt", "b.md", "b.html"])
def test_blank_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(" \n\t\u00a0\n", encoding="utf-8")
    refused(tmp_path / name)


@pytest.mark.parametrize("data", [b"\x7fELF\0\0\0\x01junk", bytes(range(1, 256)) * 20, b"plain text with one \0 in it"])
@pytest.mark.parametrize("name", ["junk.txt", "junk.md"])
def test_binary_junk(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert "is not text" in refused(tmp_path / name)


def test_unknown_kinds_are_read_where_they_are_text(tmp_path: Path) -> None:
    (tmp_path / "notes.log").write_text("Début du journal", encoding="utf-8")
    assert load_file(tmp_path / "notes.log").document.format == "plain"
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    message = refused(tmp_path / "picture.png")
    assert all(kind in message for kind in (".txt", ".md", ".html", ".pdf", ".docx"))


@pytest.mark.parametrize(("name", "limit"), [("h.txt", 50), ("h.html", 50), ("h.pdf", 100), ("h.docx", 100), ("h", 50)])
def test_a_200_mb_file_is_refused_unread(tmp_path: Path, name: str, limit: int) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    message = refused(path)
    assert "200 MB" in message and f"{limit} MB" in message


def test_folders_devices_and_loops_of_links_are_refused(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in refused(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    refused(tmp_path / "loop.txt")
    refused(Path("a\0b.txt"))


def test_a_name_that_is_not_utf8_is_refused_readably(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:
        file.write(b"Text.")
    message = refused(Path(os.fsdecode(path)))
    message.encode("utf-8")
    assert "Rename it" in message


# Uploads and bundled articles.


def test_uploads_are_known_by_a_safe_name(tmp_path: Path) -> None:
    path = tmp_path / "0a1b2c"
    path.write_text("# Kelp\n\nIt grows.", encoding="utf-8")
    document = load_upload("../../etc/C:\\docs\\kelp\n farm.md", path).document
    assert document.origin == "upload:kelp farm.md"
    assert (document.title, document.format) == ("Kelp", "markdown")
    assert load_upload("..", path).document.origin == "upload:upload"
    assert len(load_upload("x" * 500 + ".md", path).document.origin) <= len("upload:") + 120


def test_bundled_articles_are_documents() -> None:
    for loaded in bundled():
        assert loaded.document.origin.startswith("bundled:")
        assert loaded.document.text.strip() and not loaded.warnings


# Folders.


def test_folders_are_walked_in_order_without_hidden_and_foreign_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.html", ".hidden.txt", ".git/d.txt", "pic.png", "sub/none"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (found,) = find_sources([str(tmp_path)])
    names = [source.path.relative_to(tmp_path).as_posix() for source in found.sources if source.path]
    assert names == ["a.md", "b.txt", "sub/c.html"]
    assert found.skipped == 3


def test_a_source_named_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    found = find_sources([str(tmp_path), str(tmp_path / "a.txt"), "http://example.org/", "http://example.org/"])
    assert [len(entry.sources) for entry in found] == [1, 0, 1, 0]
    assert [entry.repeated for entry in found] == [0, 1, 0, 1]


def test_a_blank_target_is_not_the_current_folder() -> None:
    with pytest.raises(UsageError):
        find_sources([" "])


def test_names_for_people_are_one_readable_line() -> None:
    assert (
        printable("a\u00a0b\nc\td\x1b[31m\ud800\u202e می\u200cخواهم 👩\u200d🚀")
        == "a b c d\ufffd[31m\ufffd می\u200cخواهم 👩\u200d🚀"
    )


def test_rich_text_is_refused_with_what_to_do_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("a.rtf", "a.txt", "a.md", "a"):
        (tmp_path / name).write_bytes(rb"{\rtf1\ansi The {\b bold} ferry.\par}")
        with pytest.raises(InputError, match=r"rich text \(RTF\), which is not read.*save it as"):
            load_file(tmp_path / name)


def test_front_matter_a_banner_or_columns_are_no_title(tmp_path: Path) -> None:
    for text, title in (
        ("---\ntitle: Hens\n---\n\n# Birds\n\nThey lay.\n", "Hens"),
        ("*********\n* draft *\n*********\n\nThe Hens\n\nThey lay.\n", "The Hens"),
        ("Hen Group           J. Roe\nRequest: 4       May 1990\n\n      On Hens\n\nThey lay.\n", "On Hens"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nThey lay.\n", "hens"),
        ("ADA: Do you see them?\n\nJON: I do.\n\nADA: Good!\n", "hens"),
    ):
        (tmp_path / "hens.txt").write_text(text, encoding="utf-8")
        assert load_file(tmp_path / "hens.txt").document.title == title


def test_the_line_that_holds_the_title_is_known(tmp_path: Path) -> None:
    (tmp_path / "hens.md").write_text("# On *Hens*\n\nBy Ada Fell\n\nThey lay.\n", encoding="utf-8")
    (tmp_path / "hens.txt").write_text("On Hens\n\nBy Ada Fell\n\nThey lay.\n", encoding="utf-8")
    document = load_file(tmp_path / "hens.txt").document
    assert [(fact.name, fact.value, fact.start) for fact in document.facts] == [
        ("title", "On Hens", 0),
        ("author", "Ada Fell", 9),
    ]
    assert [fact.name for fact in load_file(tmp_path / "hens.md").document.facts][-1] == "author"


@pytest.mark.parametrize(
    ("text", "title", "facts"),
    [
        ("Author: Ada Fell\n\nA vat of oil.\n", "a", [("author", "Ada Fell")]),
        ("By Ada Fell\n\nA vat of oil.\n", "a", [("author", "Ada Fell")]),
        ("Minutes, 12 June 2018\n\nBy Ada Fell\n\nA vat of oil.\n", "Minutes, 12 June 2018",
         [("title", "Minutes, 12 June 2018"), ("author", "Ada Fell"), ("date", "12 June 2018")]),
        ("It is a vat of oil, and a lamp burns it.\n", "a", []),
    ],
)  # fmt: skip
def test_neither_a_byline_nor_the_name_of_the_file_is_a_title_in_the_text(
    text: str, title: str, facts: list[tuple[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    document = load_file(tmp_path / "a.txt").document
    assert document.title == title
    assert [(fact.name, fact.value) for fact in document.facts] == facts


@pytest.mark.parametrize("line", ["Page {}\n", "A line of prose, number {}.\n", "[00:00:{}] Yes.\n", "\n*** {} ***\n"])
def test_loading_is_given_up_when_it_is_no_longer_wanted(line: str, tmp_path: Path) -> None:
    """Also while lines are looked at that are not shown: asked again and again, not once."""
    path = tmp_path / "a.txt"
    path.write_text("".join(line.format(number % 60) for number in range(1_000)), encoding="utf-8")
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 500

    with pytest.raises(Stopped):
        load_file(path, stop=stop)


def test_the_references_of_subtitles_are_decoded_and_told_of(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:04.000\nR&amp;D cost 9 &lt; 10.\n"
    for name, words, warnings in [
        ("a.vtt", "R&D cost 9 < 10.", ("decoded 2 character references such as &amp;",)),
        ("a.txt", "R&amp;D cost 9 &lt; 10.", ()),
    ]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        loaded = load_file(path)
        assert (loaded.document.text.splitlines()[3], loaded.warnings) == (words, warnings)
