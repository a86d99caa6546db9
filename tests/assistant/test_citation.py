"""A sentence as it is shown, and what it is cited from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.citation import cite, cited
from assistant.types import Answer, ScoredSentence, Sentence, Trace
from vectorstore.types import Document, Format, Kind, Passage, SentenceSpan, text_sha256

TEXT = """The ferry  runs
daily.

| Route | Fare |
| --- | --- |
| Torsay to Nidd | 9 marks |
| Varn | 4 marks |
"""
DOCUMENT = Document("ferry", "Ferry", TEXT, text_sha256(TEXT), "test:ferry", "markdown")


def shown(words: str, kind: Kind) -> Sentence:
    span = SentenceSpan(TEXT.index(words), TEXT.index(words) + len(words), kind)
    passage = Passage("p", "ferry", span.start, span.end, "", kind, None, (span,))
    answer = (span.end - 9, span.end - 2)
    return cited(ScoredSentence(span, passage, 0.0, answer, 0.0, {}), DOCUMENT, -1.0)


def answer(*sentences: Sentence) -> str:
    return Answer("?", "?", sentences, False, 1.0, (), Trace(("?",), ())).text


def test_a_sentence_is_cited_from_its_own_characters() -> None:
    sentence = shown("The ferry  runs\ndaily.", "prose")
    assert sentence.text == "The ferry runs daily."
    assert [(c.quote, TEXT[c.start : c.end]) for c in sentence.citations] == [("The ferry  runs\ndaily.",) * 2]


def test_a_row_is_shown_with_its_headers_and_cites_both() -> None:
    row = shown("| Torsay to Nidd | 9 marks |", "row")
    assert row.text == "Route: Torsay to Nidd · Fare: 9 marks" and row.row
    assert [c.quote for c in row.citations] == ["| Torsay to Nidd | 9 marks |", "| Route | Fare |"]
    assert all(TEXT[c.start : c.end] == c.quote for c in row.citations)
    assert row.short_answers[0].text == "9 marks"


def test_rows_are_lines_of_an_answer() -> None:
    prose, row = shown("The ferry  runs\ndaily.", "prose"), shown("| Varn | 4 marks |", "row")
    assert answer(prose, row, row, prose).splitlines() == [prose.text, row.text, row.text, prose.text]
    assert answer(prose, replace(prose, text="Daily.")) == "The ferry runs daily. Daily."


def spoken(words: str, speaker: str, hidden: str = "") -> Sentence:
    at = words.index(hidden) if hidden else 0
    gaps = ((at, at + len(hidden)),) if hidden else ()
    document = Document("talk", "Talk", words, text_sha256(words), "test:talk", hidden=gaps)
    span = SentenceSpan(0, len(words), "quotation", speaker)
    passage = Passage("p", "talk", 0, len(words), "", "quotation", speaker, (span,))
    sentence = cited(ScoredSentence(span, passage, 0.0, (0, 3), 0.0, {}), document, -1.0)
    assert all(words[c.start : c.end] == c.quote and c.speaker == speaker for c in sentence.citations)
    return sentence


def test_a_turn_is_cited_without_the_name_that_its_speaker_repeats() -> None:
    for label in ("ROE: ", "ROE\n", "ROE (aside): ", "**ROE:** ", "<ROE> ", "ROE. ", "ROE   \n"):
        turn = spoken(f"{label}I was there.", "ROE")
        assert turn.text == "I was there." and turn.short_answers == ()
    assert answer(spoken("ROE: I was there.", "ROE")) == "ROE, quoted: I was there."
    assert spoken("Roe: “I was there.”", "Roe").text == "Roe: “I was there.”"
    assert spoken("Roe was there.", "Roe").text == "Roe was there."


def test_a_sentence_across_pages_is_cited_in_its_halves() -> None:
    sentence = spoken("The pilot stops\n\n[Page 3]\n\nthe ship.", "Roe", hidden="\n\n[Page 3]\n\n")
    assert sentence.text == "The pilot stops the ship."
    assert [c.quote for c in sentence.citations] == ["The pilot stops", "the ship."]


@pytest.mark.parametrize(
    ("format", "text", "shown_as"),
    [
        ("markdown", "> The dome leaks.\n> And so on.", "The dome leaks."),
        ("markdown", "> > “the dome” leaks.", "“the dome” leaks."),
        ("plain", "> The dome leaks.", "The dome leaks."),
        ("plain", "> ls -l", "> ls -l"),
        ("plain", ">>> Dome()", ">>> Dome()"),
        ("markdown", "> 5 km are far.", "> 5 km are far."),
    ],
)
def test_a_quoted_paragraph_is_shown_without_its_mark(format: Format, text: str, shown_as: str) -> None:
    document = Document("d", "D", text, text_sha256(text), "test:d", format)
    sentence = cite(document, SentenceSpan(0, len(text.partition("\n")[0]), "prose"), "")
    assert sentence.text == shown_as
    (citation,) = sentence.citations
    assert text[citation.start : citation.end] == citation.quote == shown_as
