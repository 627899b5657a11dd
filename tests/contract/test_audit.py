# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whatever breaks a promise is found within one cycle, and put right or told to a human."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
import pytest

from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.domain.audit import LATENESS, PROMISES, Fault, Finding, Pace
from bot.domain.concerns import Level, State
from bot.domain.conferences import Agenda, Conference, ConferenceKind, ConferenceState, Decision
from bot.domain.conversations import ConversationState, Underway
from bot.domain.duty import Absence
from bot.domain.editions import Origin
from bot.domain.home_visits import HomeVisit
from bot.domain.messages import Kind
from bot.domain.plans import PlanEdition
from bot.domain.referrals import Referral, ReferralState
from bot.domain.sharing import SharingAsk
from bot.ports import UnitOfWork
from bot.services import appointment_timers, audit, audit_book, audit_repairs, duty_watch, follow_plans
from dialogs.session import Frame, Session, Sleep, dump
from tests.contract.auditing import MINUTE, MONDAY, Audited, audited, micros
from tests.storage.stores import AGENCY, World, heard

DAY = timedelta(days=1)
T = TypeVar("T")


@pytest.fixture
def agency(world: World) -> Audited:
    return audited(world)


def unreadable(agency: Audited) -> None:
    agency.raised()
    agency.sql("UPDATE concern SET level = 'R9'")


def sealed(agency: Audited) -> None:
    agency.raised()
    agency.sql("UPDATE concern SET quote = :broken", broken=b"broken")


def no_timer(agency: Audited) -> None:
    agency.raised()
    agency.sql("DELETE FROM timer WHERE kind = 'concern'")


def overdue(agency: Audited) -> None:
    """What moves it on is due in a moment, again and again."""
    agency.raised()
    at = micros(MONDAY - 10 * MINUTE)
    agency.sql("UPDATE concern SET next_action_at = :at", at=at)
    agency.sql("UPDATE timer SET attempts = 9, due_at = :at", at=micros(MONDAY + 30 * MINUTE))


def no_ladder(agency: Audited) -> None:
    concern = agency.raised()
    agency.sql("UPDATE concern SET policy = '{broken' WHERE id = :id", id=concern.id)


def rests_too_long(agency: Audited) -> None:
    agency.raised(Level.R3)
    at = micros(MONDAY + DAY)
    agency.sql("UPDATE concern SET next_action_at = :at", at=at)
    agency.sql("UPDATE timer SET due_at = :at WHERE kind = 'concern'", at=at)


def nobody(agency: Audited) -> None:
    agency.raised()
    agency.sql("UPDATE concern SET owner_id = NULL")
    agency.sql("DELETE FROM outgoing")


def lead_not_told(agency: Audited) -> None:
    agency.raised()
    agency.sql("UPDATE concern SET uncovered = :yes", yes=True)
    agency.sql("DELETE FROM outgoing")


def person_not_told(agency: Audited) -> None:
    agency.raised(Level.R3)
    agency.sql("UPDATE concern SET uncovered = :yes", yes=True)


def left_waiting(agency: Audited) -> None:
    agency.raised(Level.R3)
    agency.sql("DELETE FROM timer WHERE kind = 'concern_unanswered'")


def no_first_words(agency: Audited) -> None:
    agency.raised(Level.R3)
    agency.sql("DELETE FROM outgoing WHERE kind = 'crisis'")


def help_lost(agency: Audited) -> None:
    agency.draft(Kind.CRISIS)
    agency.sql("UPDATE outgoing SET state = 'failed', settled_at = posted_at")


def talk_without_end(agency: Audited) -> None:
    concern = agency.raised()
    actor = f"staff:{agency.world.coach}"
    agency.world.do(lambda uow: uow.concerns.log(concern.id, MONDAY, "replied", actor))
    agency.sql("UPDATE participant SET human_until = :at", at=micros(MONDAY + 180 * MINUTE))


def an_appointment(agency: Audited, kind: AppointmentKind, starts_at: datetime = MONDAY + 3 * DAY) -> int:
    new = Appointment(
        *(0, AGENCY, agency.world.participant, kind, AppointmentState.AGREED, starts_at),
        *("Europe/Berlin", timedelta(hours=1), "uid", agency.world.coach, MONDAY, MONDAY),
    )

    def use_case(uow: UnitOfWork) -> int:
        kept = replace(new, id=uow.appointments.add(new) or 0)
        appointment_timers.plan(uow, agency.rules, kept, MONDAY)
        if kind is AppointmentKind.HOME:
            visit = HomeVisit(AGENCY, agency.world.participant, kept.id, agency.world.coach)
            uow.casework.joint_appointments.keep_home_visit(visit)
        return kept.id

    return agency.world.do(use_case)


def appointment_lost(agency: Audited) -> None:
    an_appointment(agency, AppointmentKind.COACH)
    agency.sql("DELETE FROM timer WHERE kind = 'appointment'")


def visit_lost(agency: Audited) -> None:
    an_appointment(agency, AppointmentKind.HOME)
    agency.sql("DELETE FROM timer WHERE kind = 'home_visit'")


def never_wakes(agency: Audited) -> None:
    person, session = agency.world.participant, dump(Session((), "de", sleep=Sleep.WAIT))
    talk = agency.world.do(lambda uow: uow.talks.open_conversation(AGENCY, person, "x", session, MONDAY))
    asleep = ConversationState.ASLEEP
    agency.world.do(lambda uow: uow.talks.move_conversation(talk, asleep, session, MONDAY))


def plan_lost(agency: Audited) -> None:
    edition = PlanEdition(AGENCY, 1, "d", PLANS, Origin.ADMIN, MONDAY)
    agency.world.do(lambda uow: uow.plans.publish(edition))

    def follow(uow: UnitOfWork) -> None:
        person = uow.plans.lock(agency.world.participant)
        assert person is not None
        follow_plans.follow(uow, agency.rules, person, MONDAY)

    agency.world.do(follow)
    agency.sql("DELETE FROM timer WHERE kind = 'plan'")


def duty_lost(agency: Audited) -> None:
    agency.sql("DELETE FROM timer WHERE kind = 'duty_day'")


def referral_lost(agency: Audited) -> None:
    world = agency.world
    ask = SharingAsk(0, AGENCY, world.participant, "Reha", "Namen", "Kraft", world.coach, MONDAY)

    def use_case(uow: UnitOfWork) -> None:
        asked = uow.sharing.add(ask)
        new = Referral(
            *(0, AGENCY, world.participant, asked, ReferralState.PROPOSED, world.coach),
            *(MONDAY, MONDAY, 7),
        )
        uow.casework.referrals.add(new)

    world.do(use_case)


def a_conference(agency: Audited, state: ConferenceState, kind: ConferenceKind) -> int:
    new = Conference(
        *(0, AGENCY, kind, state, MONDAY + DAY, timedelta(hours=1), Agenda(topic="Ein Thema")),
        *(agency.world.coach, MONDAY, MONDAY),
    )
    return agency.world.do(lambda uow: uow.casework.conferences.add(new))


