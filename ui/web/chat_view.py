"""A conversation as HTML: questions, verbatim sentences with citation chips, and what is not in the source.

Every question, title, section, speaker and quotation goes through `html.escape`; the tags are all written here and in
citing.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count, groupby

from assistant.types import NOT_IN_THE_SOURCE, SOURCE, Answer, Citation, Sentence, ShortAnswer
from ui.answer_parts import (
    Closest,
    answered_from,
    closest,
    cut,
    one_line,
    paragraphs,
    questions,
    quoted_by,
    searched_for,
)
from ui.web.citing import chip, marked, pointer
from ui.web.marks import markdown_marks, parts
from vectorstore.types import Document, Format

EXCERPT = 220
MOST_IN_BOLD = 0.7
FEW_WORDS = 6
LONGEST_QUESTION = 400


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what is shown under it, as finished HTML."""

    question: str
    html: str
    done: bool = True


def conversation(exchanges: Sequence[Exchange], welcome: str, *, first: int = 1) -> str:
    """The whole left pane, its turns numbered from `first`; `welcome` is shown while nothing has been asked."""
    if not exchanges:
        return f'<div class="conversation empty">{welcome}</div>'
    turns = "".join(_turn(number, exchange) for number, exchange in enumerate(exchanges, first))
    return f'<div class="conversation" role="log" aria-label="Conversation">{turns}</div>'


def welcome(documents: int, examples: Sequence[str], model: str | None = None) -> str:
    """What stands in an empty conversation. `examples` are questions to click; `model`: the language model that words
    the answers, if any."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-ask="{escape(text)}">{escape(text)}</button></li>'
        for text in examples
    )
    listed = f'<p class="examples-title">Try one</p><ul class="examples">{buttons}</ul>' if examples else ""
    what = "a document to ask" if documents == 0 else ("the document" if documents == 1 else "the documents")
    lead = "Add a document first." if documents == 0 else f"Ask {what} a question."
    whose = (
        f"{escape(model)} words the answers. Each of its sentences is checked against the source, and its numbers open"
        if model
        else "Every sentence of an answer is the source’s own, and its number opens"
    )
    return (
        f'<div class="welcome"><h2>{lead}</h2><p>{whose} the exact words. If the source does not say, you are told '
        f"so.</p>{listed}</div>"
    )


def pending(question: str, ahead: int) -> Exchange:
    """A question whose answer is being looked for, or that waits until `ahead` others have been."""
    others = "one other question is" if ahead == 1 else f"{ahead} other questions are"
    what = f"Waiting: {others} before yours" if ahead else "Reading the source"
    return Exchange(question, f'<p class="pending" role="status">{what}<span class="dots"></span></p>', False)


def failed(question: str, message: str) -> Exchange:
    """A question that could not be asked."""
    return Exchange(question, f'<p class="failed" role="alert">{escape(sentence_case(message))}</p>')


def growing(answer: Answer, document: Callable[[str], Document]) -> Exchange:
    """A question with what there is of its answer so far."""
    more = '<p class="pending"><span class="visually-hidden">More is to come</span><span class="dots"></span></p>'
    return Exchange(answer.question, answered(answer, document, whole=False).html + more, False)


def answered(answer: Answer, document: Callable[[str], Document], *, whole: bool = True) -> Exchange:
    """A question with its answer, or with the closest passages where there is none; `document` gives the document of
    an id."""
    if not answer.was_asked:
        return Exchange(answer.question, f'<p class="unasked">{escape(answer.text)}</p>')
    searched = searched_for(answer)
    understood = f'<p class="searched">Searched for: {escape(searched)}</p>' if searched is not None else ""
    if answer.abstained:
        body = _abstention(closest(answer, document))
    else:
        body = _answer(answer, lambda document_id: document(document_id).format)
    notice = f'<p class="notice">{escape(answer.notice)}</p>' if answer.notice else ""
    sure = _confidence(answer) if answer.trace.wordings and whole and not answer.otherwise else ""
    return Exchange(answer.question, understood + notice + body + sure)


def _turn(number: int, exchange: Exchange) -> str:
    state = "done" if exchange.done else "waiting"
    return (
        f'<article class="turn {state}" data-turn="{number}" aria-label="Question {number}">'
        f'<h3 class="question">{escape(cut(exchange.question, LONGEST_QUESTION))}</h3>'
        f'<div class="reply">{exchange.html}</div></article>'
    )


def _answer(answer: Answer, format_of: Callable[[str], Format]) -> str:
    """What attest says itself, then the sentences, under each part of a question in parts."""
    numbers = count(1)
    html = f'<p class="unasked">{escape(answer.said)}</p>' if answer.said else ""
    if answer.spoken_by != SOURCE:
        return html + _spoken(answer, format_of, numbers)
    for part, sentences in questions(answer):
        html += f'<p class="part">{escape(part)}</p>' if part else ""
        html += (
            _sentences(sentences, format_of, numbers)
            if sentences
            else f'<p class="part-absent">{NOT_IN_THE_SOURCE}</p>'
        )
    return html


def _sentences(sentences: Sequence[Sentence], format_of: Callable[[str], Format], numbers: Iterator[int]) -> str:
    """Sentences in paragraphs: those of one section and one speaker stand together."""
    html = ""
    for section, speaker, group in paragraphs(sentences, by_section=True):
        words = " ".join(_cited(sentence, format_of, numbers) for sentence in group)
        where = f'<p class="section">{escape(section)}</p>' if section else ""
        who = f'<p class="speaker">{escape(quoted_by(speaker))}</p>' if speaker else ""
        said = " said" if speaker else ""
        html += f'<blockquote class="answer{said}">{where}{who}<p class="words">{words}</p></blockquote>'
    return html


def _spoken(answer: Answer, format_of: Callable[[str], Format], numbers: Iterator[int]) -> str:
    """A language model's sentences, under its name and in the page's type; those that are the source's own words in
    the source's. What the source does not support stands by itself, struck out, with the reason."""
    name = escape(answer.spoken_by)
    html = f'<p class="speaks"><b>{name}</b>, a language model <span>each sentence checked</span></p>'
    for struck, group in groupby(answer.sentences, key=lambda sentence: sentence.support == "unsupported"):
        if struck:
            html += "".join(_struck(sentence, numbers) for sentence in group)
        else:
            html += f'<p class="words">{" ".join(_said(sentence, format_of, numbers) for sentence in group)}</p>'
    return f'<div class="spoken">{html}</div>'


