# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Machine words of a person's copy, as people say them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.application_words import BENEFITS, CARRIERS, DECISIONS, TURNS
from bot.services.application_words import STATES as APPLICATION_STATES
from bot.services.expectation_columns import SIDES
from bot.services.group_columns import STATES
from bot.services.joint_columns import ALONG
from bot.services.outcome_words import FOUND, MARKERS
from bot.texts import mark

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
        **{state.value: words for state, words in APPLICATION_STATES.items()},
        **ALONG,
        **STATES,
        "open": mark("offen"),
        "closed": mark("abgeschlossen"),
        "taken": mark("übernommen"),
        "in_hand": mark("in Arbeit"),
        "ended": mark("beendet"),
        "agreed": mark("abgemacht"),
        "proposed": mark("vorgeschlagen"),
        "cancelled": mark("abgesagt"),
        "consented": mark("zugestimmt"),
        "chosen": mark("fertig"),
        "sent": mark("weitergegeben"),
        "appointment_made": mark("Termin eingetragen"),
        "first_visit": mark("war zum ersten Mal dort"),
        "result_known": mark("Ergebnis bekannt"),
    },
    "side": SIDES,
    "way": {
        "lotse": mark("über Lotse"),
        "letter": mark("mit einem Brief"),
        "phone": mark("am Telefon"),
        "mail": mark("mit einer E-Mail"),
        "together": mark("im gemeinsamen Gespräch"),
    },
    "carrier": {one.value: words for one, words in CARRIERS.items()},
    "benefit": {one.value: words for one, words in BENEFITS.items()},
    "decision": {one.value: words for one, words in DECISIONS.items()},
    "turn": {one.value: words for one, words in TURNS.items()},
    "marker": {marker.value: words for marker, words in MARKERS.items()},
    "finding": {finding.value: words for finding, words in FOUND.items()},
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
    "not_shared": mark(
        "Was Sie Ihrem Team nicht gezeigt haben. Das bekommen nur Sie selbst, mit /meinedaten."
    ),
    "key": mark("Geheime Zeichen, die Ihre Daten schützen. Über Sie steht darin nichts."),
}
