"""A conversation as HTML: questions, verbatim sentences with citation chips, and what is not in the source.

Every question, title, section, speaker and quotation goes through `html.escape`; the tags are all written here.

But: no event and no document is handled here; the page's script opens what a chip points at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from assistant.types import Answer, Citation, Sentence
from vectorstore.types import Document, Hit

CLOSEST = 3
EXCERPT = 220
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Closest:
    """A passage to offer where there is no answer; `text` is the source's, from `start` to `end`."""

    document_id: str
    sha256: str
    title: str
    section: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what is shown under it, as finished HTML."""

    question: str
    html: str
    done: bool = True


def conversation(exchanges: Sequence[Exchange], welcome: str) -> str:
    """The whole left pane; `welcome` is shown while nothing has been asked."""
    if not exchanges:
        return f'<div class="conversation empty">{welcome}</div>'
    turns = "".join(_turn(number, exchange) for number, exchange in enumerate(exchanges, 1))
    return f'<div class="conversation" role="log" aria-label="Conversation">{turns}</div>'


def welcome(documents: int, examples: Sequence[str]) -> str:
    """What stands in an empty conversation. `examples` are questions to click."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(text)}">{escape(text)}</button></li>'
        for text in examples
    )
    listed = f'<p class="examples-title">Try one</p><ul class="examples">{buttons}</ul>' if examples else ""
    what = "a document to ask" if documents == 0 else ("the document" if documents == 1 else "the documents")
    lead = "Add a document first." if documents == 0 else f"Ask {what} a question."
    return (
        f'<div class="welcome"><h2>{lead}</h2><p>Every sentence of an answer is the source’s own, and its number '
        f"opens the exact words. If the source does not say, you are told so.</p>{listed}</div>"
    )


def pending(question: str) -> Exchange:
    """A question whose answer is being looked for."""
    return Exchange(
        question, '<p class="pending" role="status">Reading the source<span class="dots"></span></p>', False
    )


def failed(question: str, message: str) -> Exchange:
    """A question that could not be asked."""
    return Exchange(question, f'<p class="failed" role="alert">{escape(message)}</p>')


def answered(answer: Answer, closest: Sequence[Closest]) -> Exchange:
    """A question with its answer, or with the closest passages where there is none."""
    understood = ""
    if _plain(answer.searched_for) != _plain(answer.question):
        understood = f'<p class="searched">Searched for: <q>{escape(answer.searched_for)}</q></p>'
    body = _abstention(closest) if answer.abstained else _sentences(answer.sentences)
    return Exchange(answer.question, understood + body + _confidence(answer))


def closest_passages(hits: Sequence[Hit], document: Callable[[str], Document]) -> list[Closest]:
    """The first few passages of a ranking with their texts; `document` gives the document of an id."""
    found = []
    for hit in hits[:CLOSEST]:
        passage = hit.passage
        source = document(passage.document_id)
        text = source.text[passage.start : passage.end]
        found.append(Closest(source.id, source.sha256, source.title, passage.section, passage.start, passage.end, text))
    return found


def _turn(number: int, exchange: Exchange) -> str:
    state = "done" if exchange.done else "waiting"
    return (
        f'<article class="turn {state}" data-turn="{number}" aria-label="Question {number}">'
        f'<h3 class="question"><span>{escape(exchange.question)}</span></h3>'
        f'<div class="reply">{exchange.html}</div></article>'
    )


def _sentences(sentences: Sequence[Sentence]) -> str:
    """Sentences in paragraphs: those of one section and one speaker stand together."""
    number = 0
    paragraphs = []
    for (section, speaker), group in groupby(sentences, key=_heading):
        words = []
        for sentence in group:
            chips = ""
            for citation in sentence.citations:
                number += 1
                chips += _chip(number, citation)
            words.append(
                f'<span class="sentence">{_emphasised(sentence)}</span>&#8288;<span class="chips">{chips}</span>'
            )
        who = f'<p class="speaker">{escape(speaker)}, quoted by the article</p>' if speaker else ""
        where = f'<p class="section">{escape(section)}</p>' if section else ""
        said = " said" if speaker else ""
        paragraphs.append(
            f'<blockquote class="answer{said}">{where}{who}<p class="words">{" ".join(words)}</p></blockquote>'
        )
    return "".join(paragraphs)


def _heading(sentence: Sentence) -> tuple[str, str | None]:
    first = sentence.citations[0]
    return first.section, first.speaker


def _chip(number: int, citation: Citation) -> str:
    place = f"{citation.title}, {citation.section}" if citation.section else citation.title
    label = f"Citation {number}: show these words in {place}"
    pointer = _pointer(citation.document_id, citation.sha256, citation.start, citation.end)
    return (
        f'<button type="button" class="chip" {pointer} aria-label="{escape(label)}" '
        f'title="{escape(place)}">{number}</button>'
    )


def _pointer(document_id: str, sha256: str, start: int, end: int) -> str:
    """The attributes that page.js reads: which characters of which text."""
    return f'data-document="{escape(document_id)}" data-sha256="{escape(sha256)}" data-start="{start}" data-end="{end}"'


def _emphasised(sentence: Sentence) -> str:
    """The sentence, escaped, with its short answers in <strong>."""
    for citation in sentence.citations:
        if _plain(citation.quote) == _plain(sentence.text):
            spans = [
                (short.start - citation.start, short.end - citation.start)
                for short in sentence.short_answers
                if citation.start <= short.start < short.end <= citation.end
            ]
            return _strong(citation.quote, spans)
    return _strong(sentence.text, [])


def _strong(text: str, spans: list[tuple[int, int]]) -> str:
    out, reached = [], 0
    for start, end in sorted(spans):
        if start < reached:
            continue
        out += [escape(text[reached:start]), "<strong>", escape(text[start:end]), "</strong>"]
        reached = end
    return _SPACE.sub(" ", "".join(out) + escape(text[reached:])).strip()


def _abstention(closest: Sequence[Closest]) -> str:
    card = (
        '<div class="absent"><p class="absent-title">Not in the source</p>'
        "<p>No sentence was found that answers this.</p></div>"
    )
    if not closest:
        return card
    items = "".join(
        f'<li><button type="button" class="passage" '
        f"{_pointer(item.document_id, item.sha256, item.start, item.end)}>"
        f'<span class="place">{escape(item.section or item.title)}</span>'
        f'<span class="excerpt">{escape(_excerpt(item.text))}</span></button></li>'
        for item in closest
    )
    return f'{card}<h4 class="closest-title">Closest passages – not an answer</h4><ul class="closest">{items}</ul>'


def _confidence(answer: Answer) -> str:
    meaning = "The estimated probability that the source holds an answer to this question."
    return f'<p class="confidence"><span title="{meaning}">confidence {answer.confidence:.2f}</span></p>'


def _excerpt(text: str) -> str:
    words = _plain(text)
    if len(words) <= EXCERPT:
        return words
    return words[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
