"""Numbered parts of texts, whole and no more."""

from __future__ import annotations

import time

import pytest

from assistant.about.clauses import wanted_part
from assistant.about.numbered import find, label_of, marks_of, number_of, pieces

LEASE = """# Lease of the boathouse

## 1. Rent

1.1 The rent is 400 crowns a year.
1.2 It is paid
   (a) in two halves;
   (b) on 1 May, unless
       (i) the bank is closed, or
       (ii) the parties agree otherwise; and
   (c) without deduction.
1.3 Interest under clause 1.2 is 4 %.

## 2. Repairs

2.1 The landlord repairs the roof.

The tenant repairs the rest,
within a month.

## 3. Use

No animals are kept, except:

1. dogs
2. ducks

## Schedule 1

1. One rowing boat.
2. Two oars.
"""
RULES = """Rule 1. Quiet
Nobody sings. See rule 2.

Rule 2. Bins
Bins are put out on Monday. They are brought in
on Tuesday.

Signatures

The keeper
"""
ACT = """PART I
1.—(1) This Act may be cited as the Weir Act.
(2) It comes into force on 1 June.
PART II
2. In this Act "weir" includes a sluice. 2.1 It includes a gate.
"""


def parts(text: str, label: str, number: str, headings: tuple[str, ...] = ()) -> list[str]:
    places = [(text.index(heading), text.index(heading) + len(heading)) for heading in headings]
    return [text[slice(*span)] for span in find(text, marks_of(text), places, label, number_of(number))]


@pytest.mark.parametrize(
    ("text", "label", "number", "first", "last"),
    [
        (LEASE, "clause", "1.2", "1.2 It is paid", "(c) without deduction."),
        (LEASE, "clause", "1.2(b)", "(b) on 1 May", "otherwise; and"),
        (LEASE, "clause", "1.2(b)(ii)", "(ii) the parties", "otherwise; and"),
        (LEASE, "section", "1", "## 1. Rent", "is 4 %."),
        (LEASE, "", "2.1", "2.1 The landlord", "within a month."),
        (LEASE, "section", "3", "## 3. Use", "2. ducks"),
        (LEASE, "schedule", "1", "## Schedule 1", "2. Two oars."),
        (RULES, "rule", "1", "Rule 1. Quiet", "See rule 2."),
        (ACT, "section", "1", "1.—(1)", "on 1 June."),
        (ACT, "section", "1(2)", "(2) It comes", "on 1 June."),
        (ACT, "part", "ii", "PART II", "includes a gate."),
        (ACT, "paragraph", "2.1", "2.1 It includes", "a gate."),
    ],
)
def test_a_part_goes_to_the_next_of_its_rank(text: str, label: str, number: str, first: str, last: str) -> None:
    found = parts(text, label, number)[0]
    assert found.startswith(first) and found.endswith(last)


def test_the_last_item_of_a_list_ends_with_the_list() -> None:
    text = "Do this:\n\n1. Boil water.\n2. Add salt:\n   - a spoon\n\n   at least.\n\nThen eat.\n"
    assert parts(text, "step", "2") == ["2. Add salt:\n   - a spoon\n\n   at least."]
    assert parts(text, "step", "1") == ["1. Boil water."]


def test_a_heading_without_a_number_ends_a_part() -> None:
    assert parts(RULES, "rule", "2")[0].endswith("The keeper")
    assert parts(RULES, "rule", "2", ("Signatures",))[0].endswith("on Tuesday.")


@pytest.mark.parametrize(
    ("text", "label", "number"),
    [(LEASE, "clause", "1.4"), (RULES, "rule", "3"), (RULES, "article", "2"), (ACT, "part", "3"), (LEASE, "rule", "9")],
)
def test_what_is_not_there_is_not_found(text: str, label: str, number: str) -> None:
    assert parts(text, label, number) == []


def test_a_number_of_very_many_parts_is_not_found() -> None:
    wanted = wanted_part("1." * 999 + "?")
    assert wanted is not None and len(wanted.number) == 999
    assert find(ACT, marks_of(ACT), [], wanted.label, wanted.number) == []


