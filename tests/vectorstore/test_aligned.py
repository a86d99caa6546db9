"""Tables of plain text aligned with blanks: rows with their headers, and what only looks like one."""

from __future__ import annotations

import pytest

from ingest.structure import find_structure
from vectorstore.table_rows import context_of, labelled, tables

RULED = (
    "The harvest.\n\n"
    "Field          1921     1922     Sacks lost\n"
    "-----------  ------  -------  -------------\n"
    "North field     412      398             12\n"
    "South field     318      301              9\n"
    "Mill field      207      255              -\n\n"
    "Nobody knows more.\n"
)
TABLES = {
    RULED: "Field: South field · 1921: 318 · 1922: 301 · Sacks lost: 9",
    "Year   Rain (mm)   Frosts\n1901         612       44\n1902         588       51\n1903         701       38\n": (
        "Year: 1902 · Rain (mm): 588 · Frosts: 51"
    ),
    "Name        Age   Trade\nPer Lund     44   cook\nJon Orme     31   pilot\nAda Fell     29   baker\n": (
        "Name: Jon Orme · Age: 31 · Trade: pilot"
    ),
    "          1921   1922\nTorsay     412    398\nNidd       318    301\nMerrow      20     55\n": (
        "Nidd · 1921: 318 · 1922: 301"
    ),
    "==================\nRoute        Fare\n==================\nTo Nidd      9 marks\nTo Torsay    4 marks\n"
    "To Aldin     6 marks\n==================\n": "Route: To Torsay · Fare: 4 marks",
}


@pytest.mark.parametrize("text", TABLES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_row_keeps_its_headers(text: str, line_end: str) -> None:
    text = text.replace("\n", line_end)
    table = tables(text)[0]
    row = table.rows[1]
    assert labelled(text, *row) == TABLES[text.replace("\r", "")]
    assert context_of(text, row[0]) == [table.header]
    blocks = find_structure(text).blocks
    assert [(b.start, b.end) for b in blocks if b.kind == "row"] == list(table.rows)
    assert "".join("".join(text[b.start : b.end].split()) for b in blocks) == "".join(text.split())


def test_a_rule_above_a_sum_parts_no_table() -> None:
    total = "Total           937      954             21"
    text = RULED.replace("\n\nNobody", f"\n{'-' * len(total)}\n{total}\n\nNobody")
    assert labelled(text, *tables(text)[0].rows[-1]) == "Field: Total · 1921: 937 · 1922: 954 · Sacks lost: 21"


def test_an_empty_cell_keeps_the_others_in_their_columns() -> None:
    text = RULED.replace("318      301 ", "318          ")
    assert labelled(text, *tables(text)[0].rows[1]) == "Field: South field · 1921: 318 · Sacks lost: 9"


NO_TABLES = {
    "poem": "The wind blew hard      across the bay,\n  and all the boats     were far away,\n"
    "the lamps were lit      at half past four,\n  and no one came       along the shore.\n",
    "addresses": "Jon Orme                Ada Fell\n12 Mill Lane            3 High Street\n"
    "Torsay                  Nidd\nKingdom of Heron        Kingdom of Heron\n",
    "keys": "Name      Skua\nLength    20 m\nBeam      5 m\nDraft     3 m\n",
    "keys with colons": "Name:     Skua\nLength:   20\nBeam:     5\nDraft:    3\nAge:      9\nMasts:    2\n",
    "code": "int     speed  4;\nfloat   depth  9;\nchar    name   7;\ndouble  x      8;\n",
    "contents": "Chapter one     3\nChapter two    19\nChapter three  44\nChapter four   70\n",
    "typed prose": "This is  old prose.  It has two blanks  behind each stop.  Nobody\n"
    "knows why.  The typist  learned it  in 1931.  She never  changed.\n"
    "It goes  on and on.  There are many  lines.  All of them  are so.\n"
    "And here  is another.  And again one.  The end  comes soon.  Stop.\n",
    "two columns of prose": "The ferry of Aldin carried     The bridge was opened in\n"
    "people and cattle across       1902, and the ferry was sold\n"
    "the Lenn for two hundred       for 1500 crowns. Nobody in\n"
    "years, summer and winter.      town wept for it much.\n",
    "copyright": "Copyright: 1999-2019  Ada Fell\n           1999-2006  Ada Fell Works\n"
    "           2021       Fell, Inc.\n           2005-2007  Jon Orme\n",
    "two rows": "Year   Rain   Frosts\n1901    612       44\n1902    588       51\n",
    "tabs": "Year\t\tRain\t\tFrosts\n1901\t\t612\t\t44\n1902\t\t588\t\t51\n1903\t\t1\t\t2\n",
}


@pytest.mark.parametrize("kind", NO_TABLES)
def test_what_is_no_table_or_may_be_none_stays_prose(kind: str) -> None:
    assert tables(NO_TABLES[kind]) == ()


@pytest.mark.parametrize("line", ["a  b " * 30, "-" * 180 + "x  y", "- " * 90 + "  x", "=+" * 90 + "  x"])
def test_long_texts_take_no_time(line: str) -> None:
    assert tables(f"{line}\n" * 20_000) == ()
