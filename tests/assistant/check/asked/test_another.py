"""A sentence that says of another what a question asks of somebody, and all those that do not plainly."""

from __future__ import annotations

import pytest

from assistant.check.asked.another import Asked

TEXT = """The party expelled Ada Reyes, and then Otto Lind. The pier of Arle is older than the mill of Corve. The wife
of Ines Falk came from Turku. The university of Brill was small. They met Mara Quill and the Gull Line (GL).
Chancellor Brandt came late. Otto Brandt and his sister Anna Brandt kept the mill; Rosa, called Lotte Brandt, sang.
There came Bill Hobb, and Frederick Orr, whom all called Fritz. Pia Vale, born Pia Storm, came late."""


def told_of_another(question: str, sentence: str) -> bool:
    asked = Asked(question, TEXT)
    return bool(asked) and asked.is_told_of_another(sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When was Ada Reyes expelled from the party?", "In 1932 Otto Lind was expelled from the party."),
        ("When was Ada Reyes expelled from the party?", "The party expelled Otto Lind in 1932."),
        ("When did Ada Reyes leave Turku?", "Otto Lind left Turku in 1902."),
        ("Why did Otto Lind resign?", "Ada Reyes had resigned because of the fog."),
        ("When was the pier of Arle opened?", "The pier of Corve was opened in 1887."),
        ("Who was Otto Lind's wife?", "Ines Falk’s wife was a painter."),
        ("When did Bill inspect the pier?", "Mr Lind inspected the pier in May."),
        ("Who founded Arle?", "Ada Reyes founded Corve."),
        ("When did Otto Brandt die?", "Anna Brandt died in 1931."),
        ("When did Otto Brandt die?", "In Turku, Anna Brandt died in 1931."),
        ("When did Anna Brandt leave Turku?", "Otto Brandt left Turku in 1902."),
        ("Where was Otto Brandt buried?", "Mrs Anna Brandt was buried in Turku."),
    ],
)
def test_another_has_the_very_part_that_is_asked_about(question: str, sentence: str) -> None:
    assert told_of_another(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("When was Ada Reyes expelled from the party?", "In 1932 she was expelled from the party."),
        ("When was Ada Reyes expelled from the party?", "In 1932 Reyes and Otto Lind were expelled from the party."),
        ("When was Ada Reyes expelled from the party?", "Otto Lind was elected in 1932."),
        ("When was Ada Reyes expelled from the party?", "In 1932 Otto Lind expelled Ada Reyes from the party."),
        ("When was she expelled from the party?", "In 1932 Otto Lind was expelled from the party."),
        ("How much of the pier of Arle burned?", "Downtown Corve burned."),
        ("When was Brill founded?", "The University was founded in 1832."),
        ("When was the Gull Line sold?", "GL was sold in 1920."),
        ("When was the GL sold?", "Gull Line was sold in 1920."),
        ("When did Bill inspect the pier?", "Mr Hobb inspected the pier in May."),
        ("When was Frederick Orr arrested?", "Fritz was arrested in 1915."),
        ("When did Pia Storm resign?", "Mrs Vale resigned in 1920."),
        ("When did Otto Brandt die?", "Brandt died in 1931."),
        ("When did Otto Brandt die?", "Anna and Otto Brandt died in 1931."),
        ("When did Otto Brandt die?", "Anna Brandt died before Brandt, who was ill."),
        ("When did Otto Brandt die?", "Chancellor Brandt died in 1931."),
        ("When did Otto Brandt die?", "Mr Brandt died in 1931."),
        ("When did Otto Brandt die?", "O. Brandt died in 1931."),
        ("When did Anna Brandt die?", "Annie Brandt died in 1931."),
        ("When did Rosa Brandt die?", "Lotte Brandt died in 1931."),
        ("When did Brandt die?", "Anna Brandt died in 1931."),
        ("What happened in Turku?", "In 1932 Otto Lind was expelled."),
        ("Who is Ada Reyes?", "Otto Lind is a painter."),
    ],
)
def test_what_is_not_plain_is_not_taken_so(question: str, sentence: str) -> None:
    assert not told_of_another(question, sentence)


def test_a_question_without_a_name_asks_nothing_of_anybody() -> None:
    assert not Asked("When was the pier opened?", TEXT)
    assert not Asked("What is Turku?", TEXT)


HISTORY = """A history

The party had many members.

Otto Lind spoke well. He was expelled in 1932, and he died in 1940.

Ada Reyes kept the books. She was expelled, too."""


@pytest.mark.parametrize(
    ("question", "sentence", "another"),
    [
        ("When was Ada Reyes expelled?", "He was expelled in 1932, and he died in 1940.", True),
        ("When did Ada Reyes die?", "He was expelled in 1932, and he died in 1940.", True),
        ("When was Otto Lind expelled?", "He was expelled in 1932, and he died in 1940.", False),
        ("When was Ada Reyes expelled?", "She was expelled, too.", False),
    ],
)
def test_a_pronoun_is_nobody_whom_the_paragraph_does_not_name(question: str, sentence: str, another: bool) -> None:
    assert Asked(question, HISTORY).is_told_of_another(sentence, HISTORY.index(sentence)) is another


def test_a_text_that_opens_with_somebody_goes_on_with_he() -> None:
    text = HISTORY.replace("A history", "Ada Reyes")
    sentence = "He was expelled in 1932, and he died in 1940."
    assert not Asked("When was Ada Reyes expelled?", text).is_told_of_another(sentence, text.index(sentence))
    assert not Asked("When was Ada Reyes expelled?", HISTORY).is_told_of_another(sentence)