def conference_lost(agency: Audited) -> None:
    a_conference(agency, ConferenceState.PLANNED, ConferenceKind.CASE)


def task_lost(agency: Audited, *, is_erased: bool = False) -> None:
    number = a_conference(agency, ConferenceState.PLANNED, ConferenceKind.CASE)
    agency.sql("UPDATE conference SET state = 'closed'")
    whose = None if is_erased else agency.world.participant
    task = Decision(0, AGENCY, number, whose, agency.world.coach, "Anrufen", MONDAY + DAY, MONDAY)
    agency.world.do(lambda uow: uow.casework.conferences.decide(task))


def closed_by_nobody(agency: Audited) -> None:
    agency.raised()
    agency.sql("UPDATE concern SET state = 'closed'")


def delivery_twice(agency: Audited) -> None:
    """Only without its key can this happen at all."""
    agency.world.do(lambda uow: uow.talks.record_incoming(heard("7"), AGENCY, None, MONDAY))
    if agency.world.storage.engine.dialect.name == "sqlite":
        agency.sql("ALTER TABLE incoming RENAME TO was")
        agency.sql("CREATE TABLE incoming AS SELECT * FROM was")
        agency.sql("INSERT INTO incoming SELECT * FROM was")
        agency.sql("UPDATE incoming SET id = rowid")
    else:
        agency.sql("ALTER TABLE incoming DROP CONSTRAINT uq_incoming_channel_delivery")
        agency.sql(
            "INSERT INTO incoming (agency_id, channel, delivery, kind, at)"
            " SELECT agency_id, channel, delivery, kind, at FROM incoming"
        )


def message_stuck(agency: Audited) -> None:
    agency.draft()
    agency.sql("UPDATE outgoing SET posted_at = :at", at=micros(MONDAY - 10 * MINUTE))


def lease_over(agency: Audited) -> None:
    agency.draft()
    agency.sql("UPDATE outgoing SET state = 'sending', wait_until = :at", at=micros(MONDAY - 10 * MINUTE))


def message_unreadable(agency: Audited) -> None:
    agency.draft()
    agency.sql("UPDATE outgoing SET state = 'lost'")


def call_lost(agency: Audited) -> None:
    agency.raised()
    at = micros(MONDAY + MINUTE / 6)
    agency.sql("UPDATE outgoing SET state = 'failed', settled_at = :at WHERE kind = 'staff_alert'", at=at)


def timer_late(agency: Audited) -> None:
    at = MONDAY - 10 * MINUTE
    agency.world.do(lambda uow: uow.timers.set(AGENCY, "floor", 1, at, "floor:1"))


def timer_parked(agency: Audited) -> None:
    agency.world.do(lambda uow: uow.timers.set(AGENCY, "floor", 1, MONDAY + DAY, "floor:1"))
    agency.sql("UPDATE timer SET state = 'parked', parked_at = due_at")


def unwanted(agency: Audited) -> None:
    agency.draft(Kind.REMINDER)
    agency.sql("UPDATE participant SET standing = 'stopped'")


def wrong_address(agency: Audited) -> None:
    agency.draft(address_id=agency.world.neighbours(1)[0])


def score_without_rule(agency: Audited) -> None:
    person = agency.world.participant
    talk = agency.world.do(lambda uow: uow.talks.open_conversation(AGENCY, person, "x", _session(), MONDAY))
    agency.sql("UPDATE conversation SET state = 'ended' WHERE id = :id", id=talk)
    agency.sql(
        "INSERT INTO score (agency_id, participant_id, conversation_id, rule, version, items, at)"
        " VALUES (1, :person, :talk, '', 1, :items, 0)",
        person=person,
        talk=talk,
        items=b"",
    )


def untrue_receipt(agency: Audited) -> None:
    agency.raised(Level.R3)
    agency.sql("UPDATE concern SET receipt_given = :yes", yes=True)
    agency.sql("UPDATE outgoing SET state = 'queued'")


def version_gone(agency: Audited) -> None:
    person = agency.world.participant
    agency.world.do(lambda uow: uow.talks.open_conversation(AGENCY, person, "x", _session(), MONDAY))


def _session() -> str:
    return dump(Session((Frame("weekly_checkin", 99, "begin"),), "de"))


#: One that will ask on Thursdays, and one that has no moment while nobody has named a day.
PLANS = """format: 1
plans:
  hello:
    weekdays: [thu]
    at: "10:00"
    dialog: weekly_checkin
  later:
    after: {date: discharge, days: [3]}
    at: "10:00"
    dialog: weekly_checkin
"""

PLANTS: dict[Fault, Callable[[Audited], None]] = {
    Fault.UNREADABLE: unreadable,
    Fault.SEALED: sealed,
    Fault.NO_TIMER: no_timer,
    Fault.OVERDUE: overdue,
    Fault.NO_LADDER: no_ladder,
    Fault.RESTS_TOO_LONG: rests_too_long,
    Fault.NOBODY: nobody,
    Fault.LEAD_NOT_TOLD: lead_not_told,
    Fault.PERSON_NOT_TOLD: person_not_told,
    Fault.LEFT_WAITING: left_waiting,
    Fault.NO_FIRST_WORDS: no_first_words,
    Fault.HELP_LOST: help_lost,
    Fault.TALK_WITHOUT_END: talk_without_end,
    Fault.CLOSED_BY_NOBODY: closed_by_nobody,
    Fault.DELIVERY_TWICE: delivery_twice,
    Fault.MESSAGE_STUCK: message_stuck,
    Fault.LEASE_OVER: lease_over,
    Fault.MESSAGE_UNREADABLE: message_unreadable,
    Fault.CALL_LOST: call_lost,
    Fault.TIMER_LATE: timer_late,
    Fault.TIMER_PARKED: timer_parked,
    Fault.UNWANTED: unwanted,
    Fault.WRONG_ADDRESS: wrong_address,
    Fault.SCORE_WITHOUT_RULE: score_without_rule,
    Fault.UNTRUE_RECEIPT: untrue_receipt,
    Fault.APPOINTMENT_LOST: appointment_lost,
    Fault.VISIT_LOST: visit_lost,
    Fault.NEVER_WAKES: never_wakes,
    Fault.PLAN_LOST: plan_lost,
    Fault.DUTY_LOST: duty_lost,
    Fault.REFERRAL_LOST: referral_lost,
    Fault.CONFERENCE_LOST: conference_lost,
    Fault.TASK_LOST: task_lost,
    Fault.VERSION_GONE: version_gone,
}


def test_every_fault_is_looked_for_and_planted() -> None:
    assert set(audit.CHECKS) == set(PLANTS) == set(Fault) - {Fault.NOT_CHECKED}
    assert set(PROMISES) == set(Fault)
    # P8 leaves nothing in the data; its tests read the logs.
    assert set(PROMISES.values()) == {f"P{n}" for n in range(1, 10)} - {"P8"}


