# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Data that is only kept (Art. 18 GDPR): begun by the person, ended by them or by staff for a reason.

It is a record among those of consents, so every gate that asks for one finds it closed meanwhile: see
`bot.domain.consent.holding`. The check for danger and help ask for none.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.access import Action
from bot.domain.concerns import Concern
from bot.domain.consent import RESTRICTION, RESTS, ConsentRecord, standing
from bot.domain.messages import Kind
from bot.domain.people import Participant, Standing
from bot.ports import UnitOfWork
from bot.services.desk import Desk
from bot.services.follow_plans import follow, follow_visit
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from dialogs.effects import Value

DIALOG = "restrict"
#: What a dialog sets, and to what.
FACT, WANTED, ENDED = "restriction", "wanted", "ended"
SHORTEST_REASON, LONGEST_REASON = 10, 500


def is_restricted(uow: UnitOfWork, participant_id: int) -> bool:
    """Whether the person's data is only kept."""
    return RESTRICTION in standing(uow.talks.given(participant_id))


def shows_content(uow: UnitOfWork, concern: Concern) -> bool:
    """Whether what belongs to this concern may be shown to whoever may see it: while it is open, always."""
    return concern.is_open or not is_restricted(uow, concern.participant_id)


def decide(visit: Visit, answer: Value) -> None:
    """What the person has answered. Twice the same changes nothing."""
    is_wanted = answer == WANTED
    if is_wanted == is_restricted(visit.uow, visit.participant.id):
        return
    record = _record(visit.participant, visit.address.channel, visit.now, granted=is_wanted)
    visit.uow.talks.add_consent(visit.agency.id, record)
    visit.forget_consents()
    for purpose in sorted(RESTS) if is_wanted else ():
        visit.uow.outbox.cancel_needing(visit.participant.id, purpose)
    follow_visit(visit)
    action = "restriction_begun" if is_wanted else "restriction_ended"
    case = visit.participant.case_code
    visit.uow.ledger.note(visit.agency.id, visit.now, "participant", action, case)
    _tell_coach(visit, is_wanted=is_wanted)


def lift(desk: Desk, person: Participant, reason: str) -> bool:
    """Staff end it, for a reason of 10 to 500 characters that the person is told at once (Art. 18(3) GDPR).

    False, with one clear line, if that cannot be.
    """
    why = " ".join(reason.split())
    refusal = _why_not(desk, person, why)
    if refusal:
        desk.tell(refusal)
        return False
    contact = desk.uow.people.contact_of(person.id)
    if contact is None or contact.participant.standing is Standing.STOPPED:
        desk.tell(
            desk.voice.say(
                "Fall {case}: Lotse kann die Person nicht erreichen. Sie muss es vorher wissen: Bitte "
                "sagen Sie es ihr auf einem anderen Weg.",
                case=person.case_code,
            )
        )
        return False
    visit = Visit(desk.uow, desk.rules, contact, desk.now)
    visit.tell(
        Kind.REPLY,
        visit.voice.say(
            "Sie hatten verlangt, dass Ihre Daten nur aufbewahrt werden. Ihr Team hebt das jetzt auf.\n"
            "Der Grund: {reason}\nSie können sich bei der Aufsicht für den Datenschutz beschweren.",
            reason=why,
        ),
    )
    visit.finish()
    record = _record(person, desk.address.channel, desk.now, granted=False, text=why, by=desk.actor)
    desk.uow.talks.add_consent(desk.agency.id, record)
    follow(desk.uow, desk.rules, person, desk.now)
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "restriction_lifted", person.case_code)
    desk.woken |= visit.woken
    desk.changed.add(person.id)
    desk.tell(
        desk.voice.say(
            "Fall {case}: Die Einschränkung ist aufgehoben. Die Person hat den Grund bekommen.",
            case=person.case_code,
        )
    )
    return True


def _record(
    person: Participant,
    channel: str,
    now: datetime,
    *,
    granted: bool,
    text: str = "",
    by: str = "participant",
) -> ConsentRecord:
    return ConsentRecord(
        participant_id=person.id,
        purpose=RESTRICTION,
        granted=granted,
        text=text,
        version=by,
        language=person.language,
        channel=channel,
        at=now,
    )


def _why_not(desk: Desk, person: Participant, why: str) -> str:
    decision = desk.guard.person(person, Action.LIFT_RESTRICTION)
    if not decision.is_allowed:
        return desk.case_refusal(person.case_code, decision.why)
    if not is_restricted(desk.uow, person.id):
        return desk.voice.say("Fall {case}: Die Daten sind nicht eingeschränkt.", case=person.case_code)
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
        return desk.voice.say("Bitte schreiben Sie den Grund dazu, in 10 bis 500 Zeichen.")
    return ""


def _tell_coach(visit: Visit, *, is_wanted: bool) -> None:
    coach = visit.uow.people.staff(visit.participant.coach_id) if visit.participant.coach_id else None
    told = [coach] if coach is not None and coach.left_at is None else []
    case = visit.participant.case_code
    for draft in notices(
        visit.uow,
        visit.rules,
        told,
        lambda voice: (
            voice.say(
                "Fall {case}: Die Person möchte, dass ihre Daten nur aufbewahrt werden. Lotse fragt sie "
                "nichts mehr, und Sie sehen nur, was zu einem offenen Fall gehört. Aufheben mit Grund: "
                "/aufheben {case} Grund",
                case=case,
            )
            if is_wanted
            else voice.say("Fall {case}: Die Daten sind nicht mehr eingeschränkt.", case=case)
        ),
        visit.now,
    ):
        visit.send_to(draft)
