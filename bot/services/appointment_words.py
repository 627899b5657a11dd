# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Appointments in words for staff: a case code, no name of a participant, details only where they may go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.appointments import (
    REMINDERS,
    Appointment,
    AppointmentKind,
    AppointmentState,
    Coming,
    Details,
    ReminderRule,
)
from bot.domain.messages import DataClass
from bot.services.appointment_entries import CancelEntry, Entry, NewEntry, SeriesEntry
from bot.services.desk import Desk
from bot.texts import mark

KINDS: dict[AppointmentKind, str] = {
    AppointmentKind.COACH: mark("Gespräch mit dem Coach"),
    AppointmentKind.OFFICIAL: mark("Amtlicher Termin"),
    AppointmentKind.MEDICAL: mark("Medizinischer Termin"),
    AppointmentKind.PARTNER: mark("Termin bei einem Partner"),
    AppointmentKind.INTERNSHIP: mark("Praktikum"),
    AppointmentKind.GROUP: mark("Gruppe"),
    AppointmentKind.HOME: mark("Hausbesuch"),
}
COMING: dict[Coming, str] = {
    Coming.YES: mark("Die Person kommt."),
    Coming.UNSURE: mark("Die Person weiß es noch nicht."),
    Coming.NO: mark("Die Person schafft es nicht."),
}
_DETAILS = {
    "place": mark("Ort: {words}"),
    "with_whom": mark("Mit: {words}"),
    "accompanied_by": mark("Begleitung: {words}"),
    "map_link": mark("Karte: {words}"),
    "note": mark("Notiz: {words}"),
}


def number_of(typed: str) -> int:
    """The number of an appointment as typed, `12` or `#12`; 0 if it is none."""
    bare = typed.removeprefix("#")
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) <= 15 else 0


def when(desk: Desk, at: datetime, zone_name: str) -> str:
    """`Dienstag, 24. November 2026, 10:30 Uhr`: staff plan beyond the turn of the year."""
    return desk.voice.say(
        "{day} {year}, {time}",
        day=desk.voice.day(at, zone_name),
        year=at.year,
        time=desk.voice.clock(at, zone_name),
    )


def describe_entry(desk: Desk, entry: Entry, kept: Appointment | None) -> str:
    """What was understood, before it is kept. `kept` is the appointment that is to change."""
    if isinstance(entry, NewEntry):
        return "\n".join(_new(desk, entry))
    if kept is None:
        return ""
    head = desk.voice.say(
        "Termin {number}: {kind}, {when}",
        number=kept.id,
        kind=desk.voice.say(KINDS[kept.kind]),
        when=when(desk, kept.starts_at, kept.zone),
    )
    if isinstance(entry, CancelEntry):
        what = mark("Mit allen späteren der Reihe absagen?") if entry.whole_series else mark("Absagen?")
        return f"{head}\n{desk.voice.say(what)}"
    new = when(desk, entry.starts_at, kept.zone)
    what = mark("Neue Zeit, schon fest: {when}") if entry.is_settled else mark("Vorschlag: {when}")
    return f"{head}\n{desk.voice.say(what, when=new)}"


def describe_kept(desk: Desk, kept: Appointment, case_code: str) -> str:
    """One appointment of a list, in a few lines."""
    voice = desk.voice
    lines = [
        voice.say(
            "Termin {number} · Fall {case} · {kind}",
            number=kept.id,
            case=case_code,
            kind=voice.say(KINDS[kept.kind]),
        ),
        when(desk, kept.starts_at, kept.zone),
    ]
    if kept.state is not AppointmentState.AGREED:
        lines.append(voice.say("Vorschlag, noch offen."))
    elif kept.coming is not Coming.UNKNOWN:
        lines.append(voice.say(COMING[kept.coming]))
    lines += _details(desk, kept.details)
    if kept.words and desk.may_show_content:
        lines.append(f"„{kept.words}“")
    return "\n".join(lines)


def _new(desk: Desk, entry: NewEntry) -> Iterator[str]:
    voice = desk.voice
    yield voice.say("Habe ich das richtig verstanden?")
    yield voice.say("Fall {case} · {kind}", case=entry.case_code, kind=voice.say(KINDS[entry.kind]))
    yield when(desk, entry.starts_at, desk.agency.zone)
    yield voice.say("Dauer: {minutes} Minuten", minutes=entry.minutes)
    yield from _details(desk, entry.details)
    if entry.is_proposal:
        yield voice.say("Als Vorschlag: Ich frage die Person, ob es passt.")
    if entry.series:
        yield _series(desk, entry.series)
    yield _reminders(desk, entry.reminders or REMINDERS[entry.kind])
    if entry.kind is AppointmentKind.OFFICIAL:
        yield voice.say("Ich erinnere nur. Verbindlich ist allein das Schreiben der Behörde.")


def _details(desk: Desk, details: Details) -> list[str]:
    if not desk.agency.class_of(desk.address.channel).carries(DataClass.APPOINTMENT):
        return []
    found = ((text, getattr(details, name)) for name, text in _DETAILS.items())
    return [desk.voice.say(text, words=words) for text, words in found if words]


def _series(desk: Desk, series: SeriesEntry) -> str:
    voice = desk.voice
    weeks = int(series.rule.partition("INTERVAL=")[2] or 0)
    if not weeks:
        rhythm = voice.say("Jeden Monat")
    else:
        rhythm = voice.say("Jede Woche") if weeks == 1 else voice.say("Alle {weeks} Wochen", weeks=weeks)
    if series.count is not None:
        return voice.say("{rhythm}, {count} mal", rhythm=rhythm, count=series.count)
    return voice.say("{rhythm} bis {day}", rhythm=rhythm, day=f"{series.last_day:%d.%m.%Y}")


def _reminders(desk: Desk, rule: ReminderRule) -> str:
    voice = desk.voice
    parts = [voice.say("{days} Tage vorher", days=days) for days in rule.days]
    parts += [voice.say("am selben Tag")] if rule.morning else []
    return voice.say("Erinnerung: {moments}", moments=", ".join(parts) or voice.say("keine"))
