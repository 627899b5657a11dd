# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conferences with guests, cases and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Select, bindparam, delete, select, update

from bot.domain.conferences import (
    Agenda,
    Conference,
    ConferenceCase,
    ConferenceKind,
    ConferenceState,
    Decision,
    Sheet,
)
from bot.errors import NotFound
from bot.storage.conference_tables import (
    conference,
    conference_case,
    conference_decision,
    conference_guest,
)
from bot.storage.link import Link, by_dialect
from bot.storage.seals import owned

_AGENDA = msgspec.json.Decoder(Agenda)
_SHEET = msgspec.json.Decoder(Sheet)

_MINUTE = timedelta(minutes=1)
_CONFERENCE = (
    *("id", "agency_id", "kind", "state", "starts_at", "minutes", "agenda"),
    *("made_by", "made_at", "changed_at"),
)
_CASE = (
    *("agency_id", "conference_id", "participant_id", "sheet", "version"),
    *("released_at", "ask_id", "words"),
)
_DECISION = (
    *("id", "agency_id", "conference_id", "participant_id", "owner_id", "words"),
    *("due_at", "made_at", "done_at", "lead_told_at"),
)
_conferences: Select[Any] = select(*(conference.c[name] for name in _CONFERENCE))
_one = _conferences.where(conference.c.id == bindparam("which")).with_for_update(key_share=True)
_of_agency = (
    _conferences.where(conference.c.agency_id == bindparam("agency"))
    .order_by(conference.c.starts_at.desc(), conference.c.id.desc())
    .limit(bindparam("at_most"))
)
_add = conference.insert().returning(conference.c.id)
_save = update(conference).where(conference.c.id == bindparam("which"))
_some: BindParameter[Any] = bindparam("some", expanding=True)
_guests = select(conference_guest.c.conference_id, conference_guest.c.staff_id).where(
    conference_guest.c.conference_id.in_(_some)
)
_uninvite = delete(conference_guest).where(conference_guest.c.conference_id == bindparam("which"))
_cases: Select[Any] = select(*(conference_case.c[name] for name in _CASE))
_cases_of = _cases.where(conference_case.c.conference_id.in_(_some))
_of_person = _cases.where(conference_case.c.participant_id == bindparam("person")).order_by(
    conference_case.c.id
)
_keep_case = by_dialect(
    conference_case,
    lambda new: new.on_conflict_do_update(
        index_elements=["conference_id"],
        set_={name: new.excluded[name] for name in ("sheet", "version", "released_at", "ask_id", "words")},
    ),
)
_decisions: Select[Any] = select(*(conference_decision.c[name] for name in _DECISION))
_decision = _decisions.where(conference_decision.c.id == bindparam("which"))
_decided = _decisions.where(conference_decision.c.conference_id == bindparam("conference")).order_by(
    conference_decision.c.id
)
_tasks = _decisions.where(
    conference_decision.c.owner_id == bindparam("owner"), conference_decision.c.done_at.is_(None)
).order_by(conference_decision.c.due_at, conference_decision.c.id)
_decide = conference_decision.insert().returning(conference_decision.c.id)
_save_decision = update(conference_decision).where(conference_decision.c.id == bindparam("which"))


