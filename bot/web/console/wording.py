# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff read instead of machine words: levels, states, reasons and events."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.concerns import (
    ANSWERED_IN_TIME,
    TOLD_NOBODY_YET,
    Concern,
    Event,
    Level,
    Outcome,
    State,
)
from bot.domain.delivery import SendState
from bot.domain.queue_views import Whose
from bot.services.break_glass import BROKEN
from bot.services.case_words import OUTCOMES
from bot.services.concern_context import AFTER_DISCHARGE
from bot.services.consents import WITHDRAWN
from bot.services.escalate import RECOGNISED
from bot.services.human_talks import ENDED
from bot.services.own_words import CONTACT_ENDED
from bot.services.page_lock import FROM_SHUT_PAGE, MAYBE_NOT_THEIRS
from bot.services.share import SHARED
from bot.texts import Voice, mark
from scheduler.local_time import ReadingHours, local

LEVELS: dict[Level, str] = {
    Level.R3: mark("Sofort"),
    Level.R2: mark("Heute"),
    Level.R1: mark("Diese Woche"),
    Level.R0: mark("Zur Kenntnis"),
}
WHOSE: dict[Whose, str] = {
    Whose.ALL: mark("Alle"),
    Whose.MINE: mark("Meine"),
    Whose.NOBODYS: mark("Ohne Zuständige"),
    Whose.STOOD_IN: mark("In Vertretung"),
}
STATES: dict[State, str] = {
    State.OPEN: mark("offen"),
    State.TAKEN: mark("übernommen, nächster Schritt fehlt"),
    State.IN_HAND: mark("in Arbeit"),
    State.CLOSED: mark("abgeschlossen"),
}
#: Whether the person was told that somebody has seen it. Sending is known, reading is not.
TOLD: dict[SendState, str] = {
    SendState.QUEUED: mark("Der Person wird gerade geschrieben, dass jemand die Meldung gesehen hat."),
    SendState.SENDING: mark("Der Person wird gerade geschrieben, dass jemand die Meldung gesehen hat."),
    SendState.SENT: mark("Der Person wurde geschrieben, dass jemand die Meldung gesehen hat."),
    SendState.FAILED: mark("Die Person konnte nicht erfahren, dass jemand die Meldung gesehen hat."),
    SendState.CANCELLED: mark("Die Person konnte nicht erfahren, dass jemand die Meldung gesehen hat."),
}
NOT_TOLD = mark("Die Person weiß noch nicht, ob jemand die Meldung gesehen hat.")
#: What a dialog or the program itself names as the reason.
_REASONS = {
    "wrote": mark("Hat geschrieben"),
    "language.unread": mark("Hat in einer Sprache geschrieben, die das Programm nicht lesen kann"),
    "help_now": mark("Hat „Hilfe sofort“ gewählt und möchte Kontakt"),
    "help_now_unanswered": mark("Hat „Hilfe sofort“ gewählt, dann keine Antwort"),
    "low_mood": mark("Es geht der Person nach eigenen Worten schlecht"),
    "contact_today": mark("Wünscht heute Kontakt"),
    "contact_this_week": mark("Wünscht diese Woche Kontakt"),
    "not_reachable_here": mark("Ist auf diesem Weg nicht mehr erreichbar"),
    "not_processed": mark("Eine Nachricht konnte nicht verarbeitet werden"),
    "dialog_fault": mark("Ein Gespräch ist wegen eines Fehlers abgebrochen"),
    "appointment_talk": mark("Möchte über einen Termin sprechen"),
    "asked_for_help": mark("Hat im Gespräch um Hilfe gebeten"),
    "bad_again_after_crisis": mark("Es geht der Person nach eigenen Worten wieder sehr schlecht"),
    "call_wished": mark("Wünscht einen Anruf wegen eines Termins"),
    "call_wished_official": mark("Wünscht einen Anruf wegen eines amtlichen Termins"),
    "cannot_come": mark("Kann zu einem Termin nicht kommen"),
    "cannot_come_official": mark("Kann zu einem amtlichen Termin nicht kommen"),
    "coming_time_talk": mark("Möchte über die kommende Zeit sprechen"),
    "company_wished": mark("Wünscht Begleitung zu einem Termin"),
    "company_wished_official": mark("Wünscht Begleitung zu einem amtlichen Termin"),
    "accompaniment_open": mark("Wer zum Termin mitkommt, ist wieder offen"),
    "accompaniment_talk": mark("Möchte über die Begleitung zu einem Termin sprechen"),
    "contact_after_crisis": mark("Wünscht Kontakt nach einer schweren Zeit"),
    "contact_wish": mark("Wünscht Kontakt"),
    "danger_after_crisis": mark("Hat nach einer schweren Zeit eine Gefahr genannt"),
    "data_copy": mark("Wünscht eine Kopie der eigenen Daten"),
    "not_right": mark("Sagt, dass etwas in den eigenen Daten nicht stimmt"),
    "help_plan_wished": mark("Möchte über einen Hilfeplan sprechen"),
    "help_plan_misfit": mark("Am Hilfeplan passt etwas nicht"),
    "support_wished": mark("Interessiert sich für ein Angebot"),
    "handover_question": mark("Hat eine Frage zur Mappe zur Überleitung"),
    "handover_place": mark("Nennt jemanden, der die Mappe zur Überleitung bekommen soll"),
    "application_letter": mark("Hat einen Brief zu einem Antrag bekommen"),
    "application_question": mark("Hat eine Frage zu einem Antrag"),
    "referral_question": mark("Hat eine Frage zu einer Vermittlung"),
    "conference_question": mark("Hat eine Frage zu einer Fachkonferenz"),
    "conference_unwanted": mark("Möchte nicht, dass Fachleute über den Fall sprechen"),
    "data_deletion": mark("Wünscht, dass die eigenen Daten gelöscht werden"),
    "discharge_hard": mark("Nach der Klinik: findet es gerade schwer"),
    "discharge_help_now": mark("Nach der Klinik: braucht sofort Hilfe"),
    "discharge_no_answer": mark("Nach der Klinik: keine Antwort auf die Frage, ob es gerade geht"),
    "everyday_help_wished": mark("Wünscht Hilfe im Alltag"),
    "follow_up_help_wished": mark("Wünscht Hilfe bei der Weiterbehandlung"),
    "handover_wish": mark("Hat gesagt, wer die Übergabe bekommen soll"),
    "help_moving_official": mark("Wünscht Hilfe, einen amtlichen Termin zu verlegen"),
    "internship_help": mark("Braucht Hilfe im Praktikum"),
    "internship_talk": mark("Möchte über das Praktikum sprechen"),
    "medication_missing": mark("Hat die nötigen Medikamente nicht"),
    "new_time_declined": mark("Hat einen neuen Termin nicht angenommen"),
    "new_time_unknown": mark("Weiß noch nicht, ob der neue Termin passt"),
    "not_there": mark("War bei einem Termin nicht dabei"),
    "other_date_wished": mark("Wünscht einen anderen Termin"),
    "other_place_wished": mark("Möchte sich lieber woanders treffen"),
    "other_step_wished": mark("Wünscht einen anderen Schritt im Plan"),
    "other_time_wished": mark("Wünscht eine andere Zeit"),
    "phq9_item_9": mark("Hat eine Antwort gegeben, die ein Mensch gleich lesen sollte"),
    "plan_talk_wished": mark("Möchte über einen Schritt im Plan sprechen"),
    "silence": mark("Hat sich länger nicht gemeldet"),
    "silence_after_crisis": mark("Keine Antwort nach einer schweren Zeit"),
    "smaller_step_wished": mark("Wünscht einen kleineren Schritt"),
    "staff_raised": mark("Vom Team angelegt"),
    "staff_wrote": mark("Gespräch, das jemand aus dem Team begonnen hat"),
    "talk_after_pause": mark("Möchte nach der Pause sprechen"),
    "talk_wished": mark("Möchte darüber sprechen, wie es gerade geht"),
    "wants_to_join": mark("Möchte mitmachen oder mit einem Menschen sprechen"),
    "wants_to_stop": mark("Möchte vielleicht keinen Kontakt mehr"),
}
#: Families of rules for free text. They say what the words are about, not what is the matter with somebody.
_FAMILIES = {
    "suicide": mark("Worte, die auf Suizidgedanken hinweisen können"),
    "ideation": mark("Worte, die auf Suizidgedanken hinweisen können"),
    "self-harm": mark("Worte über Selbstverletzung"),
    "violence": mark("Worte über Gewalt"),
    "harm": mark("Worte über Gewalt"),
    "medical": mark("Worte über einen medizinischen Notfall"),
    "hopeless": mark("Worte über Verzweiflung"),
    "homeless": mark("Worte über Wohnung oder Lebensunterhalt"),
    "basic-need": mark("Worte über Wohnung oder Lebensunterhalt"),
    "contact": mark("Wünscht Kontakt"),
}
_BY_LEVEL = {
    Level.R3: mark("Worte, die auf Gefahr hinweisen"),
    Level.R2: mark("Worte, die ein Mensch heute lesen sollte"),
    Level.R1: mark("Worte über Belastung"),
    Level.R0: mark("Zur Kenntnis"),
}
#: How the names of trends end, in every questionnaire.
_TRENDS = ("_drop", "_low_twice")
_LOWER = mark("Die eigenen Angaben sind niedriger als sonst")
_ATTACHMENT = mark("Hat etwas geschickt, das das Programm nicht lesen kann")
_EVENTS = {
    "raised": mark("Meldung entstanden"),
    AFTER_DISCHARGE: mark("Eine Stufe höher, weil die Entlassung höchstens 14 Tage her ist"),
    RECOGNISED: mark("So gelesen: Regel, Stelle, Stufe"),
    FROM_SHUT_PAGE: MAYBE_NOT_THEIRS,
    "called": mark("Zuständige benachrichtigt"),
    "nobody_reachable": mark("Niemand war zu erreichen"),
    "again": mark("Neuer Anlass"),
    TOLD_NOBODY_YET: mark("Der Person gesagt, dass sich noch niemand gemeldet hat"),
    ANSWERED_IN_TIME: mark("Ein Mensch hat der Person in der Zeit geschrieben"),
    BROKEN: mark("In einem Notfall geöffnet"),
    "repaired": mark("Von der Selbstprüfung in Ordnung gebracht"),
    "replied": mark("Antwort geschrieben"),
    "message": mark("Neue Nachricht der Person"),
    ENDED: mark("Gespräch im Chat beendet"),
    "said": mark("Dazu kam noch etwas von der Person"),
    CONTACT_ENDED: mark("Die Person hat den Kontakt über Lotse beendet"),
    WITHDRAWN: mark("Die Person möchte keine Fragen mehr dazu, wie es ihr geht"),
    "call_failed": mark("Eine Benachrichtigung kam nicht an"),
    SHARED: mark("An eine Stelle weitergegeben"),
    Event.TAKE_OVER.value: mark("Übernommen"),
    Event.PLAN.value: mark("Nächster Schritt"),
    Event.DUE.value: mark("Frist abgelaufen, wieder offen"),
    Event.HAND_OVER.value: mark("Weitergegeben"),
    Event.SNOOZE.value: mark("Wiedervorlage"),
    Event.RAISE.value: mark("Stufe erhöht"),
    Event.LOWER.value: mark("Stufe gesenkt"),
    "raised_to_R1": mark("Neuer Anlass, Stufe jetzt: Diese Woche"),
    "raised_to_R2": mark("Neuer Anlass, Stufe jetzt: Heute"),
    "raised_to_R3": mark("Neuer Anlass, Stufe jetzt: Sofort"),
    "note": mark("Notiz"),
    Event.CLOSE.value: mark("Abgeschlossen"),
    Event.REOPEN.value: mark("Wieder geöffnet"),
}


