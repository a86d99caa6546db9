"""Words of English that more than one part needs, and two ways to write a list of them.

But: a word list that only one module uses stands in that module, built from these where it holds more.
"""

from __future__ import annotations

CERTAIN_MONTHS = "January February April June July August September October November December"
"""Months whose names mean nothing else, as "March" and "May" do."""
MONTHS = f"{CERTAIN_MONTHS} March May"
SHORT_MONTHS = "Jan Feb Mar Apr Aug Sept Sep Oct Nov Dec"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
SEASONS = "spring summer autumn winter"

ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
"""Numbers in words, in order."""

TITLES = "Dr Mr Mrs Ms Mx Prof St Gen Col Lt Capt Sgt Rev Hon Sen Rep Gov"
"""Titles that are written with a full stop."""

SAYING = """say tell write argue claim warn declare explain admit reply respond promise predict demand comment conclude
quip joke"""
"""Verbs for uttering words, as they stand in a dictionary."""
JUDGING = "call describe denounce accuse liken label"
"""Verbs for uttering a view of somebody or something."""


def word_set(text: str) -> frozenset[str]:
    """The words of a list that is written as one string: "he she" -> {"he", "she"}."""
    return frozenset(text.split())


def one_of(text: str) -> str:
    """A regular expression for one of the words; "_" stands for a blank: "he put_it" -> "(?:he|put it)"."""
    return "(?:" + "|".join(text.split()).replace("_", " ") + ")"


SHORT_PERIODS = {word[:3]: word for word in f"{MONTHS} {DAYS}".split()}
SHORT_PERIODS |= {"Sept": "September", "Tues": "Tuesday", "Thur": "Thursday", "Thurs": "Thursday"}
"""Months and days as tables shorten them, without the full stop, and in full."""
