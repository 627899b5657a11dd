# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What staff do with a hand-over pack: offer it, name places, pass on what the person has said yes to.

What is in it, staff see only when the person gives it to a place: then they hand it over, word for word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.access import Action
from bot.domain.handover_packs import (
    LONGEST_PACK,
    MOST_RECEIVERS,
    HandoverPack,
    PackEvent,
    PackParty,
    PackState,
    Receiver,
)
from bot.domain.people import Participant, Standing
from bot.domain.referrals import SendWay
from bot.domain.sharing import LONGEST_NAME, LONGEST_WORDS, SharingAsk
from bot.services import restrict, share
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling, end_talks, tell_about
from bot.services.desk import Desk
from bot.services.handover_pack_moves import (
    ASK_DIALOG,
    DIALOG,
    SENT_SUBJECT,
    SUBJECT,
    ask_for,
    ask_of,
    happen,
    is_sent,
    subject_of,
)
from bot.texts import mark

#: So long what is to be said about a pack waits for its opportunity.
_KEEP_FOR = timedelta(days=14)
_NOT_THEIRS = mark("Um diesen Fall kümmert sich jemand anderes im Team.")
_NO_PACK = mark("Für diese Person gibt es gerade keine Mappe zur Überleitung.")
_UNKNOWN = mark("Diese Stelle steht nicht mehr auf der Liste. Es wurde nichts geändert.")


@dataclass(frozen=True, slots=True)
class Place:
    """A place that could get a pack. `holds`: the person says yes to exactly this version, now."""

    receiver: Receiver
    ask: SharingAsk | None
    holds: bool
    is_sent: bool
    is_connected: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """A pack as staff may see it. `text` is empty until the person gives it to one place at least."""

    pack: HandoverPack
    places: tuple[Place, ...]
    text: str


def overview(desk: Desk, person: Participant) -> Overview | None:
    """The person's pack that goes on. Only with `Action.SEE_CONTENT`; the caller notes the look."""
    pack = desk.uow.casework.handover_packs.open_of(person.id)
    if pack is None:
        return None
    places = tuple(_place(desk, pack, one) for one in desk.uow.casework.handover_packs.receivers(pack.id))
    is_given = any(one.holds for one in places)
    text = desk.uow.casework.handover_packs.content(pack) if is_given else ""
    return Overview(pack, places, text)


def offer(desk: Desk, person: Participant) -> Telling:
    """Ask the person whether they would like a pack, also once more. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    contact = desk.uow.people.contact_of(person.id)
    if contact is None or contact.participant.standing is not Standing.ACTIVE:
        raise EntryFault(mark("Diese Person ist gerade nicht erreichbar. Es wurde nichts gesendet."))
    packs = desk.uow.casework.handover_packs
    new = HandoverPack(0, desk.agency.id, person.id, PackState.OPEN, desk.staff.id, desk.now, desk.now)
    packs.add(new)
    pack = _open(desk, person)
    happen(desk.uow, pack, (PackEvent.OFFER, PackParty.STAFF), desk.actor, desk.now)
    return tell_about(desk, person.id, (DIALOG, f"{SUBJECT}:{pack.id}"), _KEEP_FOR, anew=True)


def name_place(desk: Desk, person: Participant, place: str, why: str) -> Receiver:
    """Name a place that could get the pack; the person is asked when it is right. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    pack = _open(desk, person)
    place, why = " ".join(place.split()), " ".join(why.split())
    if not 0 < len(place) <= LONGEST_NAME or not 0 < len(why) <= LONGEST_WORDS:
        raise EntryFault(mark("Bitte schreiben Sie die Stelle und wozu, jedes in einer Zeile."))
    named = desk.uow.casework.handover_packs.receivers(pack.id)
    if any(one.place.casefold() == place.casefold() for one in named):
        raise EntryFault(mark("Diese Stelle steht schon auf der Liste."))
    if len(named) >= MOST_RECEIVERS:
        raise EntryFault(mark("Es sind schon {most} Stellen genannt."), most=MOST_RECEIVERS)
    new = Receiver(0, pack.agency_id, person.id, pack.id, place, why, desk.staff.id, desk.now)
    new = replace(new, id=desk.uow.casework.handover_packs.add_receiver(new))
    pack = happen(desk.uow, pack, (PackEvent.NAME, PackParty.STAFF), desk.actor, desk.now)
    desk.changed.add(person.id)
    if pack.state is PackState.CHOSEN:
        new = ask_for(desk.uow, desk.rules.voice(person.language), pack, new, desk.now)
        tell_about(desk, person.id, (ASK_DIALOG, subject_of(new)), _KEEP_FOR)
    return new


def send(desk: Desk, person: Participant, number: int, way: SendWay) -> Telling:
    """The pack goes to a place, or went there on another way; the person hears of it. Raises `EntryFault`.

    Over Lotse it is given to the place's contact now. The same again changes nothing.
    """
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    pack = _open(desk, person)
    receiver = desk.uow.casework.handover_packs.receiver(number) if number < 2**63 else None
    if receiver is None or receiver.pack_id != pack.id:
        raise EntryFault(_UNKNOWN)
    found = _place(desk, pack, receiver)
    if found.ask is None or not found.holds or restrict.is_restricted(desk.uow, person.id):
        raise EntryFault(share.WITHOUT_CONSENT)
    if not found.is_sent:
        if way is SendWay.LOTSE:
            text = desk.uow.casework.handover_packs.content(pack)
            share.hand_directly(desk, found.ask, text, person.case_code, longest=LONGEST_PACK)
        desk.uow.casework.handover_packs.save_receiver(replace(receiver, sent_at=desk.now, way=way))
        happen(desk.uow, pack, (PackEvent.SEND, PackParty.STAFF), desk.actor, desk.now)
    return tell_about(desk, person.id, (DIALOG, f"{SENT_SUBJECT}:{receiver.id}"), _KEEP_FOR, anew=True)


def close(desk: Desk, person: Participant) -> None:
    """It is over; what went to places stays there. Raises `EntryFault`."""
    _check_may(desk, person)
    desk.uow.plans.lock(person.id)
    pack = _open(desk, person)
    happen(desk.uow, pack, (PackEvent.CLOSE, PackParty.STAFF), desk.actor, desk.now)
    end_talks(desk, person.id, f"{SUBJECT}:{pack.id}")
    desk.changed.add(person.id)


def _place(desk: Desk, pack: HandoverPack, receiver: Receiver) -> Place:
    ask = ask_of(desk.uow, receiver) if pack.state is PackState.CHOSEN else None
    if ask is None:
        return Place(receiver, None, holds=False, is_sent=False, is_connected=False)
    is_connected = share.reachable_contact(desk, ask) is not None
    return Place(receiver, ask, share.holds(desk, ask), is_sent(receiver, ask), is_connected)


def _open(desk: Desk, person: Participant) -> HandoverPack:
    found = desk.uow.casework.handover_packs.open_of(person.id)
    if found is None:
        raise EntryFault(_NO_PACK)
    return found


def _check_may(desk: Desk, person: Participant) -> None:
    if not desk.guard.person(person, Action.ASK_SHARING).is_allowed:
        raise EntryFault(_NOT_THEIRS)
