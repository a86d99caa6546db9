"""Whose names are people's."""

from __future__ import annotations

import re
import time

import pytest

from assistant.about.people import people
from vectorstore.types import Document, SentenceSpan, text_sha256


def named(text: str) -> dict[str, int]:
    """The people of a text, whose sentences end with a full stop and a blank, and how often each is named."""
    document = Document("d", "", text, text_sha256(text), "x")
    spans = [
        SentenceSpan(m.start(), m.end(), "prose") for m in re.finditer(r"\S.*?(?<![A-Z])[.?!]”?(?=\s|$)", text, re.S)
    ]
    found = people(document, spans)
    for person in found:
        start, end = person.first
        assert text[start:end] == person.name and person.sentence.start <= start < end <= person.sentence.end
    return {person.name: len(person.mentions) for person in found}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The surveyor Piet Anker drew it. Anker was paid in salt.", {"Piet Anker": 2}),
        ("Mrs. Ada Holm, who kept bees, died.", {"Ada Holm": 1}),
        ("Then Ludwig van Rijn said no. Van Rijn left.", {"Ludwig van Rijn": 1}),
        ("J. B. Marsh wrote to Otto Kern. Kern replied at once.", {"J. B. Marsh": 1, "Otto Kern": 2}),
        ("Lena’s mother Eva Roth married the miller.", {"Eva Roth": 1}),
        ("“It burns,” said Doran. He ran.", {"Doran": 1}),
        ("Captain Ida Sund was born in Bergen.", {"Ida Sund": 1}),
        ("The innkeeper Joris Tarn laughed. Widow Tarn slept.", {"Joris Tarn": 1, "Widow Tarn": 1}),
        ("King Otto of Aldin was born here. Otto had a sister.", {"King Otto": 2}),
        ("Marta Oduya kept the light. She wrote down every ship.", {"Marta Oduya": 1}),
        ("Josef Brand argued that it was late. Brand's wife agreed.", {"Josef Brand": 2}),
    ],
)
def test_a_person_is_told_by_the_words_around_the_name(text: str, names: dict[str, int]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "The Salt Road ran to Hallin. It was long.",
        "The Harbour Council said that the crane was old.",
        "In Torsay the boats are red. Torsay is small.",
        "On Monday the Ministry of Works agreed. Carters slept.",
        "The North Bank Company announced a fare.",
        "However, Parliament refused. The Act of 1801 was void.",
    ],
)
def test_places_and_bodies_are_no_people(text: str) -> None:
    assert named(text) == {}


def test_who_speaks_is_among_the_people_by_turns() -> None:
    text = "Chair: We begin. Who reports? Dr. Lund: The roof leaks. Chair: Thank you, Lund. Dr. Lund: It is old."
    said = ["Chair", "Chair", "Dr. Lund", "Chair", "Dr. Lund"]
    lines = [
        "Chair: We begin.",
        "Who reports?",
        "Dr. Lund: The roof leaks.",
        "Chair: Thank you, Lund.",
        "Dr. Lund: It is old.",
    ]
    spans = [
        SentenceSpan(text.index(line), text.index(line) + len(line), "quotation", speaker)
        for line, speaker in zip(lines, said, strict=True)
    ]
    found = {person.name: person for person in people(Document("d", "", text, text_sha256(text), "x"), spans)}
    assert len(found["Chair"].mentions) == 2 and found["Chair"].sentence == spans[0]
    (lund,) = (person for name, person in found.items() if name.endswith("Lund"))
    assert len(lund.mentions) == 3 and len(found) == 2


def test_many_capitals_take_no_time() -> None:
    started = time.process_time()
    assert named("Aa Bb Cc " * 20_000 + "slept.") == {}
    assert named("Aa Bb sat, " * 20_000 + "and slept.") == {}
    assert time.process_time() - started < 10
