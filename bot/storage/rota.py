# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Shifts: patterns, changes of a day, duty that was taken over, and swaps that are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import bindparam, literal_column, or_, select, update

from bot.domain.duty import ShiftChange, ShiftPattern, Span, Swap, SwapState, Takeover
from bot.errors import NotFound
from bot.storage.duty_tables import shift_change, shift_pattern, shift_swap, takeover
from bot.storage.link import Link, by_dialect

_PATTERN = ("id", "agency_id", "staff_id", "rule", "first_day", "begins", "ends", "zone", "last_day")
_SWAP = ("id", "agency_id", "pattern_id", "day", "from_id", "to_id", "state")
_PROPOSED = literal_column("'proposed'", shift_swap.c.state.type)

_add_pattern = shift_pattern.insert().returning(shift_pattern.c.id)
_end_pattern = update(shift_pattern).where(shift_pattern.c.id == bindparam("which"))
_patterns = (
    select(*(shift_pattern.c[name] for name in _PATTERN))
    .where(shift_pattern.c.agency_id == bindparam("agency_id"))
    .order_by(shift_pattern.c.id)
)
_set_change = by_dialect(
    shift_change,
    lambda new: new.on_conflict_do_update(
        index_elements=["pattern_id", "day"], set_={"staff_id": new.excluded.staff_id}
    ),
)
_changes = (
    select(shift_change.c.pattern_id, shift_change.c.day, shift_change.c.staff_id)
    .where(
        shift_change.c.agency_id == bindparam("agency_id"),
        shift_change.c.day >= bindparam("first"),
        shift_change.c.day <= bindparam("last"),
    )
    .order_by(shift_change.c.id)
)
_add_takeover = takeover.insert()
_takeovers = (
    select(takeover.c.staff_id, takeover.c.since, takeover.c.until)
    .where(
        takeover.c.agency_id == bindparam("agency_id"),
        takeover.c.until > bindparam("begin", type_=takeover.c.until.type),
        takeover.c.since < bindparam("end", type_=takeover.c.since.type),
    )
    .order_by(takeover.c.id)
)
_withdraw = (
    update(shift_swap)
    .where(
        shift_swap.c.pattern_id == bindparam("pattern"),
        shift_swap.c.day == bindparam("on"),
        shift_swap.c.state == _PROPOSED,
    )
    .values(state=SwapState.WITHDRAWN.value)
)
_add_swap = shift_swap.insert().returning(shift_swap.c.id)
_swap = (
    select(*(shift_swap.c[name] for name in _SWAP))
    .where(shift_swap.c.id == bindparam("id"))
    .with_for_update(key_share=True)
)
_open_swaps = (
    select(*(shift_swap.c[name] for name in _SWAP))
    .where(
        shift_swap.c.state == _PROPOSED,
        or_(shift_swap.c.from_id == bindparam("who"), shift_swap.c.to_id == bindparam("who")),
    )
    .order_by(shift_swap.c.day, shift_swap.c.id)
)
_save_swap = update(shift_swap).where(shift_swap.c.id == bindparam("which"))


class SqlRota:
    """The part of `ports.Duty` about shifts."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add_pattern(self, new: ShiftPattern) -> int:
        """Keep a shift pattern; its own `id` is ignored."""
        values = {
            "agency_id": new.agency_id,
            "staff_id": new.staff_id,
            "rule": new.rule,
            "first_day": new.first_day.isoformat(),
            "last_day": new.last_day.isoformat() if new.last_day else "",
            "begins": new.begins.isoformat("minutes"),
            "ends": new.ends.isoformat("minutes"),
            "zone": new.zone,
        }
        return int(self._link.execute(_add_pattern, values).scalar_one())

    def end_pattern(self, pattern_id: int, last_day: date) -> None:
        """It has no shifts after this day. Raises `NotFound`."""
        values = {"which": pattern_id, "last_day": last_day.isoformat()}
        if not self._link.execute(_end_pattern, values).rowcount:
            raise NotFound(f"shift pattern {pattern_id}")

    def patterns(self, agency_id: int) -> list[ShiftPattern]:
        """All shift patterns of an agency."""
        return [_to_pattern(row) for row in self._link.read(_patterns, {"agency_id": agency_id})]

    def set_change(self, agency_id: int, change: ShiftChange) -> None:
        """In place of an earlier change of that shift."""
        values = {
            "agency_id": agency_id,
            "pattern_id": change.pattern_id,
            "day": change.day.isoformat(),
            "staff_id": change.staff_id,
        }
        self._link.upsert(_set_change, values)

    def changes(self, agency_id: int, first: date, last: date) -> list[ShiftChange]:
        """Changes of shifts that begin on these days."""
        values = {"agency_id": agency_id, "first": first.isoformat(), "last": last.isoformat()}
        rows = self._link.read(_changes, values)
        return [ShiftChange(row[0], date.fromisoformat(row[1]), row[2]) for row in rows]

    def add_takeover(self, agency_id: int, new: Takeover) -> None:
        """Somebody has the duty for this time."""
        values = {"staff_id": new.staff_id, "since": new.span.since, "until": new.span.until}
        self._link.execute(_add_takeover, {"agency_id": agency_id} | values)

    def takeovers(self, agency_id: int, during: Span) -> list[Takeover]:
        """Those that touch this time, the one made last at the end."""
        values = {"agency_id": agency_id, "begin": during.since, "end": during.until}
        return [Takeover(row[0], Span(row[1], row[2])) for row in self._link.read(_takeovers, values)]

    def propose_swap(self, new: Swap, now: datetime) -> int:
        """Keep a swap; an open one of the same shift is withdrawn."""
        self._link.execute(_withdraw, {"pattern": new.pattern_id, "on": new.day.isoformat()})
        values = {
            "agency_id": new.agency_id,
            "pattern_id": new.pattern_id,
            "day": new.day.isoformat(),
            "from_id": new.from_id,
            "to_id": new.to_id,
            "state": new.state.value,
            "proposed_at": now,
        }
        return int(self._link.execute(_add_swap, values).scalar_one())

    def swap(self, swap_id: int) -> Swap | None:
        """A swap; locked."""
        row = self._link.execute(_swap, {"id": swap_id}).first()
        return None if row is None else _to_swap(row)

    def open_swaps(self, staff_id: int) -> list[Swap]:
        """Those that wait for an answer, made by or to this staff member."""
        return [_to_swap(row) for row in self._link.execute(_open_swaps, {"who": staff_id})]

    def save_swap(self, swap_id: int, state: SwapState) -> None:
        """Write down where it stands. Raises `NotFound`."""
        if not self._link.execute(_save_swap, {"which": swap_id, "state": state.value}).rowcount:
            raise NotFound(f"swap {swap_id}")


def _to_swap(row: Sequence[Any]) -> Swap:
    return Swap(row[0], row[1], row[2], date.fromisoformat(row[3]), row[4], row[5], SwapState(row[6]))


def _to_pattern(row: Sequence[Any]) -> ShiftPattern:
    named = dict(zip(_PATTERN, row, strict=True))
    last = named["last_day"]
    named |= {
        "first_day": date.fromisoformat(named["first_day"]),
        "last_day": date.fromisoformat(last) if last else None,
        "begins": time.fromisoformat(named["begins"]),
        "ends": time.fromisoformat(named["ends"]),
    }
    return ShiftPattern(**named)
