"""Raised, lowered and struck-out letters, and hyphens at line ends: the words of a PDF are those that stand there."""

from __future__ import annotations

import time

import pytest
from fpdf import FPDF

from ingest.convert.pdf import convert_pdf
from ingest.convert.pdf.hyphens import Hyphens
from tests.ingest.convert.pdf.drawn import page


def drawn(*runs: tuple[str, str]) -> FPDF:
    """A page with one paragraph of runs: (text, "" | "SUP" | "SUB" | "S" for struck out)."""
    pdf = FPDF()
    pdf.add_page()
    for text, look in runs:
        pdf.set_font("Times", style="S" if look == "S" else "", size=12)
        pdf.char_vpos = look if look.startswith("SU") else "LINE"
        pdf.write(6, text)
    return pdf


def text_of(pdf: FPDF) -> str:
    return convert_pdf(bytes(pdf.output()), "x.pdf").text


@pytest.mark.parametrize(
    "before, mark, after, written",
    [
        ("It holds 10", "6", " cubic metres.", "It holds 10⁶ cubic metres."),
        ("It holds 10", "-6", " of it.", "It holds 10⁻⁶ of it."),
        ("An area of 5 km", "2", " burnt.", "An area of 5 km² burnt."),
        ("About 318", "4", " families left.", "About 318[4] families left."),
        ("It was filled in 1931.", "2", " The dam holds.", "It was filled in 1931.[2] The dam holds."),
        ("The word", "12", ", and more.", "The word[12], and more."),
        ("They met on the 1", "st", " of May.", "They met on the 1st of May."),
        ("He bought Attest", "TM", " there.", "He bought Attest™ there."),
        ("Then x", "2", " grows.", "Then x² grows."),
        ("It is sold", "*", " here.", "It is sold[*] here."),
    ],
)
def test_raised_letters_never_run_into_a_number_or_a_word(before: str, mark: str, after: str, written: str) -> None:
    assert text_of(drawn((before, ""), (mark, "SUP"), (after, ""))) == written


def test_lowered_figures_are_written_lowered() -> None:
    assert text_of(drawn(("Pure H", ""), ("2", "SUB"), ("O and CO", ""), ("2", "SUB"), (" rise.", ""))) == (
        "Pure H₂O and CO₂ rise."
    )


def test_a_note_at_the_foot_of_a_page_keeps_its_mark_apart_and_stands_behind_the_sentence_over_the_page() -> None:
    pdf = FPDF()
    pdf.set_font("Times", size=12)
    pdf.add_page()
    line = "The council of the town met again in the spring and talked about the bridge over the river and its toll"
    for _ in range(6):
        pdf.cell(0, 6, line + ".", new_x="LMARGIN", new_y="NEXT")
    pdf.cell(0, 6, "In the end the members agreed that the bridge would be paid for by", new_x="LMARGIN", new_y="NEXT")
    pdf.set_y(-40)
    pdf.set_font_size(9)
    pdf.char_vpos = "SUP"
    pdf.write(5, "3")
    pdf.char_vpos = "LINE"
    pdf.write(5, " Minutes of the council, volume two.")
    pdf.add_page()
    pdf.set_font_size(12)
    pdf.cell(0, 6, "the owners of the mills on both banks.", new_x="LMARGIN", new_y="NEXT")
    for _ in range(5):
        pdf.cell(0, 6, line + ".", new_x="LMARGIN", new_y="NEXT")
    text = text_of(pdf)
    assert "the bridge would be paid for by the owners of the mills on both banks." in text
    assert text.split("\n\n").count("[3] Minutes of the council, volume two.") == 1
    assert text.index("the mills on both banks.") < text.index("[3] Minutes")


def test_struck_out_words_are_left_out_and_said_to_be() -> None:
    pdf = drawn(("The rent is ", ""), ("450 crowns", "S"), (" 520 crowns a month.", ""))
    converted = convert_pdf(bytes(pdf.output()), "x.pdf")
    assert converted.text == "The rent is 520 crowns a month."
    assert converted.warnings == ("left out struck-out text on page 1",)


def test_underlined_words_stay() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Times", style="U", size=12)
    pdf.write(6, "The rent is 450 crowns.")
    converted = convert_pdf(bytes(pdf.output()), "x.pdf")
    assert converted.text == "The rent is 450 crowns." and converted.warnings == ()


@pytest.mark.parametrize(
    "before, after, kept",
    [
        ("organ-", "ised", "organised"),
        ("inter-", "national", "international"),
        ("commu-", "nity.", "community."),
        ("carto-", "graphers", "cartographers"),
        ("re-", "sign", "re-sign"),
        ("re-", "cover", "re-cover"),
        ("cost-", "sharing", "cost-sharing"),
        ("well-", "known", "well-known"),
        ("long-", "term,", "long-term,"),
        ("Anglo-", "Swedish", "Anglo-Swedish"),
        ("state-of-the-", "art", "state-of-the-art"),
        ("COVID-", "19", "COVID-19"),
        ("DNA-", "based", "DNA-based"),
        ("e-", "mail", "e-mail"),
        ("1914-", "1918", "1914-1918"),
        ("pre-", "and post-war", "pre- and post-war"),
        ("$150-", "$300,", "$150-$300,"),
    ],
)
def test_a_hyphen_at_a_line_end_stays_where_it_belongs_to_the_word(before: str, after: str, kept: str) -> None:
    head, between = Hyphens(["The", "and"]).joint(before, after)
    assert head + between + after == kept


