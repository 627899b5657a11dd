# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who left the team long ago is nobody any more, on every store; and no table about staff is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import select

from bot.domain.concerns import State
from bot.domain.duty import ShiftChange, ShiftPattern, long_stopped
from bot.domain.identity import Identity, IdentityOffer
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Role
from bot.domain.sign_in import How, Login, Session
from bot.ports import UnitOfWork
from bot.storage.columns import metadata
from bot.storage.duty_tables import shift_pattern
from bot.storage.staff_retention import GOES
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

DAY = timedelta(days=1)
#: What goes on naming a number: histories, and who is responsible now.
NAMED = {
    "absence.deputy_id",
    "accompaniment.staff_id",
    "application.made_by",
    "appointment.set_by",
    "appointment_series.set_by",
    "broken_glass.staff_id",
    "concern.owner_id",
    "concern.taken_by",
    "conference.made_by",
    "conference_decision.owner_id",
    "conference_guest.staff_id",
    "enrolment.confirmed_by",
    "expectation_sheet.made_by",
    "expectation_side.noted_by",
    "expectation_topic.made_by",
    "group_offer.led_by",
    "group_offer.made_by",
    "handover_pack.made_by",
    "handover_receiver.added_by",
    "help_plan.made_by",
    "home_visit.second_id",
    "home_visit.staff_id",
    "invitation.coach_id",
    "invitation_card.coach_id",
    "invitation_card.made_by",
    "outcome_marker.set_by",
    "outgoing.staff_id",
    "participant.coach_id",
    "person_note.staff_id",
    "placement.contact_id",
    "placement.made_by",
    "placement_week.entered_by",
    "referral.made_by",
    "rehearsal.asked_by",
    "score_judgement.staff_id",
    "sharing_ask.asked_by",
    "sharing_ask.contact_id",
    "staff.deputy_id",
}


def test_every_column_that_names_staff_is_decided_about() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if any(key.column.table.name == "staff" for key in column.foreign_keys)
    }
    goes = {f"{column.table.name}.{column.name}" for column in GOES}
    assert goes | NAMED == named
    assert not goes & NAMED


def rows_of(uow: UnitOfWork, staff_id: int) -> dict[str, int]:
    assert isinstance(uow, SqlUnitOfWork)
    found = {}
    for column in GOES:
        rows = uow.connection.execute(select(column.table.c.id).where(column == staff_id)).all()
        found[f"{column.table.name}.{column.name}"] = len(rows)
    return {name: count for name, count in found.items() if count}


def settle(uow: UnitOfWork) -> int:
    """Somebody with something of everything that can be had without a case."""
    gone = uow.people.add_staff(AGENCY, "Gerd Gegangen", Role.LEAD, "gerd@amt.example", "de")
    where = uow.people.add_address(AGENCY, "console", "browser", staff_id=gone)
    uow.sign_ins.add_session(
        Session(*(0, AGENCY, gone, where, How.LINK, "Firefox, Linux", NOW, NOW, HOUR, NOW + DAY))
    )
    uow.sign_ins.offer(Login(0, AGENCY, gone, "gerd", "", "", 0, "SECRET", NOW + DAY), "code")
    uow.sign_ins.offer_identity(IdentityOffer(AGENCY, gone, NOW + DAY), "code")
    uow.sign_ins.bind_identity(gone, Identity("https://haus.example", "1"), NOW)
    uow.sign_ins.keep_recovery(AGENCY, gone, ["ABCDE-FGHIJ"])
    uow.sign_ins.know_device(AGENCY, gone, "device", NOW)
    return gone


