"""A set is read, or refused with line and field; the sets of the repository are what they say."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.cases import CaseSet, load_set, parse_case
from ingest.loading import bundled
from tests.eval.conftest import ROWS, TEXT, WriteSet, row
from vectorstore.errors import UsageError
from vectorstore.types import Document

SETS = Path(__file__).parents[2] / "eval" / "sets"


def test_a_set_is_read(case_set: CaseSet) -> None:
    assert [case.id for case in case_set.cases] == ["who", "cost", "end", "said", "wife"]
    assert case_set.name == "pier" and len(case_set.part("sealed")) == 1
    follow_up = case_set.cases[2]
    assert follow_up.conversation == "Who put up the landing stage?" == case_set.cases[0].conversation


def test_line_ends_and_key_order_do_not_change_a_set(write_set: WriteSet, case_set: CaseSet) -> None:
    turned = [json.dumps(dict(reversed(list(one.items())))) for one in ROWS]
    path = write_set("\r\n\r\n".join(turned))
    assert load_set(path).sha256 == case_set.sha256


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ("{", "not JSON"),
        ("[]", "the line"),
        (ROWS[0] | {"answerable": "perhaps"}, "answerable"),
        (ROWS[0] | {"part": "open"}, "part"),
        (ROWS[0] | {"nuggets": [{"accepted": [], "vital": True}]}, "nuggets.0.accepted"),
        (ROWS[0] | {"evidence": [{"start": 5, "end": 5}]}, "evidence"),
        (ROWS[0] | {"evidence": [{"start": "5", "end": 9}]}, "evidence.0.start"),
        (ROWS[0] | {"evidence": []}, "evidence"),
        (ROWS[0] | {"answerable": "unanswerable"}, "evidence"),
        (ROWS[0] | {"hystory": []}, "hystory"),
        ({k: v for k, v in ROWS[0].items() if k != "question"}, "question"),
        (ROWS[1], "id"),
        (ROWS[0] | {"id": "x", "sha256": "0" * 64}, "sha256"),
        (ROWS[0] | {"id": "x", "history": [ROWS[1]["question"]], "part": "sealed"}, "part"),
    ],
)
def test_a_broken_case_is_named_by_line_and_field(
    write_set: WriteSet, broken: dict[str, object] | str, named: str
) -> None:
    with pytest.raises(UsageError, match="line 3") as caught:
        load_set(write_set(ROWS[1], "", broken))
    assert named in str(caught.value) and "\n" not in str(caught.value)


def test_an_empty_set_is_refused(write_set: WriteSet) -> None:
    with pytest.raises(UsageError, match="is empty"):
        load_set(write_set("", ""))


def test_a_missing_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_set(tmp_path / "none.jsonl")


def test_evidence_outside_the_text_is_refused(write_set: WriteSet) -> None:
    document = Document("d", "Pier", TEXT, ROWS[0]["sha256"], "pier.txt")
    far = row("far", "Where?", "1911", "1911") | {"evidence": [{"start": 5, "end": len(TEXT) + 1}]}
    with pytest.raises(UsageError, match="case far, evidence 5-"):
        load_set(write_set(far)).check_article(document, "pier.txt")


def test_another_article_is_refused(case_set: CaseSet) -> None:
    with pytest.raises(UsageError, match="another text"):
        case_set.check_article(Document("d", "Other", "Other.", "0" * 64, "other.txt"), "other.txt")


@pytest.mark.parametrize("name", ["origins", "original"])
def test_the_sets_of_the_repository_have_the_size_they_need(name: str) -> None:
    cases = load_set(SETS / f"{name}.jsonl").cases
    kinds, sorts = Counter(case.kind for case in cases), Counter(case.answerable for case in cases)
    answered_follow_ups = [case for case in cases if case.history and case.has_answer]
    assert len(cases) >= 150
    assert len(answered_follow_ups) >= 40 and all(1 <= len(case.history) <= 4 for case in answered_follow_ups)
    assert min(kinds[kind] for kind in ("pronoun", "ellipsis", "yes", "topic switch")) >= 7
    assert sorts["unanswerable"] + sorts["out of domain"] >= 40 and kinds["near miss"] >= 20
    assert sorts["false premise"] >= 10 and sorts["partial"] >= 5
    assert all(case.standalone for case in cases if case.history)
    assert {case.part for case in cases} == {"tuning", "sealed"}


def test_the_bundled_set_holds_facts_that_stand_in_its_evidence() -> None:
    from eval.metrics.answer import normalised

    (article,) = [loaded.document for loaded in bundled()]
    case_set = load_set(SETS / "origins.jsonl")
    case_set.check_article(article, article.title)
    for case in case_set.cases:
        evidence = normalised(" ".join(article.text[start:end] for start, end in case.evidence))
        assert all(any(normalised(a) in evidence for a in n.accepted) for n in case.nuggets), case.id


@pytest.mark.parametrize("fields", [{"question": "  "}, {"history": [" "]}, {"speaker": " "}, {"kind": "\t"}])
def test_blank_words_are_refused_with_their_field(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(fields))):
        parse_case(json.dumps(row("who", "Who?", "1887", "Anna Lund") | fields))


def test_half_of_a_surrogate_pair_is_no_question() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        parse_case(json.dumps(row("who", "Who? \ud800", "1887", "Anna Lund")))


def test_offsets_written_as_decimals_are_whole_numbers() -> None:
    whole = row("who", "Who?", "1887", "Anna Lund")
    whole["evidence"] = [{"start": 0.0, "end": 9.0}]
    assert parse_case(json.dumps(whole)).evidence == ((0, 9),)
