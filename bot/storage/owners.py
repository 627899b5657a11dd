# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whose a row is, told by the schema alone: a new table is covered from its first day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from typing import cast as known_as

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    cast,
    func,
    literal,
    select,
    update,
)

from bot.storage.columns import Sealed, metadata, seals_of
from bot.storage.seals import owned

_PERSON = "participant"
_WHOSE = "participant_id"
#: Whom something is about that somebody else wrote.
_ABOUT = "about_id"
#: What timers of a kind are about. Those of other kinds are about no single person.
TIMED: Mapping[str, tuple[str, ...]] = {
    "participant": ("floor", "plan", "relay_silent", "erasure"),
    "conversation": ("question_timeout", "plan_reminder"),
    "concern": ("concern", "concern_unanswered"),
    "appointment": ("appointment", "group_feedback", "accompaniment", "home_visit"),
    "enrolment": ("enrolment", "leaving", "measuring"),
    "help_plan": ("help_plan",),
    "programme_task": ("programme_task",),
    "referral": ("referral",),
    "application": ("application",),
    "conference_decision": ("conference_task",),
    "appointment_series": ("appointment_series",),
    "outgoing": ("too_late",),
}
#: A sealed value as it lies there: `cast` to it, for SQLite has taken text, too (`columns.Sealed`).
RAW = LargeBinary()


def owner_of(table: Table) -> ColumnElement[Any] | None:
    """The participant that a row of this table belongs to or is about, NULL for a row of nobody's.

    That is the participant it names, or is about; else that of the first row it refers to which names one
    (its concern, its address, in the order of the columns). None for tables whose rows are never anybody's.
    """
    if table.name == _PERSON:
        return table.c.id
    ways: list[ColumnElement[Any]] = []
    if _WHOSE in table.c:
        if not table.c[_WHOSE].nullable:
            return table.c[_WHOSE]
        ways.append(table.c[_WHOSE])
    if _ABOUT in table.c:
        ways.append(table.c[_ABOUT])
    ways += [_through(column) for column in table.c if _leads_on(table, column)]
    if not ways:
        return None
    return ways[0] if len(ways) == 1 else func.coalesce(*ways)


def sealed_columns(table: Table) -> list[Column[Any]]:
    """The columns that hold content."""
    return [column for column in table.c if isinstance(column.type, Sealed)]


def sealed_tables() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """All tables that hold content, with the columns that do."""
    for table in metadata.sorted_tables:
        if columns := sealed_columns(table):
            yield table, columns


def seal_anew(
    connection: Connection, column: Column[Any], rows: Iterable[tuple[int, bytes, int | None]]
) -> int:
    """Seal values of a column anew: (id, value as it lies there, whose it is now). Returns how many.

    What somebody has changed since it was read is left as it is. Raises `SealBroken`.
    """
    seals, context = seals_of(connection.dialect), known_as("Sealed", column.type).context
    changed = 0
    for number, old, owner in rows:
        new = seals.seal(owned(seals.open(bytes(old), context), owner) or "", context)
        change = (
            update(column.table)
            .where(column.table.c.id == number, cast(column, RAW) == literal(old, RAW))
            .values({column: literal(new, RAW)})
        )
        changed += connection.execute(change).rowcount
    return changed


def _leads_on(table: Table, column: Column[Any]) -> bool:
    return any(key.column.table is not table and _WHOSE in key.column.table.c for key in column.foreign_keys)


def _through(column: Column[Any]) -> ColumnElement[Any]:
    parent = next(iter(column.foreign_keys)).column.table
    return select(parent.c[_WHOSE]).where(parent.c.id == column).correlate(column.table).scalar_subquery()
