"""Which words of a text are denied by the sense of others; what "not" denies is tested where sentences are compared."""

from __future__ import annotations

import pytest

from assistant.check.typed.comparing import compare
from assistant.check.typed.words import words_of
from assistant.check.wording.denials import denied_in
from tests.assistant.check.typed.sources import window_of


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Roth nearly drowned in the lake.", ["drowned"]),
        ("The barn was almost destroyed.", ["destroyed"]),
        ("The captain was too ill to come to the hearing.", ["come"]),
        ("The hall was far too small to hold them.", ["hold"]),
        ("The owners missed a good opportunity to sell the mill.", ["sell"]),
        ("The chance to sell the mill was lost.", ["sell"]),
        ("The opportunity to sell the mill had been tragically wasted.", ["sell"]),
        ("All efforts by the owners to sell the mill came to nothing.", ["sell"]),
        ("The second attempt to sell the mill failed.", ["sell"]),
        ("They tried in vain to sell the mill.", ["sell"]),
        ("They tried unsuccessfully to sell it.", ["sell"]),
        ("The team came close to winning the cup.", ["winning"]),
        ("The bank was on the verge of collapsing.", ["collapsing"]),
        ("They stopped short of selling the mill.", ["selling"]),
        ("They were about to sell the mill.", ["sell"]),
        ("The captain was too ill to be moved.", ["moved"]),
        # and what is not denied
        ("He never missed an opportunity to attack the mayor.", ["missed"]),
        ("They wasted no opportunity to attack the mayor.", ["opportunity"]),
        ("The effort to rebuild the town did not collapse.", ["collapse"]),
        ("The plan to sell the mill failed at first, but succeeded in 1920.", []),
        ("The first attempt to sell the mill failed, but the second succeeded.", []),
        ("The plan to close the school failed to convince anyone.", ["convince"]),
        ("The school close to Wapping opened in May.", []),
        ("The number of pupils nearly doubled.", []),
        ("Nearly 40 guests came.", []),
        ("Almost all of the guests came.", []),
        ("She too wanted to come.", []),
        ("It is never too late to learn.", ["late"]),
        ("The chance to sell came in May, and the mill was lost in June.", []),
        ("They took the chance to sell the mill.", []),
        ("He lost the key to the mill.", []),
        ("He lost a chance to Roth.", []),
        ("The attempt to sell the mill was made in May, and the bank failed in June.", []),
        ("The plan to sell the mill was new.", []),
        ("They live close to Kars.", []),
        ("They talked about selling the mill.", []),
        ("He was short of money.", []),
    ],
)
def test_what_was_not_done_by_the_sense_of_a_word_is_denied(text: str, denied: list[str]) -> None:
    words = words_of(text)
    assert [words.tokens[at].text for at in sorted(denied_in(words))] == denied


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The owners managed to sell the mill in 1923.", "In 1923 the owners lost the opportunity to sell the mill."),
        ("The captain came to the hearing.", "The captain was too ill to come to the hearing."),
        ("Roth drowned in the lake.", "Roth nearly drowned in the lake."),
    ],
)
def test_what_was_not_done_contradicts_that_it_was(claim: str, source: str) -> None:
    assert ("polarity", "differs") in {(f.kind, f.outcome) for f in compare(claim, window_of(source))}


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The owners did not sell the mill in 1923.", "In 1923 the owners lost the opportunity to sell the mill."),
        ("The captain did not come to the hearing.", "The captain was too ill to come to the hearing."),
        ("Roth nearly drowned in the lake.", "Roth almost drowned in the lake."),
        ("The council sold the mill.", "The attempt of the council to sell the mill failed. A second one succeeded."),
        ("The first attempt to sell the mill was made in May.", "The attempt to sell the mill in May failed."),
        ("The chance to sell the mill was missed.", "The owners missed the chance to sell the mill."),
    ],
)
def test_what_was_not_done_agrees_with_that_it_was_not(claim: str, source: str) -> None:
    assert "differs" not in {finding.outcome for finding in compare(claim, window_of(source))}
