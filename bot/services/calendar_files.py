# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments as calendar files (iCalendar, RFC 5545), for the person and for staff.

A calendar may be shown on a shared screen or lie with a company: titles are neutral, names stand only where
they are allowed, the case code only for staff, notes for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar, Event, vRecur

from bot.domain.appointments import Appointment, AppointmentKind, AppointmentState, Series
from bot.domain.conferences import Conference
from bot.ports import UnitOfWork
from bot.services.appointment_words import KINDS
from bot.services.calendar_zones import time_zone
from bot.services.rulebook import Rulebook
from bot.texts import Voice, mark
from scheduler.local_time import at_wall, local, zone

_PRODUCT = "-//Lotse//Lotse//DE"
#: All others say too much about a person who has them.
_TITLES = {AppointmentKind.COACH: mark("Gespräch"), AppointmentKind.GROUP: mark("Gruppe")}
_NEUTRAL = mark("Termin")
_STATUS = {AppointmentState.CANCELLED: "CANCELLED", AppointmentState.AGREED: "CONFIRMED"}
_END_OF_DAY = time(23, 59, 59)
#: How often a calendar should ask for news.
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar it is. `case_code` is for staff only; without `shows_names` nobody is named."""

    voice: Voice
    case_code: str = ""
    shows_names: bool = False


@dataclass(frozen=True, slots=True)
class FeedLine:
    """An appointment in a staff member's feed, and how the person may be called there."""

    kept: Appointment
    case_code: str
    name: str = ""


def calendar_for_person(
    uow: UnitOfWork, rules: Rulebook, participant_id: int, appointment_id: int
) -> bytes | None:
    """The file of an appointment or its series for the person whose it is; None for anybody else."""
    kept = uow.appointments.get(appointment_id)
    if kept is None or kept.participant_id != participant_id:
        return None
    people = uow.people.participants(kept.agency_id)
    language = next((one.language for one in people if one.id == participant_id), "de")
    return _file_of(uow, kept, Reader(rules.voice(language)))


def calendar_for_staff(uow: UnitOfWork, rules: Rulebook, staff_id: int, appointment_id: int) -> bytes | None:
    """The file of an appointment or its series for staff of the same agency; None for anybody else."""
    staff = uow.people.staff(staff_id)
    kept = uow.appointments.get(appointment_id)
    if staff is None or kept is None or kept.agency_id != staff.agency_id:
        return None
    people = uow.people.participants(kept.agency_id)
    case_code = next((one.case_code for one in people if one.id == kept.participant_id), "")
    return _file_of(uow, kept, Reader(rules.voice(staff.language), case_code))


def _file_of(uow: UnitOfWork, kept: Appointment, reader: Reader) -> bytes:
    series = uow.appointments.series(kept.series_id) if kept.series_id else None
    if series is None:
        return write_appointment(kept, reader)
    return write_series(series, uow.appointments.of_series(series.id), reader)


def write_appointment(kept: Appointment, reader: Reader, series: Series | None = None) -> bytes:
    """One appointment, or one occurrence of its series. A cancelled one takes itself out of a calendar."""
    is_cancelled = kept.state is AppointmentState.CANCELLED
    return _calendar([_event(kept, reader, series)], "CANCEL" if is_cancelled else "PUBLISH", kept)


def write_series(series: Series, occurrences: Iterable[Appointment], reader: Reader) -> bytes:
    """A series as one rule; its cancelled days are left out, and what was changed stands by itself."""
    made = list(occurrences)
    changed = [one for one in made if one.sequence and one.state is not AppointmentState.CANCELLED]
    events = [_rule(series, made, reader), *(_event(one, reader, series) for one in changed)]
    return _calendar(events, "PUBLISH", series)