async def test_what_is_in_order_stays_as_it_is(agency: Audited) -> None:
    concern = agency.raised()
    before = agency.history(concern.id)
    record = await agency.cycle()
    assert (record.findings, record.repaired, record.is_sound) == ((), {}, True)
    assert agency.history(concern.id) == before
    assert agency.concern(concern.id) == concern
    assert agency.pings == [agency.clock.now()]
    assert await agency.auditor.problems() == []


@pytest.mark.parametrize("fault", [fault for fault in PLANTS if audit_repairs.can_repair(fault)])
async def test_what_can_be_put_right_is_put_right_within_a_cycle(agency: Audited, fault: Fault) -> None:
    PLANTS[fault](agency)
    record = await agency.cycle()
    assert record.findings == ()
    assert record.repaired == {fault.value: 1}
    assert agency.alarms() == 0
    # What was repaired is in order: nothing is found again, and the outside hears that all is sound.
    assert (await agency.cycle()).repaired == {fault.value: 1}
    assert len(agency.pings) == 2
    noted = agency.sql("SELECT actor, action FROM audit WHERE actor = 'auditor'")
    assert [tuple(row) for row in noted] == [("auditor", f"repaired_{fault.value}")]


@pytest.mark.parametrize("fault", [fault for fault in PLANTS if not audit_repairs.can_repair(fault)])
async def test_what_cannot_be_put_right_is_told_within_a_cycle(
    agency: Audited, fault: Fault, request: pytest.FixtureRequest
) -> None:
    if fault is Fault.DELIVERY_TWICE and agency.world.storage.engine.dialect.name != "sqlite":
        request.addfinalizer(lambda: _give_key_back(agency))
    PLANTS[fault](agency)
    record = await agency.cycle()
    assert {finding.fault for finding in record.findings} == {fault}
    assert all(finding.ids for finding in record.findings)
    assert f"promise {PROMISES[fault]}: {fault.value} (" in "\n".join(await agency.auditor.problems())
    assert agency.pings == []
    # Of parked timers staff hear in another way, with more about it.
    assert agency.alarms() == (0 if fault is Fault.TIMER_PARKED else 1)


def _give_key_back(agency: Audited) -> None:
    agency.sql("TRUNCATE incoming CASCADE")
    agency.sql("ALTER TABLE incoming ADD CONSTRAINT uq_incoming_channel_delivery UNIQUE (channel, delivery)")


async def test_a_lost_timer_is_set_for_its_moment_and_written_down(agency: Audited) -> None:
    concern = agency.raised()
    agency.sql("DELETE FROM timer WHERE kind = 'concern'")
    await agency.cycle()
    rows = agency.sql("SELECT due_at FROM timer WHERE dedup = :key", key=f"concern:{concern.id}")
    assert concern.next_action_at is not None
    assert [row[0] for row in rows] == [micros(concern.next_action_at)]
    assert agency.history(concern.id)[-1] == ("repaired", "auditor", Fault.NO_TIMER.value)


@pytest.mark.parametrize(
    "change",
    [
        "due_at = due_at + 86400000000",
        "due_at = due_at + 86400000000, attempts = 1",
        "subject = subject + 1",
        "kind = 'floor'",
    ],
)
async def test_a_timer_that_does_not_move_it_on_in_time_counts_as_lost(agency: Audited, change: str) -> None:
    agency.raised()
    agency.sql(f"UPDATE timer SET {change} WHERE kind = 'concern'")
    assert (await agency.cycle()).repaired == {Fault.NO_TIMER.value: 1}


async def test_a_timer_that_is_tried_again_later_is_no_fault(agency: Audited) -> None:
    agency.raised()
    agency.sql("UPDATE timer SET due_at = due_at + 60000000, attempts = 1 WHERE kind = 'concern'")
    assert (await agency.cycle()).is_sound


async def test_a_moment_that_was_lost_is_now(agency: Audited) -> None:
    concern = agency.raised()
    agency.sql("UPDATE concern SET next_action_at = NULL")
    assert (await agency.cycle()).repaired == {Fault.NO_TIMER.value: 1}
    assert agency.concern(concern.id).next_action_at == agency.clock.now()


async def test_a_broken_ladder_is_replaced_by_todays(agency: Audited) -> None:
    concern = agency.raised()
    no_ladder(agency)
    await agency.cycle()
    assert agency.concern(concern.id).policy == concern.policy


async def test_a_coach_who_is_gone_is_replaced_by_whoever_is_there(agency: Audited) -> None:
    concern = agency.raised()
    agency.world.do(lambda uow: uow.people.change_staff(agency.world.coach, left_at=MONDAY))
    assert (await agency.cycle()).repaired == {Fault.NOBODY.value: 1}
    called = agency.sql("SELECT staff_id FROM outgoing WHERE kind = 'staff_alert' AND state = 'queued'")
    assert [row[0] for row in called] == [agency.lead]
    assert not agency.concern(concern.id).uncovered


async def test_nobody_at_all_is_marked_and_not_repaired_again(agency: Audited) -> None:
    concern = agency.raised()
    agency.sql("UPDATE staff SET left_at = :at", at=micros(MONDAY))
    await agency.cycle()
    assert agency.concern(concern.id).uncovered
    record = await agency.cycle()
    assert record.repaired == {Fault.NOBODY.value: 1}


@pytest.mark.parametrize(
    ("level", "back_after", "is_taken_back"),
    [
        (Level.R1, timedelta(hours=2), False),
        (Level.R1, timedelta(days=5), True),
        (Level.R1, None, True),
        (Level.R3, timedelta(hours=2), True),
    ],
)
async def test_what_somebody_has_who_is_away(
    agency: Audited, level: Level, back_after: timedelta | None, is_taken_back: bool
) -> None:
    """Danger does not wait for them; anything else does if they are back before the next step is due."""
    concern = agency.raised(level)
    due = MONDAY + timedelta(hours=4)
    coach = agency.world.coach
    held = replace(concern, state=State.IN_HAND, taken_by=coach, next_action_at=due)
    agency.world.do(lambda uow: uow.concerns.save(held))
    agency.world.do(lambda uow: uow.timers.set(AGENCY, "concern", concern.id, due, f"concern:{concern.id}"))
    absence = Absence(0, AGENCY, coach, MONDAY, MONDAY + back_after if back_after else None)
    agency.world.do(lambda uow: uow.duty.put_absence(absence))
    await agency.cycle()
    assert agency.concern(concern.id).state is (State.OPEN if is_taken_back else State.IN_HAND)


async def test_a_long_closure_is_no_lost_watch(agency: Audited) -> None:
    hours = agency.rules.hours[AGENCY]
    closed = frozenset((MONDAY + day * DAY).date() for day in range(1, 41))
    agency.rules = replace(
        agency.rules, hours={**agency.rules.hours, AGENCY: replace(hours, closed=hours.closed | closed)}
    )
    evening = MONDAY + timedelta(hours=9)
    agency.world.do(lambda uow: duty_watch.ensure_watch(uow, agency.rules, AGENCY, evening))
    agency.clock.advance(timedelta(hours=10))
    for _ in range(2):
        record = await agency.cycle()
        assert Fault.DUTY_LOST not in agency.faults()
        assert Fault.DUTY_LOST.value not in record.repaired


