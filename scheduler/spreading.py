# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Many people's nine o'clock is one moment: spread over some minutes, so that nobody's messages queue up.

Pure and always the same for the same person: whoever is asked at 9:04 is asked at 9:04 next week, too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.local_time import QuietHours

#: So many minutes are 18,000 messages at Telegram's limit.
SPAN = timedelta(minutes=10)
#: Multiples of it fill an interval evenly, however many there are (the golden ratio).
_TURN = 0.6180339887498949
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


def spread(at: datetime, closes: datetime, who: int, quiet: QuietHours | None, zone: ZoneInfo) -> datetime:
    """The moment for the person `who`, in UTC: at `at` or up to ten minutes later, in whole seconds from it.

    Never before `at`, never after `closes` (the last moment at which it may begin), and never with a quiet
    time in between. What cannot wait at all, because it is quiet already or has closed, stays at `at`.
    """
    room = min(SPAN, closes - at)
    if quiet is not None:
        room = min(room, _until_quiet(at, room, quiet, zone))
    if room < _SECOND:
        return at.astimezone(UTC)
    share = who * _TURN % 1.0
    return at.astimezone(UTC) + int(share * room / _SECOND) * _SECOND


def _until_quiet(at: datetime, room: timedelta, quiet: QuietHours, zone: ZoneInfo) -> timedelta:
    """For how long it is not quiet, to the minute; looked at, because clocks may jump into a quiet time."""
    at = at.astimezone(UTC)
    passed = timedelta()
    if quiet.contains(at, zone):
        return passed
    while passed < room:
        following = min(passed + _MINUTE, room)
        if quiet.contains(at + following, zone):
            return passed
        passed = following
    return room
