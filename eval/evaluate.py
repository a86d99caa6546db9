"""One evaluation from end to end: the article of a set, the answers to its questions, the run that is judged from them.

Nothing is printed or written here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.engine import Assistant
from assistant.reader.runtime import Reader
from assistant.replay import Conversations
from assistant.settings import Settings
from assistant.types import Answer
from assistant.wire import answer_to_dict
from eval import Progress, fingerprints, silent
from eval.cases import Case, CaseSet
from eval.figures import curves, figures
from eval.judge import Article, judge, read_article
from eval.responses import Response, read_responses, to_response
from eval.runs import Result, Run
from ingest.loading import bundled, load_file
from ingest.passages import SPLITTER_VERSION
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import AttestError, UsageError
from vectorstore.index import Index
from vectorstore.types import Document, Span


def find_article(case_set: CaseSet, path: Path | None) -> Document:
    """The text of a set: the file, or the bundled article where the set is about that.

    Raises UsageError where there is none, where it cannot be read, and where it is another text.
    """
    if path is not None:
        try:
            document = load_file(path).document
        except AttestError as error:
            raise UsageError(f"--article: {error}") from None
        case_set.check_article(document, str(path))
        return document
    for loaded in bundled():
        if loaded.document.sha256 == case_set.article_sha256:
            case_set.check_article(loaded.document, loaded.document.title)
            return loaded.document
    raise UsageError(
        f"the set {case_set.name} is about a text that attest does not ship (SHA-256 "
        f"{case_set.article_sha256[:12]}...): name its file with --article"
    )


def evaluate(
    case_set: CaseSet,
    document: Document,
    embedder: Embedder,
    settings: Settings,
    *,
    index: Path | None = None,
    progress: Progress = silent,
) -> Run:
    """The run of attest over a set, on an index that holds `document` alone, or on the index named."""
    made_with = fingerprints.of_attest(case_set, embedder, settings)
    article = read_article(document, embedder)
    with _assistant(article, embedder, settings, index) as assistant:
        made_with["threshold"] = f"{assistant.calibration.threshold:.4f}"
        results = run_cases(case_set.cases, article, assistant, progress=progress)
    return make_run(case_set, results, made_with)


def judge_file(case_set: CaseSet, document: Document, embedder: Embedder, answers: Path) -> Run:
    """The run of another system, from the answers it wrote. Raises what `read_responses` raises."""
    responses = read_responses(answers, case_set)
    return judge_responses(case_set, document, embedder, responses, fingerprints.of_others(case_set))


def judge_responses(
    case_set: CaseSet,
    document: Document,
    embedder: Embedder,
    responses: Sequence[Response],
    made_with: dict[str, str],
) -> Run:
    """The run of these answers, one for each case in the set's order."""
    article = read_article(document, embedder)
    results = [judge(case, response, article) for case, response in zip(case_set.cases, responses, strict=True)]
    return make_run(case_set, results, made_with)


def make_run(case_set: CaseSet, results: list[Result], made_with: dict[str, str]) -> Run:
    """The run of these results. Raises ValueError where a case has none: a part of a run is no run."""
    if [result.id for result in results] != [case.id for case in case_set.cases]:
        raise ValueError("a run has one result for each case of its set, in the set's order")
    return Run(
        set_name=case_set.name,
        fingerprints=made_with,
        figures=figures(case_set.cases, results),
        curves=curves(case_set.cases, results),
        results=tuple(results),
    )


@contextmanager
def _assistant(article: Article, embedder: Embedder, settings: Settings, index: Path | None) -> Iterator[Assistant]:
    if index is None:
        with assistant_for(article, embedder, settings) as assistant:
            yield assistant
        return
    if not index.exists():
        raise UsageError(f"the index {index} does not exist: run `attest ingest` first")
    with Index.open(index, embedder, splitter=SPLITTER_VERSION, owner="attest eval") as opened:
        if all(info.sha256 != article.document.sha256 for info in opened.heads()):
            title = article.document.title
            raise UsageError(f"the index {index} does not hold {title}: run `attest ingest` on it first")
        yield Assistant(opened, settings)


@contextmanager
def assistant_for(
    article: Article, embedder: Embedder, settings: Settings | None = None, *, reader: Reader | None = None
) -> Iterator[Assistant]:
    """An assistant over an index of its own, which holds nothing but the passages of `article`."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        Index.open(Path(scratch) / "index", embedder, splitter=SPLITTER_VERSION) as index,
    ):
        index.upsert(article.document, article.passages)
        yield Assistant(index, settings, reader=reader)


def run_cases(
    cases: Sequence[Case],
    article: Article,
    assistant: Assistant,
    *,
    progress: Progress = silent,
) -> list[Result]:
    """The judged answer to each case, in order. Raises UsageError for a question that cannot be asked."""
    conversations = Conversations(assistant)
    sha256 = article.document.sha256
    others = {info.id for info in assistant.index.heads() if info.sha256 != sha256}
    results = []
    for done, case in enumerate(cases, 1):
        row = answer_to_dict(conversations.ask(case.question, case.history), id=case.id)
        response = to_response(row, article_sha256=sha256, others=others)
        standalone = raw = None
        if case.history and case.has_answer and case.kind != "topic switch":
            if case.standalone:
                standalone = _ranking(conversations.ask(case.standalone, ()))
            raw = _ranking(conversations.ask(case.question, ()))
        results.append(judge(case, response, article, standalone=standalone, raw=raw))
        progress(done, len(cases))
    return results


def _ranking(answer: Answer) -> list[Span]:
    return [(hit.passage.start, hit.passage.end) for hit in answer.passages]
