# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Send limits: never faster than allowed in any window, holds are obeyed, urgent messages have a reserve."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rates import Limits, SendLimits, TokenBucket

gaps = st.lists(st.floats(0, 3) | st.just(0.0), min_size=1, max_size=80)


def most_in_a_window(sent: list[float], rate: float) -> float:
    """By how much the busiest window of any length exceeds `rate` x its length."""
    return max(
        (last - first + 1) - rate * (sent[last] - sent[first])
        for first in range(len(sent))
        for last in range(first, len(sent))
    )


@given(gaps=gaps, rate=st.floats(0.2, 30), burst=st.integers(1, 6))
def test_no_window_holds_more_than_rate_and_burst(gaps: list[float], rate: float, burst: int) -> None:
    bucket, now, sent = TokenBucket(rate, burst), 1000.0, list[float]()
    for gap in gaps:
        now += gap
        if bucket.take(now):
            sent.append(now)
    assert most_in_a_window(sent, rate) <= burst + 1e-6


@given(gaps=gaps, rate=st.floats(0.2, 30), burst=st.integers(1, 6), data=st.data())
def test_ready_means_ready(gaps: list[float], rate: float, burst: int, data: st.DataObject) -> None:
    bucket, now = TokenBucket(rate, burst), 1e6
    for gap in gaps:
        reserve = data.draw(st.integers(0, burst - 1))
        ready = bucket.ready_at(now, reserve)
        assert ready >= now
        assert bucket.take(now, reserve) == (ready == now)
        now = bucket.ready_at(now + gap, reserve)
        assert bucket.take(now, reserve)


def test_a_bucket_fills_up_again() -> None:
    bucket = TokenBucket(1.0, 3)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.ready_at(100.0) == 101.0
    assert not bucket.take(100.99)
    assert bucket.take(101.0)
    assert not bucket.is_full(103.9)
    assert bucket.is_full(104.0)
    assert [bucket.take(500.0) for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (float("nan"), 1), (float("inf"), 1), (1, 0)])
def test_buckets_that_let_nothing_or_all_through_are_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="a rate above 0"):
        TokenBucket(rate, burst)


def test_a_reserve_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        SendLimits(Limits(bot_burst=2, reserve=2))
    with pytest.raises(ValueError, match="a rate above 0"):
        SendLimits(Limits(chat_rate=0))


def test_a_chat_gets_a_short_burst_and_then_one_a_second() -> None:
    limits = SendLimits()
    assert [limits.take("mia", 10.0, urgent=True) for _ in range(4)] == [True, True, True, False]
    assert limits.ready_at("mia", 10.0) == 11.0
    assert limits.ready_at("bernd", 10.0, urgent=True) == 10.0


def test_the_bot_keeps_inside_thirty_in_any_second() -> None:
    limits, now, sent = SendLimits(), 0.0, list[float]()
    for number in range(400):
        chat = f"chat {number}"
        now = limits.ready_at(chat, now, urgent=number % 3 == 0)
        assert limits.take(chat, now, urgent=number % 3 == 0)
        sent.append(now)
    busiest = max(sum(1 for other in sent if at <= other < at + 1) for at in sent)
    assert busiest <= 30
    assert sent[-1] < 400 / 25


def test_urgent_messages_have_the_last_tokens() -> None:
    limits = SendLimits(Limits(bot_rate=1, bot_burst=5, reserve=2))
    ordinary = [limits.take(f"chat {n}", 0.0) for n in range(5)]
    urgent = [limits.take(f"urgent {n}", 0.0, urgent=True) for n in range(3)]
    assert ordinary == [True, True, True, False, False]
    assert urgent == [True, True, False]
    assert limits.ready_at("x", 0.0, urgent=True) == 1.0
    assert limits.ready_at("x", 0.0) == 3.0


@given(gaps=gaps, data=st.data())
def test_room_is_what_can_go_out_now(gaps: list[float], data: st.DataObject) -> None:
    limits, now, chat = SendLimits(Limits(bot_rate=3, bot_burst=5, reserve=2)), 1000.0, 0
    for gap in gaps:
        now += gap
        sent, room = 0, limits.room(now)
        assert (room > 0) == (limits.room_at(now) <= now + 1e-6)
        for _ in range(data.draw(st.integers(0, 4))):
            chat += 1
            sent += limits.take(f"chat {chat}", now)
        assert sent <= room
        assert limits.room(now) == room - sent
        chat += 1
        limits.take(f"chat {chat}", now, urgent=True)


def test_there_is_no_room_while_the_bot_is_on_hold() -> None:
    limits = SendLimits()
    assert limits.room(0.0) == 3
    limits.hold_all(60.0)
    assert (limits.room(59.9), limits.room_at(0.0)) == (0, 60.0)
    assert limits.room(60.0) == 3


def test_a_chat_on_hold_waits_alone() -> None:
    limits = SendLimits()
    limits.hold_chat("mia", 60.0)
    limits.hold_chat("mia", 30.0)
    assert limits.ready_at("mia", 0.0, urgent=True) == 60.0
    assert not limits.take("mia", 59.9, urgent=True)
    assert limits.take("bernd", 0.0)
    assert limits.take("mia", 60.0)


def test_a_bot_on_hold_sends_nothing_not_even_urgent() -> None:
    limits = SendLimits()
    limits.hold_all(60.0)
    limits.hold_all(30.0)
    assert limits.ready_at("mia", 0.0, urgent=True) == 60.0
    assert not limits.take("bernd", 59.9, urgent=True)
    assert limits.take("bernd", 60.0)


def test_what_must_wait_costs_nothing() -> None:
    limits = SendLimits(Limits(bot_rate=1, bot_burst=5, reserve=0))
    limits.hold_chat("mia", 60.0)
    assert not any(limits.take("mia", 0.0) for _ in range(10))
    assert all(limits.take(f"chat {n}", 0.0) for n in range(5))


def test_idle_chats_are_forgotten() -> None:
    limits, now = SendLimits(Limits(bot_rate=1000, bot_burst=1000, reserve=0)), 0.0
    limits.hold_chat("held", 1e9)
    most = 0
    for number in range(20_000):
        chat = f"chat {number}"
        if number % 7 == 0:
            limits.hold_chat(chat, now)
        now = limits.ready_at(chat, now + 0.01)
        assert limits.take(chat, now)
        most = max(most, limits.remembered)
    assert most <= 1100
    assert limits.ready_at("held", now) == 1e9


def test_a_chat_in_use_is_not_forgotten() -> None:
    limits = SendLimits(Limits(bot_rate=1e6, bot_burst=10_000, reserve=0, chat_rate=0.001))
    for _ in range(3):
        assert limits.take("mia", 0.0)
    for number in range(5000):
        assert limits.take(f"chat {number}", 0.0)
    assert limits.ready_at("mia", 0.0) == 1000.0
