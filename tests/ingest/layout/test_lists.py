"""Lists with the sentence before them, lines with a key, numbered clauses."""

from __future__ import annotations

import time

import pytest

from ingest.passages import sentence_spans
from ingest.structure import find_structure
from vectorstore.types import Format


def sentences(text: str, format: Format = "plain") -> list[str]:
    structure = find_structure(text, format)
    spans = [span for spans in sentence_spans(text, structure) for span in spans]
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())
    return [" ".join(text[span.start : span.end].split()) for span in spans]


WHOLE = [
    "1.2 A person ceases to be a member if he or she\n(a) resigns in writing;\n(b) pays no fee; or\n(c) is expelled.",
    "A person ceases to be a member who:\n\n(a) resigns in writing;\n\n(b) pays no fee; or\n\n(c) is expelled.",
    "The board may, subject to rule 4,\n  (i) fine a member;\n  (ii) expel a member; and\n  (iii) close the book.",
    "The claim is:\n\n(i) Junior to the bank;\n\n(ii) On par with the crew; and\n\n(iii) Senior to the owners.",
    "A lease ends when the tenant\n1. leaves the house,\n2. pays no rent, or\n3. dies.",
    "The kit holds:\n- A knife.\n- A rope.",
    "The student body has these parts:\n\n1. Institute of Rope\n\n2. College of Sails;\n\n3. School of Tides;\n\n4. "
    "School of Nets;\n\n5. Bachelors of Ropes and Sails, Bachelors of Sails and Tides, Bachelors of Tides and Nets, of "
    "Nets and Ropes, and all who are in none of these.",
    "The kit holds:\n\n* a knife\n* a rope\n* a lamp",
    "The kit holds:\n\n• a knife\n• a rope",
    "The kit holds:\n\n(7) a knife\n(8) a rope",
    "The kit holds:\n\na) a knife\nb) a rope",
]


@pytest.mark.parametrize("text", WHOLE)
@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_a_list_is_one_with_the_sentence_that_introduces_it(text: str, format: Format) -> None:
    found = sentences(f"Rules\n\nThe weir is old. {text}\n\n2. Fees\n\nThe fee is due in May.", format)
    assert " ".join(text.split()) in found and "The weir is old." in found and "The fee is due in May." in found


def test_lists_of_sentences_and_long_lists_stay_apart() -> None:
    apart = sentences("Boil the water; add salt.\n(a) Then you stir.\n(b) Then you wait.")
    assert apart == ["Boil the water; add salt.", "(a) Then you stir.", "(b) Then you wait."]
    item = "a stone that was carried down from the quarry by forty men in the summer of that year"
    long = sentences("The wall holds:\n" + "".join(f"- {item} {n}\n" for n in range(9)))
    assert len(long) == 10 and long[0] == "The wall holds:"


def test_a_list_ends_before_the_next_numbered_heading() -> None:
    found = sentences("1. Kit\n\nIt holds:\n- a knife\n- a rope\n\n2. Use\n\nIt is used at sea by all who go there.")
    assert found[1:3] == ["It holds: - a knife - a rope", "2. Use"]


@pytest.mark.parametrize("format", ["plain", "markdown"])
def test_lines_with_a_key_are_lines_of_their_own(format: Format) -> None:
    found = sentences("The ship\n\nCaptain: Ida Holm\nMate: Jon Sparre\nCook: Per Lund\n\nIt sails in May.", format)
    assert found == ["The ship", "Captain: Ida Holm", "Mate: Jon Sparre", "Cook: Per Lund", "It sails in May."]
    fields = sentences(
        ":Captain: Ida Holm\n:Ship's mate: Jon Sparre,\n  called Jo\n:Cook: Per Lund\n\nAt 9: it sails.", format
    )
    assert fields == [":Captain: Ida Holm", ":Ship's mate: Jon Sparre, called Jo", ":Cook: Per Lund", "At 9: it sails."]


def test_a_value_over_two_lines_stays_with_its_key_and_prose_stays_whole() -> None:
    assert sentences("Name: Petrel\nPort: Hull, which lies\non the north bank\nLength: 31 metres") == [
        "Name: Petrel",
        "Port: Hull, which lies on the north bank",
        "Length: 31 metres",
    ]
    prose = (
        "There were two kinds of them in the\nbasket: red ones and green ones, and\nothers: blue ones that nobody took."
    )
    assert sentences(prose) == [" ".join(prose.split())]
    assert sentences("They met at\n10:30 and at\n11:45 again.") == ["They met at 10:30 and at 11:45 again."]


