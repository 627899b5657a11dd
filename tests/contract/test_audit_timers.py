# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What waits for a timer that somebody has deleted is found, and goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.audit import Fault
from bot.domain.concerns import ANSWERED_IN_TIME, TOLD_NOBODY_YET, Concern, Level
from bot.domain.conversations import ConversationState
from bot.ports import UnitOfWork
from bot.services import due, floor, human_talks, relay
from bot.services.converse import TIMEOUT_KIND
from bot.services.escalate import TELL_KIND
from dialogs.session import Session, Sleep, dump
from tests.contract.auditing import MINUTE, MONDAY, Audited, audited, micros
from tests.storage.stores import AGENCY, World


@pytest.fixture
def agency(world: World) -> Audited:
    return audited(world)


def timers(agency: Audited, kind: str) -> list[int]:
    """When the waiting ones of a kind are due."""
    rows = agency.sql("SELECT due_at FROM timer WHERE kind = :kind AND state = 'waiting'", kind=kind)
    return [row[0] for row in rows]


def drop(agency: Audited, kind: str) -> None:
    agency.sql("DELETE FROM timer WHERE kind = :kind", kind=kind)


def fire(agency: Audited, kind: str) -> None:
    """Let what is due of a kind take effect, as the worker does."""

    def use_case(uow: UnitOfWork) -> None:
        for timer in uow.timers.claim(agency.clock.now(), 100, agency.clock.now() + MINUTE):
            if timer.kind == kind:
                due.fire(uow, agency.rules, timer, agency.clock.now())

    agency.world.do(use_case)


def crisis_texts(agency: Audited) -> int:
    """Those that nobody had sent when danger was raised."""
    return int(agency.sql("SELECT count(*) FROM outgoing WHERE kind = 'crisis' AND state = 'queued'")[0][0])


async def test_who_is_in_danger_hears_at_the_promised_moment_though_its_timer_was_lost(
    agency: Audited,
) -> None:
    concern = agency.raised(Level.R3)
    [promised] = timers(agency, TELL_KIND)
    drop(agency, TELL_KIND)
    await agency.cycle()
    assert timers(agency, TELL_KIND) == [promised]
    drop(agency, TELL_KIND)
    await agency.cycle(after=timedelta(minutes=40))
    assert timers(agency, TELL_KIND) == [micros(agency.clock.now())]
    fire(agency, TELL_KIND)
    assert agency.history(concern.id)[-1][0] == TOLD_NOBODY_YET
    assert crisis_texts(agency) == 1
    # Said once: nothing is found again.
    assert (await agency.cycle()).repaired == {Fault.LEFT_WAITING.value: 2}
    assert timers(agency, TELL_KIND) == []


@pytest.mark.parametrize("ahead", [timedelta(hours=30), timedelta(days=365)])
async def test_who_is_in_danger_hears_it_though_its_timer_is_set_for_another_day(
    agency: Audited, ahead: timedelta
) -> None:
    agency.raised(Level.R3)
    [promised] = timers(agency, TELL_KIND)
    agency.sql(
        "UPDATE timer SET due_at = due_at + :ahead WHERE kind = 'concern_unanswered'",
        ahead=ahead // timedelta(microseconds=1),
    )
    await agency.cycle()
    assert timers(agency, TELL_KIND) == [promised]


async def test_a_talk_ends_and_a_conversation_wakes_though_their_timers_are_set_for_another_year(
    agency: Audited,
) -> None:
    _talking(agency, timedelta(hours=2))
    _asleep(agency, MONDAY)
    year = MONDAY + timedelta(days=800)

    def far_away(uow: UnitOfWork) -> None:
        uow.timers.set(AGENCY, relay.TIMER_KIND, agency.world.participant, year, "relay:1")
        uow.timers.set(AGENCY, TIMEOUT_KIND, 1, year, "timeout:1")

    agency.world.do(far_away)
    assert (await agency.cycle()).repaired == {
        Fault.TALK_WITHOUT_END.value: 1,
        Fault.NEVER_WAKES.value: 1,
    }
    assert (await agency.cycle()).is_sound


