"""What is filled into the form of a PDF is part of its text, at its place, and the report says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.convert.pdf import convert_pdf
from ingest.convert.pdf.picture import draw
from ingest.convert.textfile import Converted
from tests.ingest.convert.pdf.objects import packed

SAID = ("the text holds what is filled into or typed onto page 1",)
APPEARANCE = "/AP<</N<</Yes 5 0 R/Off 5 0 R>>>>"


def form(
    words: Sequence[tuple[int, int, str]], fields: Sequence[str], groups: Sequence[str] = (), rotate: int = 0
) -> bytes:
    """A page of words at their places, in points from the bottom left, and of fields, objects 6 and on."""
    drawn = "BT /F1 11 Tf " + " ".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, text in words) + " ET"
    numbers = range(6, 6 + len(fields))
    tops = [number for number, field in zip(numbers, fields, strict=True) if "/Parent" not in field]
    tops += range(6 + len(fields), 6 + len(fields) + len(groups))
    return packed(
        [
            f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{' '.join(f'{number} 0 R' for number in tops)}]"
            "/NeedAppearances true/DA(/F1 11 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Contents 4 0 R"
            f"/Resources<</Font<</F1 5 0 R>>>>/Annots[{' '.join(f'{number} 0 R' for number in numbers)}]>>",
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            *(f"<</Type/Annot{'' if '/Subtype' in field else '/Subtype/Widget'}/P 3 0 R{field}>>" for field in fields),
            *groups,
        ]
    )


def text(name: str, value: str, x: int, y: int, more: str = "") -> str:
    return f"/FT/Tx/T({name})/V({value})/Rect[{x} {y - 3} {x + 150} {y + 10}]{more}"


def box(name: str, y: int, ticked: bool) -> str:
    state = "Yes" if ticked else "Off"
    return f"/FT/Btn/T({name})/V/{state}/AS/{state}{APPEARANCE}/Rect[60 {y - 2} 72 {y + 10}]"


def read(*args: object, **more: object) -> Converted:
    return convert_pdf(form(*args, **more), "x.pdf")  # type: ignore[arg-type]


LEASE = [(60, 700, "Name of tenant:"), (60, 680, "Rent per month:"), (60, 660, "the boat:"), (80, 640, "Insured")]
FILLED = [text("Text1", "Dora Lindqvist", 150, 700), text("Text2", "412 marks", 150, 680), box("Box1", 640, True)]


@pytest.mark.parametrize("rotate", [0, 90])
def test_an_entry_stands_behind_the_words_beside_it_and_is_marked_where_it_is(rotate: int) -> None:
    found = read(LEASE, [*FILLED, text("Text3", "Heron", 150, 660)], rotate=rotate)
    lines = ["Name of tenant: Dora Lindqvist", "Rent per month: 412 marks", "the boat: Heron", "☒ Insured"]
    assert (found.text, found.warnings) == ("\n\n".join(lines), SAID)
    assert found.pages is not None
    start = found.text.index("412 marks")
    ((_, ((left, top, right, bottom),), _),) = found.pages.at(start, start + 9)
    if rotate == 0:
        assert (left, top, right, bottom) == (150, 842 - 690, 300, 842 - 677)


def test_a_label_with_a_colon_may_stand_far_from_its_field() -> None:
    words = [(60, 700, "Born:"), (60, 680, "Boat"), (60, 660, "Port:"), (300, 660, "(see the back)")]
    fields = [text("a1", "4 May 1931", 300, 700), text("b2", "Heron", 300, 680), text("c3", "Nidd", 420, 660)]
    found = read(words, fields).text
    assert "Born: 4 May 1931" in found and "Boat Heron" not in found and "Port: Nidd" not in found


def test_a_sentence_goes_on_behind_what_is_filled_into_it() -> None:
    words = [
        (60, 700, "I,"),
        (230, 700, ", rent the boat house for"),
        (60, 685, "marks a month from May on."),
    ]
    found = read(words, [text("a", "Dora Lindqvist", 75, 700), text("b", "412", 360, 700)])
    assert found.text == "I, Dora Lindqvist, rent the boat house for 412 marks a month from May on."


def test_boxes_and_choices_say_what_is_chosen() -> None:
    words = [(80, 700, "Insured"), (80, 680, "Keeps animals"), (80, 660, "Cash"), (180, 660, "By letter")]
    buttons = [
        f"/Parent 11 0 R/AS/{state}/AP<</N<</{name} 5 0 R/Off 5 0 R>>>>/Rect[{x} 658 {x + 12} 670]"
        for name, state, x in (("One", "Off", 60), ("Two", "Two", 160))
    ]
    district = "/FT/Ch/T(d)/Ff 131072/Opt[[(n)(North shore)][(s)(South shore)]]/V(s)/Rect[150 617 300 630]"
    fields = [box("a", 700, True), box("b", 680, False), *buttons, district]
    group = "<</FT/Btn/Ff 49152/T(Group1)/V/Two/Kids[8 0 R 9 0 R]>>"
    found = read([*words, (60, 620, "District:")], fields, [group])
    said = "☒ Insured ☐ Keeps animals ☐ Cash ☒ By letter District: South shore"
    assert " ".join(found.text.split()) == said


def test_entries_beside_which_nothing_stands_follow_with_their_names() -> None:
    fields = [
        text("tenant_name", "Dora Lindqvist", 60, 600),
        text("form1[0].#sub[0].StartDate[0]", "4 May 1931", 60, 570),
        text("Text7", "Heron", 60, 540, "/TU(Name of the boat)"),
        text("Text8", "In the autumn", 60, 500),
    ]
    found = read([(60, 700, "Lease"), (60, 514, "Reason for leaving")], fields)
    rows = ["tenant name | Dora Lindqvist", "Start Date | 4 May 1931", "Name of the boat | Heron"]
    rows.append("Reason for leaving | In the autumn")
    assert found.text.endswith("|  |  |\n| --- | --- |\n" + "\n".join(f"| {row} |" for row in rows))


def test_a_form_without_words_on_its_page_is_read() -> None:
    assert "| Rent | 412 marks |" in read([], [text("Rent", "412 marks", 60, 600)]).text


def test_an_empty_form_says_nothing_more_than_its_page() -> None:
    found = read(LEASE, ["/FT/Tx/T(a)/Rect[150 697 300 710]", box("b", 640, False)])
    assert (
        found.text.split() == ["Name", "of", "tenant:", "Rent", "per", "month:", "the", "boat:", "Insured"]
        and not found.warnings
    )


def test_hidden_fields_and_passwords_are_left_out() -> None:
    fields = [text("a", "Nobody", 150, 700, "/F 2"), text("b", "Secret", 150, 680, "/Ff 8192")]
    assert "Nobody" not in (found := read(LEASE, fields).text) and "Secret" not in found


def test_words_that_were_typed_onto_a_page_are_read() -> None:
    typed = "/Subtype/FreeText/DA(/F1 11 Tf)/Rect[{} {} 300 {}]/Contents({})"
    fields = [typed.format(150, 697, 710, "Dora Lindqvist"), typed.format(60, 470, 495, "agreed on the pier")]
    found = read(LEASE[:1], fields)
    assert (found.text, found.warnings) == ("Name of tenant: Dora Lindqvist\n\nagreed on the pier", SAID)
    assert found.title != "agreed on the pier"


def test_the_picture_of_a_page_shows_what_is_filled_in() -> None:
    empty, filled = form(LEASE, []), form(LEASE, FILLED[:2])
    assert draw(filled, 1, "x.pdf") != draw(empty, 1, "x.pdf")
