# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What becomes of "that is not right" (Art. 16 GDPR): a concern like others, so it is owned and never lost.

It ends in one of two ways, and the person hears which. Whoever leaves something as it is has first written to
them why (Art. 12(4) GDPR).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.concerns import NOT_RIGHT, Concern, Outcome
from bot.domain.messages import Kind
from bot.domain.people import Standing
from bot.ports import Contact
from bot.services import human_talks
from bot.services.desk import Desk
from bot.services.visit import Visit
from bot.texts import mark

_TOLD: Mapping[Outcome, str] = {
    Outcome.CORRECTED: mark("Sie haben uns gesagt, dass etwas nicht stimmt. Wir haben es jetzt berichtigt."),
    Outcome.STAYS: mark(
        "Sie haben uns gesagt, dass etwas nicht stimmt. Wir haben es geprüft, und es bleibt, wie es ist. "
        "Den Grund haben wir Ihnen geschrieben. Sie können sich bei der Aufsicht für den Datenschutz "
        "beschweren."
    ),
}


def why_not_close(desk: Desk, concern: Concern, outcome: Outcome) -> str:
    """Why the concern cannot be closed with this outcome now; empty if it can."""
    if outcome not in concern.outcomes:
        if concern.reason == NOT_RIGHT:
            return desk.voice.say(
                "Hier sagt jemand, dass etwas nicht stimmt. Bitte schließen Sie mit „Berichtigt“ oder mit "
                "„Bleibt, wie es ist“ ab."
            )
        return desk.voice.say("Dieses Ergebnis passt nicht zu diesem Fall.")
    if outcome is Outcome.STAYS and _reached(desk, concern) and not _has_written(desk, concern):
        return desk.voice.say(
            "Fall {case}: Bitte schreiben Sie der Person zuerst mit „Antworten“, warum es so bleibt. "
            "Danach schließen Sie ab.",
            case=concern.case_code,
        )
    return ""


def tell_outcome(desk: Desk, closed: Concern) -> None:
    """The person hears what has become of what they said; nothing for concerns of another kind."""
    told = _TOLD.get(closed.outcome) if closed.outcome else None
    if told is None:
        return
    contact = _reached(desk, closed)
    if contact is None:
        desk.tell(
            desk.voice.say(
                "Fall {case}: Lotse kann der Person nicht sagen, was daraus geworden ist. "
                "Bitte tun Sie es auf einem anderen Weg.",
                case=closed.case_code,
            ),
            concern_id=closed.id,
        )
        return
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    text = visit.voice.say(told)
    visit.tell(Kind.REPLY, text, concern_id=closed.id)
    visit.finish()
    desk.woken |= visit.woken


def _reached(desk: Desk, concern: Concern) -> Contact | None:
    """Where the person can be told; None if nowhere, or if they have ended contact (promise P4)."""
    contact = desk.uow.people.contact_of(concern.participant_id)
    if contact is None or contact.participant.standing is Standing.STOPPED:
        return None
    return contact


def _has_written(desk: Desk, concern: Concern) -> bool:
    return any(event == human_talks.REPLIED for _, event, *_ in desk.uow.concerns.history(concern.id))
