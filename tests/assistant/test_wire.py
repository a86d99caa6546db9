"""An answer as JSON: the contract's shape, and text that breaks neither a line nor a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from assistant.types import DOCUMENTS_DIFFER, SAYS_OTHERWISE, Answer, Threshold
from assistant.wire import answer_to_dict, dumps

CONTRACT = ["id", "question", "searched_for", "abstained", "answer", "sentences", "passages", "confidence", "seconds"]


def test_the_threshold_is_there_with_what_is_to_be_said_of_it(answered: Callable[..., Answer]) -> None:
    plain = answered("Why?")
    assert "threshold" not in answer_to_dict(plain)
    row = answer_to_dict(replace(plain, threshold=Threshold(0.5)))
    assert row["threshold"] == {"value": 0.5, "source": "shipped"}
    fitted = Threshold(0.6, "fitted", "Of these, at most 5 %.", "The documents have changed.")
    assert answer_to_dict(replace(plain, threshold=fitted))["threshold"] == {
        "value": 0.6, "source": "fitted", "promise": "Of these, at most 5 %.", "remark": "The documents have changed."
    }  # fmt: skip


def test_an_answer_has_the_fields_of_the_contract_in_their_order(answered: Callable[..., Answer]) -> None:
    row = answer_to_dict(answered("Who kept the light?"), id="q1", seconds=0.12345678)
    assert list(row) == CONTRACT
    assert row["id"] == "q1" and row["seconds"] == 0.1235
    (sentence,) = row["sentences"]
    assert list(sentence) == ["text", "support", "citations", "short_answers"]
    (citation,) = sentence["citations"]
    assert list(citation) == ["document", "title", "section", "start", "end", "quote", "speaker", "sha256"]
    assert list(row["passages"][0]) == ["document", "start", "end", "score"]


def test_a_citation_keeps_its_offsets_and_its_quote_as_they_are(answered: Callable[..., Answer]) -> None:
    answer = answered("Who?", quote="Marta  Oduya\nkept “it”.")
    citation = json.loads(dumps(answer_to_dict(answer)))["sentences"][0]["citations"][0]
    assert citation["quote"] == "Marta  Oduya\nkept “it”."
    assert citation["end"] - citation["start"] == len(citation["quote"])


def test_an_abstention_has_no_sentences_but_its_passages(answered: Callable[..., Answer]) -> None:
    row = answer_to_dict(answered("Why?", abstained=True))
    assert row["abstained"] is True and row["sentences"] == [] and row["answer"] == "Not in the source."
    assert row["passages"]


def test_what_ends_a_line_or_drives_a_terminal_is_escaped_and_comes_back() -> None:
    text = "a\u2028b\u2029c\x85d\x9b31me\x7ff\x1b[31mg\ud800h “é” 漢"
    line = dumps({"text": text})
    assert len(line.splitlines()) == 1
    assert all(character.isprintable() for character in line)
    assert "“é” 漢" in line
    assert json.loads(line)["text"] == text
    line.encode("utf-8")


def test_that_the_source_says_otherwise_is_said_in_words_and_as_a_value(answered: Callable[..., Answer]) -> None:
    plain = answered("Why did she sell it?")
    row = answer_to_dict(replace(plain, said=SAYS_OTHERWISE, otherwise=True))
    assert row["otherwise"] is True and row["abstained"] is False
    assert row["answer"] == f"The source says otherwise: {plain.text}"
    assert "otherwise" not in answer_to_dict(plain)


def test_documents_that_differ_are_told_apart_by_their_titles(answered: Callable[..., Answer]) -> None:
    plain = answered("When was it sold?")
    row = answer_to_dict(replace(plain, said=DOCUMENTS_DIFFER, differs=True))
    title = plain.sentences[0].citations[0].title
    assert row["differs"] is True
    assert row["answer"] == f"The documents differ:\n{title}: {plain.text}"
    assert "differs" not in answer_to_dict(plain)