async def test_out_of_hours_only_danger_is_looked_at(agency: Audited) -> None:
    wish, danger = agency.raised(Level.R1, "a"), agency.raised(Level.R3, "b")
    agency.world.do(lambda uow: uow.people.change_staff(agency.world.coach, left_at=MONDAY))
    agency.clock.advance(timedelta(hours=9))
    agency.sql("UPDATE timer SET due_at = :at WHERE kind = 'concern'", at=micros(agency.clock.now() + DAY))
    agency.sql("UPDATE concern SET next_action_at = :at", at=micros(agency.clock.now() + DAY))
    await agency.cycle()
    assert agency.history(danger.id)[-2][0] == "repaired"
    assert agency.history(wish.id)[-1][0] == "called"


async def test_a_person_in_danger_hears_that_nobody_can_be_reached(agency: Audited) -> None:
    person_not_told(agency)
    await agency.cycle()
    said = agency.sql("SELECT count(*) FROM outgoing WHERE kind = 'crisis' AND state = 'queued'")
    assert said[0][0] == 1
    await agency.cycle()
    said = agency.sql("SELECT count(*) FROM outgoing WHERE kind = 'crisis' AND state = 'queued'")
    assert said[0][0] == 1


async def test_danger_to_which_nothing_was_said_is_answered_with_the_numbers(agency: Audited) -> None:
    no_first_words(agency)
    await agency.cycle()
    [body] = agency.world.do(
        lambda uow: [m.body for m in uow.outbox.claim("telegram", MONDAY + DAY, 9, MONDAY + 2 * DAY)]
    )
    assert "0800 1110111" in body.text
    assert agency.receipts[0].wake == {"telegram"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE concern SET source = 'staff'",
        "UPDATE concern SET state = 'in_hand'",
        "UPDATE concern SET level = 'R2'",
        "UPDATE concern_event SET event = 'raise', actor = 'staff:1' WHERE event = 'called'",
        "UPDATE address SET state = 'closed' WHERE participant_id IS NOT NULL",
        f"UPDATE concern SET raised_at = {micros(MONDAY - 40 * DAY)}",
    ],
)
async def test_nothing_is_said_late_of_what_a_human_has_or_nobody_said(agency: Audited, change: str) -> None:
    no_first_words(agency)
    agency.sql(change)
    assert Fault.NO_FIRST_WORDS.value not in (await agency.cycle()).repaired


async def test_a_lost_crisis_text_calls_a_human_and_goes_elsewhere(agency: Audited) -> None:
    help_lost(agency)
    person = agency.world.participant
    web = agency.world.do(
        lambda uow: uow.people.add_address(AGENCY, "web_chat", "mia", participant_id=person)
    )
    agency.world.do(lambda uow: uow.people.use_address(web, MONDAY))
    await agency.cycle()
    found = agency.sql("SELECT kind, channel FROM outgoing WHERE state = 'queued' ORDER BY id")
    assert {tuple(row) for row in found} == {("crisis", "web_chat"), ("staff_alert", "telegram_staff")}
    rows = agency.sql("SELECT level, source, reason FROM concern")
    assert [tuple(row) for row in rows] == [("R1", "delivery", "not_delivered")]


async def test_a_lost_crisis_text_of_which_somebody_knows_is_in_order(agency: Audited) -> None:
    agency.raised(Level.R1, "delivery")
    help_lost(agency)
    assert (await agency.cycle()).is_sound


async def test_what_was_lost_before_anybody_was_called_is_another_one(agency: Audited) -> None:
    agency.raised(Level.R1, "delivery")
    help_lost(agency)
    agency.sql("UPDATE outgoing SET settled_at = settled_at + 1 WHERE kind = 'crisis'")
    assert (await agency.cycle()).repaired == {Fault.HELP_LOST.value: 1}


async def test_help_from_a_clock_that_ran_ahead_is_given_once(agency: Audited) -> None:
    no_first_words(agency)
    help_lost(agency)
    agency.sql("UPDATE outgoing SET settled_at = :at, posted_at = :at", at=micros(MONDAY + 365 * DAY))
    agency.sql("UPDATE outgoing SET posted_at = :at", at=micros(MONDAY - 40 * DAY))
    agency.sql("UPDATE concern SET raised_at = :at", at=micros(MONDAY + 365 * DAY))
    once = {Fault.NO_FIRST_WORDS.value: 1, Fault.HELP_LOST.value: 1}
    assert (await agency.cycle()).repaired.items() >= once.items()
    assert (await agency.cycle()).repaired.items() >= once.items()


async def test_what_was_put_right_in_one_part_is_not_put_right_again_in_the_next(
    agency: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    help_lost(agency)
    monkeypatch.setattr("bot.storage.soundness.SqlSoundness.part_end", lambda self, fault, after: after + 1)
    for _ in range(3):
        assert (await agency.cycle()).repaired == {Fault.HELP_LOST.value: 1}


async def test_for_a_crisis_text_that_cannot_be_read_a_human_is_called(agency: Audited) -> None:
    """It goes nowhere else, and does not fail in every cycle for as long as it is kept."""
    agency.draft(Kind.CRISIS)
    agency.sql("UPDATE outgoing SET body = :blob", blob=b"broken")
    agency.clock.advance(MINUTE)
    at = agency.clock.now()
    assert agency.world.do(lambda uow: uow.outbox.claim("telegram", at, 9, at + MINUTE)) == []
    assert (await agency.cycle()).repaired == {Fault.HELP_LOST.value: 1}
    rows = agency.sql("SELECT source, reason FROM concern")
    assert [tuple(row) for row in rows] == [("delivery", "not_delivered")]
    assert agency.faults() == {Fault.MESSAGE_UNREADABLE}
    assert (await agency.cycle()).repaired == {Fault.HELP_LOST.value: 1}


async def test_what_cannot_be_read_is_put_back_as_well(agency: Audited) -> None:
    lease_over(agency)
    agency.sql("UPDATE outgoing SET body = :blob", blob=b"broken")
    assert (await agency.cycle()).repaired == {Fault.LEASE_OVER.value: 1}


async def test_whose_address_is_somebody_elses_by_now_is_told_to_staff(agency: Audited) -> None:
    help_lost(agency)
    agency.sql("UPDATE outgoing SET address_id = :id", id=agency.world.neighbours(1)[0])
    await agency.cycle()
    assert agency.faults() == {Fault.HELP_LOST}
    assert agency.sql("SELECT count(*) FROM concern")[0][0] == 0


@pytest.mark.parametrize("lease", [None, -10, 600])
async def test_a_lease_that_cannot_be_is_ended(agency: Audited, lease: int | None) -> None:
    agency.draft()
    at = None if lease is None else micros(MONDAY + lease * MINUTE)
    agency.sql("UPDATE outgoing SET state = 'sending', wait_until = :at", at=at)
    await agency.cycle()
    assert [tuple(row) for row in agency.sql("SELECT state, wait_until FROM outgoing")] == [("queued", None)]
    assert agency.receipts[0].wake == {"telegram"}


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.STAFF_ALERT, Kind.RELAY, Kind.REPLY])
async def test_what_a_clock_that_ran_ahead_held_back_goes_out(agency: Audited, kind: Kind) -> None:
    """It ran a year ahead, the messenger was away just then, and now it is right again."""
    agency.draft(kind)
    at = micros(MONDAY + 365 * DAY)
    agency.sql("UPDATE outgoing SET posted_at = :at, wait_until = :at, attempts = 3", at=at)
    record = await agency.cycle()
    assert record.repaired == {Fault.LEASE_OVER.value: 1}
    assert agency.sql("SELECT wait_until FROM outgoing")[0][0] is None
    assert agency.receipts[0].wake == {"telegram"}
    # Nobody serves this way: for as long as it waits, its moment hides nothing.
    assert agency.faults() == {Fault.MESSAGE_STUCK}


