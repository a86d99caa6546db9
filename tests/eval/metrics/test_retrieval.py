"""Retrieval metrics are trec_eval's where passages are documents, and count characters where they are not."""

from __future__ import annotations

import itertools

import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.metrics.retrieval import (
    characters,
    evidence_recall_at,
    finds,
    found_at,
    hit_at,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)

PIECE = 10


def piece(number: int) -> tuple[int, int]:
    return 100 * number, 100 * number + PIECE


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    ranking=st.lists(st.integers(0, 30), min_size=1, max_size=20, unique=True),
    gold=st.lists(st.integers(0, 30), min_size=1, max_size=12, unique=True),
)
def test_rankings_score_as_in_trec_eval(ranking: list[int], gold: list[int]) -> None:
    judge = pytrec_eval.RelevanceEvaluator(
        {"q": {str(number): 1 for number in gold}}, {"recip_rank", "success.1,5", "recall.5,10", "ndcg_cut.5,10"}
    )
    theirs = judge.evaluate({"q": {str(number): -float(rank) for rank, number in enumerate(ranking)}})["q"]
    spans, evidence = [piece(number) for number in ranking], [piece(number) for number in gold]
    ours = {
        "recip_rank": reciprocal_rank(spans, evidence),
        "success_1": hit_at(spans, evidence, 1),
        "success_5": hit_at(spans, evidence, 5),
        "recall_5": recall_at(spans, evidence, 5),
        "recall_10": recall_at(spans, evidence, 10),
        "ndcg_cut_5": ndcg_at(spans, evidence, 5),
        "ndcg_cut_10": ndcg_at(spans, evidence, 10),
    }
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_a_passage_finds_a_piece_of_which_it_holds_half() -> None:
    assert finds((0, 15), (10, 20)) and finds((15, 40), (10, 20)) and finds((0, 100), (10, 20))
    assert not finds((0, 14), (10, 20)) and not finds((16, 40), (10, 20)) and not finds((20, 40), (10, 20))


def test_an_empty_span_finds_nothing() -> None:
    assert not finds((0, 0), (0, 1)) and not finds((5, 5), (0, 10))


def test_each_piece_is_ranked_where_it_is_first_found() -> None:
    assert found_at([(0, 10), (100, 140), (100, 110)], [(100, 110), (130, 140), (300, 310)]) == (2, 2, None)


def test_evidence_recall_counts_characters_whatever_the_cut() -> None:
    evidence = [(10, 20), (50, 60)]
    assert evidence_recall_at([(0, 15), (55, 80)], evidence, 2) == 0.5
    assert evidence_recall_at([(0, 15), (55, 80)], evidence, 1) == 0.25
    assert evidence_recall_at([(0, 15), (5, 15), (0, 100)], evidence, 2) == 0.25, "overlaps count once"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    cuts=st.lists(st.integers(1, 199), max_size=12, unique=True),
    evidence=st.lists(st.tuples(st.integers(0, 150), st.integers(1, 49)), min_size=1, max_size=4),
)
def test_a_text_that_is_retrieved_whole_has_all_its_evidence_however_it_is_cut(
    cuts: list[int], evidence: list[tuple[int, int]]
) -> None:
    edges = [0, *sorted(cuts), 200]
    passages = list(itertools.pairwise(edges))
    spans = [(start, start + size) for start, size in evidence]
    assert evidence_recall_at(passages, spans, len(passages)) == 1.0


def test_ndcg_stays_within_one_where_a_passage_finds_several_pieces() -> None:
    assert ndcg_at([(0, 100)], [(0, 10), (20, 30), (40, 50)], 10) == 1.0


def test_characters_are_counted_once() -> None:
    assert characters([(0, 3), (2, 4)]) == {0, 1, 2, 3}
