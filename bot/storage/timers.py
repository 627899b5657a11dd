# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Timers. Waiting rows are leased by a claim; a row that was moved meanwhile has lost its lease."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update

from bot.storage.link import Link, by_dialect
from bot.storage.tables import WAITING, timer
from scheduler.timers import Timer

_waiting = timer.alias("waiting")
_due = (
    select(_waiting.c.id)
    .where(
        _waiting.c.state == WAITING,
        _waiting.c.due_at <= bindparam("at", type_=timer.c.due_at.type),
        or_(
            _waiting.c.lease_until.is_(None),
            _waiting.c.lease_until <= bindparam("at", type_=timer.c.due_at.type),
        ),
    )
    .order_by(_waiting.c.due_at, _waiting.c.id)
    .limit(bindparam("rows"))
    .with_for_update(skip_locked=True)
)
_claim = (
    update(timer)
    .where(timer.c.id.in_(_due))
    .values(lease_until=bindparam("lease"))
    .returning(
        timer.c.id,
        timer.c.agency_id,
        timer.c.kind,
        timer.c.subject,
        timer.c.due_at,
        timer.c.attempts,
        timer.c.payload,
    )
)
_MOVED = ("agency_id", "kind", "subject", "due_at", "payload", "attempts", "lease_until", "error")
_set = by_dialect(
    timer,
    lambda new: new.on_conflict_do_update(
        index_elements=["dedup"],
        index_where=timer.c.state == WAITING,
        set_={name: new.excluded[name] for name in _MOVED},
    ),
)
_cancel = delete(timer).where(timer.c.dedup == bindparam("key"), timer.c.state == WAITING)
_leased = (timer.c.state == WAITING, timer.c.lease_until.is_not(None))
_still_due = (
    select(timer.c.id)
    .where(timer.c.id == bindparam("id"), timer.c.due_at == bindparam("due_at"), *_leased)
    .with_for_update()
)
_done = delete(timer).where(timer.c.id == bindparam("which"), *_leased)
_retry = (
    update(timer)
    .where(timer.c.id == bindparam("which"), *_leased)
    .values(
        attempts=timer.c.attempts + 1,
        lease_until=None,
        error=bindparam("fault"),
        due_at=func.coalesce(bindparam("again", type_=timer.c.due_at.type), timer.c.due_at),
        state=bindparam("next_state"),
    )
)
_next_due = select(
    select(func.min(timer.c.due_at))
    .where(timer.c.state == WAITING, timer.c.lease_until.is_(None))
    .scalar_subquery(),
    select(func.min(timer.c.lease_until)).where(*_leased).scalar_subquery(),
)
_release = update(timer).where(*_leased).values(lease_until=None)
_parked = select(func.count()).select_from(timer).where(timer.c.state == "parked")


class SqlTimers:
    """Implements `ports.Timers`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def set(
        self, agency_id: int, kind: str, subject: int, due_at: datetime, dedup: str, payload: str = ""
    ) -> None:
        """Set a timer, or move the waiting one with the same dedup key; its failures are forgotten."""
        values = {
            "agency_id": agency_id,
            "kind": kind,
            "subject": subject,
            "due_at": due_at,
            "dedup": dedup,
            "payload": payload,
            "state": "waiting",
            "attempts": 0,
            "lease_until": None,
            "error": "",
        }
        self._link.write(_set, values)

    def cancel(self, dedup: str) -> None:
        """Forget a waiting timer, if there is one."""
        self._link.write(_cancel, {"key": dedup})

    def claim(self, now: datetime, limit: int, lease_until: datetime) -> list[Timer]:
        """Take due timers, the longest due first. After `lease_until` others may take them."""
        rows = self._link.execute(_claim, {"at": now, "rows": limit, "lease": lease_until})
        return sorted((Timer(*row) for row in rows), key=lambda found: (found.due_at, found.id))

    def still_due(self, timer: Timer) -> bool:
        """Lock a claimed timer. False if it was cancelled, moved or done meanwhile."""
        self._link.cause = f"timer:{timer.id}"
        found = self._link.execute(_still_due, {"id": timer.id, "due_at": timer.due_at})
        return found.first() is not None

    def done(self, timer_id: int) -> None:
        """Remove a claimed timer; one that was set anew meanwhile stays."""
        self._link.execute(_done, {"which": timer_id})

    def retry(self, timer_id: int, due_at: datetime | None, error: str) -> None:
        """Count a failure of a claimed timer: again at `due_at`, or parked (None)."""
        values: dict[str, Any] = {
            "which": timer_id,
            "again": due_at,
            "fault": error,
            "next_state": "parked" if due_at is None else "waiting",
        }
        self._link.execute(_retry, values)

    def next_due(self) -> datetime | None:
        """When the next claim can find something."""
        moments = self._link.execute(_next_due).one()
        return min((moment for moment in moments if moment is not None), default=None)

    def release(self) -> int:
        """Put back what a process that died had claimed."""
        return self._link.execute(_release).rowcount

    def parked(self) -> int:
        """How many timers a human has to look at."""
        return int(self._link.execute(_parked).scalar_one())
