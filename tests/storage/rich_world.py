# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person of whom every table knows something, each text with a canary in it; and who looks for canaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, literal, select, type_coerce

from bot.domain.access import BrokenGlass
from bot.domain.appointments import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Coming,
    Details,
    Series,
)
from bot.domain.consent import ConsentRecord
from bot.domain.conversations import ConversationState, Underway
from bot.domain.enrolments import Enrolment, Move, PhaseEvent, ProgrammeTask, TaskKind
from bot.domain.help_plans import Goal, HelpPlan, PlanContent, PlanEntry, PlanEvent, PlanState
from bot.domain.messages import Body, Draft, Kind
from bot.domain.own_page import Factor, PageLock, PageSession
from bot.domain.people import Standing
from bot.domain.scores import ScoreRecord
from bot.domain.sharing import SharingAsk
from bot.domain.stories import PersonNote
from bot.ports import Answer, UnitOfWork
from bot.storage.owners import owner_of, sealed_tables
from bot.storage.sealing import PERSON, key_id
from tests.storage.stores import AGENCY, HOUR, NOW, World, heard

#: A word that occurs nowhere else; each place has one of its own.
CANARY = "Kanarienvogel"

#: Tables with content that is never one participant's.
NOBODYS = {
    "staff",
    "canned_reply",
    "appointment_entry",
    "staff_login",
    "saved_view",
    "invitation_card",
    "partner",
}


def canary(place: str) -> str:
    """The word for one place."""
    return f"{CANARY}-{place}"


def enrich(world: World, name: str = "Mia") -> int:
    """One more person, with something in every table that holds content. Returns their number."""
    person = world.do(
        lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", world.coach, canary(name))
    )
    world.do(lambda uow: _talk(uow, world, person))
    world.do(lambda uow: _concern(uow, world, person))
    world.do(lambda uow: _appointments(uow, world, person))
    world.do(lambda uow: _programmes(uow, world, person))
    world.do(lambda uow: _help_plan(uow, world, person))
    return person


def _talk(uow: UnitOfWork, world: World, person: int) -> None:
    where = uow.people.add_address(AGENCY, "telegram", canary(f"Adresse-{person}"), participant_id=person)
    for kind in ("text", "press", "attachment"):
        uow.talks.record_incoming(heard(f"{person}-{kind}", **{kind: canary(kind)}), AGENCY, person, NOW)
    first = uow.talks.open_conversation(AGENCY, person, "weekly_checkin", canary("Sitzung"), NOW)
    uow.talks.save_conversation(first, canary("Sitzung"), NOW)
    uow.talks.move_conversation(first, ConversationState.ASLEEP, canary("Sitzung"), NOW)
    uow.talks.end_conversation(first, canary("Sitzung"), "completed", NOW)
    wanted = Underway(
        0, person, "weekly_checkin", ConversationState.WANTED, "", 1, Kind.REMINDER, NOW + HOUR, ""
    )
    uow.talks.begin_wanted(uow.talks.want_conversation(AGENCY, wanted, NOW), canary("Sitzung"), NOW)
    uow.talks.want_conversation(AGENCY, wanted, NOW)
    uow.stories.add_note(PersonNote(0, AGENCY, person, world.coach, NOW, canary("Vermerk")))
    glass = BrokenGlass(0, AGENCY, world.coach, person, canary("Grund"), NOW, NOW + HOUR)
    uow.access.break_glass(glass)
    uow.talks.add_answers(
        AGENCY, [Answer(person, first, "weekly_checkin", "sleep", "sleep", canary("Antwort"))], NOW
    )
    uow.talks.add_consent(
        AGENCY,
        ConsentRecord(
            person, "sharing", True, canary("Text"), "1", "de", "telegram", NOW, object=canary("Partner")
        ),
    )
    ask = SharingAsk(0, AGENCY, person, canary("Stelle"), canary("Was"), canary("Wozu"), world.coach, NOW)
    ask = replace(ask, id=uow.sharing.add(ask))
    uow.sharing.hand(ask, canary("Weitergabe"), 1, NOW)
    typed = uow.talks.record_incoming(heard(f"{person}-staff", text=canary("getippt")), AGENCY, None, NOW)
    assert typed is not None
    uow.rights.give_to(typed, person)
    uow.own_page.set_lock(PageLock(AGENCY, person, Factor.PIN, canary("PIN"), NOW))
    uow.own_page.begin(PageSession(where, AGENCY, person, NOW, NOW, is_strong=True))
    uow.memory.set_fact(AGENCY, person, "nickname", canary("Rufname"), NOW)
    uow.memory.add_scores(
        AGENCY,
        [
            ScoreRecord(person, first, "phq4.total", 1, NOW, value=3, band=canary("Band")),
            ScoreRecord(person, first, "phq4.total", 1, NOW, reason="missing", items=(canary("Frage"),)),
        ],
    )
    uow.outbox.post([Draft(AGENCY, where, "telegram", Kind.REPLY, Body(canary("an")), person)], NOW)
    # To the person, without saying so.
    uow.outbox.post([Draft(AGENCY, where, "telegram", Kind.REPLY, Body(canary("an")))], NOW)


