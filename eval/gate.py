"""The gate: a run against its baseline, case by case.

Two guards. Broad drops: for each headline metric a paired test over the cases measured in both runs, exact McNemar
(1947) where the values are 0 or 1, a sign-flip permutation over conversations otherwise; a drop counts where the
one-sided p is below 0.05 and the mean fell by at least 0.01. Hard breaks, of which one is enough: an answer that was
right and is now wrong, a citation that stopped being exact, an abstention that turned into an answer, a speaker
misnamed, a heading or caption shown, evidence that fell out of the ranking.
attest is deterministic, so there is no noise between runs to allow for. What the p of a drop guards against is a change
that helps as often as it hurts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.cases import Case, CaseSet
from eval.metrics.metric import HardBreak, Metric
from eval.metrics.registry import METRICS
from eval.runs import Break, Comparison, Drop, Result, Run
from eval.statistics import mcnemar_exact, paired_permutation
from vectorstore.errors import UsageError

ALPHA = 0.05
MINIMUM_EFFECT = 0.01

_HARD: list[tuple[Metric, HardBreak]] = sorted(
    ((m, m.breaks) for m in METRICS if m.breaks), key=lambda pair: pair[1].rank
)
"""The metrics of which one case is enough, the gravest first: a case is named once."""


def check_baseline(baseline: Run, case_set: CaseSet, *, accept: bool = False) -> None:
    """Raises UsageError where a run over the set cannot be compared with the baseline: other set, other text, other
    cases. To `accept` a run over cases that were changed, it is enough that it is the same set by name."""
    if baseline.set_name != case_set.name:
        raise UsageError(
            f"the baseline is of the set {baseline.set_name}, this run of {case_set.name}: name that set's own baseline"
        )
    if accept:
        return
    for what, version in (("set", case_set.sha256), ("article", case_set.article_sha256)):
        if baseline.fingerprints.get(what) != version:
            raise UsageError(
                f"the baseline was made with another version of the {what}: the cases cannot be paired; review the "
                "change, then run again with --accept"
            )
    if [result.id for result in baseline.results] != [case.id for case in case_set.cases]:
        raise UsageError(
            "the baseline does not hold each case of the set once, in the set's order: it was cut or edited; restore "
            "it, or write a new one with --accept"
        )


def compare(baseline: Run, run: Run, case_set: CaseSet) -> Comparison:
    """What changed for the worse, and for the better. The runs are over the cases of `case_set`, or share some."""
    cases = {case.id: case for case in case_set.cases}
    before = {result.id: result for result in baseline.results}
    pairs = [(cases[after.id], before[after.id], after) for after in run.results if after.id in before]
    drops = (_drop(m, pairs) for m in METRICS if m.headline)
    breaks = (found for _, old, new in pairs for found in _breaks(old, new))
    return Comparison(
        baseline=baseline,
        drops=tuple(drop for drop in drops if drop is not None),
        breaks=tuple(breaks),
        newly_failing=tuple(new.id for _, old, new in pairs if old.passed and not new.passed),
        newly_passing=tuple(new.id for _, old, new in pairs if new.passed and not old.passed),
        changed=tuple(
            (name, baseline.fingerprints.get(name, "none"), value)
            for name, value in run.fingerprints.items()
            if baseline.fingerprints.get(name) != value
        ),
        removed=tuple(result.id for result in baseline.results if result.id not in cases),
        added=tuple(result.id for result in run.results if result.id not in before),
    )


def _drop(tested: Metric, pairs: Sequence[tuple[Case, Result, Result]]) -> Drop | None:
    sign = 1.0 if tested.better == "higher" else -1.0
    rows = [
        (case, old.measures[tested.name], new.measures[tested.name])
        for case, old, new in pairs
        if old.measures[tested.name] is not None and new.measures[tested.name] is not None
    ]
    changes = [sign * ((new or 0.0) - (old or 0.0)) for _, old, new in rows]
    worse = tuple(case.id for (case, _, _), change in zip(rows, changes, strict=True) if change < 0)
    if not worse or sum(changes) > -MINIMUM_EFFECT * len(rows):
        return None
    if all(value in (0.0, 1.0) for _, old, new in rows for value in (old, new)):
        p = mcnemar_exact(len(worse), sum(change > 0 for change in changes))
    else:
        p = paired_permutation(changes, [case.conversation for case, _, _ in rows])
    if p >= ALPHA:
        return None
    before = sum(old or 0.0 for _, old, _ in rows) / len(rows)
    after = sum(new or 0.0 for _, _, new in rows) / len(rows)
    return Drop(tested.name, round(before, 4), round(after, 4), round(p, 5), len(rows), worse)


def _breaks(old: Result, new: Result) -> Iterator[Break]:
    """The gravest break of one case, if any; and apart from it, evidence that is found no more."""
    turned_wrong = old.passed and not new.passed
    for tested, hard in _HARD:
        if _sound(old, tested) and not _sound(new, tested) and (turned_wrong or not hard.of_right_answers):
            yield Break(new.id, tested.name, hard.reason)
            break
    for name, reason in (("hit@5", "the ranking is gone"), ("carried_over", "what was searched for is gone")):
        if old.measures[name] is not None and new.measures[name] is None:
            yield Break(new.id, name, reason)
    if old.measures["hit@5"] == 1.0 and new.measures["recall@10"] == 0.0:
        yield Break(new.id, "hit@5", "evidence that was in the first five is not in the ranking")


def _sound(result: Result, tested: Metric) -> bool:
    """Whether it is as it should be, or not defined, as where the system abstained."""
    return result.measures[tested.name] in (None, tested.best)
