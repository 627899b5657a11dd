# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The words on the page with a person's copy: its sections, and what columns and machine words are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.texts import mark


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page. `columns`: those that are shown, by table, with their names; in this order."""

    title: str
    about: str
    columns: Mapping[str, Mapping[str, str]]


_WHEN = mark("Wann")
_WHAT = mark("Was")
_KIND = mark("Art")
_STATE = mark("Stand")
_UNTIL = mark("Bis wann")
_SINCE = mark("Seit wann")
_LANGUAGE = mark("Sprache")
_WAY = mark("Weg")
_BY = mark("Von wem")
_DIALOG = mark("Gespräch")

SECTIONS = (
    Section(
        mark("Über Sie"),
        mark("Wer Sie für uns sind, und auf welchen Wegen wir Sie erreichen."),
        {
            "participant": {
                "name": mark("Name"),
                "case_code": mark("Fallcode"),
                "standing": _STATE,
                "language": _LANGUAGE,
                "zone": mark("Zeitzone"),
                "programme": mark("Programm"),
                "coach": mark("Wer für Sie da ist"),
                "paused_until": mark("Pause bis"),
                "left_at": mark("Teilnahme beendet am"),
                "human_until": mark("Ein Mensch schreibt mit Ihnen bis"),
            },
            "enrolment": {
                "programme": mark("Programm"),
                "began_at": _SINCE,
                "ended_at": _UNTIL,
            },
            "address": {
                "channel": _WAY,
                "value": mark("Kennung"),
                "state": _STATE,
                "used_at": mark("Zuletzt benutzt"),
            },
            "invitation": {
                "language": _LANGUAGE,
                "expires_at": _UNTIL,
                "used_at": mark("Zuletzt benutzt"),
            },
            "page_lock": {"factor": mark("Schutz Ihrer Seite"), "set_at": _SINCE},
            "page_session": {"opened_at": mark("Ihre Seite geöffnet"), "seen_at": mark("Zuletzt benutzt")},
            "participant_fact": {"name": _WHAT, "value": mark("Angabe"), "at": _WHEN},
        },
    ),
    Section(
        mark("Wozu Sie Ja gesagt haben"),
        mark("Jedes Ja mit dem Text, den Sie gesehen haben, und jedes Zurücknehmen."),
        {
            "consent": {
                "at": _WHEN,
                "purpose": mark("Wozu"),
                "object": mark("Für wen"),
                "granted": mark("Ja gesagt"),
                "text": mark("Text"),
                "channel": _WAY,
                "language": _LANGUAGE,
                "valid_until": _UNTIL,
            }
        },
    ),
    Section(
        mark("Ihre Antworten"),
        mark("Was Sie auf Fragen geantwortet haben, und was daraus gerechnet wurde."),
        {
            "answer": {"at": _WHEN, "dialog": _DIALOG, "step": mark("Frage"), "value": mark("Antwort")},
            "score": {
                "at": _WHEN,
                "rule": mark("Gerechnet nach"),
                "version": mark("Fassung"),
                "value": mark("Ergebnis"),
                "reason": mark("Warum kein Ergebnis"),
                "items": mark("Fragen dazu"),
            },
        },
    ),
    Section(
        mark("Hinweise an Ihr Team"),
        mark("Wann ein Mensch auf etwas aufmerksam gemacht wurde, und was daraus wurde."),
        {
            "concern": {
                "raised_at": _WHEN,
                "level": mark("Wie dringend (R3 ist am dringendsten)"),
                "reason": mark("Grund"),
                "quote": mark("Ihre Worte"),
                "state": _STATE,
                "outcome": mark("Ergebnis"),
                "owner": mark("Wer zuständig war"),
                "taken_by": mark("Wer sich gekümmert hat"),
                "next_action_at": mark("Nächster Schritt am"),
            },
            "concern_event": {"at": _WHEN, "event": _WHAT, "actor": _BY},
            "person_note": {"at": _WHEN, "staff": _BY, "text": mark("Notiz des Teams")},
            "broken_glass": {
                "since": _WHEN,
                "until": _UNTIL,
                "staff": mark("Wer im Notfall nachgesehen hat"),
            },
        },
    ),
    Section(
        mark("Termine"),
        mark("Ihre Termine, auch vergangene, und Reihen von Terminen."),
        {
            "appointment": {
                "starts_at": _WHEN,
                "minutes": mark("Minuten"),
                "kind": _KIND,
                "state": _STATE,
                "details": mark("Angaben"),
                "said": mark("Was Sie dazu gesagt haben"),
                "set_by": mark("Von wem eingetragen"),
                "set_at": mark("Eingetragen am"),
            },
            "appointment_series": {
                "first_day": mark("Ab wann"),
                "at": mark("Uhrzeit"),
                "rule": mark("Wiederholung"),
                "last_day": _UNTIL,
                "count": mark("Wie oft"),
                "details": mark("Angaben"),
                "set_by": mark("Von wem eingetragen"),
            },
        },
    ),
    Section(
        mark("Ihr Hilfeplan"),
        mark("Ihre Ziele und Schritte in jeder Fassung, und was damit geschah."),
        {
            "help_plan": {
                "state": _STATE,
                "version": mark("Fassung"),
                "made_by": mark("Von wem begonnen"),
                "made_at": _SINCE,
                "review_at": mark("Gemeinsam darauf schauen am"),
                "reminds": mark("Erinnerungen gewünscht"),
            },
            "help_plan_version": {
                "version": mark("Fassung"),
                "at": _WHEN,
                "actor": _BY,
                "content": mark("Inhalt"),
            },
            "help_plan_event": {
                "at": _WHEN,
                "event": _WHAT,
                "step": mark("Schritt"),
                "actor": _BY,
            },
        },
    ),
    Section(
        mark("Gespräche und Pläne"),
        mark("Welche Gespräche es gab, und wann Lotse von sich aus schreibt."),
        {
            "conversation": {
                "started_at": _SINCE,
                "dialog": _DIALOG,
                "state": _STATE,
                "ended_at": mark("Beendet am"),
            },
            "followed": {"plan": mark("Plan"), "is_on": mark("Eingeschaltet"), "seen_until": _UNTIL},
        },
    ),
)

#: Tables whose rows are shown as the lines of one conversation.
SAID = ("incoming", "outgoing")

#: Machine words as people say them, by the column they stand in.
WORDS: Mapping[str, Mapping[str, str]] = {
    "standing": {
        "visitor": mark("noch nicht angemeldet"),
        "invited": mark("eingeladen"),
        "active": mark("dabei"),
        "stopped": mark("Kontakt beendet"),
        "left": mark("Teilnahme beendet"),
    },
    "purpose": {
        "contact": mark("Kontakt über Lotse"),
        "health_checkins": mark("Fragen dazu, wie es Ihnen geht"),
        "health_in_messenger": mark("Solche Fragen in diesem Messenger"),
        "sharing": mark("Weitergabe an einen Partner"),
        "evaluation": mark("Auswertung ohne Namen"),
        "safety_plan": mark("Ihr Plan für schwere Stunden"),
        "restriction": mark("Daten nur aufbewahren"),
    },
    "state": {
        "open": mark("offen"),
        "closed": mark("abgeschlossen"),
        "taken": mark("übernommen"),
        "in_hand": mark("in Arbeit"),
        "ended": mark("beendet"),
        "agreed": mark("abgemacht"),
        "proposed": mark("vorgeschlagen"),
        "cancelled": mark("abgesagt"),
    },
    "outcome": {
        "reached": mark("Gesprochen"),
        "not_reached": mark("Nicht erreicht"),
        "emergency": mark("An 112 oder Krisendienst gegeben"),
        "third_person": mark("Andere Person informiert"),
        "no_need": mark("Kein Anlass"),
        "corrected": mark("Berichtigt"),
        "stays": mark("Bleibt, wie es ist"),
    },
}
#: Who somebody is, wherever a column or the audit log names a role.
ROLES: Mapping[str, str] = {
    "participant": mark("Sie selbst"),
    "coach": mark("Coach"),
    "lead": mark("Leitung"),
    "admin": mark("Technik"),
    "staff": mark("Team"),
    "lotse": mark("Lotse, das Programm"),
    "command": mark("Technik"),
}
#: Why something is not in the copy.
REASONS: Mapping[str, str] = {
    "staff_notes": mark(
        "Notizen, die das Team für sich schreibt. Darin können auch andere Menschen vorkommen. "
        "Fragen Sie danach: Ein Mensch sieht sie durch und gibt Ihnen, was Sie betrifft."
    ),
    "rule_of_the_agency": mark("Wer nacheinander gerufen wird. Das ist für alle gleich."),
    "about_our_question": mark("Wie eine Frage von uns endete. Das wird über Sie nirgends ausgegeben."),
    "secret_of_staff": mark("Zugänge des Teams. Darin steht nichts über Sie."),
    "key": mark("Geheime Zeichen, die Ihre Daten schützen. Über Sie steht darin nichts."),
}
