# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Programmes as agencies installed them, and the people in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select, union_all, update

from bot.domain.appointments import AppointmentKind, AppointmentState
from bot.domain.delivery import SendState
from bot.domain.editions import Origin
from bot.domain.enrolments import (
    Enrolment,
    Move,
    PhaseEvent,
    ProgrammeEdition,
    ProgrammeTask,
    TaskKind,
)
from bot.errors import NotFound
from bot.storage.link import Link, by_dialect
from bot.storage.programme_tables import enrolment, phase_event, programme_task, programme_version
from bot.storage.seals import owned
from bot.storage.tables import RELAY, concern, concern_event, outgoing
from bot.storage.time_tables import appointment

_EDITION = ("agency_id", "name", "version", "digest", "source", "origin", "published_at")
ENROLMENT = (
    *("id", "agency_id", "participant_id", "programme", "version", "began_at", "ended_at"),
    *("is_over_key", "confirmed_by"),
)
_CHANGING = ("version", "ended_at", "is_over_key", "confirmed_by")
_EVENT = ("enrolment_id", "at", "move", "phase", "actor", "reason")
_TASK = (
    *("id", "agency_id", "participant_id", "enrolment_id", "kind", "mark", "raised_at", "settled_at"),
    "settled_by",
)
#: What a staff member writes into a concern's history about a person, and what they did with one.
_NOTE = "note"
_STAFF = "staff:"
_CHUNK = 500

_agency: BindParameter[Any] = bindparam("agency_id")
_editions: Select[Any] = select(*(programme_version.c[name] for name in _EDITION)).where(
    programme_version.c.agency_id == _agency
)
_one_edition = _editions.where(
    programme_version.c.name == bindparam("name"), programme_version.c.version == bindparam("version")
)
_all_editions = _editions.order_by(programme_version.c.name, programme_version.c.version)
_in_force = (
    select(programme_version.c.name, func.max(programme_version.c.version))
    .where(programme_version.c.agency_id == _agency)
    .group_by(programme_version.c.name)
)
_enrol = by_dialect(
    enrolment,
    lambda new: new.on_conflict_do_nothing(
        index_elements=["participant_id", "programme"], index_where=enrolment.c.ended_at.is_(None)
    ).returning(enrolment.c.id),
)
_enrolments: Select[Any] = select(*(enrolment.c[name] for name in ENROLMENT))
_one_enrolment = _enrolments.where(enrolment.c.id == bindparam("id"))
_of_participant = _enrolments.where(enrolment.c.participant_id == bindparam("participant_id")).order_by(
    enrolment.c.id
)
_open_in = _enrolments.where(enrolment.c.agency_id == _agency, enrolment.c.ended_at.is_(None)).order_by(
    enrolment.c.id
)
_save = update(enrolment).where(enrolment.c.id == bindparam("which"))
_raise = by_dialect(
    programme_task,
    lambda new: new.on_conflict_do_nothing(index_elements=["enrolment_id", "mark"]).returning(
        programme_task.c.id
    ),
)
_tasks: Select[Any] = (
    select(*(programme_task.c[name] for name in _TASK))
    .where(programme_task.c.agency_id == _agency)
    .order_by(programme_task.c.id)
)
contacts = union_all(
    select(outgoing.c.participant_id.label("person"), outgoing.c.settled_at.label("at")).where(
        outgoing.c.agency_id == _agency,
        outgoing.c.kind == RELAY,
        outgoing.c.state == SendState.SENT.value,
        outgoing.c.staff_id.is_(None),
        outgoing.c.participant_id.is_not(None),
    ),
    select(appointment.c.participant_id, appointment.c.starts_at).where(
        appointment.c.agency_id == _agency,
        appointment.c.kind.in_((AppointmentKind.COACH.value, AppointmentKind.HOME.value)),
        appointment.c.state == AppointmentState.OVER.value,
    ),
    select(concern.c.participant_id, concern_event.c.at)
    .join_from(concern_event, concern, concern.c.id == concern_event.c.concern_id)
    .where(
        concern_event.c.agency_id == _agency,
        concern_event.c.event == _NOTE,
        concern_event.c.actor.startswith(_STAFF),
    ),
).subquery()
_last_contacts = select(contacts.c.person, func.max(contacts.c.at, type_=concern_event.c.at.type)).group_by(
    contacts.c.person
)


