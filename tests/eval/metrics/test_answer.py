"""Facts are found by their spellings, and short answers score as in SQuAD's script."""

from __future__ import annotations

import pytest

from eval.cases import Nugget
from eval.metrics.answer import exact_match, nugget_recall, squad_normalise, stands_in, token_f1

PRICE = Nugget(("nine thousand crowns", "9,000 crowns"), vital=True)
YEAR = Nugget(("1887",), vital=True)
TOWN = Nugget(("Holm",), vital=False)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The Eiffel Tower.", "eiffel tower"),
        ("  an   apple,  a pear ", "apple pear"),
        ("U.S.", "us"),
        ("it's", "its"),
        ("A-team", "ateam"),
        ("theatre", "theatre"),
        ("The", ""),
        ("Łódź, the city", "łódź city"),
        ("“quoted”", "“quoted”"),
    ],
)
def test_normalisation_follows_squad_s_script(text: str, normal: str) -> None:
    assert squad_normalise(text) == normal


@pytest.mark.parametrize(
    ("prediction", "golds", "em", "f1"),
    [
        ("the Denver Broncos", ["Denver Broncos"], 1.0, 1.0),
        ("Denver", ["Denver Broncos"], 0.0, 2 / 3),
        ("in May 1887, at Holm", ["May 1887", "1887"], 0.0, 2 * (2 / 5) * 1.0 / (2 / 5 + 1.0)),
        ("Oslo", ["Bergen"], 0.0, 0.0),
        ("cat cat", ["cat"], 0.0, 2 * 0.5 * 1.0 / 1.5),
        ("", [], 1.0, 1.0),
        ("something", [], 0.0, 0.0),
        ("the", ["a"], 1.0, 1.0),
        ("", ["Oslo"], 0.0, 0.0),
    ],
)
def test_exact_match_and_f1_by_hand(prediction: str, golds: list[str], em: float, f1: float) -> None:
    assert exact_match(prediction, golds) == em
    assert token_f1(prediction, golds) == pytest.approx(f1)


def test_a_nugget_counts_in_any_of_its_spellings() -> None:
    for said in ("It cost nine thousand crowns.", "It cost 9,000 CROWNS."):
        assert nugget_recall([PRICE], said, strict=True, vital=True) == 1.0


def test_a_nugget_counts_at_word_boundaries_only() -> None:
    assert nugget_recall([Nugget(("16",), True)], "In 1916.", strict=True, vital=True) == 0.0
    assert stands_in("he was", "he was") and not stands_in("he was", "she was")
    assert stands_in("(a)", "x(a)y"), "what is no word needs no boundary"


def test_part_of_a_nugget_is_half_in_the_lenient_score_alone() -> None:
    said = "It cost thousands of crowns, nine at least."
    assert nugget_recall([PRICE], said, strict=False, vital=True) == 0.5
    assert nugget_recall([PRICE], said, strict=True, vital=True) == 0.0
    assert nugget_recall([YEAR], "In 1888.", strict=False, vital=True) == 0.0, "one word has no parts"


def test_vital_nuggets_alone_or_all() -> None:
    said = "It was built in 1887."
    assert nugget_recall([YEAR, TOWN], said, strict=True, vital=True) == 1.0
    assert nugget_recall([YEAR, TOWN], said, strict=True, vital=False) == 0.5
    assert nugget_recall([TOWN], said, strict=True, vital=True) == 0.0, "where none is vital, all are"


def test_without_nuggets_recall_is_undefined() -> None:
    assert nugget_recall([], "Anything.", strict=True, vital=True) is None


def test_quotation_marks_and_white_space_do_not_hide_a_fact() -> None:
    assert nugget_recall([Nugget(("a 'waste' of oak",), True)], "A ‘waste’\nof oak!", strict=True, vital=True) == 1.0
