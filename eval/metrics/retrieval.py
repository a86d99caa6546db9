"""Retrieval metrics on characters: what of the gold evidence the ranked passages hold, however the text was cut.

A passage finds a piece of evidence when it holds half of its characters or more. Each piece counts as one relevant
document, ranked where it is first found.
But: what was retrieved and not shown counts as much as what was shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from eval.metrics.metric import RANKING, Judged, Metric
from vectorstore.types import Span

HALF = 0.5
"""The share of a piece of evidence that a passage must hold to find it."""


def found_at(ranking: Sequence[Span], evidence: Sequence[Span]) -> tuple[int | None, ...]:
    """For each piece of evidence the rank, from 1, of the first passage that finds it; None where none does."""
    return tuple(
        next((rank for rank, passage in enumerate(ranking, 1) if finds(passage, piece)), None) for piece in evidence
    )


def hit_at(ranking: Sequence[Span], evidence: Sequence[Span], k: int) -> float:
    """1 where any of the first k passages finds evidence, else 0 (success@k in trec_eval)."""
    return float(any(rank is not None and rank <= k for rank in found_at(ranking, evidence)))


def recall_at(ranking: Sequence[Span], evidence: Sequence[Span], k: int) -> float:
    """The share of the pieces that the first k passages find (recall_k in trec_eval)."""
    ranks = found_at(ranking, evidence)
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def reciprocal_rank(ranking: Sequence[Span], evidence: Sequence[Span]) -> float:
    """1 / rank of the first passage that finds evidence, 0 where none does (recip_rank in trec_eval; Voorhees 1999)."""
    found = [rank for rank in found_at(ranking, evidence) if rank is not None]
    return 1 / min(found) if found else 0.0


def ndcg_at(ranking: Sequence[Span], evidence: Sequence[Span], k: int) -> float:
    """Normalised discounted cumulative gain, binary (Järvelin and Kekäläinen 2002; ndcg_cut_k in trec_eval: discount
    log2(rank + 1), the ideal over the first k pieces). At most 1, also where one passage finds several pieces."""
    gain = sum(1 / math.log2(rank + 1) for rank in found_at(ranking, evidence) if rank is not None and rank <= k)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(evidence)) + 1))
    return min(1.0, gain / ideal)


def evidence_recall_at(ranking: Sequence[Span], evidence: Sequence[Span], k: int) -> float:
    """The share of the evidence's characters that lie in the first k passages together (token recall after Smith and
    Troynikov 2024, on characters)."""
    gold = characters(evidence)
    return len(gold & characters(ranking[:k])) / len(gold)


def characters(spans: Sequence[Span]) -> set[int]:
    """The offsets that the spans cover."""
    return {offset for start, end in spans for offset in range(start, end)}


def finds(passage: Span, piece: Span) -> bool:
    """Whether a passage holds half of a piece of evidence or more."""
    overlap = min(passage[1], piece[1]) - max(passage[0], piece[0])
    return overlap > 0 and overlap >= HALF * (piece[1] - piece[0])


def _ranked(measure: Callable[[Sequence[Span], Sequence[Span]], float]) -> Callable[[Judged], float | None]:
    """A measure of ranking and evidence, undefined without a ranking and where there is no answer."""

    def measured(judged: Judged) -> float | None:
        ranking = judged.response.passages
        if ranking is None or not judged.case.has_answer:
            return None
        return measure(ranking[:RANKING], judged.case.evidence)

    return measured


METRICS = (
    Metric(
        "hit@1",
        "evidence in the first passage",
        "Half of a piece of gold or more.",
        _ranked(lambda ranking, gold: hit_at(ranking, gold, 1)),
        headline=True,
        column="first",
    ),
    Metric(
        "hit@5",
        "evidence in the first five",
        "As above, in any of five.",
        _ranked(lambda ranking, gold: hit_at(ranking, gold, 5)),
        headline=True,
        column="in five",
    ),
    Metric(
        "recall@5",
        "recall@5",
        "Share of the pieces of gold found by five passages.",
        _ranked(lambda ranking, gold: recall_at(ranking, gold, 5)),
    ),
    Metric(
        "recall@10",
        "recall@10",
        "Share of the pieces of gold found by ten passages.",
        _ranked(lambda ranking, gold: recall_at(ranking, gold, 10)),
    ),
    Metric("mrr", "MRR", "1 / rank of the first passage with evidence.", _ranked(reciprocal_rank)),
    Metric(
        "ndcg@10",
        "nDCG@10",
        "trec_eval's ndcg_cut; each piece of gold a document, at most 1.",
        _ranked(lambda ranking, gold: ndcg_at(ranking, gold, 10)),
        headline=True,
    ),
    Metric(
        "characters@5",
        "evidence recall@5 by characters",
        "Characters of gold covered.",
        _ranked(lambda ranking, gold: evidence_recall_at(ranking, gold, 5)),
    ),
)
