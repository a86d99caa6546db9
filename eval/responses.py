"""Answers as they are judged: anybody's, read from the format that `attest ask --batch` writes.

    {"id": "...", "abstained": false, "answer": "...", "sentences": [{"text": "...", "citations": [
      {"document": "...", "start": 0, "end": 9, "quote": "...", "speaker": null, "sha256": "..."}]}],
     "passages": [{"document": "...", "start": 0, "end": 0}], "confidence": 0.5}

Needed are `id`, `abstained` and `sentences`; where `searched_for`, `passages`, `confidence` or `short_answers` are not
given, what rests on them is undefined. `"otherwise": true` says that the answer corrects what the question takes for
granted.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.cases import CaseSet, lines_of
from vectorstore.errors import UsageError
from vectorstore.types import Span


@dataclass(frozen=True, slots=True)
class ResponseCitation:
    """A citation as claimed: `quote` is what the answer says stands at start..end; `sha256` of the text meant, None
    where the answer does not say. `foreign`: it points into another text than the one the case is about."""

    start: int
    end: int
    quote: str
    speaker: str | None = None
    document: str | None = None
    sha256: str | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class ResponseSentence:
    """One sentence of an answer. `short_answers`: the words marked as the answer proper."""

    text: str
    citations: tuple[ResponseCitation, ...]
    short_answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to one case. `passages`: the retrieval ranking, best first, None where the system gave none, as for
    `confidence` (0 to 1) and `searched_for`. `otherwise`: it does not answer, and shows instead that the source says
    otherwise than the question takes for granted."""

    id: str
    abstained: bool
    sentences: tuple[ResponseSentence, ...]
    searched_for: str | None = None
    passages: tuple[Span, ...] | None = None
    confidence: float | None = None
    otherwise: bool = False

    @property
    def text(self) -> str:
        """What the answer says: the sentences, one after the other."""
        return " ".join(sentence.text for sentence in self.sentences)


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Citation(_Wire):
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str
    speaker: str | None = None
    document: str | None = None
    sha256: str | None = None


class _Short(_Wire):
    text: str


class _Sentence(_Wire):
    text: str
    citations: list[_Citation] = []
    short_answers: list[_Short] = []
    support: str = "quoted"


class _Passage(_Wire):
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    document: str | None = None


class _Answer(_Wire):
    id: str | int
    abstained: bool
    sentences: list[_Sentence]
    searched_for: str | None = None
    passages: list[_Passage] | None = None
    confidence: float | None = Field(default=None, ge=0, le=1)
    otherwise: bool = False


def to_response(row: Mapping[str, Any], *, article_sha256: str, others: Collection[str] = ()) -> Response:
    """One answer to a question about the text with `article_sha256`. Passages of other documents (`others`, and those
    told by citations that name both document and text) keep their rank, as an empty span. Raises ValueError that names
    the field."""
    answer = _validated(row)
    return _response(answer, {*others, *_other_documents([answer], article_sha256)}, article_sha256)


def _validated(row: Mapping[str, Any]) -> _Answer:
    try:
        return _Answer.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(str(step) for step in first['loc']) or 'the line'}: {first['msg']}") from None


def _other_documents(answers: Sequence[_Answer], article_sha256: str) -> set[str]:
    """The documents that are cited with the SHA-256 of another text, and never with the article's."""
    texts: dict[str, set[str]] = {}
    for citation in (c for answer in answers for s in answer.sentences for c in s.citations):
        if citation.document is not None and citation.sha256 is not None:
            texts.setdefault(citation.document, set()).add(citation.sha256)
    return {document for document, known in texts.items() if article_sha256 not in known}


def _response(answer: _Answer, others: Collection[str], article_sha256: str) -> Response:
    passages = None
    if answer.passages is not None:
        passages = tuple((0, 0) if p.document in others else (p.start, p.end) for p in answer.passages)
    return Response(
        id=str(answer.id),
        abstained=answer.abstained,
        sentences=tuple(
            _response_sentence(sentence, others, article_sha256)
            for sentence in answer.sentences
            if sentence.support != "unsupported"  # struck out: nobody is told it
        ),
        searched_for=answer.searched_for,
        passages=passages,
        confidence=answer.confidence,
        otherwise=answer.otherwise,
    )


def read_responses(path: Path, case_set: CaseSet) -> list[Response]:
    """One answer for each case of the set, in the set's order.

    Raises UsageError for a file or line that cannot be read, an answer to no case, a second answer to one, and cases
    without an answer.
    """
    lines = lines_of(path, "answers", "name what `ask --batch` wrote")
    found: dict[str, _Answer] = {}
    known = {case.id for case in case_set.cases}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("not an object")
            json.dumps(row, ensure_ascii=False).encode("utf-8")
            answer = _validated(row)
        except UnicodeEncodeError:
            raise UsageError(f"{path}, line {number}: it holds half of a surrogate pair, which is no text") from None
        except (ValueError, RecursionError) as error:
            reason = f"not JSON ({error.msg})" if isinstance(error, json.JSONDecodeError) else str(error)
            raise UsageError(f"{path}, line {number}: {reason}") from None
        id = str(answer.id)
        if id not in known:
            raise UsageError(f"{path}, line {number}, id: the set {case_set.name} has no case {id!r}")
        if id in found:
            raise UsageError(f"{path}, line {number}, id: {id!r} is answered twice")
        found[id] = answer
    missing = [case.id for case in case_set.cases if case.id not in found]
    if missing:
        raise UsageError(f"{path} has no answer to {_some(missing)}: answer every case of the set {case_set.name}")
    others = _other_documents(list(found.values()), case_set.article_sha256)
    return [_response(found[case.id], others, case_set.article_sha256) for case in case_set.cases]


def _response_sentence(sentence: _Sentence, others: Collection[str], article_sha256: str) -> ResponseSentence:
    citations = tuple(
        ResponseCitation(
            c.start,
            c.end,
            c.quote,
            c.speaker,
            c.document,
            c.sha256,
            c.document in others or c.sha256 not in (None, article_sha256),
        )
        for c in sentence.citations
    )
    return ResponseSentence(sentence.text, citations, tuple(short.text for short in sentence.short_answers))


def _some(names: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
