"""Documents that answer a question differently are shown side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.engine import Assistant
from ingest.passages import SPLITTER_VERSION, split_passages
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.types import Document, text_sha256

TEXTS = {
    "The harbour guide": """The pier of Torsay was opened in 1887 by the engineer Ada Reyes. It is 340
metres long. The ferry company has 12 boats. Marta Oduya kept the light for thirty years.""",
    "Chronicle of Torsay": """The pier of Torsay was opened in 1891 by the engineer Ada Reyes. The pier is
410 metres long. The ferry company has twelve boats. Marta Oduya kept the light for thirty years.
The mill was burnt down in 1905.""",
    "A day in Nidd": "The pier of Nidd was opened in 1903. The mill of Nidd is still at work.",
}


@pytest.fixture(scope="module")
def assistant(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("beside") / "index", embedder, splitter=SPLITTER_VERSION) as index:
        for title, words in TEXTS.items():
            text = f"{title}\n\n{words}"
            document = Document(title, title, text, text_sha256(text), "test")
            index.upsert(document, split_passages(document, embedder))
        yield Assistant(index)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("When was the pier of Torsay opened?", "in 1887", "in 1891"),
        ("How long is the pier of Torsay?", "340 metres", "410 metres"),
    ],
)
def test_two_documents_that_differ_are_both_shown_with_their_titles(
    assistant: Assistant, question: str, one: str, other: str
) -> None:
    answer = assistant.ask(question)
    assert answer.differs and not answer.abstained
    first, *rest = answer.text.split("\n")
    assert first == "The documents differ:"
    lines = dict(line.split(": ", 1) for line in rest)
    assert lines.keys() == {"The harbour guide", "Chronicle of Torsay"}
    assert one in lines["The harbour guide"] and other in lines["Chronicle of Torsay"]
    for citation in (c for sentence in answer.sentences for c in sentence.citations):
        assert assistant.index.document(citation.document_id).text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question",
    [
        "How many boats does the ferry company have?",
        "How long did Marta Oduya keep the light?",
        "When was the mill burnt down?",
        "Who opened the pier of Torsay?",
        "When was the pier of Nidd opened?",
    ],
)
def test_documents_that_say_the_same_or_nothing_do_not_differ(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.sentences and not answer.differs and "differ" not in answer.said
