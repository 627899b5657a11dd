# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""No small count is shown, and none can be reckoned from what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.small_cells import LEAST, Shown, shown


def _lists(length: int, total: int) -> Iterator[tuple[int, ...]]:
    """All lists of counts with this sum."""
    if length == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in _lists(length - 1, total - first))


@cache
def _possible(length: int, total: int) -> dict[Shown, list[tuple[int, ...]]]:
    """What may lie behind whatever is shown, for somebody who knows the rule."""
    found: dict[Shown, list[tuple[int, ...]]] = {}
    for counts in _lists(length, total):
        found.setdefault(shown(counts), []).append(counts)
    return found


@given(st.lists(st.integers(0, 7), min_size=2, max_size=4))
def test_no_hidden_count_can_be_reckoned_even_by_whoever_knows_the_rule(counts: list[int]) -> None:
    found = shown(counts)
    if found.total is None:
        assert sum(counts) < LEAST
        return
    behind = _possible(len(counts), sum(counts))[found]
    for place, cell in enumerate(found.cells):
        if cell is None:
            assert len({one[place] for one in behind}) > 1


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_what_is_shown_is_true_and_never_small(counts: list[int]) -> None:
    found = shown(counts)
    for cell, count in zip(found.cells, counts, strict=True):
        assert cell is None or (cell == count and cell >= LEAST)
    assert found.total in (None, sum(counts))
    hidden = [count for cell, count in zip(found.cells, counts, strict=True) if cell is None]
    if found.total is not None and hidden:
        assert len(hidden) > 1
        assert sum(hidden) >= LEAST


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([12, 30], (12, 30), 42),
        ([], (), None),
        ([4], (None,), None),
        ([5], (5,), 5),
        ([3, 12, 30], (None, None, 30), 45),
        ([4, 4, 20, 30], (None, None, None, 30), 58),
        ([5, 5, 3, 9], (None, None, None, 9), 22),
        ([1, 1, 1, 1, 1], (None,) * 5, 5),
    ],
)
def test_examples(counts: list[int], cells: tuple[int | None, ...], total: int | None) -> None:
    assert shown(counts) == Shown(cells, total)