async def test_danger_of_a_clock_that_ran_ahead_is_told_by_the_right_one(agency: Audited) -> None:
    """Its history lies in the future as well: the timer is set for now, and not again in every cycle."""
    concern = agency.raised(Level.R3)
    year = timedelta(days=365) // timedelta(microseconds=1)
    agency.sql("UPDATE concern SET raised_at = raised_at + :year", year=year)
    agency.sql("UPDATE concern_event SET at = at + :year", year=year)
    agency.sql("UPDATE timer SET due_at = due_at + :year WHERE kind = :kind", year=year, kind=TELL_KIND)
    assert (await agency.cycle()).repaired == {Fault.LEFT_WAITING.value: 1}
    assert timers(agency, TELL_KIND) <= [micros(agency.clock.now() + timedelta(hours=1))]
    assert (await agency.cycle()).repaired == {Fault.LEFT_WAITING.value: 1}
    assert [event for event, *_ in agency.history(concern.id)].count("repaired") == 1


async def test_what_a_clock_that_ran_ahead_has_asked_wakes(agency: Audited) -> None:
    _asleep(agency, MONDAY + timedelta(days=800))
    assert (await agency.cycle()).repaired == {Fault.NEVER_WAKES.value: 1}
    assert timers(agency, TIMEOUT_KIND) == [micros(agency.clock.now() + timedelta(hours=3))]
    assert (await agency.cycle()).repaired == {Fault.NEVER_WAKES.value: 1}


async def test_whom_a_human_has_written_to_need_not_hear_it(agency: Audited) -> None:
    concern = agency.raised(Level.R3)
    actor = f"staff:{agency.world.coach}"
    agency.world.do(lambda uow: uow.concerns.log(concern.id, MONDAY + MINUTE, "replied", actor))
    agency.clock.advance(timedelta(minutes=20))
    fire(agency, TELL_KIND)
    assert agency.history(concern.id)[-1][0] == ANSWERED_IN_TIME
    assert (await agency.cycle()).repaired == {}
    assert crisis_texts(agency) == 0


async def test_what_a_human_had_in_hand_hides_no_other_danger(agency: Audited) -> None:
    left, taken = agency.raised(Level.R3, "answer:1"), agency.raised(Level.R3, "answer:2")
    agency.world.do(lambda uow: uow.concerns.log(taken.id, MONDAY, "take_over", "staff:1"))
    drop(agency, TELL_KIND)
    assert (await agency.cycle()).repaired == {Fault.LEFT_WAITING.value: 1}
    assert agency.history(left.id)[-1][0] == "repaired"


@pytest.mark.parametrize("event", ["take_over", "raise", "lower", TOLD_NOBODY_YET])
async def test_nothing_is_said_where_a_human_had_it_or_it_was_said(agency: Audited, event: str) -> None:
    concern = agency.raised(Level.R3)
    drop(agency, TELL_KIND)
    agency.world.do(lambda uow: uow.concerns.log(concern.id, MONDAY, event, "staff:1"))
    assert (await agency.cycle()).is_sound
    assert timers(agency, TELL_KIND) == []


async def test_what_is_raised_again_after_it_was_said_is_waited_for_again(agency: Audited) -> None:
    concern = agency.raised(Level.R3)
    drop(agency, TELL_KIND)
    for event in (TOLD_NOBODY_YET, "raised_to_R3"):
        agency.world.do(lambda uow, event=event: uow.concerns.log(concern.id, MONDAY, event, "system"))
    assert (await agency.cycle()).repaired == {Fault.LEFT_WAITING.value: 1}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE timer SET state = 'parked', parked_at = due_at WHERE kind = 'concern_unanswered'",
        "UPDATE address SET state = 'closed' WHERE participant_id IS NOT NULL",
        "UPDATE concern_event SET actor = 'staff:1' WHERE event = 'raised'",
        "UPDATE concern SET level = 'R2'",
    ],
)
async def test_who_was_promised_nothing_or_cannot_hear_is_left_alone(agency: Audited, change: str) -> None:
    agency.raised(Level.R3)
    if "timer" not in change:
        drop(agency, TELL_KIND)
    agency.sql(change)
    assert Fault.LEFT_WAITING.value not in (await agency.cycle()).repaired


@pytest.mark.parametrize(
    ("raised_before", "is_told"),
    # Monday morning: what was raised on Friday in the evening is news, what was raised before noon is not.
    [
        (timedelta(hours=20), True),
        (timedelta(days=2, hours=14), True),
        (timedelta(days=3), False),
        (timedelta(days=21), False),
    ],
)
async def test_an_old_danger_is_no_news(agency: Audited, raised_before: timedelta, *, is_told: bool) -> None:
    left = _raised_at(agency, raised_before)
    repaired = (await agency.cycle()).repaired
    assert (Fault.LEFT_WAITING.value in repaired) is is_told
    assert (left.id, timers(agency, TELL_KIND) != []) == (left.id, is_told)


