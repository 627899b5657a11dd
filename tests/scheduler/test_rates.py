# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Send limits: never faster than allowed in any window, holds are obeyed, urgent messages keep no pace."""

from __future__ import annotations

import bisect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rates import Limits, SendLimits, TokenBucket, Window

gaps = st.lists(st.floats(0, 3) | st.just(0.0), min_size=1, max_size=80)


def most_in_a_window(sent: list[float], rate: float) -> float:
    """By how much the busiest window of any length exceeds `rate` x its length."""
    return max(
        (last - first + 1) - rate * (sent[last] - sent[first])
        for first in range(len(sent))
        for last in range(first, len(sent))
    )


def busiest(sent: list[float], seconds: float) -> int:
    """The most messages in any window of so many seconds."""
    return max(bisect.bisect_left(sent, at + seconds) - place for place, at in enumerate(sent))


def flood(limits: SendLimits, count: int, begin: float = 0.0, late: float = 0.0) -> list[float]:
    """Send so many ordinary messages to as many chats, each as soon as it may go, or a little later."""
    now, sent = begin, list[float]()
    for number in range(count):
        now = limits.ready_at(f"chat {begin} {number}", now) + (late if number % 7 == 0 else 0.0)
        assert limits.take(f"chat {begin} {number}", now)
        limits.answered(now, now + 0.04)
        sent.append(now)
    return sent


@given(gaps=gaps, rate=st.floats(0.2, 30), burst=st.integers(1, 6))
def test_no_window_holds_more_than_rate_and_burst(gaps: list[float], rate: float, burst: int) -> None:
    bucket, now, sent = TokenBucket(rate, burst), 1000.0, list[float]()
    for gap in gaps:
        now += gap
        if bucket.take(now):
            sent.append(now)
    assert most_in_a_window(sent, rate) <= burst + 1e-6


@given(gaps=gaps, rate=st.floats(0.2, 30), burst=st.integers(1, 6))
def test_ready_means_ready(gaps: list[float], rate: float, burst: int) -> None:
    bucket, now = TokenBucket(rate, burst), 1e6
    for gap in gaps:
        ready = bucket.ready_at(now)
        assert ready >= now
        assert bucket.take(now) == (ready == now)
        now = bucket.ready_at(now + gap)
        assert bucket.take(now)


def test_a_bucket_fills_up_again() -> None:
    bucket = TokenBucket(1.0, 3)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.ready_at(100.0) == 101.0
    assert not bucket.take(100.99)
    assert bucket.take(101.0)
    assert not bucket.is_full(103.9)
    assert bucket.is_full(104.0)
    assert [bucket.take(500.0) for _ in range(4)] == [True, True, True, False]


def test_a_debt_is_paid_before_anything_else_goes() -> None:
    bucket = TokenBucket(1.0, 2)
    for _ in range(5):
        bucket.charge(100.0)
    assert bucket.ready_at(100.0) == 104.0
    assert (bucket.room(100.0), bucket.room(100.0, 3.9), bucket.room(100.0, 5.0)) == (0, 0, 2)


def test_a_drained_bucket_has_one_token_then() -> None:
    bucket = TokenBucket(1.0, 3)
    bucket.drain(50.0)
    assert bucket.ready_at(0.0) == 50.0
    assert [bucket.take(50.0) for _ in range(2)] == [True, False]


@given(gaps=gaps, most=st.integers(1, 5), seconds=st.floats(0.5, 4))
def test_a_window_never_holds_more(gaps: list[float], most: int, seconds: float) -> None:
    window, now, sent = Window(most, seconds), 1000.0, list[float]()
    for gap in gaps:
        now = window.ready_at(now + gap)
        window.note(now)
        sent.append(now)
    # A hair less, because the window is found by adding and looked for by adding to another number.
    assert busiest(sent, seconds - 1e-6) <= most


