# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person says about their referrals in a dialog: yes, not any more, and how the first visit was.

Where they do not say yes nothing is written down. No line here names a place, so each may go to any channel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from bot.domain.appointments import Appointment
from bot.domain.consent import Purpose
from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.domain.referrals import (
    Referral,
    ReferralEntry,
    ReferralEvent,
    ReferralParty,
    ReferralState,
    SendWay,
)
from bot.ports import Conversation
from bot.services import sharing_talks
from bot.services.consents import withdraw
from bot.services.own_programme import your_coach
from bot.services.programme_tasks import who_is_asked
from bot.services.referral_facts import WAYS, OwnReferrals
from bot.services.referral_moves import PERSON, ask_of, happen
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.texts import Voice
from dialogs.effects import RecordConsent, Value

#: What conversations are about: `referral:<number>`.
SUBJECT = "referral"
DIALOG = "referral"
#: The step of the dialog after an appointment in which the person says how it was; `_THERE` says they went.
HOW_WAS_IT = "how_was_it"
#: Whoever asks to see a proposal is answered in the same breath, or soon after something more urgent.
_LOOK_FOR = timedelta(hours=1)
_THERE = frozenset({"good", "mixed", "not_good"})


def subject_of(referral: Referral) -> str:
    """The subject of a conversation about a referral."""
    return f"{SUBJECT}:{referral.id}"


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The proposal, or what was handed over; and what the question about a consent names."""
    referral = _about(visit, conversation)
    if referral is None:
        return {}
    ask = ask_of(visit.uow, referral)
    found: dict[str, Value] = {
        "referral_partner": ask.partner,
        "referral_why": ask.why,
        "referral_state": referral.state.value,
        "referral_news": ReferralState.PROPOSED.value,
        "partner": ask.partner,
        "shared_what": ask.what,
        "shared_why": ask.why,
    }
    sent = _sent(visit, referral)
    if referral.state is not ReferralState.PROPOSED and sent is not None:
        found["referral_news"] = ReferralState.SENT.value
        found["referral_way"] = visit.voice.say(WAYS[SendWay(sent.detail)])
        found["referral_handed"] = sent.words
    return found


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the person is still to be asked, or still to be told what went there."""
    referral = _about(visit, conversation)
    if referral is None or not referral.is_open:
        return False
    return referral.state is ReferralState.PROPOSED or _sent(visit, referral) is not None


def agreed(visit: Visit, conversation: Conversation, consent: RecordConsent) -> None:
    """A yes counts for the referral whose partner and content were shown, and for no other."""
    if consent.purpose != Purpose.SHARING:
        return
    referral = _shown(visit, conversation, consent.object)
    event = ReferralEvent.CONSENT
    if referral is None or not referral.can(event, ReferralParty.PERSON):
        return
    entry = ReferralEntry(visit.now, event, PERSON)
    happen(visit.uow, visit.rules, referral, ReferralParty.PERSON, entry)
    if conversation.subject.partition(":")[0] == sharing_talks.SUBJECT:
        return  # whoever asked there hears of the yes by the end of that conversation
    case = visit.participant.case_code
    _tell_coach(
        visit,
        lambda voice: voice.say(
            "Fall {case}: Die Person hat einer Vermittlung zugestimmt. "
            "Weiter geht es mit /vermittlung {case}.",
            case=case,
        ),
    )


def after_appointment(visit: Visit, kept: Appointment, value: Value | None) -> None:
    """The person has said how their appointment was, or would rather not: they are not asked again."""
    event, is_known = ReferralEvent.VISIT if value in _THERE else ReferralEvent.ANSWER, False
    for referral in visit.uow.casework.referrals.of_appointment(kept.id):
        if referral.can(event, ReferralParty.PERSON):
            entry = ReferralEntry(visit.now, event, PERSON)
            changed = happen(visit.uow, visit.rules, referral, ReferralParty.PERSON, entry)
            is_known |= changed.state is ReferralState.FIRST_VISIT
    if is_known:
        case = visit.participant.case_code
        _tell_coach(
            visit,
            lambda voice: voice.say(
                "Fall {case}: Die Person hat gesagt, wie der Termin einer Vermittlung war. "
                "Weiter geht es mit /vermittlung {case}.",
                case=case,
            ),
        )


def _take_back(visit: Visit, value: Value) -> None:
    """The number is that of a referral, as the person has just read it."""
    every = visit.uow.casework.referrals.of_participant(visit.participant.id)
    referral = next((one for one in every if one.is_open and one.id == int(value)), None)
    if referral is None:
        text = visit.voice.say(
            "Eine Vermittlung mit der Nummer {number} gibt es bei Ihnen nicht.", number=value
        )
    elif withdraw(visit, Purpose.SHARING, ask_of(visit.uow, referral).partner, version=DIALOG):
        text = visit.voice.say(
            "In Ordnung. Ab jetzt geht nichts mehr dorthin. Was schon dort ist, können Sie dort "
            "löschen lassen."
        )
    else:
        text = visit.voice.say("Dorthin darf gerade nichts gehen. Sie müssen nichts weiter tun.")
    visit.tell(Kind.REPLY, text)


def _look(visit: Visit, _: Value) -> None:
    """The person wants to see the newest proposal: its own conversation is next, with what it names."""
    proposed = _own(visit).proposed
    latest = visit.rules.book.latest(DIALOG)
    if proposed is None or latest is None:
        return
    wanted = Underway(
        *(0, visit.participant.id, DIALOG, ConversationState.WANTED, "", latest.priority.rank, Kind.REPLY),
        expires_at=visit.now + _LOOK_FOR,
        subject=subject_of(proposed),
    )
    visit.uow.talks.want_conversation(visit.agency.id, wanted, visit.now)


#: By the name under which the dialog remembers it; none of it is kept as a fact under that name.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {
    "referral_look": _look,
    "referral_take_back": _take_back,
}


def _tell_coach(visit: Visit, say: Callable[[Voice], str]) -> None:
    people = who_is_asked(visit.uow, visit.rules, visit.participant, visit.now)
    for draft in notices(visit.uow, visit.rules, people, say, visit.now):
        visit.send_to(draft)


def _shown(visit: Visit, conversation: Conversation, partner: str) -> Referral | None:
    """The referral that a consent question was about."""
    every = visit.uow.casework.referrals.of_participant(visit.participant.id)
    kind, _, number = conversation.subject.partition(":")
    if kind == SUBJECT:
        return _about(visit, conversation)
    if kind == sharing_talks.SUBJECT:
        return next((one for one in every if str(one.ask_id) == number), None)
    # By the person's own command they read what they were asked last about this partner.
    asks = [one for one in visit.uow.sharing.of_participant(visit.participant.id) if one.partner == partner]
    return next((one for one in every if asks and one.ask_id == asks[-1].id), None)


def _sent(visit: Visit, referral: Referral) -> ReferralEntry | None:
    """What was handed over last."""
    history = visit.uow.casework.referrals.history(referral.id)
    return next((entry for entry in reversed(history) if entry.event is ReferralEvent.SEND), None)


def _own(visit: Visit) -> OwnReferrals:
    called = partial(your_coach, visit.uow, visit.rules, visit.participant)
    return OwnReferrals(visit.uow, visit.participant.id, visit.voice, called)


def _about(visit: Visit, conversation: Conversation) -> Referral | None:
    number = conversation.subject.partition(":")[2]
    found = visit.uow.casework.referrals.get(int(number)) if number.isdecimal() else None
    return found if found is not None and found.participant_id == visit.participant.id else None
