# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What moves a hand-over pack, whoever does it: its row, the audit log, and what a place's question names."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.handover_packs import HandoverPack, PackEvent, PackParty, Receiver
from bot.domain.profiles import PACK_DIALOG
from bot.domain.sharing import SharingAsk
from bot.ports import UnitOfWork
from bot.services.handover_pack_facts import PARTS
from bot.services.sharing_talks import contact_of
from bot.texts import Voice

#: What conversations are about: the pack, a place that could get it, a place that it went to.
SUBJECT, RECEIVER_SUBJECT, SENT_SUBJECT = "handover_pack", "handover_receiver", "handover_sent"
DIALOG, ASK_DIALOG = PACK_DIALOG, "ask_sharing"
#: What the person does with their pack is their own; the log names only that it is right as it is.
_NOT_LOGGED = frozenset({PackEvent.CHOOSE})


def happen(
    uow: UnitOfWork, pack: HandoverPack, by: tuple[PackEvent, PackParty], actor: str, now: datetime
) -> HandoverPack:
    """Let something happen to a pack. Raises `UnknownTransition` for what cannot."""
    event, party = by
    changed = pack.after(event, party, now)
    uow.casework.handover_packs.save(changed)
    if event not in _NOT_LOGGED:
        person = uow.people.participants_by([changed.participant_id])[changed.participant_id]
        subject = f"{changed.id}:{person.case_code}"
        uow.ledger.note(changed.agency_id, now, actor, f"handover_{event.value}", subject)
    return changed


def forget_asks(uow: UnitOfWork, pack: HandoverPack) -> None:
    """The pack is being changed: no yes to an older version counts for what will be in it."""
    for receiver in uow.casework.handover_packs.receivers(pack.id):
        if receiver.ask_id is not None:
            uow.casework.handover_packs.save_receiver(replace(receiver, ask_id=None))


def ask_for(uow: UnitOfWork, voice: Voice, pack: HandoverPack, receiver: Receiver, now: datetime) -> Receiver:
    """Write down what the person will be asked about this place: it names the parts that are in the pack."""
    parts = ", ".join(voice.say(PARTS[part]) for part in pack.choice.shown_parts)
    what = voice.say("Ihre Mappe zur Überleitung, wie Sie sie gesehen haben ({parts})", parts=parts)
    ask = SharingAsk(
        *(0, pack.agency_id, pack.participant_id, receiver.place, what, receiver.why, receiver.added_by, now),
        contact_id=contact_of(uow, pack.agency_id, receiver.place),
    )
    asked = replace(receiver, ask_id=uow.sharing.add(ask), version=pack.version)
    uow.casework.handover_packs.save_receiver(asked)
    return asked


def ask_of(uow: UnitOfWork, receiver: Receiver) -> SharingAsk | None:
    """What the person was or will be asked about this place; None while there is nothing to ask."""
    return uow.sharing.get(receiver.ask_id) if receiver.ask_id is not None else None


def is_sent(receiver: Receiver, ask: SharingAsk) -> bool:
    """Whether the version that was asked about went there."""
    return receiver.sent_at is not None and receiver.sent_at >= ask.asked_at


def subject_of(receiver: Receiver) -> str:
    """The subject of the question whether the pack may go to this place."""
    return f"{RECEIVER_SUBJECT}:{receiver.id}"
