"""Where the evidence stands in each order, on a small text; the table; and the sets that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.cases import load_set
from eval.evaluate import assistant_for
from eval.judge import read_article
from eval.lab.finding import ORDERS, found_at, main, shares
from tests.conftest import LIGHTHOUSE
from tests.eval.lab.test_thresholds import ROWS, SHA256, row
from vectorstore.embedding.embedder import Embedder
from vectorstore.types import Document

STORM = "In the storm of 1879 the tower lost its gallery."


def test_shares_by_hand() -> None:
    names = list(ORDERS)
    places = [dict.fromkeys(names, place) for place in (1, 5, 6, 8, 9, None)]
    places[0] = {**places[0], names[1]: None}
    found = shares(places)
    assert found[names[0]].tolist() == pytest.approx([1 / 6, 2 / 6, 4 / 6])
    assert found[names[1]].tolist() == pytest.approx([0, 1 / 6, 3 / 6])


def test_the_evidence_is_found_in_its_place(embedder: Embedder, tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    asked = row("s", "And then?", STORM, standalone="What did the storm of 1879 do to the tower?", history=["Why?"])
    path.write_text("\n".join(json.dumps(one) for one in (asked, row("w", "Who kept the light?", STORM))))
    article = read_article(Document("d", "The light", LIGHTHOUSE, SHA256, "light.txt"), embedder)
    right, wrong = load_set(path).cases
    with assistant_for(article, embedder) as assistant:
        assert set(found_at(right, assistant).values()) == {1}
        assert all(place != 1 for place in found_at(wrong, assistant).values()), "its evidence is another passage"


def test_the_table_is_of_the_tuning_questions_with_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article, path = tmp_path / "light.txt", tmp_path / "mine.jsonl"
    article.write_text(LIGHTHOUSE, encoding="utf-8")
    sealed = row("sealed", "Who kept the light for years?", STORM, part="sealed")
    path.write_text("\n".join(json.dumps(one) for one in (*ROWS, sealed)))
    assert main([str(path), "--article", str(article)]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["mine,", "3", "tuning", "questions", "in", "1", "in", "5", "in", "8"]
    assert [line.rsplit(maxsplit=3)[0].strip() for line in rows] == list(ORDERS)
    for line in rows:
        first, five, eight = map(float, line.split()[-3:])
        assert 0 <= first <= five <= eight == 1
    path.write_text(json.dumps(ROWS[-1]))
    assert main([str(path), "--article", str(article)]) == 2
    assert "no question with an answer" in capsys.readouterr().err
