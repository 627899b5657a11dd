# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Words on the pages of leads and admins: roles, ways out, what the program checks about itself, spans."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.audit import Fault
from bot.domain.channels import kind_of
from bot.domain.people import Role
from bot.services.duty_words import channel_name
from bot.texts import Voice, mark

ROLES = {
    Role.COACH: mark("Coach"),
    Role.LEAD: mark("Leitung"),
    Role.ADMIN: mark("Verwaltung"),
    Role.EVALUATOR: mark("Evaluation (nur Zahlen)"),
    Role.PARTNER: mark("Netzwerkpartner"),
    Role.EMPLOYER_CONTACT: mark("Kontakt im Betrieb"),
}
_CHANNELS = {
    "telegram": "Telegram",
    "web_chat": mark("Lotse-Seite"),
    "terminal": "Terminal",
    "terminal_staff": "Terminal",
}
FAULTS = {
    Fault.UNREADABLE: mark("Eine offene Meldung hat eine Stufe oder einen Stand, den es nicht gibt"),
    Fault.SEALED: mark("Die Worte einer offenen Meldung oder der Name dazu sind nicht mehr zu lesen"),
    Fault.NO_TIMER: mark("Eine offene Meldung hat keinen nächsten Schritt"),
    Fault.OVERDUE: mark("Eine offene Meldung ist über ihre Zeit, und nichts ist geschehen"),
    Fault.NO_LADDER: mark("Eine offene Meldung hat keine Eskalationsleiter"),
    Fault.RESTS_TOO_LONG: mark("Eine offene Meldung ruht zu lange"),
    Fault.NOBODY: mark("Für eine offene Meldung ist niemand erreichbar"),
    Fault.LEAD_NOT_TOLD: mark("Eine Meldung ist ohne Dienst, und die Leitung weiß es nicht"),
    Fault.PERSON_NOT_TOLD: mark("Eine Meldung ist ohne Dienst, und die Person weiß es nicht"),
    Fault.LEFT_WAITING: mark("Eine Person in Gefahr erfährt nicht, dass sich noch niemand gemeldet hat"),
    Fault.NO_FIRST_WORDS: mark("Eine Person in Gefahr hat keine Hilfe-Nummern bekommen"),
    Fault.HELP_LOST: mark("Hilfe-Nummern sind nicht angekommen, und niemand weiß es"),
    Fault.TALK_WITHOUT_END: mark("Ein Gespräch mit einem Menschen hört nicht auf"),
    Fault.CLOSED_BY_NOBODY: mark("Eine Meldung ist zu, ohne dass ein Mensch sie abgeschlossen hat"),
    Fault.DELIVERY_TWICE: mark("Eine Nachricht wurde zweimal angenommen"),
    Fault.MESSAGE_STUCK: mark("Eine Nachricht geht nicht hinaus"),
    Fault.LEASE_OVER: mark("Das Senden einer Nachricht ist hängen geblieben"),
    Fault.MESSAGE_UNREADABLE: mark("Eine Nachricht ist nicht zu lesen und wurde nicht gesendet"),
    Fault.CALL_LOST: mark("Ein Ruf ist gescheitert, und es folgt kein weiterer"),
    Fault.TIMER_LATE: mark("Etwas Geplantes ist überfällig"),
    Fault.TIMER_PARKED: mark("Etwas Geplantes ist mehrmals fehlgeschlagen"),
    Fault.UNWANTED: mark("Eine Nachricht wartet, die nicht gewünscht ist"),
    Fault.WRONG_ADDRESS: mark("Eine Nachricht liegt an einer falschen Adresse"),
    Fault.SCORE_WITHOUT_RULE: mark("Ein Wert ist ohne Regel gespeichert"),
    Fault.UNTRUE_RECEIPT: mark("Eine Bestätigung an eine Person ist nicht wahr"),
    Fault.APPOINTMENT_LOST: mark("An einen Termin würde niemand erinnern"),
    Fault.VISIT_LOST: mark("Nach einem Hausbesuch würde niemand fragen, ob alles gut ist"),
    Fault.NEVER_WAKES: mark("Ein Gespräch ruht und geht nicht von selbst weiter"),
    Fault.PLAN_LOST: mark("Ein Plan würde eine Person nicht mehr fragen"),
    Fault.DUTY_LOST: mark("Niemand sähe mehr nach, ob immer jemand da ist"),
    Fault.REFERRAL_LOST: mark("Nach einer Vermittlung würde niemand mehr fragen"),
    Fault.CONFERENCE_LOST: mark("Nach einer Fachkonferenz würde niemand mehr fragen"),
    Fault.TASK_LOST: mark("An eine Aufgabe aus einer Fachkonferenz würde niemand mehr erinnern"),
    Fault.VERSION_GONE: mark("Ein laufendes Gespräch hat seine Fassung verloren"),
    Fault.NOT_CHECKED: mark("Eine Prüfung konnte nicht laufen"),
}


def way_name(voice: Voice, channel: str) -> str:
    """What people call a channel, of participants or of staff."""
    kind = kind_of(channel)
    return voice.say(_CHANNELS[kind]) if kind in _CHANNELS else channel_name(voice, channel)


def span_name(voice: Voice, span: timedelta) -> str:
    """About how long: minutes below two hours, hours below two days, days above."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return voice.say("{count} Min.", count=minutes)
    hours = round(minutes / 60)
    return (
        voice.say("{count} Std.", count=hours)
        if hours < 48
        else voice.say("{count} Tage", count=round(hours / 24))
    )
