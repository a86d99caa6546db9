"""Word documents: numbers, raised figures, deletions, notes and tables come out as Word shows them."""

from __future__ import annotations

import pytest

from ingest.convert.docx import convert_docx
from tests.ingest.convert.test_docx import _OFFICE, _WORD, paragraph, relationships, word

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def item(text: str, num: int = 1, level: int = 0) -> str:
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def lvl(level: int, text: str, format: str = "decimal", more: str = "") -> str:
    inner = f'<w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{level}">{inner}</w:lvl>'


def num(identity: int, overrides: str = "", abstract: int = 0) -> str:
    return f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{abstract}"/>{overrides}</w:num>'


def numbered(body: str, levels: str, nums: str = num(1), styles: str = "") -> str:
    """The text of a document with one abstract list of these levels."""
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{nums}'
    more: dict[str, str | bytes] = {
        "word/numbering.xml": f'<w:numbering xmlns:w="{_WORD}">{numbering}</w:numbering>',
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{styles}</w:styles>',
        "word/_rels/document.xml.rels": relationships(numbering="numbering.xml", styles="styles.xml"),
    }
    return convert_docx(word(body, more), "x.docx").text


def converted(body: str, **parts: str) -> tuple[str, tuple[str, ...]]:
    """Text and warnings of a document with these parts beside its text."""
    more: dict[str, str | bytes] = {
        f"word/{kind}.xml": f'<w:{kind} xmlns:w="{_WORD}">{content}</w:{kind}>' for kind, content in parts.items()
    }
    more["word/_rels/document.xml.rels"] = relationships(**{kind: f"{kind}.xml" for kind in parts})
    found = convert_docx(word(body, more), "x.docx")
    return found.text, found.warnings


def test_a_list_goes_on_behind_a_break_and_starts_anew_where_it_says_so() -> None:
    restart = num(2, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>')
    body = item("a") + item("b") + paragraph("Between.") + item("c") + item("d", 2) + item("e", 2) + item("f", 3)
    text = numbered(body, lvl(0, "%1."), num(1) + restart + num(3))
    assert text.split("\n\n") == ["1. a", "2. b", "Between.", "3. c", "1. d", "2. e", "3. f"]


def test_numbers_of_several_levels() -> None:
    levels = lvl(0, "%1.") + lvl(1, "%1.%2") + lvl(2, "(%3)", "lowerLetter") + lvl(3, "%4)", "upperRoman")
    order = [("a", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 2), ("f", 3), ("g", 0), ("h", 1), ("i", 2)]
    text = numbered("".join(item(text, level=level) for text, level in order), levels)
    assert text.split("\n\n") == ["1. a", "1.1 b", "1.2 c", "(a) d", "(b) e", "I) f", "2. g", "2.1 h", "(a) i"]


def test_levels_that_never_restart_and_figures_for_legal_numbers() -> None:
    levels = lvl(0, "%1.", "upperRoman") + lvl(1, "%1.%2", more='<w:isLgl/><w:lvlRestart w:val="0"/>')
    text = numbered(item("a") + item("b", level=1) + item("c") + item("d", level=1), levels)
    assert text.split("\n\n") == ["I. a", "1.1 b", "II. c", "2.2 d"]


@pytest.mark.parametrize(
    ("format", "labels"),
    [
        ("upperLetter", ["A.", "B."]),
        ("lowerRoman", ["i.", "ii."]),
        ("decimalZero", ["01.", "02."]),
        ("ordinal", ["1st.", "2nd."]),
    ],
)
def test_formats_of_numbers(format: str, labels: list[str]) -> None:
    text = numbered(item("a") + item("b"), lvl(0, "%1.", format))
    assert [line.split()[0] for line in text.split("\n\n")] == labels


def test_numbers_that_a_style_gives_stand_before_headings_too() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Clause"><w:name w:val="Clause"/><w:pPr><w:outlineLvl w:val="1"/>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Sub"/><w:basedOn w:val="Clause"/></w:style>'
    )
    body = paragraph("Rent", "Clause") + paragraph("Due.") + paragraph("Repairs", "Sub") + paragraph("", "Clause")
    assert numbered(body, lvl(0, "%1."), styles=styles) == "## 1. Rent\n\nDue.\n\n## 2. Repairs"


def test_bullets_stay_bullets() -> None:
    text = numbered(item("a") + item("b", level=1) + item("c"), lvl(0, "•", "bullet") + lvl(1, "o", "bullet"))
    assert text == "- a\n  - b\n- c"