async def test_a_reminder_may_wait_for_its_day(agency: Audited) -> None:
    agency.draft(Kind.REMINDER, not_before=MONDAY + 300 * DAY)
    assert (await agency.cycle()).is_sound


async def test_a_lease_that_lasts_is_left_alone(agency: Audited) -> None:
    agency.draft()
    agency.sql("UPDATE outgoing SET state = 'sending', wait_until = :at", at=micros(MONDAY + MINUTE))
    assert (await agency.cycle()).is_sound
    assert agency.sql("SELECT state FROM outgoing")[0][0] == "sending"


@pytest.mark.parametrize(
    ("change", "is_withheld"),
    [
        ("standing = 'invited'", True),
        (f"paused_until = {micros(MONDAY + DAY)}", True),
        (f"paused_until = {micros(MONDAY - DAY)}", False),
        ("standing = 'active'", False),
    ],
)
async def test_what_a_person_does_not_want_is_withheld(
    agency: Audited, change: str, is_withheld: bool
) -> None:
    agency.draft(Kind.REMINDER)
    agency.draft(Kind.CRISIS)
    agency.sql(f"UPDATE participant SET {change}")
    await agency.cycle()
    states = [row[0] for row in agency.sql("SELECT state FROM outgoing ORDER BY id")]
    assert states == ["cancelled" if is_withheld else "queued", "queued"]


async def test_a_consent_that_was_taken_back_withholds(agency: Audited) -> None:
    agency.draft(Kind.NOTICE)
    agency.sql("UPDATE consent SET granted = :no", no=False)
    assert (await agency.cycle()).repaired == {Fault.UNWANTED.value: 1}


async def test_a_message_without_the_consent_it_needs_is_withheld(agency: Audited) -> None:
    agency.draft(Kind.REPLY, needs=("health_checkins",))
    assert (await agency.cycle()).repaired == {Fault.UNWANTED.value: 1}


@pytest.mark.parametrize("change", ["kind = 'other'", "state = 'other'"])
async def test_a_message_that_cannot_be_read_is_named(agency: Audited, change: str) -> None:
    agency.draft()
    agency.sql(f"UPDATE outgoing SET {change}")
    await agency.cycle()
    assert agency.faults() == {Fault.MESSAGE_UNREADABLE}


async def test_a_call_that_cannot_be_read_is_made_again_and_the_message_named(agency: Audited) -> None:
    concern = agency.raised(Level.R3)
    agency.sql(
        "UPDATE outgoing SET state = 'queued', body = :blob WHERE kind = 'staff_alert'", blob=b"broken"
    )
    agency.clock.advance(MINUTE)
    at = agency.clock.now()
    assert agency.world.do(lambda uow: uow.outbox.claim("telegram_staff", at, 9, at + MINUTE)) == []
    assert (await agency.cycle()).repaired == {Fault.CALL_LOST.value: 1}
    assert agency.history(concern.id)[-1][0] == "called"
    assert agency.faults() == {Fault.MESSAGE_UNREADABLE}
    # By the next day whoever can do something about it has heard of it.
    await agency.cycle(after=DAY)
    assert Fault.MESSAGE_UNREADABLE not in agency.faults()


@pytest.mark.parametrize(
    ("kind", "hours"), [("appointment", 72), ("appointment", 4), ("home_visit", 72), ("home_visit", -3)]
)
@pytest.mark.parametrize("change", ["DELETE FROM timer", "UPDATE timer SET due_at = due_at + 31536000000000"])
async def test_the_lost_timer_of_an_appointment_is_set_for_its_moment(
    agency: Audited, kind: str, hours: int, change: str
) -> None:
    starts_at = MONDAY + timedelta(hours=hours)
    an_appointment(agency, AppointmentKind.HOME, starts_at)
    moment = f"SELECT due_at FROM timer WHERE kind = '{kind}'"
    before = agency.sql(moment)
    assert (await agency.cycle()).repaired in ({}, {Fault.VISIT_LOST.value: 1})
    agency.sql(change)
    await agency.cycle()
    now = agency.clock.now()
    wanted = before[0][0] if hours > 0 else micros(now)
    assert [row[0] for row in agency.sql(moment)] == [wanted]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE appointment SET state = 'cancelled'",
        "UPDATE appointment SET state = 'over', starts_at = starts_at - 864000000000",
        "UPDATE home_visit SET back_at = 0",
    ],
)
async def test_of_a_visit_that_is_over_nobody_is_asked(agency: Audited, change: str) -> None:
    an_appointment(agency, AppointmentKind.HOME)
    agency.sql("DELETE FROM timer WHERE kind = 'home_visit'")
    agency.sql(change)
    assert Fault.VISIT_LOST.value not in (await agency.cycle()).repaired


async def test_messages_move_on(agency: Audited) -> None:
    """A long queue is no fault while something goes out; what is urgent may not be in it."""
    message_stuck(agency)
    agency.draft()
    agency.sql("UPDATE outgoing SET state = 'sent', settled_at = :at WHERE id = 2", at=micros(MONDAY))
    assert (await agency.cycle()).is_sound
    agency.sql("UPDATE outgoing SET priority = 0 WHERE id = 1")
    await agency.cycle()
    assert agency.faults() == {Fault.MESSAGE_STUCK}


@pytest.mark.parametrize("waits", [-1, 60])
async def test_a_message_that_waits_for_its_moment_is_not_stuck(agency: Audited, waits: int) -> None:
    message_stuck(agency)
    agency.sql("UPDATE outgoing SET wait_until = :at", at=micros(MONDAY + waits * MINUTE))
    assert (await agency.cycle()).is_sound


@pytest.mark.parametrize("fault", sorted(LATENESS))
async def test_nobody_is_late_after_a_start_or_a_jump_of_the_clock(agency: Audited, fault: Fault) -> None:
    PLANTS[fault](agency)
    assert (await agency.cycle(after=timedelta(hours=3))).is_sound
    for _ in range(9):
        assert (await agency.cycle()).is_sound
    await agency.cycle(after=timedelta(seconds=31))
    # By then nobody has fired the timer of a concern either.
    also = {Fault.TIMER_LATE} if fault is Fault.OVERDUE else set()
    assert agency.faults() == {fault} | also


