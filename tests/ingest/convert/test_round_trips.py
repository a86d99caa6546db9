"""Generated documents come back character for character, as web pages, Word files, books and e-mail messages.

A document is made of blocks whose text is known: paragraphs with raised, lowered, struck-out and quoted words and with
footnotes, numbered lists, tables. The stated normalisations are in what is expected: figures raised and lowered in
Unicode, "[4]" for a footnote mark, tables as `vectorstore.table_rows` writes them.
"""

from __future__ import annotations

import email.policy
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.convert.docx import convert_docx
from ingest.convert.epub import convert_epub
from ingest.convert.html import convert_html
from ingest.convert.mail import convert_mail
from tests.ingest.convert.test_docx import _WORD, relationships, word
from tests.ingest.convert.test_epub import book, page
from vectorstore.table_rows import labelled, tables, written

RAISED, LOWERED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LEAD = "The keeper wrote a letter every week and posted none of them, because the boat came only once a month."


@dataclass(frozen=True)
class Piece:
    """Words of a paragraph: as HTML, as runs of Word, and as text. `note`: the footnote that they refer to."""

    html: str
    runs: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A block: as HTML, as paragraphs of Word, and as text."""

    html: str
    xml: str
    text: str
    notes: tuple[str, ...] = ()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def aligned(text: str, how: str) -> str:
    return run(text, f'<w:vertAlign w:val="{how}script"/>')


WORD = st.text(st.sampled_from("abcdefghklmnoprstuvwyzäéß漢"), min_size=4, max_size=9)
RAW_WORD = st.text(st.sampled_from("abcdeiouäé&<>|*_`#漢'"), min_size=1, max_size=9).map(lambda text: f"x{text}x")
FIGURE = st.integers(1, 9)


def plain(text: str) -> Piece:
    return Piece(escape(text), run(text), text)


def power(word: str, figure: int) -> Piece:
    html = f"{word} 10<sup>{figure}</sup> m<sup>3</sup>"
    runs = run(f"{word} 10") + aligned(str(figure), "super") + run(" m") + aligned("3", "super")
    return Piece(html, runs, f"{word} 10{str(figure).translate(RAISED)} m³")


def formula(word: str, figure: int) -> Piece:
    text = f"C{str(figure).translate(LOWERED)}H {word}"
    return Piece(f"C<sub>{figure}</sub>H {word}", run("C") + aligned(str(figure), "sub") + run(f"H {word}"), text)


def struck(word: str, other: str) -> Piece:
    return Piece(f"<del>{word} </del>{other}", run(f"{word} ", "<w:strike/>") + run(other), other)


def deleted(word: str, other: str) -> Piece:
    gone = f'<w:del w:id="1"><w:r><w:delText>{word} </w:delText></w:r></w:del>'
    kept = f'<w:ins w:id="2">{run(other)}</w:ins>'
    html = f'<span style="text-decoration: line-through">{word} </span><ins>{other}</ins>'
    return Piece(html, gone + kept, other)


def hidden(word: str, other: str) -> Piece:
    return Piece(f"<span hidden>{word} </span>{other}", run(f"{word} ", "<w:vanish/>") + run(other), other)


def quoted(word: str, other: str) -> Piece:
    return Piece(f"{word} <q>{other}</q>", run(f"{word} “{other}”"), f"{word} “{other}”")


def noted(word: str, note: str) -> Piece:
    mark = '<w:r><w:footnoteReference w:id="@"/></w:r>'
    return Piece(f'{word}<sup><a href="#fn@">@</a></sup>', run(word) + mark, f"{word}[@]", f"{note} said it.")


PIECE = st.one_of(
    st.builds(plain, RAW_WORD),
    st.builds(power, WORD, FIGURE),
    st.builds(formula, WORD, FIGURE),
    *(st.builds(kind, WORD, WORD) for kind in (struck, deleted, hidden, quoted, noted)),
)


def sentence(pieces: list[Piece]) -> Part:
    def joined(of: Callable[[Piece], str], space: str) -> str:
        return space.join(map(of, pieces))

    html, text = (f"Here {joined(of, ' ')}." for of in (lambda p: p.html, lambda p: p.text))
    xml = run("Here ") + joined(lambda p: p.runs, run(" ")) + run(".")
    return Part(f"<p>{html}</p>", f"<w:p>{xml}</w:p>", text, tuple(p.note for p in pieces if p.note))


def numbered(words: list[str], start: int) -> Part:
    """A list that goes on where the one before it ended, as Word counts; `start` says so to a browser."""
    html = f'<ol start="{start}">' + "".join(f"<li>{word}</li>" for word in words) + "</ol>"
    properties = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    xml = "".join(f"<w:p>{properties}{run(word)}</w:p>" for word in words)
    return Part(html, xml, "\n".join(f"{start + n}. {word}" for n, word in enumerate(words)))


def cell_xml(text: str) -> str:
    return f"<w:tc><w:p>{run(text)}</w:p></w:tc>"


def table(rows: list[list[str]]) -> Part:
    html, xml = "", ""
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        html += "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"
        head = "" if number else "<w:trPr><w:tblHeader/></w:trPr>"
        xml += f"<w:tr>{head}{''.join(map(cell_xml, row))}</w:tr>"
    return Part(f"<table>{html}</table>", f"<w:tbl>{xml}</w:tbl>", written(rows[0], rows[1:]))


PARAGRAPH = st.lists(PIECE, min_size=1, max_size=5).map(sentence)
LIST = st.lists(WORD, min_size=1, max_size=4)


def rows_of(width: int) -> st.SearchStrategy[list[list[str]]]:
    headers = st.lists(RAW_WORD, min_size=width, max_size=width, unique=True)
    row = st.lists(RAW_WORD, min_size=width, max_size=width)
    return st.builds(lambda head, rows: [head, *rows], headers, st.lists(row, min_size=1, max_size=3))


TABLE = st.integers(2, 4).flatmap(rows_of).map(table)
SUBJECT = st.lists(RAW_WORD, min_size=1, max_size=9).map(" ".join)
DOCUMENT = st.lists(st.one_of(PARAGRAPH, LIST, TABLE), min_size=1, max_size=7)


def parts_of(drawn: list[Part | list[str]]) -> list[Part]:
    """The blocks with their numbers: those of lists go on, and so do footnotes. A paragraph stands before each list,
    for two lists that touch are one in Markdown."""
    parts: list[Part] = []
    item = note = 1
    for draft in drawn:
        if isinstance(draft, list):
            parts += [sentence([plain("list")]), numbered(draft, item)]
            item += len(draft)
            continue
        html, xml, text = draft.html, draft.xml, draft.text
        for _ in draft.notes:
            html = html.replace("@", str(note), 2)
            xml = xml.replace("@", str(note), 1)
            text = text.replace("@", str(note), 1)
            note += 1
        parts.append(Part(html, xml, text, draft.notes))
    return parts


@settings(max_examples=60, deadline=None)
@given(DOCUMENT)
def test_a_web_page_comes_back(drawn: list[Part | list[str]]) -> None:
    parts = parts_of(drawn)
    body = "".join(part.html for part in parts)
    page = f"<html><head><title>T</title></head><body><nav><a href=x>Menu</a></nav><p>{LEAD}</p>{body}<p>{LEAD}</p>"
    text = convert_html(page.encode(), "x.html").text
    assert text == "\n\n".join([LEAD, *(part.text for part in parts), LEAD])


@settings(max_examples=60, deadline=None)
@given(DOCUMENT)
def test_a_word_file_comes_back(drawn: list[Part | list[str]]) -> None:
    parts = parts_of(drawn)
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    num = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    lists = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>{num}'
    notes = [note for part in parts for note in part.notes]
    footnotes = "".join(
        f'<w:footnote w:id="{n}"><w:p>{run(note)}</w:p></w:footnote>' for n, note in enumerate(notes, 1)
    )
    more: dict[str, str | bytes] = {
        "word/numbering.xml": f'<w:numbering xmlns:w="{_WORD}">{lists}</w:numbering>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_WORD}">{footnotes}</w:footnotes>',
        "word/_rels/document.xml.rels": relationships(numbering="numbering.xml", footnotes="footnotes.xml"),
    }
    text = convert_docx(word("".join(part.xml for part in parts), more), "x.docx").text
    expected = [part.text.replace("\n", "\n\n") if part.text[0].isdigit() else part.text for part in parts]
    assert text == "\n\n".join([*expected, *(f"[{n}] {note}" for n, note in enumerate(notes, 1))])


@settings(max_examples=60, deadline=None)
@given(TABLE)
def test_every_cell_of_a_table_is_read_under_its_header(part: Part) -> None:
    text = convert_html(f"<p>{LEAD}</p>{part.html}<p>{LEAD}</p>".encode(), "x.html").text
    (found,) = tables(text)
    lines = [line[2:-2].split(" | ") for line in part.text.splitlines()]
    for row, values in zip(found.rows, lines[2:], strict=True):
        read = labelled(text, *row)
        for label, value in zip(lines[0], values, strict=True):
            assert value.replace("\\|", "|") in read and label.replace("\\|", "|") in read


@settings(max_examples=60, deadline=None)
@given(DOCUMENT, DOCUMENT, st.sampled_from(["utf-8", "utf-16"]))
def test_a_book_comes_back(one: list[Part | list[str]], two: list[Part | list[str]], encoding: str) -> None:
    chapters = [parts_of(one), parts_of(two)]
    pages = [
        page("".join(part.html for part in parts)).replace("utf-8", encoding).encode(encoding) for parts in chapters
    ]
    text = convert_epub(book(**{"OEBPS/text/one.xhtml": pages[0], "OEBPS/text/two b.xhtml": pages[1]}), "b.epub").text
    assert text == "\n\n".join(part.text for parts in chapters for part in parts)


@settings(max_examples=60, deadline=None)
@given(
    DOCUMENT,
    SUBJECT,
    st.sampled_from(["quoted-printable", "base64", "8bit"]),
    st.booleans(),
    st.booleans(),
)
def test_a_message_comes_back(drawn: list[Part | list[str]], subject: str, cte: str, beside: bool, sent: bool) -> None:
    """`beside`: a plain part says only that one should read the other; `sent`: the message is attached to another."""
    parts = parts_of(drawn)
    html = f"<html><body><p>{LEAD}</p>{''.join(part.html for part in parts)}</body></html>\n"
    policy = email.policy.SMTPUTF8 if cte == "8bit" else email.policy.SMTP
    policy = policy.clone(max_line_length=990)  # Python's email loses blanks where it folds what it has encoded
    made, head = EmailMessage(policy=policy), []
    for key, value in (("From", "Zoë Fell <zoe@post.example>"), ("To", "Per <per@post.example>"), ("Subject", subject)):
        made[key] = value
        head.append(f"{key}: {value}")
    if beside:
        made.set_content("See the other part.\n")
        made.add_alternative(html, subtype="html", cte=cte)
    else:
        made.set_content(html, subtype="html", cte=cte)
    expected = ["\n".join(head), LEAD, *(part.text for part in parts)]
    if sent:
        outer = EmailMessage(policy=policy)
        outer["From"], outer["Subject"] = "Jon <jon@post.example>", "Fw"
        outer.set_content("Here it is.\n")
        outer.add_attachment(made)
        expected = ["From: Jon <jon@post.example>\nSubject: Fw", "Here it is.", *expected]
        made = outer
    assert convert_mail(bytes(made), "m.eml").text == "\n\n".join(expected) + "\n"
