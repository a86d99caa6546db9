"""Metrics of a ranking of ids against the ids that are relevant, as trec_eval defines them.

But: ids must be distinct; evidence by characters is measured in `retrieval`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence


def success_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """1 where one of the first k is relevant, else 0 (success_k)."""
    return float(any(name in relevant for name in ranking[:k]))


def recall_at(ranking: Sequence[str], relevant: Collection[str], k: int) -> float:
    """The share of the relevant among the first k (recall_k). `relevant` is not empty."""
    return sum(name in relevant for name in ranking[:k]) / len(relevant)


def reciprocal_rank(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """1 / rank of the first relevant one, 0 where there is none (recip_rank; Voorhees 1999)."""
    return next((1 / rank for rank, name in enumerate(ranking, 1) if name in relevant), 0.0)


def average_precision(ranking: Sequence[str], relevant: Collection[str]) -> float:
    """The mean, over all relevant, of the precision at the rank of each, 0 for one that is not ranked (map; Buckley
    and Voorhees 2000). `relevant` is not empty."""
    found, total = 0, 0.0
    for rank, name in enumerate(ranking, 1):
        if name in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def ndcg_at(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float:
    """Normalised discounted cumulative gain over the first k: gain / log2(rank + 1), divided by that of the best order
    (ndcg_cut_k; Järvelin and Kekäläinen 2002). `gains` are those of the relevant ids, above 0 at least once."""
    got = sum(gains.get(name, 0.0) / math.log2(rank + 1) for rank, name in enumerate(ranking[:k], 1))
    best = sorted(gains.values(), reverse=True)[:k]
    return got / sum(gain / math.log2(rank + 1) for rank, gain in enumerate(best, 1))
