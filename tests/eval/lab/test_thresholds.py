"""The fit of a threshold to somebody's questions: the answer at every threshold, what counts, what is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.abstention.fitted import keep_fitted, threshold_of
from assistant.calibration import load_calibration
from assistant.engine import Assistant
from assistant.replay import Conversations
from eval.cases import CaseSet, load_set
from eval.evaluate import assistant_for
from eval.judge import read_article
from eval.lab.thresholds import (
    Calibrated,
    ask_at_all,
    calibrate,
    conversation,
    counts,
    false_at,
    not_kept,
    stretches,
    too_few,
)
from tests.conftest import LIGHTHOUSE
from vectorstore.embedding.embedder import Embedder
from vectorstore.errors import UsageError
from vectorstore.types import Document, text_sha256

SHA256 = text_sha256(LIGHTHOUSE)
NONE = [
    "What is the capital of Peru?",
    "How do I bake rye bread?",
    "Who won the football final?",
    "Which gene causes the illness?",
    "What does the contract cost per month?",
    "Where can I park my car?",
]
SOME = [
    ("When was the lighthouse lit for the first time?", "lit for the first time in 1861", "1861"),
    ("Who kept the light?", "Marta Oduya kept the light for thirty years.", "Marta Oduya"),
    ("What did the repairs cost?", "The repairs cost\n412 pounds.", "412 pounds"),
]


def row(id: str, question: str, words: str = "", fact: str = "", **fields: Any) -> dict[str, Any]:
    at = LIGHTHOUSE.index(words)
    return {
        "id": id, "question": question, "kind": "who", "part": "tuning", "sha256": SHA256,
        "answerable": "answerable" if words else "unanswerable",
        "evidence": [{"start": at, "end": at + len(words)}] if words else [],
        "nuggets": [{"accepted": [fact], "vital": True}] if fact else [],
    } | fields  # fmt: skip


ROWS = [row(f"some{n}", *one) for n, one in enumerate(SOME)] + [row(f"none{n}", one) for n, one in enumerate(NONE)]
FOLLOW_UPS = [
    row("after", "For how long?", "Marta Oduya kept the light for thirty years.", "thirty", history=[SOME[1][0]]),
    row("parts", "Who kept the light, and what is the capital of Peru?", SOME[1][1], "Oduya"),
    row("compare", "Compare Marta Oduya and Piet Haan", SOME[1][1]),
]


def set_of(folder: Path, rows: Sequence[dict[str, Any]]) -> CaseSet:
    path = folder / "mine.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in rows), encoding="utf-8")
    return load_set(path)


@pytest.fixture(scope="module")
def whole(embedder: Embedder) -> Iterator[Assistant]:
    article = read_article(Document("d", "The light", LIGHTHOUSE, SHA256, "light.txt"), embedder)
    with assistant_for(article, embedder) as assistant:
        yield assistant


def fitted(whole: Assistant, case_set: CaseSet, risk: float, sure: float) -> Calibrated:
    article = read_article(whole.index.document("d"), whole.index.embedder)
    return calibrate(case_set, article, whole.index, whole.settings, risk=risk, sure=sure, reader=whole.reader)


def test_every_threshold_is_known_from_a_few_askings() -> None:
    """Of a program that decides at one confidence, then at others that depend on what came out."""

    def ask(threshold: float) -> tuple[tuple[bool, ...], list[float]]:
        first = threshold <= 0.4
        decided = [0.4, 0.2, 0.9] if first else [0.4, 0.7]
        return tuple(threshold <= sure for sure in decided), decided

    found = stretches(ask)
    assert [to for to, _ in found] == [0.2, 0.4, 0.7, math.inf]
    for threshold in (0.0, 0.1, 0.2, 0.2001, 0.4, 0.40001, 0.7, 0.71, 0.9, 1.0):
        assert next(given for to, given in found if threshold <= to) == ask(threshold)[0]


def test_what_a_threshold_gives_is_what_an_assistant_with_it_gives(whole: Assistant, tmp_path: Path) -> None:
    case_set = set_of(tmp_path, ROWS[:1] + ROWS[3:4] + FOLLOW_UPS)
    article = read_article(whole.index.document("d"), whole.index.embedder)
    asked = ask_at_all(case_set.cases, article, whole)
    changed = 0
    for one in asked:
        changed += len({result.abstained for _, result in one.results}) > 1
        for threshold in (0.001, 0.3921, 0.6, 0.9, 1.0):
            calibration = replace(load_calibration(), threshold=threshold)
            alone = Conversations(Assistant(whole.index, reader=whole.reader, calibration=calibration))
            answer = alone.ask(one.case.question, one.case.history)
            result = one.at(threshold)
            assert result.abstained == answer.abstained, (one.case.id, threshold)
            cited = [(c.start, c.end) for s in answer.sentences for c in s.citations]
            assert [(c.start, c.end) for s in result.sentences for c in s.citations] == cited
    assert changed >= 3


def test_a_threshold_is_fitted_and_promises_what_the_questions_bear_out(whole: Assistant, tmp_path: Path) -> None:
    found = fitted(whole, set_of(tmp_path, ROWS), 0.35, 0.9)
    assert found.refusal == "" and found.fitted is not None and found.after is not None and found.before is not None
    assert (found.questions, found.fitted.questions, found.fitted.false) == (6, 6, 0)
    assert found.before.threshold == load_calibration().threshold
    assert found.after.false == 0 and found.after.answered == found.after.with_answer == 3
    assert "at most 35 % get an answer, with 90 % confidence" in found.fitted.promise and "mine" in found.fitted.promise


def test_too_few_questions_are_refused_before_any_is_asked(whole: Assistant, tmp_path: Path) -> None:
    found = fitted(whole, set_of(tmp_path, ROWS), 0.05, 0.9)
    assert found.before is found.after is found.fitted is None
    assert "needs at least 45 independent questions without an answer, and the set has 6" in found.refusal
    risk = float(found.refusal.partition("--risk ")[2].split()[0])
    assert fitted(whole, set_of(tmp_path, ROWS), risk, 0.9).fitted is not None, "what it says could be promised, can be"
    assert fitted(whole, set_of(tmp_path, ROWS), round(risk - 0.001, 3), 0.9).fitted is None
    assert "--risk" not in too_few(0, 0.05, 0.9)


def test_questions_of_one_conversation_count_once(whole: Assistant, tmp_path: Path) -> None:
    more = [row(f"again{n}", NONE[0].upper().replace(" ", "  ")) for n in range(3)]
    more += [row(f"on{n}", f"And number {n}?", history=[NONE[1]]) for n in range(3)]
    found = fitted(whole, set_of(tmp_path, ROWS + more), 0.05, 0.9)
    assert found.questions == 6
    cases = set_of(tmp_path, ROWS + more).cases
    assert len({conversation(case) for case in cases if not case.has_answer}) == 6


def test_a_conversation_is_answered_falsely_where_one_of_its_questions_is(whole: Assistant, tmp_path: Path) -> None:
    asked_for = SOME[1][0]  # there is an answer to it, but this set says that there is none
    case_set = set_of(tmp_path, [*ROWS[:1], row("x", NONE[0]), row("y", asked_for, history=[NONE[0]])])
    asked = ask_at_all(case_set.cases, read_article(whole.index.document("d"), whole.index.embedder), whole)
    assert false_at(asked, 0.3) == {conversation(case_set.cases[1])}
    assert counts(asked, 0.3).false == 1 and counts(asked, 0.3).without == 2


def test_sealed_cases_are_not_asked(whole: Assistant, tmp_path: Path) -> None:
    sealed = [row(f"s{n}", f"Who painted picture {n}?", part="sealed") for n in range(9)]
    found = fitted(whole, set_of(tmp_path, ROWS + sealed), 0.35, 0.9)
    assert found.sealed == 9 and found.questions == 6 and found.before is not None and found.before.without == 6
    with pytest.raises(UsageError, match="no question with an answer in its tuning part"):
        fitted(whole, set_of(tmp_path, [*ROWS[3:], row("s", *SOME[0], part="sealed")]), 0.35, 0.9)


def test_a_threshold_that_would_answer_nothing_is_no_promise(whole: Assistant, tmp_path: Path) -> None:
    """Questions that the text does answer, in a set that says it does not."""
    wrongly = [row(f"w{n}", question) for n, (question, *_) in enumerate(SOME)]
    wrongly += [row("w3", "In what year was the light on Gull Rock first lit?"), row("w4", "Who did most of the work?")]
    hard = row("hard", "What became of the tower later?", "The tower will outlive us all.", "outlive")
    found = fitted(whole, set_of(tmp_path, [hard, *wrongly]), 0.4, 0.9)
    assert found.fitted is None and found.before is not None and found.before.false >= 4
    assert "nothing is promised" in found.refusal and "no number of questions makes that 40 %" in found.refusal


def test_how_many_more_would_be_needed_is_said() -> None:
    assert "about " in not_kept(1, 60, 0.39, 0.05, 0.9) and "no number" not in not_kept(1, 60, 0.39, 0.05, 0.9)
    assert "name a larger --risk" in not_kept(10, 60, 0.39, 0.05, 0.9)


def test_what_is_in_use_is_what_it_is_held_against(whole: Assistant, tmp_path: Path) -> None:
    case_set = set_of(tmp_path, ROWS)
    first = fitted(whole, case_set, 0.35, 0.9)
    assert first.fitted is not None
    keep_fitted(whole.index, replace(first.fitted, threshold=0.99))
    try:
        again = fitted(whole, case_set, 0.35, 0.9)
        assert again.before is not None and again.before.threshold == 0.99 and again.after == first.after
    finally:
        keep_fitted(whole.index, None)
    assert threshold_of(whole.index, 0.5).value == 0.5


def test_an_answer_names_the_threshold_that_decided_it(whole: Assistant, tmp_path: Path) -> None:
    first = fitted(whole, set_of(tmp_path, ROWS), 0.35, 0.9)
    assert first.fitted is not None
    before = Assistant(whole.index, reader=whole.reader)
    keep_fitted(whole.index, replace(first.fitted, threshold=0.99))
    try:
        for assistant, source in ((before, "shipped"), (Assistant(whole.index, reader=whole.reader), "fitted")):
            named = assistant.ask("Who built the pier?").threshold
            assert named is not None and (named.value, named.source) == (assistant.calibration.threshold, source)
    finally:
        keep_fitted(whole.index, None)
