"""The rules of a page as lines: level and upright ones, those drawn in pieces made whole."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.convert.pdf.types import Box

NEAR = 3.0
"""Points within which two rules are on one line, or touch."""
_GAP = 2.0
"""Points between the pieces of one rule: borders are drawn cell by cell."""


def lines_of(rules: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """The level rules and the upright ones."""
    level = [rule for rule in rules if rule.right - rule.left > 2 * (rule.bottom - rule.top)]
    upright = [rule for rule in rules if rule.bottom - rule.top > 2 * (rule.right - rule.left)]
    turned = [Box(rule.top, rule.left, rule.bottom, rule.right) for rule in upright]
    return _whole(level), [Box(rule.top, rule.left, rule.bottom, rule.right) for rule in _whole(turned)]


def _whole(level: Sequence[Box]) -> list[Box]:
    found: list[Box] = []
    for rule in sorted(level, key=lambda rule: (round(rule.top + rule.bottom), rule.left)):
        before = found[-1] if found else None
        aligned = before is not None and abs(before.top + before.bottom - rule.top - rule.bottom) < 1
        if before is not None and aligned and rule.left - before.right <= _GAP:
            found[-1] = before.joined(rule)
        else:
            found.append(rule)
    return found