def test_a_part_is_shown_by_its_lines_and_paragraphs_all_of_it() -> None:
    (span, *_) = find(LEASE, marks_of(LEASE), (), "clause", ("1", "2"))
    shown = [LEASE[slice(*piece)] for piece in pieces(LEASE, span)]
    assert shown[0] == "1.2 It is paid" and shown[-1] == "(c) without deduction." and len(shown) == 6
    assert "".join("".join(shown).split()) == "".join(LEASE[slice(*span)].split())


@pytest.mark.parametrize(
    ("question", "label", "number", "outer", "document"),
    [
        ("What does clause 2.3 say?", "clause", ("2", "3"), None, ""),
        ("Article 5(2)", "article", ("5", "2"), None, ""),
        ("What does Art. 5 (2) of the lease say?", "article", ("5", "2"), None, "lease"),
        ("what’s in chapter II?", "chapter", ("2",), None, ""),
        ("§ 12", "section", ("12",), None, ""),
        ("Show me paragraph 4 of Schedule 1", "paragraph", ("4",), ("schedule", ("1",)), ""),
        ("What does Sch. 1 para. 4 say?", "paragraph", ("4",), ("schedule", ("1",)), ""),
        ("Can you quote rule seven?", "rule", ("7",), None, ""),
        ("And clause 4?", "clause", ("4",), None, ""),
        ("What does 2.3 say about fees?", "", ("2", "3"), None, ""),
    ],
)
def test_a_question_for_a_part(
    question: str, label: str, number: tuple[str, ...], outer: tuple[str, tuple[str, ...]] | None, document: str
) -> None:
    wanted = wanted_part(question)
    assert wanted is not None
    assert (wanted.label, wanted.number, wanted.outer, wanted.document) == (label, number, outer, document)


@pytest.mark.parametrize(
    "question",
    ["When does clause 2.3 apply?", "Who is exempt under section 4?", "What did Act 2 cost?", "What happened in 1921?"],
)
def test_a_question_for_something_in_a_part_is_none(question: str) -> None:
    assert wanted_part(question) is None


def test_abbreviations_and_numbers_are_read() -> None:
    assert [label_of(word) for word in ("Cl.", "§§", "Sections", "bye-law", "para.", "Rule")] == [
        "clause",
        "section",
        "section",
        "by-law",
        "paragraph",
        "rule",
    ]
    assert [number_of(words) for words in ("IV", "xix", "5(2)", "four", "1.2 (b)", "B", "12a")] == [
        ("4",),
        ("19",),
        ("5", "2"),
        ("4",),
        ("1", "2", "b"),
        ("b",),
        ("12a",),
    ]


@pytest.mark.parametrize("part", ["1.", "1.1 ", "\n1. a", "(a) ", "Rule 1", "\n\n", "# ", "Section "])
def test_odd_texts_take_no_time(part: str) -> None:
    started = time.process_time()
    text = (part * 20_000)[:60_000]
    find(text, marks_of(text), (), "rule", ("1", "1"))
    wanted_part((part * 400)[:2000])
    assert time.process_time() - started < 5


WRAPPED = """4. Keys

Each member holds one key. A lost key is paid for under the conditions that are set in section
6. The keeper may waive the fee, as he may under section 2 and
5. A key may not be lent, as is set out in greater detail and with some examples below in
section 5, concerning guests.

5. Guests

A guest stays for one night.

6. Fees

The fee for a key is 9 crowns, and whoever has paid it for the third time answers to the board and
9. is no longer a member.

7. Boats

A boat is shared by four.
"""


@pytest.mark.parametrize(
    ("number", "begins", "ends"),
    [("5", "5. Guests", "one night."), ("6", "6. Fees", "member."), ("4", "4. Keys", "guests."), ("9", "", "")],
)
def test_a_reference_that_is_broken_over_lines_is_no_part(number: str, begins: str, ends: str) -> None:
    found = [WRAPPED[slice(*span)] for span in find(WRAPPED, marks_of(WRAPPED), [], "section", (number,))]
    assert len(found) == bool(begins)
    assert all(part.startswith(begins) and part.endswith(ends) for part in found)


def test_a_part_may_follow_a_line_without_a_full_stop() -> None:
    text = "1. Every member of the club has one vote at the meeting of the year\n2. Nobody votes by letter\n" * 2
    assert [mark.number for mark in marks_of(text)] == [("1",), ("2",)] * 2
