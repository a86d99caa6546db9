"""A small set about a small text, runs made by hand, and the writer of sets that tests break."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from eval.cases import CaseSet, load_set
from eval.evaluate import make_run
from eval.judge import Article, judge
from eval.responses import Response, ResponseCitation, ResponseSentence
from eval.runs import Run
from vectorstore.types import Document, text_sha256

TEXT = (
    "The pier at Holm was built in 1887 by Anna Lund. It cost nine thousand crowns. "
    "Peter Vass was the mayor. “It is a waste of good oak”, he said of the pier. Fire destroyed the pier in 1911."
)
SHA256 = text_sha256(TEXT)
WriteSet = Callable[..., Path]


def sentence(words: str) -> tuple[int, int]:
    """The offsets of the sentence that holds `words`."""
    at = TEXT.index(words)
    start = TEXT.rfind(". ", 0, at) + 2 if ". " in TEXT[:at] else 0
    return start, TEXT.index(".", at) + 1


def row(id: str, question: str, words: str | None, *facts: str, **fields: Any) -> dict[str, Any]:
    """A case as it stands in a file; `words` stand in its evidence, None where it has no answer."""
    evidence = [dict(zip(("start", "end"), sentence(words), strict=True))] if words else []
    return {
        "id": id, "question": question, "history": [], "kind": "who", "part": "tuning", "speaker": None,
        "answerable": "answerable" if words else "unanswerable", "sha256": SHA256, "evidence": evidence,
        "nuggets": [{"accepted": [fact], "vital": True} for fact in facts],
    } | fields  # fmt: skip


ROWS = [
    row("who", "Who put up the landing stage?", "1887", "Anna Lund"),
    row("cost", "What was the price?", "crowns", "nine thousand", kind="how many"),
    row("end", "What became of it?", "1911", "1911", kind="pronoun", history=["Who put up the landing stage?"],
        standalone="What became of the pier?"),
    row("said", "Who thought little of it?", "oak", "waste of good oak", kind="who-said", speaker="Peter Vass"),
    row("wife", "Who was the mayor married to?", None, kind="near miss", part="sealed"),
]  # fmt: skip


@pytest.fixture
def write_set(tmp_path: Path) -> WriteSet:
    def write(*rows: dict[str, Any] | str, name: str = "pier.jsonl") -> Path:
        path = tmp_path / name
        lines = [line if isinstance(line, str) else json.dumps(line) for line in rows or ROWS]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def case_set(write_set: WriteSet) -> CaseSet:
    return load_set(write_set())


@pytest.fixture
def article() -> Article:
    spans = tuple(sentence(words) for words in ("1887", "crowns", "mayor", "oak", "1911"))
    return Article(Document("d", "Pier", TEXT, SHA256, "pier.txt"), (), spans, ())


def quoted(id: str, span: tuple[int, int], **fields: Any) -> Response:
    """An answer of one sentence, cited exactly."""
    start, end = span
    quote = TEXT[start:end]
    cited = ResponseCitation(start, end, quote, fields.pop("speaker", None), "d", SHA256)
    whole = Response(id, False, (ResponseSentence(quote, (cited,)),), "searched", (span,), 0.9)
    return replace(whole, **fields)


def refusal(id: str, **fields: Any) -> Response:
    return replace(Response(id, True, (), "searched", ((0, 1),), 0.1), **fields)


def write_answers(path: Path, responses: Iterable[Response]) -> None:
    """Writes answers as `attest ask --batch` does."""
    with path.open("w", encoding="utf-8") as lines:
        for response in responses:
            row = asdict(response)
            row["passages"] = [{"start": start, "end": end} for start, end in response.passages or ()]
            for said in row["sentences"]:
                said["short_answers"] = [{"text": text} for text in said["short_answers"]]
            lines.write(json.dumps(row) + "\n")


@pytest.fixture
def responses() -> dict[str, Response]:
    """The right answer to each case."""
    return {
        "who": quoted("who", sentence("1887")),
        "cost": quoted("cost", sentence("crowns")),
        "end": quoted("end", sentence("1911")),
        "said": quoted("said", sentence("oak"), speaker="Peter Vass"),
        "wife": refusal("wife"),
    }


MakeRun = Callable[..., Run]


@pytest.fixture
def run_of(case_set: CaseSet, article: Article, responses: dict[str, Response]) -> MakeRun:
    """A run of the right answers, some replaced."""

    def make(*instead: Response) -> Run:
        given = responses | {response.id: response for response in instead}
        results = [judge(case, given[case.id], article) for case in case_set.cases]
        fingerprints = {"set": case_set.sha256, "article": SHA256, "system": "by hand"}
        return make_run(case_set, results, fingerprints)

    return make
