"""Where an answer stands in a text, and which window of it shares most with what is sought."""

from __future__ import annotations

import random

import pytest

from assistant.reader.lessons.lesson import best_window, heading_for, other_windows, places, title_of

TEXT = "Tern sailed. The Tern line ended in 1887. Nobody paid for terns."


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("tern", ["Tern", "Tern"]), ("TERNS", ["terns"]), ("1887", ["1887"]), ("188", []), ("gull", []), (" ", [])],
)
def test_an_answer_is_found_in_any_case_but_not_inside_a_word(wanted: str, found: list[str]) -> None:
    assert [TEXT[a:b] for a, b in places(wanted, TEXT)] == found


def test_signs_in_an_answer_are_taken_as_they_are() -> None:
    assert places("(1+1)", "It is (1+1).") == ((6, 11),)


def test_the_best_window_shares_most_words() -> None:
    start, end = best_window(TEXT, "when did the line end, in 1887?", 9)
    assert TEXT[start:end].strip() == "The Tern line ended in 1887."
    assert best_window(TEXT, "nothing of it", 500) == (0, len(TEXT))


def test_other_windows_are_drawn_from_those_that_are_good() -> None:
    texts = [f"{n} gulls" for n in range(9)]
    drawn = {tuple(other_windows(texts, 2, random.Random(n), lambda text: text[0] in "2468")) for n in range(9)}
    assert len(drawn) > 3 and all(len(set(each)) == 2 and {t[0] for t in each} <= set("2468") for each in drawn)
    assert other_windows(texts, 2, random.Random(1), lambda text: False) == []


def test_a_title_is_as_one_reads_it_and_put_over_some_texts() -> None:
    assert title_of("Beyonc%C3%A9_Knowles") == "Beyoncé Knowles"
    headings = [heading_for("Arle", random.Random(n)) for n in range(300)]
    assert set(headings) == {"", "Arle"} and 0.5 < headings.count("Arle") / 300 < 0.7
