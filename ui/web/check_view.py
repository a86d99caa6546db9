"""A checked text as HTML: sentence by sentence, what the source says of it, with chips to its exact words.

The visitor's own sentences are set in the page's type, the source's words in that of the source. No verdict is told by
colour alone: each has a sign and a word. Every character of a text or document is escaped here and in citing.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from html import escape
from itertools import groupby

from assistant.check.reasons import as_sentence
from assistant.check.types import Check, CheckedSentence, Finding, Verdict
from assistant.types import Citation
from ui.answer_parts import one_line, quoted_by
from ui.web.chat_view import sentence_case
from ui.web.citing import chip, marked, place_of
from vectorstore.types import Document, Span, shown_text

LONGEST_QUOTE = 900
"""Characters of one quotation that are shown; its chip opens all of it."""
MOST_CHIPS = 4
"""Of one supported sentence."""

_SIGNS: dict[Verdict, str] = {"supported": "✓", "contradicted": "✕", "not found": "?"}
_WORDS: dict[Verdict, str] = {"supported": "Supported", "contradicted": "Contradicted", "not found": "Not found"}
_CLASSES: dict[Verdict, str] = {"supported": "supported", "contradicted": "contradicted", "not found": "missing"}


def empty(documents: int, example: str | None) -> str:
    """What stands there before a text was checked. `example` is a text to click."""
    what = "a document" if documents == 0 else "the document" if documents == 1 else "the documents"
    lead = "Add a document first." if documents == 0 else f"Check a text against {what}."
    listed = (
        '<p class="examples-title">Try one</p><ul class="examples"><li><button type="button" class="example" '
        f'data-check="{escape(example)}">{escape(example)}</button></li></ul>'
        if example
        else ""
    )
    return (
        f'<div class="conversation empty"><div class="welcome"><h2>{lead}</h2><p>Paste what somebody wrote about it. '
        "Each sentence is supported, contradicted or not found, and its number opens the source’s own words.</p>"
        f"{listed}</div></div>"
    )


def pending(ahead: int) -> str:
    """A text that is being checked, or that waits until `ahead` others have been."""
    others = "one other text is" if ahead == 1 else f"{ahead} other texts are"
    what = f"Waiting: {others} before yours" if ahead else "Checking each sentence"
    return _pane(f'<p class="pending" role="status">{what}<span class="dots"></span></p>', "waiting")


def failed(message: str) -> str:
    """A text that could not be checked."""
    return _pane(f'<p class="failed" role="alert">{escape(sentence_case(message))}</p>', "waiting")


def checked(check: Check, document: Callable[[str], Document]) -> str:
    """The whole check; `document` gives the document of an id. Raises KeyError where one has gone."""
    view = _View(document)
    items = "".join(view.item(check.text, before, sentence) for before, sentence in _with_ends(check.sentences))
    by = "" if check.checker == "attest" else f'<p class="confidence">Checked by {escape(check.checker)}</p>'
    html = f'{_summary(check)}<ol class="claims">{items}</ol>{by}'
    return _pane(html, "done", sha256(html.encode("utf-8", "replace")).hexdigest()[:16])


def summary(check: Check) -> str:
    """How many sentences there are of each verdict, as plain text."""
    return "".join(words for words, _ in _counted(check))


def _pane(html: str, state: str, key: str = "") -> str:
    """`key` tells page.js one check from another: elements may be kept between them."""
    opening = f'<section class="check {state}" data-key="{key}" aria-label="Checked text">'
    return f'<div class="conversation">{opening}{html}</section></div>'


def _summary(check: Check) -> str:
    """The counts; those that a reader has to look into lead to the next such sentence."""
    html = ""
    for words, verdict in _counted(check):
        if verdict is None or verdict == "supported":
            html += escape(words)
        else:
            title = f"Go to the next sentence that is {verdict}"
            html += (
                f'<button type="button" class="jump" data-jump="{_CLASSES[verdict]}" title="{title}">{words}</button>'
            )
    return f'<h3 class="summary">{html}</h3>'


def _counted(check: Check) -> list[tuple[str, Verdict | None]]:
    judged = [sentence.verdict for sentence in check.sentences if sentence.checkable]
    if not judged:
        return [("Nothing here states anything that could be checked", None)]
    counted: list[tuple[str, Verdict | None]] = [
        (f"{judged.count(verdict)} {verdict}", verdict) for verdict in _WORDS if verdict in judged
    ]
    found: list[tuple[str, Verdict | None]] = [(f"{len(judged)} sentence{'s' * (len(judged) > 1)}: ", None)]
    for number, count in enumerate(counted):
        found += [*([(", ", None)] if number else []), count]
    return found


def _with_ends(sentences: Sequence[CheckedSentence]) -> Iterable[tuple[int, CheckedSentence]]:
    """Each sentence, with where the one before it ends."""
    return zip((0, *(sentence.end for sentence in sentences)), sentences, strict=False)


class _View:
    """Numbers citations through the text: one that comes again keeps its number."""

    def __init__(self, document: Callable[[str], Document]) -> None:
        self._document = document
        self._numbers: dict[tuple[str, int, int], int] = {}

    def item(self, text: str, before: int, sentence: CheckedSentence) -> str:
        """One sentence with all that is said of it; what stands between it and the one before comes first."""
        gap = text[before : sentence.start]
        new = " new" if before and re.search(r"\n\s*\n|\r\n?\s*\r", gap) else ""
        said = escape(gap.strip()) + " " * bool(gap.strip())
        if not sentence.checkable:
            return f'<li class="claim unchecked{new}"><p class="said">{said}{escape(sentence.text)}</p></li>'
        verdict = sentence.verdict
        if verdict == "supported":
            label, body = '<span class="visually-hidden">Supported: </span>', self._supported(sentence)
            words = f'<p class="said">{label}{said}{escape(sentence.text)}{body}</p>{_reason(sentence)}'
        else:
            words = f'<p class="verdict">{_WORDS[verdict]}</p><p class="said">{said}{_differing(sentence)}</p>'
            words += self._contradicted(sentence) if verdict == "contradicted" else self._missing(sentence)
        sign = f'<span class="sign" aria-hidden="true">{_SIGNS[verdict]}</span>'
        return f'<li class="claim {_CLASSES[verdict]}{new}" tabindex="-1">{sign}<div>{words}</div></li>'

    def _supported(self, sentence: CheckedSentence) -> str:
        chips = "".join(self._chip(citation) for citation in sentence.citations[:MOST_CHIPS])
        return f'&#8288;<span class="chips">{chips}</span>' if chips else ""

    def _contradicted(self, sentence: CheckedSentence) -> str:
        differing = [finding.source for finding in sentence.findings if finding.outcome == "differs" and finding.source]
        shown = list(sentence.citations[:1])
        shown += [c for c in differing if not any(_inside(c, other) for other in shown)]
        quotes = "".join(self._quotation(citation, differing) for citation in _distinct(shown))
        title = '<p class="source-says">The source says</p>' if quotes else ""
        return f"{_reason(sentence)}{title}{quotes}"

    def _missing(self, sentence: CheckedSentence) -> str:
        quotes = "".join(self._quotation(citation, (), " apart") for citation in sentence.closest[:1])
        title = '<p class="source-says">Closest place – does not support it</p>' if quotes else ""
        return f"{_reason(sentence)}{title}{quotes}"

    def _quotation(self, citation: Citation, differing: Iterable[Citation], kind: str = "") -> str:
        """The source's words, those that differ marked, and the chip that opens them."""
        document = self._document(citation.document_id)
        start, end = citation.start, citation.end
        inside = sorted((c.start, c.end) for c in differing if _inside(c, citation) and c != citation)
        same = document.sha256 == citation.sha256
        text, before, after = shown_text(document)[start:end] if same else citation.quote, "", ""
        if len(text) > LONGEST_QUOTE:
            first = max(0, min(inside[0][0] - start - LONGEST_QUOTE // 3, len(text) - LONGEST_QUOTE)) if inside else 0
            text, start = text[first : first + LONGEST_QUOTE], start + first
            before, after = "… " * (first > 0), " …" * (start + LONGEST_QUOTE < end)
        spans = [(a - start, min(b - start, len(text))) for a, b in inside if start <= a < start + len(text)]
        words = before + marked(text, spans, document.format, "mark") + after
        who = f'<p class="speaker">{escape(quoted_by(citation.speaker))}</p>' if citation.speaker else ""
        return (
            f'<blockquote class="answer{kind}{" said" if citation.speaker else ""}">'
            f'<p class="section">{escape(place_of(citation))}</p>{who}<p class="words">{words}&#8288;'
            f'<span class="chips">{self._chip(citation)}</span></p></blockquote>'
        )

    def _chip(self, citation: Citation) -> str:
        key = (citation.document_id, citation.start, citation.end)
        return chip(self._numbers.setdefault(key, len(self._numbers) + 1), citation)


def _reason(sentence: CheckedSentence) -> str:
    """Why the verdict is what it is, and what else speaks against the sentence: of the same words one thing."""
    differing = [f for f in sentence.findings if f.outcome == "differs" and sentence.verdict == "contradicted"]
    more = [f.reason for number, f in enumerate(differing) if not f.is_of(differing[:number])]
    reasons = dict.fromkeys(as_sentence(one_line(reason)) for reason in (sentence.reason, *more) if reason.strip())
    return "".join(f'<p class="why">{escape(reason)}</p>' for reason in reasons)


def _differing(sentence: CheckedSentence) -> str:
    """The sentence, the words that decide against it marked."""
    wanted = "differs" if sentence.verdict == "contradicted" else "absent"
    spans = _merged(f.claim for f in sentence.findings if f.outcome == wanted and _narrow(f, sentence) and f.claim)
    return marked(sentence.text, spans, "plain", "mark")


def _narrow(finding: Finding, sentence: CheckedSentence) -> bool:
    """Whether it is of some words of the sentence: marking all of it would tell nothing."""
    return finding.claim is not None and finding.claim[1] - finding.claim[0] < 0.9 * len(sentence.text)


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def _inside(inner: Citation, outer: Citation) -> bool:
    same = inner.document_id == outer.document_id
    return same and outer.start <= inner.start and inner.end <= outer.end


def _distinct(citations: Iterable[Citation]) -> list[Citation]:
    return [next(same) for _, same in groupby(citations, key=lambda c: (c.document_id, c.start, c.end))]
