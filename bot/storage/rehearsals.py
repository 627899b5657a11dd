# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals that were asked for in the console, with their reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, delete, select, update

from bot.domain.rehearsals import Rehearsal, RehearsalFault, RehearsalState, RehearsalWish
from bot.storage.link import Link
from bot.storage.programme_tables import rehearsal

_REHEARSAL_WISH = msgspec.json.Decoder(RehearsalWish)

_TOPIC = 4
_CHANGES = ("tries", "lease_until", "began_at", "ended_at")
_KEPT = ("id", "agency_id", "asked_by", "asked_at", "wish", "state", *_CHANGES, "fault")
# Without the report: lists are read often, and a page is some hundred kilobytes.
_all: Select[Any] = select(*(rehearsal.c[name] for name in _KEPT))
_one = _all.where(rehearsal.c.id == bindparam("which"))
_of_agency = _all.where(rehearsal.c.agency_id == bindparam("agency")).order_by(rehearsal.c.id.desc())
_unfinished = _all.where(rehearsal.c.state.in_(("asked", "running"))).order_by(rehearsal.c.id)
_report = select(rehearsal.c.report).where(rehearsal.c.id == bindparam("which"))
_add = rehearsal.insert().returning(rehearsal.c.id)
_change = update(rehearsal).where(
    rehearsal.c.id == bindparam("which"), rehearsal.c.tries == bindparam("before")
)
_drop = delete(rehearsal).where(
    rehearsal.c.id == bindparam("which"), rehearsal.c.agency_id == bindparam("agency")
)


class SqlRehearsals:
    """Implements `rehearsal_ports.Rehearsals`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def alone(self) -> None:
        """Until the end of the transaction nobody else decides which one begins."""
        self._link.alone(_TOPIC)

    def add(self, new: Rehearsal) -> int:
        """Keep a new one."""
        wish = msgspec.json.encode(new.wish).decode()
        whose = {"agency_id": new.agency_id, "asked_by": new.asked_by, "asked_at": new.asked_at, "wish": wish}
        return int(self._link.execute(_add, whose | _values(new)).scalar_one())

    def get(self, rehearsal_id: int) -> Rehearsal | None:
        """One of them."""
        row = self._link.execute(_one, {"which": rehearsal_id}).first()
        return None if row is None else _to_rehearsal(row)

    def of_agency(self, agency_id: int) -> list[Rehearsal]:
        """All of them, the newest first."""
        return [_to_rehearsal(row) for row in self._link.execute(_of_agency, {"agency": agency_id})]

    def unfinished(self) -> list[Rehearsal]:
        """Those that wait or run, the oldest first."""
        return [_to_rehearsal(row) for row in self._link.execute(_unfinished)]

    def save(self, changed: Rehearsal, tries: int, report: str = "") -> bool:
        """Write down what may change, if nobody else has begun it since."""
        values = _values(changed) | ({"report": report} if report else {})
        which = {"which": changed.id, "before": tries}
        return self._link.execute(_change.values(values), which).rowcount == 1

    def report(self, rehearsal_id: int) -> str:
        """The page, empty if there is none."""
        return str(self._link.execute(_report, {"which": rehearsal_id}).scalar() or "")

    def drop(self, agency_id: int, rehearsal_id: int) -> int:
        """Remove one of this agency."""
        return self._link.execute(_drop, {"which": rehearsal_id, "agency": agency_id}).rowcount


def _values(one: Rehearsal) -> dict[str, Any]:
    words = {"state": one.state.value, "fault": one.fault.value if one.fault else ""}
    return words | {name: getattr(one, name) for name in _CHANGES}


def _to_rehearsal(row: Sequence[Any]) -> Rehearsal:
    values = dict(zip(_KEPT, row, strict=True))
    values["wish"] = _REHEARSAL_WISH.decode(values["wish"])
    values["state"] = RehearsalState(values["state"])
    values["fault"] = RehearsalFault(values["fault"]) if values["fault"] else None
    return Rehearsal(**values)
