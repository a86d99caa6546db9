"""Cases are read or refused with their line; evidence and facts are found by offsets and spelling."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.types import Answer, Citation, Sentence, Trace
from eval.calibrate import threshold_for
from eval.cases import Case, Nugget, load_cases
from eval.measure import facts_shown, finds, main, normalised
from ingest.loading import bundled
from vectorstore.errors import UsageError

ROW = {
    "id": "x1", "question": "Who paid?", "history": [], "kind": "who", "answerable": "answerable",
    "nuggets": [{"accepted": ["Holm"], "vital": True}], "evidence": [{"start": 0, "end": 10}],
    "speaker": None, "sha256": "0" * 64, "part": "tuning",
}  # fmt: skip


def answer(text: str) -> Answer:
    citation = Citation("d", "T", "", 0, len(text), text, None, "0" * 64)
    return Answer("q", "q", (Sentence(text, (citation,), "quoted"),), False, 0.9, (), Trace((), ()))


def case(*accepted: str) -> Case:
    nuggets = tuple(Nugget((spelling,), True) for spelling in accepted)
    return Case("x", "q", (), "who", "answerable", nuggets, ((0, 10),), None, "0" * 64, "tuning")


def test_a_set_is_read(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps(ROW) + "\n\n", encoding="utf-8")
    (loaded,) = load_cases(file)
    assert loaded.has_answer and loaded.evidence == ((0, 10),) and loaded.nuggets[0].accepted == ("Holm",)


@pytest.mark.parametrize("broken", ["{", "[]", json.dumps(ROW | {"answerable": "perhaps"}), '{"id": 1}'])
def test_a_broken_line_is_named(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps(ROW) + "\n" + broken + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        load_cases(file)


def test_another_article_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "set.jsonl").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    (tmp_path / "text.txt").write_text("Another text altogether.", encoding="utf-8")
    assert main([str(tmp_path / "set.jsonl"), "--article", str(tmp_path / "text.txt")]) == 2
    assert "another text" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["original.jsonl", "bundled.jsonl"])
def test_the_sets_of_the_repository_are_sound(name: str) -> None:
    cases = load_cases(Path(__file__).parents[2] / "eval" / "sets" / name)
    assert len({c.id for c in cases}) == len(cases)
    assert all(bool(c.evidence) == c.has_answer for c in cases)
    assert {c.part for c in cases} == {"tuning", "sealed"}


def test_evidence_is_found_where_half_of_it_lies_inside() -> None:
    assert finds([(50, 60), (0, 15)], [(10, 20)]) == 2
    assert finds([(0, 14)], [(10, 20)]) is None
    assert finds([], [(10, 20)]) is None


def test_facts_are_found_whatever_the_quotes_and_case() -> None:
    assert normalised("“A”  –\n’b") == '"a" - \'b'
    assert facts_shown(case("holm’s pier", "1887"), answer("It was Holm's pier.")) == 0.5


def test_the_threshold_keeps_the_bound() -> None:
    sure = [n / 1000 for n in range(1000)]
    threshold = threshold_for(sure, 0.05)
    assert 0.03 < threshold < 0.05
    assert threshold_for(sure[:20], 0.05) == 0.0


def test_the_bundled_set_is_about_the_bundled_article() -> None:
    (article,) = [loaded.document for loaded in bundled()]
    for one in load_cases(Path(__file__).parents[2] / "eval" / "sets" / "bundled.jsonl"):
        assert one.sha256 == article.sha256
        evidence = normalised(" ".join(article.text[start:end] for start, end in one.evidence))
        assert all(any(normalised(a) in evidence for a in n.accepted) for n in one.nuggets)
