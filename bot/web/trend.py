# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Somebody's own numbers over time as one small picture. No red, no grades: only their own line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

#: Of the drawing, without units: it grows and shrinks with the page.
_WIDTH, _HEIGHT = 320.0, 132.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 26.0, 12.0, 20.0, 20.0


@dataclass(frozen=True, slots=True)
class Trend:
    """Values on a scale from `low` to `high`, the oldest first; the usual value is the mean of all."""

    values: Sequence[int]
    low: int = 0
    high: int = 10

    @property
    def usual(self) -> float:
        """The person's own mean, to one decimal place."""
        return round(sum(self.values) / len(self.values), 1)


def draw(trend: Trend) -> Markup:
    """The picture as SVG. What it shows stands in words beside it, so it is hidden from screen readers."""
    spots = [(_x(number, len(trend.values)), _y(value, trend)) for number, value in enumerate(trend.values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    usual = f"{_y(trend.usual, trend):.1f}"
    parts = [
        f'<svg class="trend" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" aria-hidden="true" focusable="false">',
        *(_rule(value, trend) for value in (trend.low, trend.high)),
        f'<line class="usual" x1="{_LEFT:g}" y1="{usual}" x2="{_WIDTH - _RIGHT:g}" y2="{usual}"/>',
        f'<polyline points="{line}"/>',
        *(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/><text x="{x:.1f}" y="{_beside(y, value, trend):.1f}">'
            f"{value}</text>"
            for (x, y), value in zip(spots, trend.values, strict=True)
        ),
        "</svg>",
    ]
    return Markup("".join(parts))  # noqa: S704  (numbers only)


def spark(trend: Trend) -> Markup:
    """The same for a row of a table: only the line and the usual value, without numbers."""
    last = max(1, len(trend.values) - 1)
    spots = [(4 + number * 112 / last, _spark_y(value, trend)) for number, value in enumerate(trend.values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    usual = f"{_spark_y(trend.usual, trend):.1f}"
    return Markup(  # noqa: S704  (numbers only)
        '<svg class="spark" viewBox="0 0 120 32" aria-hidden="true" focusable="false">'
        f'<line class="usual" x1="4" y1="{usual}" x2="116" y2="{usual}"/><polyline points="{line}"/>'
        f'<circle cx="{spots[-1][0]:.1f}" cy="{spots[-1][1]:.1f}" r="3"/></svg>'
    )


def _spark_y(value: float, trend: Trend) -> float:
    return 28 - 24 * (value - trend.low) / (trend.high - trend.low)


def _rule(value: int, trend: Trend) -> str:
    y = f"{_y(value, trend):.1f}"
    ends = f'x1="{_LEFT:g}" y1="{y}" x2="{_WIDTH - _RIGHT:g}" y2="{y}"'
    return f'<line class="edge" {ends}/><text class="edge" x="10" y="{float(y) + 4:.1f}">{value}</text>'


def _beside(y: float, value: int, trend: Trend) -> float:
    # On the side that looks away from the usual value, whose line would run through the number.
    return y - 8 if value >= trend.usual else y + 17


def _x(number: int, count: int) -> float:
    if count == 1:
        return _WIDTH / 2
    return _LEFT + 6 + number * (_WIDTH - _LEFT - _RIGHT - 12) / (count - 1)


def _y(value: float, trend: Trend) -> float:
    share = (value - trend.low) / (trend.high - trend.low)
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)
