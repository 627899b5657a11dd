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

#: Histories and the outbox: whatever is in them stays.
_NEVER_DELETED = ("outgoing", "concern", "concern_event")
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
        # Counting all rows after each commit would take longer with each day.
        driver.execute("CREATE TEMP TABLE vanished (what TEXT, row INTEGER)")
        for table in _NEVER_DELETED:
            driver.execute(
                f"CREATE TEMP TRIGGER {table}_vanished AFTER DELETE ON main.{table}"
                f" BEGIN INSERT INTO vanished VALUES ('{table}', old.id); END"
            )

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._driver.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row."""
        row: tuple[Any, ...] | None = self._driver.execute(sql, values).fetchone()
        return row

    def vanished(self, table: str) -> list[int]:
        """Rows of a table that must keep all that were deleted."""
        return [row for (row,) in self.rows("SELECT row FROM vanished WHERE what = ? ORDER BY row", table)]

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
