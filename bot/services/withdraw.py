# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The end of contact, however it was said: by one word, or by a no to the question about it (promise P4)."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.messages import Kind
from bot.domain.people import Standing
from bot.services import contact_news
from bot.services.follow_plans import leave_all
from bot.services.human_talks import talk_about
from bot.services.own_words import CONTACT_ENDED, may_be_answered
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.services.whom import Roster
from bot.texts import Voice


def end_contact(visit: Visit, *, tells_coach: bool = False) -> None:
    """Nothing more is begun by ourselves: what waits to be sent is cancelled, and so is the rhythm.

    Crisis texts that are under way still go out, and open concerns stay: whoever holds them is told, because
    from now on the person can only be reached on another way. With `tells_coach` their coach hears of it too,
    unless they hold one and heard it so. Conversations are the caller's.
    """
    visit.uow.outbox.cancel_for(visit.participant.id, (Kind.CRISIS,))
    leave_all(visit)
    person = visit.participant
    was_active = person.standing is Standing.ACTIVE
    # Also at a second STOPP: they may have written in between of what somebody meant to answer.
    concerns = visit.uow.concerns.of_participant(person.id, open_only=False)
    is_news = was_active or any(one.is_open and may_be_answered(visit.uow, person, one) for one in concerns)
    visit.change(standing=Standing.STOPPED, paused_until=None, human_until=None)
    visit.uow.ledger.note(visit.agency.id, visit.now, "participant", "stop", visit.participant.case_code)
    for concern in concerns:
        # Of a closed case nobody has to be told, but it can be written about as well.
        if not concern.is_open and may_be_answered(visit.uow, visit.participant, concern):
            visit.uow.concerns.log(concern.id, visit.now, CONTACT_ENDED, "participant")
    if is_news:
        holders = tell_holders(
            visit,
            CONTACT_ENDED,
            lambda voice: voice.say(
                "Fall {case}: Die Person hat den Kontakt über Lotse beendet. Der Fall bleibt offen. "
                "Bitte nutzen Sie einen anderen Weg, zum Beispiel das Telefon.",
                case=visit.participant.case_code,
            ),
        )
        if was_active and tells_coach and visit.participant.coach_id not in holders:
            for draft in contact_news.ended(visit.uow, visit.rules, visit.participant, visit.now):
                visit.send_to(draft)


def tell_holders(visit: Visit, event: str, say: Callable[[Voice], str]) -> set[int]:
    """Note it in the history of the person's open concerns, and tell whoever holds them or talks, once each.

    For somebody who is not there whoever stands in hears it as well. Returns who they are.
    """
    holders = set[int]()
    for concern in visit.uow.concerns.of_participant(visit.participant.id):
        talk = talk_about(visit.uow, concern)
        holders |= {concern.taken_by or concern.owner_id or 0, talk.staff_id if talk is not None else 0}
        visit.uow.concerns.log(concern.id, visit.now, event, "participant")
    people = [visit.uow.people.staff(number) for number in sorted(_with_stand_ins(visit, holders - {0}))]
    there = [person for person in people if person is not None and person.left_at is None]
    for draft in notices(visit.uow, visit.rules, there, say, visit.now):
        visit.send_to(draft)
    return {person.id for person in there}


def _with_stand_ins(visit: Visit, holders: set[int]) -> set[int]:
    if not holders:
        return holders
    roster = Roster(visit.uow, visit.rules, visit.agency.id, visit.now)
    for_them = (roster.stand_in(holder) for holder in holders if not roster.is_present(holder))
    return holders | {person.id for person in for_them if person is not None}
