# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Removing everything about one person, table by table as the schema tells it, but for what must be kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, delete, func, literal, select, update

from bot.domain.duty import long_stopped, without_coach
from bot.domain.people import Participant, Standing
from bot.services.next_words import NOBODY
from bot.storage.columns import metadata
from bot.storage.conference_tables import conference_decision
from bot.storage.duty_tables import duty_told
from bot.storage.key_tables import person_key
from bot.storage.link import Link
from bot.storage.owners import TIMED, owner_of
from bot.storage.tables import concern, concern_event, consent, participant, staff, timer
from bot.storage.time_tables import appointment, appointment_entry

#: Kept whole: the proof of consent, and the person as a case code. The key is shredded, not removed, so that
#: nobody makes a new one.
_KEPT = frozenset({consent.name, participant.name, person_key.name})
#: What is left of the person's own row.
_BLANK = {
    "name": "",
    "standing": Standing.LEFT.value,
    "language": "de",
    "zone": "Europe/Berlin",
    "programme": "",
    "coach_id": None,
    "paused_until": None,
    "human_until": None,
}


def counts(link: Link, participant_id: int) -> dict[str, int]:
    """How many rows each table has about the person."""
    return _count(link, _owned(participant_id))


def going(link: Link, participant_id: int, kept_concerns: Collection[int]) -> dict[str, int]:
    """How many rows of each table `erase` would remove."""
    return _count(link, _doomed(participant_id, kept_concerns))


def erase(link: Link, person: Participant, kept_concerns: Collection[int]) -> dict[str, int]:
    """Remove everything but consents and these concerns with their history. How many rows, by table."""
    _drop_timers(link, person)
    _drop_entries(link, person)
    _clear_focus(link, person, kept_concerns)
    _forget_told(link, person)
    # What refers to a row goes before it.
    doomed = reversed(list(_doomed(person.id, kept_concerns)))
    gone = {table.name: _remove(link, table, theirs) for table, theirs in doomed}
    link.execute(update(participant).where(participant.c.id == person.id).values(_BLANK))
    return {name: count for name, count in gone.items() if count}


def _count(link: Link, rows: Iterator[tuple[Table, ColumnElement[bool]]]) -> dict[str, int]:
    wanted = ((table.name, select(func.count()).select_from(table).where(theirs)) for table, theirs in rows)
    found = {name: int(link.execute(statement).scalar_one()) for name, statement in wanted}
    return {name: count for name, count in found.items() if count}


def _doomed(
    participant_id: int, kept_concerns: Collection[int]
) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    for table, theirs in _owned(participant_id):
        if table is concern:
            yield table, theirs & concern.c.id.not_in(kept_concerns)
        elif table is concern_event:
            yield table, theirs & concern_event.c.concern_id.not_in(kept_concerns)
        elif table.name not in _KEPT:
            yield table, theirs


def _owned(participant_id: int) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    for table in metadata.sorted_tables:
        owner = owner_of(table)
        if owner is not None:
            yield table, owner == literal(participant_id)


def _drop_timers(link: Link, person: Participant) -> None:
    """A timer names its subject by a number alone; which table that is of is told by its kind."""
    for name, kinds in TIMED.items():
        table = metadata.tables[name]
        owner = owner_of(table)
        if owner is None:
            continue
        theirs = select(table.c.id).where(owner == literal(person.id))
        link.execute(delete(timer).where(timer.c.kind.in_(kinds), timer.c.subject.in_(theirs)))


def _drop_entries(link: Link, person: Participant) -> None:
    """What staff have begun to enter about the person and not yet confirmed."""
    theirs = select(appointment.c.id).where(appointment.c.participant_id == person.id)
    numbers = set(link.execute(theirs).scalars())
    begun = select(appointment_entry.c.id, appointment_entry.c.entry).where(
        appointment_entry.c.agency_id == person.agency_id
    )
    about = [number for number, entry in link.execute(begun) if _names(entry, person.case_code, numbers)]
    link.execute(delete(appointment_entry).where(appointment_entry.c.id.in_(about)))


def _remove(link: Link, table: Table, theirs: ColumnElement[bool]) -> int:
    """Remove these rows. A task from a conference stays with owner and day, about nobody, without words."""
    if table is conference_decision:
        blank = update(table).where(theirs).values(participant_id=None, words="")
        return link.execute(blank).rowcount
    return link.execute(delete(table).where(theirs)).rowcount


def _forget_told(link: Link, person: Participant) -> None:
    """What leads were told of a person names the case code."""
    about = duty_told.c.subject.in_((without_coach(person.case_code), long_stopped(person.case_code)))
    link.execute(delete(duty_told).where(duty_told.c.agency_id == person.agency_id, about))


def _names(entry: str, case_code: str, appointments: set[int]) -> bool:
    said: dict[str, Any] = msgspec.json.decode(entry)
    return said.get("case_code") == case_code or said.get("appointment_id") in appointments


def _clear_focus(link: Link, person: Participant, kept_concerns: Collection[int]) -> None:
    """Nobody's next typed words are for a concern that is gone, nor for another person instead."""
    theirs = select(concern.c.id).where(concern.c.participant_id == person.id)
    gone = set(link.execute(theirs).scalars()) - set(kept_concerns)
    wanted = select(staff.c.id, staff.c.focus).where(
        staff.c.agency_id == person.agency_id, staff.c.focus != ""
    )
    about = [number for number, focus in link.execute(wanted) if _number_in(focus) in gone]
    link.execute(update(staff).where(staff.c.id.in_(about)).values(focus=NOBODY))


def _number_in(focus: str) -> int:
    parts = [part for part in focus.split(":")[1:] if part.isdecimal()]
    return int(parts[0]) if parts else 0
