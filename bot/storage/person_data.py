# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Everything about one person as the schema tells it: a new table is handed out from its first day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, LargeBinary, Table, bindparam, literal, or_, select, update

from bot.domain.messages import IncomingKind
from bot.domain.people import Participant
from bot.rights_ports import Look, Rows
from bot.storage import erasing
from bot.storage.access_tables import audit
from bot.storage.columns import metadata
from bot.storage.key_tables import ERASED
from bot.storage.link import Link
from bot.storage.owners import owner_of, sealed_columns
from bot.storage.person_keys import SqlPersonKeys
from bot.storage.seals import owned
from bot.storage.tables import address, concern, incoming, outgoing, staff
from bot.storage.time_tables import appointment, appointment_series

#: What is not handed out, and why. Everything else of the schema is.
LEFT_OUT: Mapping[str, str] = {
    # What staff write for each other names third people too; a human goes through it on request.
    "concern.next_step": "staff_notes",
    "concern_event.note": "staff_notes",
    "incoming.about_id": "staff_notes",
    "broken_glass.reason": "staff_notes",
    "phase_event.reason": "staff_notes",
    # Who is called after whom: the agency's own rule, the same for everybody.
    "concern.policy": "rule_of_the_agency",
    # How a question of ours ended is said of the question; no export tells it of the person (promise P4).
    "conversation.outcome": "about_our_question",
    "conversation.partial": "about_our_question",
    # Ways into the desk of staff, and what guards the person's own data: nothing that could be read.
    "mail_link": "secret_of_staff",
    "page_lock.secret": "key",
    "person_key": "key",
}
_WHOSE = frozenset({"agency_id", "participant_id", "about_id"})
#: Columns that hold JSON text; in a copy it is opened, so that one document is read at once.
_JSON = frozenset(
    {
        *("answer.value", "participant_fact.value", "score.value", "score.items", "outgoing.body"),
        *("conversation.session", "appointment.details", "appointment_series.details"),
        *("handover_pack.choice", "outcome_marker.content", "placement.terms", "placement.ending"),
        *("accompaniment.companion", "appointment.said", "application.content", "application_event.note"),
        *("conference_case.sheet", "help_plan_version.content", "licensed_score.result", "profile.content"),
        "referral.result",
        *("expectation_topic.agreement", "expectation_side.said", "expectation_sheet.topics"),
    }
)
_CHUNK = 100
_roles = select(staff.c.id, staff.c.role)
_typed = select(incoming.c.text, incoming.c.press, incoming.c.attachment).where(
    incoming.c.id == bindparam("which"), incoming.c.participant_id.is_(None)
)
_give = update(incoming).where(incoming.c.id == bindparam("which"))


class SqlRights:
    """Implements `rights_ports.Rights`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def stored(self, participant_id: int) -> dict[str, Rows]:
        """Everything about the person, by table and column, but for what `left_out` names."""
        roles = self._roles()
        found: dict[str, Rows] = {}
        for table in metadata.sorted_tables:
            owner = owner_of(table)
            if owner is None or table.name in LEFT_OUT:
                continue
            columns = handed_out(table)
            wanted = select(*columns).where(owner == literal(participant_id))
            if table is outgoing:
                # What goes to staff about the person repeats a concern, and has their accounts.
                to_staff = select(address.c.id).where(address.c.staff_id.is_not(None))
                wanted = wanted.where(outgoing.c.address_id.not_in(to_staff))
            if table is incoming:
                # What staff wrote about the person: what of it was for them is among what was sent.
                wanted = wanted.where(incoming.c.participant_id == literal(participant_id))
            rows = self._link.execute(wanted.order_by(*table.primary_key.columns))
            found[table.name] = [_row(table, columns, row, roles) for row in rows]
        return {name: rows for name, rows in found.items() if rows}

    def left_out(self) -> Mapping[str, str]:
        """Tables and columns that are not handed out, each with its reason."""
        return LEFT_OUT

    def looks(self, person: Participant) -> list[Look]:
        """What the audit log says about the person, the oldest first."""
        roles = self._roles()
        wanted = select(audit.c.id, audit.c.at, audit.c.actor, audit.c.action).where(
            audit.c.agency_id == person.agency_id
        )
        found: dict[int, Look] = {}
        for conditions in in_chunks(naming(self._link, person)):
            for number, at, actor, action in self._link.execute(wanted.where(or_(*conditions))):
                found[number] = Look(at, _role(actor, roles), action)
        return [found[number] for number in sorted(found)]

    def counts(self, participant_id: int) -> dict[str, int]:
        """How many rows each table has about the person."""
        return erasing.counts(self._link, participant_id)

    def going(self, participant_id: int, kept_concerns: Collection[int]) -> dict[str, int]:
        """How many rows of each table `erase` would remove."""
        return erasing.going(self._link, participant_id, kept_concerns)

    def give_to(self, incoming_id: int, participant_id: int) -> None:
        """What a staff member wrote is about this person."""
        for text, press, attachment in self._link.execute(_typed, {"which": incoming_id}).all():
            values = {"text": text, "press": press, "attachment": attachment}
            values = {name: owned(value, participant_id) for name, value in values.items()}
            self._link.execute(_give, {"which": incoming_id, "about_id": participant_id, **values})

    def is_erased(self, participant_id: int) -> bool:
        """Whether the person's key is gone."""
        return SqlPersonKeys(self._link).load(participant_id) == ERASED

    def erase(self, person: Participant, kept_concerns: Collection[int]) -> dict[str, int]:
        """Remove everything but consents and these concerns with their history."""
        return erasing.erase(self._link, person, kept_concerns)

    def _roles(self) -> dict[int, str]:
        return {int(row[0]): str(row[1]) for row in self._link.execute(_roles)}


