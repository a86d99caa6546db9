"""Why a verdict is what it is: one plain line that a person can act on."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.check.signals import held_together
from assistant.check.types import Finding, Verdict
from assistant.check.windows import Window
from assistant.check.words import ClaimWords

MISSING = 0.5
"""A word that is held less than this is not in the source."""


def reason_for(verdict: Verdict, words: ClaimWords, windows: Sequence[Window], findings: Sequence[Finding]) -> str:
    """The reason: what the deciding finding says, else which words the source does not hold; "" where the source
    supports it in its own words."""
    if verdict == "supported":
        return ""
    against = [finding for finding in findings if finding.outcome != "agrees"]
    if against:
        return against[0].reason
    if verdict == "contradicted":
        return "The source says otherwise."
    missing = missing_words(words, windows)
    if missing:
        return f"Nothing in the source mentions {_listed(missing)}."
    return "The source has these words, but does not say this."


def missing_words(words: ClaimWords, windows: Sequence[Window]) -> list[str]:
    """The words that the windows do not hold, names first, at most three; words side by side are one."""
    held = held_together(windows, len(words.spans))
    runs: list[tuple[int, int]] = []
    for n, (start, end) in enumerate(words.spans):
        if held[n] >= MISSING:
            continue
        if runs and not words.text[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    found = [words.text[a:b] for a, b in runs]
    return sorted(found, key=lambda word: not word[:1].isupper())[:3]


def _listed(words: Sequence[str]) -> str:
    quoted = [word if word[:1].isupper() else f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
