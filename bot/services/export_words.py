# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The words on the page with a person's copy: its sections, and what columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.expectation_columns import EXPECTATIONS
from bot.services.group_columns import GROUPS
from bot.services.joint_columns import JOINT
from bot.services.profile_columns import APPLICATIONS, COLUMNS, PLACEMENTS
from bot.services.shared_columns import SHARED
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
            "measuring_point": {
                "opens_at": _SINCE,
                "closes_at": _UNTIL,
                "point": mark("Messpunkt der Auswertung"),
                "instrument": mark("Fragebogen"),
                "answered_at": mark("Beantwortet am"),
            },
            **COLUMNS,
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
        mark("Wer was erwartet"),
        mark("Ihre Themen, was Sie und die anderen dazu gesagt haben, und was vereinbart ist."),
        EXPECTATIONS,
    ),
    Section(
        mark("Ihr Praktikum"),
        mark("Wo, wann und wie viel, und die Stunden, die der Betrieb eingetragen hat."),
        PLACEMENTS,
    ),
    Section(
        mark("Wer mitkommt und wer Sie besucht"),
        mark("Wer zu einem Termin mitkommt, und wer zu einem Besuch kommt. Ihre Adresse steht hier nicht."),
        JOINT,
    ),
    Section(
        mark("Ihre Gruppen"),
        mark("In welchen Gruppen Sie einen Platz haben oder auf einen warten, und wann Sie dort waren."),
        GROUPS,
    ),
    Section(
        mark("Vermittlungen und Weitergaben"),
        mark("Welche Stellen vorgeschlagen wurden, was mit Ihrem Ja dorthin ging, und was daraus wurde."),
        SHARED,
    ),
    Section(
        mark("Ihre Anträge"),
        mark("Anträge bei Trägern wie Rentenversicherung oder Krankenkasse, und wie es damit weiterging."),
        APPLICATIONS,
    ),
    Section(
        mark("Fachkonferenzen"),
        mark("Was Fachleute von Ihrem Fall gelesen haben, und was für Sie beschlossen wurde."),
        {
            "conference_case": {
                "conference_id": mark("Nummer"),
                "sheet": mark("Fallblatt ohne Namen"),
                "released_at": mark("Für die Eingeladenen ab"),
                "words": mark("Was für Sie beschlossen wurde"),
            },
            "conference_decision": {
                "made_at": _WHEN,
                "words": _WHAT,
                "owner_id": mark("Wer sich darum kümmert"),
                "done_at": mark("Erledigt am"),
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
