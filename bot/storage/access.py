# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How staff stand to people: coaches, calls, and glasses that were broken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.domain.access import BrokenGlass
from bot.domain.messages import Kind
from bot.storage.access_tables import broken_glass
from bot.storage.link import Link
from bot.storage.seals import owned
from bot.storage.tables import CLOSED, concern, outgoing, participant

_coach = select(participant.c.coach_id).where(participant.c.id == bindparam("participant_id"))
_coaches = select(participant.c.id, participant.c.coach_id).where(
    participant.c.agency_id == bindparam("agency_id")
)
_called = (
    select(concern.c.id)
    .join_from(concern, outgoing, outgoing.c.concern_id == concern.c.id)
    .where(
        concern.c.agency_id == bindparam("agency_id"),
        concern.c.state != CLOSED,
        outgoing.c.concern_id.is_not(None),
        outgoing.c.staff_id == bindparam("staff_id"),
        outgoing.c.kind == Kind.STAFF_ALERT,
    )
    .distinct()
)
_break = broken_glass.insert().returning(broken_glass.c.id)
_glasses = (
    select(
        broken_glass.c.id,
        broken_glass.c.agency_id,
        broken_glass.c.staff_id,
        broken_glass.c.participant_id,
        broken_glass.c.reason,
        broken_glass.c.since,
        broken_glass.c.until,
    )
    .where(
        broken_glass.c.staff_id == bindparam("staff_id"),
        broken_glass.c.until > bindparam("now", type_=broken_glass.c.until.type),
    )
    .order_by(broken_glass.c.id)
)


class SqlAccess:
    """Implements `access_ports.Access`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def coach_of(self, participant_id: int) -> int | None:
        """Who looks after this person."""
        found = self._link.execute(_coach, {"participant_id": participant_id}).scalar()
        return None if found is None else int(found)

    def coaches(self, agency_id: int) -> Mapping[int, int | None]:
        """The coach of every person of the agency."""
        rows = self._link.execute(_coaches, {"agency_id": agency_id})
        return {person: coach for person, coach in rows}  # noqa: C416

    def called(self, agency_id: int, staff_id: int) -> frozenset[int]:
        """Open concerns for which they were called."""
        values = {"agency_id": agency_id, "staff_id": staff_id}
        return frozenset(self._link.execute(_called, values).scalars())

    def break_glass(self, new: BrokenGlass) -> int:
        """Keep that somebody broke the glass."""
        values = {
            "agency_id": new.agency_id,
            "staff_id": new.staff_id,
            "participant_id": new.participant_id,
            "reason": owned(new.reason, new.participant_id),
            "since": new.since,
            "until": new.until,
        }
        return int(self._link.execute(_break, values).scalar_one())

    def glasses(self, staff_id: int, now: datetime) -> list[BrokenGlass]:
        """Those of this staff member that are not over."""
        rows = self._link.execute(_glasses, {"staff_id": staff_id, "now": now})
        return [BrokenGlass(*row) for row in rows]
