# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Facts for lists of people: the number of statements does not grow with the list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from bot.domain.appointments import AppointmentKind, AppointmentState
from bot.domain.concerns import Level, read_level
from bot.domain.enrolments import Enrolment, Move, PhaseEvent, current
from bot.domain.people import AddressState, Participant
from bot.people_view_ports import Meeting, Participation
from bot.storage.appointments import OPEN_STATES
from bot.storage.duty import LOOKED_AFTER
from bot.storage.link import Link
from bot.storage.memory import value_of
from bot.storage.people import PERSON, to_participant
from bot.storage.person_keys import SqlPersonKeys
from bot.storage.programme_tables import enrolment, phase_event
from bot.storage.programmes import ENROLMENT, contacts, to_enrolment
from bot.storage.tables import CLOSED, address, answer, concern, participant, score
from bot.storage.time_tables import appointment

_people: Any = bindparam("people", expanding=True)
_agency: Any = bindparam("agency_id")

_looked_after = (
    select(*PERSON).where(participant.c.agency_id == _agency, LOOKED_AFTER).order_by(participant.c.id)
)
_names = select(participant.c.id, participant.c.name).where(participant.c.id.in_(_people))
_last_contacts = (
    select(contacts.c.person, func.max(contacts.c.at, type_=answer.c.at.type))
    .where(contacts.c.person.in_(_people))
    .group_by(contacts.c.person)
)
_last_answers = (
    select(answer.c.participant_id, func.max(answer.c.at))
    .where(answer.c.participant_id.in_(_people))
    .group_by(answer.c.participant_id)
)
_open_concerns = (
    select(concern.c.participant_id, concern.c.id, concern.c.level)
    .where(concern.c.participant_id.in_(_people), concern.c.state != CLOSED)
    .order_by(concern.c.level.desc(), concern.c.id)
)
_channels = (
    select(address.c.participant_id, address.c.channel)
    .where(address.c.participant_id.in_(_people), address.c.state == AddressState.OPEN.value)
    .order_by(func.coalesce(address.c.used_at, 0), address.c.id)
)
_events = (
    select(
        *(enrolment.c[name] for name in ENROLMENT), phase_event.c.at, phase_event.c.move, phase_event.c.phase
    )
    .outerjoin_from(enrolment, phase_event, phase_event.c.enrolment_id == enrolment.c.id)
    .where(enrolment.c.participant_id.in_(_people), enrolment.c.ended_at.is_(None))
    .order_by(enrolment.c.id, phase_event.c.id)
)


def _first(rows: Select[Any], whose: Any, *order: Any) -> Select[Any]:
    """The rows with `place`, their number within the rows of the same person in this order."""
    return rows.add_columns(func.row_number().over(partition_by=whose, order_by=order).label("place"))


_coming = _first(
    select(
        appointment.c.participant_id, appointment.c.starts_at, appointment.c.kind, appointment.c.state
    ).where(
        appointment.c.participant_id.in_(_people),
        appointment.c.starts_at >= bindparam("now", type_=appointment.c.starts_at.type),
        appointment.c.state.in_(OPEN_STATES),
    ),
    appointment.c.participant_id,
    appointment.c.starts_at,
    appointment.c.id,
).subquery()
_next_meetings = select(_coming).where(_coming.c.place == 1)
# Without the answers that it was made of a score proves nothing, as in `memory`.
_answered = select(answer.c.id).where(
    answer.c.participant_id == score.c.participant_id, answer.c.conversation_id == score.c.conversation_id
)
_scores = _first(
    select(score.c.participant_id, score.c.id, score.c.value).where(
        score.c.participant_id.in_(_people),
        score.c.rule == bindparam("rule"),
        score.c.version == bindparam("version"),
        score.c.value.is_not(None),
        _answered.exists(),
    ),
    score.c.participant_id,
    score.c.id.desc(),
).subquery()
_values = (
    select(_scores.c.participant_id, _scores.c.value)
    .where(_scores.c.place <= bindparam("at_most"))
    .order_by(_scores.c.id)
)


class SqlPeopleView:
    """Implements `people_view_ports.PeopleView`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def looked_after(self, agency_id: int) -> list[Participant]:
        """Everybody whom the agency looks after."""
        return [to_participant(row) for row in self._link.execute(_looked_after, {"agency_id": agency_id})]

    def names(self, people: Collection[int]) -> Mapping[int, str]:
        """Names, where they are known."""
        SqlPersonKeys(self._link).load_many(people)
        return {int(number): str(name) for number, name in self._of(_names, people) if name}

    def last_contacts(self, agency_id: int, people: Collection[int]) -> Mapping[int, datetime]:
        """When each last had to do with a human."""
        rows = self._of(_last_contacts, people, agency_id=agency_id)
        return {int(person): at for person, at in rows if at is not None}

    def last_answers(self, people: Collection[int]) -> Mapping[int, datetime]:
        """When each last answered."""
        return {int(person): at for person, at in self._of(_last_answers, people)}

    def open_concerns(self, people: Collection[int]) -> Mapping[int, list[tuple[int, Level]]]:
        """What is open."""
        found: dict[int, list[tuple[int, Level]]] = {}
        for person, number, level in self._of(_open_concerns, people):
            found.setdefault(person, []).append((number, read_level(level)))
        return found

    def next_meetings(self, people: Collection[int], now: datetime) -> Mapping[int, Meeting]:
        """What comes next."""
        return {
            int(person): Meeting(at, AppointmentKind(kind), state == AppointmentState.AGREED.value)
            for person, at, kind, state, _ in self._of(_next_meetings, people, now=now)
        }

    def channels(self, people: Collection[int]) -> Mapping[int, str]:
        """Where each can be reached."""
        return {int(person): str(channel) for person, channel in self._of(_channels, people)}

    def participations(self, people: Collection[int]) -> Mapping[int, list[Participation]]:
        """Programmes that go on, with their phases. Reasons are not opened."""
        events: dict[int, list[PhaseEvent]] = {}
        enrolments: dict[int, Enrolment] = {}
        for *fields, at, move, phase in self._of(_events, people):
            one = enrolments.setdefault(fields[0], to_enrolment(fields))
            if at is not None:
                events.setdefault(one.id, []).append(PhaseEvent(one.id, at, Move(move), phase, ""))
        found: dict[int, list[Participation]] = {}
        for one in enrolments.values():
            found.setdefault(one.participant_id, []).append(
                Participation(one, current(events.get(one.id, [])))
            )
        return found

    def values(self, people: Collection[int], rule: tuple[str, int], limit: int) -> Mapping[int, list[int]]:
        """The newest scores, the oldest first."""
        SqlPersonKeys(self._link).load_many(people)
        found: dict[int, list[int]] = {}
        for person, text in self._of(_values, people, rule=rule[0], version=rule[1], at_most=limit):
            found.setdefault(person, []).append(value_of(text))
        return found

    def _of(self, statement: Any, people: Collection[int], **more: Any) -> Any:
        return self._link.execute(statement, {"people": sorted(people), **more}) if people else ()
