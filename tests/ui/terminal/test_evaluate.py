"""`attest eval` as a user or a CI job calls it: baseline, gate, acceptance, reports, and one line for every mistake."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.responses import Response
from eval.runs import load_run
from tests.eval.conftest import ROWS, TEXT, quoted, refusal, sentence, write_answers
from ui.terminal.cli import main

Run = Callable[..., tuple[int, str, str]]
RIGHT = {
    "who": quoted("who", sentence("1887")),
    "cost": quoted("cost", sentence("crowns")),
    "end": quoted("end", sentence("1911")),
    "said": quoted("said", sentence("oak"), speaker="Peter Vass"),
    "wife": refusal("wife"),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a set, its text, and the right answers to it."""
    monkeypatch.chdir(tmp_path)
    write_set(*ROWS)
    Path("pier.txt").write_text(TEXT, encoding="utf-8")
    write_answers(Path("answers.jsonl"), RIGHT.values())
    return tmp_path


@pytest.fixture
def evaluate(place: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `attest eval` on the set: its exit code, standard output and standard error."""

    def run(*arguments: object, path: str = "pier.jsonl", article: str = "pier.txt") -> tuple[int, str, str]:
        given = ["eval", path, "--article", article, *(str(argument) for argument in arguments)]
        with pytest.raises(SystemExit) as ended:
            main(given)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def write_set(*rows: dict[str, Any] | str, path: str = "pier.jsonl") -> None:
    lines = [line if isinstance(line, str) else json.dumps(line) for line in rows]
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def answer(*instead: Response) -> None:
    """Some of the right answers replaced."""
    write_answers(Path("answers.jsonl"), (RIGHT | {response.id: response for response in instead}).values())


JUDGE = ("--answers", "answers.jsonl")
GATE = (*JUDGE, "--baseline", "baseline.json")


def test_attest_is_run_twice_with_the_same_bytes_and_no_regression(evaluate: Run) -> None:
    code, out, err = evaluate("--baseline", "baseline.json")
    assert (code, err) == (0, "") and "baseline.json holds this run now: review it and commit it" in out
    before = Path("baseline.json").read_bytes()
    code, out, err = evaluate("--baseline", "baseline.json", "--report", "report")
    assert (code, err) == (0, "") and "no regression against the baseline" in out
    assert Path("baseline.json").read_bytes() == before == Path("report/run.json").read_bytes()
    assert load_run(Path("baseline.json")).fingerprints["system"].startswith("attest ")


def test_the_table_has_one_column_under_the_other(evaluate: Run) -> None:
    _, out, _ = evaluate(*JUDGE)
    lines = out.splitlines()
    assert lines[0].split() == ["all", "tuning", "sealed"]
    right = next(line for line in lines if line.startswith("right answers and right refusals"))
    assert right.index("1.00") == lines[0].index("all")
    assert any(line.endswith("undefined (n = 0)") for line in lines)


def test_a_worse_answer_closes_the_gate_and_is_told(evaluate: Run) -> None:
    assert evaluate(*GATE)[0] == 0
    before = Path("baseline.json").read_bytes()
    answer(quoted("who", sentence("crowns"), passages=(sentence("crowns"), sentence("1887"))))
    code, out, err = evaluate(*GATE, "--report", "report")
    assert (code, err) == (1, "")
    assert Path("baseline.json").read_bytes() == before
    for told in (
        "BREAK  who: an answer that was right lacks a fact",
        "pass -> fail: who",
        "who [who, tuning] pass -> fail",
        "- expected:     Anna Lund",
        "+ got:          It cost nine thousand crowns. [49-78]",
        "  before:       The pier at Holm was built in 1887 by Anna Lund. [0-48]",
        "  evidence:     0-48 The pier at Holm was built in 1887 by Anna Lund.",
        "  evidence at:  rank 2; outranked by\n    1. 49-78 It cost nine thousand crowns.",
        "REGRESSION: 0 broad drops, 1 hard break\n",
    ):
        assert told in out, told
    assert {path.name for path in Path("report").iterdir()} == {"report.html", "report.md", "junit.xml", "run.json"}


def test_a_better_answer_opens_it_and_is_told(evaluate: Run) -> None:
    answer(refusal("cost"))
    assert evaluate(*GATE)[0] == 0
    answer()
    code, out, _ = evaluate(*GATE)
    assert code == 0 and "fail -> pass: cost" in out and "no regression" in out


def test_accept_shows_what_changes_and_takes_it(evaluate: Run) -> None:
    evaluate(*GATE)
    answer(refusal("cost"))
    code, out, _ = evaluate(*GATE, "--accept")
    assert code == 0 and "BREAK  cost: an answer turned into an abstention" in out and "review it and commit it" in out
    code, out, _ = evaluate(*GATE)
    assert code == 0 and "no regression" in out


def test_accept_takes_an_edited_set_that_is_refused_otherwise(evaluate: Run) -> None:
    evaluate(*GATE)
    write_set(ROWS[0] | {"question": "Who paid for the landing stage?"}, *ROWS[1:2], *ROWS[3:])
    write_answers(Path("answers.jsonl"), [response for id, response in RIGHT.items() if id != "end"])
    code, _, err = evaluate(*GATE)
    assert code == 2 and "another version of the set" in err
    assert evaluate(*GATE, "--accept")[0] == evaluate(*GATE)[0] == 0


BAD_SETS: list[tuple[str, tuple[dict[str, Any] | str, ...], str]] = [
    ("not JSON", (ROWS[0], "{"), "pier.jsonl, line 2: not JSON"),
    ("a field", (ROWS[0], ROWS[1] | {"answerable": "perhaps"}), "line 2: answerable: "),
    ("a type", (ROWS[0] | {"evidence": [{"start": "0", "end": 9}]},), "line 1: evidence.0.start: "),
    ("an id twice", (ROWS[0], ROWS[0]), "line 2, id: 'who' is used in line 1"),
    ("evidence outside", (ROWS[0] | {"evidence": [{"start": 0, "end": 9999}]},), "case who, evidence 0-9999: outside"),
    ("no case", ("",), "pier.jsonl is empty"),
    ("another text", (ROWS[0] | {"sha256": "0" * 64},), "pier.txt is another text than the set pier is about"),
]


@pytest.mark.parametrize(("rows", "named"), [bad[1:] for bad in BAD_SETS], ids=[bad[0] for bad in BAD_SETS])
def test_a_bad_set_is_one_line_and_exit_2(evaluate: Run, rows: tuple[dict[str, Any] | str, ...], named: str) -> None:
    write_set(*rows)
    assert_refused(evaluate(*GATE), named)


def line(**fields: Any) -> str:
    return json.dumps({"id": "who", "abstained": True, "sentences": []} | fields)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ([line(id="nobody")], "answers.jsonl, line 1, id: the set pier has no case 'nobody'"),
        ([line(), line()], "line 2, id: 'who' is answered twice"),
        ([line()], "has no answer to cost, end, said, wife"),
        ([], "has no answer to who, cost, end, said, wife"),
        (["{"], "line 1: not JSON"),
        ([line(confidence=2)], "line 1: confidence: "),
    ],
)
def test_bad_answers_are_one_line_and_exit_2(evaluate: Run, lines: list[str], named: str) -> None:
    Path("answers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert_refused(evaluate(*GATE), named)


def test_missing_files_and_flags_that_make_no_sense_are_one_line_and_exit_2(evaluate: Run) -> None:
    assert_refused(evaluate(*GATE, path="none.jsonl"), "none.jsonl cannot be read")
    assert_refused(evaluate(*GATE, article="none.txt"), "--article: ")
    assert_refused(evaluate("--answers", "none.jsonl", "--baseline", "baseline.json"), "none.jsonl cannot be read")
    assert_refused(evaluate(*JUDGE, "--accept"), "--baseline FILE")
    assert_refused(evaluate(*JUDGE, "--index", "index"), "leave out --index")
    assert_refused(evaluate(*JUDGE, "--report", "pier.txt"), "is a file: name a directory")
    assert_refused(evaluate(*JUDGE, "--baseline", "."), "is a directory: name a file")


def test_a_set_about_a_text_that_is_not_here_says_where_to_name_it(
    evaluate: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "pier.jsonl"])
    assert ended.value.code == 2 and "name its file with --article" in capsys.readouterr().err


def test_a_baseline_of_another_set_is_refused_before_anything_is_asked(evaluate: Run) -> None:
    evaluate(*GATE)
    write_set(*ROWS, path="bridge.jsonl")
    before = Path("baseline.json").read_bytes()
    code, out, err = evaluate(*GATE, "--accept", path="bridge.jsonl")
    assert (code, out) == (2, "") and "is of the set pier, this run of bridge" in err
    assert Path("baseline.json").read_bytes() == before


def test_a_part_of_a_run_never_becomes_a_baseline(evaluate: Run) -> None:
    evaluate(*GATE)
    run = json.loads(Path("baseline.json").read_text(encoding="utf-8"))
    Path("baseline.json").write_text(json.dumps(run | {"cases": run["cases"][:2]}), encoding="utf-8")
    code, _, err = evaluate(*GATE)
    assert code == 2 and "does not hold each case of the set" in err
    assert evaluate(*GATE, "--accept")[0] == 0
    assert len(load_run(Path("baseline.json")).results) == len(ROWS)


def test_a_file_that_is_no_baseline_is_refused_and_left(evaluate: Run) -> None:
    Path("baseline.json").write_text("notes\n", encoding="utf-8")
    code, _, err = evaluate(*GATE)
    assert code == 2 and err.count("\n") == 1 and "baseline.json is not a baseline" in err
    assert Path("baseline.json").read_text(encoding="utf-8") == "notes\n"


def test_an_index_that_is_not_there_is_refused_and_not_made(evaluate: Run, place: Path) -> None:
    code, _, err = evaluate("--index", place / "index")
    assert code == 2 and "does not exist" in err and err.count("\n") == 1
    assert not (place / "index").exists()


def assert_refused(ended: tuple[int, str, str], named: str) -> None:
    """Exit 2 and one line that says what is wrong, and no baseline."""
    code, out, err = ended
    assert (code, out) == (2, "")
    assert named in err and err.startswith("attest: ") and err.count("\n") == 1
    assert not Path("baseline.json").exists()


def test_a_report_never_writes_over_the_baseline(evaluate: Run) -> None:
    assert_refused(evaluate(*JUDGE, "--report", "r", "--baseline", "r/run.json"), "somewhere else")