async def test_a_receipt_after_an_alert_that_arrived_is_true(agency: Audited) -> None:
    agency.raised(Level.R3)
    agency.sql("UPDATE concern SET receipt_given = :yes", yes=True)
    assert (await agency.cycle()).is_sound


async def test_two_processes_take_turns(agency: Audited) -> None:
    await agency.cycle()
    assert await agency.auditor.cycle() is None
    assert (await agency.cycle()).is_sound
    assert len(agency.pings) == 2


async def test_a_clock_that_was_set_back_does_not_silence_it(agency: Audited) -> None:
    await agency.cycle()
    agency.sql("UPDATE fact SET value = replace(value, '2026-11-23', '2027-11-23') WHERE name = 'auditor'")
    assert (await agency.cycle()).is_sound


@pytest.mark.parametrize(
    "written", ["", "not json", "{}", '{"begun_at":"2026-11-23T09:00:00Z","findings":[{"fault":"newer"}]}']
)
async def test_a_row_of_another_version_stops_neither_the_auditor_nor_the_process(
    agency: Audited, written: str
) -> None:
    agency.sql("UPDATE fact SET value = :written WHERE name = 'auditor'", written=written)
    assert await agency.auditor.problems() == []
    assert (await agency.cycle()).is_sound
    no_timer(agency)
    assert (await agency.cycle()).repaired == {Fault.NO_TIMER.value: 1}


async def test_what_is_broken_in_one_part_stays_found_while_others_are_looked_at(agency: Audited) -> None:
    """Conversations are looked at in parts of 500: the outside hears nothing, and staff hear of it once."""
    version_gone(agency)
    person = agency.world.participant

    def want_many(uow: UnitOfWork) -> None:
        for number in range(501):
            wanted = Underway(0, person, "x", ConversationState.WANTED, subject=str(number))
            uow.talks.want_conversation(AGENCY, wanted, MONDAY)

    agency.world.do(want_many)
    for _ in range(4):
        assert {one.fault for one in (await agency.cycle()).findings} == {Fault.VERSION_GONE}
    assert (agency.pings, agency.alarms()) == ([], 1)
    agency.sql("UPDATE conversation SET state = 'ended' WHERE state <> 'wanted'")
    for _ in range(3):
        await agency.cycle()
    assert agency.record().is_sound


@pytest.mark.parametrize(
    ("level", "state", "rests", "is_sound"),
    [
        (Level.R3, "open", timedelta(minutes=50), True),
        (Level.R3, "open", timedelta(minutes=70), False),
        (Level.R2, "open", timedelta(days=1), True),
        (Level.R2, "open", timedelta(days=5), False),
        (Level.R1, "in_hand", timedelta(days=13), True),
        (Level.R1, "in_hand", timedelta(days=17), False),
        (Level.R1, "taken", timedelta(days=3), True),
        (Level.R1, "taken", timedelta(days=13), False),
        (Level.R3, "taken", timedelta(minutes=50), True),
        (Level.R3, "taken", timedelta(minutes=70), False),
        (Level.R3, "in_hand", timedelta(hours=13), True),
        (Level.R3, "in_hand", timedelta(hours=15), False),
    ],
)
async def test_no_concern_rests_longer_than_its_ladder_or_a_human_may_let_it(
    agency: Audited, level: Level, state: str, rests: timedelta, is_sound: bool
) -> None:
    concern = agency.raised(level)
    agency.sql(
        "UPDATE concern SET next_action_at = :at, state = :state, taken_by = owner_id",
        at=micros(MONDAY + rests),
        state=state,
    )
    assert await agency.cycle()
    assert agency.record().repaired == ({} if is_sound else {Fault.RESTS_TOO_LONG.value: 1})
    if not is_sound:
        woken = agency.concern(concern.id)
        assert woken.state is State.OPEN
        assert woken.next_action_at is not None
        assert woken.next_action_at <= agency.clock.now() + 3 * DAY
        assert (await agency.cycle()).repaired == {Fault.RESTS_TOO_LONG.value: 1}


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.RELAY, Kind.REPLY])
@pytest.mark.parametrize("attempts", [0, 1])
async def test_what_is_held_back_for_ever_is_stuck_though_others_go_out(
    agency: Audited, kind: Kind, attempts: int
) -> None:
    agency.draft(kind)
    agency.sql(
        "UPDATE outgoing SET posted_at = :at, wait_until = :never, attempts = :attempts",
        at=micros(MONDAY - 7 * 60 * MINUTE),
        never=micros(MONDAY + 9999 * DAY),
        attempts=attempts,
    )
    agency.draft(Kind.NOTICE)
    agency.sql("UPDATE outgoing SET state = 'sent', settled_at = posted_at WHERE kind = 'notice'")
    await agency.cycle()
    assert agency.faults() == {Fault.MESSAGE_STUCK}
    assert agency.pings == []


@pytest.mark.parametrize("kind", [Kind.RELAY, Kind.REPLY])
async def test_a_humans_words_left_behind_are_stuck_though_others_go_out(agency: Audited, kind: Kind) -> None:
    agency.draft(kind)
    agency.draft(Kind.NOTICE)
    agency.sql("UPDATE outgoing SET posted_at = :at", at=micros(MONDAY - 7 * 60 * MINUTE))
    agency.sql(
        "UPDATE outgoing SET state = 'sent', settled_at = :at WHERE kind = 'notice'", at=micros(MONDAY)
    )
    await agency.cycle()
    assert agency.faults() == {Fault.MESSAGE_STUCK}


async def test_who_closed_it_before_it_was_opened_again_has_not_closed_it_now(agency: Audited) -> None:
    concern = agency.raised()

    def was_closed_before(uow: UnitOfWork) -> None:
        uow.concerns.log(concern.id, MONDAY, "close", "staff:1", "reached")
        uow.concerns.log(concern.id, MONDAY, "reopen", "staff:1")

    agency.world.do(was_closed_before)
    agency.sql("UPDATE concern SET state = 'closed', outcome = 'reached', next_action_at = NULL")
    await agency.cycle()
    assert agency.faults() == {Fault.CLOSED_BY_NOBODY}
    agency.world.do(lambda uow: uow.concerns.log(concern.id, MONDAY, "close", "staff:1", "reached"))
    assert (await agency.cycle()).is_sound


async def test_what_is_in_the_hand_of_somebody_who_has_left_is_found_though_marked(agency: Audited) -> None:
    concern = agency.raised()
    agency.sql("UPDATE concern SET state = 'in_hand', taken_by = owner_id, uncovered = :yes", yes=True)
    agency.sql("UPDATE staff SET left_at = :at WHERE id = :id", at=micros(MONDAY), id=agency.world.coach)
    assert (await agency.cycle()).repaired == {Fault.NOBODY.value: 1}
    assert agency.concern(concern.id).state is State.OPEN


