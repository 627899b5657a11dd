# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A referral's timer: how was it, once more; and a task for the coach where nothing has changed for long.

The task says that something is open, and nothing about the person.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.messages import Kind
from bot.domain.people import Participant
from bot.domain.referrals import Referral, ReferralEntry, ReferralEvent, ReferralParty
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.appointment_due import ASK_FOR
from bot.services.appointment_timers import subject_of
from bot.services.programme_tasks import who_is_asked
from bot.services.referral_moves import PATIENCE, SYSTEM, appointment_of, happen, next_of, wait
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.texts import Voice
from scheduler.timers import Timer


def referral_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of a referral take effect, and set it for what comes next."""
    referral = uow.casework.referrals.get(timer.subject)
    person = uow.plans.lock(referral.participant_id) if referral is not None else None
    found = next_of(uow, rules, referral) if referral is not None else None
    if referral is None or person is None or found is None:
        return Receipt()
    at, event = found
    if at > now:  # an appointment was moved meanwhile
        wait(uow, rules, referral)
        return Receipt()
    contact = uow.people.contact_of(person.id)
    if contact is None:
        event = ReferralEvent.REMIND  # nobody can be asked
    happen(uow, rules, referral, ReferralParty.TIME, ReferralEntry(now, event, SYSTEM))
    if event is ReferralEvent.ASK and contact is not None:
        woken = _ask_again(Visit(uow, rules, contact, now), referral)
    else:
        woken = _remind(uow, rules, referral, person, now)
    return Receipt("", woken, frozenset({person.id}))


def _ask_again(visit: Visit, referral: Referral) -> frozenset[str]:
    subject = subject_of(referral.appointment_id or 0)
    floor.want(visit, "appointment_after", Kind.REMINDER, ASK_FOR, subject)
    visit.finish()
    return frozenset(visit.woken)


def _remind(
    uow: UnitOfWork, rules: Rulebook, referral: Referral, person: Participant, now: datetime
) -> frozenset[str]:
    kept = appointment_of(uow, referral)
    say = _words(person.case_code, is_after_visit=kept is not None and kept.ends_at <= now)
    drafts = notices(uow, rules, who_is_asked(uow, rules, person, now), say, now)
    uow.outbox.post(drafts, now)
    return frozenset(draft.channel for draft in drafts)


def _words(case: str, *, is_after_visit: bool) -> Callable[[Voice], str]:
    def say(voice: Voice) -> str:
        if is_after_visit:
            return voice.say(
                "Fall {case}: Wie der Termin einer Vermittlung war, ist noch offen. Bitte fragen Sie nach. "
                "Mehr zeigt /vermittlung {case}.",
                case=case,
            )
        return voice.say(
            "Fall {case}: Eine Vermittlung steht seit {days} Tagen auf demselben Stand. "
            "Bitte sehen Sie nach: /vermittlung {case}.",
            case=case,
            days=PATIENCE.days,
        )

    return say
