# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is set up here and how it is doing: the agency, texts, channels, periods, and the program itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from importlib.metadata import version

from babel.dates import format_date

from bot.domain.access import Action
from bot.domain.audit import Fault
from bot.domain.channels import kind_of
from bot.domain.messages import DataClass
from bot.domain.retention import DataKind
from bot.overview_ports import WayOut
from bot.services import retention
from bot.texts import mark
from bot.web.console.admin_tabs import tabs
from bot.web.console.admin_words import FAULTS, span_name, way_name
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Page, Seat
from dialogs.concerns.crisis import crisis_numbers, printed_numbers
from dialogs.coverage import coverage
from scheduler.local_time import local, zone

_PATH = "/console/admin"
#: Numbers that nobody has looked at for so long are to be looked at.
_OLD = timedelta(days=183)
_SHOWN = 20
_CLASSES = {
    DataClass.NEUTRAL: mark("nur Unverfängliches"),
    DataClass.APPOINTMENT: mark("bis zu Terminen"),
    DataClass.HEALTH: mark("auch zur Gesundheit"),
}
_KINDS = {
    DataKind.MESSAGES: mark("Nachrichten und Gespräche"),
    DataKind.ANSWERS: mark("Antworten, Namen, Adressen und Termine nach dem Ende der Teilnahme"),
    DataKind.CONCERNS: mark("Abgeschlossene Meldungen"),
    DataKind.CONSENTS: mark("Einwilligungen nach dem Ende der Teilnahme"),
    DataKind.AUDIT: mark("Protokoll"),
    DataKind.STAFF: mark("Mitarbeitende nach dem Abschied, Dienste"),
    DataKind.TECHNICAL: mark("Codes und Links, die nicht mehr gelten"),
}
_TROUBLES = (
    ("the database", mark("Die Datenbank ist nicht erreichbar oder passt nicht zu diesem Programm.")),
    ("the schema", mark("Die Datenbank passt nicht zu diesem Programm.")),
    ("auditor:", mark("Die Prüfung der Versprechen läuft nicht mehr.")),
    ("telegram:", mark("Telegram ist gerade nicht erreichbar.")),
    ("telegram_staff:", mark("Der Team-Messenger ist gerade nicht erreichbar.")),
    ("mail:", mark("Der Mailserver nimmt gerade nichts an.")),
)


def _agency(seat: Seat) -> Mapping[str, object]:
    agency, hours = seat.rules.agencies[seat.staff.agency_id], seat.rules.hours[seat.staff.agency_id]
    today = local(seat.now, hours.zone).date()
    return {
        "tabs": tabs(seat.voice, "house"),
        "agency": agency,
        "hours": seat.rules.hours_text(agency.id, seat.voice),
        "closed": [_date(seat, day) for day in sorted(agency.closed) if day >= today][:_SHOWN],
        "holidays": [_date(seat, day) for day in sorted(hours.closed - set(agency.closed)) if day >= today][
            :5
        ],
        "address": seat.rules.public_url,
        "quiet": seat.rules.quiet_of(agency.id),
    }


def _date(seat: Seat, day: date) -> str:
    return format_date(day, "full", locale=seat.voice.language)


def _texts(seat: Seat) -> Mapping[str, object]:
    texts, book = seat.rules.texts, seat.rules.book
    newest = [one for one in book if book.latest(one.id) is one]
    whole, written = coverage(newest)
    today = local(seat.now, zone(seat.zone)).date()
    printed = printed_numbers()
    return {
        "tabs": tabs(seat.voice, "texts"),
        "catalogues": [
            (seat.voice.language_name(tag) or tag, one.translated, len(one.missing), one.missing[:_SHOWN])
            for tag, one in sorted(texts.coverage.items())
        ],
        "dialogs": [
            (seat.voice.language_name(tag) or tag, tag, count) for tag, count in written.most_common()
        ],
        "whole": whole,
        "numbers": [
            (
                one,
                one.number in printed,
                _date(seat, one.verified_on) if one.verified_on else "",
                one.verified_on is None or today - one.verified_on > _OLD,
            )
            for one in crisis_numbers()
        ],
        "own": [
            (seat.voice.language_name(tag) or tag, text)
            for tag, text in sorted(seat.rules.crisis_texts_of(seat.staff.agency_id).items())
        ],
    }


