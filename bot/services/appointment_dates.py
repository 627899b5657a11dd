# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Days and times as staff type them: `24.11.2026 10:30`, `24.11. 10:30 Uhr`, `Mo 10 Uhr`, `morgen 9:00`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from bot.texts import Voice, mark
from scheduler.local_time import again_at_wall, at_wall, local, zone

_DAY = timedelta(days=1)
#: Whoever writes a later day has mistyped it.
FURTHEST = timedelta(days=2 * 366)
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_NEAR = {"heute": 0, "morgen": 1, "übermorgen": 2}
_NO_DAY = mark("Ich finde keinen Tag. Schreiben Sie ihn zum Beispiel so: 24.11.2026, 24.11. oder Mo.")
_NO_TIME = mark("Ich finde keine Uhrzeit. Schreiben Sie sie zum Beispiel so: 10:30.")


class EntryFault(ValueError):
    """What was typed cannot be kept as it is. `text` is a source text that says why, and what to write."""

    def __init__(self, text: str, /, **fields: object) -> None:
        super().__init__("an entry that cannot be kept")
        self.text, self.fields = text, fields

    def say(self, voice: Voice) -> str:
        """The fault in words."""
        return voice.say(self.text, **self.fields)


def read_moment(words: list[str], now: datetime, zone_name: str) -> datetime:
    """The moment that stands at the beginning of `words`, which are taken from the list.

    Raises `EntryFault` for a day or time that cannot be read, does not exist, comes twice, or is over.
    """
    where = zone(zone_name)
    today = local(now, where).date()
    days = _read_days(words, today)
    wall = read_time(words)
    chosen = next((day for day in days if at_wall(day, wall, where) > now), days[-1])
    at = at_wall(chosen, wall, where)
    shown = {"day": f"{chosen:%d.%m.%Y}", "time": f"{wall:%H:%M}"}
    if local(at, where).time() != wall:
        raise EntryFault(
            mark(
                "Am {day} gibt es {time} Uhr nicht: In dieser Nacht wird die Uhr vorgestellt. "
                "Bitte nehmen Sie eine andere Uhrzeit."
            ),
            **shown,
        )
    if again_at_wall(chosen, wall, where) != at:
        raise EntryFault(
            mark(
                "Am {day} kommt {time} Uhr zweimal vor: In dieser Nacht wird die Uhr zurückgestellt. "
                "Bitte nehmen Sie eine andere Uhrzeit."
            ),
            **shown,
        )
    if at <= now:
        raise EntryFault(
            mark("{day}, {time} Uhr ist schon vorbei. Bitte nennen Sie einen Tag in der Zukunft."), **shown
        )
    if at - now > FURTHEST:
        raise EntryFault(mark("Der {day} ist mehr als zwei Jahre hin. Ist das Jahr richtig?"), **shown)
    return at.astimezone(UTC)


def read_last_day(text: str, today: date) -> date:
    """A day on which something ends, `31.1.2027` or `31.1.`. Raises `EntryFault`."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise EntryFault(_NO_DAY)
    day = _dated(match, today)
    if day < today:
        raise EntryFault(
            mark("Der {day} ist schon vorbei. Bitte nennen Sie einen Tag in der Zukunft."),
            day=f"{day:%d.%m.%Y}",
        )
    return day


def read_time(words: list[str]) -> time:
    """The time of day at the beginning of `words`, which is taken from the list. Raises `EntryFault`."""
    match = _TIME.fullmatch(words[0]) if words else None
    followed = len(words) > 1 and words[1].casefold() == "uhr"
    if match is None or not (match[2] or followed):
        raise EntryFault(_NO_TIME)
    del words[: 2 if followed else 1]
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 23 or minute > 59:
        raise EntryFault(mark("{time} Uhr gibt es nicht. Schreiben Sie zum Beispiel 10:30."), time=match[0])
    return time(hour, minute)


def _read_days(words: list[str], today: date) -> list[date]:
    """The day that is meant; two where a weekday may be today or in a week, depending on the time."""
    word = words.pop(0).casefold().rstrip(",") if words else ""
    if word in _NEAR:
        return [today + _NEAR[word] * _DAY]
    weekday = _weekday(word)
    match = _DATE.fullmatch(words[0].rstrip(",")) if weekday is not None and words else None
    # "Mo 10.30" is a time, "Mo 24.11." a day.
    match = match if match and match[0].count(".") == 2 else None
    if weekday is not None and match is None:
        ahead = (weekday - today.weekday()) % 7
        return [today] * (not ahead) + [today + (ahead or 7) * _DAY]
    if match is not None:
        words.pop(0)
    else:
        match = _DATE.fullmatch(word)
    if match is None:
        raise EntryFault(_NO_DAY)
    day = _dated(match, today)
    if weekday is not None and day.weekday() != weekday:
        raise EntryFault(
            mark("Der {day} ist kein {weekday}. Welcher Tag ist gemeint?"),
            day=f"{day:%d.%m.%Y}",
            weekday=_WEEKDAYS[weekday].capitalize(),
        )
    return [day]


def _weekday(word: str) -> int | None:
    bare = word.rstrip(".")
    found = [number for number, name in enumerate(_WEEKDAYS) if bare in (name, name[:2])]
    if bare == "sonnabend":
        return 5
    return found[0] if found else None


def _dated(match: re.Match[str], today: date) -> date:
    day, month = int(match[1]), int(match[2])
    years = [int(match[3]) % 2000 + 2000] if match[3] else [today.year + step for step in range(9)]
    found = [made for year in years if (made := _made(year, month, day)) is not None]
    chosen = next((made for made in found if match[3] or made >= today), None)
    if chosen is None:
        raise EntryFault(mark("Den Tag {day} gibt es nicht. Bitte sehen Sie noch einmal nach."), day=match[0])
    return chosen


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # a day that no calendar has, or not in that year
        return None
