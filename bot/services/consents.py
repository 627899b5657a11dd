# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person agreed to or withdrew is written down, with all that follows from it at once (promise P4)."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.consent import ConsentRecord, Given, Purpose, standing
from bot.domain.people import Standing
from bot.services import contact_news
from bot.services.enrolments import begin
from bot.services.follow_plans import follow_visit
from bot.services.referral_moves import take_back
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.services.withdraw import end_contact, tell_holders
from dialogs.effects import RecordConsent

#: What is noted in the history of an open concern when its person takes a consent back.
WITHDRAWN = "consent_withdrawn"


def answer_consent(visit: Visit, answer: RecordConsent) -> bool:
    """An answer to a consent question. Returns whether it has taken back what had been agreed to.

    A "no" where nothing had been agreed to leaves no record. What waits to be sent and needs a consent that
    was taken back is cancelled; open concerns stay, and whoever holds them is told.
    """
    if not answer.granted:
        return withdraw(visit, answer.purpose, answer.object, version=answer.version)
    until = visit.now + timedelta(seconds=answer.valid) if answer.valid else None
    record = ConsentRecord(
        participant_id=visit.participant.id,
        purpose=answer.purpose,
        granted=True,
        text=answer.text,
        version=answer.version,
        language=visit.participant.language,
        channel=visit.address.channel,
        at=visit.now,
        meaning=answer.meaning,
        object=answer.object,
        valid_until=until,
    )
    is_return = answer.purpose == Purpose.CONTACT and contact_news.is_stopped(visit.uow, visit.participant)
    _keep(visit, record)
    if answer.purpose == Purpose.CONTACT:
        visit.change(standing=Standing.ACTIVE, paused_until=None)
        visit.uow.people.use_address(visit.address.id, visit.now)
        begin(
            visit.uow, visit.rules, visit.participant, visit.participant.programme, "participant", visit.now
        )
    follow_visit(visit)
    if is_return:
        for draft in contact_news.back(visit.uow, visit.rules, visit.participant, visit.now):
            visit.send_to(draft)
    return False


def withdraw(visit: Visit, purpose: str, whom: str = "", *, version: str) -> bool:
    """Take back a consent, if one stands. `version` says by what; returns whether one stood."""
    key = Given(purpose, granted=False, at=visit.now, object=whom).key
    if key not in standing(visit.uow.talks.given(visit.participant.id)):
        return False
    record = ConsentRecord(
        participant_id=visit.participant.id,
        purpose=purpose,
        granted=False,
        text="",
        version=version,
        language=visit.participant.language,
        channel=visit.address.channel,
        at=visit.now,
        object=whom,
    )
    _keep(visit, record)
    if purpose == Purpose.CONTACT:
        end_contact(visit, tells_coach=version == contact_news.STOPP)
        return True
    visit.uow.outbox.cancel_needing(visit.participant.id, purpose)
    follow_visit(visit)
    subject = f"{visit.participant.case_code} {purpose}"
    visit.uow.ledger.note(visit.agency.id, visit.now, "participant", WITHDRAWN, subject)
    if purpose == Purpose.SHARING:
        take_back(visit.uow, visit.rules, visit.participant.id, whom, visit.now)
        _tell_coach(visit)
    if purpose == Purpose.HEALTH_CHECKINS:
        tell_holders(
            visit,
            WITHDRAWN,
            lambda voice: voice.say(
                "Fall {case}: Die Person möchte keine Fragen mehr dazu, wie es ihr geht. "
                "Der Fall bleibt offen.",
                case=visit.participant.case_code,
            ),
        )
    return True


def _tell_coach(visit: Visit) -> None:
    """Whoever may have given something to a partner hears that nothing more may go there; not to whom."""
    coach = visit.uow.people.staff(visit.participant.coach_id) if visit.participant.coach_id else None
    told = [coach] if coach is not None and coach.left_at is None else []
    case = visit.participant.case_code
    for draft in notices(
        visit.uow,
        visit.rules,
        told,
        lambda voice: voice.say(
            "Fall {case}: Die Person hat eine Weitergabe zurückgenommen. Was noch erlaubt ist, zeigt "
            "/weitergabe {case}.",
            case=case,
        ),
        visit.now,
    ):
        visit.send_to(draft)


def _keep(visit: Visit, record: ConsentRecord) -> None:
    visit.uow.talks.add_consent(visit.agency.id, record)
    visit.forget_consents()