def write_feed(lines: Sequence[FeedLine | Conference], voice: Voice, zone_name: str, now: datetime) -> bytes:
    """Many appointments as one calendar, each by itself; what is cancelled is simply not in it any more."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Lotse")
    calendar.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    years = {zone_name: now.year}
    for kept in (line.kept for line in lines if isinstance(line, FeedLine)):
        years[kept.zone] = min(years.get(kept.zone, kept.starts_at.year), kept.starts_at.year)
    for name, year in sorted(years.items()):
        calendar.add_component(time_zone(name, year))
    for line in lines:
        if isinstance(line, Conference):
            calendar.add_component(_meeting(line, voice, zone_name))
        else:
            calendar.add_component(_feed_event(line, voice))
    return bytes(calendar.to_ical())


def _feed_event(line: FeedLine, voice: Voice) -> Event:
    kept = line.kept
    event = Event()
    # Occurrences of a series stand by themselves here, so each needs a name of its own.
    event.add("uid", f"{kept.id}.{kept.uid}@lotse")
    event.add("dtstamp", kept.changed_at)
    event.add("dtstart", local(kept.starts_at, zone(kept.zone)))
    event.add("duration", kept.length)
    event.add("sequence", kept.sequence)
    is_open_question = kept.state in (AppointmentState.PROPOSED, AppointmentState.MOVED)
    event.add("status", "TENTATIVE" if is_open_question else "CONFIRMED")
    parts = [voice.say(KINDS[kept.kind]), voice.say("Fall {case}", case=line.case_code), line.name]
    event.add("summary", " · ".join(part for part in parts if part))
    event.add("class", "PRIVATE")
    return event


def _meeting(kept: Conference, voice: Voice, zone_name: str) -> Event:
    """A conference says its number alone: its topic may say something about somebody."""
    event = Event()
    event.add("uid", f"conference-{kept.id}@lotse")
    event.add("dtstamp", kept.changed_at)
    event.add("dtstart", local(kept.starts_at, zone(zone_name)))
    event.add("duration", kept.length)
    event.add("status", "CONFIRMED")
    event.add("summary", voice.say("Fachkonferenz {number}", number=kept.id))
    event.add("class", "PRIVATE")
    return event


def _calendar(events: Iterable[Event], method: str, kept: Appointment | Series) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    begins = kept.first_day if isinstance(kept, Series) else kept.starts_at
    calendar.add_component(time_zone(kept.zone, begins.year))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(kept: Appointment, reader: Reader, series: Series | None) -> Event:
    event = Event()
    event.add("uid", f"{kept.uid}@lotse")
    event.add("dtstamp", kept.changed_at)
    event.add("dtstart", local(kept.starts_at, zone(kept.zone)))
    # A length, not an end: on the wall an end may come twice, or never.
    event.add("duration", kept.length)
    event.add("sequence", kept.sequence)
    event.add("status", _STATUS.get(kept.state, "TENTATIVE"))
    if series is not None and kept.series_day is not None:
        where = zone(series.zone)
        event.add("recurrence-id", local(at_wall(kept.series_day, series.at, where), where))
    _describe(event, kept, reader)
    return event


def _rule(series: Series, made: list[Appointment], reader: Reader) -> Event:
    where = zone(series.zone)
    event = Event()
    event.add("uid", f"{series.uid}@lotse")
    event.add("dtstamp", max((one.changed_at for one in made), default=series.set_at))
    event.add("dtstart", local(at_wall(series.first_day, series.at, where), where))
    event.add("duration", series.length)
    event.add("sequence", sum(one.sequence for one in made))
    event.add("status", "CONFIRMED")
    event.add("rrule", vRecur.from_ical(f"{series.rule};{_end(series)}"))
    days = [one.series_day for one in made if one.state is AppointmentState.CANCELLED and one.series_day]
    for day in days:
        event.add("exdate", local(at_wall(day, series.at, where), where))
    _describe(event, series, reader)
    return event


def _end(series: Series) -> str:
    """Of a cancelled series only what was made has ever been; each of that is left out by itself."""
    last = series.made_until if series.is_cancelled else series.last_day
    if last is None:
        return f"COUNT={series.count}"
    ends_at = at_wall(last, _END_OF_DAY, zone(series.zone))
    return f"UNTIL={ends_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _describe(event: Event, kept: Appointment | Series, reader: Reader) -> None:
    voice, details = reader.voice, kept.details
    title = voice.say(_TITLES.get(kept.kind, _NEUTRAL))
    if reader.shows_names and details.with_whom and kept.kind in _TITLES:
        title = voice.say("{title} mit {name}", title=title, name=details.with_whom)
    if reader.case_code:
        title = f"{title} · {voice.say('Fall {case}', case=reader.case_code)}"
    event.add("summary", title)
    event.add("class", "PRIVATE")
    if details.place:
        event.add("location", details.place)
    if details.map_link:
        event.add("url", details.map_link)
    if kept.kind is AppointmentKind.OFFICIAL:
        binding = mark("Nur eine Erinnerung. Verbindlich ist allein das Schreiben zu diesem Termin.")
        event.add("description", voice.say(binding))
