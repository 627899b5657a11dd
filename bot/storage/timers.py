# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Timers. Waiting rows are leased by a claim; a row that was moved meanwhile has lost its lease."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, bindparam, delete, func, literal_column, or_, select, update

from bot.storage.link import Link, by_dialect
from bot.storage.tables import WAITING, timer
from scheduler.timers import ParkedTimer, Timer, Unparked

PARKED = literal_column("'parked'", timer.c.state.type)
_END_OF_TIME = "9223372036854775807"

_MOMENT = timer.c.due_at.type
_waiting = timer.alias("waiting")
# A lease that ends later than any that is given now comes from a clock that has been set back since.
_is_free = or_(
    _waiting.c.lease_until.is_(None),
    _waiting.c.lease_until <= bindparam("at", type_=_MOMENT),
    _waiting.c.lease_until > bindparam("beyond", type_=_MOMENT),
)
_due = (
    select(_waiting.c.id)
    .where(_waiting.c.state == WAITING, _waiting.c.due_at <= bindparam("at", type_=_MOMENT), _is_free)
    .order_by(_waiting.c.due_at, _waiting.c.id)
    .limit(bindparam("rows", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_claim = (
    update(timer)
    .where(timer.c.id.in_(select(_due.c.id)))
    .values(lease_until=bindparam("lease", type_=_MOMENT))
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
_take = delete(timer).where(
    timer.c.id == bindparam("which"), timer.c.due_at == bindparam("claimed", type_=_MOMENT), *_leased
)
_failed = update(timer).where(
    timer.c.id == bindparam("which"), timer.c.due_at == bindparam("claimed", type_=_MOMENT), *_leased
)
_retry = _failed.values(
    attempts=timer.c.attempts + 1,
    lease_until=None,
    error=bindparam("fault"),
    due_at=bindparam("again", type_=_MOMENT),
)
_park = _failed.values(
    attempts=timer.c.attempts + 1,
    lease_until=None,
    error=bindparam("fault"),
    parked_at=bindparam("parked", type_=_MOMENT),
    state=PARKED,
)
# Leased rows are the longest due, and those behind the first free one cannot be what comes next. The limit
# tells PostgreSQL that these are a few rows at the front of the index, not a third of a million.
_first_free = (
    select(func.min(_waiting.c.due_at))
    .where(_waiting.c.state == WAITING, _waiting.c.lease_until.is_(None))
    .scalar_subquery()
)
_in_front = (
    select(timer.c.lease_until)
    .where(
        timer.c.state == WAITING, timer.c.due_at <= func.coalesce(_first_free, literal_column(_END_OF_TIME))
    )
    .order_by(timer.c.due_at, timer.c.id)
    .limit(literal_column("5000"))
    .subquery()
)
_next_due = select(_first_free, select(func.min(_in_front.c.lease_until)).scalar_subquery())
_release = (
    update(timer).where(*_leased, timer.c.due_at <= bindparam("at", type_=_MOMENT)).values(lease_until=None)
)
_parked = select(func.count()).select_from(timer).where(timer.c.state == PARKED)
_all_parked = (
    select(timer.c.id, timer.c.agency_id, timer.c.kind, timer.c.parked_at, timer.c.attempts, timer.c.error)
    .where(timer.c.state == PARKED)
    .order_by(timer.c.id)
    .limit(bindparam("rows", type_=Integer))
)
_key_of_parked = (
    select(timer.c.dedup).where(timer.c.id == bindparam("which"), timer.c.state == PARKED).with_for_update()
)
_has_successor = select(timer.c.id).where(timer.c.dedup == bindparam("key"), timer.c.state == WAITING)
_unpark = (
    update(timer)
    .where(timer.c.id == bindparam("which"), timer.c.state == PARKED)
    .values(state=WAITING, attempts=0, due_at=bindparam("again", type_=_MOMENT), parked_at=None)
)
_drop_parked = delete(timer).where(timer.c.id == bindparam("which"), timer.c.state == PARKED)


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
        self._link.signal_due(due_at)

    def cancel(self, dedup: str) -> None:
        """Forget a waiting timer, if there is one."""
        self._link.write(_cancel, {"key": dedup})

    def claim(self, now: datetime, limit: int, lease_until: datetime) -> list[Timer]:
        """Take due timers, the longest due first. After `lease_until` others may take them."""
        beyond = lease_until + (lease_until - now)
        values = {"at": now, "beyond": beyond, "rows": limit, "lease": lease_until}
        found = [Timer(*row) for row in self._link.read(_claim, values)]
        return sorted(found, key=lambda each: (each.due_at, each.id))

    def take(self, timer: Timer) -> bool:
        """Remove a claimed timer. False if it was cancelled, moved or done meanwhile."""
        self._link.cause = f"timer:{timer.id}"
        return self._link.write(_take, {"which": timer.id, "claimed": timer.due_at}) == 1

    def retry(self, timer: Timer, due_at: datetime, error: str) -> None:
        """Count a failure of a claimed timer, and set it for another moment."""
        values = {"which": timer.id, "claimed": timer.due_at, "again": due_at, "fault": error}
        self._link.write(_retry, values)

    def park(self, timer: Timer, now: datetime, error: str) -> bool:
        """Count the last failure of a claimed timer. False if it was cancelled, moved or done meanwhile."""
        values = {"which": timer.id, "claimed": timer.due_at, "parked": now, "fault": error}
        return self._link.write(_park, values) == 1

    def next_due(self) -> datetime | None:
        """When the next claim can find something."""
        (moments,) = self._link.read(_next_due, {})
        return min((moment for moment in moments if moment is not None), default=None)

    def release(self, now: datetime) -> int:
        """Put back what a process that died had claimed."""
        return self._link.write(_release, {"at": now})

    def parked(self) -> int:
        """How many timers a human has to look at."""
        return int(self._link.execute(_parked).scalar_one())

    def all_parked(self, limit: int) -> list[ParkedTimer]:
        """The parked timers, those that were set first at the front."""
        return [ParkedTimer(*row) for row in self._link.read(_all_parked, {"rows": limit})]

    def unpark(self, timer_id: int, now: datetime) -> Unparked:
        """Let a parked timer be due now, its failures forgotten; drop it where a newer one has its place."""
        row = self._link.read_one(_key_of_parked, {"which": timer_id})
        if row is None:
            return Unparked.UNKNOWN
        if self._link.read_one(_has_successor, {"key": row[0]}) is not None:
            self._link.write(_drop_parked, {"which": timer_id})
            return Unparked.SUPERSEDED
        self._link.write(_unpark, {"which": timer_id, "again": now})
        self._link.signal_due(now)
        return Unparked.DUE
