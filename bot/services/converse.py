# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Carry out what the dialog engine wants, within the unit of work of a visit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from bot.domain.concerns import Concern, Level
from bot.domain.consent import Purpose
from bot.domain.conversations import ConversationState, Underway
from bot.domain.messages import Kind
from bot.domain.profiles import OWN_DIALOGS
from bot.ports import Answer, Conversation
from bot.services import erase_person, licensed_scores, measuring, own_entries, restrict
from bot.services.consents import answer_consent
from bot.services.crisis import follow_up_in_dialog
from bot.services.escalate import ONE_CONVERSATION, raise_concern
from bot.services.follow_plans import fact_changed
from bot.services.pauses import pause
from bot.services.say_step import StepVoice
from bot.services.subjects import kind_of
from bot.services.visit import Visit
from dialogs import effects as wants
from dialogs.engine import Facts, Step, advance, begin, close
from dialogs.inputs import Input
from dialogs.model import Question
from dialogs.session import Session, dump, load

TIMEOUT_KIND = "question_timeout"
#: The dialog with the numbers for those who need somebody now.
HELP = "help_now"


def timeout_key(conversation_id: int) -> str:
    """The one timer of a conversation: the open question's, or the one that wakes it."""
    return f"timeout:{conversation_id}"


@dataclass(frozen=True, slots=True)
class Course:
    """What a step meant for the floor: is it free now, and should nothing else follow in the same breath?"""

    is_free: bool
    is_quiet: bool


def begin_dialog(visit: Visit, dialog: str, kind: Kind) -> Course:
    """Begin a dialog. Nothing else may be open."""
    step = begin(visit.rules.book, dialog, visit.facts(), visit.now)
    session = dump(step.session)
    number = visit.uow.talks.open_conversation(
        visit.agency.id, visit.participant.id, dialog, session, visit.now
    )
    visit.conversation = Conversation(number, session)
    _hear(visit, step.session)
    return _carry_out(visit, step, kind)


def begin_wanted(visit: Visit, wanted: Underway, kind: Kind) -> Course:
    """Begin a dialog that has waited until now. Nothing else may be open.

    Its first words are not sent either once it would no longer have begun.
    """
    waiting = Conversation(wanted.id, "", wanted.subject)
    step = begin(visit.rules.book, wanted.dialog, _facts(visit, waiting), visit.now)
    session = dump(step.session)
    visit.uow.talks.begin_wanted(wanted.id, session, visit.now)
    visit.conversation = replace(waiting, session=session)
    kind_of(waiting).begun(visit, visit.conversation)
    return _carry_out(visit, step, kind, wanted.expires_at)


def come_back(visit: Visit, waiting: Underway, happening: Input, kind: Kind, line: str = "") -> Course:
    """Open a conversation again and give it one input; `line` goes before the question. None may be open."""
    visit.uow.talks.move_conversation(waiting.id, ConversationState.OPEN, waiting.session, visit.now)
    visit.conversation = Conversation(waiting.id, waiting.session, waiting.subject)
    session = load(waiting.session)
    if not session.is_asleep:
        _renew_timeout(visit, waiting.id, session)
    return advance_open(visit, happening, kind, line)


def advance_open(visit: Visit, happening: Input, kind: Kind, line: str = "") -> Course:
    """Give the open conversation one input. `line` goes before the question that comes of it."""
    conversation = visit.conversation
    if conversation is None:
        return Course(is_free=True, is_quiet=False)
    before = load(conversation.session)
    visit.know(before)
    _hear(visit, before)
    step = advance(visit.rules.book, before, happening, visit.now, _facts(visit, conversation))
    if step.session is not before and not step.session.is_over:
        visit.conversation = replace(conversation, session=dump(step.session))
        if not step.session.is_asleep:
            visit.uow.talks.save_conversation(conversation.id, visit.conversation.session, visit.now)
    return _carry_out(visit, _with_line(step, line) if line else step, kind)


