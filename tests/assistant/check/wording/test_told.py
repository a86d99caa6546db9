"""How well the sentences of a passage hold the words of a claim."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.check.checker import Checker
from assistant.check.texts import Texts
from assistant.check.wording import told
from assistant.check.wording.told import BY_HEADING, BY_MEANING, BY_SPELLING, ToldPassages
from assistant.check.wording.words import claim_words

LIGHT = "Marta Oduya kept the lamp for thirty years. Nobody paid her. The roof burned down in 1879."
Hold = Callable[[str], dict[str, list[float]]]


@pytest.fixture(scope="module")
def hold(checker: Checker) -> Hold:
    texts = Texts([("The lighthouse", LIGHT)])
    (passage,) = texts.passages("text-1")

    def held(claim: str) -> dict[str, list[float]]:
        words = claim_words(claim, checker.reader)
        (read,) = ToldPassages(texts, checker.reader).read({passage.id: passage})
        return {words.word(n): row for n, row in enumerate(read.held(words).tolist())}

    return held


def test_a_word_is_held_by_the_sentence_that_has_it_by_its_stem_or_in_another_spelling(hold: Hold) -> None:
    found = hold("Marta Oduja's lamps burned in 1879.")
    assert found["Marta"][0] == found["lamps"][0] == found["burned"][2] == found["1879"][2] == 1.0
    assert found["Oduja's"][0] == BY_SPELLING
    assert max(found["1879"][:2]) < 0.5


def test_the_heading_holds_a_word_for_all_sentences(hold: Hold) -> None:
    assert min(hold("The lighthouse was old.")["lighthouse"]) >= BY_HEADING


def test_a_word_of_like_meaning_counts_less_than_the_word_and_more_than_any_other(hold: Hold) -> None:
    row = hold("A fire took the house in winter.")["fire"]
    assert row[2] == max(row) and 0 < row[2] <= BY_MEANING


def test_passages_are_read_once_and_in_the_order_asked_for(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where more are asked for than are remembered."""
    monkeypatch.setattr(told, "REMEMBERED", 2)
    texts = Texts([(f"Text {n}", f"The keeper of light {n} was paid {n} pounds.") for n in range(4)])
    passages = [texts.passages(f"text-{n}")[0] for n in (1, 2, 3, 4)]
    read = ToldPassages(texts, checker.reader)
    first = read.read({p.id: p for p in passages})
    assert [one.passage for one in first] == passages
    again = read.read({p.id: p for p in (passages[3], passages[0], passages[2])})
    assert [one.passage for one in again] == [passages[3], passages[0], passages[2]]
    assert again[0] is first[3] and again[2] is first[2] and again[1] is not first[0]
