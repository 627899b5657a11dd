# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments of participants, and the series that make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, delete, select, update

from bot.domain.appointments import (
    Appointment,
    AppointmentKind,
    AppointmentState,
    Coming,
    Details,
    ReminderRule,
    Series,
)
from bot.errors import NotFound
from bot.storage.link import Link, by_dialect
from bot.storage.seals import owned
from bot.storage.tables import participant
from bot.storage.time_tables import appointment, appointment_entry, appointment_series


class _Said(msgspec.Struct, frozen=True):
    """How what the person said about an appointment lies in its sealed column."""

    coming: Coming = Coming.UNKNOWN
    words: str = ""


_SAID, _DETAILS = msgspec.json.Decoder(_Said), msgspec.json.Decoder(Details)
_REMINDERS = msgspec.json.Decoder(ReminderRule)
_MINUTE = timedelta(minutes=1)
_FIELDS = (
    "id",
    "agency_id",
    "participant_id",
    "kind",
    "state",
    "starts_at",
    "zone",
    "minutes",
    "uid",
    "set_by",
    "set_at",
    "changed_at",
    "details",
    "reminders",
    "held_at",
    "said",
    "told",
    "sequence",
    "series_id",
    "series_day",
)
# Whose it is and what calendars know it by is history: it never changes.
_CHANGING = (
    *("state", "starts_at", "zone", "minutes", "changed_at", "details", "reminders", "held_at", "said"),
    *("told", "sequence"),
)
OPEN_STATES = (AppointmentState.PROPOSED.value, AppointmentState.AGREED.value, AppointmentState.MOVED.value)

APPOINTMENTS: Select[Any] = select(*(appointment.c[name] for name in _FIELDS))
_add = by_dialect(
    appointment,
    lambda new: new.on_conflict_do_nothing(
        index_elements=["series_id", "series_day"], index_where=appointment.c.series_id.is_not(None)
    ).returning(appointment.c.id),
)
_get = APPOINTMENTS.where(appointment.c.id == bindparam("id"))
_save = update(appointment).where(appointment.c.id == bindparam("which"))
_order = (appointment.c.starts_at, appointment.c.id)
_since = appointment.c.starts_at >= bindparam("since", type_=appointment.c.starts_at.type)
_of_participant = APPOINTMENTS.where(appointment.c.participant_id == bindparam("who"), _since).order_by(
    *_order
)
_of_series = APPOINTMENTS.where(appointment.c.series_id == bindparam("series")).order_by(
    appointment.c.series_day, appointment.c.id
)
_lock_owner = (
    select(participant.c.id).where(participant.c.id == bindparam("id")).with_for_update(key_share=True)
)

_SERIES_FIELDS = (
    "id",
    "agency_id",
    "participant_id",
    "kind",
    "rule",
    "first_day",
    "at",
    "zone",
    "minutes",
    "uid",
    "set_by",
    "set_at",
    "details",
    "reminders",
    "last_day",
    "count",
    "made_until",
    "is_cancelled",
)
_add_series = appointment_series.insert().returning(appointment_series.c.id)
_series = select(*(appointment_series.c[name] for name in _SERIES_FIELDS)).where(
    appointment_series.c.id == bindparam("id")
)
_save_series = update(appointment_series).where(appointment_series.c.id == bindparam("which"))

_drop_entries = delete(appointment_entry).where(appointment_entry.c.staff_id == bindparam("staff"))
_add_entry = appointment_entry.insert().returning(appointment_entry.c.id)
_take_entry = (
    delete(appointment_entry)
    .where(appointment_entry.c.id == bindparam("which"), appointment_entry.c.staff_id == bindparam("staff"))
    .returning(appointment_entry.c.entry)
)


