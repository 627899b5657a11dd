# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A copy of everything that is stored about a person (Art. 15 and 20 GDPR): one document for programs.

What is in it follows from the schema; `docs/adr/0027-rights.md` describes its shape. `export_page` makes a
page for people from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.rights_ports import Look, Rows
from bot.services.own_rows import NOT_SHARED, OWN_TABLES, without_own

EXPORTED = "person_exported"
_STAFF = "staff:"
FORMAT, VERSION = "lotse-person", 1


class PersonCopy(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one person. `tables` has rows by table and column, moments in UTC.

    `left_out` says for each table or column that is not in it why. `version` grows when the shape changes;
    new tables and columns may come without that.
    """

    format: str = FORMAT
    version: int = VERSION
    made_at: datetime
    case_code: str
    language: str
    tables: Mapping[str, Rows]
    looks: tuple[Look, ...]
    left_out: Mapping[str, str]

    def rows(self, table: str) -> Rows:
        """The rows of one table, none if there are none."""
        return self.tables.get(table, ())


#: Databases have no larger numbers.
_LONGEST_NUMBER = 18


def find_person(uow: UnitOfWork, agency_id: int, who: str) -> Participant | None:
    """A participant of the agency by case code, in capitals or small, or by number."""
    wanted = who.strip().removeprefix("#")
    found = uow.plans.by_case_code(agency_id, wanted.upper())
    if found is None and wanted.isdecimal() and len(wanted) <= _LONGEST_NUMBER:
        found = uow.people.participants_by([int(wanted)]).get(int(wanted))
    return found if found is not None and found.agency_id == agency_id else None


def copy_person(uow: UnitOfWork, person: Participant, actor: str, now: datetime) -> PersonCopy:
    """Everything about the person, now. That `actor` took it is in the audit log, and so in the copy.

    What the person has not shared with staff is not in a copy that staff take: they get it themselves.
    """
    uow.ledger.note(person.agency_id, now, actor, EXPORTED, person.case_code)
    tables, left_out = uow.rights.stored(person.id), uow.rights.left_out()
    if actor.startswith(_STAFF):
        tables, left_out = without_own(tables), {**left_out, **dict.fromkeys(OWN_TABLES, NOT_SHARED)}
    return PersonCopy(
        made_at=now,
        case_code=person.case_code,
        language=person.language,
        tables=tables,
        looks=tuple(uow.rights.looks(person)),
        left_out=left_out,
    )


def as_json(copy: PersonCopy) -> bytes:
    """The copy as one JSON document in UTF-8, indented."""
    return msgspec.json.format(msgspec.json.encode(copy), indent=2)
