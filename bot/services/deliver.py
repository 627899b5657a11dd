# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What follows from a sending (promise P3): written down, tried again, sent elsewhere, or a human learns."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.concerns import Level, State
from bot.domain.delivery import AddressChanged, Permanent, RetryAfter, SendResult, SendState, Sent
from bot.domain.messages import Draft, Kind, Outgoing
from bot.ports import Receipt, UnitOfWork
from bot.services import crisis, escalate
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit

#: After so many failures that are not the messenger's "later", a message counts as undeliverable.
MAX_ATTEMPTS = 20
_LONGEST_PAUSE = timedelta(minutes=5)


def is_plain(message: Outgoing, result: SendResult) -> bool:
    """Whether nothing follows from the result but to write it down, so that many can share one statement."""
    return isinstance(result, Sent) and message.kind is not Kind.STAFF_ALERT


def record(uow: UnitOfWork, rules: Rulebook, message: Outgoing, result: SendResult, now: datetime) -> Receipt:
    """Write down the result of one sending, with everything that follows from it."""
    match result:
        case Sent():
            uow.outbox.settle([(message.id, SendState.SENT, result.message, None)], now)
            # That a coach was told is only said when it has arrived where somebody looks (promise P7).
            is_told = message.kind is Kind.STAFF_ALERT and result.reached
            return _sent(uow, rules, message, now) if is_told else Receipt()
        case AddressChanged(address):
            uow.people.move_address(message.address_id, address)
            uow.outbox.settle([(message.id, SendState.QUEUED, "moved", now)], now)
            return Receipt("", frozenset({message.channel}))
        case RetryAfter() if result.reason == "limited" or message.attempts + 1 < MAX_ATTEMPTS:
            again = now + _pause(message, result)
            uow.outbox.settle([(message.id, SendState.QUEUED, result.reason, again)], now)
            return Receipt()
        case RetryAfter():
            return _failed(uow, rules, message, Permanent("gave_up"), now)
        case Permanent():
            return _failed(uow, rules, message, result, now)


def _pause(message: Outgoing, result: RetryAfter) -> timedelta:
    if result.reason == "limited":
        return timedelta(seconds=result.seconds)
    doubled = timedelta(seconds=result.seconds * 2 ** min(message.attempts, 10))
    return min(doubled, _LONGEST_PAUSE)


def _sent(uow: UnitOfWork, rules: Rulebook, message: Outgoing, now: datetime) -> Receipt:
    draft = _draft(uow, message)
    concern = uow.concerns.get(draft.concern_id) if draft and draft.concern_id else None
    if concern is None or concern.level is not Level.R3 or concern.state is not State.OPEN:
        return Receipt()
    visit = crisis.say_alert_arrived(uow, rules, concern, now)
    return _finish(visit) if visit else Receipt()


def _failed(uow: UnitOfWork, rules: Rulebook, message: Outgoing, result: Permanent, now: datetime) -> Receipt:
    uow.outbox.settle([(message.id, SendState.FAILED, result.reason, None)], now)
    if result.address_dead:
        uow.people.close_address(message.address_id)
    draft = _draft(uow, message)
    if draft is None or message.edit:
        return Receipt()
    if draft.participant_id is None:
        return _staff_not_reached(uow, rules, draft, now)
    return _person_not_reached(uow, rules, draft, now)


def _staff_not_reached(uow: UnitOfWork, rules: Rulebook, draft: Draft, now: datetime) -> Receipt:
    concern = uow.concerns.get(draft.concern_id) if draft.concern_id else None
    if concern is None or concern.state is not State.OPEN or draft.kind is not Kind.STAFF_ALERT:
        return Receipt()
    # Nobody waits for the next rung's hour when the call itself has failed.
    uow.concerns.log(concern.id, now, "call_failed", "system")
    concern, drafts = escalate.climb(uow, rules, concern, now)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(d.channel for d in drafts), frozenset({concern.participant_id}))


def _person_not_reached(uow: UnitOfWork, rules: Rulebook, draft: Draft, now: datetime) -> Receipt:
    participant_id = draft.participant_id or 0
    contact = uow.people.contact_of(participant_id)
    woken: set[str] = set()
    if contact is not None and contact.address.id != draft.address_id:
        elsewhere = replace(draft, address_id=contact.address.id, channel=contact.address.channel, edit="")
        uow.outbox.post([elsewhere], now)
        woken.add(contact.address.channel)
    visit = _any_visit(uow, rules, draft, now)
    if visit is not None:
        escalate.raise_concern(visit, Level.R1, "delivery", "not_delivered")
        visit.finish()
        woken |= visit.woken
    return Receipt("", frozenset(woken), frozenset({participant_id}))


def _any_visit(uow: UnitOfWork, rules: Rulebook, draft: Draft, now: datetime) -> Visit | None:
    address = uow.people.address(draft.address_id)
    contact = uow.people.find_contact(address.channel, address.value) if address else None
    return Visit(uow, rules, contact, now) if contact else None


def _draft(uow: UnitOfWork, message: Outgoing) -> Draft | None:
    found = uow.outbox.draft_of(message.id)
    return found[0] if found else None


def _finish(visit: Visit) -> Receipt:
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({visit.participant.id}))
