# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A large agency for `benchmarks.console`: people through the program's own ports, their messages multiplied.

A message is sealed once for each person and then copied with other moments: the pages read a thousand
different rows each, and filling takes a minute instead of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection, inspect, text

import dialogs
from bot import house
from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState
from bot.domain.concerns import Concern, Level, State
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.duty import ShiftPattern
from bot.domain.messages import Body, Draft, Incoming, IncomingKind, Kind
from bot.domain.people import Role, Standing
from bot.domain.scores import ScoreRecord
from bot.ports import UnitOfWork
from bot.services.change_plans import publish_shipped as publish_plans
from bot.services.change_programmes import install
from bot.services.enrolments import begin
from bot.services.invite import NewStaff, hire
from bot.services.ladder import snapshot
from bot.services.rulebook import Rulebook
from bot.storage.database import SqlStorage

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AGENCY = house.DEFAULT_AGENCY
PROGRAMME = "kopra"
PEOPLE_EACH = 40
#: Of all concerns so many are open: an agency that closes none has other worries than its pages.
OPEN_SHARE = 0.04
_DAY = timedelta(days=1)
_SCORES = 8
_AT_ONCE = 50
_INCOMING_SHARE = 3
#: Between a message and its next copy.
_STEP_US = 180_000_000


@dataclass(frozen=True)
class Size:
    """How much there is."""

    people: int
    messages: int
    concerns: int


