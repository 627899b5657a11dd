# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff type to set, move or cancel an appointment, and how it is kept until they confirm it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import msgspec

from bot.domain.appointments import (
    LONGEST,
    SHORTEST,
    USUAL_LENGTH,
    AppointmentKind,
    Details,
    ReminderRule,
)
from bot.services.appointment_dates import EntryFault, read_last_day, read_moment
from bot.texts import mark
from scheduler.local_time import local, zone

MOST_TEXT = 200
MOST_OCCURRENCES = 104
KINDS = {
    "coach": AppointmentKind.COACH,
    "amt": AppointmentKind.OFFICIAL,
    "amtlich": AppointmentKind.OFFICIAL,
    "behörde": AppointmentKind.OFFICIAL,
    "arzt": AppointmentKind.MEDICAL,
    "medizin": AppointmentKind.MEDICAL,
    "partner": AppointmentKind.PARTNER,
    "praktikum": AppointmentKind.INTERNSHIP,
    "gruppe": AppointmentKind.GROUP,
    "hausbesuch": AppointmentKind.HOME,
}
_PROPOSAL = "vorschlag"
_LABELS = {
    "ort": "place",
    "mit": "with_whom",
    "begleitung": "accompanied_by",
    "karte": "map_link",
    "notiz": "note",
    "dauer": "length",
    "erinnerung": "reminders",
}
_LABEL = re.compile(rf"(?:^|(?<=\s))({'|'.join(_LABELS)}):", re.IGNORECASE)
_LINK = re.compile(r"https://[^\s/]+\.[^\s]+")
_SERIES = re.compile(
    r"(?:^|\s)(?:jede woche|wöchentlich|alle (?P<weeks>\d{1,2}) wochen|(?P<month>jeden monat|monatlich))"
    r"(?:,?\s+bis (?:zum )?(?P<until>[\d.]+)|,?\s+(?P<count>\d{1,3})\s?[- ]?mal)?\s*$",
    re.IGNORECASE,
)


class SeriesEntry(msgspec.Struct, frozen=True):
    """How often it comes back: an RFC 5545 rule about days with one of two ends."""

    rule: str
    last_day: date | None = None
    count: int | None = None


class NewEntry(msgspec.Struct, frozen=True, tag="new"):
    """A new appointment of the person with this case code. `is_proposal`: the person is asked first."""

    case_code: str
    kind: AppointmentKind
    starts_at: datetime
    minutes: int = USUAL_LENGTH // timedelta(minutes=1)
    details: Details = Details()
    reminders: ReminderRule | None = None
    series: SeriesEntry | None = None
    is_proposal: bool = False


class MoveEntry(msgspec.Struct, frozen=True, tag="move"):
    """Another time. `is_settled`: it needs no answer, because it is arranged or the authority has set it."""

    appointment_id: int
    starts_at: datetime
    is_settled: bool = False


class CancelEntry(msgspec.Struct, frozen=True, tag="cancel"):
    """It does not take place; with `whole_series` nor do all later ones."""

    appointment_id: int
    whole_series: bool = False


Entry = NewEntry | MoveEntry | CancelEntry
_ENTRY = msgspec.json.Decoder(Entry)


def write_entry(entry: Entry) -> str:
    """An entry as it is kept."""
    return msgspec.json.encode(entry).decode()


def read_entry(kept: str) -> Entry:
    """An entry that was kept."""
    entry: Entry = _ENTRY.decode(kept)
    return entry


def read_new(typed: str, now: datetime, zone_name: str) -> NewEntry:
    """A new appointment, as typed after the command. Raises `EntryFault`.

    `CASE DAY TIME KIND [vorschlag] [Ort: ...] [Mit: ...] [Begleitung: ...] [Karte: https://...]
    [Notiz: ...] [Dauer: minutes] [Erinnerung: 7, 2, morgens] [jede Woche bis DAY | alle 2 Wochen 10 mal]`
    """
    today = local(now, zone(zone_name)).date()
    parts = _split(typed)
    series = _take_series(parts, today)
    words = parts.pop("").split()
    if not words:
        raise EntryFault(mark("Der Fallcode fehlt."))
    case_code = words.pop(0).upper()
    starts_at = read_moment(words, now, zone_name)
    kind = _read_kind(words)
    is_proposal = bool(words) and words[0].casefold() == _PROPOSAL
    if words[is_proposal:]:
        rest = " ".join(words[is_proposal:])[:60]
        raise EntryFault(mark("Das verstehe ich nicht: „{rest}“."), rest=rest)
    entry = NewEntry(
        case_code=case_code,
        kind=kind,
        starts_at=starts_at,
        minutes=read_length(parts.pop("length", "")),
        reminders=read_reminders(parts.pop("reminders", "")),
        details=read_details(parts),
        series=on_day(series, local(starts_at, zone(zone_name)).date()),
        is_proposal=is_proposal or kind is AppointmentKind.HOME,
    )
    check_together(entry)
    return entry


def check_together(entry: NewEntry) -> None:
    """Raises `EntryFault` for what does not go together."""
    if entry.kind is AppointmentKind.HOME and (entry.details.place or entry.details.map_link):
        raise EntryFault(
            mark("Bei einem Hausbesuch wird kein Ort aufgeschrieben: Die Person liest „bei Ihnen“.")
        )
    if entry.is_proposal and entry.series:
        raise EntryFault(mark("Eine Reihe kann kein Vorschlag sein. Bitte lassen Sie eines davon weg."))
    if entry.is_proposal and entry.kind is AppointmentKind.OFFICIAL:
        raise EntryFault(
            mark("Einen amtlichen Termin legt allein die Behörde fest. Er kann kein Vorschlag sein.")
        )


