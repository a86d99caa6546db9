"""Months and days over the columns of a table, written out: "Jan", "Feb." are "January", "February".

Whoever searches a row or looks for an answer in it reads them so, for a question says "in March"; what is shown and
cited stays as it is written.
But: a lone "Sun" or "Mar" among other headers may be anything, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vectorstore.english import DAYS, MONTHS, SHORT_PERIODS, one_of

_KINDS = tuple(
    {form.casefold(): word for short, word in SHORT_PERIODS.items() if word in kind.split() for form in (short, word)}
    for kind in (MONTHS, DAYS)
)
_PERIOD = re.compile(
    rf"(?P<word>{one_of(' '.join(sorted({form for kind in _KINDS for form in kind}, key=lambda f: (-len(f), f))))})"
    r"(?:\.|\b)(?=\s?[’'/ -]?\s?(?:\d{2,4})?$)",
    re.I,
)
LEAST = 2
"""Columns that must be months, or days, before any is written out."""


def in_full(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels of the columns of a table, months and days among them written out."""
    matches = [_PERIOD.match(label) for label in labels]
    found = list(labels)
    for kind in _KINDS:
        own = {n: match for n, match in enumerate(matches) if match and match["word"].casefold() in kind}
        if len({match["word"][:3].casefold() for match in own.values()}) >= LEAST:
            for number, match in own.items():
                found[number] = kind[match["word"].casefold()] + match.string[match.end() :]
    return tuple(found)
