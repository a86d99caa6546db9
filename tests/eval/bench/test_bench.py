"""`attest bench`: the command, its samples, and one line of advice for whatever is not a benchmark's data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from eval.bench.options import Options
from eval.bench.table import Row, Table, rendered
from eval.statistics import UNDEFINED, mean_figure
from tests.eval.bench.conftest import MILL, PIER, Files, squad
from ui.terminal.cli import main

BAD: list[tuple[str, str, Any, str]] = [
    ("squad1", "x.json", "{", "is not JSON"),
    ("squad2", "x.json", {"data": [{"paragraphs": [{"qas": []}]}]}, "is not SQuAD JSON.*'context'"),
    ("squad1", "x.json", {"data": []}, "there is no question"),
    ("trecqa", "x.csv", "question,answer\na,b\n", "is not a table with the columns qtext, label, atext"),
    ("trecqa", "x.csv", "qtext,label,atext\na,yes,b\n", "a label is 'yes'"),
    ("doc2dial", "x.csv.gz", "id,question", "not a whole gzip file"),
    ("doc2dial", "x.csv", "id,question,context,answers\n1,hello,c,{'text': []}\n", "not a dialogue"),
    ("doc2dial", "x.csv", "id,question,context,answers\n1,user:a,c,{'text'\n", "is not Doc2Dial"),
]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs `attest bench`; the line on standard error, where the exit code is 2 and nothing else was printed."""

    def run(*arguments: object) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["bench", *map(str, arguments)])
        out, err = capsys.readouterr()
        assert ended.value.code == 2 and not out and err.count("\n") == 1
        return err

    return run


@pytest.mark.parametrize(("name", "file", "content", "reason"), BAD)
def test_a_file_in_another_form_is_refused(
    write: Files, refused: Any, name: str, file: str, content: Any, reason: str
) -> None:
    assert re.search(reason, refused(name, "--data", write(file, content)))


@pytest.mark.parametrize(
    ("name", "files", "reason"),
    [
        ("beir", {"queries.jsonl": "{}"}, "holds no corpus.jsonl"),
        ("beir", {"corpus.jsonl": "[]", "qrels/test.tsv": "a\tb\n"}, "is not JSON lines .line 1"),
        ("chunking", {"corpora/a.md": "text"}, "holds no questions.csv"),
        (
            "chunking",
            {
                "corpora/a.md": "text",
                "questions.csv": 'question,references,corpus_id\nq,"[{""content"": ""x"", ""start_index"": 0, '
                '""end_index"": 2}]",a\n',
            },
            "an excerpt of a is not at 0-2",
        ),
        ("mtrag-un", {"un-reference.jsonl": "{}"}, "holds no .qrels"),
        (
            "mtrag-un",
            {"un-reference.jsonl": "{}", "un-qrels-a.tsv": "query-id\tcorpus-id\tscore\na\tb\t1\n"},
            "not MTRAG tasks .there is no 'contexts'",
        ),
    ],
)
def test_a_folder_in_another_form_is_refused(
    write: Files, refused: Any, tmp_path: Path, name: str, files: dict[str, str], reason: str
) -> None:
    for file, content in files.items():
        write(f"set/{file}", content)
    assert re.search(reason, refused(name, "--data", tmp_path / "set"))


@pytest.mark.parametrize("name", ["squad1", "beir", "chunking", "mtrag-un", "doc2dial", "trecqa"])
def test_a_path_that_is_not_there_is_refused(refused: Any, tmp_path: Path, name: str) -> None:
    assert "does not exist" in refused(name, "--data", tmp_path / "none")


def test_a_folder_for_a_file_and_a_file_for_a_folder_are_refused(write: Files, refused: Any, tmp_path: Path) -> None:
    assert "is a folder: name the benchmark's file" in refused("squad1", "--data", tmp_path)
    assert "is a file: name the benchmark's folder" in refused("beir", "--data", write("a.json", "{}"))


def test_an_unknown_name_is_refused_with_the_known_ones(refused: Any, tmp_path: Path) -> None:
    assert re.search(r"no benchmark 'squad': choose one of squad1, .*trecqa", refused("squad", "--data", tmp_path))


def test_the_command_prints_columns_that_line_up_and_the_same_twice(
    write: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        "dev.json", squad((PIER, "Who built the pier?", "Anna Lund"), (MILL, "Who had a mill?", "Otto Brekke"))
    )
    printed = []
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            main(["bench", "squad1", "--data", str(path), "--sample", "1", "--seed", "3"])
        assert not ended.value.code
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    assert printed[0].startswith("squad1: --sample 1, seed 3; ")
    head, ours = printed[0].splitlines()[3:5]
    assert head.index("EM") == ours.index("100.0") or head.index("EM") == ours.index("0.0")


def test_a_sample_is_drawn_by_seed_and_keeps_the_order() -> None:
    def draw(sample: int, seed: int) -> list[int]:
        return Options(sample, seed, lambda done, of: None).draw(range(1000))

    assert draw(20, 1) == draw(20, 1) == sorted(set(draw(20, 1)))
    assert draw(20, 1) != draw(20, 2)
    assert (len(draw(20, 1)), len(draw(0, 1)), len(draw(5000, 1))) == (20, 1000, 1000)


def test_a_table_shows_intervals_and_leaves_published_figures_without() -> None:
    ours = mean_figure([1.0, 0.0, 1.0, 0.0], ["a", "a", "b", "b"], 0)
    table = Table("T", ("EM", "F1"), (Row("ours", (ours, None), 4), Row("theirs", (0.862, 0.9))), ("so",), percent=True)
    assert rendered([table]).splitlines() == [
        "T",
        "          n  EM                 F1",
        "  ours    4  50.0 [50.0, 50.0]  -",
        "  theirs     86.2               90.0",
        "  - so",
    ]
    assert mean_figure([], [], 0) == UNDEFINED