def foreseen(visit: Visit, happening: Input) -> set[type[wants.Effect]]:
    """The kinds of what would follow from this input in the open conversation. Changes nothing."""
    conversation = visit.conversation
    if conversation is None:
        return set()
    session, facts = load(conversation.session), _facts(visit, conversation)
    visit.know(session)
    return {
        type(effect) for effect in advance(visit.rules.book, session, happening, visit.now, facts).effects
    }


def close_conversation(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """End a conversation from outside, open or waiting; its answers are kept. Another one may not be open."""
    session = load(conversation.session)
    visit.know(session)
    step = close(visit.rules.book, session, outcome, visit.now, _facts(visit, conversation))
    visit.conversation = conversation
    _carry_out(visit, step, Kind.REPLY)


def _carry_out(visit: Visit, step: Step, kind: Kind, until: datetime | None = None) -> Course:
    conversation = visit.conversation
    if conversation is None:
        return Course(is_free=True, is_quiet=False)
    _keep(visit, conversation, step)
    visit.is_own = _is_own(step.session)
    needs = kind_of(conversation).needs(visit, conversation)
    voice = StepVoice(visit, conversation, kind, until, needs)
    serious: list[Concern] = []
    for effect in step.effects:
        match effect:
            case wants.Send():
                voice.say(effect)
            case wants.RaiseConcern():
                serious += _raise(visit, conversation.id, effect)
            case wants.SetTimeout():
                _set_timeout(visit, conversation.id, effect)
            case wants.End():
                _end(visit, conversation, step.session, effect)
            case _:
                _remember(visit, conversation, effect)
    visit.is_own = False
    if serious:
        follow_up_in_dialog(visit, max(serious, key=lambda concern: (concern.level, concern.id)))
    return _course(visit, step)


def _is_own(session: Session) -> bool:
    return any(frame.dialog in OWN_DIALOGS for frame in session.frames)


def _hear(visit: Visit, session: Session) -> None:
    """Whose conversation the person's own message was for: the first that gets it."""
    if visit.heard_own is None:
        visit.heard_own = _is_own(session)


def _facts(visit: Visit, conversation: Conversation) -> Facts:
    return visit.facts(kind_of(conversation).facts(visit, conversation))


def _keep(visit: Visit, conversation: Conversation, step: Step) -> None:
    given = [effect for effect in step.effects if isinstance(effect, wants.StoreAnswer)]
    person = visit.participant.id
    answers = [Answer(person, conversation.id, e.dialog, e.step, e.key, _encode(e.value)) for e in given]
    if answers and kind_of(conversation).keeps_answers:
        visit.uow.talks.add_answers(visit.agency.id, answers, visit.now)
    for effect in given:
        kind_of(conversation).answered(visit, conversation, effect)


def _raise(visit: Visit, conversation_id: int, effect: wants.RaiseConcern) -> list[Concern]:
    """Raise a concern; one that is serious is given back, because there may be more to say about it."""
    level = Level(effect.level.value)
    source = f"{ONE_CONVERSATION}{conversation_id}"
    concern = raise_concern(visit, level, source, effect.reason, effect.quote)
    return [concern] if level >= Level.R2 else []


def _course(visit: Visit, step: Step) -> Course:
    conversation = visit.conversation
    if conversation is not None and step.session.is_asleep:
        visit.uow.talks.move_conversation(
            conversation.id, ConversationState.ASLEEP, conversation.session, visit.now
        )
        visit.conversation = None
    helped = any(frame.dialog == HELP for frame in step.session.frames)
    return Course(visit.conversation is None, helped or any(map(_wants_peace, step.effects)))


def _wants_peace(effect: wants.Effect) -> bool:
    match effect:
        case wants.Send(crisis=crisis):
            return crisis
        case wants.Pause(days=days):
            return days > 0
        case _:
            return False


def _with_line(step: Step, line: str) -> Step:
    effects = list(step.effects)
    for place, effect in enumerate(effects):
        if isinstance(effect, wants.Send) and effect.turn is not None:
            effects[place] = msgspec.structs.replace(effect, text=f"{line}\n\n{effect.text}")
            break
    return Step(step.session, tuple(effects))


def _set_timeout(visit: Visit, conversation_id: int, effect: wants.SetTimeout) -> None:
    at: datetime = visit.now + timedelta(seconds=effect.seconds)
    visit.uow.timers.set(
        visit.agency.id, TIMEOUT_KIND, conversation_id, at, timeout_key(conversation_id), str(effect.turn)
    )


def _renew_timeout(visit: Visit, conversation_id: int, session: Session) -> None:
    # While it was put by nobody could see the question, so its time begins anew.
    frame = session.frames[-1]
    dialog = visit.rules.book.get(frame.dialog, frame.version)
    step = dialog.steps.get(frame.step) if dialog else None
    if isinstance(step, Question) and step.timeout is not None:
        _set_timeout(visit, conversation_id, wants.SetTimeout(session.turn, step.timeout.seconds))


def _end(visit: Visit, conversation: Conversation, session: Session, effect: wants.End) -> None:
    visit.uow.talks.end_conversation(
        conversation.id, dump(session), effect.outcome, visit.now, effect.partial
    )
    visit.uow.timers.cancel(timeout_key(conversation.id))
    visit.conversation = None
    licensed_scores.count(visit, conversation.id, effect.outcome)
    kind_of(conversation).ended(visit, conversation, effect.outcome)


def _remember(visit: Visit, conversation: Conversation, effect: wants.Effect) -> None:
    match effect:
        case wants.RecordConsent():
            _answer_consent(visit, effect)
            if effect.granted:
                kind_of(conversation).agreed(visit, conversation, effect)
        case wants.Pause():
            pause(visit, effect.days, effect.until)
        case wants.HandToHuman():
            visit.change(
                human_until=visit.rules.next_reading(visit.agency.id, visit.now) + timedelta(hours=24)
            )
            raise_concern(visit, Level.R1, "dialog", effect.reason)
        case wants.SetFact():
            _set_fact(visit, effect)
        case wants.StoreScore():
            visit.keep_score(conversation.id, effect)
            whose = (visit.participant.id, visit.consents)
            measuring.answered(visit.uow, visit.rules, whose, (conversation.id, effect.score), visit.now)
        case wants.NotOffered():
            visit.note_not_offered(effect)
        case _:
            pass


def _set_fact(visit: Visit, effect: wants.SetFact) -> None:
    match effect:
        case wants.SetFact(name="language", value=language):
            visit.change(language=str(language))
        case wants.SetFact(name=erase_person.FACT, value=answer):
            if erase_person.decide(visit, answer):
                _end_covered(visit, only_health=False)
        case wants.SetFact(name=name) if name in own_entries.ENTRIES:
            own_entries.enter(visit, name, effect.value)
            if (name, effect.value) == (restrict.FACT, restrict.WANTED):
                _end_covered(visit, only_health=True)
        case _:
            visit.remember(effect.name, effect.value)
            fact_changed(visit, effect.name)


def _answer_consent(visit: Visit, effect: wants.RecordConsent) -> None:
    if answer_consent(visit, effect) and effect.purpose in (Purpose.CONTACT, Purpose.HEALTH_CHECKINS):
        _end_covered(visit, only_health=effect.purpose != Purpose.CONTACT)


def _end_covered(visit: Visit, *, only_health: bool) -> None:
    """What waits for the person ends with the consent to it, with what it had asked; its answers are kept."""
    current = visit.conversation
    for row in visit.uow.talks.under_way(visit.participant.id):
        is_other = current is None or row.id != current.id
        if row.state in (ConversationState.PUT_BY, ConversationState.ASLEEP) and is_other:
            session = load(row.session)
            found = (visit.rules.book.get(frame.dialog, frame.version) for frame in session.frames)
            if not only_health or any(dialog is not None and dialog.asks_about_health for dialog in found):
                close_conversation(visit, Conversation(row.id, row.session, row.subject), "withdrawn")
    visit.conversation = current


def _encode(value: wants.Value | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