@given(
    st.lists(st.tuples(st.floats(0, 0.2), st.floats(0, 0.05), st.floats(0, 0.05)), min_size=1, max_size=200)
)
def test_the_other_side_sees_no_fuller_window_however_late_some_arrive(
    ways: list[tuple[float, float, float]],
) -> None:
    window, now = Window(3, 1.0), 1000.0
    arrived = [now + 0.02]
    answers: list[tuple[float, float]] = [(now, now + 0.04)]
    window.note(now)
    for gap, there, back in ways:
        now = window.ready_at(now + gap)
        while answers and min(answers, key=lambda one: one[1])[1] <= now:
            first = min(answers, key=lambda one: one[1])
            answers.remove(first)
            window.answered(*first)
        window.note(now)
        arrived.append(now + 0.02 + there)
        answers.append((now, now + 0.04 + there + back))
    # What the ways grow by while the fastest is being forgotten is no more than this.
    assert busiest(sorted(arrived), 1.0 - 0.012) <= 3


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (float("nan"), 1), (float("inf"), 1), (1, 0)])
def test_buckets_that_let_nothing_or_all_through_are_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="a rate above 0"):
        TokenBucket(rate, burst)


@pytest.mark.parametrize("limits", [Limits(chat_rate=0), Limits(bot_rate=0), Limits(group_per_minute=1)])
def test_limits_that_let_nothing_through_are_refused(limits: Limits) -> None:
    with pytest.raises(ValueError, match="a rate above 0"):
        SendLimits(limits)


def test_a_chat_gets_a_short_burst_and_then_one_a_second() -> None:
    limits = SendLimits()
    assert [limits.take("mia", 10.0, urgent=True) for _ in range(4)] == [True, True, True, False]
    assert limits.ready_at("mia", 10.0) == 11.0
    assert limits.ready_at("bernd", 10.0, urgent=True) == 10.0


def test_a_group_gets_twenty_in_any_minute() -> None:
    limits, now, sent = SendLimits(Limits(bot_rate=1000)), 0.0, list[float]()
    for _ in range(100):
        now = limits.ready_at("-4711", now)
        assert limits.take("-4711", now)
        sent.append(now)
    assert busiest(sent, 60.0) in (19, 20)
    assert sent[-1] < 100 * 60 / 16
    assert limits.ready_at("4711", now) == now


@pytest.mark.parametrize("late", [0.0, 0.02, 0.05])
def test_a_flood_uses_the_limit_and_never_exceeds_it(late: float) -> None:
    sent = flood(SendLimits(), 3000, late=late)
    assert busiest(sent, 1.0) <= 30
    assert 3000 / sent[-1] >= 0.98 * 30


@given(st.lists(st.booleans(), min_size=100, max_size=300), st.sampled_from([30.0, 25.5, 3.0, 0.5]))
def test_urgent_or_not_no_second_holds_more_than_the_limit(urgent: list[bool], rate: float) -> None:
    limits, now, sent = SendLimits(Limits(bot_rate=rate)), 0.0, list[float]()
    for number, is_urgent in enumerate(urgent):
        now = limits.ready_at(f"chat {number}", now, urgent=is_urgent)
        assert limits.take(f"chat {number}", now, urgent=is_urgent)
        sent.append(now)
    most = max(1, int(rate))
    assert busiest(sent, most / rate) <= most


def test_after_a_pause_a_burst_goes_at_once() -> None:
    limits = SendLimits()
    flood(limits, 100)
    assert [limits.take(f"chat {n}", 900.0) for n in range(6)] == [True] * 5 + [False]


def test_in_the_middle_of_a_flood_urgent_messages_go_within_a_moment() -> None:
    limits = SendLimits()
    now = flood(limits, 1000)[-1]
    waits = []
    for number in range(10):
        ready = limits.ready_at(f"urgent {number}", now, urgent=True)
        assert limits.take(f"urgent {number}", ready, urgent=True)
        waits.append(ready - now)
    assert waits[0] <= 1 / 29
    assert waits[-1] <= 10 / 29
    # And the others pay for it: nobody is sent too early because of them.
    assert limits.ready_at("chat", now) >= now + waits[-1] + 1 / 30


