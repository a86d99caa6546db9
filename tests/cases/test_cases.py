"""Documents as people have them, in every format, each with questions and what a careful reader expects.

A line of cases.jsonl: `files`, ingested together; `questions`, of which the last is judged after the others; `shows`,
what the answer must hold, each a string or several of which one will do; `hides`, what it must not hold; `abstains`,
where it must not answer; `title` and `speaker` of its citations; `reports`, what the report of the ingest says;
`fails`, why it is not so yet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Assistant
from assistant.reader.runtime import Reader, load_reader
from assistant.types import Answer, Turn
from ingest.passages import SPLITTER_VERSION
from ingest.pipeline import ingest
from tests.cases.built import BUILT
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = [json.loads(line) for line in (HERE / "cases.jsonl").read_text("utf-8").splitlines()]

Opened = tuple[Assistant, str]
"""An assistant on some documents, and what their ingest reported."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


@pytest.fixture(scope="module")
def opened(
    reader: Reader, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Sequence[str]], Opened]]:
    """Ingests some documents once, and keeps the last ones open."""
    folder = tmp_path_factory.mktemp("cases")
    known: dict[tuple[str, ...], Opened] = {}
    indexes: list[Index] = []

    def of(names: Sequence[str]) -> Opened:
        key = tuple(names)
        if key not in known:
            paths = [folder / name for name in names]
            for path in paths:
                path.write_bytes(
                    BUILT[path.name]() if path.name in BUILT else (HERE / "files" / path.name).read_bytes()
                )
            index = Index.open(folder / f"index{len(known)}", embedder, splitter=SPLITTER_VERSION)
            indexes.append(index)
            reports = list(ingest([str(path) for path in paths], index))
            assert [report.error for report in reports] == [None] * len(paths)
            said = " · ".join(warning for report in reports for warning in report.warnings)
            known[key] = (Assistant(index, reader=reader), said)
        return known[key]

    yield of
    for index in indexes:
        index.close()


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def wrong(case: dict[str, Any], answer: Answer) -> Iterator[str]:
    """What a careful reader would not expect of an answer."""
    text = folded(answer.text)
    if answer.abstained or case.get("abstains"):
        if answer.abstained != bool(case.get("abstains")):
            yield f"abstained: {answer.abstained} ({answer.confidence:.2f}): {answer.text}"
        return
    for want in case.get("shows", []):
        if not any(folded(one) in text for one in ([want] if isinstance(want, str) else want)):
            yield f"lacks {want!r}: {answer.text}"
    for bad in case.get("hides", []):
        if folded(bad) in text:
            yield f"holds {bad!r}: {answer.text}"
    cited = [citation for sentence in answer.sentences for citation in sentence.citations]
    if any(citation.title != case.get("title", citation.title) for citation in cited):
        yield f"titled {[citation.title for citation in cited]}"
    speaker = case.get("speaker", "")
    if speaker and not any(folded(speaker) in folded(citation.speaker or "") for citation in cited):
        yield f"said by {[citation.speaker for citation in cited]}"


def marked(case: dict[str, Any]) -> Any:
    marks = [pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else []
    name = " / ".join(case.get("questions") or case["reports"])
    return pytest.param(case, id=f"{case['kind']}: {name}", marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_a_careful_reader_finds_what_is_there(case: dict[str, Any], opened: Callable[[Sequence[str]], Opened]) -> None:
    assistant, said = opened(case["files"])
    assert [part for part in case.get("reports", []) if part not in said] == []
    history: list[Turn] = []
    for question in case.get("questions", []):
        answer = assistant.ask(question, history)
        history.append(Turn(question, answer))
    if history:
        assert list(wrong(case, history[-1].answer)) == []
