"""Which questions are about a document as a whole, and which are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.about.asks import asked_of_document
from assistant.about.which import named, of_genre
from vectorstore.types import Head

SETS = Path(__file__).parents[3] / "eval" / "sets"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What is this article about?", "overview"),
        ("Can you summarise it for me, please?", "overview"),
        ("Give me a short summary of the document in three sentences.", "overview"),
        ("What are the main points?", "overview"),
        ("tl;dr", "overview"),
        ("What are the main events?", "events"),
        ("Give me a timeline of this text", "events"),
        ("Who are the main people?", "people"),
        ("Which people are mentioned in the article?", "people"),
        ("How many documents do you have?", "documents"),
        ("Which documents are there?", "documents"),
        ("How many sections does the article have?", "sections"),
        ("How long is this text?", "length"),
        ("How many words are in the document?", "length"),
        ("Who wrote this article?", "author"),
        ("Who's the author of the document?", "author"),
        ("What is the article's title?", "title"),
        ("When was the article published?", "date"),
    ],
)
def test_a_question_that_can_mean_nothing_but_the_document(question: str, kind: str) -> None:
    ask = asked_of_document(question)
    assert ask is not None
    assert (ask.kinds, ask.name, ask.sure) == ((kind,), "", True)


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Who wrote it?", ("author",)),
        ("What is this about?", ("overview",)),
        ("How long is it?", ("length",)),
        ("Who is the author?", ("author",)),
        ("When was this letter written?", ("date",)),
        ("Who wrote it and when?", ("author", "date")),
    ],
)
def test_a_question_that_means_the_document_where_nothing_was_talked_of(question: str, kinds: tuple[str, ...]) -> None:
    ask = asked_of_document(question)
    assert ask is not None
    assert (ask.kinds, ask.name, ask.sure) == (kinds, "", False)


@pytest.mark.parametrize(
    "question",
    [
        "What is this tax about?",
        "Who wrote the letter to Weiss?",
        "When was the church built?",
        "What does the article say about bees?",
        "How long is the salt road?",
        "What happened in 1921?",
        "What was his wife called?",
        "Who are the members of the board?",
        "What is the main argument of the prosecutor?",
        "How many chapters did she write?",
        "Tell me about the mill",
        "What is the title of her book?",
        "Summarise the trial of Brandt",
        "How old is the bridge?",
        "Who is the king?",
        "How many documents were burnt?",
        "What is the date of the battle?",
    ],
)
def test_a_question_about_something_inside_a_document(question: str) -> None:
    ask = asked_of_document(question)
    heads = [Head("a", "The mill on the Lenn and its millers", "", "/x/mill.txt", "plain", 1)]
    assert ask is None or (ask.name and named(ask.name, heads) == [])


def test_no_question_of_the_sets_is_taken_for_one_about_the_article() -> None:
    titles = ("The origins of Trotskyism", "Origins of Trotskyism", "How Trotsky was beaten")
    heads = [Head(title, title, "", f"/x/{title}.txt", "plain", 1) for title in titles]
    rows = [json.loads(line) for path in SETS.glob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    questions = {
        question for row in rows if "question" in row for question in (*row.get("history", ()), row["question"])
    }
    assert len(questions) > 500
    taken = [q for q in sorted(questions) if (ask := asked_of_document(q)) and (not ask.name or named(ask.name, heads))]
    assert taken == []


def head(title: str, origin: str) -> Head:
    return Head(title, title, "", origin, "plain", 1)


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("minutes of March", ["Minutes of the choir, 4 March"]),
        ("the minutes", ["Minutes of the choir, 4 March", "Minutes of the choir, 2 May"]),
        ("the salt road", ["The Salt Road of Merrow"]),
        ("the article “The Salt Road of Merrow”", ["The Salt Road of Merrow"]),
        ("prices.md", ["What things cost"]),
        ("prices", ["What things cost"]),
        ("salt", []),
        ("the tax", []),
        ("the letter", []),
        ("the road to Merrow in winter", []),
    ],
)
def test_a_document_is_named_by_its_title_its_file_or_its_genre(words: str, titles: list[str]) -> None:
    heads = [
        head("Minutes of the choir, 4 March", "/x/a.txt"),
        head("Minutes of the choir, 2 May", "/x/b.txt"),
        head("The Salt Road of Merrow", "upload:c.txt"),
        head("What things cost", "/x/prices.md"),
    ]
    assert [found.title for found in named(words, heads)] == titles


@pytest.mark.parametrize(
    ("words", "title", "is_meant"),
    [
        ("the minutes", "Minutes of the choir, 4 March", True),
        ("the handbook", "The Keeper's Handbook", True),
        ("the regulations", "Rules and Regulations", True),
        ("the book", "A review of the book of hours", False),
        ("the book", "The book that shook Europe", False),
        ("the book", "Book Review: Silent Tides", False),
        ("the plan", "Letter to the board about the plan", False),
    ],
)
def test_a_title_about_a_book_is_none_of_a_book(words: str, title: str, is_meant: bool) -> None:
    assert bool(named(words, [head(title, "upload:x.txt")])) is is_meant


@pytest.mark.parametrize(
    ("question", "genre"),
    [
        ("Who is the author of the book?", "book"),
        ("Who wrote the handbook?", "handbook"),
        ("What is the paper about?", "paper"),
        ("When was that letter written?", "letter"),
        ("Who wrote a book?", ""),
        ("Who wrote the book of hours?", ""),
        ("Who wrote his book?", ""),
        ("When was the meeting?", "meeting"),
        ("When did the meeting take place?", "meeting"),
        ("On what date was the meeting held?", "meeting"),
        ("Who wrote it?", ""),
    ],
)
def test_a_kind_of_document_with_the_is_known(question: str, genre: str) -> None:
    ask = asked_of_document(question)
    assert ask is not None and ask.genre == genre


@pytest.mark.parametrize(
    ("genre", "name", "text", "is_meant"),
    [
        ("book", "a.epub", "The king wrote a book.", True),
        ("e-mail", "a.eml", "Your e-mail came.", True),
        ("letter", "a.eml", "Did you read the letter?", False),
        ("handbook", "a.pdf", "This handbook is for keepers. The handbook of 1921 is void.", True),
        ("handbook", "a.pdf", "The handbook of 1921 is void.", False),
        ("policy", "a.pdf", "Everybody wears a helmet.", True),
        ("paper", "a.pdf", "In this paper we measure lamps.", True),
        ("paper", "a.pdf", "A study in Nature measured lamps.", False),
        ("book", "a.pdf", "This book tells of the sea. It is dull.", False),
        ("book", "a.txt", "Her novel tells of the sea.", False),
        ("letter", "a.txt", "Dear Sir, the mill is sold.", True),
    ],
)
def test_the_kind_means_the_one_document_unless_it_tells_of_another(
    genre: str, name: str, text: str, is_meant: bool
) -> None:
    heads = [head("Heron", f"/x/{name}")]
    assert of_genre(genre, heads, lambda one: text) == (heads if is_meant else [])


def test_of_several_documents_the_kind_means_the_only_one_of_its_format() -> None:
    book, text, other = head("A", "/x/a.epub"), head("B", "/x/b.txt"), head("C", "upload:c.epub")
    assert of_genre("book", [book, text], lambda one: "") == [book]
    assert of_genre("book", [book, text, other], lambda one: "") == []
    assert of_genre("policy", [book, text], lambda one: "") == []


@pytest.mark.parametrize("part", ["what is ", "the ", "(", "summary of ", "who wrote it and ", "in one sentence "])
def test_a_long_message_is_none(part: str) -> None:
    assert asked_of_document((part * 400)[:2000]) is None


def test_the_meeting_is_the_one_of_the_minutes() -> None:
    minutes, other = head("Minutes of the choir", "upload:a.txt"), head("Bees", "upload:b.txt")
    assert of_genre("meeting", [minutes, other], lambda one: "The meeting was long.") == [minutes]
    assert of_genre("meeting", [minutes, head("Board meeting", "upload:c.txt")], lambda one: "") == []
    assert of_genre("meeting", [other], lambda one: "The meeting was long.") == []


def test_a_record_that_is_called_by_its_day_alone_is_of_a_meeting() -> None:
    day = head("2031-04-12", "upload:notes.md")
    assert of_genre("meeting", [day], lambda one: "# 2031-04-12\n\nAttendees: Ada, Otto") == [day]
    assert of_genre("meeting", [day], lambda one: "# 2031-04-12\n\nIt rained all day.") == []


def test_other_meetings_are_asked_of_the_source() -> None:
    assert asked_of_document("When was the battle?") is None
    assert asked_of_document("When was his meeting with Weiss?") is None
