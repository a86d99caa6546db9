"""The times beside stock LlamaIndex: each sort of question beside the same questions."""

from __future__ import annotations

from eval.bench.beside import _times


def test_times_are_told_apart_by_history() -> None:
    lines = _times({"attest": [0.03, 0.2, 0.05], "stock": [0.01, 0.02, 0.01]}, [True, False, True])
    assert len(lines) == 6
    assert lines[0].startswith("all, median: attest's whole answer 50.0 ms, stock's retrieval alone 10.0 ms, ratio 5.0")
    assert lines[2].startswith("no history, median: attest's whole answer 40.0 ms") and lines[2].endswith("(n = 2)")
    assert lines[4].endswith("answer 200.0 ms, stock's retrieval alone 20.0 ms, ratio 10.0 (n = 1)")


def test_no_line_for_what_was_not_asked() -> None:
    assert len(_times({"attest": [0.03], "stock": [0.01]}, [True])) == 4
