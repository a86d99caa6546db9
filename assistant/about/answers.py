"""Answers that are not read out of passages: talk, and what is asked of a document as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.about.asks import MAIL_KINDS, Ask, Kind, asked_of_document
from assistant.about.clauses import part_of, wanted_part
from assistant.about.facts import Told, counted, headed, told
from assistant.about.mail import messages, told_of_message
from assistant.about.overview import Outline
from assistant.about.sentences import Shelf
from assistant.about.talk import reply
from assistant.about.which import named, of_genre
from assistant.types import Answer, Sentence, Trace
from assistant.understanding.conversation import Reading
from vectorstore.types import Head, shown_text

MOST_DOCUMENTS = 10
"""So many documents are each asked for title, author, date and length; of more, one has to be named."""
MOST_OVERVIEWS = 3
MOST_KEY, MOST_OF_EACH = 8, 3
"""Sentences of an overview: of one document, of each of several."""
MOST_EVENTS, MOST_PEOPLE = 8, 6
MOST_TITLES = 20


def answer_about(question: str, reading: Reading, shelf: Shelf, heads: Sequence[Head]) -> Answer | None:
    """The answer to a message that asks nothing, or asks something of a whole document; None where it is a question to
    the source. `heads`: the documents that are asked."""
    if reading.kind == "talk":
        return _answer(question, Told(reply(question, [head.title for head in heads]), (), False))
    if reading.kind not in ("about", "question"):
        return None
    if not heads:
        return None
    part = wanted_part(reading.question)
    if part is not None:
        found = part_of(part, heads, shelf)
        return None if found is None else _answer(question, found)
    ask = asked_of_document(reading.question)
    if ask is None:
        return None
    chosen = _chosen(ask, reading, heads, shelf)
    if MAIL_KINDS & set(ask.kinds):
        mails = messages(chosen, shelf)
        if not mails and "subject" not in ask.kinds:
            return None
        chosen, ask = mails or chosen, ask if mails else replace(ask, kinds=("overview",))
    if not chosen:
        return None
    told_of = _told(ask, chosen, heads, shelf)
    return None if ask.name and not told_of.known else _answer(question, told_of)


def _answer(question: str, found: Told) -> Answer:
    sure = 1.0 if found.known else 0.0
    return Answer(question, question, found.sentences, not found.known, sure, (), Trace((), ()), found.said)


def _chosen(ask: Ask, reading: Reading, heads: Sequence[Head], shelf: Shelf) -> list[Head]:
    """The documents that are meant, none where the question is about something else."""
    if ask.genre:
        return named(ask.name, heads) or of_genre(ask.genre, heads, lambda head: shown_text(shelf.document(head.id)))
    if ask.name:
        return named(ask.name, heads)
    if reading.kind == "about":
        return list(heads)
    before = asked_of_document(reading.after[-1]) if reading.after else None  # "Summarise the minutes", "Who wrote it?"
    return named(before.name, heads) if before is not None and before.name else []


def _told(ask: Ask, chosen: Sequence[Head], heads: Sequence[Head], shelf: Shelf) -> Told:
    if "documents" in ask.kinds:
        return Told(f"{_there_are(len(heads))}: {_listed(heads)}.")
    most = MOST_OVERVIEWS if set(ask.kinds) & {"overview", "events", "people"} else MOST_DOCUMENTS
    if len(chosen) > most:
        return Told(f"{_there_are(len(chosen))}: {_listed(chosen)}. Say which one you mean.", (), False)
    outlines = [(Outline(shelf, head.id), _name(head, heads)) for head in chosen]
    found = [_one(kind, outline, name, len(chosen)) for outline, name in outlines for kind in ask.kinds]
    known = [one for one in found if one.known]
    sentences = {s.citations[0]: s for one in known for s in one.sentences}  # a byline says author and date
    return Told(" ".join(one.said for one in found if one.said), tuple(sentences.values()), bool(known))


def _one(kind: Kind, outline: Outline, name: str, documents: int) -> Told:
    if kind == "overview":
        return _overview(outline, name, MOST_KEY if documents == 1 else MOST_OF_EACH)
    if kind == "events":
        return _events(outline, name, MOST_EVENTS if documents == 1 else MOST_OF_EACH)
    if kind in MAIL_KINDS:
        return told_of_message(kind, outline.document, name)
    if kind == "people":
        return _people(outline, name)
    return told(kind, outline.document, name, outline.sections)


def _overview(outline: Outline, name: str, most: int) -> Told:
    key = tuple(map(outline.sentence, outline.key(most)))
    parts = len(headed(outline.sections))
    size = counted(outline.document) + (f" in {parts} section{'' if parts == 1 else 's'}" if parts else "")
    if not key:
        return Told(f"{name} has {size}, and no sentence that could stand for it.")
    return Told(f"{name}, {size}. In its own words:", key)


def _events(outline: Outline, name: str, most: int) -> Told:
    found = outline.events(most)
    if not found:
        return Told(f"No sentence of {name} has a date that could be put in order.", (), False)
    return Told(f"Dated sentences of {name}, in order:", tuple(outline.sentence(d.span, d.dates) for d in found))


def _people(outline: Outline, name: str) -> Told:
    found = outline.people()[:MOST_PEOPLE]
    if not found:
        return Told(f"No person was found in {name}.", (), False)
    counts = ", ".join(f"{person.name} ({len(person.mentions)})" for person in found)
    sentences: dict[int, Sentence] = {}
    for person in sorted(found, key=lambda person: person.first):
        marks = [one.first for one in found if one.sentence.start == person.sentence.start]
        sentences.setdefault(person.sentence.start, outline.sentence(person.sentence, sorted(marks)))
    return Told(f"Named most often in {name}: {counts}.", tuple(sentences.values()))


def _there_are(number: int) -> str:
    return "There is 1 document" if number == 1 else f"There are {number} documents"


def _listed(heads: Sequence[Head]) -> str:
    names = [_name(head, heads) for head in heads[:MOST_TITLES]]
    more = f" and {len(heads) - MOST_TITLES} more" if len(heads) > MOST_TITLES else ""
    return ", ".join(names) + more


def _name(head: Head, heads: Sequence[Head]) -> str:
    """The title in quotation marks; of several with one title, with the end of where each came from."""
    same = sum(other.title == head.title for other in heads) > 1
    return f"“{head.title}”" + (f" ({head.origin.rstrip('/').rpartition('/')[2]})" if same else "")
