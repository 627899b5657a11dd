# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person says in a dialog about what is expected: a topic of their own, and their own side of one.

They also say whether the note of a joint appointment is as it was.

Their words are kept as they wrote them. Whoever looks after them hears that there is something, not what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import msgspec

from bot.domain.conversations import ConversationState, Underway
from bot.domain.expectations import (
    LONGEST_HEADLINE,
    LONGEST_WORDS,
    MOST_TOPICS,
    Said,
    Side,
    SideKind,
    Topic,
    TopicEvent,
    TopicState,
)
from bot.domain.messages import Kind
from bot.domain.sharing import SharingAsk
from bot.ports import Conversation
from bot.services import restrict
from bot.services.expectation_words import to_person
from bot.services.person_dates import zone_of
from bot.services.programme_tasks import who_is_asked
from bot.services.sharing_talks import is_held
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.texts import mark
from dialogs.effects import StoreAnswer, Value
from scheduler.local_time import local

#: What conversations are about: `expectation:<topic>`, `joint_note:<topic>` for whether the note of a joint
#: appointment is as it was, or `expectation_sheet:<sheet>` for who may read one.
SUBJECT, NOTE_SUBJECT, SHEET_SUBJECT = "expectation", "joint_note", "expectation_sheet"
DIALOG, NOTE_DIALOG, SHEET_DIALOG = "expectations", "joint_note", "ask_sharing"
#: The question of the note, and what its answers do to the topic.
_IS_IT_RIGHT = "is_it_right"
_ANSWERS: Mapping[Value, TopicEvent] = {"right": TopicEvent.CONFIRM, "differs": TopicEvent.SPEAK}
ACTOR = "participant"
#: Whoever chose a topic is asked about it in the same breath, or soon after something more urgent.
_ASK_FOR = timedelta(hours=1)
_OWN_VIEW = mark(
    "Fall {case}: Die Person hat zu einem Thema ihre eigene Sicht aufgeschrieben. "
    "Es steht in der Konsole unter „Erwartungen“."
)
_RIGHT_AFTER_ALL = mark(
    "Fall {case}: Die Person sagt zu der Notiz zu einem gemeinsamen Termin jetzt „Stimmt so“. "
    "Sie gilt wieder."
)
_DIFFERS = mark(
    "Fall {case}: Die Person sieht die Notiz zu einem gemeinsamen Termin anders. Das Thema ist wieder offen. "
    "Es steht in der Konsole unter „Erwartungen“."
)


def subject_of(topic: Topic) -> str:
    """The subject of a conversation about a topic."""
    return f"{SUBJECT}:{topic.id}"


def note_subject(topic: Topic) -> str:
    """The subject of a conversation about whether a note is as it was."""
    return f"{NOTE_SUBJECT}:{topic.id}"


def sheet_subject(number: int) -> str:
    """The subject of a conversation about a sheet."""
    return f"{SHEET_SUBJECT}:{number}"


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The topic, with what each side has said."""
    topic = _about(visit, conversation)
    if topic is None:
        return {}
    sides = visit.uow.casework.expectations.sides([topic.id]).get(topic.id, ())
    return {"expectation_topic": to_person(visit.voice, topic, sides)}


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the topic is still there when the floor is free."""
    return _about(visit, conversation) is not None


def note_facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The note, and whether there is still something to say yes to."""
    topic = _about(visit, conversation)
    known = facts(visit, conversation)
    return {**known, "joint_note_holds": True} if topic is not None and topic.can_be_confirmed else known


def note_fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the note still stands and the person has not said yet whether it is as it was."""
    topic = _about(visit, conversation)
    is_open = topic is not None and topic.is_to_confirm
    return is_open and not restrict.is_restricted(visit.uow, visit.participant.id)


def note_answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """It is as it was, or the person sees it differently: then it is open again, whether or not they write.

    They may go back and say the other.
    """
    event = _ANSWERS.get(answer.value) if answer.step == _IS_IT_RIGHT and answer.value is not None else None
    visit.uow.plans.lock(visit.participant.id)
    topic = _about(visit, conversation)
    if event is None or topic is None or not topic.can_be_confirmed or topic.agreement is None:
        return
    was_open = topic.state is TopicState.OPEN
    if event is TopicEvent.CONFIRM:
        held = msgspec.structs.replace(topic.agreement, confirmed_on=_today(visit))
        topic = replace(topic, agreement=held)
    visit.uow.casework.expectations.save(topic.after(event, visit.now))
    _note(visit, topic, "expectation_confirmed" if event is TopicEvent.CONFIRM else "expectation_reopened")
    if was_open is (event is TopicEvent.CONFIRM):
        _tell_team(visit, _RIGHT_AFTER_ALL if was_open else _DIFFERS)


def sheet_facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The place, what it would read and what for."""
    ask = _asked(visit, conversation)
    return {} if ask is None else {"partner": ask.partner, "shared_what": ask.what, "shared_why": ask.why}


def sheet_fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the person has not said yes to this very sheet."""
    ask = _asked(visit, conversation)
    return ask is not None and not is_held(visit.uow, visit.rules, ask, visit.now)