def test_numbered_clauses_are_paragraphs_that_begin_with_their_number() -> None:
    text = "2.1 The fee is 12 crowns (see cl. 4.1 and Sch. 1 para. (b)).\n2.2 A child pays. No more.\n2.3 It is due."
    assert sentences(text) == [
        "2.1 The fee is 12 crowns (see cl. 4.1 and Sch. 1 para. (b)).",
        "2.2 A child pays.",
        "No more.",
        "2.3 It is due.",
    ]
    blocks = find_structure(text).blocks
    assert [text[block.start : block.start + 3] for block in blocks] == ["2.1", "2.2", "2.3"]
    wrapped = "The population was about\n3.5 million people in all."
    assert len(find_structure(wrapped).blocks) == 1


def test_a_measure_at_the_beginning_of_a_line_is_no_clause() -> None:
    text = "They called it “the slope”\n1.5 % of which was gone."
    assert sentences(text) == [" ".join(text.split())]


def test_settings_in_code_are_lines_and_its_fences_are_no_text() -> None:
    text = "# A\n\nIt is set so:\n\n```ini\n# waiting\ntimeout = 90\nretries = 3\n```\n\n"
    text += "~~~\nfor x in y:\n    go(x)\n~~~\n"
    blocks = [(block.kind, text[block.start : block.end]) for block in find_structure(text, "markdown").blocks]
    assert ("prose", "timeout = 90") in blocks and ("prose", "retries = 3") in blocks
    assert ("caption", "```ini") in blocks and ("caption", "~~~") in blocks
    assert ("prose", "for x in y:\n    go(x)") in blocks


def test_a_line_with_a_key_begins_a_passage_and_so_does_a_record() -> None:
    crew = find_structure(
        "The ship\n\nCaptain: Ida Holm\nMate: Jon Sparre\n\nIt sails in May, when the ice is gone."
    ).blocks
    assert [block.begins for block in crew] == [False, True, True, True]
    card = find_structure("Contact\n\nName: Bodil Krag\nPhone: 555 1234\n").blocks
    assert [block.begins for block in card] == [False, True, False]
    boats = find_structure("Boats\n\nName: Petrel\nLength: 31 metres\n\nName: Skua\nLength: 24 metres\n").blocks
    assert [block.begins for block in boats] == [False, True, False, True, False]


def test_long_clauses_come_whole_and_endless_lists_take_no_time() -> None:
    clause = "carries away a stone, a beam, a rope or any other thing that belongs to the weir without the leave of us;"
    text = "A person ceases to be a member who:\n" + "".join(f"({letter}) {clause}\n" for letter in "abcdef")
    assert sentences(text) == [" ".join(text.split())]
    begun = time.process_time()
    for line in ("- a b c\n", "- a:\n", "It holds:\n- a\n\n", "(a) x;\n"):
        find_structure(line * 20_000)
    assert time.process_time() - begun < 40


def test_lines_under_a_numbered_heading_are_no_part_of_it() -> None:
    text = (
        "2.  Interests\n    Ada Fell named an interest in the boat that the club wants to\n"
        "    buy and left the room.\n\n"
        "3.  Finance\n    3.1  There are 400 crowns. 12 were paid for a rope that was of no\n         use.\n"
        "    3.2  The fee stays.\n"
    )
    found = ["2. Interests", "Ada Fell named an interest in the boat that the club wants to buy and left the room."]
    found += ["3. Finance", "3.1 There are 400 crowns.", "12 were paid for a rope that was of no use."]
    assert sentences(text) == [*found, "3.2 The fee stays."]


@pytest.mark.parametrize(
    "text",
    [
        "1. The keeper of the light rows to the rock with the oil on the first day of May, and\n   Ada Fell rows back.",
        "1. Boats\n   Nine are kept.",
        "3. Fees are due in May\n   of 4.1 crowns for those who row on the river for a month.",
    ],
)
def test_an_item_that_goes_on_in_the_next_line_is_no_heading(text: str) -> None:
    assert sentences(text)[0] == " ".join(text.split())


def test_a_signature_is_no_part_of_the_text_above_it_and_holds_together() -> None:
    found = sentences("The winch is mended\n-- \nPia Holt\nHead of Boats\nTel. 0432 118\n")
    assert found == ["The winch is mended", "-- Pia Holt Head of Boats Tel. 0432 118"]


@pytest.mark.parametrize("mark", ["▪", "●", "➢"])
def test_a_list_with_any_bullet_is_one_with_its_sentence(mark: str) -> None:
    text = "The warden may ask a member:\n\n" + "\n".join(
        f"{mark} {item}" for item in ("To mend a lamp.", "To row the doctor over.", "To pay a fine.")
    )
    assert [text[block.start : block.end] for block in find_structure(text).blocks] == [text]