def test_raised_and_lowered_runs_stay_apart_from_what_they_stand_behind() -> None:
    raised, lowered = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
    style = '<w:style w:type="character" w:styleId="Up"><w:name w:val="Up"/><w:rPr>' + raised + "</w:rPr></w:style>"
    body = para(
        run("10"), run("6", raised), run(" m"), run("3", '<w:rStyle w:val="Up"/>'), run(" of H"), run("2", lowered),
        run("O in 1929."), run("4", '<w:position w:val="8"/>'),
    )  # fmt: skip
    assert converted(body, styles=style) == ("10⁶ m³ of H₂O in 1929.[4]", ())


def test_deleted_struck_out_and_hidden_words_are_left_out_and_said() -> None:
    struck = '<w:style w:type="character" w:styleId="Old"><w:name w:val="Old"/><w:rPr><w:strike/></w:rPr></w:style>'
    body = (
        para(
            run("It costs "), run("35", "<w:strike/>"), run(" marks", "<w:dstrike/>"), run("28 marks. "),
            run("Old. ", '<w:rStyle w:val="Old"/>'), run("Kept. ", '<w:rStyle w:val="Old"/><w:strike w:val="0"/>'),
            run("Secret. ", "<w:vanish/>"), '<w:del w:id="1"><w:r><w:delText>Gone.</w:delText></w:r></w:del>',
            '<w:ins w:id="2">' + run("Come.") + "</w:ins>", "<w:moveFrom>" + run("From.") + "</w:moveFrom>",
        )
        + para('<w:del w:id="3"><w:r><w:delText>Line</w:delText></w:r></w:del>', properties="<w:rPr><w:del/></w:rPr>")
        + "<w:p><w:commentRangeStart/>" + run("End.") + '<w:r><w:commentReference w:id="0"/></w:r></w:p>'
    )  # fmt: skip
    comments = '<w:comment w:id="0"><w:p><w:r><w:t>Really?</w:t></w:r></w:p></w:comment>'
    assert converted(body, styles=struck, comments=comments) == (
        "It costs 28 marks. Kept. Come.\n\nEnd.",
        (
            "left out 3 tracked deletions",
            "left out 2 struck-out texts",
            "left out 1 hidden text",
            "left out 1 comment",
        ),
    )


def test_footnotes_and_endnotes_follow_the_text_under_their_marks() -> None:
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{}Reference w:id="{}"/></w:r>'
    body = para(run("In 1929."), mark.format("footnote", 2), run(" Cold."), mark.format("endnote", 2))
    note = '<w:{0}note w:id="2">' + para(run(" {1}")) + para(run("More.")) + "</w:{0}note>"
    text, warnings = converted(
        body,
        footnotes=note.format("foot", "See Brevik."),
        endnotes=note.format("end", "By ice."),
    )
    assert text == "In 1929.[1] Cold.[2]\n\n[1] See Brevik.\n\nMore.\n\n[2] By ice.\n\nMore."
    assert warnings == ()


def test_headers_and_footers_are_no_text_and_the_report_says_so() -> None:
    more: dict[str, str | bytes] = {
        "word/header1.xml": f'<w:hdr xmlns:w="{_WORD}">{paragraph("Draft")}</w:hdr>',
        "word/footer1.xml": f'<w:ftr xmlns:w="{_WORD}">{paragraph("Page 1")}</w:ftr>',
        "word/footer2.xml": f'<w:ftr xmlns:w="{_WORD}">{paragraph("")}</w:ftr>',
        "word/_rels/document.xml.rels": relationships(header="header1.xml", footer="footer1.xml").replace(
            "</Rel", f'<Relationship Id="x" Type="{_OFFICE}/footer" Target="footer2.xml"/></Rel'
        ),
    }
    found = convert_docx(word(paragraph("Words."), more), "x.docx")
    assert (found.text, found.warnings) == ("Words.", ("left out 2 headers and footers",))


def test_fields_formulas_readings_and_text_boxes_keep_their_words() -> None:
    math = (
        f'<m:oMath xmlns:m="{_MATH}"><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup>'
        "<m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
    )
    ruby = "<w:r><w:ruby><w:rt>" + run("kan") + "</w:rt><w:rubyBase>" + run("漢") + "</w:rubyBase></w:ruby></w:r>"
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>'
        f"<w:drawing><w:txbxContent>{paragraph('In a box.')}</w:txbxContent></w:drawing></mc:Choice>"
        "</mc:AlternateContent></w:r>"
    )
    displayed = f'<w:p><m:oMathPara xmlns:m="{_MATH}">{math}</m:oMathPara></w:p>'
    body = para(
        run("Since "), "<w:fldSimple>" + run("1929") + "</w:fldSimple>", run(", "), math, run(", "), ruby, run(".")
    )
    text, _ = converted(body + displayed + para(box))
    assert text == "Since 1929, E=mc², 漢(kan).\n\nE=mc²\n\nIn a box."


def cell(*paragraphs: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(map(paragraph, paragraphs))}</w:tc>"