async def test_concerns_of_an_agency_that_the_settings_do_not_name_are_told(
    agency: Audited, caplog: pytest.LogCaptureFixture
) -> None:
    concern = agency.raised(Level.R3)
    agency.rules = replace(agency.rules, hours={})
    record = await agency.cycle()
    assert [(one.fault, one.ids) for one in record.findings] == [(Fault.NOBODY, (concern.id,))]
    assert agency.pings == []
    # Nobody tries each of them, one by one and in every cycle, where nothing can be put right.
    assert "not repaired" not in caplog.text


async def test_staff_are_told_once_until_it_changes_and_again_daily(agency: Audited) -> None:
    closed_by_nobody(agency)
    await agency.cycle()
    await agency.cycle()
    assert agency.alarms() == 1
    closed_by_nobody(agency)
    await agency.cycle()
    assert agency.alarms() == 1
    await agency.cycle(after=timedelta(minutes=15))
    assert agency.alarms() == 2
    await agency.cycle(after=timedelta(hours=23))
    assert agency.alarms() == 2
    await agency.cycle(after=timedelta(hours=1))
    assert agency.alarms() == 3


async def test_what_is_over_and_comes_again_is_told_again(agency: Audited) -> None:
    closed_by_nobody(agency)
    await agency.cycle()
    agency.sql("UPDATE concern SET state = 'open'")
    agency.sql("DELETE FROM timer WHERE kind = 'concern'")
    assert (await agency.cycle()).is_sound
    agency.sql("UPDATE concern SET state = 'closed'")
    await agency.cycle()
    assert agency.alarms() == 2


async def test_nobody_counts_as_told_who_cannot_hear(agency: Audited) -> None:
    closed_by_nobody(agency)
    agency.sql("UPDATE address SET state = 'closed' WHERE staff_id = :lead", lead=agency.lead)
    await agency.cycle()
    assert agency.record().told == {}
    agency.sql("UPDATE address SET state = 'open'")
    await agency.cycle()
    assert agency.alarms() == 1


