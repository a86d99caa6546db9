"""SQuAD: the official script's figures on examples counted by hand, and the real reader and search on small texts."""

from __future__ import annotations

import pytest

from assistant.reader.runtime import load_reader
from eval.bench import parts
from eval.bench.options import Options
from eval.bench.squad import ParagraphQuestion, Prediction, load, read_paragraph, reading_1, reading_2
from eval.bench.table import Table
from eval.lab.ablation import PARTS
from eval.lab.variants import with_threshold
from eval.metrics.abstention import best_score
from eval.statistics import Figure
from tests.eval.bench.conftest import BELL, MILL, PIER, Bench, Files, cells, squad

OPTIONS = Options(0, 0, lambda done, of: None)
ASKED = [
    ParagraphQuestion("q", ("the Varn river", "Varn"), "p", "a"),
    ParagraphQuestion("q", ("Otto Brekke",), "p", "a"),
    ParagraphQuestion("q", (), "p", "b"),
    ParagraphQuestion("q", (), "p", "b"),
]
PREDICTIONS = [
    Prediction("Varn River!", 3.0),  # "the Varn river" but for article, case and point: exact
    Prediction("Otto of Holm", 2.0),  # shares 1 of 2 and of 3 words: F1 2 * (1/3 * 1/2) / (1/3 + 1/2) = 0.4
    Prediction("rye", 1.0),  # an answer where there is none: 0
    Prediction("rye", -1.0),  # abstains: 1
]


def values(table: Table, row: int = 0) -> list[float | None]:
    return [cell.value if isinstance(cell, Figure) else cell for cell in table.rows[row].cells]


def test_squad_1_by_hand() -> None:
    assert values(reading_1(ASKED[:2], PREDICTIONS[:2], OPTIONS)) == pytest.approx([1 / 2, 1.4 / 2])


def test_squad_2_by_hand() -> None:
    table = reading_2(ASKED, PREDICTIONS, OPTIONS)
    # In hindsight: answering at 2 and above alone gets both silences right, (1 + 0.4 + 1 + 1) / 4.
    assert values(table) == pytest.approx([2 / 4, 2.4 / 4, 1.4 / 2, 1 / 2, 3.4 / 4])
    assert values(table, 1) == [0.5, 0.5, 0.0, 1.0, None]


@pytest.mark.parametrize(
    ("confidence", "answered", "abstained", "best"),
    [
        ([3, 2, 1], [1, 0, 1], [0, 1, 0], 2 / 3),  # no threshold gets all three
        ([1, 1], [1, 0], [0, 1], 1 / 2),  # equals cannot be parted
        ([2, 1], [0, 0], [1, 1], 1.0),  # never answering is a threshold too
    ],
)
def test_the_best_threshold_is_one_that_exists(
    confidence: list[float], answered: list[float], abstained: list[float], best: float
) -> None:
    assert best_score(confidence, answered, abstained) == pytest.approx(best)


def test_the_reader_finds_an_answer_at_the_end_of_a_paragraph_longer_than_it_reads() -> None:
    text = " ".join(f"Stone number {n} of the harbour wall is grey and wet." for n in range(60)) + " " + BELL
    assert "four tonnes" in read_paragraph(load_reader(), "How much does the bell of Saint Hild weigh?", text).text


def test_both_tables_on_a_small_file(write: Files, bench: Bench) -> None:
    data = squad(
        (PIER, "Who built the pier at Holm?", "Anna Lund"),
        (MILL, "Who bought the mill on the Varn?", "Otto Brekke"),
        (BELL, "Who wrote the opera about the lighthouse?", None),
    )
    text = bench("squad2", write("dev.json", data))
    assert cells(text, "attest's reader") == ["3", "100.0", "100.0", "100.0", "100.0", "100.0"]
    assert cells(text, "always abstaining") == ["3", "33.3", "33.3", "0.0", "100.0", "-"]
    assert "all 3 of the file" in text
    for system in ("attest: search and reader", "stock LlamaIndex, dense", "BM25"):
        assert cells(text, system) == ["2", "1.000", "1.000", "1.000"]


def test_squad_1_answers_always(write: Files, bench: Bench) -> None:
    text = bench("squad1", write("dev.json", squad((PIER, "What did the moon cost?", "nine thousand crowns"))))
    assert cells(text, "attest's reader, always answering")[0] == "1"
    assert cells(text, "attest's reader, always answering")[2] != "0.0"


def test_gold_answers_that_normalise_to_nothing_are_dropped(write: Files) -> None:
    _, (one,) = load(write("dev.json", squad((PIER, "Which article?", "The"))))
    assert one.golds == ()


def test_each_part_is_off_in_turn(write: Files, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PARTS", (*PARTS, ("any answer", with_threshold(1.1))))
    asked = (
        (PIER, "Who built the pier at Holm?", "Anna Lund"),
        (MILL, "What did Otto Brekke grind at the mill?", "rye"),
        (BELL, "How much does the bell of Saint Hild weigh?", "four tonnes"),
        (BELL, "Which goalkeeper saved the penalty in Lisbon?", None),
    )
    table = bench("parts", write("squad.json", squad(*asked)))
    assert cells(table, "as it is") == ["4", "1.000", "1.000", "1.000", "1.000", "1.000"]
    assert cells(table, "any answer")[3:] == ["0.000", "0.000", "1.000"]
    assert len([line for line in table.splitlines() if "  4  " in line]) == len(PARTS) + 1


def test_an_answer_is_shown_where_it_stands_in_whole_words(write: Files, bench: Bench) -> None:
    table = bench("parts", write("squad.json", squad((PIER, "How long did the pier at Holm stand?", "4"))))
    n, first, _, shown, answers, _ = cells(table, "as it is")
    assert (n, first, shown, answers) == ("1", "1.000", "0.000", "1.000")