class SqlConferences:
    """Implements `conference_ports.Conferences`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: Conference) -> int:
        """Keep a new one."""
        fixed = {
            "agency_id": new.agency_id,
            "kind": new.kind.value,
            "made_by": new.made_by,
            "made_at": new.made_at,
        }
        return int(self._link.execute(_add, fixed | _changing(new)).scalar_one())

    def get(self, conference_id: int) -> Conference | None:
        """One of them, locked."""
        row = self._link.execute(_one, {"which": conference_id}).first()
        return None if row is None else _to_conference(row)

    def of_agency(self, agency_id: int, limit: int) -> list[Conference]:
        """All of an agency, the latest first."""
        rows = self._link.execute(_of_agency, {"agency": agency_id, "at_most": limit})
        return [_to_conference(row) for row in rows]

    def save(self, changed: Conference) -> None:
        """Write down what may change. Raises `NotFound`."""
        if self._link.execute(_save.values(_changing(changed)), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no conference {changed.id}")

    def invite(self, conference: Conference, staff_ids: Iterable[int]) -> None:
        """These, and nobody else, are its guests."""
        self._link.execute(_uninvite, {"which": conference.id})
        for staff_id in sorted(set(staff_ids)):
            values = {
                "agency_id": conference.agency_id,
                "conference_id": conference.id,
                "staff_id": staff_id,
            }
            self._link.execute(conference_guest.insert(), values)

    def guests(self, conference_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
        """The guests of each."""
        found: dict[int, set[int]] = {}
        if some := sorted(set(conference_ids)):
            for number, staff_id in self._link.execute(_guests, {"some": some}):
                found.setdefault(number, set()).add(staff_id)
        return {number: frozenset(staff) for number, staff in found.items()}

    def keep_case(self, case: ConferenceCase) -> None:
        """Write down the case of a conference."""
        values = {name: getattr(case, name) for name in _CASE} | {
            "sheet": owned(msgspec.json.encode(case.sheet).decode(), case.participant_id),
            "words": owned(case.words or None, case.participant_id),
        }
        self._link.write(_keep_case, values)

    def cases(self, conference_ids: Iterable[int]) -> Mapping[int, ConferenceCase]:
        """The case of each."""
        some = sorted(set(conference_ids))
        rows = self._link.execute(_cases_of, {"some": some}) if some else ()
        return {case.conference_id: case for case in map(_to_case, rows)}

    def of_participant(self, participant_id: int) -> list[ConferenceCase]:
        """All that are about a person, the oldest first."""
        return [_to_case(row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def decide(self, new: Decision) -> int:
        """Keep a new decision."""
        values = {name: getattr(new, name) for name in _DECISION[1:]}
        values["words"] = owned(new.words, new.participant_id)
        return int(self._link.execute(_decide, values).scalar_one())

    def decision(self, decision_id: int) -> Decision | None:
        """One of them."""
        row = self._link.execute(_decision, {"which": decision_id}).first()
        return None if row is None else Decision(*row)

    def decisions(self, conference_id: int) -> list[Decision]:
        """What was decided."""
        return [Decision(*row) for row in self._link.execute(_decided, {"conference": conference_id})]

    def open_tasks(self, staff_id: int) -> list[Decision]:
        """What somebody has to carry out."""
        found = [Decision(*row) for row in self._link.execute(_tasks, {"owner": staff_id})]
        return [one for one in found if one.words]

    def save_decision(self, changed: Decision) -> None:
        """Write down its owner and what became of it. Raises `NotFound`."""
        values = {name: getattr(changed, name) for name in ("owner_id", "done_at", "lead_told_at")}
        if self._link.execute(_save_decision.values(values), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no decision {changed.id}")


def _changing(one: Conference) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "starts_at": one.starts_at,
        "minutes": one.length // _MINUTE,
        "agenda": msgspec.json.encode(one.agenda).decode(),
        "changed_at": one.changed_at,
    }


def _to_conference(row: Sequence[Any]) -> Conference:
    number, agency_id, kind, state, starts_at, minutes, agenda, *rest = row
    return Conference(
        *(number, agency_id, ConferenceKind(kind), ConferenceState(state), starts_at, minutes * _MINUTE),
        _AGENDA.decode(agenda),
        *rest,
    )


def _to_case(row: Sequence[Any]) -> ConferenceCase:
    agency_id, conference_id, person, sheet, version, released_at, ask_id, words = row
    written = _SHEET.decode(sheet)
    return ConferenceCase(
        agency_id, conference_id, person, written, version, released_at, ask_id, words or ""
    )
