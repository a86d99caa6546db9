"""Two plots as SVG text: risk against coverage, and how well the confidence is calibrated.

Colours come from the page's style sheet, so that they follow its theme.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

WIDTH, HEIGHT = 380, 316
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 14, 30, 44


def risk_coverage_plot(points: Sequence[tuple[float, float]], shipped: tuple[float, float] | None) -> str:
    """Selective risk (y) against coverage (x); `shipped`: where the threshold in use stands."""
    line = " ".join(f"{_x(coverage):.1f},{_y(risk):.1f}" for coverage, risk in points)
    marks = f'<polyline class="curve" points="{line}"/>'
    if shipped is not None:
        x, y = _x(shipped[0]), _y(shipped[1])
        marks += f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        left = x > _x(0.7)
        marks += (
            f'<text class="note" x="{x + (-9 if left else 9):.1f}" y="{y - 9:.1f}" '
            f'text-anchor="{"end" if left else "start"}">threshold in use</text>'
        )
    about = "Risk-coverage curve: the share of answers that are wrong as more questions are answered."
    return _plot("Risk and coverage", about, "coverage: share of questions answered", "share of answers wrong", marks)


def reliability_plot(bins: Sequence[tuple[float, float, int]]) -> str:
    """Share of questions that have an answer (y) against mean confidence (x), one dot for each bin, its area by n."""
    most = max((n for _, _, n in bins), default=1)
    marks = f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    for sure, share, n in bins:
        radius = 3 + 7 * (n / most) ** 0.5
        marks += (
            f'<circle class="dot" cx="{_x(sure):.1f}" cy="{_y(share):.1f}" r="{radius:.1f}">'
            f"<title>confidence {sure:.2f}, has an answer {share:.2f}, n = {n}</title></circle>"
        )
    about = "Calibration: in each bin of confidence, the share of questions that the text answers."
    return _plot("Calibration", about, "confidence", "share that has an answer", marks)


def _plot(title: str, about: str, x_label: str, y_label: str, marks: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}: {escape(about)}">'
        f"<title>{escape(title)}</title><desc>{escape(about)}</desc>{''.join(_grid())}{marks}"
        f'<text class="title" x="{_x(0)}" y="17">{escape(title)}</text>'
        f'<text class="label" x="{(_x(0) + _x(1)) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text class="label" transform="translate(12 {(_y(0) + _y(1)) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_label)}</text></svg>"
    )


def _grid() -> Iterator[str]:
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _x(tick), _y(tick)
        yield f'<line class="grid" x1="{x}" y1="{_y(0)}" x2="{x}" y2="{_y(1)}"/>'
        yield f'<line class="grid" x1="{_x(0)}" y1="{y}" x2="{_x(1)}" y2="{y}"/>'
        yield f'<text class="tick" x="{x}" y="{_y(0) + 15}" text-anchor="middle">{tick:g}</text>'
        yield f'<text class="tick" x="{_x(0) - 6}" y="{y + 4}" text-anchor="end">{tick:g}</text>'


def _x(value: float) -> float:
    return round(_LEFT + value * (WIDTH - _LEFT - _RIGHT), 1)


def _y(value: float) -> float:
    return round(_TOP + (1 - value) * (HEIGHT - _TOP - _BOTTOM), 1)