def _raised_at(agency: Audited, before: timedelta) -> Concern:
    concern = agency.raised(Level.R3)
    drop(agency, TELL_KIND)
    agency.sql("UPDATE concern_event SET at = at - :before", before=before // timedelta(microseconds=1))
    return concern


def _talking(agency: Audited, until: timedelta) -> Concern:
    concern = agency.raised()
    actor = f"staff:{agency.world.coach}"
    agency.world.do(lambda uow: uow.concerns.log(concern.id, MONDAY, "replied", actor))
    agency.sql("UPDATE participant SET human_until = :at", at=micros(MONDAY + until))
    return concern


@pytest.mark.parametrize(
    ("until", "is_ended_at"),
    [
        (timedelta(hours=2), timedelta(hours=1)),
        (timedelta(minutes=20), None),
        (-timedelta(hours=20), None),
        (timedelta(days=4000), None),
    ],
)
async def test_the_end_of_a_talk_is_said_though_its_timer_was_lost(
    agency: Audited, until: timedelta, is_ended_at: timedelta | None
) -> None:
    concern = _talking(agency, until)
    await agency.cycle()
    at = agency.clock.now() if is_ended_at is None else MONDAY + is_ended_at
    assert timers(agency, relay.TIMER_KIND) == [micros(at)]
    agency.clock.advance(at - agency.clock.now())
    fire(agency, relay.TIMER_KIND)
    assert agency.history(concern.id)[-1][0] == human_talks.ENDED
    assert agency.sql("SELECT count(*) FROM participant WHERE human_until IS NOT NULL")[0][0] == 0
    assert (await agency.cycle()).repaired == {Fault.TALK_WITHOUT_END.value: 1}


@pytest.mark.parametrize("event", [human_talks.ENDED, "contact_ended"])
async def test_a_dialog_that_has_called_a_human_keeps_quiet_without_a_timer(
    agency: Audited, event: str
) -> None:
    concern = _talking(agency, timedelta(days=4))
    agency.world.do(lambda uow: uow.concerns.log(concern.id, MONDAY, event, "system"))
    assert (await agency.cycle()).repaired == {}


async def test_a_silence_that_nobody_would_end_is_over(agency: Audited) -> None:
    agency.sql("UPDATE participant SET human_until = :at", at=micros(MONDAY + timedelta(days=4000)))
    assert (await agency.cycle()).repaired == {Fault.TALK_WITHOUT_END.value: 1}
    assert agency.sql("SELECT count(*) FROM participant WHERE human_until IS NOT NULL")[0][0] == 0
    assert timers(agency, floor.TIMER_KIND) == [micros(agency.clock.now())]


async def test_what_was_put_off_comes_back_in_its_time_though_its_timer_was_lost(agency: Audited) -> None:
    _asleep(agency, MONDAY)
    await agency.cycle()
    assert timers(agency, TIMEOUT_KIND) == [micros(MONDAY + timedelta(hours=3))]
    payload = agency.sql("SELECT payload FROM timer WHERE kind = :kind", kind=TIMEOUT_KIND)
    assert payload[0][0] == "4"


async def test_what_has_slept_for_too_long_wakes_now(agency: Audited) -> None:
    _asleep(agency, MONDAY - timedelta(days=3))
    await agency.cycle()
    assert timers(agency, TIMEOUT_KIND) == [micros(agency.clock.now())]


async def test_who_has_left_is_woken_by_nothing(agency: Audited) -> None:
    _asleep(agency, MONDAY)
    agency.sql("UPDATE participant SET standing = 'left'")
    assert (await agency.cycle()).repaired == {}


def _asleep(agency: Audited, asked_at: datetime) -> None:
    session = dump(Session((), "de", turn=4, asked_at=asked_at, sleep=Sleep.LATER))
    person = agency.world.participant

    def put_off(uow: UnitOfWork) -> None:
        number = uow.talks.open_conversation(AGENCY, person, "x", session, MONDAY)
        uow.talks.move_conversation(number, ConversationState.ASLEEP, session, MONDAY)

    agency.world.do(put_off)