def test_tables_keep_their_cells_under_their_headers() -> None:
    rows = (
        "<w:tr>" + cell("Field") + cell("Year") + cell("Sacks") + "</w:tr>",
        "<w:tr>"
        + cell("North", properties='<w:vMerge w:val="restart"/>')
        + cell("1921")
        + cell("80", "dry")
        + "</w:tr>",
        "<w:tr>" + cell("", properties="<w:vMerge/>") + cell("none", properties='<w:gridSpan w:val="2"/>') + "</w:tr>",
    )
    text, _ = converted("<w:tbl>" + "".join(rows) + "</w:tbl>")
    assert text.splitlines() == [
        "| Field | Year | Sacks |",
        "| --- | --- | --- |",
        "| North | 1921 | 80; dry |",
        "| North | none | none |",
    ]


@pytest.mark.parametrize(
    ("look", "header"),
    [('w:firstRow="1"', "| Keeper | Roe |"), ('w:firstRow="0"', "|  |  |"), ('w:val="04A0"', "| Keeper | Roe |")],
)
def test_the_style_of_a_table_may_say_that_its_first_row_is_its_header(look: str, header: str) -> None:
    style = (
        '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Grid"/><w:tblStylePr w:type="firstRow"><w:rPr><w:b/>'
        "</w:rPr></w:tblStylePr></w:style>"
    )
    properties = f'<w:tblPr><w:tblStyle w:val="Grid"/><w:tblLook {look}/></w:tblPr>'
    rows = "".join("<w:tr>" + cell(a) + cell(b) + "</w:tr>" for a, b in [("Keeper", "Roe"), ("Mate", "Lund")])
    assert converted(f"<w:tbl>{properties}{rows}</w:tbl>", styles=style)[0].splitlines()[0] == header


def test_a_box_shows_whether_it_is_ticked() -> None:
    w14 = "http://schemas.microsoft.com/office/word/2010/wordml"

    def box(value: int) -> str:
        return (
            f'<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="{w14}"><w14:checked w14:val="{value}"/></w14:checkbox></w:sdtPr>'
            f"<w:sdtContent>{run('☒' if value else '☐')}</w:sdtContent></w:sdt>"
        )

    text = convert_docx(word(para(box(1), run(" Tea")) + para(box(0), run(" Coffee"))), "x.docx").text
    assert text == "☒ Tea\n\n☐ Coffee"


def test_a_binomial_is_no_fraction_and_a_fraction_keeps_its_power_apart() -> None:
    def m(name: str, *inner: str) -> str:
        return f"<m:{name}>{''.join(inner)}</m:{name}>"

    def fraction(above: str, below: str, kind: str = "bar") -> str:
        properties = f'<m:fPr><m:type m:val="{kind}"/></m:fPr>'
        return m("f", properties, m("num", m("r", m("t", above))), m("den", m("r", m("t", below))))

    def formula(*inner: str) -> str:
        body = f'<w:p><m:oMath xmlns:m="{_MATH}">{"".join(inner)}</m:oMath></w:p>'
        return convert_docx(word(paragraph("See:") + body), "x.docx").text.split("\n\n")[1]

    assert formula(m("d", m("e", fraction("n", "k", "noBar")))) == "(n over k)"
    square = m("sup", m("r", m("t", "2")))
    assert formula(m("sSup", m("e", fraction("x", "v")), square)) == "(x/v)²"
    low = m("sub", m("r", m("t", "n=1")))
    sign = '<m:naryPr><m:chr m:val="∑"/></m:naryPr>'
    assert formula(m("nary", sign, low, m("sup"), m("e", m("r", m("t", "a"))))) == "∑_(n=1)a"


def test_cells_of_a_row_that_begins_further_right_stay_in_their_columns() -> None:
    def row(*cells: str, properties: str = "") -> str:
        return (
            f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"
        )

    later = row("9 marks", "red", properties='<w:gridBefore w:val="1"/>')
    text, _ = converted(f"<w:tbl>{row('Boat', 'Fare', 'Flag')}{row('Tern', '4 marks', 'blue')}{later}</w:tbl>")
    assert "|  | 9 marks | red |" in text


def test_a_table_in_a_cell_is_part_of_the_cell_and_the_other_rows_stay_rows() -> None:
    def cells(*parts: str) -> str:
        return f"<w:tr>{''.join(f'<w:tc>{part}</w:tc>' for part in parts)}</w:tr>"

    inner = f"<w:tbl>{cells(paragraph('in'), paragraph('ner'))}</w:tbl>"
    rows = [cells(*map(paragraph, row)) for row in (("Boat", "Fare"), ("Tern", "4"), ("Gull", "5"))]
    text, _ = converted(f"<w:tbl>{''.join(rows)}{cells(paragraph('Auk') + inner, paragraph('6'))}</w:tbl>")
    assert "| Gull | 5 |\n| Auk; in: ner | 6 |" in text
