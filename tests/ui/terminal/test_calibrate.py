"""`attest calibrate` as a user calls it: what is printed, kept, shown, stale, taken out; one line for every mistake."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.abstention import fitted as abstention
from assistant.abstention.fitted import Fitted
from assistant.calibration import load_calibration
from ingest.passages import SPLITTER_VERSION
from tests.eval.lab.test_thresholds import ROWS, row
from ui.terminal.cli import main
from vectorstore.embedding.embedder import Embedder
from vectorstore.embedding.encoder import networks
from vectorstore.errors import IndexDamaged
from vectorstore.index import Index

Run = Callable[..., tuple[int, str, str]]
QUESTION = "Who kept the light?"
PROMISED = ("--risk", "0.35")
SHIPPED = f"{load_calibration().threshold:g}"


@pytest.fixture
def own(index: Path, tmp_path: Path) -> Path:
    """An index that the test may change."""
    return shutil.copytree(index, tmp_path / "own")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write(tmp_path / "mine.jsonl", *ROWS)


@pytest.fixture(scope="module")
def accepted(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with a threshold that was fitted to it."""
    folder = tmp_path_factory.mktemp("accepted")
    own = shutil.copytree(index, folder / "own")
    with pytest.raises(SystemExit) as ended:
        questions = write(folder / "mine.jsonl", *ROWS)
        main(["calibrate", str(questions), *PROMISED, "--accept", "--index", str(own)])
    assert ended.value.code == 0
    return own


@pytest.fixture
def fitted(accepted: Path, tmp_path: Path) -> Path:
    """Such an index, which the test may change."""
    return shutil.copytree(accepted, tmp_path / "fitted")


def change(index: Path, embedder: Embedder, how: Callable[[Fitted], Fitted]) -> None:
    """Changes what is kept of a fitted threshold."""
    with Index.open(index, embedder, splitter=SPLITTER_VERSION) as opened:
        kept = abstention.kept_fitted(opened)
        assert kept is not None
        abstention.keep_fitted(opened, how(kept))


def write(path: Path, *rows: Mapping[str, Any] | str) -> Path:
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in rows), encoding="utf-8")
    return path


def refusal(ran: tuple[int, str, str], code: int) -> str:
    assert ran[0] == code and ran[2].startswith("attest: ") and ran[2].count("\n") == 1, ran
    return ran[2]


def asked(attest: Run, index: Path) -> tuple[dict[str, Any], str]:
    """The threshold of an answer, and what is said on standard error."""
    code, out, err = attest("ask", QUESTION, "--json", "--index", index)
    assert code == 0
    threshold: dict[str, Any] = json.loads(out)["threshold"]
    return threshold, err


def test_nothing_changes_without_accept(attest: Run, own: Path, questions: Path) -> None:
    code, out, err = attest("calibrate", questions, *PROMISED, "--index", own)
    assert (code, err) == (0, "")
    for words in ("independent questions without an answer: 6", SHIPPED, "before, as shipped", "(3 of 3)", "(0 of 6)"):
        assert words in out
    assert "of mine that the documents do not answer, at most 35 % get an answer, with 90 % confidence" in out
    assert "nothing is kept: run it again with --accept" in out
    assert asked(attest, own) == ({"value": load_calibration().threshold, "source": "shipped"}, "")


def test_an_accepted_threshold_is_used_shown_and_taken_out(attest: Run, own: Path, questions: Path) -> None:
    code, out, _ = attest("calibrate", questions, *PROMISED, "--json", "--accept", "--index", own)
    found = json.loads(out)
    assert code == 0 and found["kept"] and found["refusal"] is None and found["before"]["source"] == "shipped"
    assert found["after"]["threshold"] == found["fitted"]["threshold"] != load_calibration().threshold
    fitted = {"value": found["after"]["threshold"], "source": "fitted", "promise": found["promise"]}
    assert asked(attest, own) == (fitted, "")
    value = f"{found['after']['threshold']:g}"
    _, out, err = attest("ask", QUESTION, "--index", own)
    assert "(fitted to this index). Of" in " ".join(out.split()) and err == ""
    _, out, _ = attest("doctor", "--index", own)
    assert f"answers from confidence {value} on (fitted to this index)" in out and found["promise"] in out
    attest("doctor", "--rebuild", "--index", own)
    assert asked(attest, own) == (fitted, ""), "a rebuild keeps it"
    code, out, _ = attest("calibrate", questions, *PROMISED, "--index", own)
    assert "before, fitted to this index" in out
    code, out, err = attest("calibrate", "--remove", "--index", own)
    assert (code, err) == (0, "") and "was removed" in out and f"{SHIPPED} on (as shipped)" in out
    assert asked(attest, own)[0]["source"] == "shipped"
    assert "no threshold was fitted" in attest("calibrate", "--remove", "--index", own)[1]


def test_the_threshold_decides(attest: Run, fitted: Path, embedder: Embedder) -> None:
    _, before, _ = attest("ask", QUESTION, "--json", "--index", fitted)
    change(fitted, embedder, lambda kept: replace(kept, threshold=1.0))
    _, after, _ = attest("ask", QUESTION, "--json", "--index", fitted)
    assert not json.loads(before)["abstained"] and json.loads(after)["abstained"]


