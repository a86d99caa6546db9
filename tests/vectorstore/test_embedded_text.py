"""What is embedded for a passage, and its id."""

from __future__ import annotations

from dataclasses import replace

from vectorstore.embedded_text import embedding_text, passage_id, passage_text, readable, reading, sentence_text
from vectorstore.types import Document, Passage, SentenceSpan, text_sha256


def test_title_and_section_come_before_the_text() -> None:
    assert embedding_text("Gull Rock", "The storm", "It  blew\nhard.") == "Gull Rock. The storm. It blew hard."
    assert embedding_text("Why?", "", "Text.") == "Why? Text."
    assert embedding_text("Gull Rock", "gull rock", "Text.") == "Gull Rock. Text."
    assert embedding_text("", "", "Text.") == "Text."


def test_a_long_title_is_shortened() -> None:
    assert len(embedding_text("word " * 500, "section " * 500, "x")) < 410


def test_ids_follow_the_content() -> None:
    one = passage_id("doc", "text", 0)
    assert len(one) == 24 and one == passage_id("doc", "text", 0)
    assert len({one, passage_id("doc", "text", 1), passage_id("doc2", "text", 0), passage_id("doc", "texts", 0)}) == 4


def test_a_row_of_a_table_is_searched_with_its_headers_and_what_introduces_it() -> None:
    text = "Fares in winter\n\n| Route | Fare |\n| --- | --- |\n| Varn | 9 |\n| Nidd | 4 |"
    rows = [SentenceSpan(text.index(line), text.index(line) + len(line), "row") for line in text.splitlines()[-2:]]
    assert passage_text(text, rows) == "Fares in winter\nRoute: Varn · Fare: 9\nRoute: Nidd · Fare: 4"
    assert sentence_text(text, rows[1]) == "Route: Nidd · Fare: 4"
    assert passage_text(text, [SentenceSpan(0, 15, "prose")]) == "Fares in winter"


def test_a_passage_to_read_knows_where_its_sentences_and_characters_stand() -> None:
    text = "Fares in winter\n\n| Route | Fare |\n| --- | --- |\n| Varn | 9 |\n| Nidd | 14 marks |"
    rows = [SentenceSpan(text.index(line), text.index(line) + len(line), "row") for line in text.splitlines()[-2:]]
    read = reading(text, rows)
    assert [read.text[a:b] for a, b in read.spans] == ["Route: Varn · Fare: 9", "Route: Nidd · Fare: 14 marks"]
    at = read.text.index("14 marks")
    assert text[read.place(at) : read.place(at + 8)] == "14 marks"
    assert read.place(read.text.index("Fare: 14")) == text.index("14 marks")  # a label stands for its cell
    assert read.place(0) == text.index("Varn")
    prose = reading(text, [SentenceSpan(6, 15, "prose")])
    assert (prose.text, prose.spans, prose.place(3)) == ("in winter", ((0, 9),), 9)


def test_the_name_of_a_speaker_stands_before_a_colon_for_whoever_reads() -> None:
    text = "<v Ada Fell>We left.</v> It was > 4."
    document = Document("d", "D", text, text_sha256(text), "test:d", hidden=((0, 3), (20, 24)))
    passage = Passage("p", "d", 3, len(text), "", "prose", None, (SentenceSpan(3, 20, "quotation", "Ada Fell"),))
    assert readable(document, [passage])["p"].told.text == "Ada Fell:We left."
    nobody = replace(passage, sentences=(SentenceSpan(3, 20, "prose"),))
    assert readable(document, [nobody])["p"].told.text == "Ada Fell>We left."
