"""What of a passage a question points at: rows that it names, lines under another key, everything else."""

from __future__ import annotations

from assistant.understanding.pointed import Part, pointed_at
from assistant.understanding.question import analyse
from ingest.passages import split_passages
from vectorstore.embedding.models import load_embedder
from vectorstore.types import Document, Passage, text_sha256

TABLE = """# Boats

The boats lie at the old quay.

| Boat | Built | Colour |
|---|---|---|
| Tern | 1887 | red |
| Gull | 1902 | blue |
"""
KEYS = "Foreman: Otto Lind\n\nNight foreman: Ada Reyes\n"


def parts(text: str, question: str) -> tuple[Document, list[Passage], dict[str, Part]]:
    document = Document("boats", "Boats", text, text_sha256(text), "test", "markdown")
    passages = split_passages(document, load_embedder())
    return document, passages, pointed_at(analyse(question), question, document, passages)


def answering(text: str, question: str) -> str:
    document, passages, found = parts(text, question)
    some = [s for p in passages for s in p.sentences if s.start in found[p.id].answering]
    return " ".join(document.text[s.start : s.end] for s in some)


def test_of_a_table_the_row_answers_that_the_question_names() -> None:
    told = answering(TABLE, "What colour is the Tern?")
    assert "red" in told and "blue" not in told
    _, passages, found = parts(TABLE, "What colour is the Tern?")
    named = [part for part in found.values() if part.named]
    assert len(named) == 1 and len(named[0].named) == 1
    assert len(named[0].read.sentences) < max(len(p.sentences) for p in passages), "its neighbour is not read"


def test_where_no_row_is_named_all_of_the_passage_is_read() -> None:
    _, passages, found = parts(TABLE, "Where do they lie?")
    assert [found[p.id].read for p in passages] == passages
    assert not any(part.named for part in found.values())


def test_a_line_under_another_key_does_not_answer() -> None:
    told = answering(KEYS, "Who is the foreman?")
    assert "Otto Lind" in told and "Ada Reyes" not in told


def told(text: str, question: str) -> list[str]:
    document, passages, found = parts(text, question)
    return [document.text[s.start : s.end] for p in passages for s in p.sentences if s.start in found[p.id].told]


def test_the_line_whose_key_alone_is_asked_for_is_told_by_its_form() -> None:
    text = KEYS + "\nOpening: 9:00\n\nColour: red\n\nPrice: on request\n"
    assert told(text, "Who is the foreman?") == ["Foreman: Otto Lind"]
    assert told(text, "Who is the night foreman of the boats?") == ["Night foreman: Ada Reyes"], (
        "the title is around it"
    )
    assert told(text, "What is the colour?") == ["Colour: red"] and told(text, "When is the opening?") == [
        "Opening: 9:00"
    ]
    for question in (
        "Who is the foreman of the mill?",
        "Where is the foreman?",
        "Why is the foreman late?",
        "Is there a foreman?",
        "Who is it?",
        "How many is the price?",
        "Who is not the foreman?",
        "Who is the other foreman?",
        "Who was the foreman before?",
        "Who should be the foreman?",
        "Who is above the foreman?",
        "What has the foreman?",
        "What is a colour?",
    ):
        assert told(text, question) == [], question
    for value in ("not Ada Reyes", "Ada Reyes (former)", "Ada Reyes? (to be confirmed)", "see Annex B", ""):
        assert told(f"The boats lie there.\n\nDoctor: {value}\n", "Who is the doctor?") == [], value
    assert told(KEYS + "\nForeman: Ines Falk\n", "Who is the foreman?") == [], "two lines have that key"
