"""XFA forms, whose pages say only "Please wait": their words and what is filled in are the text."""

from __future__ import annotations

import pytest

from ingest.convert.pdf import convert_pdf
from ingest.convert.textfile import Converted
from tests.ingest.convert.pdf.objects import packed
from vectorstore.errors import InputError

WAIT = "Please wait... If this message is not eventually replaced by the proper contents, your viewer cannot show it."
REMARK = "it is an XFA form: the text holds its words and what is filled in, without their places on a page"


def field(name: str, caption: str = "", inner: str = "<ui><textEdit/></ui>", more: str = "") -> str:
    said = f"<caption><value><text>{caption}</text></value></caption>" if caption else ""
    return f'<field name="{name}"{more}>{said}{inner}</field>'


def draw(text: str) -> str:
    return f"<draw><value><text>{text}</text></value></draw>"


def choice(names: str, on: str) -> str:
    return f"<ui><checkButton/></ui><items><text>{on}</text></items>{names}"


def xfa(body: str, data: str, *, wait: str = WAIT, whole: bool = False, needed: bool = True) -> bytes:
    """A PDF with one page that says `wait`, a template with `body` in the form "lease", and the data of it."""
    template = (
        '<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="lease">'
        f"<pageSet><pageArea>{draw('page header')}</pageArea></pageSet>{body}</subform></template>"
    )
    datasets = (
        '<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data>'
        f"<lease>{data}</lease></xfa:data></xfa:datasets>"
    )
    streams = [f"<xdp>{template}{datasets}</xdp>"] if whole else [template, datasets]
    parts = "7 0 R" if whole else "[(template) 7 0 R (datasets) 8 0 R]"
    drawn = f"BT /F1 11 Tf 1 0 0 1 60 700 Tm ({wait}) Tj ET"
    return packed(
        [
            f"<</Type/Catalog/Pages 2 0 R{'/NeedsRendering true' * needed}/AcroForm<</Fields[]/XFA {parts}>>>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            "<<>>",
            *(f"<</Length {len(part.encode())}>>stream\n{part}\nendstream" for part in streams),
        ]
    )


def read(body: str, data: str, **more: bool | str) -> Converted:
    return convert_pdf(xfa(body, data, **more), "x.pdf")  # type: ignore[arg-type]


@pytest.mark.parametrize("more", [{}, {"whole": True}, {"needed": False}, {"wait": "Bitte warten"}], ids=str)
def test_fields_and_fixed_words_come_in_the_order_of_the_form(more: dict[str, bool | str]) -> None:
    body = (
        draw("Lease of a boat") + field("Text1", "Name of tenant") + field("MonthlyRent") + field("f", "Deposit paid?")
    )
    found = read(body, "<MonthlyRent>412 marks</MonthlyRent><Text1>Dora Lindqvist</Text1><f>no</f>", **more)
    lines = ["Lease of a boat", "Name of tenant: Dora Lindqvist", "Monthly Rent: 412 marks", "Deposit paid? no"]
    assert (found.text, found.title, found.warnings) == ("\n\n".join(lines), lines[0], (REMARK,))
    assert found.pages is None


def test_boxes_and_choices_say_what_the_form_shows_not_what_its_data_says() -> None:
    berth = "<ui><choiceList/></ui><items><text>North quay</text><text>South quay</text></items>"
    berth += '<items save="1"><text>N</text><text>S</text></items>'
    group = "".join(field("", shown, choice("", on)) for shown, on in (("Sail", "1"), ("Motor", "2")))
    body = (
        field("berth", "Berth", berth)
        + field("ins", "Insured", choice("", "yes"))
        + field("lit", "Lights", choice("", "yes"))
        + f'<exclGroup name="kind">{group}</exclGroup>'
        + field("pin", "Code", "<ui><passwordEdit/></ui>")
        + field("send", "Send", "<ui><button/></ui>")
    )
    data = "<berth>S</berth><ins>yes</ins><lit>no</lit><kind>2</kind><pin>7731</pin>"
    lines = ["Berth: South quay", "☒ Insured", "☐ Lights", "☐ Sail", "☒ Motor"]
    assert read(body, data).text == "\n\n".join(lines)


def test_rows_that_repeat_are_a_table_and_parts_that_repeat_come_each_time() -> None:
    head = f'<subform layout="row">{draw("Boat")}{draw("Length")}</subform>'
    row = f'<subform name="boat" layout="row"><occur max="-1"/>{field("n")}{field("l")}</subform>'
    guest = f'<subform name="guest"><occur min="0" max="-1"/>{field("who", "Guest")}</subform>'
    body = f'<subform name="boats" layout="table">{head}{row}</subform>' + guest
    boats = "".join(f"<boat><n>{n}</n><l>{m} m</l></boat>" for n, m in (("Heron", 9), ("Tern", 7)))
    people = "<guest><who>Ilse Kern</who></guest><guest><who>Sam Oduya</who></guest>"
    table = "| Boat | Length |\n| --- | --- |\n| Heron | 9 m |\n| Tern | 7 m |"
    assert read(body, f"<boats>{boats}</boats>{people}").text == f"{table}\n\nGuest: Ilse Kern\n\nGuest: Sam Oduya"
    assert "Guest" not in read(body, f"<boats>{boats}</boats>").text


def test_what_no_field_shows_is_named_as_its_data_is_and_hidden_fields_are_left_out() -> None:
    body = field("a", "Harbour") + field("secret", "Hidden", more=' presence="hidden"')
    found = read(body, "<a>Torsay</a><secret>x9</secret><HarbourDues>31 marks</HarbourDues>")
    assert found.text == "Harbour: Torsay\n\nHarbour Dues: 31 marks"


def test_rich_text_keeps_its_blanks() -> None:
    rich = '<body xmlns="http://www.w3.org/1999/xhtml"><p>Two <b>blue</b> oars</p><p>and a sail</p></body>'
    assert read(field("r", "Kit"), f"<r>{rich}</r>").text == "Kit: Two blue oars and a sail"


def test_a_form_with_pages_of_its_own_is_read_from_them() -> None:
    found = read(field("a", "Harbour"), "<a>Torsay</a>", wait="Harbour: Torsay, as printed", needed=False)
    assert (found.text, found.warnings) == ("Harbour: Torsay, as printed", ())


def test_a_form_that_cannot_be_read_gets_one_line() -> None:
    data = xfa(field("a"), "").replace(b"<template", b"<<<<<<<<<").replace(b"<xfa:data", b"<<<<<<<<<")
    with pytest.raises(InputError, match=r"^x\.pdf is an XFA form whose fields cannot be read\. Print it to a new PDF"):
        convert_pdf(data, "x.pdf")


def test_a_template_that_would_unfold_without_end_is_refused() -> None:
    row = f'<subform name="b"><occur max="-1"/>{draw("x") * 900}</subform>'
    with pytest.raises(InputError, match="parts of a form"):
        read(row, "<b/>" * 900)
