"""An answer as JSON: the shape that `ask --json`, `ask --batch` and the API share. So is an overview, and a check.

Nothing is decided here; every value is the answer's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from assistant.about.overview import Overview
from assistant.check.answers.recheck import STATUSES, Rechecked
from assistant.check.types import Check, CheckedSentence, Finding
from assistant.types import SOURCE, Answer, Citation, Sentence, Threshold
from vectorstore.documents.pages import OnPage
from vectorstore.types import Hit

_RAW_CONTROL = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def answer_to_dict(answer: Answer, *, id: str | int | None = None, seconds: float = 0.0) -> dict[str, Any]:
    """The answer as plain JSON values. `seconds` is how long it took; numbers are rounded so that they read well. The
    threshold, what attest says itself, the parts of a question, that the source says otherwise than the question takes
    for granted, and that documents differ, are there where there are such; who speaks, where a language model was
    asked."""
    row: dict[str, Any] = {
        "id": id,
        "question": answer.question,
        "searched_for": answer.searched_for,
        "abstained": answer.abstained,
        "answer": answer.text,
        "sentences": [_sentence(sentence) for sentence in answer.sentences],
        "passages": [_passage(hit) for hit in answer.passages],
        "confidence": round(float(answer.confidence), 6),
        "seconds": round(seconds, 4),
    }
    if answer.threshold is not None:
        row["threshold"] = _threshold(answer.threshold)
    if answer.said:
        row["said"] = answer.said
    if answer.otherwise:
        row["otherwise"] = True
    if answer.differs:
        row["differs"] = True
    if answer.parts:
        row["parts"] = [_part(part) for part in answer.parts]
    if answer.spoken_by != SOURCE or answer.notice:
        row["spoken_by"] = answer.spoken_by
    if answer.notice:
        row["notice"] = answer.notice
    return row


def overview_to_dict(overview: Overview) -> dict[str, Any]:
    """The overview of a document as plain JSON values; its sentences are like those of an answer."""
    document = overview.document
    return {
        "document": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "facts": [
            {"name": fact.name, "value": fact.value, "start": fact.start, "end": fact.end} for fact in document.facts
        ],
        "size": overview.size,
        "sections": list(overview.sections),
        "key": [_sentence(sentence) for sentence in overview.key],
        "timeline": [_sentence(sentence) for sentence in overview.timeline],
        "people": [
            {
                "name": person.name,
                "sentence": _sentence(person.sentence),
                "mentions": [{"section": name, "start": start, "end": end} for name, (start, end) in person.mentions],
            }
            for person in overview.people
        ],
    }


def check_to_dict(check: Check) -> dict[str, Any]:
    """A checked text as plain JSON values. `start` and `end` of a sentence count in the text, `claim` of a finding in
    the sentence."""
    return {
        "verdict": check.verdict,
        "sentences": [_checked(sentence) for sentence in check.sentences],
        "checker": check.checker,
    }


def rechecked_to_dict(found: Sequence[Rechecked]) -> dict[str, Any]:
    """What has become of saved quotations, as plain JSON values; `now` is null where they stand nowhere."""
    return {
        **{status: sum(one.status == status for one in found) for status in STATUSES},
        "quotations": [
            {
                "status": one.status,
                "reason": one.reason,
                "document": one.saved.document_id,
                "title": one.saved.title,
                "section": one.saved.section,
                "start": one.saved.start,
                "end": one.saved.end,
                "quote": one.saved.quote,
                "sha256": one.saved.sha256,
                "now": _citation(one.now) if one.now else None,
            }
            for one in found
        ],
    }


def dumps(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """JSON text in which no character ends a line or drives a terminal: those are escaped, the rest is readable."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, allow_nan=False)
    return _RAW_CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _sentence(sentence: Sentence) -> dict[str, Any]:
    row = {
        "text": sentence.text,
        "support": sentence.support,
        "citations": [_citation(citation) for citation in sentence.citations],
        "short_answers": [
            {"start": short.start, "end": short.end, "text": short.text} for short in sentence.short_answers
        ],
    }
    return {**row, "reason": sentence.reason} if sentence.reason else row


def _checked(sentence: CheckedSentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "start": sentence.start,
        "end": sentence.end,
        "checkable": sentence.checkable,
        "verdict": sentence.verdict,
        "support": round(float(sentence.support), 4),
        "reason": sentence.reason,
        "citations": [_citation(citation) for citation in sentence.citations],
        "findings": [_finding(finding) for finding in sentence.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """Where the finding is about no place of the sentence, or of the source, that is null."""
    return {
        "kind": finding.kind,
        "outcome": finding.outcome,
        "reason": finding.reason,
        "claim": list(finding.claim) if finding.claim else None,
        "source": _citation(finding.source) if finding.source else None,
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    """What was promised of it, and what is to be said of it, are there where there is such."""
    row: dict[str, Any] = {"value": threshold.value, "source": threshold.source}
    if threshold.promise:
        row["promise"] = threshold.promise
    return {**row, "remark": threshold.remark} if threshold.remark else row


def _part(part: Answer) -> dict[str, Any]:
    """One part of a question in parts; its sentences are among those of the whole answer."""
    return {
        "question": part.question,
        "searched_for": part.searched_for,
        "abstained": part.abstained,
        "answer": part.text,
        "confidence": round(float(part.confidence), 6),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    row: dict[str, Any] = {
        "document": citation.document_id,
        "title": citation.title,
        "section": citation.section,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "speaker": citation.speaker,
        "sha256": citation.sha256,
    }
    if citation.pages:
        row["pages"] = [_on_page(place) for place in citation.pages]
    return row


def _on_page(place: OnPage) -> dict[str, Any]:
    """A page of a citation; that its text was recognised in a picture is there where it was."""
    row = {"page": place.page, "boxes": [list(box) for box in place.boxes]}
    return {**row, "recognised": True} if place.recognised else row


def _passage(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.passage.document_id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "score": round(float(hit.score), 6),
    }
