# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person does with their hand-over pack in a dialog: choose, look, leave out, say that it is right.

What is frozen is what was seen last. Whoever makes no pack leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import msgspec

from bot.domain.conversations import ConversationState, Underway
from bot.domain.handover_packs import (
    LONGEST_PACK,
    LONGEST_STRENGTHS,
    Choice,
    HandoverPack,
    PackEvent,
    PackParty,
    PackState,
    Part,
    Receiver,
)
from bot.domain.messages import Body, DataClass, Kind
from bot.domain.sharing import SharingAsk
from bot.ports import Conversation
from bot.services.handover_pack_facts import Sources, written
from bot.services.handover_pack_moves import (
    ASK_DIALOG,
    ask_for,
    ask_of,
    forget_asks,
    happen,
    is_sent,
    subject_of,
)
from bot.services.own_page import offer_own_page
from bot.services.referral_facts import WAYS
from bot.services.sharing_talks import is_held
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from dialogs.effects import Value

ACTOR = "participant"
#: So long the question about a place waits for its opportunity.
_ASK_FOR = timedelta(days=14)


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the pack that the person was offered still goes on."""
    pack = _open(visit)
    return pack is not None and conversation.subject.partition(":")[2] == str(pack.id)


def sent_facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """Where the pack went, and how."""
    receiver = _receiver(visit, conversation)
    if receiver is None or receiver.way is None:
        return {}
    return {
        "handover_news": "sent",
        "handover_receiver": receiver.place,
        "handover_way": visit.voice.say(WAYS[receiver.way]),
    }


def sent_fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it went there at all."""
    receiver = _receiver(visit, conversation)
    return receiver is not None and receiver.sent_at is not None


def ask_facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The place, what goes there and what for."""
    ask = _asked(visit, conversation)
    return {} if ask is None else {"partner": ask.partner, "shared_what": ask.what, "shared_why": ask.why}


def ask_fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it is still to be asked: about the version that is right now, and once."""
    ask, receiver = _asked(visit, conversation), _receiver(visit, conversation)
    if ask is None or receiver is None or is_sent(receiver, ask):
        return False
    return not _agreed(visit, ask)


def ask_ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """Whoever named the place hears of a yes, without content; of anything else nothing (promise P4)."""
    del outcome
    ask = _asked(visit, conversation)
    if ask is None or not _agreed(visit, ask):
        return
    asker = visit.uow.people.staff(ask.asked_by)
    told = [asker] if asker is not None and asker.left_at is None else []
    case = visit.participant.case_code
    for draft in notices(
        visit.uow,
        visit.rules,
        told,
        lambda voice: voice.say(
            "Fall {case}: Die Person möchte ihre Mappe zur Überleitung weitergeben. "
            "Es steht in der Konsole unter „Überleitung“.",
            case=case,
        ),
        visit.now,
    ):
        visit.send_to(draft)


def _begin(visit: Visit, value: Value) -> None:
    """From the beginning: nothing is in the pack that is not put there from here on."""
    if value is True:
        _change(visit, lambda choice: Choice(strengths=choice.strengths))


def _taking(part: Part) -> Callable[[Visit, Value], None]:
    def enter(visit: Visit, value: Value) -> None:
        _change(visit, lambda choice: choice.with_part(part, is_in=value is True))

    return enter


def _strengths(visit: Visit, value: Value) -> None:
    """Kept as typed, on one line."""
    words = " ".join(str(value).split())[:LONGEST_STRENGTHS]
    if words:
        part = Part.STRENGTHS
        _change(
            visit,
            lambda choice: msgspec.structs.replace(choice.with_part(part, is_in=True), strengths=words),
        )


def _show(visit: Visit, value: Value) -> None:
    if value is True:
        _preview(visit)


def _leave_out(visit: Visit, value: Value) -> None:
    """The number is that of a line, as the person has just read it."""
    pack = _open(visit)
    try:
        without = pack.choice.without(int(value)) if pack is not None else None
    except IndexError:
        without = None
    if without is None:
        text = visit.voice.say("Eine Zeile mit der Nummer {number} gibt es in der Mappe nicht.", number=value)
        visit.tell(Kind.REPLY, text)
        return
    _change(visit, lambda _: without)
    _preview(visit)


