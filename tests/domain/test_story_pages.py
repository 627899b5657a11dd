# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where a page of what happened ends: between two moments, never within one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.stories import page_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_ago", "limit", "expected"),
    [
        ([], 2, 0),
        ([1, 2], 2, 2),
        ([1, 2, 3], 2, 2),
        ([1, 2, 2], 2, 1),
        ([1, 2, 2, 2, 3], 4, 4),
        ([1, 1, 1], 2, 2),
    ],
)
def test_a_page_ends_between_two_moments(minutes_ago: list[int], limit: int, expected: int) -> None:
    assert page_of([NOON - timedelta(minutes=each) for each in minutes_ago], limit) == expected
