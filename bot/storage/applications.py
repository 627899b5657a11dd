# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications with carriers, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select, update

from bot.domain.applications import (
    NO_NOTE,
    Application,
    ApplicationContent,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationState,
    EntryNote,
    Turn,
)
from bot.errors import NotFound
from bot.storage.application_tables import application, application_event
from bot.storage.link import Link
from bot.storage.seals import owned
from bot.storage.tables import CLOSED

_ENTRY_NOTE = msgspec.json.Decoder(EntryNote)
_APPLICATION_CONTENT = msgspec.json.Decoder(ApplicationContent)

_APPLICATION = (
    *("id", "agency_id", "participant_id", "state", "content", "made_by", "made_at", "changed_at"),
    *("due_on", "turn"),
)
_NEW = ("agency_id", "participant_id", "made_by", "made_at")
_GOES_ON = application.c.state != CLOSED
_applications: Select[Any] = select(*(application.c[name] for name in _APPLICATION))
_one = _applications.where(application.c.id == bindparam("which"))
_of_person = _applications.where(application.c.participant_id == bindparam("person")).order_by(
    application.c.id
)
_open_of = _applications.where(application.c.agency_id == bindparam("agency"), _GOES_ON).order_by(
    application.c.due_on.is_(None), application.c.due_on, application.c.id
)
_add = application.insert().returning(application.c.id)
_save = update(application).where(application.c.id == bindparam("which"))
_history = (
    select(*(application_event.c[name] for name in ("at", "day", "event", "actor", "note")))
    .where(application_event.c.application_id == bindparam("application"))
    .order_by(application_event.c.id)
)


class SqlApplications:
    """Implements `application_ports.Applications`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: Application) -> int:
        """Keep a new one."""
        values = {name: getattr(new, name) for name in _NEW} | _changing(new)
        return int(self._link.execute(_add, values).scalar_one())

    def get(self, application_id: int) -> Application | None:
        """One application."""
        row = self._link.execute(_one, {"which": application_id}).first()
        return None if row is None else _to_application(row)

    def of_participant(self, participant_id: int) -> list[Application]:
        """All of a person, the oldest first."""
        return [_to_application(row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def open_of(self, agency_id: int) -> list[Application]:
        """All of an agency that go on, by their day."""
        return [_to_application(row) for row in self._link.execute(_open_of, {"agency": agency_id})]

    def save(self, changed: Application) -> None:
        """Write down what may change. Raises `NotFound`."""
        if self._link.execute(_save.values(_changing(changed)), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no application {changed.id}")

    def log(self, application: Application, entry: ApplicationEntry) -> None:
        """Add to the history."""
        note = None if entry.note == NO_NOTE else msgspec.json.encode(entry.note).decode()
        values = {
            "agency_id": application.agency_id,
            "participant_id": application.participant_id,
            "application_id": application.id,
            "at": entry.at,
            "day": entry.day.isoformat(),
            "event": entry.event.value,
            "actor": entry.actor,
            "note": owned(note, application.participant_id),
        }
        self._link.execute(application_event.insert(), values)

    def history(self, application_id: int) -> list[ApplicationEntry]:
        """What happened, in the order in which it was written down."""
        rows = self._link.execute(_history, {"application": application_id})
        return [
            ApplicationEntry(at, date.fromisoformat(day), ApplicationEvent(event), actor, _to_note(note))
            for at, day, event, actor, note in rows
        ]


def _changing(one: Application) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "turn": one.turn.value,
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "content": owned(msgspec.json.encode(one.content).decode(), one.participant_id),
        "changed_at": one.changed_at,
    }


def _to_note(note: str | None) -> EntryNote:
    return NO_NOTE if note is None else _ENTRY_NOTE.decode(note)


def _to_application(row: Sequence[Any]) -> Application:
    number, agency_id, person, state, content, made_by, made_at, changed_at, due_on, turn = row
    return Application(
        *(number, agency_id, person, ApplicationState(state)),
        _APPLICATION_CONTENT.decode(content),
        *(made_by, made_at, changed_at),
        due_on=None if due_on is None else date.fromisoformat(due_on),
        turn=Turn(turn),
    )
