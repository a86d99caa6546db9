"""The checker on published claims, as it is shipped: each claim against its own texts in an index of all.

A text of several sentences is as well supported as its weakest one; the mean over its sentences stands beside it.
"Supported" is what the checker shows as supported, by the threshold that it ships with: nothing is tuned here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from assistant.check.checker import MAX_CHARACTERS, Checker
from assistant.check.types import Check
from assistant.reader.runtime import load_reader
from eval.bench.claims.sets import ClaimSet, TextClaim, fool_me_twice, mtrag_ratings, wice
from eval.bench.corpus import Text, indexed
from eval.bench.options import Options
from eval.bench.table import Row, Table
from eval.metrics.abstention import auroc
from eval.statistics import Figure, mean_figure
from vectorstore.embedding.models import load_embedder
from vectorstore.errors import UsageError

_PUBLISHED = {
    "MTRAG's human ratings": (
        Row("RAGAS, a language model as judge (published)", (None, 0.886)),
        Row("logistic regression on 8 features (published)", (None, 0.935)),
    )
}


def run_claims(read: Callable[[Path], ClaimSet], title: str, data: Path, options: Options) -> list[Table]:
    """Balanced accuracy of "supported" against the label, and AUROC of the support. Raises UsageError for data in
    another form, and where all labels are the same."""
    held = read(data)
    claims = options.draw(held.claims)
    if len({claim.supported for claim in claims}) < 2:
        raise UsageError(f"{data}: all claims drawn have the same label, so that nothing can be told apart")
    named = sorted({name for claim in claims for name in claim.texts})
    texts = [Text(name, "", held.texts[name]) for name in named]
    checks = []
    with indexed(texts, load_embedder(), options.progress) as index:
        checker = Checker(index, reader=load_reader())
        for done, claim in enumerate(claims, 1):
            checks.append(checker.check(claim.claim[:MAX_CHARACTERS], document_ids=claim.texts))
            options.progress(done, len(claims))
    shown = [is_supported(check) for check in checks]
    rows = [
        _row(name, claims, shown, [score(check) for check in checks], options)
        for name, score in (("attest: the weakest sentence", weakest), ("attest: mean of the sentences", mean))
    ]
    counts = sum(claim.supported for claim in claims)
    return [
        Table(
            f"{title}: {len(claims):,} of {len(held.claims):,} claims, {counts:,} of them supported",
            ("balanced accuracy", "AUROC"),
            (*rows, *_PUBLISHED.get(title, ())),
        )
    ]


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
    recalls = []
    for side in (True, False):
        one = [(float(s == side), c.cluster) for s, c in zip(shown, claims, strict=True) if c.supported is side]
        recalls.append(mean_figure([value for value, _ in one], [cluster for _, cluster in one], options.seed))
    return Row(name, (_between(*recalls) if "weakest" in name else None, auroc(scores, labels)), len(claims))


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