class SqlProgrammes:
    """Implements `time_ports.Programmes`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def publish(self, edition: ProgrammeEdition) -> None:
        """Keep a version for ever."""
        values = {name: getattr(edition, name) for name in _EDITION} | {"origin": edition.origin.value}
        self._link.execute(programme_version.insert(), values)

    def versions_in_force(self, agency_id: int) -> dict[str, int]:
        """The newest version of each programme."""
        rows = self._link.read(_in_force, {"agency_id": agency_id})
        return {str(name): int(version) for name, version in rows}

    def edition(self, agency_id: int, name: str, version: int) -> ProgrammeEdition | None:
        """One version."""
        values = {"agency_id": agency_id, "name": name, "version": version}
        row = self._link.execute(_one_edition, values).first()
        return None if row is None else _to_edition(row)

    def editions(self, agency_id: int) -> list[ProgrammeEdition]:
        """All versions, by name, the oldest first."""
        return [_to_edition(row) for row in self._link.execute(_all_editions, {"agency_id": agency_id})]

    def enrol(self, new: Enrolment) -> int | None:
        """Keep a new enrolment."""
        values = {name: getattr(new, name) for name in ENROLMENT if name != "id"}
        row = self._link.upsert(_enrol, values).first()
        return None if row is None else int(row[0])

    def enrolment(self, enrolment_id: int) -> Enrolment | None:
        """One enrolment, open or not."""
        row = self._link.execute(_one_enrolment, {"id": enrolment_id}).first()
        return None if row is None else to_enrolment(row)

    def save(self, changed: Enrolment) -> None:
        """Write down what may change. Raises `NotFound`."""
        values = {name: getattr(changed, name) for name in _CHANGING}
        if self._link.execute(_save.values(values), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no enrolment {changed.id}")

    def of_participant(self, participant_id: int) -> list[Enrolment]:
        """All of a person, the oldest first."""
        rows = self._link.read(_of_participant, {"participant_id": participant_id})
        return [to_enrolment(row) for row in rows]

    def open_in(self, agency_id: int, programme: str = "") -> list[Enrolment]:
        """Those that go on."""
        wanted = _open_in.where(enrolment.c.programme == programme) if programme else _open_in
        return [to_enrolment(row) for row in self._link.execute(wanted, {"agency_id": agency_id})]

    def add_events(self, agency_id: int, participant_id: int, events: Iterable[PhaseEvent]) -> None:
        """Add to the history."""
        rows = [
            {
                "agency_id": agency_id,
                "participant_id": participant_id,
                "enrolment_id": event.enrolment_id,
                "at": event.at,
                "move": event.move.value,
                "phase": event.phase,
                "actor": event.actor,
                "reason": owned(event.reason, participant_id),
            }
            for event in events
        ]
        if rows:
            self._link.execute(phase_event.insert(), rows)

    def history(self, enrolments: Collection[int]) -> Mapping[int, list[PhaseEvent]]:
        """What happened, the oldest first."""
        found: dict[int, list[PhaseEvent]] = {}
        wanted = select(*(phase_event.c[name] for name in _EVENT)).order_by(phase_event.c.id)
        numbers = list(enrolments)
        # A statement has room for so many numbers.
        for start in range(0, len(numbers), _CHUNK):
            part = wanted.where(phase_event.c.enrolment_id.in_(numbers[start : start + _CHUNK]))
            for number, at, move, phase, actor, reason in self._link.execute(part):
                event = PhaseEvent(number, at, Move(move), phase, actor, reason)
                found.setdefault(number, []).append(event)
        return found

    def raise_task(self, new: ProgrammeTask) -> bool:
        """Keep a task, once for its mark."""
        values = {name: getattr(new, name) for name in _TASK if name != "id"} | {"kind": new.kind.value}
        return self._link.upsert(_raise, values).first() is not None

    def tasks(self, agency_id: int, *, open_only: bool = True) -> list[ProgrammeTask]:
        """The agency's tasks, the oldest first."""
        wanted = _tasks.where(programme_task.c.settled_at.is_(None)) if open_only else _tasks
        return [_to_task(row) for row in self._link.execute(wanted, {"agency_id": agency_id})]

    def settle(self, task_ids: Collection[int], by: str, now: datetime) -> int:
        """A human has decided."""
        settled = (
            update(programme_task)
            .where(programme_task.c.id.in_(task_ids), programme_task.c.settled_at.is_(None))
            .values(settled_at=now, settled_by=by)
        )
        return int(self._link.execute(settled).rowcount)

    def last_contacts(self, agency_id: int) -> Mapping[int, datetime]:
        """When each person last had to do with a human."""
        rows = self._link.execute(_last_contacts, {"agency_id": agency_id})
        return {int(person): at for person, at in rows if at is not None}


def _to_edition(row: Sequence[Any]) -> ProgrammeEdition:
    agency_id, name, version, digest, source, origin, published_at = row
    return ProgrammeEdition(agency_id, name, version, digest, source, Origin(origin), published_at)


def to_enrolment(row: Sequence[Any]) -> Enrolment:
    """The enrolment in a row of `ENROLMENT`."""
    number, agency_id, person, programme, version, began_at, ended_at, is_over_key, confirmed_by = row
    return Enrolment(
        *(number, agency_id, person, programme, version, began_at, ended_at), bool(is_over_key), confirmed_by
    )


def _to_task(row: Sequence[Any]) -> ProgrammeTask:
    number, agency_id, person, enrolment_id, kind, mark, raised_at, settled_at, by = row
    return ProgrammeTask(
        *(number, agency_id, person, enrolment_id, TaskKind(kind)), mark, raised_at, settled_at, by
    )
