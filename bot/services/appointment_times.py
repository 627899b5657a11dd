# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The moments of an appointment: when one is reminded, when it begins, when one is asked how it was. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.appointments import HOUR_BEFORE, HOUR_ON_THE_DAY, Appointment, ReminderRule
from scheduler.local_time import QuietHours, at_wall, local, zone

_DAY = timedelta(days=1)
#: On the day itself one is reminded so long before, at the latest.
_LEAD = timedelta(hours=2)
#: Where quiet hours leave less time than this, one is reminded on the evening before.
_SHORTEST_LEAD = timedelta(hours=1)
_EVENING_BEFORE = time(18, 0)
#: How long after its end one is asked how it was.
_AFTER = timedelta(hours=1)


class Act(StrEnum):
    """What happens at a moment of an appointment."""

    REMIND = "remind"
    BEGIN = "begin"  # nothing about it is asked any more
    ASK = "ask"  # it is over: how was it?


def next_act(kept: Appointment, quiet: QuietHours | None, after: datetime) -> tuple[datetime, Act] | None:
    """What comes next after a moment, and when. A day on which something was said already has no reminder.

    `after` is when the appointment was set, changed or last acted upon.
    """
    if not kept.is_open:
        return None
    moments = [(kept.starts_at, Act.BEGIN)]
    if kept.is_agreed:
        where = zone(kept.zone)
        said_on = local(after, where).date()
        reminders = reminder_moments(kept.reminder_rule, kept.starts_at, where, quiet)
        moments += [(at, Act.REMIND) for at in reminders if local(at, where).date() != said_on]
        moments.append((asking_moment(kept.ends_at, where, quiet), Act.ASK))
    return min((moment for moment in moments if moment[0] > after), default=None)


def reminder_moments(
    rule: ReminderRule, starts_at: datetime, where: ZoneInfo, quiet: QuietHours | None
) -> list[datetime]:
    """All reminders of an appointment, each before its start, never two on a day, never in quiet hours."""
    day = local(starts_at, where).date()
    found: dict[date, datetime] = {}
    for at in _wished(rule, starts_at, day, where, quiet):
        # Of two on a day the later one stays: it is nearer to what it is about.
        if at < starts_at:
            found[local(at, where).date()] = at
    return sorted(found.values())


def _wished(
    rule: ReminderRule, starts_at: datetime, day: date, where: ZoneInfo, quiet: QuietHours | None
) -> Iterator[datetime]:
    for days in sorted(rule.days, reverse=True):
        yield _allowed(at_wall(day - days * _DAY, HOUR_BEFORE, where), where, quiet)
    if rule.morning:
        wished = min(at_wall(day, HOUR_ON_THE_DAY, where), starts_at - _LEAD)
        at = _allowed(wished, where, quiet)
        if at > max(wished, starts_at - _SHORTEST_LEAD):
            at = _allowed(at_wall(day - _DAY, _EVENING_BEFORE, where), where, quiet)
        yield at


def asking_moment(ends_at: datetime, where: ZoneInfo, quiet: QuietHours | None) -> datetime:
    """When one is asked how it was: an hour after its end, or when the quiet hours then are over."""
    return _allowed(ends_at + _AFTER, where, quiet)


def last_chance(starts_at: datetime, where: ZoneInfo, quiet: QuietHours | None) -> datetime:
    """Until when a reminder may still begin: quiet hours must not hold it back until after the start."""
    if quiet is None or not quiet.contains(starts_at, where):
        return starts_at
    day = local(starts_at, where).date()
    begins = (at_wall(day - days * _DAY, quiet.start, where) for days in (0, 1))
    return max(at for at in begins if at <= starts_at)


def _allowed(at: datetime, where: ZoneInfo, quiet: QuietHours | None) -> datetime:
    return at if quiet is None else quiet.next_allowed(at, where)