def reason(concern: Concern, voice: Voice) -> str:
    """Why somebody should look, in words."""
    if concern.reason in _REASONS:
        return voice.say(_REASONS[concern.reason])
    if concern.reason.endswith(_TRENDS):
        return voice.say(_LOWER)
    if concern.reason.startswith("attachment_"):
        return voice.say(_ATTACHMENT)
    families = concern.reason.split(".")[1:2]
    if families and families[0] in _FAMILIES:
        return voice.say(_FAMILIES[families[0]])
    return voice.say(_BY_LEVEL[concern.level])


def event(name: str, voice: Voice) -> str:
    """What happened to a concern, in words."""
    return voice.say(_EVENTS[name]) if name in _EVENTS else name


def note(name: str, text: str, voice: Voice) -> str:
    """What an event's note says to people; notes for machines say nothing."""
    if name in (Event.PLAN, Event.RAISE, Event.LOWER, "note", BROKEN):
        return text
    if name == Event.CLOSE and text in set(Outcome):
        return voice.say(OUTCOMES[Outcome(text)])
    return ""


def due(concern: Concern, hours: ReadingHours, zone: str, now: datetime, voice: Voice) -> str:
    """When something must happen next, on the agency's clock and in its working time; empty if closed."""
    at = concern.next_action_at
    if not concern.is_open:
        return ""
    if at is None:
        return voice.say("überfällig")
    day, clock = voice.day(at, zone), voice.clock(at, zone)
    is_today = local(at, hours.zone).date() == local(now, hours.zone).date()
    if at <= now:
        late = voice.say("überfällig seit {time}", time=clock)
        return late if is_today else voice.say("überfällig seit {day}, {time}", day=day, time=clock)
    when = voice.say("fällig heute {time}", time=clock)
    if not is_today:
        when = voice.say("fällig {day}, {time}", day=day, time=clock)
    left = _left(hours.working_time(now, at), voice)
    return f"{when} · {left}" if left else when


def _left(working: timedelta, voice: Voice) -> str:
    minutes = working // timedelta(minutes=1)
    hours = round(minutes / 60)
    if minutes < 1:
        return ""
    if minutes < 60:
        return voice.say("noch {count} Minuten Arbeitszeit", count=minutes)
    if hours == 1:
        return voice.say("noch 1 Arbeitsstunde")
    return voice.say("noch {count} Arbeitsstunden", count=hours)