def handed_out(table: Table) -> list[Column[Any]]:
    """The columns of a table that are in a copy: all but the named ones and keyed hashes."""
    sealed = set(sealed_columns(table))
    return [
        column
        for column in table.c
        if f"{table.name}.{column.name}" not in LEFT_OUT
        and column.name not in _WHOSE
        and (column in sealed or not isinstance(column.type, LargeBinary))
    ]


def _row(table: Table, columns: list[Column[Any]], row: Any, roles: Mapping[int, str]) -> dict[str, Any]:
    said = {}
    for column, value in zip(columns, row, strict=True):
        name = column.name
        if _is_staff(column):
            # Who it was is told by the role: colleagues have rights of their own.
            said[name.removesuffix("_id")] = None if value is None else roles.get(value, "staff")
        elif name == "actor":
            said[name] = _role(value, roles)
        elif value is not None and f"{table.name}.{name}" in _JSON:
            said[name] = _opened(value)
        else:
            said[name] = value
    if said.get("kind") == IncomingKind.START and "text" in said:
        # The code of an invitation lets somebody in.
        said["text"] = None
    return said


def _opened(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _is_staff(column: Column[Any]) -> bool:
    return any(key.column.table is staff for key in column.foreign_keys)


def _role(actor: str, roles: Mapping[int, str]) -> str:
    kind, _, number = actor.partition(":")
    if kind == "staff":
        return roles.get(int(number), "staff") if number.isdecimal() else "staff"
    return "lotse" if kind in ("system", "dialog") else kind


def naming(link: Link, person: Participant) -> list[ColumnElement[bool]]:
    """How the audit log can name the person: by case code, or by the number of something of theirs."""
    code = person.case_code
    names: list[ColumnElement[bool]] = [
        audit.c.subject == code,
        audit.c.subject.startswith(f"{code} "),
        audit.c.subject.endswith(f":{code}"),
    ]
    for number in _numbers(link, concern, person.id):
        names.append(audit.c.action.startswith("concern_") & _begins(number))
        names.append(audit.c.action.startswith("glass_") & audit.c.subject.endswith(f":{number}"))
    for number in _numbers(link, appointment, person.id):
        is_series = audit.c.action.startswith("appointment_series_")
        names.append(audit.c.action.startswith("appointment_") & ~is_series & _begins(number))
    series = _numbers(link, appointment_series, person.id)
    names += [audit.c.action.startswith("appointment_series_") & _begins(number) for number in series]
    return names


def _numbers(link: Link, table: Table, participant_id: int) -> list[int]:
    wanted = select(table.c.id).where(table.c.participant_id == participant_id)
    return list(link.execute(wanted).scalars())


def _begins(number: int) -> ColumnElement[bool]:
    return (audit.c.subject == str(number)) | audit.c.subject.startswith(f"{number}:")


def in_chunks(conditions: list[ColumnElement[bool]]) -> Iterator[list[ColumnElement[bool]]]:
    """Parts of so many conditions as a statement has room for."""
    return (conditions[start : start + _CHUNK] for start in range(0, len(conditions), _CHUNK))
