# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Spans, absences, chains of deputies and swaps, without any store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duty import SWAPS, Absence, Span, Swap, SwapEvent, SwapState, Team, left_over
from bot.domain.people import Role, Staff

START = datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hour: int) -> datetime:
    return START + hour * HOUR


spans = st.builds(
    lambda first, length: Span(at(first), at(first + length)), st.integers(0, 40), st.integers(1, 12)
)


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=6))
def test_what_is_left_over_is_exactly_what_nothing_covers(wanted: list[Span], covered: list[Span]) -> None:
    left = left_over(wanted, covered)
    for hour in range(60):
        is_wanted = any(span.contains(at(hour)) for span in wanted)
        is_covered = any(span.contains(at(hour)) for span in covered)
        assert any(span.contains(at(hour)) for span in left) == (is_wanted and not is_covered)
    assert left == sorted(left)


def test_a_span_has_some_time_in_it() -> None:
    with pytest.raises(ValueError, match="must end after"):
        Span(at(1), at(1))
    assert Span(at(1), at(3)).within(Span(at(3), at(4))) is None


def absence(first: int, last: int | None, deputy: int | None = None) -> Absence:
    return Absence(0, 1, 1, at(first), None if last is None else at(last), deputy)


@pytest.mark.parametrize(
    ("one", "other", "touches"),
    [
        (absence(1, 3), absence(3, 5), True),
        (absence(1, 3), absence(4, 5), False),
        (absence(1, None), absence(40, 50), True),
        (absence(40, 50), absence(1, None), True),
        (absence(4, 5), absence(1, 9), True),
    ],
)
def test_absences_that_overlap_or_touch_are_one(one: Absence, other: Absence, touches: bool) -> None:
    assert one.touches(other) == other.touches(one) == touches


def test_joined_absences_cover_both_and_keep_the_deputy_named_last() -> None:
    assert absence(3, 5, 7).joined([absence(1, 4, 8)]) == absence(1, 5, 7)
    assert absence(3, 5).joined([absence(1, None, 8)]) == absence(1, None, 8)


def person(number: int, deputy: int | None = None, left: bool = False) -> Staff:
    return Staff(number, 1, f"Person {number}", Role.COACH, "de", deputy, "", START if left else None)


def team(
    *people: Staff, away: dict[int, int | None] | None = None, off: frozenset[int] = frozenset()
) -> Team:
    absences = {who: absence(0, None, deputy) for who, deputy in (away or {}).items()}
    return Team({one.id: one for one in people}, absences, off)


def test_the_deputy_of_the_absence_comes_before_the_standing_one() -> None:
    everybody = team(person(1, 2), person(2), person(3), away={1: 3})
    assert everybody.standing_in(1) == everybody.members[3]
    away = team(person(1, 2), person(2), person(3), away={1: 3, 3: None})
    assert away.standing_in(1) == away.members[2]


def test_the_chain_skips_who_is_absent_off_or_gone() -> None:
    everybody = team(
        person(1, 2),
        person(2, 3),
        person(3, 4, left=True),
        person(4, 5),
        person(5),
        off=frozenset({4}),
        away={2: None},
    )
    assert everybody.standing_in(1) == everybody.members[5]


def test_the_deputies_named_for_oneself_are_nearer_than_theirs() -> None:
    everybody = team(person(1, 2), person(2), person(3, 4), person(4), away={1: 3, 3: None})
    assert everybody.standing_in(1) == everybody.members[2]


@pytest.mark.parametrize("ring", [(1,), (2, 1), (2, 3, 1), (2, 3, 2)])
def test_a_ring_ends(ring: tuple[int, ...]) -> None:
    deputies = dict(zip((1, *ring), ring, strict=False))
    everybody = team(*(person(n, deputies.get(n)) for n in (1, 2, 3)), away={2: None, 3: None})
    assert everybody.standing_in(1) is None


def test_a_ring_is_seen_before_it_is_closed() -> None:
    everybody = team(person(1), person(2, 3), person(3, 1), person(4, 4))
    assert everybody.closes_ring(1, 2)
    assert not everybody.closes_ring(2, 1)
    assert not everybody.closes_ring(1, 4)


@given(st.data())
def test_whoever_stands_in_is_present_and_another(data: st.DataObject) -> None:
    numbers = list(range(1, 7))
    maybe = st.none() | st.sampled_from(numbers)
    people = [person(n, data.draw(maybe), data.draw(st.booleans())) for n in numbers]
    away = data.draw(st.dictionaries(st.sampled_from(numbers), maybe))
    everybody = team(*people, away=away, off=data.draw(st.frozensets(st.sampled_from(numbers))))
    for number in numbers:
        found = everybody.standing_in(number)
        if found is not None:
            assert found.id != number
            assert everybody.is_present(found.id)
        elif any(everybody.is_present(deputy) and deputy != number for deputy in everybody.deputies(number)):
            raise AssertionError("a deputy who is there was passed over")


def test_an_unknown_number_is_nobody() -> None:
    assert not team(person(1)).is_present(9)
    assert team(person(1, 9)).standing_in(1) is None
    assert team(person(1)).standing_in(9) is None


@pytest.mark.parametrize("state", SwapState)
@pytest.mark.parametrize("event", SwapEvent)
def test_every_state_and_event_of_a_swap(state: SwapState, event: SwapEvent) -> None:
    swap = Swap(1, 1, 1, START.date(), 1, 2, state)
    assert swap.can(event) == (state is SwapState.PROPOSED)
    if swap.can(event):
        assert swap.after(event).state is SWAPS[state, event]
    else:
        with pytest.raises(ValueError, match=f"{state.value} cannot {event.value}"):
            swap.after(event)
