# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What moves a referral, whoever does it: its row, its history, the audit log and its one timer."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.appointments import Appointment, AppointmentState
from bot.domain.referrals import (
    Referral,
    ReferralEntry,
    ReferralEvent,
    ReferralParty,
    ReferralState,
    since_appointment,
)
from bot.domain.sharing import SharingAsk
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook

TIMER_KIND = "referral"
#: So long a referral may stay as it is before its coach is asked to look: partners answer a letter within two
#: weeks, and what waits for longer than that is forgotten by everybody.
PATIENCE = timedelta(days=14)
#: So long after an appointment the person is asked once more how it was, and so long after that the coach is.
ASK_AGAIN, THEN_THE_COACH = timedelta(days=3), timedelta(days=2)
PERSON, SYSTEM = "participant", "system"


def timer_key(referral_id: int) -> str:
    """The one timer of a referral."""
    return f"referral:{referral_id}"


def happen(
    uow: UnitOfWork, rules: Rulebook, referral: Referral, party: ReferralParty, entry: ReferralEntry
) -> Referral:
    """Let something happen to a referral. Raises `UnknownTransition` for what cannot."""
    changed = referral.after(entry.event, party, entry.at)
    uow.casework.referrals.save(changed)
    uow.casework.referrals.log(changed, entry)
    person = uow.people.participants_by([changed.participant_id])[changed.participant_id]
    action = f"referral_{entry.event.value}"
    uow.ledger.note(changed.agency_id, entry.at, entry.actor, action, f"{changed.id}:{person.case_code}")
    wait(uow, rules, changed)
    return changed


def wait(uow: UnitOfWork, rules: Rulebook, referral: Referral) -> None:
    """Set the timer for what comes next; there is none when nothing does."""
    coming = next_of(uow, rules, referral)
    if coming is None:
        uow.timers.cancel(timer_key(referral.id))
    else:
        uow.timers.set(referral.agency_id, TIMER_KIND, referral.id, coming[0], timer_key(referral.id))


def next_of(uow: UnitOfWork, rules: Rulebook, referral: Referral) -> tuple[datetime, ReferralEvent] | None:
    """What time will do to a referral, and when; that may have come already.

    After its appointment the person is asked once more how it was, unless they have answered, and then the
    coach. Otherwise the coach is asked when nothing has changed for `PATIENCE`. It is asked once for each
    state of things, when the agency is open.
    """
    if not referral.is_open:
        return None
    history = uow.casework.referrals.history(referral.id)
    if any(e.event is ReferralEvent.REMIND and e.at >= referral.changed_at for e in history):
        return None
    kept, past = appointment_of(uow, referral), since_appointment(history)
    still = max(referral.changed_at, kept.ends_at) if kept is not None else referral.changed_at
    at = still + PATIENCE
    if kept is not None and ReferralEvent.ANSWER not in past:
        if ReferralEvent.ASK not in past:
            return kept.ends_at + ASK_AGAIN, ReferralEvent.ASK
        asked = max(entry.at for entry in history if entry.event is ReferralEvent.ASK)
        at = asked + THEN_THE_COACH
    return rules.hours[referral.agency_id].next_open(at), ReferralEvent.REMIND


def take_back(uow: UnitOfWork, rules: Rulebook, participant_id: int, partner: str, now: datetime) -> None:
    """The person has taken back their yes to this partner: no referral hands anything over any more."""
    for referral in uow.casework.referrals.of_participant(participant_id):
        event = ReferralEvent.TAKE_BACK
        is_about = referral.can(event, ReferralParty.PERSON) and ask_of(uow, referral).partner == partner
        if is_about:
            happen(uow, rules, referral, ReferralParty.PERSON, ReferralEntry(now, event, PERSON))


def ask_of(uow: UnitOfWork, referral: Referral) -> SharingAsk:
    """What the person is asked: where to, what goes there and what for. Raises `NotFound`."""
    ask = uow.sharing.get(referral.ask_id)
    if ask is None:
        raise NotFound(f"there is no sharing ask {referral.ask_id}")
    return ask


def appointment_of(uow: UnitOfWork, referral: Referral) -> Appointment | None:
    """The appointment that a referral waits for, unless it does not take place."""
    if referral.state is not ReferralState.APPOINTMENT_MADE or referral.appointment_id is None:
        return None
    kept = uow.appointments.get(referral.appointment_id)
    return kept if kept is not None and kept.state is not AppointmentState.CANCELLED else None
