# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Columns over time as one small picture that needs nothing else. What it shows stands in words too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

#: Of the drawing, without units: it grows and shrinks with the page.
_WIDTH, _HEIGHT = 640.0, 170.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 8.0, 14.0, 22.0
_MOST_LABELS = 13


@dataclass(frozen=True, slots=True)
class Columns:
    """One column a value. `front` are columns of their own before them, `line` is a limit over all."""

    values: Sequence[float]
    labels: Sequence[str]
    front: Sequence[float] = ()
    line: float | None = None


def draw(picture: Columns, says: str) -> Markup:
    """The picture as SVG; `says` is what it shows, for whoever does not see it."""
    top = _round_up(max([*picture.values, *picture.front, picture.line or 0.0, 1.0]))
    width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(picture.values))
    every = max(1, -(-len(picture.labels) // _MOST_LABELS))
    parts = [
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(says)}">',
        *(_rule(value, top) for value in (0.0, top / 2, top)),
        *(_column(place, value, (width, top), "bar") for place, value in enumerate(picture.values)),
        *(_column(place, value, (width, top), "front") for place, value in enumerate(picture.front)),
        *(
            f'<text x="{_LEFT + (place + 0.5) * width:.1f}" y="{_HEIGHT - 6:g}">{escape(label)}</text>'
            for place, label in enumerate(picture.labels)
            if place % every == 0
        ),
    ]
    if picture.line is not None:
        y = _y(picture.line, top)
        parts.append(f'<line class="limit" x1="{_LEFT:g}" y1="{y}" x2="{_WIDTH - _RIGHT:g}" y2="{y}"/>')
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704  (numbers, and what was escaped)


def _column(place: int, value: float, scale: tuple[float, float], kind: str) -> str:
    if value <= 0:
        return ""
    width, top = scale
    x, y = _LEFT + place * width + width * 0.1, float(_y(value, top))
    height = _HEIGHT - _BOTTOM - y
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width * 0.8:.1f}" height="{height:.1f}"/>'


def _rule(value: float, top: float) -> str:
    y = _y(value, top)
    return (
        f'<line class="rule" x1="{_LEFT:g}" y1="{y}" x2="{_WIDTH - _RIGHT:g}" y2="{y}"/>'
        f'<text x="{_LEFT / 2:g}" y="{float(y) + 4:.1f}">{value:g}</text>'
    )


def _y(value: float, top: float) -> str:
    return f"{_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top:.1f}"


def _round_up(value: float) -> float:
    """To a number whose half is easy to read."""
    step = 2.0
    while step * 10 < value:
        step *= 5 if str(step)[0] == "2" else 2
    return -(-value // step) * step
