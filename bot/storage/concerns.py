# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The staff queue and its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, or_, select, update

from bot.domain.concerns import Concern, Event, Level, Outcome, QueueRow, read_level, read_state
from bot.errors import NotFound
from bot.storage.link import Link
from bot.storage.person_keys import SqlPersonKeys
from bot.storage.seals import owned
from bot.storage.tables import CLOSED, WAITING, concern, concern_event, participant, timer

# A timer that is this late is not late: it is missing.
_GRACE = timedelta(minutes=5)

# The kind of the timer that moves a concern along its ladder.
LADDER = "concern"

_LISTED = (
    "agency_id",
    "participant_id",
    "level",
    "source",
    "reason",
    "state",
    "raised_at",
    "owner_id",
    "next_action_at",
    "rung",
    "round",
    "taken_by",
    "uncovered",
)
_FIELDS = (*_LISTED, "policy", "next_step", "quote", "outcome", "receipt_given")
# What was raised, for whom and when is history: it never changes.
_CHANGING = tuple(
    name for name in _FIELDS if name not in ("agency_id", "participant_id", "source", "raised_at")
)


def _selected(fields: Sequence[str]) -> Select[Any]:
    named = (concern.c.id, participant.c.case_code, participant.c.language)
    return select(*named, *(concern.c[name] for name in fields)).join_from(
        concern, participant, participant.c.id == concern.c.participant_id
    )


_select = _selected(_FIELDS)
_open = concern.c.state != CLOSED
_add = concern.insert().returning(concern.c.id)
_get = _select.where(concern.c.id == bindparam("id")).with_for_update(key_share=True, of=concern)
_save = update(concern).where(concern.c.id == bindparam("which"))
_of_participant = _select.where(concern.c.participant_id == bindparam("who")).order_by(concern.c.id)
_of_agency = _select.where(concern.c.agency_id == bindparam("who")).order_by(
    concern.c.level.desc(), concern.c.id
)
_queue = (
    _selected(_LISTED)
    .where(concern.c.agency_id == bindparam("who"), _open)
    .order_by(concern.c.level.desc(), concern.c.id)
)
_several = _select.where(concern.c.id.in_(bindparam("ids", expanding=True)))
_owners = select(concern.c.participant_id).where(concern.c.agency_id == bindparam("who"), _open).distinct()
_closings = (
    select(concern_event.c.concern_id, func.max(concern_event.c.at).label("at"))
    .where(concern_event.c.agency_id == bindparam("who"), concern_event.c.event == Event.CLOSE.value)
    .group_by(concern_event.c.concern_id)
    .having(func.max(concern_event.c.at) >= bindparam("since", type_=concern_event.c.at.type))
    .subquery()
)
_closed_since = (
    select(_closings.c.at, *_select.selected_columns)
    .join_from(concern, participant, participant.c.id == concern.c.participant_id)
    .join(_closings, _closings.c.concern_id == concern.c.id)
    .where(concern.c.state == CLOSED)
    .order_by(_closings.c.at.desc(), concern.c.id.desc())
    .limit(bindparam("limit"))
)
_taken_by = _select.where(concern.c.taken_by == bindparam("who"), _open).order_by(concern.c.id.desc())
_count_open = (
    select(concern.c.agency_id, concern.c.level, func.count())
    .where(_open)
    .group_by(concern.c.agency_id, concern.c.level)
)
_unsound = (
    select(func.count())
    .select_from(concern)
    .where(
        _open,
        or_(
            concern.c.next_action_at.is_(None),
            (concern.c.next_action_at < bindparam("late", type_=concern.c.next_action_at.type))
            & ~exists().where(
                timer.c.subject == concern.c.id, timer.c.kind == LADDER, timer.c.state == WAITING
            ),
        ),
    )
)
_agency_of = select(concern.c.agency_id).where(concern.c.id == bindparam("of")).scalar_subquery()
_owner = select(concern.c.participant_id).where(concern.c.id == bindparam("id"))
_log = concern_event.insert().values(agency_id=_agency_of)
_history = (
    select(concern_event.c.at, concern_event.c.event, concern_event.c.actor, concern_event.c.note)
    .where(concern_event.c.concern_id == bindparam("id"))
    .order_by(concern_event.c.id)
)


