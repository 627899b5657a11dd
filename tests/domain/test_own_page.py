# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.own_page import Ask, Factor, PageLock, PageSession, asked, is_enough, pin_fault

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LOCKS = {factor: PageLock(1, 1, factor, "hash", NOW) for factor in (Factor.PIN, Factor.BIRTH_YEAR)}
WEAK = PageSession(1, 1, 1, NOW, NOW, is_strong=False)
STRONG = PageSession(1, 1, 1, NOW, NOW, is_strong=True)


@pytest.mark.parametrize(
    ("factor", "has", "is_new", "ask"),
    [
        (Factor.NONE, None, False, Ask.NOTHING),
        (Factor.NONE, Factor.PIN, False, Ask.NOTHING),
        (Factor.PIN, None, False, Ask.CHOOSE_PIN),
        (Factor.PIN, None, True, Ask.CHOOSE_PIN),
        (Factor.PIN, Factor.PIN, False, Ask.PIN),
        # The agency has changed its mind: what was noted is not a PIN, so one is chosen.
        (Factor.PIN, Factor.BIRTH_YEAR, False, Ask.CHOOSE_PIN),
        (Factor.BIRTH_YEAR, Factor.BIRTH_YEAR, False, Ask.BIRTH_YEAR),
        (Factor.BIRTH_YEAR, None, False, Ask.NOTHING),
        (Factor.BIRTH_YEAR, None, True, Ask.NOTHING),
    ],
)
def test_what_a_link_asks_for(factor: Factor, has: Factor | None, is_new: bool, ask: Ask) -> None:
    assert asked(factor, LOCKS[has] if has else None, is_new=is_new) is ask


def test_what_a_person_must_know_is_known_in_every_session_that_shows_anything() -> None:
    for factor, lock in product(Factor, [None, *LOCKS.values()]):
        assert is_enough(factor, lock, STRONG)
        must_know = lock is not None and lock.factor is factor
        assert is_enough(factor, lock, WEAK) is not must_know


def test_a_session_is_over_when_nobody_used_it() -> None:
    day = timedelta(days=1)
    assert not STRONG.is_over(NOW + day - timedelta(microseconds=1), day)
    assert STRONG.is_over(NOW + day, day)


@pytest.mark.parametrize("pin", ["480157", "112358", "135791", "19841984", "000001", "4801570000"])
def test_a_pin_that_can_be_chosen(pin: str) -> None:
    assert not pin_fault(pin)


@pytest.mark.parametrize(
    "pin", ["", "1", "48015", "4" * 13, "123456", "654321", "777777", "abcdef", "４８０１５７", "48 157"]
)
def test_a_pin_that_cannot(pin: str) -> None:
    assert pin_fault(pin)
