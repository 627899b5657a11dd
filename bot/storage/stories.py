# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happened with one person, a piece at a time, and what staff noted about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Text, bindparam, cast, literal_column, select

from bot.domain.messages import Line
from bot.domain.people import AddressState, Participant
from bot.domain.profiles import OWN_DIALOGS
from bot.domain.stories import Happening, PersonNote, Sort
from bot.storage.access_tables import audit, broken_glass
from bot.storage.link import Link
from bot.storage.programme_tables import phase_event
from bot.storage.seals import owned
from bot.storage.story_tables import person_note
from bot.storage.tables import (
    ENDED,
    address,
    answer,
    concern,
    concern_event,
    consent,
    conversation,
    participant,
)
from bot.storage.time_tables import appointment
from bot.storage.timeline import read_lines_before

#: Entries of a concern's history that say something to people; the others are the ladder's own.
_OF_CONCERNS = (
    *("raised", "take_over", "plan", "snooze", "pass_on", "raise", "lower", "close", "reopen", "note"),
    *("shared", "consent_withdrawn", "raised_after_discharge"),
)
#: What somebody says of an appointment at which they were; whoever says anything else has no entry.
_WAS_THERE = frozenset({'"good"', '"mixed"', '"not_good"'})
_COMPLETED = "completed"
_person: BindParameter[int] = bindparam("person")


def _last(wanted: Select[Any], at: ColumnElement[datetime], number: ColumnElement[int]) -> Select[Any]:
    before = at < bindparam("before", type_=at.type)
    return wanted.where(before).order_by(at.desc(), number.desc()).limit(bindparam("at_most"))


_NONE: ColumnElement[str] = literal_column("''")
#: Each gives moment, number, word, more, text, actor.
_SORTS: dict[Sort, Select[Any]] = {
    Sort.CONCERN: _last(
        select(
            concern_event.c.at,
            concern_event.c.concern_id,
            concern_event.c.event,
            concern.c.level,
            concern_event.c.note,
            concern_event.c.actor,
        )
        .join_from(concern_event, concern, concern.c.id == concern_event.c.concern_id)
        .where(concern.c.participant_id == _person, concern_event.c.event.in_(_OF_CONCERNS)),
        concern_event.c.at,
        concern_event.c.id,
    ),
    Sort.APPOINTMENT: _last(
        select(
            appointment.c.starts_at, appointment.c.id, appointment.c.kind, appointment.c.state, _NONE, _NONE
        ).where(appointment.c.participant_id == _person),
        appointment.c.starts_at,
        appointment.c.id,
    ),
    # Of what somebody did not answer nothing is said (promise P4).
    Sort.TALK: _last(
        select(conversation.c.ended_at, conversation.c.id, conversation.c.dialog, _NONE, _NONE, _NONE).where(
            conversation.c.participant_id == _person,
            conversation.c.state == ENDED,
            conversation.c.outcome == _COMPLETED,
            conversation.c.dialog.not_in(OWN_DIALOGS),
        ),
        conversation.c.ended_at,
        conversation.c.id,
    ),
    Sort.VISIT: _last(
        select(
            answer.c.at,
            answer.c.conversation_id,
            literal_column("'appointment'"),
            _NONE,
            answer.c.value,
            literal_column("'participant'"),
        ).where(
            answer.c.participant_id == _person,
            answer.c.dialog == "appointment_after",
            answer.c.step == "how_was_it",
        ),
        answer.c.at,
        answer.c.id,
    ),
    Sort.CONSENT: _last(
        select(
            consent.c.at, consent.c.id, consent.c.purpose, consent.c.granted, consent.c.object, _NONE
        ).where(consent.c.participant_id == _person),
        consent.c.at,
        consent.c.id,
    ),
    Sort.NOTE: _last(
        select(
            person_note.c.at, person_note.c.id, _NONE, _NONE, person_note.c.text, person_note.c.staff_id
        ).where(person_note.c.participant_id == _person),
        person_note.c.at,
        person_note.c.id,
    ),
    Sort.GLASS: _last(
        select(
            broken_glass.c.since,
            broken_glass.c.id,
            _NONE,
            _NONE,
            broken_glass.c.reason,
            broken_glass.c.staff_id,
        ).where(broken_glass.c.participant_id == _person),
        broken_glass.c.since,
        broken_glass.c.id,
    ),
    Sort.PHASE: _last(
        select(
            phase_event.c.at,
            phase_event.c.id,
            phase_event.c.move,
            phase_event.c.phase,
            phase_event.c.reason,
            phase_event.c.actor,
        ).where(phase_event.c.participant_id == _person),
        phase_event.c.at,
        phase_event.c.id,
    ),
    Sort.ACT: _last(
        select(audit.c.at, audit.c.id, audit.c.action, _NONE, _NONE, audit.c.actor)
        .join_from(
            audit,
            participant,
            (participant.c.agency_id == audit.c.agency_id) & (participant.c.case_code == audit.c.subject),
        )
        .where(participant.c.id == _person, audit.c.action.in_(bindparam("actions", expanding=True))),
        audit.c.at,
        audit.c.id,
    ),
}
_numbers = select(cast(concern.c.id, Text)).where(concern.c.participant_id == bindparam("whose"))
_looks = (
    select(audit.c.at, audit.c.actor, audit.c.action)
    .where(
        audit.c.agency_id == bindparam("agency"),
        (audit.c.subject == bindparam("code"))
        | (audit.c.subject.in_(_numbers) & audit.c.action.startswith("concern_")),
    )
    .order_by(audit.c.at.desc(), audit.c.id.desc())
    .limit(bindparam("at_most"))
)
_channels = (
    select(address.c.channel)
    .where(address.c.participant_id == _person, address.c.state == AddressState.OPEN.value)
    .order_by(address.c.used_at.desc().nulls_last(), address.c.id.desc())
)
_was_noted = (
    select(audit.c.id)
    .where(
        audit.c.agency_id == bindparam("agency"),
        audit.c.subject == bindparam("subject"),
        audit.c.action == bindparam("action"),
        audit.c.actor == bindparam("actor"),
        audit.c.at >= bindparam("since", type_=audit.c.at.type),
    )
    .limit(1)
)
_add_note = person_note.insert().returning(person_note.c.id)
_notes = (
    select(
        person_note.c.id,
        person_note.c.agency_id,
        person_note.c.participant_id,
        person_note.c.staff_id,
        person_note.c.at,
        person_note.c.text,
    )
    .where(person_note.c.participant_id == _person)
    .order_by(person_note.c.at.desc(), person_note.c.id.desc())
    .limit(bindparam("at_most"))
)


