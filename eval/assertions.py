"""Assertions about answers, for people's own tests.

    answer = assistant.ask("Who printed it?")
    assert_grounded(answer, document)
    assert_shows(answer, "Fishelev")
    assert_abstains(assistant.ask("How old was he?"))

An answer is an `assistant.types.Answer` or one line of `attest ask --batch` as a dict; a document is a
`vectorstore.types.Document` or its text. Each raises AssertionError, in lines that read like a diff.
But: they know no case; whether an answer is the right one is for the test to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.types import Answer
from assistant.wire import answer_to_dict
from eval.metrics.answer import normalised, stands_in
from eval.metrics.support import supports
from eval.responses import Response, ResponseCitation, to_response
from vectorstore.types import Document, text_sha256

AnyAnswer = Answer | Mapping[str, Any]
AnyDocument = Document | str

__all__ = ["assert_abstains", "assert_cites", "assert_exact", "assert_grounded", "assert_says_who", "assert_shows"]

_AROUND = 30


def assert_grounded(answer: AnyAnswer, document: AnyDocument) -> None:
    """Every sentence is cited, every citation is exact, and each sentence is supported by what it cites: it stands
    there word for word, or the checker of `attest check` finds it supported. An abstention says nothing, and is
    grounded."""
    __tracebackhide__ = True
    whole = _document(document)
    text, sha256 = whole.text, whole.sha256
    response = _response(answer, sha256)
    problems = _inexact(response, text, sha256)
    if not response.abstained and not response.sentences:
        problems.append("  an answer without a sentence")
    for number, sentence in enumerate(response.sentences, 1):
        if not sentence.citations:
            problems += [f"sentence {number} has no citation", f"  - {sentence.text}"]
        elif not supports(sentence.text, whole, [(c.start, c.end) for c in sentence.citations]):
            problems += [f"sentence {number} is not supported by what it cites", f"  - says:  {sentence.text}"]
            problems += [f"  + cites: {text[c.start : c.end]}" for c in sentence.citations]
    _fail_on(problems, "the answer is not grounded")


def assert_exact(answer: AnyAnswer, document: AnyDocument) -> None:
    """Every citation's quotation stands at its offsets in the document."""
    __tracebackhide__ = True
    whole = _document(document)
    _fail_on(_inexact(_response(answer, whole.sha256), whole.text, whole.sha256), "a citation is not exact")


def assert_abstains(answer: AnyAnswer) -> None:
    """The answer is "not in the source", and cites nothing."""
    __tracebackhide__ = True
    response = _response(answer, "")
    if not response.abstained:
        said = [f"  - {sentence.text}" for sentence in response.sentences] or ["  - (an empty answer)"]
        _fail_on(said, "an answer where none was expected")
    _fail_on([f"  - {s.text}" for s in response.sentences if s.citations], "an abstention that cites")


def assert_shows(answer: AnyAnswer, *facts: str) -> None:
    """Every fact stands in the answer, whatever its case, quotation marks and white space."""
    __tracebackhide__ = True
    response = _response(answer, "")
    said = normalised(response.text)
    missing = [f"  - lacks: {fact}" for fact in facts if not stands_in(normalised(fact), said)]
    _fail_on([*missing, f"  + says:  {response.text or 'Not in the source.'}"] if missing else [], "a fact is missing")


def assert_cites(answer: AnyAnswer, start: int, end: int) -> None:
    """A citation overlaps the stretch start..end, in code points."""
    __tracebackhide__ = True
    cited = [c for s in _response(answer, "").sentences for c in s.citations]
    if any(c.start < end and start < c.end for c in cited):
        return
    _fail_on(
        [f"  - expected: {start}-{end}", *(f"  + cited:    {c.start}-{c.end} {c.quote[:60]}" for c in cited)],
        "the evidence is not cited",
    )


def assert_says_who(answer: AnyAnswer, speaker: str) -> None:
    """Every citation of the answer names `speaker` (the last name is enough) as who says it."""
    __tracebackhide__ = True
    response = _response(answer, "")
    wanted = normalised(speaker).split()[-1:]
    if not wanted:
        raise ValueError("name a speaker")
    wrong = [
        f"  + {c.speaker or 'the source itself'}: {s.text}"
        for s in response.sentences
        for c in s.citations
        if wanted[0] not in normalised(c.speaker or "").split()
    ]
    wrong += [f"  + nobody: {s.text}" for s in response.sentences if not s.citations]
    if response.abstained:
        wrong = ["  + Not in the source."]
    _fail_on([f"  - expected: {speaker}", *wrong] if wrong else [], "another voice than expected")


def _inexact(response: Response, text: str, sha256: str) -> list[str]:
    problems: list[str] = []
    for sentence in response.sentences:
        for citation in sentence.citations:
            start, end = citation.start, citation.end
            if citation.sha256 is not None and citation.sha256 != sha256:
                problems.append(f"  {start}-{end} cites another text (SHA-256 {citation.sha256[:12]}...)")
            elif not start < end <= len(text) or text[start:end] != citation.quote:
                problems += _difference(citation, text)
    return problems


def _difference(citation: ResponseCitation, text: str) -> list[str]:
    """The two texts from shortly before the first character that differs."""
    there = text[citation.start : citation.end]
    at = next((n for n, (a, b) in enumerate(zip(there, citation.quote, strict=False)) if a != b), None)
    if at is None:
        at = min(len(there), len(citation.quote))
    window = slice(max(0, at - _AROUND), at + _AROUND)
    return [
        f"  citation {citation.start}-{citation.end} differs from the text at character {at} of the quotation",
        f"  - text:  {there[window]!r}",
        f"  + quote: {citation.quote[window]!r}",
    ]


def _document(document: AnyDocument) -> Document:
    if isinstance(document, Document):
        return document
    return Document("document", "", document, text_sha256(document), "text")


def _response(answer: AnyAnswer, sha256: str) -> Response:
    row = answer_to_dict(answer) if isinstance(answer, Answer) else dict(answer)
    row["id"] = "" if row.get("id") is None else row["id"]
    return to_response(row, article_sha256=sha256)


def _fail_on(problems: list[str], headline: str) -> None:
    __tracebackhide__ = True
    if problems:
        raise AssertionError("\n".join([headline, *problems]))
