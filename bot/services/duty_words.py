# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is away, who has duty and when, in words; and what staff type about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.channels import kind_of
from bot.domain.duty import Absence, Span
from bot.domain.people import Staff
from bot.services.appointment_dates import FURTHEST, EntryFault, read_last_day
from bot.texts import Voice, mark
from scheduler.local_time import at_wall, local, zone

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
#: A time away that goes over the end of a year is written without years; longer ones need them.
_LONGEST_WITHOUT_YEAR = timedelta(days=183)
_NEAR = {"heute": 0, "morgen": 1, "übermorgen": 2}
_DATE = r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?|heute|morgen|übermorgen"
_SPAN = re.compile(
    rf"(?:(?P<open>ab)\s+|(?P<until>bis)\s+(?:zum\s+)?|vom?\s+)?(?P<first>{_DATE})"
    rf"(?:\s*(?:-|–|—|bis(?:\s+zum)?)\s*(?P<last>{_DATE}))?(?:,?\s+(?P<rest>\S.*))?",
    re.IGNORECASE,
)
_CHANNELS = {
    "telegram_staff": mark("Team-Messenger"),
    "mail": mark("E-Mail"),
    "console": mark("Konsole"),
}


def channel_name(voice: Voice, channel: str) -> str:
    """What people call a way to reach them."""
    kind = kind_of(channel)
    return voice.say(_CHANNELS[kind]) if kind in _CHANNELS else channel


def day_text(voice: Voice, at: datetime, zone_name: str, now: datetime) -> str:
    """`Montag, 4. Mai`, with the year where it is another one."""
    where = zone(zone_name)
    text = voice.day(at, zone_name)
    year = local(at, where).year
    return text if year == local(now, where).year else f"{text} {year}"


def span_text(voice: Voice, span: Span, zone_name: str) -> str:
    """`Montag, 4. Mai, 8:00 Uhr bis 16:00 Uhr`; the second day too where it ends on another."""
    where = zone(zone_name)
    fields = {
        "day": voice.day(span.since, zone_name),
        "start": voice.clock(span.since, zone_name),
        "end": voice.clock(span.until, zone_name),
    }
    # What ends at midnight ends on the day that is over then.
    last = local(span.until - _MOMENT, where).date()
    if last == local(span.since, where).date():
        return voice.say("{day}, {start} bis {end}", **fields)
    return voice.say("{day}, {start} bis {last}, {end}", **fields, last=voice.day(span.until, zone_name))


def absence_text(voice: Voice, absence: Absence, zone_name: str, now: datetime) -> str:
    """From which day to which day; open ends and single days in words of their own."""
    first = day_text(voice, max(absence.since, now), zone_name, now)
    if absence.until is None:
        return voice.say("ab {day} bis auf Weiteres", day=first)
    last = day_text(voice, absence.until - _MOMENT, zone_name, now)
    if first == last:
        return voice.say("am {day}", day=first)
    return voice.say("von {first} bis {last}", first=first, last=last)


def read_absence(typed: str, now: datetime, zone_name: str) -> tuple[datetime, datetime | None, str]:
    """When somebody is away, and what else was typed: the deputy's name. Raises `EntryFault`.

    `3.12.-10.12. Dirk`, `bis 10.12.`, `3.12.`, `ab 3.12.`, `heute`, `morgen Dirk`. Whole days; one that has
    begun already begins now.
    """
    found = _SPAN.fullmatch(" ".join(typed.split()))
    if found is None:
        raise EntryFault(mark("Ich finde keine Tage. Schreiben Sie sie zum Beispiel so: 3.12.-10.12."))
    where = zone(zone_name)
    today = local(now, where).date()
    first = _first_day(found["first"], today)
    last = first
    if found["last"]:
        if found["until"] or found["open"]:
            raise EntryFault(mark("Bitte schreiben Sie entweder „3.12.-10.12.“ oder „bis 10.12.“."))
        last = _last_day((found["first"], found["last"]), first, today)
    elif found["until"]:
        first = today
    if max(first, last) - today > FURTHEST:
        raise EntryFault(mark("Das ist mehr als zwei Jahre hin. Ist das Jahr richtig?"))
    since = max(at_wall(first, time.min, where), now.astimezone(UTC))
    until = None if found["open"] else at_wall(last + _DAY, time.min, where)
    return since, until, found["rest"] or ""


def _first_day(text: str, today: date) -> date:
    day = _day(text, today)
    if _has_no_year(text) and day - today > _LONGEST_WITHOUT_YEAR:
        raise EntryFault(
            mark("Der {day} ist schon vorbei. Wenn Sie das nächste Mal meinen, schreiben Sie das Jahr dazu."),
            day=text,
        )
    return day


def _last_day(texts: tuple[str, str], first: date, today: date) -> date:
    last = _day(texts[1], first if _has_no_year(texts[1]) else today)
    if last < first or (_has_no_year(texts[1]) and last - first > _LONGEST_WITHOUT_YEAR):
        raise EntryFault(
            mark("Das Ende ({last}) liegt vor dem Anfang ({first}). Bitte sehen Sie noch einmal nach."),
            first=texts[0],
            last=texts[1],
        )
    return last


def _has_no_year(text: str) -> bool:
    return text.endswith(".")


def _day(text: str, today: date) -> date:
    near = _NEAR.get(text.casefold())
    return today + near * _DAY if near is not None else read_last_day(text, today)


def find_colleague(typed: str, team: Sequence[Staff], me: Staff) -> Staff:
    """The one colleague whose name, or a part of it, this is. Raises `EntryFault`."""
    wanted = " ".join(typed.casefold().split())
    others = [person for person in team if person.left_at is None]
    exact = [person for person in others if person.name.casefold() == wanted]
    found = exact or [p for p in others if any(w.startswith(wanted) for w in _parts(p.name))]
    if [person.id for person in found] == [me.id]:
        raise EntryFault(mark("Das sind Sie selbst. Bitte nennen Sie jemand anderen."))
    found = [person for person in found if person.id != me.id]
    if len(found) == 1:
        return found[0]
    names = ", ".join(person.name for person in (found or others) if person.id != me.id)
    if found:
        raise EntryFault(mark("Wen meinen Sie? Es passen: {names}."), names=names)
    if not names:
        raise EntryFault(mark("Im Team ist außer Ihnen noch niemand."))
    raise EntryFault(mark("„{typed}“ kenne ich nicht. Im Team sind: {names}."), typed=typed[:40], names=names)


def _parts(name: str) -> list[str]:
    """The name from each of its words on: `Karl Klein` can be meant by `karl`, `karl k` and `klein`."""
    words = name.casefold().split()
    return [" ".join(words[number:]) for number in range(len(words))]
