"""How numbers, dates, names and denials are read from a text."""

from __future__ import annotations

import time

import pytest

from assistant.check.typed.amounts import amounts_in
from assistant.check.typed.comparing import compare
from assistant.check.typed.dates import dates_in
from assistant.check.typed.lexicon import key, opposites
from assistant.check.typed.naming import names_in, same_word, sounds, vocabulary_of
from assistant.check.typed.words import words_of
from assistant.check.wording.denials import denied_in
from tests.assistant.check.typed.sources import window_of


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("nineteen delegates", 19, ""),
        ("two hundred and fifty-six men", 256, ""),
        ("1,200 people", 1_200, ""),
        ("1.2 million people", 1_200_000, ""),
        ("$5 million", 5_000_000, "$"),
        ("forty per cent", 40, "%"),
        ("3.5%", 3.5, "%"),
        ("a dozen eggs", 12, ""),
        ("the twenty-first congress", 21, "ordinal"),
        ("the 14th congress", 14, "ordinal"),
        ("grew threefold", 3, "times"),
        ("a quarter of the houses", 0.25, "fraction"),
        ("had 1150 screens", 1150, ""),
        ("Half a million people came", 500_000, ""),
        ("a quarter of a million pounds", 250_000, ""),
        ("two and a half million votes", 2_500_000, ""),
        ("a million and a half votes", 1_500_000, ""),
        ("2 and a half years", 2.5, ""),
        ("Three quarters of the crew", 0.75, "fraction"),
        ("four-fifths agreed", 0.8, "fraction"),
        ("Nine in ten workers", 0.9, "fraction"),
        ("one out of every four workers", 0.25, "fraction"),
        ("£2.5bn", 2_500_000_000, "£"),
        ("1.5m people", 1_500_000, ""),
        ("a 5 m wall", 5, ""),
    ],
)
def test_a_number_is_read(text: str, value: float, measure: str) -> None:
    (amount,) = amounts_in(words_of(text))
    assert (round(amount.value, 6), amount.measure) == (value, measure)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("no fewer than six men", 6, float("inf")),
        ("not more than six men", 0, 6),
        ("twenty-odd delegates", 20, 31),
        ("a few hundred men", 200, 900),
        ("a couple of dozen men", 18, 36),
    ],
)
def test_a_number_with_room_is_read(text: str, low: float, high: float) -> None:
    (amount,) = amounts_in(words_of(text))
    assert (amount.low, amount.high) == (low, high)


@pytest.mark.parametrize(
    "text", ["no one came", "one of them left", "COVID-19", "he first met her", "3. The mill was closed", "in 1917"]
)
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert amounts_in(words_of(text)) == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("between 9 and 14 mills", 9, 14),
        ("5-6 mills", 5, 6),
        ("dozens of mills", 24, 99),
        ("nearly 300 mills", 264, 300),
    ],
)
def test_a_range_is_read(text: str, low: float, high: float) -> None:
    (amount,) = amounts_in(words_of(text))
    assert (amount.low, amount.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "years", "months", "days"),
    [
        ("4 May 1917", (1917, 1917), {5}, {4}),
        ("the 4th of May 1917", (1917, 1917), {5}, {4}),
        ("May 4, 1917", (1917, 1917), {5}, {4}),
        ("1917-05-04", (1917, 1917), {5}, {4}),
        ("01/05/1917", (1917, 1917), {1, 5}, {1, 5}),
        ("September 1917", (1917, 1917), {9}, set()),
        ("the 1920s", (1920, 1929), set(), set()),
        ("the twenties", (1920, 1929), set(), set()),
        ("1917-23", (1917, 1923), set(), set()),
        ("the 19th century", (1800, 1900), set(), set()),
        ("spring 1921", (1921, 1921), set(), set()),
        ("came in May", None, {5}, set()),
    ],
)
def test_a_date_is_read(text: str, years: tuple[int, int] | None, months: set[int], days: set[int]) -> None:
    (date,) = dates_in(text)
    assert (date.years, date.months, date.days) == (years, months, days)


@pytest.mark.parametrize("text", ["he may come", "they march on", "45 May", "1,917 mills", "$1917"])
def test_what_says_no_time_is_no_date(text: str) -> None:
    assert [date for date in dates_in(text) if date.years or date.days] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Later Anna Weiss met Roth's sister in Old Kars.", ["Anna Weiss", "Roth's", "Old Kars"]),
        ("The mill closed on Monday.", []),
        ("However, the plan failed.", []),
        ("On Friday Ludwig van Beek spoke.", ["Ludwig van Beek"]),
    ],
)
def test_names_are_read(text: str, names: list[str]) -> None:
    words = words_of(text)
    found = names_in(words, vocabulary_of(text))
    assert [text[words.tokens[n.first].start : words.tokens[n.after - 1].end] for n in found] == names


def test_spellings_of_one_name_sound_alike_and_other_names_do_not() -> None:
    assert sounds("trotzky") == sounds("trotsky") == sounds("trotskii")
    assert len({sounds(name) for name in ("lenin", "lunin", "iran", "iraq", "austria", "australia")}) == 6


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("He did not support it.", ["support"]),
        ("He refused to sign it.", ["sign"]),
        ("He did not refuse to sign it.", []),
        ("He came not only once.", []),
        ("He did not come until May.", []),
        ("It may or may not rain.", []),
        ("They left without money.", ["money"]),
    ],
)
def test_what_is_denied_is_read(text: str, denied: list[str]) -> None:
    words = words_of(text)
    assert [words.tokens[at].low for at in sorted(denied_in(words))] == denied


def test_words_of_one_verb_and_of_two_spellings_have_one_key() -> None:
    assert key("rose") == key("rises") == key("risen")
    assert key("criticised") == key("criticizing")
    assert key("labour") == key("labor")
    assert key("fell") in opposites(key("rose"))
    assert key("mill") not in opposites(key("rose"))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        (", ".join(f"{n} dogs" for n in range(400)), ", ".join(f"{n} cats" for n in range(500, 900))),
        (" and ".join(f"Weiss{chr(97 + n % 26)}" for n in range(600)), "Roth met Weiss " * 600),
        ("asked Weiss ended " * 600, "Roth asked ended Weiss " * 600),
        ("the old mill " * 900, "the new mill " * 900),
        ("9" * 50_000, "9" * 50_000),
    ],
)
def test_odd_texts_take_seconds_not_minutes(claim: str, source: str) -> None:
    start = time.process_time()
    compare(claim, window_of(source))
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Trotzky", "Trotsky", True),
        ("Oduya", "Oduay", True),
        ("Oduya", "oduay", False),
        ("Rose", "rose", False),  # of "rise"
        ("Lamp", "lamp", True),
        ("Rose", "roses", True),
        ("Kemble", "Lund", False),
        ("Russians", "Russian", True),
    ],
)
def test_a_name_in_small_letters_is_the_same_word_only_as_it_is(one: str, other: str, expected: bool) -> None:
    vocabulary = vocabulary_of("There they met.")
    first, second = words_of(f"with {one}").tokens[1], words_of(f"with {other}").tokens[1]
    assert same_word(first, second, vocabulary) is expected