class SqlStories:
    """Implements `story_ports.Stories`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def happenings(
        self, participant_id: int, before: datetime, limit: int, actions: Collection[str]
    ) -> list[Happening]:
        """The last of each sort before that moment, all together the newest first."""
        found = []
        for sort, statement in _SORTS.items():
            values = {"person": participant_id, "before": before, "at_most": limit}
            more = {"actions": list(actions)} if sort is Sort.ACT else {}
            rows = self._link.execute(statement, values | more)
            happened = [_happening(sort, *row) for row in rows]
            found += _was_there(happened) if sort is Sort.VISIT else happened
        return sorted(found, key=lambda one: (one.at, one.sort, one.number), reverse=True)

    def lines(self, participant_id: int, before: datetime, limit: int) -> list[Line]:
        """The last lines in both directions before that moment, the oldest first."""
        return read_lines_before(self._link, participant_id, before, limit)

    def channels(self, participant_id: int) -> list[str]:
        """Where the person can be written to, the way they used last first."""
        return list(dict.fromkeys(self._link.execute(_channels, {"person": participant_id}).scalars()))

    def looks(self, person: Participant, limit: int) -> list[tuple[datetime, str, str]]:
        """The newest entries of the audit log that name the person or a concern of theirs."""
        values = {"agency": person.agency_id, "code": person.case_code, "whose": person.id, "at_most": limit}
        return [(at, actor, action) for at, actor, action in self._link.execute(_looks, values)]

    def was_noted(self, agency_id: int, actor: str, entry: tuple[str, str], since: datetime) -> bool:
        """Whether the audit log has had this entry of this actor since then."""
        values = {
            "agency": agency_id,
            "actor": actor,
            "action": entry[0],
            "subject": entry[1],
            "since": since,
        }
        return self._link.execute(_was_noted, values).first() is not None

    def add_note(self, new: PersonNote) -> int:
        """Keep a note."""
        values = {
            "agency_id": new.agency_id,
            "participant_id": new.participant_id,
            "staff_id": new.staff_id,
            "at": new.at,
            "text": owned(new.text, new.participant_id),
        }
        return int(self._link.execute(_add_note, values).scalar_one())

    def notes(self, participant_id: int, limit: int) -> list[PersonNote]:
        """The newest notes, the newest first."""
        rows = self._link.execute(_notes, {"person": participant_id, "at_most": limit})
        return [PersonNote(*row) for row in rows]


def _was_there(said: list[Happening]) -> list[Happening]:
    """Of what was said about each appointment the last words count, and of them only that they were there."""
    last = {one.number: one for one in reversed(said)}
    return [replace(one, text="") for one in last.values() if one.text in _WAS_THERE]


def _happening(sort: Sort, *row: Any) -> Happening:
    at, number, word, more, text, actor = row
    if sort is Sort.CONSENT:
        more = "yes" if more else "no"
    if sort in (Sort.NOTE, Sort.GLASS):
        actor = f"staff:{actor}"
    return Happening(at, sort, number, word, more, text or "", actor)
