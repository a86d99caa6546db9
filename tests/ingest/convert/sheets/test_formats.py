"""Numbers and dates are written as a spreadsheet shows them; what is not known is refused, never guessed."""

from __future__ import annotations

import contextlib
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.convert.sheets.formats import Unshown, Value, plain, shown

TIME = datetime.datetime(2024, 3, 1, 14, 5, 9)


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (1234.5, '#,##0.00 "marks"', "1,234.50 marks"),
        (1234567, "#,##0", "1,234,567"),
        (0, "#,##0", "0"),
        (0.5, "#.##", ".5"),
        (5, "000", "005"),
        (12, "0.###", "12"),
        (2.675, "0.00", "2.68"),
        (-0.001, "0.00", "0.00"),
        (0.125, "0.0%", "12.5%"),
        (-3, "0;(0)", "(3)"),
        (0, '0;(0);"none"', "none"),
        (-1234.567, "#,##0.00_);[Red](#,##0.00)", "(1,234.57)"),
        (1234.5, '_-"£"* #,##0.00_-;-"£"* #,##0.00_-', "£1,234.50"),
        (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"),
        (1234567, '0.0,,"M"', "1.2M"),
        (12345, "0.00E+00", "1.23E+04"),
        (0.00012, "0.0E+0", "1.2E-4"),
        (5551234, "[<=9999999]###-####;(###) ###-####", "555-1234"),
        (2125551234, "[<=9999999]###-####;(###) ###-####", "(212) 555-1234"),
        (7, '0" of 9"', "7 of 9"),
        (7, "@", "7"),
        (12, 'General" kg"', "12 kg"),
        (-12, "General", "-12"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789012345, "General", "123456789012345"),
        (1e20, "General", "1E+20"),
        (True, "General", "TRUE"),
        ("Tern", "0.00", "Tern"),
        ("Tern", '@" (boat)"', "Tern (boat)"),
        ("hidden", ";;;", ""),
        (TIME, "yyyy-mm-dd hh:mm:ss", "2024-03-01 14:05:09"),
        (TIME, "d mmm yyyy", "1 Mar 2024"),
        (TIME, "dddd, mmmm d", "Friday, March 1"),
        (TIME, "d/m/yy h:mm AM/PM", "1/3/24 2:05 PM"),
        (TIME, "mm-dd-yy", "2024-03-01"),
        (TIME, "[$-409]mmmm yyyy", "March 2024"),
        (TIME, "mm:ss", "05:09"),
        (TIME.date(), "dd.mm.yyyy", "01.03.2024"),
        (datetime.time(7, 5), "h:mm", "7:05"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (datetime.timedelta(minutes=-90), "[h]:mm:ss", "-1:30:00"),
    ],
)
def test_a_value_is_shown_by_its_format(value: Value, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (0.5, "# ?/?"),
        (TIME, "[$-407]d. mmmm yyyy"),
        (5, "yyyy-mm-dd"),
        (float("inf"), "0"),
        (float("nan"), "General"),
        (5, "0[odd]"),
        (5, "0" * 300),
    ],
)
def test_a_format_that_is_not_known_is_refused(value: Value, number_format: str) -> None:
    with pytest.raises(Unshown):
        shown(value, number_format)


def test_values_have_a_plain_form() -> None:
    assert [plain(value) for value in (0.5, 3.0, TIME, datetime.datetime(2024, 3, 1), datetime.time(7, 5))] == [
        "0.5",
        "3",
        "2024-03-01 14:05:09",
        "2024-03-01",
        "07:05:00",
    ]


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_grouped_figures_are_those_that_python_writes(cents: int, decimals: int) -> None:
    value = cents / 100 if decimals >= 2 else cents
    number_format = "#,##0" + "." * bool(decimals) + "0" * decimals
    expected = f"{value:,.{decimals}f}"
    assert shown(value, number_format) == expected


@given(
    st.one_of(st.integers(), st.floats(), st.datetimes(), st.times(), st.timedeltas(), st.text(max_size=5)),
    st.text(st.sampled_from('0#?.,%E+-;"\\[]_*@/ymdhsAMP$€G<>=1 '), max_size=14),
)
def test_any_format_shows_something_or_is_refused(value: Value, number_format: str) -> None:
    with contextlib.suppress(Unshown, ArithmeticError):
        assert isinstance(shown(value, number_format), str)
    assert isinstance(plain(value), str)
