# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is kept about staff comes to its end: who left the team long ago, and duties of long ago."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, exists, or_, select, update

from bot.domain.conferences import ConferenceKind, ConferenceState
from bot.domain.duty import long_stopped
from bot.storage.calendar_tables import calendar_feed
from bot.storage.conference_tables import (
    conference,
    conference_case,
    conference_decision,
    conference_guest,
)
from bot.storage.console_tables import case_presence, saved_view
from bot.storage.duty_tables import (
    absence,
    duty_told,
    reach_test,
    shift_change,
    shift_pattern,
    shift_swap,
    takeover,
    working_day,
)
from bot.storage.link import Link
from bot.storage.mail_tables import mail_link
from bot.storage.sign_in_tables import (
    known_device,
    recovery_code,
    staff_identity,
    staff_login,
    staff_session,
)
from bot.storage.tables import CLOSED, address, concern, invitation, outgoing, staff
from bot.storage.time_tables import appointment_entry

#: Rows that are about one staff member alone and go with them; what refers to a row goes before it.
GOES: tuple[Column[Any], ...] = (
    mail_link.c.staff_id,
    staff_session.c.staff_id,
    staff_login.c.staff_id,
    staff_identity.c.staff_id,
    recovery_code.c.staff_id,
    known_device.c.staff_id,
    saved_view.c.staff_id,
    case_presence.c.staff_id,
    appointment_entry.c.staff_id,
    calendar_feed.c.staff_id,
    invitation.c.staff_id,
    absence.c.staff_id,
    takeover.c.staff_id,
    working_day.c.staff_id,
    shift_change.c.staff_id,
    shift_swap.c.from_id,
    shift_swap.c.to_id,
    shift_pattern.c.staff_id,
    address.c.staff_id,
)
#: A conference that nothing happens to any more.
_OVER = (ConferenceState.CLOSED.value, ConferenceState.CALLED_OFF.value)
#: Told of each person once, so it stays as long as they do; an erasure takes it along.
_OF_A_PERSON = duty_told.c.subject.startswith(long_stopped(""), autoescape=True)
_has_messages = exists().where(address.c.staff_id == staff.c.id, outgoing.c.address_id == address.c.id)
_has_open_concern = exists().where(
    or_(concern.c.owner_id == staff.c.id, concern.c.taken_by == staff.c.id), concern.c.state != CLOSED
)


def drop_rows(link: Link, table: Table, agency_id: int, old: ColumnElement[bool], limit: int) -> int:
    """Remove rows of an agency for which `old` holds, `limit` at most. How many those were."""
    if limit <= 0:
        return 0
    ids = select(table.c.id).where(table.c.agency_id == agency_id, old).order_by(table.c.id).limit(limit)
    numbers = list(link.execute(ids).scalars())
    if numbers:  # on most nights there is nothing
        link.execute(delete(table).where(table.c.id.in_(numbers)))
    return len(numbers)


class SqlStaffRetention:
    """Part of `rights_ports.Retention`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def left_team(self, agency_id: int, before: datetime, limit: int) -> list[int]:
        """Who left before then, has no open concern in hand, and to whom no message is kept any more."""
        wanted = select(staff.c.id).where(
            staff.c.agency_id == agency_id,
            staff.c.left_at < before,
            staff.c.cleared_at.is_(None),
            ~_has_messages,
            ~_has_open_concern,
        )
        return list(self._link.execute(wanted.order_by(staff.c.id).limit(limit)).scalars())

    def clear_staff(self, staff_id: int, name: str, now: datetime) -> None:
        """Remove everything but their number and role, with which histories name them; `name` says so."""
        patterns = select(shift_pattern.c.id).where(shift_pattern.c.staff_id == staff_id)
        addresses = select(address.c.id).where(address.c.staff_id == staff_id)
        self._delete(shift_change, shift_change.c.pattern_id.in_(patterns))
        self._delete(shift_swap, shift_swap.c.pattern_id.in_(patterns))
        self._delete(reach_test, reach_test.c.address_id.in_(addresses))
        for column in GOES:
            self._delete(column.table, column == staff_id)
        stood_in = update(absence).where(absence.c.deputy_id == staff_id)
        self._link.execute(stood_in.values(deputy_id=None))
        self._link.execute(update(staff).where(staff.c.deputy_id == staff_id).values(deputy_id=None))
        blank = {"name": name, "mail": "", "focus": "", "deputy_id": None, "cleared_at": now}
        self._link.execute(update(staff).where(staff.c.id == staff_id).values(blank))

    def drop_duties(self, agency_id: int, before: datetime, day: date, limit: int) -> int:
        """Absences, takeovers, shifts and changes that ended before then; `day` is in the agency's zone."""
        first = day.isoformat()
        over = shift_pattern.c.last_day.between("0", first) & (shift_pattern.c.last_day != first)
        used = exists().where(shift_change.c.pattern_id == shift_pattern.c.id) | exists().where(
            shift_swap.c.pattern_id == shift_pattern.c.id
        )
        old: Collection[tuple[Table, ColumnElement[bool]]] = (
            (absence, absence.c.until < before),
            (takeover, takeover.c.until < before),
            (shift_change, shift_change.c.day < first),
            (shift_swap, shift_swap.c.day < first),
            (shift_pattern, over & ~used),
            (duty_told, (duty_told.c.at < before) & ~_OF_A_PERSON),
        )
        done = sum(drop_rows(self._link, table, agency_id, which, limit) for table, which in old)
        return done + self._drop_conferences(agency_id, before, limit)

    def _drop_conferences(self, agency_id: int, before: datetime, limit: int) -> int:
        """Those that ended before then: of a case once its person is erased, of a topic once all is done."""
        about = exists().where(conference_case.c.conference_id == conference.c.id)
        is_task = exists().where(
            conference_decision.c.conference_id == conference.c.id,
            or_(conference_decision.c.done_at.is_(None), conference_decision.c.done_at >= before),
        )
        wanted = select(conference.c.id).where(
            conference.c.agency_id == agency_id,
            conference.c.state.in_(_OVER),
            conference.c.changed_at < before,
            ~about,
            or_(conference.c.kind == ConferenceKind.CASE.value, ~is_task),
        )
        numbers = list(self._link.execute(wanted.order_by(conference.c.id).limit(limit)).scalars())
        if numbers:
            for table in (conference_guest, conference_decision):
                self._delete(table, table.c.conference_id.in_(numbers))
            self._delete(conference, conference.c.id.in_(numbers))
        return len(numbers)

    def _delete(self, table: Any, which: ColumnElement[bool]) -> None:
        self._link.execute(delete(table).where(which))
