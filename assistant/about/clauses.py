"""What a question for a numbered part wants: "What does clause 2.3 say?", "section 4", "article 5(2) of the lease".

The part is shown whole, in the source's words. Where no document has it and none mentions it, that is said.
But: "When does clause 2.3 apply?" asks for something inside it, and is read like any question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.about.facts import Told
from assistant.about.numbered import LABEL, NUMBER, find, label_of, marks_of, number_of, pieces
from assistant.about.sentences import Shelf
from assistant.about.which import named
from assistant.citation import cite
from assistant.types import Sentence
from vectorstore.types import Document, Head, Passage, SentenceSpan, Span, shown_text

MOST_WORDS = 500
"""Words of a part that are shown; of a longer one the beginning, and it is said."""
MOST_ALIKE = 3
"""Parts that may be called so before it is no longer clear which is meant."""
_MANY = frozenset(("step", "item", "point", "question", "number"))

_ONE = rf"(?:(?P<label>{LABEL})\s?(?P<number>{NUMBER})|(?P<alone>\d{{1,3}}(?:\.\d{{1,3}})+(?:\s?\(\w{{1,4}}\))*))"
_PART = (
    rf"(?:the )?{_ONE}(?:(?P<of>,? (?:of|in|to) (?:the )?|,? )(?P<label2>{LABEL})\s?(?P<number2>{NUMBER}))?"
    r"(?:,? (?:of|in|from) (?:the |this |that )?(?P<document>\S.*?))?"
)
_SAY = (
    r"(?:say|state|provide|require|contain|mean|cover|regulate|read|stipulate|prescribe|demand|allow|forbid|deal with|"
    r"talk about|be about|tell us|tell me|set out|specify|define)"
)
_ASKS = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"what (?:does|do|did|would) {_PART} {_SAY}(?: (?:about|on|regarding) .{{1,80}})?",
        rf"what(?:'s| is| are| was)(?: (?:said |written |stated |provided )?(?:in|at|under|on)"
        rf"| the (?:text|content|contents|wording|meaning|subject) of)? {_PART}(?: about)?",
        rf"(?:please )?(?:(?:can|could) you (?:please )?)?"
        rf"(?:show|quote|read|give|cite|print|find|see|display|tell|recite|explain|summari[sz]e|describe|open|"
        rf"go to)(?: me| us)?(?: about| the text of| the wording of| what)? {_PART}"
        r"(?: says?)?(?: please)?",
        rf"(?:and |or )?(?:what about |how about )?{_PART}",
    )
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A numbered part that is asked for: its label and number, those of the part that it lies in, and the words that
    name its document; each may be missing."""

    label: str
    number: tuple[str, ...]
    outer: tuple[str, tuple[str, ...]] | None = None
    document: str = ""
    words: str = ""


def wanted_part(question: str) -> Wanted | None:
    """The numbered part that a question asks for and for nothing else; None where it asks for something else."""
    plain = " ".join(question.replace("’", "'").split()).strip(" ?.!\"'“”")
    match = next((found for pattern in _ASKS if (found := pattern.fullmatch(plain))), None)
    if match is None:
        return None
    label, number = label_of(match["label"] or ""), number_of(match["number"] or match["alone"])
    words = re.sub(
        r"^the ", "", plain[match.start("label" if match["label"] else "alone") : match.end("number2")], flags=re.I
    )
    first = match.start("label" if match["label"] else "alone")
    last = next(match.end(name) for name in ("number2", "number", "alone") if match[name])
    words = plain[first:last]
    if match["label2"] is None:
        return Wanted(label, number, None, match["document"] or "", words)
    other = (label_of(match["label2"]), number_of(match["number2"]))
    if re.search(r"of|in|to", match["of"]):
        return Wanted(label, number, other, match["document"] or "", words)
    return Wanted(*other, (label, number), match["document"] or "", words)


def part_of(wanted: Wanted, heads: Sequence[Head], shelf: Shelf) -> Told | None:
    """The part in whichever documents have it; None where it has to be read for like any question."""
    chosen = named(wanted.document, heads) or heads if wanted.document else heads
    found = [(head, span) for head in chosen for span in _spans(wanted, shelf, head.id)]
    sure = [(head, span) for head, span in found if not _is_item(shelf.document(head.id).text[slice(*span)])]
    sentences: list[Sentence] = []
    said: list[str] = []
    for head, span in sure or found:
        some, whole = _sentences(shelf.document(head.id), shelf.passages(head.id), span)
        sentences += some
        if not whole:
            said.append(f"{wanted.words[:1].upper()}{wanted.words[1:]} is long: this is how it begins.")
    if sentences:
        return Told(" ".join(dict.fromkeys(said)), tuple(sentences))
    if not wanted.label or any(_mentions(wanted, shown_text(shelf.document(head.id))) for head in chosen):
        return None
    where = f"“{chosen[0].title}”" if len(chosen) == 1 else "the documents"
    return Told(f"Not in the source: there is no {wanted.words} in {where}.", (), False)


def _is_item(part: str) -> bool:
    """Whether a part may as well be an item of any list: one line behind a number alone."""
    return "\n" not in part and bool(re.match(r"\d+[.)]\s", part))


def _spans(wanted: Wanted, shelf: Shelf, document_id: str) -> list[Span]:
    text, passages = shown_text(shelf.document(document_id)), shelf.passages(document_id)
    marks = marks_of(text)
    headings = [(passage.start, passage.end) for passage in passages if passage.kind == "heading"]
    spans = find(text, marks, headings, wanted.label, wanted.number)
    if wanted.outer is not None:
        outer = find(text, marks, headings, *wanted.outer)
        inside = [
            span
            for start, end in outer
            for span in find(
                text[:end], [m for m in marks if start < m.start < end], headings, wanted.label, wanted.number
            )
        ]
        spans = inside or ([] if outer else spans)
    many = wanted.label in _MANY
    if many:
        return [] if len(spans) > MOST_ALIKE else spans
    longest = max((end - start for start, end in spans), default=0)
    return [span for span in spans if span[1] - span[0] >= longest / 3][:1]  # a line of the contents is none


def _sentences(document: Document, passages: Sequence[Passage], span: Span) -> tuple[list[Sentence], bool]:
    """The part as sentences, one for each of its lines or paragraphs, and whether they are all of it."""
    section = next((p.section for p in passages if p.start <= span[0] < p.end or p.start >= span[0]), "")
    shown: list[Sentence] = []
    words = 0
    for start, end in pieces(shown_text(document), span):
        size = document.text.count(" ", start, end) + 1
        if shown and words + size > MOST_WORDS:
            return shown, False
        words += size
        shown.append(cite(document, SentenceSpan(start, end, "prose"), section))
    return shown, True


def _mentions(wanted: Wanted, text: str) -> bool:
    """Whether a text speaks of the part, without having it."""
    return any(
        label_of(match["label"]) == wanted.label and number_of(match["number"]) == wanted.number
        for match in re.finditer(rf"(?<!\w)(?P<label>{LABEL})\s?(?P<number>{NUMBER})", text, re.I)
    )