def _split(typed: str) -> dict[str, str]:
    """What stands before the first label (under the empty name), and behind each label."""
    found = list(_LABEL.finditer(typed))
    ends = [label.start() for label in found[1:]] + [len(typed)]
    parts = {"": typed[: found[0].start()] if found else typed}
    for label, end in zip(found, ends, strict=False):
        name = _LABELS[label[1].casefold()]
        if name in parts:
            raise EntryFault(mark("„{label}:“ steht zweimal da."), label=label[1])
        parts[name] = typed[label.end() : end].strip()
    return parts


def _take_series(parts: dict[str, str], today: date) -> SeriesEntry | None:
    for name, text in parts.items():
        match = _SERIES.search(text) if name != "note" else None
        if match is None:
            continue
        parts[name] = text[: match.start()].strip()
        if not (match["until"] or match["count"]):
            raise EntryFault(
                mark(
                    "Wann endet die Reihe? Schreiben Sie zum Beispiel „jede Woche bis 31.1.2027“ "
                    "oder „jede Woche 10 mal“."
                )
            )
        return _series(match, today)
    return None


def _series(match: re.Match[str], today: date) -> SeriesEntry:
    count = int(match["count"]) if match["count"] else None
    weeks = int(match["weeks"] or 1)
    if not 1 <= weeks <= 52:
        raise EntryFault(mark("Bitte nennen Sie 1 bis 52 Wochen."))
    if count is not None and not 2 <= count <= MOST_OCCURRENCES:
        raise EntryFault(mark("Eine Reihe hat 2 bis {most} Termine."), most=MOST_OCCURRENCES)
    rule = "FREQ=MONTHLY" if match["month"] else f"FREQ=WEEKLY;INTERVAL={weeks}"
    return SeriesEntry(rule, read_last_day(match["until"], today) if match["until"] else None, count)


def on_day(series: SeriesEntry | None, first: date) -> SeriesEntry | None:
    """The series as it begins on this day. Raises `EntryFault`."""
    if series is None:
        return None
    if series.last_day is not None and series.last_day <= first:
        raise EntryFault(mark("Die Reihe endet, bevor sie sich einmal wiederholt."))
    if series.last_day is not None and (series.last_day - first).days > 7 * MOST_OCCURRENCES:
        raise EntryFault(mark("Eine Reihe läuft höchstens zwei Jahre. Bitte nennen Sie einen früheren Tag."))
    if series.rule != "FREQ=MONTHLY":
        return series
    if first.day > 28:
        raise EntryFault(
            mark("Den {day}. gibt es nicht in jedem Monat. Bitte nehmen Sie einen Tag vom 1. bis zum 28."),
            day=first.day,
        )
    return msgspec.structs.replace(series, rule=f"FREQ=MONTHLY;BYMONTHDAY={first.day}")


def _read_kind(words: list[str]) -> AppointmentKind:
    kind = KINDS.get(words[0].casefold().rstrip(",")) if words else None
    if kind is None:
        raise EntryFault(
            mark("Welche Art von Termin ist es? Schreiben Sie nach der Uhrzeit eine davon: {kinds}."),
            kinds="coach, amt, arzt, partner, praktikum, gruppe, hausbesuch",
        )
    words.pop(0)
    return kind


def read_details(parts: dict[str, str]) -> Details:
    """The details by the names of their fields. Raises `EntryFault`."""
    for name, text in parts.items():
        if len(text) > MOST_TEXT:
            label = next(word for word, field in _LABELS.items() if field == name).capitalize()
            raise EntryFault(
                mark("„{label}:“ ist zu lang. Bitte höchstens {most} Zeichen."), label=label, most=MOST_TEXT
            )
    link = parts.get("map_link", "")
    if link and not _LINK.fullmatch(link):
        raise EntryFault(
            mark("Der Link zur Karte muss mit https:// beginnen und darf keine Leerzeichen haben.")
        )
    return Details(**parts)


def read_length(text: str) -> int:
    """Minutes; the usual ones for an empty text. Raises `EntryFault`."""
    if not text:
        return USUAL_LENGTH // timedelta(minutes=1)
    match = re.fullmatch(r"(\d{1,4})\s*(?:min|minuten)?\.?", text.casefold())
    if match is None or not SHORTEST <= timedelta(minutes=int(match[1])) <= LONGEST:
        raise EntryFault(mark("Die Dauer ist eine Zahl von 5 bis 1440 Minuten, zum Beispiel „Dauer: 45“."))
    return int(match[1])


def read_reminders(text: str) -> ReminderRule | None:
    """Days before, `morgens`, or `keine`; None for an empty text. Raises `EntryFault`."""
    words = text.casefold().replace(",", " ").split()
    if not words:
        return None
    days = [word for word in words if word.isdecimal()]
    rest = [word for word in words if not word.isdecimal() and word not in ("tage", "tag", "und")]
    is_none = rest == ["keine"] and not days
    if not is_none and (rest not in ([], ["morgens"]) or not all(1 <= int(day) <= 60 for day in days)):
        raise EntryFault(
            mark("Erinnerungen schreiben Sie so: „Erinnerung: 7, 2, morgens“ oder „Erinnerung: keine“.")
        )
    return ReminderRule(tuple(sorted({int(day) for day in days}, reverse=True)), rest == ["morgens"])