def test_what_the_document_writes_elsewhere_decides_about_a_hyphen() -> None:
    assert Hyphens(["slipway"]).joint("slip-", "way") == ("slip", "")
    assert Hyphens(["slip-way"]).joint("slip-", "way") == ("slip-", "")
    assert Hyphens(["re-elected"]).joint("re-", "elected") == ("re-", "")


def test_a_word_of_very_many_hyphens_takes_no_time() -> None:
    begun = time.process_time()
    assert Hyphens([]).joint("a-" * 40_000 + "?-", "b") == ("a-" * 40_000 + "?-", " ")
    assert time.process_time() - begun < 0.5


def test_a_short_unit_before_its_power_is_no_large_first_letter() -> None:
    pdf = page()
    pdf.text(20, 40, "The moss is 14 km")
    x = 20 + pdf.get_string_width("The moss is 14 km")
    pdf.set_font_size(6)
    pdf.text(x, 38.7, "2")
    pdf.set_font_size(11)
    pdf.text(x + 2.5, 40, "wide and lies between two rivers.")
    assert text_of(pdf) == "The moss is 14 km² wide and lies between two rivers."


def test_a_mark_hardly_smaller_than_its_word_stands_behind_it() -> None:
    pdf = page()
    pdf.text(20, 40, "The last eel was seen in the")
    pdf.text(20, 45, "river Arn")
    x = 20 + pdf.get_string_width("river Arn")
    pdf.set_font_size(10)
    pdf.text(x + 0.1, 43.9, "1")
    pdf.set_font_size(11)
    pdf.text(x + 3, 45, "by a child.")
    assert text_of(pdf) == "The last eel was seen in the river Arn[1] by a child."


def test_a_power_drawn_in_parts_is_one() -> None:
    pdf = page()
    pdf.text(20, 40, "It is (4:11)")
    x = 20 + pdf.get_string_width("It is (4:11)") + 0.1
    for part, font in (("1", "Helvetica"), ("/", "Times"), ("3", "Helvetica")):
        pdf.set_font(font, size=7)
        pdf.text(x, 38.6, part)
        x += pdf.get_string_width(part)
    pdf.set_font("Helvetica", size=11)
    pdf.text(x + 2, 40, "in all.")
    assert text_of(pdf) == "It is (4:11)^(1/3) in all."


def test_a_mark_high_before_its_note_is_one_with_it() -> None:
    pdf = FPDF(unit="pt")
    pdf.add_page()
    pdf.set_font("Times", size=11)
    for at in range(9):
        pdf.text(72, 80 + 14 * at, "The harbour was measured again in the spring, and its board paid for it in full.")
    for at, note in enumerate(["Minutes of the board, volume two.", "Letters of the harbour master."]):
        pdf.set_font_size(7.3)
        pdf.text(72, 696 + 25 * at, str(23 + at))
        pdf.set_font_size(8.4)
        pdf.text(86, 701 + 25 * at, note)
    assert "[23] Minutes of the board, volume two.\n\n[24] Letters of the harbour master." in text_of(pdf)


BEGUN = (
    "he council met on Tuesday in the old hall and heard the",
    "harbour master, who asked for two more lamps on the pier.",
    "Nobody spoke against it, and the lamps were ordered soon",
    "from Brask, at a price of forty crowns for each of them.",
)


def with_initial(letter: str, lines: tuple[str, ...], *, when: int, tall: int, hangs: bool, gap: float = 2) -> str:
    """The text below a line of a page whose first letter is as tall as so many lines, drawn before line `when`."""
    pdf, size, lead, left, base = FPDF(unit="pt"), 11.0, 14.0, 60.0, 120.0
    large = ((tall - 1) * lead + 0.66 * size) / 0.66
    pdf.add_page()
    pdf.set_font("Times", size=size)
    pdf.text(left, base - 3 * lead, "Notes of the week in a town on the coast")
    pdf.set_font("Times", size=large)
    indent = pdf.get_string_width(letter) + gap
    for number, line in enumerate(lines):
        if number == when:
            pdf.set_font("Times", size=large)
            pdf.text(left, base + (tall - 1) * lead * hangs, letter)
        pdf.set_font("Times", size=size)
        beside = number < tall if hangs else number == 0
        pdf.text(left + indent * beside, base + number * lead, line)
    return text_of(pdf).partition("\n\n")[2]


@pytest.mark.parametrize("when", [0, 1, 3])
@pytest.mark.parametrize("tall", [2, 3])
@pytest.mark.parametrize("hangs", [True, False])
def test_a_large_first_letter_begins_its_word_whenever_it_is_drawn(when: int, tall: int, hangs: bool) -> None:
    text = with_initial("T", BEGUN, when=when, tall=tall, hangs=hangs, gap=4)
    assert text.startswith("The council met on Tuesday in the old hall and heard the harbour master, who asked for")


@pytest.mark.parametrize(
    ("letter", "first", "begins"),
    [
        ("A", "harbour is a place where boats lie safe from the wind", "A harbour is"),
        ('"T', 'he pier is lost," said Ada Fell on the third of May', '"The pier is lost," said'),
        ("T", "HE COUNCIL met on Tuesday in the old hall and heard", "THE COUNCIL met"),
        ("G", "ROTH was a town of weavers on the river, and its old", "GROTH was a town"),
        ("M", "Museum of Boats and Nets, open on weekdays from nine", "M Museum of Boats"),
    ],
)
def test_a_large_letter_may_be_a_word_or_stand_behind_a_quotation_mark(letter: str, first: str, begins: str) -> None:
    for when in (0, 2):
        assert with_initial(letter, (first, *BEGUN[1:]), when=when, tall=2, hangs=True).startswith(begins)
