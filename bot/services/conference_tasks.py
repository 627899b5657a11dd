# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Decisions of conferences as tasks: somebody has each until a day, and is reminded while it is not done.

Overdue tasks come back to whoever has them when the agency opens, once a week, and once to the leads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.conferences import (
    LONGEST_WORDS,
    MOST_DECISIONS,
    ConferenceEvent,
    ConferenceParty,
    Decision,
)
from bot.domain.people import TEAM, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import duty
from bot.services.appointment_dates import FURTHEST, EntryFault
from bot.services.conference_moves import ASK_AFTER, TASK_KIND, TIMER_KIND, happen, task_key, timer_key
from bot.services.conference_view import find
from bot.services.conferences import check_words, end_of, hosted, today
from bot.services.desk import Desk
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice, mark
from scheduler.timers import Timer

AGAIN = timedelta(days=7)
#: So long after its day the leads hear of a task as well.
THEN_THE_LEADS = timedelta(days=14)


def decide(desk: Desk, number: int, task: tuple[str, int, date], *, is_checked: bool) -> Decision:
    """Write down what was decided: the words, who does it, and until which day. Raises `EntryFault`."""
    seen = hosted(desk, number, ConferenceEvent.DECIDE)
    words, owner_id, day = task
    words = words.strip()
    if not 0 < len(words) <= LONGEST_WORDS:
        raise EntryFault(mark("Ein Beschluss hat 1 bis {most} Zeichen."), most=LONGEST_WORDS)
    if len(desk.uow.casework.conferences.decisions(number)) >= MOST_DECISIONS:
        raise EntryFault(mark("Es sind schon {most} Beschlüsse eingetragen."), most=MOST_DECISIONS)
    owner = desk.uow.people.staff(owner_id)
    if owner is None or owner.agency_id != desk.agency.id or owner.left_at or owner.role not in TEAM:
        raise EntryFault(mark("Bitte wählen Sie jemanden aus dem Team aus."))
    if not today(desk) <= day <= today(desk) + FURTHEST:
        raise EntryFault(mark("Bitte nennen Sie einen Tag ab heute."))
    check_words(desk, seen.person, words, is_checked=is_checked)
    due_at = end_of(day, desk).astimezone(UTC)
    person_id = seen.person.id if seen.person is not None else None
    new = Decision(0, desk.agency.id, number, person_id, owner_id, words, due_at, desk.now)
    new = replace(new, id=desk.uow.casework.conferences.decide(new))
    happen(desk, seen.conference, ConferenceEvent.DECIDE)
    wait(desk.uow, desk.rules, new, due_at)
    if owner_id != desk.staff.id:
        desk.drafts += notices(desk.uow, desk.rules, [owner], _assigned(new), desk.now)
    return new


def tick(desk: Desk, decision_id: int) -> Decision:
    """It is carried out, as whoever has it says, or whoever leads the conference. Raises `EntryFault`."""
    task = desk.uow.casework.conferences.decision(decision_id) if 0 < decision_id < 2**63 else None
    seen = find(desk.uow, desk.guard, desk.staff, task.conference_id) if task is not None else None
    is_own = task is not None and task.owner_id == desk.staff.id
    if task is None or task.agency_id != desk.agency.id or not (is_own or (seen and seen.is_host)):
        raise EntryFault(mark("Diese Aufgabe hat jemand anderes, oder es gibt sie nicht."))
    if task.done_at is not None:
        return task
    done = replace(task, done_at=desk.now)
    desk.uow.casework.conferences.save_decision(done)
    desk.uow.timers.cancel(task_key(done.id))
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "conference_tick", str(done.id))
    return done


def task_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """A task is overdue: whoever has it hears of it, and once the leads."""
    task = uow.casework.conferences.decision(timer.subject)
    kept = uow.casework.conferences.get(task.conference_id) if task is not None else None
    can = kept is not None and kept.can(ConferenceEvent.REMIND, ConferenceParty.TIME)
    if task is None or task.done_at is not None or not task.words or not can:
        return Receipt()
    owner = uow.people.staff(task.owner_id)
    is_there = owner is not None and owner.left_at is None
    told = [owner] if owner is not None and is_there else []
    drafts = notices(uow, rules, told, _overdue(task), now)
    is_late = now >= task.due_at + THEN_THE_LEADS
    if task.lead_told_at is None and (is_late or not is_there):
        leads = duty.hearers(uow, task.agency_id, now, rules.hours[task.agency_id])
        drafts += notices(uow, rules, _others(leads, told), _for_leads(task, owner), now)
        # Nothing counts as told that nobody could hear: they are tried again in a week.
        uow.casework.conferences.save_decision(replace(task, lead_told_at=now if leads else None))
    wait(uow, rules, task, now + AGAIN)
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts))


def conference_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """A conference is over and not closed: whoever called it is asked, the leads if they have left."""
    kept = uow.casework.conferences.get(timer.subject)
    if kept is None or not kept.is_open:
        return Receipt()
    host = uow.people.staff(kept.made_by)
    hours = rules.hours[kept.agency_id]
    people = [host] if host and host.left_at is None else duty.hearers(uow, kept.agency_id, now, hours)

    def say(voice: Voice) -> str:
        return voice.say(
            "Fachkonferenz {number}: Bitte tragen Sie Beschlüsse ein und schließen Sie ab oder sagen Sie ab. "
            "Bis dahin können die Eingeladenen das Fallblatt sehen.",
            number=kept.id,
        )

    drafts = notices(uow, rules, people, say, now)
    uow.timers.set(
        kept.agency_id, TIMER_KIND, kept.id, hours.next_open(now + ASK_AFTER * 7), timer_key(kept.id)
    )
    uow.outbox.post(drafts, now)
    return Receipt("", frozenset(draft.channel for draft in drafts))


def wait(uow: UnitOfWork, rules: Rulebook, task: Decision, at: datetime) -> None:
    """Whoever has it is reminded then, or when the agency opens."""
    opens = rules.hours[task.agency_id].next_open(at)
    uow.timers.set(task.agency_id, TASK_KIND, task.id, opens, task_key(task.id))


def _others(leads: Iterable[Staff], told: list[Staff]) -> list[Staff]:
    return [one for one in leads if one.id not in {each.id for each in told}]


def _assigned(task: Decision) -> Callable[[Voice], str]:
    return lambda voice: voice.say(
        "Fachkonferenz {number}: Sie haben eine Aufgabe bekommen. Mehr zeigt /konferenz.",
        number=task.conference_id,
    )


def _overdue(task: Decision) -> Callable[[Voice], str]:
    return lambda voice: voice.say(
        "Fachkonferenz {number}: Der Tag für eine Ihrer Aufgaben ist vorbei. Mehr zeigt /konferenz.",
        number=task.conference_id,
    )


def _for_leads(task: Decision, owner: Staff | None) -> Callable[[Voice], str]:
    return lambda voice: voice.say(
        "Fachkonferenz {number}: Eine Aufgabe ist noch offen, ihr Tag ist vorbei. Sie liegt bei {name}.",
        number=task.conference_id,
        name=owner.name if owner is not None else "?",
    )


def last_day(task: Decision) -> datetime:
    """A moment on the last day of a task."""
    return task.due_at - timedelta(hours=1)
