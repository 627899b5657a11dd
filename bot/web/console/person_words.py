# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What happened with a person, in words: what it was, never what somebody did not do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.appointments import AppointmentKind, AppointmentState
from bot.domain.concerns import Concern, Level
from bot.domain.consent import RESTRICTION, Purpose
from bot.domain.delivery import SendState
from bot.domain.enrolments import Move
from bot.domain.messages import Line
from bot.domain.stories import Happening, Sort
from bot.services.appointment_words import KINDS
from bot.services.rulebook import Rulebook
from bot.texts import Voice, mark
from bot.web.bubbles import Bubble
from bot.web.console import wording
from dialogs.own_words import pick

_LONGEST = 280
PURPOSES: Mapping[str, str] = {
    Purpose.CONTACT: mark("Lotse darf der Person schreiben"),
    Purpose.HEALTH_CHECKINS: mark("Fragen dazu, wie es der Person geht"),
    Purpose.HEALTH_IN_MESSENGER: mark("Solche Fragen auch im Messenger"),
    Purpose.SHARING: mark("Weitergabe an {partner}"),
    Purpose.EVALUATION: mark("Auswertung ohne Namen"),
    Purpose.SAFETY_PLAN: mark("Der Plan für schwere Stunden bleibt gespeichert"),
    RESTRICTION: mark("Daten werden nur aufbewahrt"),
}
#: What of the audit log is told, by action.
ACTS: Mapping[str, str] = {
    "enrolled": mark("Teilnahme begonnen"),
    "invitation_used": mark("Einladung geöffnet"),
    "pause": mark("Pause geändert"),
    "stop": mark("Kontakt beendet"),
    "own_page_opened": mark("Eigene Seite geöffnet"),
    "own_page_left_everywhere": mark("Alle Geräte der eigenen Seite abgemeldet"),
    "own_name_changed": mark("Eigenen Namen geändert"),
    "own_zone_changed": mark("Eigene Zeitzone geändert"),
    "own_page_link": mark("Neuer Link zur eigenen Seite"),
    "own_page_pin": mark("Neue PIN für die eigene Seite"),
    "person_exported": mark("Kopie der Daten erstellt"),
    "sharing_asked": mark("Nach einer Weitergabe gefragt"),
    "restriction_lifted": mark("Einschränkung der Daten aufgehoben"),
    "erasure_wanted": mark("Löschung gewünscht"),
    "erasure_taken_back": mark("Wunsch nach Löschung zurückgenommen"),
    "participation_ended": mark("Teilnahme beendet"),
    "help_plan_write": mark("Hilfeplan geschrieben"),
    "help_plan_propose": mark("Hilfeplan vorgeschlagen"),
    "help_plan_confirm": mark("Hilfeplan zugestimmt"),
    "help_plan_tick": mark("Schritt im Hilfeplan geschafft"),
    "help_plan_untick": mark("Schritt im Hilfeplan wieder offen"),
    "help_plan_looked_at": mark("Gemeinsam auf den Hilfeplan geschaut"),
    "help_plan_close": mark("Hilfeplan abgeschlossen"),
    "outcome_entered": mark("Etwas über den Ausgang eingetragen"),
    "handover_offer": mark("Mappe zur Überleitung angeboten"),
    "handover_finish": mark("Mappe zur Überleitung fertig gemacht"),
    "handover_name": mark("Stelle für die Mappe genannt"),
    "handover_send": mark("Mappe zur Überleitung weitergegeben"),
    "handover_close": mark("Mappe zur Überleitung abgeschlossen"),
    "referral_propose": mark("Vermittlung vorgeschlagen"),
    "referral_consent": mark("Einer Vermittlung zugestimmt"),
    "referral_take_back": mark("Ja zu einer Vermittlung zurückgenommen"),
    "referral_send": mark("Für eine Vermittlung weitergegeben"),
    "referral_make_appointment": mark("Termin einer Vermittlung eingetragen"),
    "referral_visit": mark("Zum ersten Mal bei der anderen Stelle"),
    "referral_result": mark("Ergebnis einer Vermittlung eingetragen"),
    "referral_close": mark("Vermittlung abgeschlossen"),
    "application_change": mark("Angaben zu einem Antrag eingetragen"),
    "application_file": mark("Antrag abgeschickt"),
    "application_receive": mark("Eingang eines Antrags bestätigt"),
    "application_forward": mark("Antrag an einen anderen Träger weitergeleitet"),
    "application_want_papers": mark("Unterlagen zu einem Antrag nachgefragt"),
    "application_hand_in": mark("Unterlagen zu einem Antrag nachgereicht"),
    "application_decide": mark("Entscheidung über einen Antrag eingetragen"),
    "application_object": mark("Widerspruch eingelegt"),
    "application_done": mark("Eigenen Teil bei einem Antrag erledigt"),
    "application_close": mark("Antrag abgeschlossen"),
    "conference_sheet_out": mark("Fallblatt ohne Namen für eine Fachkonferenz freigegeben"),
    "conference_sheet_shown": mark("Fallblatt einer Fachkonferenz angesehen"),
    "expectation_added": mark("Thema eingetragen, zu dem es verschiedene Erwartungen gibt"),
    "expectation_noted": mark("Eingetragen, wer was erwartet"),
    "expectation_agreed": mark("Vereinbarung zu einem Thema eingetragen"),
    "expectation_confirmed": mark("„Stimmt so“ zu einer Notiz gesagt"),
    "expectation_reopened": mark("Thema wieder geöffnet"),
    "expectation_removed": mark("Thema entfernt"),
    "expectation_sheet_shown": mark("Blatt für ein gemeinsames Gespräch gedruckt"),
    "placement_set": mark("Praktikum eingetragen"),
    "placement_changed": mark("Praktikum geändert"),
    "placement_ended": mark("Praktikum früher zu Ende"),
    "placement_hours": mark("Stunden im Praktikum eingetragen"),
}
_STATES: Mapping[str, str] = {
    AppointmentState.PROPOSED: mark("vorgeschlagen"),
    AppointmentState.AGREED: mark("vereinbart"),
    AppointmentState.MOVED: mark("neue Zeit vorgeschlagen"),
    AppointmentState.CANCELLED: mark("abgesagt"),
    AppointmentState.OVER: mark("war geplant, die Zeit ist vorbei"),
}
_MOVES: Mapping[str, str] = {
    Move.BEGIN: mark("Programm begonnen"),
    Move.ENTER: mark("Phase begonnen: {phase}"),
    Move.LEAVE: mark("Phase beendet: {phase}"),
    Move.UPGRADE: mark("Neue Fassung des Programms"),
    Move.END: mark("Programm beendet"),
}
_SCALES = {
    "mood": mark("Stimmung"),
    "sleep": mark("Schlaf"),
    "strength": mark("Kraft"),
    "work": mark("Arbeit"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what happened. `sort` decides the sign beside it, `path` is where more of it stands."""

    day: str
    at: str
    iso: str
    sort: str
    title: str
    text: str = ""
    who: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Narrator:
    """Puts what happened into words. `names` are the team's, `values` the numbers of a conversation."""

    voice: Voice
    zone: str
    rules: Rulebook
    names: Mapping[int, str]
    concerns: Mapping[int, Concern]
    values: Mapping[int, str]
    path: str

    def happening(self, one: Happening) -> Row:
        """One thing that happened."""
        title, text, path = _TOLD[one.sort](self, one)
        return Row(
            self.voice.day(one.at, self.zone),
            self.voice.clock(one.at, self.zone),
            one.at.isoformat(timespec="minutes"),
            one.sort.value,
            title,
            shortened(text),
            self.who(one.actor),
            path,
        )

    def line(self, line: Line, bubble: Bubble) -> Row:
        """Something that was said."""
        day = self.voice.day(line.at, self.zone)
        title = self.voice.say("Nachricht von {name}", name=bubble.name or "Lotse")
        text = bubble.text or (f"[{bubble.alt}]" if bubble.alt else "")
        state = bubble.state if line.state == SendState.FAILED else ""
        return Row(day, bubble.clock, bubble.iso, "line", title, shortened(text), state)

    def who(self, actor: str) -> str:
        """Who it was, where a human did it."""
        if actor == "participant":
            return self.voice.say("die Person selbst")
        kind, _, number = actor.partition(":")
        return self.names.get(int(number), "") if kind == "staff" and number.isdecimal() else ""

    def concern(self, one: Happening) -> tuple[str, str, str]:
        """An event of a concern."""
        known, level = self.concerns.get(one.number), self.voice.say(wording.LEVELS[Level(one.more)])
        text = wording.note(one.word, one.text, self.voice)
        title = wording.event(one.word, self.voice)
        if one.word == "raised" and known is not None:
            text = wording.reason(known, self.voice)
        title = self.voice.say("Meldung ({level}): {what}", level=level, what=title)
        return title, text, f"/console/{one.number}" if known is not None else ""

    def appointment(self, one: Happening) -> tuple[str, str, str]:
        """An appointment, at its time."""
        kind = self.voice.say(KINDS[AppointmentKind(one.word)])
        return kind, self.voice.say(_STATES[one.more]), f"{self.path}/appointments"

    def visit(self, one: Happening) -> tuple[str, str, str]:
        """Where somebody was. Of where they were not there is no line."""
        title = mark("War beim Gruppentreffen") if one.word == "group" else mark("War beim Termin")
        return self.voice.say(title), one.text, ""

    def talk(self, one: Happening) -> tuple[str, str, str]:
        """A conversation that came to its end."""
        return self.dialog(one.word), self.values.get(one.number, ""), ""

    def consent(self, one: Happening) -> tuple[str, str, str]:
        """A yes, or one that was taken back."""
        text = purpose(self.voice, one.word, one.text)
        title = mark("Ja gesagt") if one.more == "yes" else mark("Ja zurückgenommen")
        if one.word == RESTRICTION:
            title = mark("Einschränkung begonnen") if one.more == "yes" else mark("Einschränkung beendet")
            text = ""
        return self.voice.say(title), text, f"{self.path}/consents"

    def note(self, one: Happening) -> tuple[str, str, str]:
        """A note of the team."""
        return self.voice.say("Notiz"), one.text, f"{self.path}/notes"

    def act(self, one: Happening) -> tuple[str, str, str]:
        """Something of the audit log."""
        return self.voice.say(ACTS[one.word]), "", ""

    def glass(self, one: Happening) -> tuple[str, str, str]:
        """Somebody looked in an emergency."""
        return self.voice.say("In einem Notfall geöffnet"), one.text, f"{self.path}/access"

    def phase(self, one: Happening) -> tuple[str, str, str]:
        """A move in a programme."""
        return self.voice.say(_MOVES[one.word], phase=one.more), one.text, ""

    def dialog(self, name: str) -> str:
        """What a dialog is called."""
        dialog = self.rules.book.latest(name)
        return (pick(dialog.title, self.voice.language) if dialog else None) or self.voice.say("Gespräch")


_TOLD: Mapping[Sort, Callable[[Narrator, Happening], tuple[str, str, str]]] = {
    Sort.CONCERN: Narrator.concern,
    Sort.APPOINTMENT: Narrator.appointment,
    Sort.VISIT: Narrator.visit,
    Sort.TALK: Narrator.talk,
    Sort.CONSENT: Narrator.consent,
    Sort.NOTE: Narrator.note,
    Sort.ACT: Narrator.act,
    Sort.GLASS: Narrator.glass,
    Sort.PHASE: Narrator.phase,
}


def purpose(voice: Voice, name: str, partner: str = "") -> str:
    """What a consent is for; its machine word where no text knows it."""
    return voice.say(PURPOSES[name], partner=partner) if name in PURPOSES else name


def state(voice: Voice, one: AppointmentState) -> str:
    """Where an appointment stands."""
    return voice.say(_STATES[one])


def scale(voice: Voice, name: str) -> str:
    """One of our own scales; empty for any other."""
    return voice.say(_SCALES[name]) if name in _SCALES else ""


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