class SqlAppointments:
    """Implements `ports.Appointments`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: Appointment) -> int | None:
        """Keep an appointment. None if its series has made this day already."""
        row = self._link.upsert(_add, _row(new)).first()
        return None if row is None else int(row[0])

    def get(self, appointment_id: int) -> Appointment | None:
        """An appointment; its participant is locked."""
        found = self._read(_get, {"id": appointment_id})
        if not found or not self._link.has_row_locks:
            return found[0] if found else None
        # Lock first, read afterwards: see SqlPeople.find_contact. An appointment never changes its person.
        self._link.execute(_lock_owner, {"id": found[0].participant_id})
        return self._read(_get, {"id": appointment_id})[0]

    def save(self, changed: Appointment) -> None:
        """Write down what has changed. Raises `NotFound`."""
        row = _row(changed)
        values = {name: row[name] for name in _CHANGING}
        if not self._link.execute(_save, values | {"which": changed.id}).rowcount:
            raise NotFound(f"appointment {changed.id}")

    def of_participant(self, participant_id: int, since: datetime) -> list[Appointment]:
        """Those that begin at `since` or later, the soonest first."""
        return self._read(_of_participant, {"who": participant_id, "since": since})

    def of_series(self, series_id: int) -> list[Appointment]:
        """All occurrences, in the order of their days."""
        return self._read(_of_series, {"series": series_id})

    def add_series(self, new: Series) -> int:
        """Keep a series; its own `id` is ignored."""
        return int(self._link.execute(_add_series, _series_row(new)).scalar_one())

    def series(self, series_id: int) -> Series | None:
        """A series; its participant is locked."""
        row = self._link.execute(_series, {"id": series_id}).first()
        if row is None or not self._link.has_row_locks:
            return None if row is None else _to_series(row)
        self._link.execute(_lock_owner, {"id": row.participant_id})
        return _to_series(self._link.execute(_series, {"id": series_id}).one())

    def save_series(self, changed: Series) -> None:
        """Write down how far it has been made, and whether it is cancelled. Raises `NotFound`."""
        values = {
            "which": changed.id,
            "made_until": _day_text(changed.made_until),
            "is_cancelled": changed.is_cancelled,
        }
        if not self._link.execute(_save_series, values).rowcount:
            raise NotFound(f"series {changed.id}")

    def keep_entry(self, agency_id: int, staff_id: int, entry: str, now: datetime) -> int:
        """Keep what waits for confirmation, in place of what waited before."""
        self._link.execute(_drop_entries, {"staff": staff_id})
        values = {"agency_id": agency_id, "staff_id": staff_id, "entry": entry, "at": now}
        return int(self._link.execute(_add_entry, values).scalar_one())

    def take_entry(self, entry_id: int, staff_id: int) -> str | None:
        """Take out what waits for confirmation."""
        row = self._link.execute(_take_entry, {"which": entry_id, "staff": staff_id}).first()
        return None if row is None else str(row[0])

    def _read(self, statement: Select[Any], values: dict[str, Any]) -> list[Appointment]:
        return [to_appointment(row) for row in self._link.execute(statement, values)]


def _row(kept: Appointment) -> dict[str, Any]:
    return {
        "agency_id": kept.agency_id,
        "participant_id": kept.participant_id,
        "kind": kept.kind.value,
        "state": kept.state.value,
        "starts_at": kept.starts_at,
        "zone": kept.zone,
        "minutes": kept.length // _MINUTE,
        "uid": kept.uid,
        "set_by": kept.set_by,
        "set_at": kept.set_at,
        "changed_at": kept.changed_at,
        "details": owned(msgspec.json.encode(kept.details).decode(), kept.participant_id),
        "reminders": _reminders_text(kept.reminders),
        "held_at": kept.held_at,
        "said": owned(msgspec.json.encode(_Said(kept.coming, kept.words)).decode(), kept.participant_id),
        "told": kept.told,
        "sequence": kept.sequence,
        "series_id": kept.series_id,
        "series_day": _day_text(kept.series_day),
    }


def to_appointment(row: Sequence[Any]) -> Appointment:
    """A row of `APPOINTMENTS`."""
    named = dict(zip(_FIELDS, row, strict=True))
    said = _SAID.decode(named.pop("said"))
    named |= {
        "kind": AppointmentKind(named["kind"]),
        "state": AppointmentState(named["state"]),
        "length": named.pop("minutes") * _MINUTE,
        "details": _DETAILS.decode(named["details"]),
        "reminders": _reminders(named["reminders"]),
        "series_day": _day(named["series_day"]),
    }
    return Appointment(**named, coming=said.coming, words=said.words)


def _series_row(kept: Series) -> dict[str, Any]:
    return {
        "agency_id": kept.agency_id,
        "participant_id": kept.participant_id,
        "kind": kept.kind.value,
        "rule": kept.rule,
        "first_day": kept.first_day.isoformat(),
        "at": kept.at.isoformat("minutes"),
        "zone": kept.zone,
        "minutes": kept.length // _MINUTE,
        "uid": kept.uid,
        "set_by": kept.set_by,
        "set_at": kept.set_at,
        "details": owned(msgspec.json.encode(kept.details).decode(), kept.participant_id),
        "reminders": _reminders_text(kept.reminders),
        "last_day": _day_text(kept.last_day),
        "count": kept.count or 0,
        "made_until": _day_text(kept.made_until),
        "is_cancelled": kept.is_cancelled,
    }


def _to_series(row: Sequence[Any]) -> Series:
    named = dict(zip(_SERIES_FIELDS, row, strict=True))
    named |= {
        "kind": AppointmentKind(named["kind"]),
        "first_day": date.fromisoformat(named["first_day"]),
        "at": time.fromisoformat(named["at"]),
        "length": named.pop("minutes") * _MINUTE,
        "details": _DETAILS.decode(named["details"]),
        "reminders": _reminders(named["reminders"]),
        "last_day": _day(named["last_day"]),
        "count": named["count"] or None,
        "made_until": _day(named["made_until"]),
    }
    return Series(**named)


def _day_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _reminders_text(rule: ReminderRule | None) -> str:
    return msgspec.json.encode(rule).decode() if rule else ""


def _reminders(text: str) -> ReminderRule | None:
    return _REMINDERS.decode(text) if text else None