@pytest.mark.parametrize("part", ["reader", "calibration", "version of attest", "splitter", "model"])
def test_a_stale_threshold_is_named_and_not_used(part: str, attest: Run, fitted: Path, embedder: Embedder) -> None:
    change(fitted, embedder, lambda kept: replace(kept, made_with=kept.made_with | {part: "another"}))
    threshold, err = asked(attest, fitted)
    assert (threshold["value"], threshold["source"]) == (load_calibration().threshold, "shipped")
    assert "promise" not in threshold and err == f"attest: {threshold['remark']}\n"
    assert f"stale: it was fitted with another {part}. The shipped one, {SHIPPED}, is used." in err
    code, out, _ = attest("doctor", "--index", fitted)
    assert code == 0 and threshold["remark"] in out and "(as shipped)" in out


def test_another_reader_is_noticed(attest: Run, fitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [replace(recipe, stem=f"{recipe.stem}-2") for recipe in networks()]
    monkeypatch.setattr(abstention, "networks", lambda: made)
    assert "fitted with another reader" in asked(attest, fitted)[1]


@pytest.mark.parametrize("text", ["{}", "no JSON", '{"threshold": 0.5}', "[1]"])
def test_a_note_of_another_attest_is_stale(text: str, own: Path, attest: Run, embedder: Embedder) -> None:
    with Index.open(own, embedder, splitter=SPLITTER_VERSION) as opened:
        opened.notes.write(abstention.NOTE, text)
    threshold, err = asked(attest, own)
    assert threshold["source"] == "shipped" and "in the form of another attest" in err


def test_other_documents_keep_the_threshold_without_its_promise(attest: Run, fitted: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.txt"
    more.write_text("The ferry to Brill ran twice a day until 1930. Its captain was Otto Rahn.\n")
    attest("ingest", more, "--index", fitted)
    threshold, err = asked(attest, fitted)
    assert threshold["source"] == "fitted" and "its promise was made for those before" in threshold["remark"] in err
    _, out, _ = attest("ask", QUESTION, "--index", fitted)
    assert "(fitted to this index)." in " ".join(out.split()) and "at most 35 %" not in out
    attest("ingest", "--remove", more, "--index", fitted)
    assert "remark" not in asked(attest, fitted)[0], "the documents are again those it was promised for"


def test_a_damaged_note_is_not_believed(fitted: Path, attest: Run) -> None:
    file = fitted / "manifest.sqlite"
    content = file.read_bytes()
    assert content.count(b'"threshold": 0.') == 1
    file.write_bytes(content.replace(b'"threshold": 0.', b'"threshold": 1.'))
    code, _, err = attest("ask", QUESTION, "--index", fitted)
    assert code == IndexDamaged.exit_code and "its settings have changed" in err


def test_what_cannot_be_promised_ends_with_one_line_and_keeps_nothing(
    attest: Run, fitted: Path, questions: Path, tmp_path: Path
) -> None:
    before = asked(attest, fitted)
    message = refusal(attest("calibrate", questions, "--accept", "--index", fitted), 1)
    assert "at least 45 independent questions without an answer, and the set has 6" in message
    code, out, _ = attest("calibrate", questions, "--json", "--accept", "--index", fitted)
    found = json.loads(out)
    assert code == 1 and not found["kept"] and found["promise"] is None and "at least 45" in found["refusal"]
    only = write(tmp_path / "only.jsonl", *ROWS[:3])
    assert "and the set has 0" in refusal(attest("calibrate", only, "--accept", "--index", fitted), 1)
    assert asked(attest, fitted) == before


def test_a_file_can_be_asked_alone(attest: Run, articles: Path, questions: Path) -> None:
    file = articles / "lighthouse.txt"
    code, out, err = attest("calibrate", questions, *PROMISED, "--article", file)
    assert (code, err) == (0, "") and f"nothing is kept: ingest {file}" in out and "other documents" not in out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{broken", "line 1: not JSON"),
        ({**ROWS[0], "colour": "red"}, "'colour' was unexpected"),
        ({**ROWS[0], "part": "mine"}, "part: "),
        ({**ROWS[0], "evidence": []}, "evidence: there is none"),
        ("", "is empty"),
    ],
)
def test_sets_that_cannot_be_used(
    line: str | dict[str, Any], words: str, attest: Run, own: Path, tmp_path: Path
) -> None:
    assert words in refusal(attest("calibrate", write(tmp_path / "bad.jsonl", line), "--index", own), 2)


def test_sets_without_answers_or_about_another_text(attest: Run, own: Path, tmp_path: Path) -> None:
    ran = attest("calibrate", write(tmp_path / "none.jsonl", *ROWS[3:]), "--index", own)
    assert "no question with an answer" in refusal(ran, 2)
    other = write(tmp_path / "other.jsonl", *(one | {"sha256": "0" * 64} for one in ROWS))
    assert "does not hold the text that the set other is about" in refusal(
        attest("calibrate", other, "--index", own), 2
    )
    beyond = write(tmp_path / "far.jsonl", ROWS[0] | {"evidence": [{"start": 9_000, "end": 9_001}]}, row("n", "Why?"))
    assert "outside the text" in refusal(attest("calibrate", beyond, "--index", own), 2)
    assert "cannot be read" in refusal(attest("calibrate", tmp_path / "gone.jsonl", "--index", own), 2)


@pytest.mark.parametrize("value", ["0", "1", "-0.1", "5", "nan", "inf"])
@pytest.mark.parametrize("flag", ["--risk", "--sure"])
def test_shares_that_are_none(flag: str, value: str, attest: Run, own: Path, questions: Path) -> None:
    assert "give a share from" in refusal(attest("calibrate", questions, flag, value, "--index", own), 2)


def test_an_index_that_is_empty(attest: Run, questions: Path, tmp_path: Path) -> None:
    assert "there is nothing in the index" in refusal(attest("calibrate", questions, "--index", tmp_path / "new"), 1)
