"""Who is called what, and what that says of a claim that has the other name."""

from __future__ import annotations

import time

import pytest

from assistant.check.checker import Checker
from assistant.check.texts import Texts
from assistant.check.wording.who.aliases import aliases_of, is_called
from assistant.reader.runtime import load_reader


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("Otto Brandt met Frederick Holm, called Fritz, in Turku.", "frederick holm", "fritz"),
        ("Margarete Lund was known as Grete.", "lund", "grete"),
        ("Ines Falk was known to her friends as Nessa.", "falk", "nessa"),
        ("Peter Varga, alias the Falcon, fled.", "peter varga", "falcon"),
        ("Peter Varga, also called “the Falcon”, fled.", "varga", "falcon"),
        ("Bela Toth, a smith from the hills, was nicknamed Bear.", "bela toth", "bear"),
        ("Anna Lund (born Anna Berg) sang.", "anna lund", "anna berg"),
        ("Anna Lund, née Berg, sang.", "lund", "berg"),
        ("Frederick “Fritz” Holm sang.", "fritz holm", "frederick holm"),
        ("Viktor Moran (Sasha) sang.", "moran", "sasha"),
        ("Mr Frederick Holm, whom all in the valley called Fritz, left.", "holm", "fritz"),
        ("William Pell sang. Pell, who was nicknamed the Otter, drowned.", "william pell", "otter"),
        ("Mara Dorn taught. She wrote under the name of Carla Stern.", "dorn", "carla stern"),
        ("Then came Frederick Holm,\ncalled\nFritz, and sang.", "holm", "fritz"),
        ("The Gull Line, formerly the Swan Line, failed.", "gull line", "swan line"),
    ],
)
def test_what_a_text_says_outright_makes_two_names_ones(text: str, one: str, other: str) -> None:
    assert aliases_of(text).are_one(one.split(), other.split())
    assert aliases_of(text).are_one(other.split(), one.split())
    assert not aliases_of(text).are_one(["otto"], other.split())


@pytest.mark.parametrize(
    "text",
    [
        "Frederick Holm called Otto Brandt a liar.",
        "Frederick Holm and Otto Brandt called in May.",
        "Anna Lund, born in Berg, left.",
        "Rosa Vale was born Monday.",
        "Ada Orr (Turku) and Ines Falk (Turku) met.",
        "Ada Orr (Turku) sang. She came from Turku.",
        "The Gull Line (GL) failed.",
        "Karl Roth (President) spoke.",
        "Karl Roth, who was never called Kalle, sang.",
        "The captain, called Fritz, left.",
        "Otto Lind left. Ada Orr stayed. It was wrongly called Fritz.",
    ],
)
def test_what_is_not_said_of_a_name_is_no_alias(text: str) -> None:
    assert aliases_of(text).people == ()


def test_a_first_word_is_anothers_where_the_text_calls_somebody_of_another_surname_so() -> None:
    aliases = aliases_of("Frederick Holm, called Fritz, met Otto Brandt.")
    assert aliases.is_of_another("fritz", "brandt")
    assert not aliases.is_of_another("fritz", "holm")
    assert not aliases.is_of_another("otto", "holm")


def test_two_words_with_such_a_word_between_them_are_one_in_either_distance() -> None:
    text = "Frederick, whom everybody called Fritz, met Bill Hobb."
    assert is_called(text, "Frederick", "Fritz") and is_called(text, "Bill", "Hobb")
    assert not is_called(text, "Bill", "Frederick")