@given(gaps=gaps, data=st.data())
def test_room_is_what_finds_its_turn_in_time(gaps: list[float], data: st.DataObject) -> None:
    limits, now, chat = SendLimits(Limits(bot_rate=3, bot_burst=2)), 1000.0, 0
    for gap in gaps:
        now += gap
        ahead = data.draw(st.floats(0, 2))
        room, end, sent = limits.room(now, ahead), now + ahead, 0
        while (ready := limits.bot_ready_at(now)) <= end + 1e-9:
            now, chat, sent = ready, chat + 1, sent + 1
            assert limits.take(f"chat {chat}", now)
        # The window may hold one back that its pace would let go.
        assert room - 3 <= sent <= room


def test_there_is_no_room_while_the_bot_is_on_hold() -> None:
    limits = SendLimits()
    assert limits.room(0.0) == 5
    limits.hold_all(60.0)
    assert (limits.room(59.9), limits.room(59.9, 0.5), limits.bot_ready_at(0.0)) == (0, 12, 60.0)
    assert limits.room(60.0) == 1


def test_a_chat_on_hold_waits_alone_and_gets_no_burst_afterwards() -> None:
    limits = SendLimits()
    limits.hold_chat("mia", 60.0)
    limits.hold_chat("mia", 30.0)
    assert limits.ready_at("mia", 0.0, urgent=True) == 60.0
    assert not limits.take("mia", 59.9, urgent=True)
    assert limits.take("bernd", 0.0)
    assert [limits.take("mia", 60.0) for _ in range(2)] == [True, False]
    assert limits.ready_at("mia", 60.0) == 61.0


def test_a_bot_on_hold_sends_nothing_not_even_urgent() -> None:
    limits = SendLimits()
    limits.hold_all(60.0)
    limits.hold_all(30.0)
    assert limits.ready_at("mia", 0.0, urgent=True) == 60.0
    assert not limits.take("bernd", 59.9, urgent=True)
    assert limits.take("bernd", 60.0)


def test_after_a_refusal_the_bot_goes_more_slowly_for_a_while() -> None:
    limits = SendLimits()
    flood(limits, 100)
    for _ in range(20):  # all that were on their way are refused, which is one refusal
        limits.slow_down(15.0, 10.0)
    eased = flood(limits, 600, begin=15.0)
    assert eased[0] == 15.0
    assert 600 / (eased[-1] - 15.0) == pytest.approx(30 * 0.99 * 0.93, rel=0.01)
    again = flood(limits, 600, begin=136.0)
    assert 600 / (again[-1] - 136.0) == pytest.approx(30 * 0.99, rel=0.02)


def test_who_is_refused_again_goes_more_slowly_still_but_goes() -> None:
    limits, now = SendLimits(), 0.0
    paces = []
    for _ in range(15):
        limits.slow_down(now + 1.0, now)
        sent = flood(limits, 30, begin=now + 1.0)
        paces.append(30 / (sent[-1] - sent[0]))
        now = sent[-1]
    assert paces[1] < paces[0]
    assert paces[-1] == pytest.approx(30 * 0.99 * 0.93**10, rel=0.1)
    late = now + 120.0 * 12
    assert 30 / (flood(limits, 30, begin=late)[-1] - late) > 29


def test_what_must_wait_costs_nothing() -> None:
    limits = SendLimits(Limits(bot_rate=1, bot_burst=5))
    limits.hold_chat("mia", 60.0)
    assert not any(limits.take("mia", 0.0) for _ in range(10))
    assert limits.take("bernd", 0.0)


def test_idle_chats_are_forgotten() -> None:
    limits, now = SendLimits(Limits(bot_rate=1000, bot_burst=1000)), 0.0
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
    limits = SendLimits(Limits(bot_rate=1e6, bot_burst=10_000, chat_rate=0.001))
    for _ in range(3):
        assert limits.take("mia", 0.0)
    for number in range(5000):
        assert limits.take(f"chat {number}", 0.0)
    assert limits.ready_at("mia", 0.0) == 1000.0
