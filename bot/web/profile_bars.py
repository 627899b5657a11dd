# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A conversation profile as bars. One colour for all: nothing in it rates, and nothing is added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

#: Of the drawing, without units: it grows and shrinks with the page.
_WIDTH, _ROW, _TOP = 320.0, 36.0, 18.0
_THICK, _THIN = 10.0, 3.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One area: its name, what is told of it, and its values from 0 to `most`; None where there is none."""

    label: str
    told: str
    value: int | None
    before: int | None = None


def draw(bars: Sequence[Bar], most: int = 10) -> Markup:
    """The picture as SVG: a bar for each value, the one before as a thin line. In words it stands beside."""
    height = _TOP + _ROW * len(bars)
    parts = [
        Markup('<svg class="bars" viewBox="0 0 {:g} {:g}" aria-hidden="true" focusable="false">').format(
            _WIDTH, height
        )
    ]
    for number, bar in enumerate(bars):
        parts += _row(bar, _TOP + number * _ROW, most)
    return Markup("").join([*parts, Markup("</svg>")])


def _row(bar: Bar, y: float, most: int) -> list[Markup]:
    found = [
        Markup('<text x="0" y="{:g}">{}</text>').format(y - 4, escape(bar.label)),
        Markup('<text class="told" x="{:g}" y="{:g}">{}</text>').format(_WIDTH, y - 4, escape(bar.told)),
    ]
    if bar.value is not None:
        found.append(_bar("room", y, most, most, _THICK))
        found.append(_bar("value", y, bar.value, most, _THICK))
    if bar.before is not None:
        found.append(_bar("before", y + _THICK + 2, bar.before, most, _THIN))
    return found


def _bar(kind: str, y: float, value: int, most: int, thick: float) -> Markup:
    # A zero is a value too: its bar is a narrow edge, an area that was left out has none at all.
    width = max(2.0, _WIDTH * value / most)
    return Markup('<rect class="{}" x="0" y="{:g}" width="{:g}" height="{:g}" rx="2"/>').format(
        kind, y, width, thick
    )
