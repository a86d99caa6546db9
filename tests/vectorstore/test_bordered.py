"""Tables of plain text drawn with lines: their rows are read with their headers."""

from __future__ import annotations

import time

import pytest

from vectorstore.table_rows import context_of, labelled, labelled_parts, tables

FENCED = """\
Rates in crowns

==========  =======  ==================
Vehicle     One way  Remarks
==========  =======  ==================
Bicycle     4        see `rates <x://y>`
Car
Lorry       68       not on Sundays; ask
                     the purser
==========  =======  ==================

Dogs travel free.
"""
GRID = """\
+--------+--------+------+
| Group  | Season | Rate |
+========+========+======+
| School | Summer | 3    |
|        +--------+------+
|        | Winter | 2    |
+--------+--------+------+
| Club   |        | 5    |
+--------+--------+------+
"""
WRAPPED = """\
+------------+-----------+-----------+
| Name of    | Opening   | Fee in    |
| the bath   | hours     | marks     |
+============+===========+===========+
| Old Bath   | Mon to    | 3         |
| on the     | Sat       |           |
| quay       |           |           |
+------------+-----------+-----------+
| New Bath   | daily     | 5, with a |
|            |           | towel 6   |
+------------+-----------+-----------+
"""
PRINTED = """\
+----+-------+
| id | name  |
+----+-------+
|  1 | Otter |
|  2 | Lynx  |
+----+-------+
2 rows in set
"""


def rows(text: str) -> list[str]:
    return [labelled(text, *row) for table in tables(text) for row in table.rows]


def test_a_table_between_rules_is_read_by_them() -> None:
    assert rows(FENCED) == [
        "Vehicle: Bicycle · One way: 4 · Remarks: see `rates <x://y>`",
        "Vehicle: Car",
        "Vehicle: Lorry · One way: 68 · Remarks: not on Sundays; ask the purser",
    ]
    table = tables(FENCED)[0]
    assert FENCED[slice(*table.lead)] == "Rates in crowns"
    assert [FENCED[slice(*span)].split()[0] for span in context_of(FENCED, table.rows[2][0])] == ["Vehicle"]


def test_a_cell_over_several_rows_is_named_in_each() -> None:
    assert rows(GRID) == [
        "Group: School · Season: Summer · Rate: 3",
        "School · Season: Winter · Rate: 2",
        "Group: Club · Rate: 5",
    ]
    winter = tables(GRID)[0].rows[1][0]
    assert [GRID[slice(*span)].split()[0] for span in context_of(GRID, winter)] == ["Group", "School"]


def test_headers_and_cells_of_several_lines_are_whole() -> None:
    assert rows(WRAPPED) == [
        "Name of the bath: Old Bath on the quay · Opening hours: Mon to Sat · Fee in marks: 3",
        "Name of the bath: New Bath · Opening hours: daily · Fee in marks: 5, with a towel 6",
    ]
    assert rows(WRAPPED.replace("=", "-")) == rows(WRAPPED)
    fenced = (
        "====  =======\nName  Fee in\nof    marks\nboat\n====  =======\nTern  3, with\n      a crew\n      5\n"
        "Skua\n      free\n====  =======\n"
    )
    assert rows(fenced) == [
        "Name of boat: Tern · Fee in marks: 3, with a crew",
        "Tern · Fee in marks: 5",
        "Name of boat: Skua · Fee in marks: free",
    ]


def test_each_word_of_a_cell_of_several_lines_keeps_its_place() -> None:
    (table,) = tables(WRAPPED)
    for row in table.rows:
        for words, at in labelled_parts(WRAPPED, *row):
            assert at is None or WRAPPED.startswith(words, at)
    end = WRAPPED.index("on the")
    assert labelled(WRAPPED, table.rows[0][0], end).startswith("Name of the bath: Old Bath · Opening hours: Mon to")


def test_lines_between_borders_are_rows_where_each_is_full() -> None:
    summed = PRINTED.replace("2 rows in set", "|  3 |  Both |\n+----+-------+")
    assert rows(summed) == ["id: 1 · name: Otter", "id: 2 · name: Lynx", "id: 3 · name: Both"]


def test_what_a_program_prints_is_a_table_too() -> None:
    assert rows(PRINTED) == ["id: 1 · name: Otter", "id: 2 · name: Lynx"]
    assert rows(PRINTED.replace("\n", "\r\n")) == rows(PRINTED)


@pytest.mark.parametrize(
    "text",
    [
        "=====  =====\nOnly a frame\n=====  =====\n",
        "=====  =====\nA      B\n=====  =====\nno end of it\n\nProse.\n",
        "==  ==\nA word across\n==  ==\n1   2\n==  ==\n",
        "+---+---+\n| a | b |\n+---+---+\n",
        "+---+---+\n| a | b |\n+---+---+\n| 1  2  |\n+---+---+\n",
        "+-----+\n",
        "+-----+---+\n| Ada | 3 |\n+-----+---+\n| Ivo | 2 |\n+-----+---+\n",
    ],
)
def test_what_cannot_be_told_is_left_as_it_stands(text: str) -> None:
    assert tables(text) == ()


def test_hostile_lines_take_no_time() -> None:
    began = time.monotonic()
    for text in ("==  ==\nA   B\n==  ==\n" * 8_000, "+---+---+\n" * 40_000, "+--+\n|" * 40_000, "==  " * 100_000):
        tables(text)
    assert time.monotonic() - began < 10
