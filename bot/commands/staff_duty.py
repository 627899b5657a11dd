# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff hours` and `lotse staff leave`: when somebody works, and that they have left the team."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

import typer

from bot.commands.console_io import fail, in_storage, put, read_settings
from bot.commands.staff_sign_in import StaffId
from bot.domain.people import Staff
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.absences import set_working_hours
from bot.services.duty_watch import leave_and_tell
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([a-z]{3})=([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


def hours(
    staff_id: StaffId,
    days: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="DAY=FROM-TO...", help="Like mon=08:00-12:00; none: the agency's hours again."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Set somebody's own working hours; a weekday that is not named is a day off."""
    week = dict(_read_day(day) for day in days or [])
    if len(week) < len(days or []):
        fail("a day is named twice")
    now = SystemClock().now()
    in_storage(
        read_settings(),
        lambda uow, _: set_working_hours(uow, _person(uow, staff_id), week, now),
        every_agency=True,
    )
    shown = {_DAYS[day]: f"{span[0]:%H:%M}-{span[1]:%H:%M}" for day, span in week.items()}
    put({"id": staff_id, "hours": shown or "as the agency"}, as_json=as_json, title="Working hours")


def leave(
    staff_id: StaffId,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Somebody has left: they are never called again, and leads hear which people have no coach now."""

    def use_case(uow: UnitOfWork, rules: Rulebook) -> int:
        return leave_and_tell(uow, rules, _person(uow, staff_id).id, SystemClock().now())

    lost = in_storage(read_settings(), use_case, every_agency=True)
    put({"id": staff_id, "without_coach": lost}, as_json=as_json, title="Left the team")


def _person(uow: UnitOfWork, staff_id: int) -> Staff:
    person = uow.people.staff(staff_id)
    if person is None:
        raise NotFound(f"there is no staff member {staff_id}")
    return person


def _read_day(text: str) -> tuple[int, tuple[time, time]]:
    found = _SPAN.fullmatch(text.casefold())
    if found is None or found[1] not in _DAYS:
        fail(f"'{text[:40]}' is not a day with its hours, write it like mon=08:00-12:00")
    begins, ends = time(int(found[2]), int(found[3])), time(int(found[4]), int(found[5]))
    if begins >= ends:
        fail(f"'{text[:40]}' ends before it begins")
    return _DAYS.index(found[1]), (begins, ends)
