# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications in words: for staff, and for the person whose they are."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.applications import (
    Application,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationState,
    Benefit,
    CarrierDecision,
    CarrierKind,
    Turn,
)
from bot.services.help_plan_facts import day_of
from bot.texts import Voice, mark

STATES: Mapping[ApplicationState, str] = {
    ApplicationState.PLANNED: mark("geplant"),
    ApplicationState.FILED: mark("abgeschickt"),
    ApplicationState.RECEIVED: mark("Eingang bestätigt"),
    ApplicationState.PAPERS: mark("Unterlagen nachgefragt"),
    ApplicationState.DECIDED: mark("Entscheidung ist da"),
    ApplicationState.OBJECTED: mark("Widerspruch läuft"),
    ApplicationState.CLOSED: mark("abgeschlossen"),
}
CARRIERS: Mapping[CarrierKind, str] = {
    CarrierKind.PENSION: mark("Rentenversicherung"),
    CarrierKind.HEALTH: mark("Krankenkasse"),
    CarrierKind.EMPLOYMENT: mark("Agentur für Arbeit"),
    CarrierKind.INTEGRATION: mark("Eingliederungshilfe"),
    CarrierKind.ACCIDENT: mark("Unfallversicherung"),
    CarrierKind.YOUTH: mark("Jugendhilfe"),
    CarrierKind.OFFICE: mark("Versorgungsamt oder Integrationsamt"),
    CarrierKind.OTHER: mark("anderer Träger"),
}
BENEFITS: Mapping[Benefit, str] = {
    Benefit.MEDICAL: mark("Medizinische Reha"),
    Benefit.VOCATIONAL: mark("Teilhabe am Arbeitsleben (LTA)"),
    Benefit.PARTICIPATION: mark("Soziale Teilhabe"),
    Benefit.OTHER: mark("Andere Leistung"),
}
DECISIONS: Mapping[CarrierDecision, str] = {
    CarrierDecision.GRANTED: mark("bewilligt"),
    CarrierDecision.PARTLY: mark("zum Teil bewilligt"),
    CarrierDecision.NOT_GRANTED: mark("nicht bewilligt"),
}
TURNS: Mapping[Turn, str] = {
    Turn.TEAM: mark("Team"),
    Turn.PERSON: mark("Person"),
    Turn.CARRIER: mark("Träger"),
    Turn.OTHERS: mark("jemand anderes"),
}
_OWN_TURNS: Mapping[Turn, str] = {
    Turn.TEAM: mark("Ihr Team"),
    Turn.PERSON: mark("Sie"),
    Turn.CARRIER: mark("der Träger"),
    Turn.OTHERS: mark("jemand anderes"),
}
_HISTORY: Mapping[ApplicationEvent, str] = {
    ApplicationEvent.CHANGE: mark("{who} hat Angaben eingetragen."),
    ApplicationEvent.FILE: mark("{who}: Antrag abgeschickt."),
    ApplicationEvent.RECEIVE: mark("{who}: Der Träger hat den Eingang bestätigt."),
    ApplicationEvent.FORWARD: mark("{who}: Weitergeleitet an einen anderen Träger ({detail})."),
    ApplicationEvent.WANT_PAPERS: mark("{who}: Der Träger hat Unterlagen nachgefragt."),
    ApplicationEvent.HAND_IN: mark("{who}: Die Unterlagen sind dort."),
    ApplicationEvent.DECIDE: mark("{who}: Entscheidung des Trägers: {detail}."),
    ApplicationEvent.OBJECT: mark("{who}: Widerspruch eingelegt."),
    ApplicationEvent.DONE: mark("Die Person hat gesagt: Mein Teil ist erledigt."),
    ApplicationEvent.REMIND: mark("Lotse hat das Team gebeten nachzusehen."),
    ApplicationEvent.TELL: mark("Eine Erinnerung an die Person ist vorgemerkt, weil sie das möchte."),
    ApplicationEvent.CLOSE: mark("{who} hat den Antrag abgeschlossen."),
}


def title(voice: Voice, application: Application) -> str:
    """What is applied for, and where: the name of the carrier if it is known, else its kind."""
    content = application.content
    return voice.say(
        "{benefit} bei: {carrier}",
        benefit=voice.say(BENEFITS[content.benefit]),
        carrier=content.place or voice.say(CARRIERS[content.carrier]),
    )


def state_text(voice: Voice, application: Application) -> str:
    """Where it stands, with the carrier's newest decision."""
    state, decision = voice.say(STATES[application.state]), application.content.decision
    if decision is None:
        return state
    return voice.say("{state} ({decision})", state=state, decision=voice.say(DECISIONS[decision]))


def next_text(voice: Voice, application: Application, *, is_own: bool = False) -> str:
    """What is next, until when, and whose turn it is; `is_own` for the person themselves."""
    turns = _OWN_TURNS if is_own else TURNS
    parts = [application.content.next_step] if application.content.next_step else []
    if application.due_on is not None:
        parts.append(voice.say("bis {day}", day=day_of(voice, application.due_on)))
    parts.append(voice.say("am Zug: {who}", who=voice.say(turns[application.turn])))
    return " · ".join(parts)


def sentence(voice: Voice, entry: ApplicationEntry, who: str) -> str:
    """One thing that happened. `who` is the name of whoever wrote it down."""
    detail = entry.note.detail
    if entry.event is ApplicationEvent.DECIDE:
        detail = voice.say(DECISIONS[CarrierDecision(detail)])
    elif entry.event is ApplicationEvent.FORWARD and detail in set(CarrierKind):
        detail = voice.say(CARRIERS[CarrierKind(detail)])
    line = voice.say(_HISTORY[entry.event], who=who, detail=detail)
    return f"{line} {entry.note.words}".strip()


#: What a suggested day is taken from, by what happened; see `bot.domain.applications.suggested`.
_BASES: Mapping[ApplicationEvent, str] = {
    ApplicationEvent.FILE: mark(
        "Anhalt: In zwei Wochen nach Eingang klärt der Träger, ob er zuständig ist (§ 14 SGB IX)."
    ),
    ApplicationEvent.RECEIVE: mark(
        "Anhalt: Ohne Gutachten entscheidet der Träger in drei Wochen nach Eingang (§ 14 SGB IX)."
    ),
    ApplicationEvent.FORWARD: mark(
        "Anhalt: Auch der neue Träger entscheidet ohne Gutachten in drei Wochen nach Eingang (§ 14 SGB IX)."
    ),
    ApplicationEvent.DECIDE: mark(
        "Anhalt: Ein Widerspruch ist meist bis einen Monat nach Bekanntgabe möglich (§ 84 SGG)."
    ),
}


def please_check(voice: Voice, event: ApplicationEvent, application: Application) -> tuple[str, ...]:
    """What staff are told of a day that was suggested: to check it, and what it is taken from."""
    if application.due_on is None:
        return ()
    line = voice.say(
        "Zum Nachsehen vorgemerkt: {day}. Bitte prüfen: Was gilt, steht im Brief des Trägers. "
        "Lotse gibt keine Rechtsberatung.",
        day=day_of(voice, application.due_on),
    )
    return (line, voice.say(_BASES[event])) if event in _BASES else (line,)
