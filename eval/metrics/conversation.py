"""Conversation metrics: what resolving a follow-up gains, and whether an old subject is dragged into a new question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.understanding.question import content_words, stem
from eval.metrics.metric import HardBreak, Judged, Metric, Outcome
from eval.metrics.retrieval import hit_at
from vectorstore.types import Span

_COMPARED = ("follow_up", "standalone", "raw")


def carried_over(question: str, searched_for: str) -> float:
    """1 where what was searched for holds a content word, by its stem, that the question does not; else 0. For topic
    switches, where nothing of the history belongs to the question."""
    return float(bool(_stems(searched_for) - _stems(question)))


def gap_closed(follow_up: Sequence[float], standalone: Sequence[float], raw: Sequence[float]) -> float | None:
    """How much of the way from the bare follow-up to its stand-alone wording is gone: (follow-up - raw) / (stand-alone
    - raw), on means over the same questions, as rewriting is judged in MTRAG (Katsis et al. 2025). None where the
    stand-alone wording does not find more than the bare one."""
    if not follow_up:
        return None
    ours, best, worst = (sum(values) / len(values) for values in (follow_up, standalone, raw))
    return (ours - worst) / (best - worst) if best > worst else None


def _stems(text: str) -> set[str]:
    return {stem(word) for word in content_words(text)}


def _evidence_first(ranking: Callable[[Judged], Sequence[Span] | None]) -> Callable[[Judged], float | None]:
    """Whether a ranking for a follow-up begins with evidence; undefined for topic switches."""

    def measured(judged: Judged) -> float | None:
        case, found = judged.case, ranking(judged)
        follows = case.history and case.has_answer and case.kind != "topic switch"
        return hit_at(found, case.evidence, 1) if follows and found is not None else None

    return measured


def _dragged_along(judged: Judged) -> float | None:
    case, searched_for = judged.case, judged.response.searched_for
    if not case.history or case.kind != "topic switch" or searched_for is None:
        return None
    return carried_over(case.question, searched_for)


def _gap_closed(outcomes: Sequence[Outcome]) -> float | None:
    rows = [[one.measures[name] or 0.0 for name in _COMPARED] for one in outcomes if _is_compared(one)]
    follow_up, standalone, raw = zip(*rows, strict=True) if rows else ((), (), ())
    return gap_closed(follow_up, standalone, raw)


def _is_compared(one: Outcome) -> bool:
    return all(one.measures[name] is not None for name in _COMPARED)


METRICS = (
    Metric(
        "follow_up",
        "follow-ups: evidence first",
        "Topic switches apart.",
        _evidence_first(lambda judged: judged.response.passages),
        headline=True,
        breaks=HardBreak(9, "a follow-up that was answered rightly is no longer understood", of_right_answers=True),
    ),
    Metric(
        "standalone", "the same asked stand-alone", "Evidence first.", _evidence_first(lambda judged: judged.standalone)
    ),
    Metric("raw", "the same without its history", "Evidence first.", _evidence_first(lambda judged: judged.raw)),
    Metric(
        "gap_closed",
        "gap closed",
        "(follow-up - raw) / (stand-alone - raw).",
        statistic=_gap_closed,
        of=_is_compared,
    ),
    Metric(
        "carried_over",
        "false carry-over on a topic switch",
        "Words dragged along.",
        _dragged_along,
        better="lower",
        headline=True,
        breaks=HardBreak(8, "words of the earlier subject are dragged into a new one"),
    ),
)
