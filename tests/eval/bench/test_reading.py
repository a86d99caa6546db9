"""Doc2Dial and TREC-QA, with the real reader."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

from eval.bench.doc2dial import load as load_dialogues
from eval.bench.trecqa import load as load_candidates
from tests.eval.bench.conftest import BELL, MILL, PIER, Bench, Files, cells


def table(*rows: tuple[object, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def dialogues(tmp_path: Path, *rows: tuple[str, str]) -> Path:
    """(dialogue, gold span) about one document, gzipped as published."""
    document = "\n\n".join((PIER, MILL, BELL))
    lines = [(n, said, document, str({"text": [gold], "answer_start": [0]})) for n, (said, gold) in enumerate(rows)]
    path = tmp_path / "val.csv.gz"
    path.write_bytes(gzip.compress(table(("id", "question", "context", "answers"), *lines).encode()))
    return path


def test_a_dialogue_is_read_latest_turn_first(tmp_path: Path) -> None:
    said = "user:And who owned it? \tagent:In winter. \tagent:Well. \tuser:When did it freeze? \tagent:Hello"
    _, (one,) = load_dialogues(dialogues(tmp_path, (said, "x")))
    assert one.question == "And who owned it?"
    assert one.before == (("When did it freeze?", "Well. In winter."),)


def test_the_span_is_found_in_the_document_of_the_dialogue(tmp_path: Path, bench: Bench) -> None:
    said = "user:What does it weigh? \tagent:Monks cast it. \tuser:Who cast the bell of Saint Hild?"
    text = bench("doc2dial", dialogues(tmp_path, (said, "The bell of Saint Hild weighs four tonnes.")))
    assert cells(text, "attest: the best sentence") == ["1", "100.0", "100.0"]
    n, exact, f1 = cells(text, "attest: the reader's span in it")
    assert (n, exact) == ("1", "0.0") and 0 < float(f1) < 100


def test_candidates_are_put_in_order(write: Files, bench: Bench) -> None:
    question = "Who bought the mill on the Varn ?"
    rows = [("The mill stands on the Varn .", 0), ("Otto Brekke bought the mill .", 1), ("Rye is a grain .", 0)]
    lonely = ("How old is the pier ?", 0, "It is old .")
    path = write("test.csv", table(("qtext", "label", "atext"), *((question, y, a) for a, y in rows), lonely))
    text = bench("trecqa", path)
    assert cells(text, "attest's reader") == ["1", "1.000", "1.000"]
    assert "1 others of the file are left out" in text


def test_only_questions_with_a_right_and_a_wrong_candidate_count(write: Files) -> None:
    rows = [("a", 1, "x"), ("a", 0, "y"), ("b", 1, "x"), ("c", 0, "x"), ("a", 1, "z")]
    asked, dropped = load_candidates(write("test.csv", table(("qtext", "label", "atext"), *rows)))
    assert [(one.question, len(one.candidates)) for one in asked] == [("a", 3)] and dropped == 2
