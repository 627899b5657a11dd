# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What was not sent before its end is not sent any more, and whoever counted on it learns that.

Nobody is told that a check-in was not asked; a missed appointment may cost a person their benefits.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversations import ConversationState, Underway
from bot.domain.delivery import SendState
from bot.domain.messages import Draft
from bot.ports import Receipt, UnitOfWork
from bot.services import appointment_talks, appointment_timers, floor, repeat_questions
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from dialogs.session import load
from scheduler.timers import Timer

TIMER_KIND = "too_late"
#: So many messages are cancelled at once: after an outage there may be many, and somebody may be in need.
_AT_ONCE = 100


def cancel_late(uow: UnitOfWork, channel: str, now: datetime) -> None:
    """Cancel what waits although its end has come. What follows from it is a timer's: it may take longer."""
    for number, draft in uow.outbox.expire(channel, now, _AT_ONCE):
        follow_up(uow, number, draft, now)


def follow_up(uow: UnitOfWork, number: int, draft: Draft, now: datetime) -> None:
    """Let `too_late` look at a message that was cancelled, once for all of the same conversation."""
    if draft.subject:
        key = f"{TIMER_KIND}:{draft.participant_id}:{draft.subject}"
        uow.timers.set(draft.agency_id, TIMER_KIND, number, now, key)


def too_late(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Tell the coach, or end what the person never saw. `timer.subject` is the message."""
    found = uow.outbox.draft_of(timer.subject)
    if found is None or found[1] is not SendState.CANCELLED or found[0].participant_id is None:
        return Receipt()
    draft, person = found[0], found[0].participant_id
    kind, _, number = draft.subject.partition(":")
    woken = frozenset[str]()
    if kind == appointment_timers.SUBJECT and draft.not_after is not None:
        woken = appointment_talks.say_not_sent(uow, rules, int(number), draft.not_after, now)
    elif kind == repeat_questions.SUBJECT:
        woken = _end_unseen(uow, rules, draft, now)
    return Receipt("", woken, frozenset({person}))


def _end_unseen(uow: UnitOfWork, rules: Rulebook, draft: Draft, now: datetime) -> frozenset[str]:
    """A plan's question whose grace is over was never asked; but whoever has written meanwhile goes on."""
    contact = uow.people.contact_of(draft.participant_id or 0)
    if contact is None:
        return frozenset()
    visit = Visit(uow, rules, contact, now)
    rows = [row for row in uow.talks.under_way(visit.participant.id) if row.subject == draft.subject]
    if any(_is_untouched(row) for row in rows):
        floor.end_about(visit, draft.subject, "expired")
        subject = f"{visit.participant.case_code} {rows[0].dialog}"
        uow.ledger.note(visit.agency.id, now, "system", "dialog_not_begun", subject)
        floor.look_again(visit)
    visit.finish()
    return frozenset(visit.woken)


def _is_untouched(row: Underway) -> bool:
    if row.state is not ConversationState.OPEN:
        return False
    session = load(row.session)
    return not session.history and not session.tries
