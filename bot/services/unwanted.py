# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The gate once more, just before sending: what nobody agrees to any more is dropped (promise P4).

Whoever takes a consent back cancels at once what waits. But a consent may also end by its time, or because
its text means something else by now, and then nobody is there to cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.consent import Consents, holding, may_send
from bot.domain.delivery import NO_CONSENT, SendState
from bot.domain.messages import BEGUN_BY_US, Kind, Outgoing
from bot.domain.people import Participant
from bot.domain.sharing import handed_by
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.sharing_talks import is_held
from bot.services.too_late import follow_up


def drop_unwanted(
    uow: UnitOfWork, rules: Rulebook, claimed: Sequence[Outgoing], now: datetime
) -> list[Outgoing]:
    """What of these claimed messages may go out. The others are cancelled and noted in the audit log."""
    untrue = _untrue_notices(uow, rules, claimed, now)
    if untrue:
        uow.outbox.settle([(m.id, SendState.CANCELLED, NO_CONSENT, None) for m in untrue], now)
        claimed = [message for message in claimed if message not in untrue]
    asked = {m.participant_id for m in claimed if _is_asked(m) and m.participant_id is not None}
    if not asked:
        return list(claimed)
    people, given = uow.people.participants_by(asked), uow.talks.given_by(asked)
    consents = {n: holding(given.get(n, ()), rules.book.meanings, now) for n in people}
    unwanted = [
        (message, person)
        for message in claimed
        if _is_asked(message)
        and (person := people.get(message.participant_id or 0)) is not None
        and not _is_wanted(message, person, consents[person.id], now)
    ]
    if unwanted:
        uow.outbox.settle([(m.id, SendState.CANCELLED, NO_CONSENT, None) for m, _ in unwanted], now)
    for message, person in unwanted:
        found = uow.outbox.draft_of(message.id)
        if found is not None:
            follow_up(uow, message.id, found[0], now)
        subject = f"{person.case_code} {message.id}"
        uow.ledger.note(message.agency_id, now, "system", "message_dropped", subject)
    dropped = {message.id for message, _ in unwanted}
    return [message for message in claimed if message.id not in dropped]


def _untrue_notices(
    uow: UnitOfWork, rules: Rulebook, claimed: Sequence[Outgoing], now: datetime
) -> list[Outgoing]:
    """What tells a partner that they are given something to which the person does not agree any more."""
    untrue = []
    for message in claimed:
        handed = handed_by(message.subject)
        given = uow.sharing.get(handed[0]) if handed is not None else None
        if handed is None or (given is not None and is_held(uow, rules, given, now)):
            continue
        untrue.append(message)
        # Nobody is left to name once the person has been erased.
        people = uow.people.participants_by([given.participant_id]) if given is not None else {}
        subject = " ".join([*(person.case_code for person in people.values()), str(message.id)])
        uow.ledger.note(message.agency_id, now, "system", "message_dropped", subject)
    return untrue


def _is_asked(message: Outgoing) -> bool:
    """Whether a consent to what they get can make a difference: never for crisis texts, nor for staff."""
    if message.kind is Kind.CRISIS:
        return False
    return message.kind in BEGUN_BY_US or bool(message.needs)


def _is_wanted(message: Outgoing, person: Participant, consents: Consents, now: datetime) -> bool:
    if message.kind in BEGUN_BY_US and not may_send(message.kind, person, consents, now):
        return False
    return all(consents.get(need, False) for need in message.needs)
