"""Conversation metrics: what resolving a follow-up gains, and whether an old subject is dragged into a new question."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.question import content_words, stem


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