def fill_agency(storage: SqlStorage, rules: Rulebook, size: Size) -> tuple[int, list[int]]:
    """Put an agency of that size into a store with dialogs. Returns its lead and its coaches."""
    storage.run_sync(lambda uow: _programme(uow, rules))
    lead = storage.run_sync(
        lambda uow: hire(uow, rules, NewStaff(AGENCY, "Lea Lind", Role.LEAD), MONDAY - 300 * _DAY).id
    )
    coaches = storage.run_sync(lambda uow: _coaches(uow, rules, max(2, size.people // PEOPLE_EACH)))
    each = max(1, size.concerns // size.people)
    for start in range(0, size.people, _AT_ONCE):
        part = range(start, min(start + _AT_ONCE, size.people))
        storage.run_sync(lambda uow, part=part: _people(uow, rules, coaches, (part, each)))
    copies = max(1, size.messages // size.people)
    storage.run_sync(lambda uow: _multiply(uow.connection, copies))  # type: ignore[attr-defined]
    return lead, coaches


def _programme(uow: UnitOfWork, rules: Rulebook) -> None:
    publish_plans(uow, AGENCY, house.plans_source(), MONDAY - 300 * _DAY)
    source = Path(dialogs.__file__).parent / "programmes" / PROGRAMME / "programme.yaml"
    install(uow, rules, AGENCY, (source.read_text(encoding="utf-8"), source.name), MONDAY - 300 * _DAY)


def _coaches(uow: UnitOfWork, rules: Rulebook, count: int) -> list[int]:
    since = MONDAY - 300 * _DAY
    found = [
        hire(uow, rules, NewStaff(AGENCY, f"Berta {number}", Role.COACH), since).id for number in range(count)
    ]
    for coach in found:
        days = ("MO", "TU", "WE", "TH", "FR")[coach % 5]
        rule = f"FREQ=WEEKLY;BYDAY={days}"
        uow.duty.add_pattern(
            ShiftPattern(0, AGENCY, coach, rule, since.date(), time(8), time(16), "Europe/Berlin")
        )
    return found


def _people(uow: UnitOfWork, rules: Rulebook, coaches: list[int], which: tuple[range, int]) -> None:
    numbers, concerns = which
    for number in numbers:
        coach, since = coaches[number % len(coaches)], MONDAY - (20 + number % 200) * _DAY
        person = uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", coach, f"Mia Muster {number}")
        address = uow.people.add_address(AGENCY, "web_chat", f"mia-{number}", participant_id=person)
        for purpose in (Purpose.CONTACT, Purpose.HEALTH_CHECKINS):
            agreed = ConsentRecord(person, purpose, True, "Ja, gern", "1", "de", "web_chat", since)
            uow.talks.add_consent(AGENCY, agreed)
        who = uow.people.participants_by([person])[person]
        begin(uow, rules, who, PROGRAMME, "participant", since)
        talk = uow.talks.open_conversation(AGENCY, person, "weekly_checkin", "{}", since)
        scores = [
            ScoreRecord(person, talk, "own_items.mood", 1, since + week * 2 * _DAY, 3 + (number + week) % 6)
            for week in range(_SCORES)
        ]
        uow.memory.add_scores(AGENCY, scores)
        uow.talks.end_conversation(talk, "{}", "completed", since)
        said = Draft(AGENCY, address, "web_chat", Kind.NOTICE, Body("Wie geht es Ihnen heute?"), person)
        uow.outbox.post([said], since)
        heard = Incoming("web_chat", f"d-{number}", f"mia-{number}", IncomingKind.TEXT, text="Es geht so.")
        uow.talks.record_incoming(heard, AGENCY, person, since)
        _meeting(uow, (person, coach), number)
        for count in range(concerns):
            _concern(uow, rules, (person, coach), number * concerns + count)


def _meeting(uow: UnitOfWork, who: tuple[int, int], number: int) -> None:
    person, coach = who
    at = MONDAY + timedelta(hours=number % 200)
    state = AppointmentState.PROPOSED if number % 7 == 0 else AppointmentState.AGREED
    uow.appointments.add(
        Appointment(
            id=0,
            agency_id=AGENCY,
            participant_id=person,
            kind=AppointmentKind.COACH,
            state=state,
            starts_at=at,
            zone="Europe/Berlin",
            length=timedelta(minutes=30),
            uid=f"uid-{number}",
            set_by=coach,
            set_at=MONDAY - _DAY,
            changed_at=MONDAY - _DAY,
        )
    )


def _concern(uow: UnitOfWork, rules: Rulebook, who: tuple[int, int], number: int) -> None:
    person, coach = who
    level = (Level.R1, Level.R1, Level.R2, Level.R3)[number % 4]
    is_open = number % round(1 / OPEN_SHARE) == 0
    raised = MONDAY - timedelta(hours=1 + number % (30 if is_open else 2000))
    state = (State.OPEN if number % 2 else State.IN_HAND) if is_open else State.CLOSED
    due = MONDAY + timedelta(hours=1 + number % 8) if is_open else None
    new = uow.concerns.add(
        Concern(
            0,
            AGENCY,
            person,
            level,
            "message",
            "strain",
            state,
            raised,
            coach,
            due,
            policy=snapshot(rules.policies[level]),
            quote="Mir ist alles zu viel.",
            taken_by=coach if state is State.IN_HAND else None,
        )
    )
    uow.concerns.log(new, raised, "raised", "system", "strain")
    if not is_open:
        uow.concerns.log(new, raised + timedelta(minutes=20), "take_over", f"staff:{coach}")
        uow.concerns.log(new, raised + timedelta(hours=3), "close", f"staff:{coach}", "reached")


def _multiply(connection: Connection, copies: int) -> None:
    """Every message of a person once more for each of `copies`, a third of them from the person."""
    for table, moments, unique, count in (
        ("outgoing", ("posted_at", "settled_at"), "dedup", copies - copies // _INCOMING_SHARE),
        ("incoming", ("at",), "delivery", copies // _INCOMING_SHARE),
    ):
        names = [one["name"] for one in inspect(connection).get_columns(table) if one["name"] != "id"]
        shown = ", ".join(_copied(name, moments, unique) for name in names)
        connection.execute(
            text(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {shown} FROM {table} t CROSS JOIN n"
            )
        )
    connection.execute(text("UPDATE outgoing SET state = 'sent' WHERE state = 'queued'"))
    connection.execute(text("ANALYZE"))


def _copied(name: str, moments: tuple[str, ...], unique: str) -> str:
    """A column of a copy: later than its original, and another one where no two may be the same."""
    if name in moments:
        return f"t.{moments[0]} + CAST(n.i AS BIGINT) * {_STEP_US}"
    if name == "state":
        return "'sent'"
    return f"t.{name} || '-' || n.i" if name == unique else f"t.{name}"
