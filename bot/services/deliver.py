# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What follows from a sending (promise P3): written down, tried again, sent elsewhere, or a human learns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.concerns import Concern, Level, State
from bot.domain.delivery import (
    CALL,
    NO_FAILURE,
    AddressChanged,
    Permanent,
    RetryAfter,
    SendResult,
    SendState,
    Sent,
)
from bot.domain.mail import CHANNEL as MAIL
from bot.domain.messages import BEGUN_BY_US, Draft, Kind, Outgoing
from bot.domain.people import AddressState
from bot.ports import Receipt, UnitOfWork
from bot.services import crisis, not_reached
from bot.services.escalate import taken_line
from bot.services.rulebook import Rulebook
from scheduler.local_time import zone

#: After so many failures that are not the messenger's "later", a message counts as undeliverable.
MAX_ATTEMPTS = 20
_LONGEST_PAUSE = timedelta(minutes=5)


def is_plain(message: Outgoing, result: SendResult) -> bool:
    """Whether nothing follows from the result but to write it down, so that many can share one statement."""
    return isinstance(result, Sent) and message.kind is not Kind.STAFF_ALERT


def quiet_until(rules: Rulebook, message: Outgoing, now: datetime) -> datetime | None:
    """When the person may be disturbed again by what we begin; None if that is now (promise P4).

    Asked once more just before sending: between posting and sending there may have been an outage.
    """
    quiet = rules.quiet_of(message.agency_id)
    if quiet is None or not message.zone or message.kind not in BEGUN_BY_US:
        return None
    allowed = quiet.next_allowed(now, zone(message.zone))
    return allowed if allowed > now else None


def record_all(
    uow: UnitOfWork, rules: Rulebook, results: Sequence[tuple[Outgoing, SendResult]], now: datetime
) -> list[Receipt]:
    """Write down the results of many sendings, one agency after the other: only its rows are there then."""
    receipts = []
    for agency_id in sorted({message.agency_id for message, _ in results}):
        uow.serve(agency_id)
        theirs = [(m, r) for m, r in results if m.agency_id == agency_id]
        plain = [
            (m.id, SendState.SENT, r.message, None)
            for m, r in theirs
            if is_plain(m, r) and isinstance(r, Sent)
        ]
        if plain:
            uow.outbox.settle(plain, now)
        receipts += [record(uow, rules, m, r, now) for m, r in theirs if not is_plain(m, r)]
    return receipts


def record(uow: UnitOfWork, rules: Rulebook, message: Outgoing, result: SendResult, now: datetime) -> Receipt:
    """Write down the result of one sending, with everything that follows from it."""
    match result:
        case Sent():
            uow.outbox.settle([(message.id, SendState.SENT, result.message, None)], now)
            # That a coach was told is only said when it has arrived where somebody looks (promise P7).
            is_told = message.kind is Kind.STAFF_ALERT and result.reached
            return _sent(uow, rules, message, result.message, now) if is_told else Receipt()
        case Permanent():
            return _failed(uow, rules, message, result, now)
        case RetryAfter() if result.reason in NO_FAILURE:
            again = now + timedelta(seconds=result.seconds)
            uow.outbox.settle([(message.id, SendState.QUEUED, result.reason, again)], now)
            return Receipt()
        case _ if message.attempts + 1 >= MAX_ATTEMPTS:
            return _failed(uow, rules, message, Permanent("gave_up"), now)
        case AddressChanged(address):
            uow.people.move_address(message.address_id, address)
            uow.outbox.settle([(message.id, SendState.QUEUED, "moved", now)], now)
            return Receipt("", frozenset({message.channel}))
        case RetryAfter():
            again = now + _pause(message, result)
            uow.outbox.settle([(message.id, SendState.QUEUED, result.reason, again)], now)
            return Receipt()


def _pause(message: Outgoing, result: RetryAfter) -> timedelta:
    doubled = timedelta(seconds=result.seconds * 2 ** min(message.attempts, 10))
    return min(doubled, _LONGEST_PAUSE)


def _sent(uow: UnitOfWork, rules: Rulebook, message: Outgoing, sent_as: str, now: datetime) -> Receipt:
    found = uow.outbox.draft_of(message.id)
    concern_id = found[0].concern_id if found else None
    concern = uow.concerns.get(concern_id) if concern_id else None
    if found is None or concern is None:
        return Receipt()
    if concern.state is not State.OPEN:
        return _say_taken(uow, rules, concern, (found[0], sent_as), now)
    if concern.level is not Level.R3:
        return Receipt()
    visit = crisis.say_alert_arrived(uow, rules, concern, found[0].staff_id, now)
    if visit is None:
        return Receipt()
    visit.finish()
    return Receipt("", frozenset(visit.woken), frozenset({visit.participant.id}))


def _say_taken(
    uow: UnitOfWork, rules: Rulebook, concern: Concern, sent: tuple[Draft, str], now: datetime
) -> Receipt:
    """A call that was on its way while somebody took over: it says so now, like those that had arrived."""
    call, message = sent
    address = uow.people.address(call.address_id)
    holder = uow.people.staff(concern.taken_by) if concern.taken_by else None
    if call.subject != CALL or not message or address is None or holder is None:
        return Receipt()
    uow.outbox.post([taken_line(uow, rules, concern, address, holder, message)], now)
    return Receipt("", frozenset({call.channel}))


def _failed(uow: UnitOfWork, rules: Rulebook, message: Outgoing, result: Permanent, now: datetime) -> Receipt:
    """Give it up, and with it everything that waits for an address at which nothing arrives any more."""
    found = uow.outbox.draft_of(message.id)
    lost = [(message.id, found[0])] if found else []
    uow.outbox.settle([(message.id, SendState.FAILED, result.reason, None)], now)
    address = uow.people.address(message.address_id)
    # What goes to a closed mail address asks whether it is right: that this fails is news, too.
    is_waited_for = address is not None and (address.state is AddressState.OPEN or address.channel == MAIL)
    is_news = result.address_dead and is_waited_for
    if result.address_dead:
        uow.people.close_address(message.address_id)
        lost += uow.outbox.fail_for(message.address_id, result.reason, now)
    # An edit changes what arrived long ago: nobody misses it.
    lost = [(number, draft) for number, draft in lost if not draft.edit]
    if address is None:
        return Receipt()
    if address.staff_id is not None:
        return not_reached.staff(uow, rules, address, lost, now, tell_leads=is_news)
    return not_reached.person(uow, rules, address, lost, now) if lost else Receipt()
