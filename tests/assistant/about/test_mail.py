"""Questions about the head of a message are answered with its lines; other documents have none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.about.mail import headers
from assistant.engine import Assistant
from ingest.passages import SPLITTER_VERSION, split_document
from vectorstore.embedding.embedder import Embedder
from vectorstore.index import Index
from vectorstore.types import Document, text_sha256

TO, CC = "To: Ivo Blau <ivo@x.org>, Tea Lind <tea@x.org>", "Cc: Dock Office <dock@x.org>,\n Rut Amsel <rut@x.org>"
MAIL = f"""From: Pia Holt <pia@x.org>
{TO}
{CC}
Date: Tue, 12 Mar 2024 16:42:07 +0000
Subject: The winch

Dear Ivo,

the winch is mended. Rut Amsel has paid for it, and a copy of the bill lies in the office.

From: somebody else
To: nobody
"""
NOTE = "# The winch\n\nThe winch of the old mill was bought by Ivo Blau in 1931, who received a prize for it.\n"


def document(text: str, name: str) -> Document:
    return Document(name, "The winch", text, text_sha256(text), f"/x/{name}", "markdown")


@pytest.fixture(scope="module")
def assistant(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("mail") / "index", embedder, splitter=SPLITTER_VERSION) as index:
        for one in (document(MAIL, "a.eml"), document(MAIL.replace(f"{CC}\n", ""), "b.txt"), document(NOTE, "c.md")):
            structure, passages = split_document(one, embedder)
            index.upsert(one, passages, structure)
        yield Assistant(index)


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("Who was copied in?", [CC]),
        ("Who is in cc?", [CC]),
        ("Was Rut Amsel copied in?", [CC]),
        ("Who was CC'd on the mail?", [CC]),
        ("To whom was the mail sent?", [TO, CC]),
        ("Who received the message?", [TO, CC]),
        ("Who are the recipients?", [TO, CC]),
        ("What is the subject?", ["Subject: The winch"]),
    ],
)
def test_the_line_of_the_head_answers(assistant: Assistant, question: str, lines: list[str]) -> None:
    answer = assistant.ask(question, document_ids=["a.eml", "c.md"])
    quotes = [citation.quote for sentence in answer.sentences for citation in sentence.citations]
    assert quotes == lines and not answer.abstained
    assert all(MAIL[c.start : c.end] == c.quote for sentence in answer.sentences for c in sentence.citations)


def test_nobody_was_copied_in(assistant: Assistant) -> None:
    answer = assistant.ask("Who was copied in?", document_ids=["b.txt"])
    assert answer.abstained and "names nobody who was copied in" in answer.text


@pytest.mark.parametrize("question", ["Who received the prize?", "Who was copied in?", "Was the winch cc'd?"])
def test_a_text_that_is_no_message_has_no_head(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question, document_ids=["c.md"])
    assert "names nobody" not in answer.text and not any("Cc:" in sentence.text for sentence in answer.sentences)


def test_a_head_ends_at_the_first_line_that_is_none() -> None:
    assert list(headers(document(MAIL, "a.eml"))) == ["From", "To", "Cc", "Date", "Subject"]
    assert headers(document(NOTE, "c.md")) == {}
    start, end = headers(document(MAIL, "a.eml"))["To"]
    assert MAIL[start:end] == TO
