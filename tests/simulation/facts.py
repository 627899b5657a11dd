# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What really is: read from the database by plain SQL, past everything that is being tested."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.storage.sealing import Keyring
from bot.storage.seals import Seals

_OF_CONCERN = """coalesce((SELECT participant_id FROM concern WHERE id = old.concern_id),
    (SELECT who FROM vanished WHERE what = 'concern' AND row = old.concern_id))"""
#: What was said to somebody before they were known by name.
_OF_ADDRESS = "(SELECT participant_id FROM address WHERE id = old.address_id)"
#: Histories and the outbox: whatever is in them stays, unless the person whose it is was erased. Nobody is
#: while a concern of theirs is open.
_NEVER_DELETED = {
    "outgoing": f"coalesce(old.participant_id, {_OF_CONCERN}, {_OF_ADDRESS})",
    "concern": "CASE old.state WHEN 'closed' THEN old.participant_id END",
    "concern_event": _OF_CONCERN,
}
_VANISHED = """SELECT v.rowid, v.row, EXISTS (
    SELECT 1 FROM participant p JOIN audit a ON a.agency_id = p.agency_id
    WHERE p.id = v.who AND a.action = 'person_erased' AND a.subject LIKE p.case_code || ' %')
    FROM vanished v WHERE v.rowid > ? AND v.what = ? ORDER BY v.rowid"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(value: int | None) -> datetime | None:
    """A moment as the database keeps it: microseconds since 1970."""
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def micros(at: datetime) -> int:
    """The other way round."""
    return (at - _EPOCH) // timedelta(microseconds=1)


class _Keys:
    """The keys of people; here nobody ever gets one."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self._driver = driver

    def load(self, participant_id: int) -> bytes | None:
        row = self._driver.execute(
            "SELECT wrapped FROM person_key WHERE participant_id = ?", (participant_id,)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def keep(self, participant_id: int, wrapped: bytes) -> bytes | None:
        del participant_id, wrapped
        return None


class Facts:
    """Rows as they lie there. Only the keys are Lotse's."""

    def __init__(self, driver: sqlite3.Connection, keyring: Keyring) -> None:
        self._driver = driver
        self._seals = Seals(keyring)
        self._seals.begin(_Keys(driver))
        # Counting all rows after each commit would take longer with each day, and so would looking for the
        # erasure behind each row that went again and again.
        self._excused: dict[str, int] = dict.fromkeys(_NEVER_DELETED, 0)
        driver.execute("CREATE TEMP TABLE vanished (what TEXT, row INTEGER, who INTEGER)")
        for table, who in _NEVER_DELETED.items():
            driver.execute(
                f"CREATE TEMP TRIGGER {table}_vanished BEFORE DELETE ON main.{table}"
                f" BEGIN INSERT INTO vanished VALUES ('{table}', old.id, {who}); END"
            )

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._driver.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row."""
        row: tuple[Any, ...] | None = self._driver.execute(sql, values).fetchone()
        return row

    def vanished(self, table: str) -> list[int]:
        """Rows of a table that must keep all that were deleted, but for those of people who were erased."""
        gone = self.rows(_VANISHED, self._excused[table], table)
        missed = [row for _, row, was_erased in gone if not was_erased]
        if gone and not missed:
            self._excused[table] = gone[-1][0]
        return missed

    def number(self, sql: str, *values: Any) -> int:
        """The one number that a query gives; 0 for none."""
        row = self.one(sql, *values)
        return int(row[0] or 0) if row else 0

    def opened(self, blob: bytes, place: str) -> str:
        """A sealed value."""
        return self._seals.open(blob, place)

    def text_of(self, body: bytes) -> str:
        """The words of an outgoing message."""
        text: str = json.loads(self.opened(body, "outgoing.body"))["text"]
        return text
