"""Puts the questions of a set to attest: every case in its conversation, on an index that holds the article.

A follow-up is asked twice more for the ranking alone: in its stand-alone wording, and without its history.
But: answers are judged in `eval.judge`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.batch import Conversations
from assistant.engine import Assistant
from assistant.settings import Settings
from assistant.types import Answer, Turn
from assistant.wire import answer_to_dict
from eval.cases import Case, Span
from eval.judge import Article, judge
from eval.responses import to_response
from eval.runs import Result
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.embedding import Embedder
from vectorstore.index import Index
from vectorstore.types import Document, Passage


@contextmanager
def assistant_for(
    document: Document,
    embedder: Embedder,
    settings: Settings | None = None,
    *,
    passages: Sequence[Passage] | None = None,
) -> Iterator[Assistant]:
    """An assistant over an index of its own, which holds nothing but `document`, split as usual unless the `passages`
    are given."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        Index.open(Path(scratch) / "index", embedder, splitter=SPLITTER_VERSION) as index,
    ):
        index.upsert(document, split_passages(document, embedder) if passages is None else passages)
        yield Assistant(index, settings)


def run_cases(
    cases: Sequence[Case],
    article: Article,
    assistant: Assistant,
    *,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Result]:
    """The judged answer to each case, in order. Raises UsageError for a question that cannot be asked."""
    conversations = Conversations(_Remembering(assistant))
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


class _Remembering:
    """Answers each question after the same questions once: a case is often the history of the next."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._answers: dict[tuple[str, ...], Answer] = {}

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """As `Assistant.ask`."""
        asked = (*(turn.question for turn in history), question)
        if asked not in self._answers:
            self._answers[asked] = self._assistant.ask(question, history)
        return self._answers[asked]


def _ranking(answer: Answer) -> list[Span]:
    return [(hit.passage.start, hit.passage.end) for hit in answer.passages]
