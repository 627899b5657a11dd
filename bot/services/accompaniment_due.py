# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A look at who comes along: a promise that does not hold any more is a question to the team again.

It becomes a concern, so that somebody has it even where the coach is away (promise P1).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.accompaniment import Accompaniment, AccompanimentEvent, AccompanimentParty, AccompanimentState
from bot.domain.appointments import Appointment
from bot.domain.concerns import Level
from bot.domain.messages import Draft
from bot.ports import Receipt, UnitOfWork
from bot.services import accompaniment_moves as moves
from bot.services import floor
from bot.services.appointment_timers import lines_to
from bot.services.escalate import climb, new_concern
from bot.services.programme_tasks import who_is_asked
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from bot.texts import Voice, mark
from scheduler.timers import Timer

#: Why such a concern is there.
REASON = "accompaniment_open"
_STILL_OPEN = mark("Ob jemand mitkommt, steht noch nicht fest. Bitte klären Sie es: /begleitung {number}.")


def accompaniment_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of an accompaniment take effect, and set it for the next look."""
    kept = uow.appointments.get(timer.subject)
    one = moves.of(uow, kept) if kept is not None else None
    if kept is None or one is None or kept.starts_at <= now:
        return Receipt()
    drafts: list[Draft] = []
    if not kept.is_open:
        drafts = _not_needed(uow, rules, kept, one, now)
    elif one.state is AccompanimentState.OPEN_AGAIN or (one.is_promised and not moves.stands(uow, one, kept)):
        drafts = _open_again(uow, rules, kept, one, now)
    elif not one.is_settled:
        drafts = _remind(uow, rules, kept, now)
    moves.wait(uow, rules, moves.of(uow, kept) or one, kept, now)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts), frozenset({kept.participant_id}))


def _not_needed(
    uow: UnitOfWork, rules: Rulebook, kept: Appointment, one: Accompaniment, now: datetime
) -> list[Draft]:
    event, party = AccompanimentEvent.LET_GO, AccompanimentParty.TIME
    if not one.can(event, party):
        return []
    moves.happen(uow, rules, kept, one, (event, party, moves.SYSTEM), now)
    _end_talks(uow, rules, kept, now)
    return moves.tell_companion(uow, rules, moves.to_whom(uow, kept), kept, one)


def _open_again(
    uow: UnitOfWork, rules: Rulebook, kept: Appointment, one: Accompaniment, now: datetime
) -> list[Draft]:
    person, drafts = moves.to_whom(uow, kept), list[Draft]()
    if one.is_promised:
        event = AccompanimentEvent.REOPEN
        moves.happen(uow, rules, kept, one, (event, AccompanimentParty.TIME, moves.SYSTEM), now)
        drafts += moves.tell_companion(uow, rules, person, kept, one)
    _end_talks(uow, rules, kept, now)
    source = moves.subject_of(kept.id)
    if any(known.source == source for known in uow.concerns.of_participant(person.id)):
        return drafts + _remind(uow, rules, kept, now)
    new = new_concern(uow, rules, person, Level.R1, (source, REASON, ""), now)
    uow.concerns.log(new.id, now, "raised", moves.SYSTEM, REASON)
    # The person has asked for nothing just now, so there is nothing to confirm to them.
    _, calls = climb(uow, rules, replace(new, receipt_given=True), now)
    return drafts + calls


def _remind(uow: UnitOfWork, rules: Rulebook, kept: Appointment, now: datetime) -> list[Draft]:
    person = moves.to_whom(uow, kept)

    def say(voice: Voice) -> str:
        return voice.say(_STILL_OPEN, number=kept.id)

    asked = who_is_asked(uow, rules, person, now)
    return [draft for one in asked for draft in lines_to(uow, rules, one.id, (person, kept), say)]


def _end_talks(uow: UnitOfWork, rules: Rulebook, kept: Appointment, now: datetime) -> None:
    """What was being asked does not hold any more."""
    contact = uow.people.contact_of(kept.participant_id)
    if contact is not None:
        visit = Visit(uow, rules, contact, now)
        floor.end_about(visit, moves.subject_of(kept.id), "changed", "accompaniment")
        floor.look_again(visit)
        visit.finish()
