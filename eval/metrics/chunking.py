"""Chunking metrics on characters: recall, precision and intersection over union of retrieved chunks and gold excerpts
(Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval", 2024, and the code of its evaluation).

But: gold excerpts of a question lie in one text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics.retrieval import characters
from vectorstore.types import Span


@dataclass(frozen=True, slots=True)
class Overlap:
    """Shares of characters, 0 to 1."""

    recall: float
    precision: float
    iou: float


def overlap(chunks: Sequence[tuple[str, Span]], text: str, gold: Sequence[Span]) -> Overlap:
    """Of retrieved chunks, each the name of its text and its span in it, with the gold excerpts in `text`.

    A character that several chunks hold counts once where it is gold and each time in what was retrieved, so that
    overlapping chunks pay; chunks of other texts count as retrieved. All 0 where nothing was retrieved.
    """
    held = characters([span for name, span in chunks if name == text])
    right = len(held & characters(gold))
    retrieved = sum(end - start for _, (start, end) in chunks)
    if not retrieved:
        return Overlap(0.0, 0.0, 0.0)
    missed = sum(len(characters([piece]) - held) for piece in gold)
    return Overlap(
        recall=right / sum(end - start for start, end in gold),
        precision=right / retrieved,
        iou=right / (retrieved + missed),
    )
