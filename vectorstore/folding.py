"""Letters that are other letters in print, folded for search: ligatures, full-width and styled letters, soft hyphens.

    "the oﬃce" -> "the office"      "ＡＢＣ" -> "ABC"      "co\\u00adoperate" -> "cooperate"

But: raised and lowered figures stay as they are ("10⁶" is not "106"), and no stored text is ever changed.
"""

from __future__ import annotations

import re
import unicodedata

_RANGES = (
    *((0x0132, 0x0133), (0x017F, 0x017F), (0x01C4, 0x01CC), (0x01F1, 0x01F3)),  # ĳ, ſ, ǆ
    *((0xFB00, 0xFB06), (0xFB13, 0xFB17)),  # ﬁ, ﬂ, ﬀ
    *((0xFF01, 0xFF5E), (0xFFE0, 0xFFE6)),  # full width
    *((0x1D400, 0x1D7FF), (0x2110, 0x2113), (0x2119, 0x211D), (0x212A, 0x2134)),  # 𝐛𝐨𝐥𝐝 and 𝓈𝒸𝓇𝒾𝓅𝓉 letters
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_FOLDED = {
    **{at: unicodedata.normalize("NFKC", chr(at)) for first, last in _RANGES for at in range(first, last + 1)},
    **dict.fromkeys(map(ord, _INVISIBLE), ""),
}
_FOUND = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _RANGES) + _INVISIBLE + "]")
"""In ranges: of single characters it would look at each in turn."""


_MARKS = re.compile(
    r"\[(?:\d{1,3}(?:\s?[,–-]\s?\d{1,3})*|[a-z*†‡§])\](?![(:])"  # of footnotes
    r"|[⁰¹²³⁴-⁹⁺⁻⁼⁽⁾ⁿⁱ]+|(?<=[\w)])\^(?:-?\d+|\w|\([^()\n]{1,40}\))"  # raised
)


def unmarked(text: str) -> str:
    """The text without footnote marks and raised characters, which are no words: "10⁶ people[4]" gives "10 people"."""
    return _MARKS.sub("", text)


def folded(text: str) -> str:
    """The text as it is searched."""
    return text if text.isascii() or not _FOUND.search(text) else text.translate(_FOLDED)


def folded_places(text: str) -> tuple[str, list[int] | None]:
    """The text as it is searched, and for each of its characters the offset of the one that it came from; None where
    nothing is folded."""
    if text.isascii() or not _FOUND.search(text):
        return text, None
    places = [at for at, character in enumerate(text) for _ in _FOLDED.get(ord(character), character)]
    return text.translate(_FOLDED), places
