# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Staff's calendars: appointments by day, and feeds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update

from bot.calendar_ports import CalendarFeed, Whose
from bot.domain.appointments import Appointment, AppointmentState
from bot.domain.duty import Span
from bot.domain.people import Standing
from bot.storage.appointments import APPOINTMENTS, to_appointment
from bot.storage.calendar_tables import calendar_feed
from bot.storage.link import Link, by_dialect
from bot.storage.tables import participant
from bot.storage.time_tables import appointment

FINGERPRINT = "calendar_feed.fingerprint"

_between = (
    APPOINTMENTS.join(participant, participant.c.id == appointment.c.participant_id)
    .where(
        appointment.c.agency_id == bindparam("agency"),
        appointment.c.starts_at >= bindparam("since", type_=appointment.c.starts_at.type),
        appointment.c.starts_at < bindparam("until", type_=appointment.c.starts_at.type),
        appointment.c.state.in_(bindparam("states", expanding=True)),
        participant.c.standing.not_in([Standing.VISITOR.value, Standing.LEFT.value]),
    )
    .order_by(appointment.c.starts_at, appointment.c.id)
    .limit(bindparam("at_most"))
)
_coached = participant.c.coach_id.in_(bindparam("coaches", expanding=True))
_between_coached = _between.where(_coached)
_between_pooled = _between.where(or_(_coached, participant.c.coach_id.is_(None)))

_COLUMNS = [calendar_feed.c[name] for name in ("id", "agency_id", "staff_id", "made_at", "read_at")]
_of_staff = select(*_COLUMNS).where(calendar_feed.c.staff_id == bindparam("staff"))
_by_token = select(*_COLUMNS).where(calendar_feed.c.fingerprint == bindparam("fingerprint"))
_make = by_dialect(
    calendar_feed,
    lambda new: new.on_conflict_do_update(
        index_elements=["staff_id"],
        set_={"fingerprint": new.excluded.fingerprint, "made_at": new.excluded.made_at, "read_at": None},
    ),
)
_drop = delete(calendar_feed).where(calendar_feed.c.staff_id == bindparam("staff"))
_read = update(calendar_feed).where(calendar_feed.c.id == bindparam("which"))


class SqlCalendars:
    """Implements `calendar_ports.Calendars`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def between(
        self, whose: Whose, during: Span, states: Collection[AppointmentState], limit: int
    ) -> list[Appointment]:
        """Those that begin in this time, the soonest first."""
        values = {
            "agency": whose.agency_id,
            "since": during.since,
            "until": during.until,
            "states": sorted(state.value for state in states),
            "at_most": limit,
        }
        if whose.coaches is None:
            statement = _between
        else:
            statement = _between_pooled if whose.with_pool else _between_coached
            values["coaches"] = sorted(whose.coaches)
        return [to_appointment(row) for row in self._link.execute(statement, values)]

    def feed_of(self, staff_id: int) -> CalendarFeed | None:
        """The feed of a staff member."""
        row = self._link.execute(_of_staff, {"staff": staff_id}).first()
        return None if row is None else CalendarFeed(*row)

    def feed(self, token: str) -> CalendarFeed | None:
        """The feed with this secret."""
        row = self._link.execute(_by_token, {"fingerprint": self._fingerprint(token)}).first()
        return None if row is None else CalendarFeed(*row)

    def make_feed(self, agency_id: int, staff_id: int, token: str, now: datetime) -> None:
        """A new secret, in place of an older one."""
        values = {
            "agency_id": agency_id,
            "staff_id": staff_id,
            "fingerprint": self._fingerprint(token),
            "made_at": now,
        }
        self._link.upsert(_make, values)

    def drop_feed(self, staff_id: int) -> bool:
        """There is none any more."""
        return bool(self._link.execute(_drop, {"staff": staff_id}).rowcount)

    def read_feed(self, feed_id: int, now: datetime) -> None:
        """A calendar has asked for it."""
        self._link.execute(_read, {"which": feed_id, "read_at": now})

    def _fingerprint(self, token: str) -> bytes:
        return self._link.keyring.fingerprint(token, FINGERPRINT)
