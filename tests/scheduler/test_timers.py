# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Timers and their back-off."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.timers import MAX_ATTEMPTS, Backoff, Timer, next_attempt


@pytest.mark.parametrize(
    ("failures", "step"),
    [(1, 1), (2, 2), (3, 4), (9, 256), (10, 512), (11, 600), (12, 600), (10**9, 600)],
)
def test_each_failure_waits_longer_up_to_ten_minutes(failures: int, step: int) -> None:
    delays = [Backoff().delay(failures, random.Random(seed)).total_seconds() for seed in range(50)]
    assert all(step / 2 <= delay <= step for delay in delays)
    assert len(set(delays)) > 40


@given(failures=st.integers(1, 5000), seed=st.integers(), factor=st.floats(1, 1000))
def test_no_number_of_failures_breaks_the_back_off(failures: int, seed: int, factor: float) -> None:
    backoff = Backoff(factor=factor)
    assert backoff.base / 2 <= backoff.delay(failures, random.Random(seed)) <= backoff.cap


def test_a_base_above_the_cap_is_capped() -> None:
    assert Backoff(base=timedelta(hours=1)).delay(1, random.Random(1)) <= timedelta(minutes=10)


def test_no_failure_no_back_off() -> None:
    with pytest.raises(ValueError, match="at least one failure"):
        Backoff().delay(0, random.Random(1))


def test_the_last_attempt_parks() -> None:
    rng = random.Random(1)
    waits = [next_attempt(failures, rng) for failures in range(1, MAX_ATTEMPTS + 2)]
    assert waits[-2:] == [None, None]
    total = sum((wait for wait in waits if wait is not None), timedelta())
    assert timedelta(minutes=13) < total < timedelta(minutes=28)


def test_a_timer_survives_being_written_down() -> None:
    timer = Timer(1, 2, "rung", 3, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 4, "x")
    assert msgspec.json.decode(msgspec.json.encode(timer), type=Timer) == timer
