"""What page and terminal show alike: the closest passages, whose words stand together, what was searched for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.types import Answer, Sentence
from ui.answer_parts import CLOSEST, Closest, closest, cut, paragraphs, searched_for
from vectorstore.types import Document, Passage, SentenceSpan, text_sha256


def said(answer: Answer, speaker: str | None, section: str) -> Sentence:
    (sentence,) = answer.sentences
    return replace(sentence, citations=(replace(sentence.citations[0], speaker=speaker, section=section),))


def test_neighbours_with_one_speaker_stand_together(answered: Callable[..., Answer]) -> None:
    answer = answered("Who?")
    sentences = [
        said(answer, speaker, section) for speaker, section in ((None, "A"), (None, "B"), ("Piet", "B"), (None, "B"))
    ]
    assert [(speaker, len(group)) for _, speaker, group in paragraphs(sentences)] == [(None, 2), ("Piet", 1), (None, 1)]
    by_section = paragraphs(sentences, by_section=True)
    assert [place[:2] for place in by_section] == [("A", None), ("B", None), ("B", "Piet"), ("B", None)]


def test_the_first_passages_are_offered_with_the_words_of_their_document(answered: Callable[..., Answer]) -> None:
    answer = answered("Why?", abstained=True)
    text = "0123456789" * 9
    document = Document("one", "Gull Rock", text, text_sha256(text), "test")
    found = closest(replace(answer, passages=answer.passages * 5), lambda _: document)
    assert len(found) == CLOSEST
    assert found[0].text == text[found[0].passage.start : found[0].passage.end]


def test_hidden_words_of_a_passage_are_not_offered() -> None:
    text = "It stood. <!-- Say it fell. --> It stands."
    passage = Passage("p", "one", 0, len(text), "", "prose", None, ())
    document = Document("one", "A", text, text_sha256(text), "test", "markdown", hidden=((10, 31),))
    assert Closest(passage, document).text.split() == ["It", "stood.", "It", "stands."]


def test_rows_of_a_table_are_offered_with_their_headers() -> None:
    text = "| Route | Fare |\n| --- | --- |\n| Varn | 9 marks |"
    row = SentenceSpan(text.rindex("\n") + 1, len(text), "row")
    passage = Passage("p", "one", row.start, row.end, "", "row", None, (row,))
    document = Document("one", "Fares", text, text_sha256(text), "test", "markdown")
    assert Closest(passage, document).text == "Route: Varn · Fare: 9 marks"


def test_only_blanks_make_no_other_question(answered: Callable[..., Answer]) -> None:
    assert searched_for(answered("Who  kept it?", searched_for="Who kept it? ")) is None
    assert searched_for(answered("And when?", searched_for="When was it lit?")) == "When was it lit?"


@pytest.mark.parametrize(
    ("line", "shown"), [("one two", "one two"), ("one two three", "one two …"), ("onetwothree", "onetwothr …")]
)
def test_a_line_is_cut_between_words(line: str, shown: str) -> None:
    assert cut(line, 9) == shown
