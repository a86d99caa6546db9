"""Questions as people also put them; a name exchanged says which."""

from __future__ import annotations

import random

import pytest

from assistant.reader.lessons.variations import as_follow_up, exchanged, key_words, names_in

TEXT = "In 1887 Ada Reyes opened the pier of Arle, and Otto Lind paid. However, it burned. After that Esk built."


def test_key_words_are_content_words_with_the_question_word_behind() -> None:
    assert key_words("Who rebuilt the pier of Arle in 1850?") == "rebuilt pier arle 1850 who"
    assert key_words("The pier of Arle?") == "pier arle"
    assert key_words("Why?") == "Why?"


@pytest.mark.parametrize(
    ("question", "earlier", "pronoun", "asked"),
    [
        ("When did Ada Reyes leave?", "Where was Ada Reyes born?", "she", "When did she leave?"),
        ("Who was Ada Reyes 's brother?", "Where was Ada Reyes born?", "he", "Who was his brother?"),
        ("When did the Tern Line end?", "Who led the Tern Line?", "it", "When did it end?"),
        ("When did Ada Reyes leave?", "Where was he born?", "she", None),
        ("When did Ada Reyes leave?", "Where was Otto Lind born?", "she", None),
    ],
)
def test_a_follow_up_says_a_pronoun_for_the_name_it_shares(
    question: str, earlier: str, pronoun: str, asked: str | None
) -> None:
    assert as_follow_up(question, earlier, pronoun) == asked


def test_the_first_word_of_a_sentence_is_no_name() -> None:
    assert names_in(TEXT) == ["Ada Reyes", "Arle", "Otto Lind", "Esk"]
    assert names_in("The Bank of Arle failed. Nobody paid.") == ["Bank of Arle"]


def test_a_question_with_a_name_exchanged_says_which() -> None:
    found = set()
    for seed in range(40):
        changed = exchanged("When did Ada Reyes open the pier of Arle?", TEXT, ["Corve"], "1887", random.Random(seed))
        if changed is None:
            continue
        assert changed.text == TEXT and changed.answered is False and changed.unsupported is not None
        assert changed.relevant is None and not changed.answers
        ((start, end),) = changed.unsupported
        found.add(changed.question[start:end])
        assert changed.question.count(changed.question[start:end]) == 1
        assert {"Ada Reyes", "Arle"} & set(names_in(changed.question)), "one of the two is left"
    assert found == {"Otto Lind", "Esk", "Corve"}


@pytest.mark.parametrize(
    ("question", "elsewhere", "answer"),
    [
        ("When was it opened?", ["Corve"], "1887"),
        ("When did Ina Falk open it?", ["Corve"], "1887"),
        ("Who opened the pier of Arle with Ada Reyes and Otto Lind?", [], "Esk"),
    ],
)
def test_no_name_is_exchanged_that_the_text_lacks_or_for_one_that_is_asked_or_answered(
    question: str, elsewhere: list[str], answer: str
) -> None:
    assert {exchanged(question, TEXT, elsewhere, answer, random.Random(seed)) for seed in range(20)} == {None}