def sheet_ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """Whoever made the sheet hears of a yes, without content; of anything else nothing (promise P4)."""
    del outcome
    ask = _asked(visit, conversation)
    if ask is None or not is_held(visit.uow, visit.rules, ask, visit.now):
        return
    asker = visit.uow.people.staff(ask.asked_by)
    told = [asker] if asker is not None and asker.left_at is None else []
    case = visit.participant.case_code
    for draft in notices(
        visit.uow,
        visit.rules,
        told,
        lambda voice: voice.say(
            "Fall {case}: Ein Blatt für ein gemeinsames Gespräch darf gedruckt werden. "
            "Es steht in der Konsole unter „Erwartungen“.",
            case=case,
        ),
        visit.now,
    ):
        visit.send_to(draft)


def _begin_topic(visit: Visit, value: Value) -> None:
    """A topic in the person's own words, and right after it the question for their side."""
    headline = " ".join(str(value).split())[:LONGEST_HEADLINE]
    kept = visit.uow.casework.expectations
    visit.uow.plans.lock(visit.participant.id)
    if not headline:
        return
    if counted(kept.of_participant(visit.participant.id)) >= MOST_TOPICS:
        text = visit.voice.say("Mehr Themen passen hier gerade nicht. Sprechen Sie gern mit Ihrem Team.")
        visit.tell(Kind.REPLY, text)
        return
    new = Topic(
        *(0, visit.agency.id, visit.participant.id, TopicState.OPEN, headline, None, visit.now, visit.now)
    )
    new = replace(new, id=kept.add(new))
    _note(visit, new, "expectation_added")
    _want(visit, new)


def _pick(visit: Visit, value: Value) -> None:
    """The number is that of a topic, as the person has just read it."""
    every = visit.uow.casework.expectations.of_participant(visit.participant.id)
    topic = next((one for one in every if one.id == int(value)), None)
    if topic is None:
        text = visit.voice.say("Ein Thema mit der Nummer {number} gibt es bei Ihnen nicht.", number=value)
        visit.tell(Kind.REPLY, text)
    else:
        _want(visit, topic)


def _say(visit: Visit, value: Value) -> None:
    """The person's own side, which takes the place of what stood there as theirs."""
    words = str(value).strip()[:LONGEST_WORDS]
    visit.uow.plans.lock(visit.participant.id)
    topic = _about(visit, visit.conversation) if visit.conversation is not None else None
    if topic is None or not words:
        return
    kept = visit.uow.casework.expectations
    side = Side(
        *(0, topic.agency_id, topic.participant_id, topic.id, SideKind.PERSON),
        *(Said(words=words, day=_today(visit)), None, visit.now),
    )
    before = next((one for one in kept.sides([topic.id]).get(topic.id, ()) if one.whose == side.whose), None)
    kept.put(replace(side, id=before.id if before is not None else 0))
    kept.save(topic.after(TopicEvent.SPEAK, visit.now))
    _note(visit, topic, "expectation_noted")
    _tell_team(visit, _OWN_VIEW)


def _tell_team(visit: Visit, what: str) -> None:
    """Whoever looks after the person hears of it, without content. `what` is a source text."""
    case = visit.participant.case_code
    people = who_is_asked(visit.uow, visit.rules, visit.participant, visit.now)
    for draft in notices(visit.uow, visit.rules, people, lambda voice: voice.say(what, case=case), visit.now):
        visit.send_to(draft)


#: By the name under which the dialog remembers it; none of it is kept as a fact under that name.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {
    "expectation_new": _begin_topic,
    "expectation_pick": _pick,
    "expectation_words": _say,
}


def counted(every: Iterable[Topic]) -> int:
    """How many topics count for the most that there may be: every appointment may have a note besides."""
    return sum(one.appointment_id is None for one in every)


def _today(visit: Visit) -> date:
    return local(visit.now, zone_of(visit.participant, visit.agency)).date()


def _want(visit: Visit, topic: Topic) -> None:
    """The conversation about this topic is next."""
    latest = visit.rules.book.latest(DIALOG)
    under_way = visit.uow.talks.under_way(visit.participant.id)
    if latest is None or any(row.subject == subject_of(topic) for row in under_way):
        return
    wanted = Underway(
        *(0, visit.participant.id, DIALOG, ConversationState.WANTED, "", latest.priority.rank, Kind.REPLY),
        expires_at=visit.now + _ASK_FOR,
        subject=subject_of(topic),
    )
    visit.uow.talks.want_conversation(visit.agency.id, wanted, visit.now)


def _note(visit: Visit, topic: Topic, action: str) -> None:
    subject = f"{topic.id}:{visit.participant.case_code}"
    visit.uow.ledger.note(visit.agency.id, visit.now, ACTOR, action, subject)


def _about(visit: Visit, conversation: Conversation) -> Topic | None:
    kind, _, number = conversation.subject.partition(":")
    is_one = kind in (SUBJECT, NOTE_SUBJECT) and number.isdecimal()
    found = visit.uow.casework.expectations.get(int(number)) if is_one else None
    return found if found is not None and found.participant_id == visit.participant.id else None


def _asked(visit: Visit, conversation: Conversation) -> SharingAsk | None:
    number = conversation.subject.partition(":")[2]
    every = visit.uow.casework.expectations.sheets(visit.participant.id)
    found = next((one for one in every if str(one.id) == number), None)
    return visit.uow.sharing.get(found.ask_id) if found is not None else None