@pytest.mark.parametrize(
    "piece",
    [
        "Ab, ",
        "Ab ",
        "Ab, called Cd, ",
        "Ab “Cd” Ef ",
        "Ab (",
        "known as ",
        "Ab was not Cd. He ",
        "A",
        "Aa-",
        "A’",
        "AC",
    ],
)
def test_an_odd_text_takes_no_longer_than_its_length(piece: str) -> None:
    started = time.process_time()
    aliases_of(piece * (60_000 // len(piece)))
    assert time.process_time() - started < 2


def test_a_pen_name_is_known_behind_the_verb_that_says_it() -> None:
    aliases = aliases_of("Samuel Clay wrote under the name of Mark Lind. In 1880 Clay lived in Arle.")
    assert aliases.are_one(["mark", "lind"], ["samuel", "clay"])
    assert aliases_of("Ada Roe stood under the bridge of Brill.").people == ()


def test_many_aliases_in_brackets_take_no_longer_than_their_text() -> None:
    started = time.process_time()
    aliases_of("Ab Cd (Sax). " * 3_000 + "in Sax; " * 5_000)
    assert time.process_time() - started < 2


CHAPEL = """The harbour of Arle has had many painters. Frederick Holm, called Fritz, painted the old chapel in 1904.
Otto Brandt built the mill next to it in 1911."""
CHOIR = """Margarete Lund was known as Grete. She joined the choir of Corve in 1931. In the spring, Margarete Lund left
the town for good. Ines Falk, a nurse, stayed in Corve."""
BANK = """Peter Varga, alias the Falcon, robbed the bank of Turku in May. The police arrested Emil Kast in June. Peter
Varga (nicknamed Pip) never came back."""
CLINIC = """Dr. Anna Reyes (born Anna Berg) opened the clinic in Brill in 1922. Her sister Clara Berg taught at the
school. In 1940 Anna Reyes sold the clinic."""
CAVES = """Alexander Moran (Sasha) wrote the first guide to the caves. Viktor Stein (1870-1932) drew the maps. Alexander
Moran died in Kars in 1935."""
FERRIES = """James “Jock” Tarrant owned three ferries on the lake. In 1888 Tarrant sold one of them to William Pell.
Pell, who was nicknamed the Otter, drowned in 1890. The company of Hugh Drew bought the other two ferries in 1895."""


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (CHAPEL, "Fritz painted the old chapel in 1904."),
        (CHAPEL, "Frederick Holm painted the old chapel."),
        (CHAPEL, "F. Holm painted the old chapel in 1904."),
        (CHAPEL, "Mr Holm painted the old chapel in 1904."),
        (CHAPEL, "Fritz Holm painted the old chapel."),
        (CHOIR, "Grete left the town for good in the spring."),
        (CHOIR, "M. Lund left the town for good."),
        (CHOIR, "Grete Lund left the town for good."),
        (BANK, "The Falcon robbed the bank of Turku in May."),
        (BANK, "P. Varga robbed the bank of Turku."),
        (BANK, "Pip robbed the bank of Turku in May."),
        (CLINIC, "Anna Berg opened the clinic in Brill in 1922."),
        (CLINIC, "A. Reyes opened the clinic in 1922."),
        (CLINIC, "Dr Reyes opened the clinic in 1922."),
        (CLINIC, "Anna Berg sold the clinic in 1940."),
        (CAVES, "Sasha wrote the first guide to the caves."),
        (CAVES, "Sasha died in Kars in 1935."),
        (CAVES, "Sasha Moran died in Kars."),
        (FERRIES, "Jock owned three ferries on the lake."),
        (FERRIES, "William Pell drowned in 1890."),
        (FERRIES, "The Otter drowned in 1890."),
    ],
)
def test_what_is_told_of_somebody_is_true_under_each_name(text: str, claim: str) -> None:
    assert Checker(Texts([("Notes", text)]), reader=load_reader()).check(claim).verdict == "supported"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (CHAPEL, "Otto painted the old chapel in 1904."),
        (CHAPEL, "Fritz built the mill in 1911."),
        (CHAPEL, "O. Holm painted the old chapel in 1904."),
        (CHAPEL, "Fritz Brandt painted the old chapel in 1904."),
        (CHOIR, "Ines left the town for good in the spring."),
        (CHOIR, "Grete stayed in Corve."),
        (CHOIR, "I. Lund left the town for good."),
        (BANK, "Emil robbed the bank of Turku in May."),
        (BANK, "The police arrested the Falcon in June."),
        (BANK, "Pip was arrested in June."),
        (BANK, "The Raven robbed the bank of Turku in May."),
        (CLINIC, "Clara Berg opened the clinic in Brill in 1922."),
        (CLINIC, "C. Reyes opened the clinic in 1922."),
        (CLINIC, "Clara Reyes sold the clinic in 1940."),
        (CAVES, "Viktor wrote the first guide to the caves."),
        (CAVES, "Sasha drew the maps."),
        (CAVES, "V. Moran died in Kars in 1935."),
        (FERRIES, "Jock drowned in 1890."),
        (FERRIES, "The Otter owned three ferries on the lake."),
        (FERRIES, "H. Pell drowned in 1890."),
        (FERRIES, "Jock Pell drowned in 1890."),
    ],
)
def test_what_is_told_of_somebody_is_not_true_of_another(text: str, claim: str) -> None:
    assert Checker(Texts([("Notes", text)]), reader=load_reader()).check(claim).verdict != "supported"
