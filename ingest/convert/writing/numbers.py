"""Numbers of list items as they are written: 7, g, vii, G, VII.

But: what stands around a number ("(g)", "7.") is for the caller.
"""

from __future__ import annotations

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def numeral(number: int, form: str) -> str:
    """A number in one of the forms "1", "a", "A", "i", "I"; in figures where the form does not have it, such as 0."""
    if form in ("a", "A") and number > 0:
        letters = _letters(number)
    elif form in ("i", "I") and 0 < number < 4000:
        letters = _roman(number)
    else:
        return str(number)
    return letters.upper() if form.isupper() else letters


def _letters(number: int) -> str:
    """a to z, aa, ab, ..."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters


def _roman(number: int) -> str:
    numerals = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        numerals += sign * count
    return numerals