def _said(sentence: Sentence, format_of: Callable[[str], Format], numbers: Iterator[int]) -> str:
    if sentence.support == "quoted":
        return f'<span class="own">{_cited(sentence, format_of, numbers)}</span>'
    chips = "".join(chip(next(numbers), citation) for citation in sentence.citations)
    return f'<span class="sentence">{escape(sentence.text)}</span>&#8288;<span class="chips">{chips}</span>'


def _struck(sentence: Sentence, numbers: Iterator[int]) -> str:
    chips = "".join(chip(next(numbers), citation) for citation in sentence.citations)
    return (
        '<p class="struck"><span class="visually-hidden">Not supported: </span>'
        f'<del>{escape(sentence.text)}</del> <span class="why">{escape(sentence_case(sentence.reason))}</span>'
        f'&#8288;<span class="chips">{chips}</span></p>'
    )


def _cited(sentence: Sentence, format_of: Callable[[str], Format], numbers: Iterator[int]) -> str:
    """One sentence and, not to be parted from its end, its chips."""
    text = _emphasised(sentence, format_of(sentence.citations[0].document_id))
    chips = "".join(chip(next(numbers), citation) for citation in sentence.citations)
    shown = f'<span class="sentence">{text}</span>&#8288;<span class="chips">{chips}</span>'
    return f'<span class="row">{shown}</span>' if sentence.row else shown


def _emphasised(sentence: Sentence, format: Format) -> str:
    """The sentence, escaped, with its short answers in <strong>; Markdown's marks are hidden, not removed."""
    for citation in sentence.citations:
        if one_line(citation.quote) == one_line(sentence.text):
            spans = [
                (short.start - citation.start, short.end - citation.start)
                for short in sentence.short_answers
                if citation.start <= short.start < short.end <= citation.end and _is_short(short, citation)
            ]
            return marked(citation.quote, spans, format, "strong")
    return marked(sentence.text, [], format, "strong")


def _is_short(short: ShortAnswer, citation: Citation) -> bool:
    """Whether setting the short answer apart tells the reader anything: nearly all of a sentence in bold does not."""
    share = (short.end - short.start) / (citation.end - citation.start)
    return share <= MOST_IN_BOLD or len(short.text.split()) <= FEW_WORDS


def _abstention(passages: Sequence[Closest]) -> str:
    card = (
        '<div class="absent"><p class="absent-title">Not in the source</p>'
        "<p>No sentence was found that answers this.</p></div>"
    )
    if not passages:
        return card
    items = "".join(map(_passage, passages))
    return f'{card}<h4 class="closest-title">Closest passages – not an answer</h4><ul class="closest">{items}</ul>'


def _passage(found: Closest) -> str:
    passage, document = found.passage, found.document
    excerpt = "".join(
        part for part, flag in parts(found.text, markdown_marks(found.text, document.format)) if flag != "markup"
    )
    pages = document.pages.at(passage.start, passage.end) if document.pages else ()
    where = pointer(document.id, document.sha256, passage.start, passage.end, pages)
    return (
        f'<li><button type="button" class="passage" {where}>'
        f'<span class="place">{escape(passage.section or document.title)}</span>'
        f'<span class="excerpt">{escape(cut(excerpt, EXCERPT))}</span></button></li>'
    )


def _confidence(answer: Answer) -> str:
    meaning = "The estimated probability that the source holds an answer to this question."
    sure = f'<span title="{meaning}">confidence {answer.confidence:.2f}</span>'
    if answer.threshold is not None:
        told = escape(answer.threshold.remark or answered_from(answer.threshold), quote=True)
        sure += (
            f', <span title="{told}">answered from {answer.threshold.value:.2f} on ({answer.threshold.origin})</span>'
        )
    return f'<p class="confidence">{sure}</p>'


def sentence_case(line: str) -> str:
    """The line with a capital at its beginning, unless a name or an address stands there: messages are written to
    stand behind a command's name."""
    return line[:1].upper() + line[1:] if re.match(r"[a-z]+:? ", line) else line