def _channels(seat: Seat) -> Mapping[str, object]:
    agency = seat.rules.agencies[seat.staff.agency_id]
    known = {one.channel: one for one in seat.uow.overview.ways_out(agency.id)}
    troubles = {line.partition(":")[0] for line in seat.whence.trouble}
    down = troubles & agency.channel_classes.keys()
    rows = [known.get(name, WayOut(name)) for name in sorted(agency.channels | known.keys() | down)]
    return {
        "tabs": tabs(seat.voice, "channels"),
        "rows": [
            {
                "way": one,
                "name": way_name(seat.voice, one.channel),
                "is_on": one.channel in agency.channels,
                "is_down": one.channel in down,
                "carries": seat.voice.say(_CLASSES[agency.class_of(one.channel)]),
                "sent": seat.moment(one.sent_at) if one.sent_at else "",
                "failed": seat.moment(one.failed_at) if one.failed_at else "",
                "oldest": span_name(seat.voice, seat.now - one.oldest) if one.oldest else "",
            }
            for one in rows
        ],
    }


def _retention(seat: Seat) -> Mapping[str, object]:
    today = local(seat.now, zone(seat.zone)).date()
    due = seat.uow.overview.next_due(seat.staff.agency_id, retention.TIMER_KIND)
    periods = seat.rules.periods
    lengths = {
        DataKind.MESSAGES: seat.voice.say("{count} Tage", count=periods.messages_days),
        DataKind.TECHNICAL: seat.voice.say("{count} Tage", count=periods.technical_days),
        DataKind.ANSWERS: seat.voice.say("{count} Monate", count=periods.answers_months),
        DataKind.CONCERNS: seat.voice.say("{count} Monate", count=periods.concerns_months),
        DataKind.CONSENTS: seat.voice.say("{count} Monate", count=periods.consents_months),
        DataKind.AUDIT: seat.voice.say("{count} Monate", count=periods.audit_months),
        DataKind.STAFF: seat.voice.say("{count} Monate", count=periods.staff_months),
    }
    return {
        "tabs": tabs(seat.voice, "retention"),
        "rows": [
            (
                seat.voice.say(label),
                lengths[kind],
                _date(seat, periods.kept_since(kind, today)),
                _setting(kind),
            )
            for kind, label in _KINDS.items()
        ],
        "due": seat.moment(due) if due else "",
    }


def _setting(kind: DataKind) -> str:
    unit = "DAYS" if kind in (DataKind.MESSAGES, DataKind.TECHNICAL) else "MONTHS"
    return f"LOTSE_RETENTION__{kind.value.upper()}_{unit}"


def _system(seat: Seat) -> Mapping[str, object]:
    return {
        "tabs": tabs(seat.voice, "system"),
        "troubles": [_trouble(seat, line) for line in seat.whence.trouble if _is_ours(seat, line)],
        "version": version("lotse"),
        "database": seat.uow.overview.database(),
        "now": seat.moment(seat.now),
    }


def _is_ours(seat: Seat, line: str) -> bool:
    """Not about the bot of another agency."""
    return seat.rules.has_door(seat.staff.agency_id, line.partition(":")[0])


def _trouble(seat: Seat, line: str) -> tuple[str, str]:
    """What it means, and the line itself for whoever mends it."""
    for fault, label in FAULTS.items():
        if line.startswith("promise") and Fault(fault).value in line:
            return seat.voice.say(label), line
    what, colon, _ = line.partition(":")
    for beginning, label in _TROUBLES:
        if f"{kind_of(what)}{colon}".startswith(beginning):
            return seat.voice.say(label), line
    return seat.voice.say("Etwas ist nicht in Ordnung."), line


PAGES = (
    Page(f"{_PATH}/agency", "admin_agency.html", ADMIN, _agency, needs=Action.MANAGE_STAFF),
    Page(f"{_PATH}/texts", "admin_texts.html", ADMIN, _texts, needs=Action.MANAGE_TEXTS),
    Page(f"{_PATH}/channels", "admin_channels.html", ADMIN, _channels, needs=Action.MANAGE_STAFF, asks=True),
    Page(f"{_PATH}/retention", "admin_retention.html", ADMIN, _retention, needs=Action.MANAGE_STAFF),
    Page(f"{_PATH}/system", "admin_system.html", ADMIN, _system, needs=Action.MANAGE_STAFF, asks=True),
)
