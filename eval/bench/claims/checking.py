"""The checker on published claims, as it is shipped: each claim against its own texts, which are at hand (`Texts`), so
that no index is made of them.

A text of several sentences is as well supported as its weakest one; the mean over its sentences stands beside it.
"Flagged" is what the checker does not show as supported, by the threshold that it ships with: nothing is tuned here.
But: the few passages of a claim's texts are searched by their words, not by vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np

from assistant.check.checker import MAX_CHARACTERS, Checker
from assistant.check.texts import Texts
from assistant.check.types import Check
from assistant.reader.runtime import load_reader
from eval.bench.claims.sets import ClaimSet, TextClaim, begin, fool_me_twice, mtrag_ratings, wice
from eval.bench.options import Options
from eval.bench.table import Row, Table
from eval.metrics.abstention import auroc
from eval.statistics import Figure, mean_figure
from vectorstore.embedding.embedder import available_cpus
from vectorstore.errors import UsageError

RESAMPLES = 1_000

_PUBLISHED = {
    "MTRAG's human ratings": (
        Row("RAGAS, a language model as judge (published)", (None, None, None, 0.886)),
        Row("logistic regression on 8 features (published)", (None, None, None, 0.935)),
    )
}


def run_claims(read: Callable[[Path], ClaimSet], title: str, data: Path, options: Options) -> list[Table]:
    """Balanced accuracy of "supported" against the label, and AUROC of the support. Raises UsageError for data in
    another form, and where all labels are the same."""
    held = read(data)
    claims = options.draw(held.claims)
    if len({claim.supported for claim in claims}) < 2:
        raise UsageError(f"{data}: all claims drawn have the same label, so that nothing can be told apart")
    checks = dict(_checked(claims, held, options))
    ordered = [checks[n] for n in range(len(claims))]
    shown = [is_supported(check) for check in ordered]
    rows = [
        _row(name, claims, shown, [score(check) for check in ordered], options)
        for name, score in (("attest: the weakest sentence", weakest), ("attest: mean of the sentences", mean))
    ]
    counts = sum(claim.supported for claim in claims)
    return [
        Table(
            f"{title}: {len(claims):,} of {len(held.claims):,} claims, {counts:,} of them supported",
            ("balanced accuracy", "flagged of the others", "flagged of the supported", "AUROC"),
            (*rows, *_PUBLISHED.get(title, ())),
        )
    ]


def _checked(claims: list[TextClaim], held: ClaimSet, options: Options) -> Iterator[tuple[int, Check]]:
    """Each claim's number and check; claims that share their texts one after another, so that these are read once."""
    reader = load_reader()
    numbers = sorted(range(len(claims)), key=lambda n: claims[n].texts)

    def checked(some: list[int]) -> list[tuple[int, Check]]:
        texts = [(held.titles.get(name, ""), held.texts[name]) for name in claims[some[0]].texts]
        checker = Checker(Texts(texts), reader=reader)
        return [(n, checker.check(claims[n].claim[:MAX_CHARACTERS])) for n in some]

    done = 0
    with ThreadPoolExecutor(available_cpus()) as pool:
        for found in pool.map(checked, [list(some) for _, some in groupby(numbers, key=lambda n: claims[n].texts)]):
            yield from found
            done += len(found)
            options.progress(done, len(claims))


def is_supported(check: Check) -> bool:
    """Whether no sentence that claims something lacks support."""
    return all(sentence.verdict == "supported" for sentence in check.sentences if sentence.checkable)


def weakest(check: Check) -> float:
    """The support of the weakest sentence; 1 for a text that claims nothing."""
    return min((sentence.support for sentence in check.sentences if sentence.checkable), default=1.0)


def mean(check: Check) -> float:
    """The mean support of the sentences; 1 for a text that claims nothing."""
    said = [sentence.support for sentence in check.sentences if sentence.checkable]
    return sum(said) / len(said) if said else 1.0


def _row(name: str, claims: list[TextClaim], shown: list[bool], scores: list[float], options: Options) -> Row:
    labels = [claim.supported for claim in claims]
    area = _area(claims, scores, options.seed)
    if "weakest" not in name:
        return Row(name, (None, None, None, area), len(claims))
    right, flagged = [], []
    for side in (True, False):
        own = [(s, c.cluster) for s, c in zip(shown, claims, strict=True) if c.supported is side]
        clusters = [cluster for _, cluster in own]
        right.append(mean_figure([float(s is side) for s, _ in own], clusters, options.seed))
        flagged.append(mean_figure([float(not s) for s, _ in own], clusters, options.seed))
    return Row(name, (_between(*right), flagged[1], flagged[0], area), len(labels))


def _area(claims: list[TextClaim], scores: list[float], seed: int) -> Figure:
    """AUROC, its interval over clusters drawn with replacement."""
    labels = [claim.supported for claim in claims]
    by: dict[str, list[int]] = {}
    for n, claim in enumerate(claims):
        by.setdefault(claim.cluster, []).append(n)
    members, rng, areas = list(by.values()), np.random.default_rng(seed), []
    for _ in range(RESAMPLES):
        drawn = [n for k in rng.integers(len(members), size=len(members)) for n in members[k]]
        area = auroc([scores[n] for n in drawn], [labels[n] for n in drawn])
        if area is not None:
            areas.append(area)
    low, high = np.quantile(areas, (0.025, 0.975))
    return Figure(auroc(scores, labels), float(low), float(high), len(claims))


def _between(one: Figure, other: Figure) -> Figure:
    """The mean of two independent shares; half the widths of their intervals, added in quadrature."""
    assert one.value is not None and other.value is not None
    assert one.low is not None and one.high is not None and other.low is not None and other.high is not None
    value = (one.value + other.value) / 2
    low = ((one.value - one.low) ** 2 + (other.value - other.low) ** 2) ** 0.5 / 2
    high = ((one.high - one.value) ** 2 + (other.high - other.value) ** 2) ** 0.5 / 2
    return Figure(value, value - low, value + high, one.n + other.n)


run_wice = partial(run_claims, wice, "WiCE")
run_fool_me_twice = partial(run_claims, fool_me_twice, "Fool Me Twice")
run_mtrag_ratings = partial(run_claims, mtrag_ratings, "MTRAG's human ratings")
run_begin = partial(run_claims, begin, "BEGIN")