class SqlConcerns:
    """Implements `ports.Concerns`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, concern: Concern) -> int:
        """Keep a new concern; its `id` and case code are ignored."""
        values = {name: getattr(concern, name) for name in _FIELDS} | _words(concern)
        self._link.signal_person(concern.participant_id)
        return int(self._link.execute(_add, values).scalar_one())

    def get(self, concern_id: int) -> Concern | None:
        """A concern with its case code, locked."""
        row = self._link.read_one(_get, {"id": concern_id})
        return None if row is None else _to_concern(row)

    def save(self, concern: Concern) -> None:
        """Keep what may change in a concern. Raises `NotFound`."""
        values = {name: getattr(concern, name) for name in _CHANGING} | _words(concern)
        if not self._link.write(_save, values | {"which": concern.id}):
            raise NotFound(f"concern {concern.id}")

    def log(self, concern_id: int, at: datetime, event: str, actor: str, note: str = "") -> None:
        """Append to the history."""
        owner = self._link.read_one(_owner, {"id": concern_id})
        values = {"concern_id": concern_id, "at": at, "event": event, "actor": actor}
        values |= {"note": owned(note, owner[0] if owner else None), "of": concern_id}
        self._link.write(_log, values)

    def history(self, concern_id: int) -> list[tuple[datetime, str, str, str]]:
        """(at, event, actor, note), the oldest first."""
        return [tuple(row) for row in self._link.execute(_history, {"id": concern_id})]

    def of_participant(self, participant_id: int, open_only: bool = True) -> list[Concern]:
        """A person's concerns, the oldest first."""
        return self._list(_of_participant, participant_id, open_only)

    def of_agency(self, agency_id: int, open_only: bool = True) -> list[Concern]:
        """An agency's concerns, the most urgent first, then the oldest; keys of people come in one go."""
        SqlPersonKeys(self._link).load_many(self._link.execute(_owners, {"who": agency_id}).scalars().all())
        return self._list(_of_agency, agency_id, open_only)

    def queue(self, agency_id: int) -> list[QueueRow]:
        """Open concerns of an agency without words: nothing is unsealed."""
        return [_to_row(row) for row in self._link.execute(_queue, {"who": agency_id})]

    def several(self, rows: Collection[QueueRow]) -> dict[int, Concern]:
        """These concerns whole, by their number; keys of people come in one go."""
        SqlPersonKeys(self._link).load_many({row.participant_id for row in rows})
        found = self._link.execute(_several, {"ids": [row.id for row in rows]}) if rows else ()
        return {row[0]: _to_concern(row) for row in found}

    def closed_since(self, agency_id: int, since: datetime, limit: int) -> list[tuple[Concern, datetime]]:
        """Closed concerns of an agency with the moment of their closing, the last closed first."""
        values = {"who": agency_id, "since": since, "limit": limit}
        return [(_to_concern(row[1:]), row[0]) for row in self._link.execute(_closed_since, values)]

    def taken_by(self, staff_id: int) -> list[Concern]:
        """Open concerns that this staff member has taken over, the newest first."""
        return self._list(_taken_by, staff_id, open_only=True)

    def _list(self, statement: Any, who: int, open_only: bool) -> list[Concern]:
        chosen = statement.where(_open) if open_only else statement
        return [_to_concern(row) for row in self._link.execute(chosen, {"who": who})]

    def count_open(self) -> dict[tuple[int, Level], int]:
        """How many are open, by agency and level."""
        found = Counter[tuple[int, Level]]()
        for agency, level, count in self._link.execute(_count_open):
            found[agency, read_level(level)] += count
        return found

    def without_next_action(self, now: datetime) -> int:
        """Open concerns without a next action, or with one that is long past and has no timer."""
        return int(self._link.execute(_unsound, {"late": now - _GRACE}).scalar_one())


def _words(concern: Concern) -> dict[str, str | None]:
    return {name: owned(getattr(concern, name), concern.participant_id) for name in ("next_step", "quote")}


def _to_row(row: Sequence[Any]) -> QueueRow:
    number, case_code, language, *fields = row
    values: dict[str, Any] = dict(zip(_LISTED, fields, strict=True))
    return QueueRow(
        id=number,
        case_code=case_code,
        language=language,
        level=read_level(values.pop("level")),
        state=read_state(values.pop("state")),
        **values,
    )


def _to_concern(row: Sequence[Any]) -> Concern:
    number, case_code, language, *fields = row
    values: dict[str, Any] = dict(zip(_FIELDS, fields, strict=True))
    outcome = values.pop("outcome")
    return Concern(
        id=number,
        case_code=case_code,
        language=language,
        level=read_level(values.pop("level")),
        state=read_state(values.pop("state")),
        outcome=Outcome(outcome) if outcome in set(Outcome) else None,
        **values,
    )
