# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Referrals in words for staff."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.referrals import (
    Need,
    Outcome,
    ReferralEntry,
    ReferralEvent,
    ReferralResult,
    ReferralState,
    SendWay,
)
from bot.texts import Voice, mark

STATES: Mapping[ReferralState, str] = {
    ReferralState.PROPOSED: mark("vorgeschlagen"),
    ReferralState.CONSENTED: mark("zugestimmt"),
    ReferralState.SENT: mark("weitergegeben"),
    ReferralState.APPOINTMENT_MADE: mark("Termin eingetragen"),
    ReferralState.FIRST_VISIT: mark("war zum ersten Mal dort"),
    ReferralState.RESULT_KNOWN: mark("Ergebnis bekannt"),
    ReferralState.CLOSED: mark("abgeschlossen"),
}
WAYS: Mapping[SendWay, str] = {
    SendWay.LOTSE: mark("über Lotse"),
    SendWay.LETTER: mark("Brief"),
    SendWay.PHONE: mark("Telefon"),
    SendWay.MAIL: mark("E-Mail"),
    SendWay.TOGETHER: mark("gemeinsames Gespräch"),
}
NEEDS: Mapping[Need, str] = {Need.YES: mark("ja"), Need.NO: mark("nein"), Need.OPEN: mark("offen")}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ARRIVED: mark("angekommen, die Stelle begleitet weiter"),
    Outcome.OWN_WAY: mark("die Person geht einen eigenen Weg"),
    Outcome.OTHER_PLACE: mark("eine andere Stelle passt besser"),
    Outcome.NO_PLACE: mark("dort ist kein Platz"),
    Outcome.NO_NEED: mark("nicht mehr nötig"),
    Outcome.OTHER: mark("etwas anderes"),
}
_HISTORY: Mapping[ReferralEvent, str] = {
    ReferralEvent.PROPOSE: mark("{who} hat die Vermittlung vorgeschlagen."),
    ReferralEvent.CONSENT: mark("Die Person hat zugestimmt."),
    ReferralEvent.TAKE_BACK: mark("Die Person hat ihr Ja zurückgenommen. Seitdem geht nichts mehr dorthin."),
    ReferralEvent.SEND: mark("{who} hat weitergegeben ({detail}): {words}"),
    ReferralEvent.MAKE_APPOINTMENT: mark("{who} hat Termin {detail} dazu eingetragen."),
    ReferralEvent.ASK: mark("Lotse hat noch einmal gefragt, wie der Termin war."),
    ReferralEvent.ANSWER: mark("Die Person hat auf die Frage nach dem Termin geantwortet."),
    ReferralEvent.VISIT: mark("{who} hat eingetragen: zum ersten Mal dort."),
    ReferralEvent.RESULT: mark("{who} hat das Ergebnis eingetragen."),
    ReferralEvent.REMIND: mark("Lotse hat das Team gebeten nachzusehen."),
    ReferralEvent.CLOSE: mark("{who} hat die Vermittlung abgeschlossen: {detail}. {words}"),
}


def sentence(voice: Voice, entry: ReferralEntry, who: str) -> str:
    """One thing that happened. `who` is the name of whoever did it."""
    detail = entry.detail
    if entry.event is ReferralEvent.SEND:
        detail = voice.say(WAYS[SendWay(detail)])
    elif entry.event is ReferralEvent.CLOSE:
        detail = voice.say(OUTCOMES[Outcome(detail)])
    if entry.event is ReferralEvent.VISIT and entry.actor == "participant":
        return voice.say("Die Person hat gesagt, wie es dort war.")
    return voice.say(_HISTORY[entry.event], who=who, detail=detail, words=entry.words).strip()


def checked(voice: Voice, result: ReferralResult) -> str:
    """What a specialist's check found, in one line."""
    return voice.say(
        "Prävention: {prevention}. Reha: {rehab}. Motivation: {motivation}.",
        prevention=voice.say(NEEDS[result.prevention]),
        rehab=voice.say(NEEDS[result.rehab]),
        motivation=voice.say(NEEDS[result.motivation]),
    )
