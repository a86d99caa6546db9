"""attest beside stock LlamaIndex: both parts of a set, and each sort of question beside the same questions."""

from __future__ import annotations

from eval.bench.beside import beside, times
from eval.cases import CaseSet
from eval.judge import Article
from vectorstore.embedding.embedder import Embedder


def test_times_are_told_apart_by_history() -> None:
    lines = times({"attest": [0.03, 0.2, 0.05], "stock": [0.01, 0.02, 0.01]}, [True, False, True])
    assert len(lines) == 6
    assert lines[0].startswith("all, median: attest's whole answer 50.0 ms, stock's retrieval alone 10.0 ms, ratio 5.0")
    assert lines[2].startswith("no history, median: attest's whole answer 40.0 ms") and lines[2].endswith("(n = 2)")
    assert lines[4].endswith("answer 200.0 ms, stock's retrieval alone 20.0 ms, ratio 10.0 (n = 1)")


def test_no_line_for_what_was_not_asked() -> None:
    assert len(times({"attest": [0.03], "stock": [0.01]}, [True])) == 4


def test_every_question_that_has_an_answer_is_put_to_both(
    case_set: CaseSet, article: Article, embedder: Embedder
) -> None:
    lines = beside(case_set, article.document, embedder)
    table, told = lines[1 : lines.index("")], lines[lines.index("") + 1 :]
    asked = {part: sum(c.has_answer for c in case_set.cases if c.part == part) for part in ("tuning", "sealed")}
    assert [line[34:42].strip() for line in table] == ["tuning", "sealed"] * 3
    for line in table:
        assert line.count(f"(n = {asked[line[34:42].strip()]})") == 2
    followed = sum(bool(c.history) for c in case_set.cases if c.has_answer)
    assert told[0].endswith(f"(n = {sum(asked.values())})") and told[-1].endswith(f"(n = {followed})")
