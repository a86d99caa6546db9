"""A table of plain text as its writer typed it, however its columns are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vectorstore.types import Span


@dataclass(frozen=True, slots=True)
class Typed:
    """Where its column headers, the line under them (empty for none) and its rows stand; the cells of each line by the
    offset at which it begins, one without words empty; for each row the one whose group it is in, -1 for none; and the
    offsets between which all of it stands."""

    header: Span
    rule: Span
    rows: tuple[Span, ...]
    cells: dict[int, tuple[Span, ...]]
    groups: tuple[int, ...]
    whole: Span
    pieces: Mapping[Span, tuple[Span, ...]] = field(default_factory=dict)
    """Of a cell that stands in several lines, what of it stands in each."""


def typed(
    lines: Sequence[tuple[Span, ...]],
    rule: Span | None,
    groups: Sequence[int] | None = None,
    whole: Span | None = None,
    pieces: Mapping[Span, tuple[Span, ...]] | None = None,
) -> Typed:
    """The table of these rows of cells, the headers first; none of the rows is empty."""
    spans = [(min(a for a, b in line if a < b), max(b for a, b in line if a < b)) for line in lines]
    (first, end), rows = spans[0], tuple(spans[1:])
    return Typed(
        spans[0],
        rule or (end, end),
        rows,
        {span[0]: line for span, line in zip(spans, lines, strict=True)},
        tuple(groups) if groups is not None else (-1,) * len(rows),
        whole or (first, spans[-1][1]),
        pieces or {},
    )