def _concern(uow: UnitOfWork, world: World, person: int) -> None:
    new = world.concern(participant_id=person, quote=canary("Zitat"), next_step=canary("Schritt"))
    number = uow.concerns.add(new)
    kept = uow.concerns.get(number)
    assert kept is not None
    uow.concerns.save(kept)
    uow.concerns.log(number, NOW, "note", f"staff:{world.coach}", canary("Notiz"))
    uow.concerns.log(number, NOW, "raise", "dialog")
    # About the person, to staff.
    about = Draft(
        AGENCY,
        world.coach_address,
        "telegram_staff",
        Kind.STAFF_ALERT,
        Body(canary("Hinweis")),
        concern_id=number,
        staff_id=world.coach,
    )
    uow.outbox.post([about], NOW)


def _appointments(uow: UnitOfWork, world: World, person: int) -> None:
    details = Details(place=canary("Ort"))
    length, uid = timedelta(minutes=45), f"uid-{person}"
    series = uow.appointments.add_series(
        Series(
            *(0, AGENCY, person, AppointmentKind.GROUP, "FREQ=WEEKLY", date(2026, 11, 23), time(10)),
            *("Europe/Berlin", length, uid, world.coach, NOW, details),
            count=3,
        )
    )
    new = Appointment(
        *(0, AGENCY, person, AppointmentKind.OFFICIAL, AppointmentState.AGREED, NOW + 48 * HOUR),
        *("Europe/Berlin", length, uid, world.coach, NOW, NOW, details),
        coming=Coming.UNKNOWN,
        words=canary("gesagt"),
        series_id=series,
        series_day=date(2026, 11, 23),
    )
    number = uow.appointments.add(new)
    assert number is not None
    kept = uow.appointments.get(number)
    assert kept is not None
    uow.appointments.save(kept)


def _programmes(uow: UnitOfWork, world: World, person: int) -> None:
    number = uow.programmes.enrol(Enrolment(0, AGENCY, person, "gecko", 1, NOW))
    assert number is not None
    event = PhaseEvent(number, NOW, Move.ENTER, "support", f"staff:{world.coach}", canary("Grund"))
    uow.programmes.add_events(AGENCY, person, [event])
    uow.programmes.raise_task(ProgrammeTask(0, AGENCY, person, number, TaskKind.PHASE_LONG, "long", NOW))


def _help_plan(uow: UnitOfWork, world: World, person: int) -> None:
    new = HelpPlan(0, AGENCY, person, PlanState.DRAFT, 1, world.coach, NOW, NOW)
    number = uow.casework.help_plans.add(new)
    assert number is not None
    plan, actor = replace(new, id=number), f"staff:{world.coach}"
    uow.casework.help_plans.write(plan, PlanContent(goals=(Goal(words=canary("Ziel")),)), actor, NOW)
    uow.casework.help_plans.log(plan, PlanEntry(NOW, PlanEvent.WRITE, actor, 1))


def strays(connection: Connection) -> list[str]:
    """Places of sealed values that belong to a person and do not lie under that person's key."""
    found = []
    for table, columns in sealed_tables():
        for column in columns:
            for owner, blob in _values(connection, table, column):
                right = blob[:1] == bytes((PERSON,)) and key_id(blob) == f"p{owner}".encode()
                if owner is not None and not right:
                    found.append(f"{table.name}.{column.name} of {owner}")
    return found


def unseen(connection: Connection, participant_id: int) -> set[str]:
    """Sealed columns of which this person has no value."""
    missing = set()
    for table, columns in sealed_tables():
        for column in columns if table.name not in NOBODYS else ():
            owners = [owner for owner, _ in _values(connection, table, column)]
            if participant_id not in owners:
                missing.add(f"{table.name}.{column.name}")
    return missing


def _values(connection: Connection, table: Table, column: Any) -> list[tuple[int | None, bytes]]:
    owner = owner_of(table)
    whose = literal(None) if owner is None else owner
    rows = connection.execute(select(whose, type_coerce(column, LargeBinary)).where(column.is_not(None)))
    return [(person, bytes(blob)) for person, blob in rows]
