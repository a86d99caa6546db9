"""Metrics of ranked ids are trec_eval's."""

from __future__ import annotations

import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.ranked import average_precision, ndcg_at, recall_at, reciprocal_rank, success_at


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    ranking=st.lists(st.integers(0, 30), min_size=1, max_size=20, unique=True),
    gains=st.dictionaries(st.integers(0, 30), st.integers(1, 3), min_size=1, max_size=12),
)
def test_rankings_score_as_in_trec_eval(ranking: list[int], gains: dict[int, int]) -> None:
    qrels = {str(number): gain for number, gain in gains.items()}
    judge = pytrec_eval.RelevanceEvaluator(
        {"q": qrels}, {"map", "recip_rank", "success.1,5", "recall.5,100", "ndcg_cut.5,10"}
    )
    theirs = judge.evaluate({"q": {str(number): -float(rank) for rank, number in enumerate(ranking)}})["q"]
    names = [str(number) for number in ranking]
    ours = {
        "map": average_precision(names, qrels),
        "recip_rank": reciprocal_rank(names, qrels),
        "success_1": success_at(names, qrels, 1),
        "success_5": success_at(names, qrels, 5),
        "recall_5": recall_at(names, qrels, 5),
        "recall_100": recall_at(names, qrels, 100),
        "ndcg_cut_5": ndcg_at(names, {name: float(gain) for name, gain in qrels.items()}, 5),
        "ndcg_cut_10": ndcg_at(names, {name: float(gain) for name, gain in qrels.items()}, 10),
    }
    assert ours == pytest.approx(theirs, abs=1e-9)