async def test_a_check_that_fails_does_not_blind_the_others(
    agency: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ValueError

    no_timer(agency)
    agency.sql("UPDATE participant SET standing = 'active'")
    version_gone(agency)
    monkeypatch.setattr("bot.storage.soundness.SqlSoundness.versions", broken)
    record = await agency.cycle()
    assert record.repaired == {Fault.NO_TIMER.value: 1}
    assert agency.faults() == {Fault.NOT_CHECKED}
    assert agency.pings == []


@pytest.mark.parametrize("change", ["level = 'R9'", "state = 'lost'"])
async def test_a_concern_that_cannot_be_read_hides_no_other(agency: Audited, change: str) -> None:
    strange, other = (agency.raised(source=f"source {number}") for number in range(2))
    agency.sql("UPDATE concern SET owner_id = NULL")
    agency.sql("DELETE FROM outgoing")
    agency.sql(f"UPDATE concern SET {change} WHERE id = :id", id=strange.id)
    record = await agency.cycle()
    assert [(one.fault, one.ids) for one in record.findings] == [(Fault.UNREADABLE, (strange.id,))]
    assert record.repaired == {Fault.NOBODY.value: 1}
    assert agency.history(other.id)[-1][0] == "called"


async def test_a_repair_that_fails_stops_no_other(agency: Audited) -> None:
    """One concern cannot be opened: that one is told, the others are put right."""
    strange, *others = [agency.raised(source=f"source {number}") for number in range(3)]
    agency.sql("UPDATE concern SET policy = 'broken'")
    agency.sql("UPDATE concern SET quote = :blob WHERE id = :id", blob=b"not sealed", id=strange.id)
    record = await agency.cycle()
    assert record.repaired == {Fault.NO_LADDER.value: len(others)}
    found = [(one.fault, one.ids) for one in record.findings]
    assert found == [(Fault.SEALED, (strange.id,)), (Fault.NO_LADDER, (strange.id,))]
    assert agency.alarms() == 1


@pytest.mark.parametrize("change", ["role = 'other'", "name = :blob"])
async def test_a_team_that_cannot_be_read_ends_no_cycle(agency: Audited, change: str) -> None:
    """Its ladders stand still, and nobody in it can be told; so those outside must hear it."""
    agency.raised(Level.R3)
    agency.sql(f"UPDATE staff SET {change}", **({"blob": b"not sealed"} if "blob" in change else {}))
    record = await agency.cycle()
    assert record.finished_at == agency.clock.now()
    assert agency.faults() == {Fault.NOT_CHECKED}
    assert agency.pings == []
    assert (agency.alarms(), agency.record().told) == (0, {})


async def test_whatever_goes_wrong_the_next_cycle_comes(
    agency: Audited, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("Alles zu viel.")

    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        monkeypatch.setattr(audit_book, "begin", broken)
        group.create_task(agency.auditor.run(stop))
        for _ in range(3):
            await _turn(agency)
        monkeypatch.undo()
        await _turn(agency)
        stop.set()
    assert agency.record().finished_at == agency.clock.now()
    assert caplog.text.count("auditor: a cycle failed: ValueError") == 3
    assert "Alles zu viel" not in caplog.text


async def _turn(agency: Audited) -> None:
    for _ in range(20):
        await asyncio.sleep(0.01)
    agency.clock.advance(Pace().every)
    for _ in range(50):
        await asyncio.sleep(0.01)


async def test_cycles_that_take_too_long_are_told_and_still_see_what_is_late(agency: Audited) -> None:
    """Where the database is slow much is late: just then it must be looked for."""
    message_stuck(agency)
    agency.sql("DELETE FROM fact WHERE name = 'auditor'")
    takes = timedelta(seconds=125)
    storage = agency.auditor._storage
    for _ in range(4):
        agency.auditor._storage = Slow(agency, takes)  # type: ignore[assignment]
        await agency.cycle()
        agency.auditor._storage = storage
    assert agency.faults() == {Fault.MESSAGE_STUCK}
    assert "auditor: a cycle took 125 s, more than 60 s" in await agency.auditor.problems()


async def test_a_cycle_that_takes_too_long_is_no_sign_of_life(agency: Audited) -> None:
    storage = agency.auditor._storage
    agency.auditor._storage = Slow(agency, timedelta(seconds=61))  # type: ignore[assignment]
    assert (await agency.cycle()).is_sound
    assert agency.pings == []
    agency.auditor._storage = storage
    await agency.cycle()
    assert (len(agency.pings), await agency.auditor.problems()) == (1, [])


@dataclass
class Slow:
    """A store that takes so long for the first use case after the one with which a cycle begins."""

    agency: Audited
    takes: timedelta
    runs: int = 0

    async def run(self, use_case: Callable[[UnitOfWork], T]) -> T:
        self.runs += 1
        if self.runs == 2:
            self.agency.clock.advance(self.takes)
        return await self.agency.world.storage.run(use_case)


async def test_what_two_processes_tell_and_repair_at_once_is_told_once_and_counted_twice(
    agency: Audited,
) -> None:
    closed_by_nobody(agency)
    record = agency.record()
    finding = Finding(Fault.CLOSED_BY_NOBODY, AGENCY, 1, (1,))
    found = msgspec.structs.replace(record, findings=(finding,))
    for _ in range(2):
        agency.world.do(
            lambda uow: audit_book.conclude(uow, found, {Fault.NO_TIMER.value: 1}, agency.clock.now())
        )
        agency.world.do(lambda uow: audit_book.tell(uow, agency.rules, AGENCY, agency.clock.now()))
    assert (agency.alarms(), agency.record().repaired) == (1, {Fault.NO_TIMER.value: 2})


async def test_a_heartbeat_that_cannot_be_delivered_is_counted(agency: Audited) -> None:
    agency.answers = False
    assert (await agency.cycle()).is_sound
    assert agency.auditor.failed_pings == 1


async def test_an_auditor_that_has_died_is_named(agency: Audited) -> None:
    await agency.cycle()
    agency.clock.advance(timedelta(minutes=4))
    assert await agency.auditor.problems() == ["auditor: no cycle has ended for 240 s"]


async def test_many_at_once_are_repaired_together(agency: Audited) -> None:
    for number in range(60):
        agency.raised(source=f"source {number}")
    agency.sql("DELETE FROM timer WHERE kind = 'concern'")
    assert (await agency.cycle()).repaired == {Fault.NO_TIMER.value: 60}


async def test_a_task_about_somebody_who_was_erased_and_what_was_reminded_of_are_left_alone(
    agency: Audited,
) -> None:
    task_lost(agency, is_erased=True)
    referral_lost(agency)
    agency.sql(
        "INSERT INTO referral_event (agency_id, participant_id, referral_id, at, event, actor, detail)"
        " SELECT agency_id, participant_id, id, changed_at, 'remind', 'system', '' FROM referral"
    )
    assert (await agency.cycle()).repaired == {}


async def test_of_whom_a_fact_cannot_be_read_hides_nobody_whose_plan_was_lost(agency: Audited) -> None:
    """Twenty people are looked at in a cycle: who is behind them has their turn, with the timer set again."""
    plan_lost(agency)
    first = agency.world.participant
    agency.world.neighbours(20)
    [(last,)] = agency.sql("SELECT max(id) FROM participant")
    agency.sql(
        "INSERT INTO consent (agency_id, participant_id, purpose, granted, text, version, language, channel,"
        " at, meaning, text_hash)"
        " SELECT consent.agency_id, participant.id, purpose, granted, text, version, consent.language,"
        " channel, at, meaning, text_hash FROM consent, participant"
        " WHERE consent.participant_id = :first AND participant.id <> :first",
        first=first,
    )

    def settle(uow: UnitOfWork) -> None:
        for number in range(first + 1, last + 1):
            person = uow.plans.lock(number)
            assert person is not None
            follow_plans.follow(uow, agency.rules, person, MONDAY)
        uow.memory.set_fact(AGENCY, first, "window", "Vormittags", MONDAY)

    agency.world.do(settle)
    agency.sql("UPDATE participant_fact SET value = :blob", blob=b"not sealed")
    agency.sql("DELETE FROM timer WHERE kind = 'plan' AND subject = :last", last=last)
    for _ in range(4):
        [finding] = (await agency.cycle()).findings
        assert (finding.fault, finding.ids) == (Fault.PLAN_LOST, (first,))
    assert agency.record().repaired == {Fault.PLAN_LOST.value: 1}
    assert agency.sql("SELECT subject FROM timer WHERE kind = 'plan' AND subject = :last", last=last)
    assert agency.alarms() == 1


async def test_a_conversation_that_cannot_be_read_hides_no_other_whose_version_is_gone(
    agency: Audited,
) -> None:
    version_gone(agency)
    agency.sql("UPDATE conversation SET state = 'wanted', session = :blob", blob=b"not sealed")
    version_gone(agency)
    [finding] = (await agency.cycle()).findings
    assert (finding.fault, finding.ids) == (Fault.VERSION_GONE, (1, 2))
    assert agency.alarms() == 1


async def test_a_plan_without_a_coming_moment_has_lost_nothing(agency: Audited) -> None:
    plan_lost(agency)
    agency.sql("UPDATE followed SET is_on = :no WHERE plan = 'hello'", no=False)
    assert (await agency.cycle()).repaired == {}


async def test_a_plan_asks_when_it_would_have_though_its_timer_was_lost(agency: Audited) -> None:
    plan_lost(agency)
    await agency.cycle()
    rows = agency.sql("SELECT due_at, payload FROM timer WHERE kind = 'plan'")
    thursday = datetime(2026, 11, 26, 9, 0, tzinfo=MONDAY.tzinfo)
    [(due_at, plan)] = [tuple(row) for row in rows]
    assert plan == "hello"
    assert micros(thursday) <= due_at <= micros(thursday + 10 * MINUTE)


async def test_a_name_that_cannot_be_read_is_told_once_before_its_concern_is_due(agency: Audited) -> None:
    concern = agency.raised()
    agency.sql("UPDATE participant SET name = :broken", broken=b"\x01\x02k1broken")
    [finding] = (await agency.cycle()).findings
    assert (finding.fault, finding.ids) == (Fault.SEALED, (concern.id,))
    await agency.cycle()
    assert agency.alarms() == 1
    agency.sql("UPDATE concern SET state = 'closed'")
    await agency.cycle()
    assert Fault.SEALED not in agency.faults()


async def test_no_cycle_is_missed_also_where_the_last_one_ended_by_a_clock_that_ran_ahead(
    agency: Audited,
) -> None:
    await agency.cycle()
    record = msgspec.structs.replace(agency.record(), finished_at=agency.clock.now() + DAY)
    agency.world.do(lambda uow: uow.ledger.set_fact("auditor", msgspec.json.encode(record).decode()))
    agency.clock.advance(timedelta(hours=2))
    assert any("no cycle has ended" in line for line in await agency.auditor.problems())


@pytest.mark.parametrize(
    ("event", "after", "ends"),
    [
        ("replied", MINUTE, True),
        ("close", MINUTE, True),
        ("take_over", MINUTE, False),
        ("replied", -MINUTE, False),
    ],
)
async def test_a_lost_crisis_text_to_somebody_elses_address_ends_when_a_human_was_in_touch(
    agency: Audited, event: str, after: timedelta, *, ends: bool
) -> None:
    concern = agency.raised()
    help_lost(agency)
    agency.sql("UPDATE address SET participant_id = NULL, staff_id = :id WHERE channel = 'telegram'", id=1)
    await agency.cycle()
    assert agency.faults() == {Fault.HELP_LOST}
    actor = f"staff:{agency.world.coach}"
    agency.world.do(lambda uow: uow.concerns.log(concern.id, MONDAY + after, event, actor))
    await agency.cycle()
    assert (Fault.HELP_LOST not in agency.faults()) is ends
