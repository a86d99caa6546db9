"""Generated plain texts and Markdown come back paragraph by paragraph and sentence by sentence, as they are written.

The text of a document is its file; what is shown of it are all words of all parts, each part a paragraph of its own.
The stated normalisations are in what is expected: struck-out words, comments and the marks of quoted lines behind the
first are not shown, a line that is broken reads on behind one blank (a hyphen at its end stays), the fences of front
matter are no text, and the sentence before a list holds the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.loading import load_upload
from ingest.passages import sentence_spans
from ingest.structure import find_structure
from vectorstore.types import shown_text


@dataclass(frozen=True)
class Part:
    """A part as it is written, and the sentences, headers, rows or items that are shown of it. `note`: what stands at
    the end of the text for it."""

    written: str
    shown: tuple[str, ...]
    note: str = ""


WORD = st.text(st.sampled_from("abdeghjklmnoprsuvwyzäßé漢"), min_size=3, max_size=9).map(lambda word: f"x{word}x")
RAW = st.text(st.sampled_from("abcdeéäß&|#漢'’/=+"), min_size=1, max_size=9).map(lambda word: f"x{word}x")
FIGURE = st.integers(1, 9)
BREAK = st.sampled_from([" ", " ", "\n"])
"""What stands between two words: a line ends anywhere, and no line is as long as one of a text that is not wrapped."""


@st.composite
def pieces(draw: st.DrawFn, marked: bool) -> tuple[str, str]:
    """Words within a sentence: as they are written, and as they are shown."""
    one, other, figure = draw(WORD), draw(WORD), draw(FIGURE)
    both = [
        draw(RAW),
        f"{one} 10⁶ m³ 1.{figure} C₂H",
        f"{figure}.{figure} %, {figure},000 and 10^{figure} Mr. B. {one.title()}",
        f"“{one}, {other}”",
        f"{one}-{other}",
        f"({one}; {other}: {figure})",
        f"{one}[{figure}]",
    ]
    if marked:
        both += [
            f"10<sup>{figure}</sup> m and H<sub>2</sub>O",
            f"*{one}* **{other}** _{one}_",
            f"`{one} = {figure}`",
            f"[{one} {other}](http://example.org/{figure})",
            f"{one} \\* {other}",
        ]
        kept = draw(st.sampled_from(both))
        return draw(
            st.sampled_from([(f"~~{one} {other}~~ {kept}", kept), (f"<del>{one}</del> {kept}", kept), (kept, kept)])
        )
    kept = draw(st.sampled_from(both))
    return kept, kept


@st.composite
def sentences(draw: st.DrawFn, marked: bool) -> Part:
    """A paragraph of one to three sentences, broken into lines anywhere, also behind a hyphen."""
    written, shown = [], []
    for _ in range(draw(st.integers(1, 3))):
        inner = draw(st.lists(pieces(marked), min_size=1, max_size=4))
        hyphen = draw(st.sampled_from(["", " They re-\nsigned half-\ntimbered it", " They left — the boat"]))
        end = draw(st.sampled_from([".", "?", ".”"]))
        opens = "“" if end == ".”" else ""
        parts = [f"{opens}Then", "there", *(words for words, _ in inner), "was"]
        text = ""
        for word in parts:
            text += word + ("\n" if len(text) - text.rfind("\n") > 60 else draw(BREAK))
        text += f"it.{hyphen}" if hyphen else "it"
        seen = " ".join([f"{opens}Then", "there", *(words for _, words in inner), "was", "it"])
        shown += [seen + ".", " ".join(hyphen.split()) + end] if hyphen else [seen + end]
        written.append(text + end)
    return Part("\n".join(written), tuple(shown))


@st.composite
def lists(draw: st.DrawFn) -> Part:
    """A list that a sentence introduces is one with it; else each item is a paragraph."""
    words = draw(st.lists(WORD, min_size=2, max_size=5))
    style, start = draw(st.sampled_from(["- ", "* ", "• ", "{}. ", "{}) ", "({}) "])), draw(st.integers(1, 97))
    items = [style.format(start + n) + word for n, word in enumerate(words)]
    return Part(
        "They carried these things:\n\n" + "\n".join(items), (" ".join(["They carried these things:", *items]),)
    )


@st.composite
def tables(draw: st.DrawFn) -> Part:
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(WORD, min_size=width, max_size=width, unique=True), min_size=2, max_size=4))
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|" + "---|" * width)
    return Part("\n".join(lines), (" ".join(lines[:2]), *lines[2:]))


@st.composite
def notes(draw: st.DrawFn, marked: bool) -> Part:
    word, said = draw(WORD), draw(WORD)
    mark = "[^@]" if marked else "[@]"
    return Part(f"There was {word}{mark} in it.", (f"There was {word}{mark} in it.",), f"{said.title()} said it.")


def headings() -> st.SearchStrategy[Part]:
    return WORD.map(lambda word: Part(f"## The {word}", (f"## The {word}",)))


def underlined() -> st.SearchStrategy[Part]:
    return WORD.map(lambda w: Part(f"The {w}\n{'=' * (len(w) + 4)}", (f"The {w} {'=' * (len(w) + 4)}",)))


@st.composite
def quoted(draw: st.DrawFn) -> Part:
    words = draw(st.lists(WORD, min_size=2, max_size=6))
    lines = [f"> Here is {words[0]}", *(f"> {word}" for word in words[1:])]
    return Part("\n".join(lines) + ".", (f"> Here is {' '.join(words)}.",))


def code() -> st.SearchStrategy[Part]:
    return WORD.map(lambda w: Part(f"```\n{w} = [~~{w}~~]\n```", ("```", f"{w} = [~~{w}~~]", "```")))


def comments() -> st.SearchStrategy[Part]:
    return WORD.map(lambda word: Part(f"<!-- {word}\n\n{word} -->", ()))


MARKDOWN = st.lists(
    st.one_of(
        sentences(True), sentences(True), lists(), tables(), notes(True), headings(), underlined(), quoted(), code(),
        comments(),
    ),
    min_size=1, max_size=7,
)  # fmt: skip
PLAIN = st.lists(
    st.one_of(sentences(False), sentences(False), lists(), tables(), notes(False), underlined()), min_size=1, max_size=7
)
FRONT = st.one_of(st.none(), st.lists(WORD, min_size=1, max_size=3, unique=True))


def check_round_trip(parts: list[Part], front: list[str] | None, folder: Path, suffix: str) -> None:
    written: list[str] = []
    expected: list[str] = []
    behind: list[str] = []
    if front is not None:
        lines = [f"{key}: {key} of it" for key in front]
        written.append("\n".join(["---", *lines, "---"]))
        expected += lines
    for part in parts:
        number = str(len(behind) + 1)
        written.append(part.written.replace("@", number))
        expected += [shown.replace("@", number) for shown in part.shown]
        if part.note:
            behind.append(f"{'[^' if suffix == '.md' else '['}{number}]{':' if suffix == '.md' else ''} {part.note}")
    text = "\n\n".join([*written, "They left it at that, and nobody came back for the rest.", *behind]) + "\n"
    expected += ["They left it at that, and nobody came back for the rest.", *behind]
    path = folder / f"text{suffix}"
    path.write_bytes(text.encode())
    document = load_upload(path.name, path).document
    assert document.text == text
    shown = shown_text(document)
    assert len(shown) == len(text)
    structure = find_structure(shown, document.format)
    found = [shown[span.start : span.end] for spans in sentence_spans(shown, structure) for span in spans]
    assert [" ".join(sentence.split()) for sentence in found] == expected


@settings(max_examples=100, deadline=None)
@given(MARKDOWN, FRONT)
def test_markdown_comes_back(
    tmp_path_factory: pytest.TempPathFactory, parts: list[Part], front: list[str] | None
) -> None:
    check_round_trip(parts, front, tmp_path_factory.getbasetemp(), ".md")


@settings(max_examples=100, deadline=None)
@given(PLAIN, FRONT)
def test_a_plain_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, parts: list[Part], front: list[str] | None
) -> None:
    check_round_trip(parts, front, tmp_path_factory.getbasetemp(), ".txt")
