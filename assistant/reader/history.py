"""What was said before a question, as the reader reads it."""

from __future__ import annotations

from collections.abc import Sequence

HISTORY_WORDS = 110


def history_text(said: Sequence[str], words: int = HISTORY_WORDS) -> str:
    """The end of a conversation as one text: its last utterances, of `words` words at most, the oldest cut."""
    kept: list[str] = []
    left = words
    for utterance in reversed(said):
        parts = utterance.split()
        if not parts:
            continue
        kept.append(" ".join(parts[:left]))
        left -= len(parts)
        if left <= 0:
            break
    return "\n".join(reversed(kept))
