# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How long is long enough: whole days and calendar months, over leap days too."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.retention import DataKind, Periods


@pytest.mark.parametrize(
    ("kind", "today", "since"),
    [
        (DataKind.MESSAGES, date(2026, 11, 22), date(2026, 8, 24)),
        (DataKind.TECHNICAL, date(2027, 1, 1), date(2026, 10, 3)),
        (DataKind.ANSWERS, date(2026, 11, 22), date(2026, 5, 22)),
        (DataKind.ANSWERS, date(2026, 8, 31), date(2026, 2, 28)),
        (DataKind.ANSWERS, date(2028, 8, 31), date(2028, 2, 29)),
        (DataKind.ANSWERS, date(2027, 6, 30), date(2026, 12, 30)),
        (DataKind.AUDIT, date(2028, 2, 29), date(2027, 2, 28)),
        (DataKind.AUDIT, date(2027, 3, 1), date(2026, 3, 1)),
        (DataKind.CONCERNS, date(2027, 2, 28), date(2024, 2, 28)),
        (DataKind.STAFF, date(2027, 2, 28), date(2026, 2, 28)),
        (DataKind.CONSENTS, date(2027, 1, 1), date(2024, 1, 1)),
    ],
)
def test_since_when_something_is_kept(kind: DataKind, today: date, since: date) -> None:
    assert Periods().kept_since(kind, today) == since


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_nothing_that_was_due_once_is_kept_again(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    for kind in DataKind:
        assert Periods().kept_since(kind, earlier) <= Periods().kept_since(kind, later) < later
