# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Carry out what the dialog engine wants, within the unit of work of a visit."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.domain.concerns import Level
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.messages import DataClass, Key, Kind
from bot.domain.people import Standing
from bot.ports import Answer, Conversation
from bot.services import plan_checkins
from bot.services.escalate import ONE_CONVERSATION, raise_concern
from bot.services.own_page import offer_own_page
from bot.services.visit import Visit
from dialogs import effects as wants
from dialogs.engine import Step, advance, begin
from dialogs.inputs import Input
from dialogs.session import Session, dump, load

TIMEOUT_KIND = "question_timeout"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def start_dialog(visit: Visit, dialog: str, kind: Kind = Kind.REPLY) -> None:
    """Begin a dialog. What was open before is put aside; its answers are kept."""
    put_aside(visit)
    step = begin(visit.rules.book, dialog, visit.facts(), visit.now)
    session = dump(step.session)
    number = visit.uow.talks.open_conversation(
        visit.agency.id, visit.participant.id, dialog, session, visit.now
    )
    visit.conversation = Conversation(number, session)
    _carry_out(visit, step, kind)


def go_on(visit: Visit, happening: Input, kind: Kind = Kind.REPLY) -> None:
    """Give the open conversation one input."""
    if visit.conversation is None:
        return
    before = load(visit.conversation.session)
    step = advance(visit.rules.book, before, happening, visit.now, visit.facts())
    if step.session is not before and not step.session.is_over:
        session = dump(step.session)
        visit.uow.talks.save_conversation(visit.conversation.id, session, visit.now)
        visit.conversation = Conversation(visit.conversation.id, session)
    _carry_out(visit, step, kind)


def put_aside(visit: Visit) -> None:
    """End the open conversation, if there is one, because something else is more important now."""
    if visit.conversation is None:
        return
    visit.uow.talks.end_conversation(
        visit.conversation.id, visit.conversation.session, "put_aside", visit.now
    )
    visit.uow.timers.cancel(_timeout_key(visit.conversation.id))
    visit.conversation = None


def press_token(conversation_id: int, turn: int, value: str) -> str:
    """What a participant's button carries: conversation, turn and value, in at most 64 ASCII bytes."""
    return f"c:{_base36(conversation_id)}:{turn}:{value}"


def read_press(token: str) -> tuple[int, int, str] | None:
    """Conversation, turn and value of a button; None for anything that is not one of ours."""
    mark, _, rest = token.partition(":")
    number, _, rest = rest.partition(":")
    turn, _, value = rest.partition(":")
    if mark != "c" or not turn.isdecimal() or not number or set(number) - set(_BASE36):
        return None
    return int(number, 36), int(turn), value


def _carry_out(visit: Visit, step: Step, kind: Kind) -> None:
    conversation = visit.conversation
    if conversation is None:
        return
    answers = [
        Answer(visit.participant.id, conversation.id, e.dialog, e.step, e.key, _encode(e.value))
        for e in step.effects
        if isinstance(e, wants.StoreAnswer)
    ]
    if answers:
        visit.uow.talks.add_answers(visit.agency.id, answers, visit.now)
    detour = _Detour(visit)
    for effect in step.effects:
        match effect:
            case wants.Send():
                _say(visit, conversation.id, effect, kind, detour)
            case wants.RaiseConcern():
                source = f"{ONE_CONVERSATION}{conversation.id}"
                raise_concern(visit, Level(effect.level.value), source, effect.reason, effect.quote)
            case wants.SetTimeout():
                _set_timeout(visit, conversation.id, effect)
            case wants.End():
                _end(visit, conversation.id, step.session, effect.outcome)
            case _:
                _remember(visit, effect)


def _say(visit: Visit, conversation_id: int, effect: wants.Send, kind: Kind, detour: _Detour) -> None:
    if not effect.crisis and not visit.carries(DataClass(effect.data_class.value)):
        detour.offer(kind)
        return
    keys = tuple(
        tuple(Key(b.label, press_token(conversation_id, effect.turn or 0, b.value)) for b in row)
        for row in effect.buttons
    )
    visit.tell(Kind.CRISIS if effect.crisis else kind, effect.text, keys)


class _Detour:
    """At most one link to Lotse's own page, however many texts of one step may not go out here."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._offered = False

    def offer(self, kind: Kind) -> None:
        if not self._offered:
            offer_own_page(self._visit, kind)
            self._offered = True


def _set_timeout(visit: Visit, conversation_id: int, effect: wants.SetTimeout) -> None:
    at: datetime = visit.now + timedelta(seconds=effect.seconds)
    visit.uow.timers.set(
        visit.agency.id, TIMEOUT_KIND, conversation_id, at, _timeout_key(conversation_id), str(effect.turn)
    )


def _end(visit: Visit, conversation_id: int, session: Session, outcome: str) -> None:
    visit.uow.talks.end_conversation(conversation_id, dump(session), outcome, visit.now)
    visit.uow.timers.cancel(_timeout_key(conversation_id))
    visit.conversation = None


def _remember(visit: Visit, effect: wants.Effect) -> None:
    match effect:
        case wants.RecordConsent():
            _record_consent(visit, effect)
        case wants.Pause():
            until = visit.now + timedelta(days=effect.days) if effect.days else None
            visit.change(paused_until=until)
            visit.uow.ledger.note(
                visit.agency.id, visit.now, "participant", "pause", visit.participant.case_code
            )
        case wants.HandToHuman():
            visit.change(
                human_until=visit.rules.next_reading(visit.agency.id, visit.now) + timedelta(hours=24)
            )
            raise_concern(visit, Level.R1, "dialog", effect.reason)
        case wants.SetFact(name="language", value=language):
            visit.change(language=str(language))
        case _:
            pass


def _record_consent(visit: Visit, effect: wants.RecordConsent) -> None:
    record = ConsentRecord(
        participant_id=visit.participant.id,
        purpose=effect.purpose,
        granted=effect.granted,
        text=effect.text,
        version=effect.version,
        language=visit.participant.language,
        channel=visit.address.channel,
        at=visit.now,
    )
    visit.uow.talks.add_consent(visit.agency.id, record)
    visit.forget_consents()
    if effect.purpose == Purpose.CONTACT and effect.granted:
        visit.change(standing=Standing.ACTIVE, paused_until=None)
        visit.uow.people.use_address(visit.address.id, visit.now)
        plan_checkins.plan_next(visit)


def _encode(value: wants.Value | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _timeout_key(conversation_id: int) -> str:
    return f"timeout:{conversation_id}"


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _BASE36[rest] + digits
        if not number:
            return digits