def test_who_left_is_a_number_and_a_role(world: World) -> None:
    gone = world.do(settle)
    before = world.do(lambda uow: rows_of(uow, gone))
    assert len(before) == 6
    mine = world.do(lambda uow: rows_of(uow, world.coach))
    world.do(lambda uow: uow.people.change_staff(gone, left_at=NOW, focus="later:1"))
    world.do(lambda uow: uow.people.change_staff(world.coach, deputy_id=gone))
    assert world.do(lambda uow: uow.retention.left_team(AGENCY, NOW, 9)) == []
    assert world.do(lambda uow: uow.retention.left_team(AGENCY, NOW + HOUR, 9)) == [gone]
    world.do(lambda uow: uow.retention.clear_staff(gone, "Ehemals im Team", NOW + HOUR))
    left = world.do(lambda uow: uow.people.staff(gone))
    assert left is not None
    assert (left.name, left.role, left.focus, left.deputy_id) == ("Ehemals im Team", Role.LEAD, "", None)
    assert world.do(lambda uow: rows_of(uow, gone)) == {}
    assert world.do(lambda uow: rows_of(uow, world.coach)) == mine, "nobody else's"
    assert world.do(lambda uow: uow.retention.left_team(AGENCY, NOW + HOUR, 9)) == [], "once"
    assert world.do(lambda uow: uow.sign_ins.bound_to(Identity("https://haus.example", "1"))) is None


def test_duties_go_after_their_end(world: World) -> None:
    shift = ShiftPattern(0, AGENCY, world.coach, "FREQ=DAILY", date(2026, 1, 1), time(16), time(8), "UTC")
    ended = [replace(shift, last_day=day) for day in (None, date(2026, 1, 31), date(2026, 2, 1))]

    def settle_duties(uow: UnitOfWork) -> None:
        numbers = [uow.duty.add_pattern(one) for one in ended]
        for day in (date(2026, 1, 31), date(2026, 2, 1)):
            uow.duty.set_change(AGENCY, ShiftChange(numbers[0], day, None))

    world.do(settle_duties)
    first = date(2026, 2, 1)
    assert world.do(lambda uow: uow.retention.drop_duties(AGENCY, NOW, first, 9)) == 2

    def lasts(uow: UnitOfWork) -> set[str]:
        assert isinstance(uow, SqlUnitOfWork)
        return set(uow.connection.execute(select(shift_pattern.c.last_day)).scalars())

    assert world.do(lasts) == {"", "2026-02-01"}
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert [one.day for one in world.do(lambda uow: uow.duty.changes(AGENCY, *year))] == [first]


def test_that_contact_ended_long_ago_is_told_once_however_long_ago_that_was(world: World) -> None:
    subjects = (long_stopped("F0001"), "gap:2026-01-01")

    def news(uow: UnitOfWork) -> list[bool]:
        return [uow.duty.first_time(AGENCY, subject, NOW) for subject in subjects]

    assert world.do(news) == [True, True]
    assert world.do(lambda uow: uow.retention.drop_duties(AGENCY, NOW + DAY, date(2026, 1, 1), 9)) == 1
    assert world.do(news) == [False, True]


def test_an_open_concern_and_a_kept_message_hold_somebody_back(world: World) -> None:
    def settle_two(uow: UnitOfWork) -> list[int]:
        staff = [uow.people.add_staff(AGENCY, "Gerd Gegangen", Role.COACH, "", "de") for _ in range(2)]
        uow.concerns.add(world.concern(owner_id=staff[0]))
        where = uow.people.add_address(AGENCY, "console", "browser", staff_id=staff[1])
        uow.outbox.post([Draft(AGENCY, where, "console", Kind.REPLY, Body("Guten Tag"))], NOW)
        for one in staff:
            uow.people.change_staff(one, left_at=NOW)
        return staff

    staff = world.do(settle_two)
    assert world.do(lambda uow: uow.retention.left_team(AGENCY, NOW + HOUR, 9)) == []
    [concern] = world.do(lambda uow: uow.concerns.of_agency(AGENCY))
    world.do(lambda uow: uow.concerns.save(replace(concern, state=State.CLOSED)))
    assert world.do(lambda uow: uow.retention.left_team(AGENCY, NOW + HOUR, 9)) == staff[:1]
