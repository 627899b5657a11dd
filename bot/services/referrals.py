# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a referral, the same from every place: propose, hand over, note, close.

Whoever looks after the person has their referrals too: nothing here stores an owner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.people import Participant, Standing
from bot.domain.referrals import (
    LONGEST_WORDS,
    Outcome,
    Referral,
    ReferralEntry,
    ReferralEvent,
    ReferralParty,
    ReferralResult,
    ReferralState,
    SendWay,
)
from bot.services import share
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, end_talks, tell_about
from bot.services.desk import Desk
from bot.services.referral_moves import ask_of, happen
from bot.services.referral_talks import DIALOG, subject_of
from bot.texts import mark

#: So long what is to be said about a referral waits for its opportunity.
_KEEP_FOR = timedelta(days=14)
#: More at a time nobody can keep in view.
MOST_OPEN = 10
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_NOT_NOW = mark("Das geht beim jetzigen Stand der Vermittlung nicht. Es wurde nichts geändert.")
_UNKNOWN = mark("Eine Vermittlung mit der Nummer {number} gibt es bei dieser Person nicht.")
_NO_APPOINTMENT = mark("Einen offenen Termin mit der Nummer {number} gibt es bei dieser Person nicht.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed. `partner_id` is its entry of the directory; None for a place that was typed."""

    wish: share.Wish
    partner_id: int | None = None


def propose(desk: Desk, person: Participant, proposal: Proposal) -> tuple[Referral, Telling]:
    """A new referral: the person is asked whether they would like it. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    wish = proposal.wish
    if not wish.is_whole:
        raise EntryFault(
            mark("Bitte schreiben Sie an wen, was und wozu, jedes in einer Zeile mit höchstens 300 Zeichen.")
        )
    contact = desk.uow.people.contact_of(person.id)
    if contact is None or contact.participant.standing is not Standing.ACTIVE:
        raise EntryFault(mark("Diese Person ist gerade nicht erreichbar. Es wurde nichts gesendet."))
    going_on = [one for one in desk.uow.casework.referrals.of_participant(person.id) if one.is_open]
    if any(ask_of(desk.uow, one).partner.casefold() == wish.partner.casefold() for one in going_on):
        raise EntryFault(mark("Dorthin gibt es für diese Person schon eine offene Vermittlung."))
    if len(going_on) >= MOST_OPEN:
        raise EntryFault(
            mark("Es sind schon {most} Vermittlungen offen. Bitte schließen Sie erst eine ab."),
            most=MOST_OPEN,
        )
    ask = share.keep_ask(desk, person, wish)
    new = Referral(
        *(0, desk.agency.id, person.id, ask.id, ReferralState.PROPOSED, desk.staff.id, desk.now, desk.now),
        partner_id=_known_partner(desk, proposal.partner_id),
    )
    new = replace(new, id=desk.uow.casework.referrals.add(new))
    return new, _propose(desk, new)


def propose_again(desk: Desk, person: Participant, number: int) -> Telling:
    """Show the person a proposal once more, for example after a talk about it. Raises `EntryFault`."""
    return _propose(desk, referral_of(desk, person, number))


def send(desk: Desk, person: Participant, number: int, way: SendWay, words: str) -> tuple[Referral, Telling]:
    """What the person allowed goes to the partner, or went there on another way. Raises `EntryFault`.

    Over Lotse it is given to the partner's contact now; on every other way staff have done it, and say so
    here. Without the person's yes, or after they took it back, nothing changes. They are told what went
    there.
    """
    referral = referral_of(desk, person, number)
    ask, words = ask_of(desk.uow, referral), words.strip()
    if referral.state is ReferralState.PROPOSED or not share.holds(desk, ask):
        raise EntryFault(share.WITHOUT_CONSENT)
    _check_can(referral, ReferralEvent.SEND)
    if not 0 < len(words) <= LONGEST_WORDS:
        raise EntryFault(
            mark("Bitte schreiben Sie in 1 bis {most} Zeichen, was Sie weitergeben."), most=LONGEST_WORDS
        )
    if way is SendWay.LOTSE:
        share.hand_directly(desk, ask, words, person.case_code)
    referral = _happen(desk, referral, ReferralEvent.SEND, way.value, words)
    return referral, tell_about(desk, person.id, (DIALOG, subject_of(referral)), _KEEP_FOR, anew=True)


def make_appointment(desk: Desk, person: Participant, number: int, appointment_id: int) -> Referral:
    """An appointment of the person belongs to the referral: it is reminded of as every other.

    Raises `EntryFault`.
    """
    referral = referral_of(desk, person, number)
    kept = desk.uow.appointments.get(appointment_id) if appointment_id < 2**63 else None
    if kept is None or kept.participant_id != person.id or not kept.is_open:
        raise EntryFault(_NO_APPOINTMENT, number=appointment_id)
    if referral.appointment_id == kept.id and referral.state is ReferralState.APPOINTMENT_MADE:
        return referral
    referral = replace(referral, appointment_id=kept.id)
    return _happen(desk, referral, ReferralEvent.MAKE_APPOINTMENT, str(kept.id))


def visited(desk: Desk, person: Participant, number: int) -> Referral:
    """The person was there for the first time, as staff know. Raises `EntryFault`."""
    referral = referral_of(desk, person, number)
    if referral.state is ReferralState.FIRST_VISIT:
        return referral
    return _happen(desk, referral, ReferralEvent.VISIT)


def enter_result(desk: Desk, person: Participant, number: int, result: ReferralResult) -> Referral:
    """What the partner's check found; entered again it replaces what stood there. Raises `EntryFault`."""
    referral = referral_of(desk, person, number)
    if len(result.words) > LONGEST_WORDS:
        raise EntryFault(mark("Worte dazu haben höchstens {most} Zeichen."), most=LONGEST_WORDS)
    if referral.result == result:
        return referral
    return _happen(desk, replace(referral, result=result), ReferralEvent.RESULT)


def close(desk: Desk, person: Participant, number: int, outcome: Outcome, why: str) -> Referral:
    """The referral is over; it and its history are kept. Raises `EntryFault`."""
    referral = referral_of(desk, person, number)
    why = why.strip()
    if len(why) > LONGEST_WORDS:
        raise EntryFault(mark("Worte dazu haben höchstens {most} Zeichen."), most=LONGEST_WORDS)
    closed = _happen(desk, referral, ReferralEvent.CLOSE, outcome.value, why)
    end_talks(desk, person.id, subject_of(closed))
    return closed


def referral_of(desk: Desk, person: Participant, number: int) -> Referral:
    """A referral of the person whom this staff member looks after. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    found = desk.uow.casework.referrals.get(number) if number < 2**63 else None
    if found is None or found.participant_id != person.id:
        raise EntryFault(_UNKNOWN, number=number)
    return found


def _propose(desk: Desk, referral: Referral) -> Telling:
    referral = _happen(desk, referral, ReferralEvent.PROPOSE)
    return tell_about(desk, referral.participant_id, (DIALOG, subject_of(referral)), _KEEP_FOR, anew=True)


def _happen(
    desk: Desk, referral: Referral, event: ReferralEvent, detail: str = "", words: str = ""
) -> Referral:
    _check_can(referral, event)
    entry = ReferralEntry(desk.now, event, desk.actor, detail, words)
    desk.changed.add(referral.participant_id)
    return happen(desk.uow, desk.rules, referral, ReferralParty.STAFF, entry)


def _check_can(referral: Referral, event: ReferralEvent) -> None:
    if not referral.can(event, ReferralParty.STAFF):
        raise EntryFault(_NOT_NOW)


def _check_may(desk: Desk, person: Participant) -> None:
    if not desk.guard.person(person, Action.ASK_SHARING).is_allowed:
        raise EntryFault(_NOT_THEIRS)


def _known_partner(desk: Desk, partner_id: int | None) -> int | None:
    found = desk.uow.casework.partners.get(partner_id) if partner_id else None
    return found.id if found is not None and found.agency_id == desk.agency.id else None