def _done(visit: Visit, value: Value) -> None:
    """What was seen last is right. Each place that was named is asked about on its own."""
    pack = _open(visit)
    if value is not True or pack is None or pack.state is not PackState.OPEN:
        return
    text = written(visit.voice, pack.choice.shown)
    if not text or len(text) > LONGEST_PACK:
        visit.tell(Kind.REPLY, _why_not(visit, text))
        return
    pack = happen(visit.uow, pack, (PackEvent.FINISH, PackParty.PERSON), ACTOR, visit.now)
    visit.uow.casework.handover_packs.freeze(pack, text, visit.now)
    named = visit.uow.casework.handover_packs.receivers(pack.id)
    for receiver in named:
        _want(visit, ask_for(visit.uow, visit.voice, pack, receiver, visit.now))
    said = [visit.voice.say("Ihre Mappe steht jetzt so, wie Sie sie gesehen haben.")]
    if named:
        said.append(
            visit.voice.say("Ich frage Sie zu jeder Stelle einzeln. Ohne Ihr Ja geht nichts dorthin.")
        )
    said.append(visit.voice.say("Für sich selbst bekommen Sie die Mappe mit MEINE DATEN."))
    visit.tell(Kind.REPLY, " ".join(said))


#: By the name under which the dialog remembers it; none of it is kept as a fact.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {
    "handover_begin": _begin,
    "handover_take_steps": _taking(Part.STEPS),
    "handover_take_appointments": _taking(Part.APPOINTMENTS),
    "handover_take_places": _taking(Part.PLACES),
    "handover_take_signs": _taking(Part.SIGNS),
    "handover_take_strengths": _strengths,
    "handover_show": _show,
    "handover_leave_out": _leave_out,
    "handover_done": _done,
}


def _preview(visit: Visit) -> None:
    """Show the pack as it would be, and keep that for the moment when the person says that it is right."""
    if not visit.carries(DataClass.HEALTH):
        offer_own_page(visit, Kind.REPLY)
        return
    pack = _pack(visit)
    sources = Sources(visit.uow, visit.participant.id, visit.voice, visit.now, visit.consents)
    lines = pack.choice.chosen(sources.every(pack.choice.strengths))
    pack = _change(visit, lambda choice: msgspec.structs.replace(choice, shown=lines))
    text = written(visit.voice, lines)
    shown = visit.voice.say("Das ist Ihre Mappe:\n\n{pack}", pack=text) if text else _why_not(visit, text)
    with visit.needing(visit.needs(DataClass.HEALTH)):
        visit.show(Kind.REPLY, Body(shown))
        if len(text) > LONGEST_PACK:
            visit.show(Kind.REPLY, Body(_why_not(visit, text)))


def _why_not(visit: Visit, text: str) -> str:
    if not text:
        return visit.voice.say("In der Mappe ist noch nichts. Sie können jederzeit neu anfangen.")
    return visit.voice.say("Die Mappe ist zu lang zum Weitergeben. Bitte lassen Sie etwas weg.")


def _change(visit: Visit, change: Callable[[Choice], Choice]) -> HandoverPack:
    pack = _pack(visit)
    changed = replace(pack, choice=change(pack.choice))
    if pack.state is PackState.CHOSEN:
        forget_asks(visit.uow, pack)
    return happen(visit.uow, changed, (PackEvent.CHOOSE, PackParty.PERSON), ACTOR, visit.now)


def _pack(visit: Visit) -> HandoverPack:
    """The person's pack; one that they begin themselves where there is none."""
    packs, person = visit.uow.casework.handover_packs, visit.participant
    new = HandoverPack(0, visit.agency.id, person.id, PackState.OPEN, None, visit.now, visit.now)
    found = packs.open_of(person.id)
    if found is None:
        packs.add(new)
        found = packs.open_of(person.id)
    return found or new


def _open(visit: Visit) -> HandoverPack | None:
    return visit.uow.casework.handover_packs.open_of(visit.participant.id)


def _want(visit: Visit, receiver: Receiver) -> None:
    latest = visit.rules.book.latest(ASK_DIALOG)
    is_wanted = any(
        row.subject == subject_of(receiver) for row in visit.uow.talks.under_way(visit.participant.id)
    )
    if latest is None or is_wanted:
        return
    wanted = Underway(
        *(0, visit.participant.id, ASK_DIALOG, ConversationState.WANTED, "", latest.priority.rank),
        kind=Kind.REPLY,
        expires_at=visit.now + _ASK_FOR,
        subject=subject_of(receiver),
    )
    visit.uow.talks.want_conversation(visit.agency.id, wanted, visit.now)


def _receiver(visit: Visit, conversation: Conversation) -> Receiver | None:
    number = conversation.subject.partition(":")[2]
    found = visit.uow.casework.handover_packs.receiver(int(number)) if number.isdecimal() else None
    return found if found is not None and found.participant_id == visit.participant.id else None


def _asked(visit: Visit, conversation: Conversation) -> SharingAsk | None:
    """The question about a place, while the pack is as the person has found it right."""
    pack, receiver = _open(visit), _receiver(visit, conversation)
    if pack is None or receiver is None or (receiver.pack_id, pack.state) != (pack.id, PackState.CHOSEN):
        return None
    return ask_of(visit.uow, receiver)


def _agreed(visit: Visit, ask: SharingAsk) -> bool:
    """Whether they have said yes to this, and not to something before it."""
    return is_held(visit.uow, visit.rules, ask, visit.now)
