# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the console shows of cases: the queue, and one case. What is done with them: `case_acts`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.access import Action
from bot.domain.concerns import Concern, Event, QueueRow, State
from bot.domain.delivery import SendState
from bot.domain.duty import Team
from bot.domain.messages import Direction, Line
from bot.domain.people import Participant, Staff
from bot.domain.queue_views import Wanted, Whose
from bot.domain.sign_in import How
from bot.ports import UnitOfWork
from bot.services import case_presence, case_queue, human_talks, restrict, staff_sessions
from bot.services.access import REOPEN_WITHIN, Guard
from bot.services.looks import note_look
from bot.services.rulebook import Rulebook

#: The words that raised a concern stand a moment before it.
_BEFORE = timedelta(minutes=5)
#: So many cases are on one page of the queue, and so many closed ones can be looked through.
SHOWN, MOST_CLOSED = 30, 100
#: So much of the conversation stands beside a case; all of it stands on the person's own page.
LINES = 40
#: The smallest step of a moment, and how many messages there may be in one.
_INSTANT, _AT_ONCE = timedelta(microseconds=1), 5


@dataclass(frozen=True, slots=True)
class Case:
    """One concern as it stands in the queue."""

    concern: Concern
    participant: Participant
    name: str
    holder: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A part of the queue. `total` is how many cases are wanted, `counts` how many there are of whose.

    `languages` are those of the people in it, whatever is wanted.
    """

    cases: tuple[Case, ...]
    total: int
    counts: Mapping[Whose, int]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """One case with what a coach needs to answer it.

    `is_known` says whether they may also open the person's own page, `is_whole` whether no earlier line is
    missing. `beside` are the person's other open concerns, `also_here` who else has the case open, `told`
    what became of the message that somebody has seen it (None: there is none), `talks` whether a
    conversation goes on.
    """

    case: Case
    is_known: bool
    timeline: tuple[Line, ...]
    is_whole: bool
    history: tuple[tuple[datetime, str, str, str], ...]
    beside: tuple[Concern, ...]
    also_here: tuple[int, ...]
    told: SendState | None
    talks: bool


def sign_in(
    uow: UnitOfWork, rules: Rulebook, code: str, browser: tuple[str, str], now: datetime
) -> Staff | None:
    """Bind a browser to the staff member of a one-time code; `browser` is its own account and its device.

    None if the code is unknown, used or too old, or they have left the team.
    """
    link = uow.people.find_invitation(code)
    if link is None or link.staff_id is None or not link.is_open(now):
        return None
    staff = uow.people.staff(link.staff_id)
    if staff is None or staff.left_at is not None:
        return None
    uow.people.use_invitation(link.id, now)
    staff_sessions.begin_session(uow, rules, staff, browser[0], (How.LINK, browser[1]), now)
    return staff


def queue(
    uow: UnitOfWork, guard: Guard, staff: Staff, asked: tuple[Sequence[QueueRow], Wanted, int], now: datetime
) -> Queue:
    """The wanted part of what somebody may know of, from a place on: `asked` is (found, wanted, place).

    `found` are the open concerns in the order of `case_queue.queue`, of which they may see the row. Whoever
    wants closed ones gets those of the last 14 days, the last closed first.
    """
    found, wanted, place = asked
    if wanted.state is State.CLOSED:
        found = _closed(uow, guard, staff, now)
    theirs = {one.id: case_queue.whose(one, staff, guard.team) for one in found}
    chosen = [one for one in found if wanted.whose in theirs[one.id] and case_queue.is_wanted(one, wanted)]
    part = chosen[place : place + SHOWN]
    whole, people = (
        uow.concerns.several(part),
        uow.people.participants_by({one.participant_id for one in part}),
    )
    # On PostgreSQL somebody may be erased between two statements.
    shown = [whole[one.id] for one in part if one.id in whole and one.participant_id in people]
    named = {one.participant_id for one in guard.own(shown, Action.SEE_NAME)}
    read = {one.id for one in guard.own(shown, Action.SEE_CONTENT)}
    names = uow.people_view.names(named)
    cases = (
        Case(
            one if one.id in read else replace(one, quote="", next_step=""),
            people[one.participant_id],
            names.get(one.participant_id, ""),
            _name_of(guard.team, one.taken_by),
        )
        for one in shown
    )
    return Queue(
        tuple(cases),
        len(chosen),
        Counter(whose for every in theirs.values() for whose in every),
        tuple(sorted({case_queue.tongue(one) for one in found})),
    )


def case(
    uow: UnitOfWork, guard: Guard, staff: Staff, concern_id: int, now: datetime, *, again: bool = False
) -> Opened | None:
    """One case with the conversation; None if there is none for this staff member.

    Looking at it is written to the audit log, and others who have it open see it. `again`: as `note_look`.
    """
    concern = uow.concerns.get(concern_id)
    if concern is None or not guard.concern(concern, Action.SEE_CONTENT).is_allowed:
        return None
    if not guard.looks(concern, Action.SEE_TIMELINE).is_allowed:
        return None
    person = uow.people.participants_by([concern.participant_id])[concern.participant_id]
    holder = uow.people.staff(concern.taken_by) if concern.taken_by else None
    note_look(uow, staff, ("concern_shown", str(concern.id)), now, again=again)
    also_here = case_presence.look(uow, concern, staff, now)
    is_shown = restrict.shows_content(uow, concern)
    if not is_shown:
        concern = replace(concern, quote="", next_step="")
    history = uow.concerns.history(concern_id)
    name = uow.people.name_of(concern.participant_id)
    lines = uow.stories.lines(concern.participant_id, now + _INSTANT, LINES)
    return Opened(
        Case(concern, person, name, holder.name if holder else ""),
        guard.person(person, Action.SEE_TIMELINE).is_allowed,
        tuple(_shown(uow, concern, lines)),
        len(lines) < LINES,
        tuple(history) if is_shown else (),
        tuple(guard.own(case_queue.others(uow, concern))),
        tuple(also_here),
        _told(uow, concern, history),
        human_talks.talk_about(uow, concern) is not None,
    )


def _closed(uow: UnitOfWork, guard: Guard, staff: Staff, now: datetime) -> list[Concern]:
    found = uow.concerns.closed_since(staff.agency_id, now - REOPEN_WITHIN, MOST_CLOSED)
    guard.know_closed({concern.id: at for concern, at in found})
    return guard.own(concern for concern, _ in found)


def _name_of(team: Team, number: int | None) -> str:
    member = team.members.get(number) if number else None
    return member.name if member else ""


def _told(
    uow: UnitOfWork, concern: Concern, history: Iterable[tuple[datetime, str, str, str]]
) -> SendState | None:
    """What became of the last message that somebody has seen it: it was made when they took the case over."""
    for taken in sorted({at for at, event, *_ in history if event == Event.TAKE_OVER.value}, reverse=True):
        lines = uow.stories.lines(concern.participant_id, taken + _INSTANT, _AT_ONCE)
        found = [line.state for line in lines if line.direction is Direction.OUT and line.at == taken]
        if found:
            return SendState(found[-1])
    return None


def _shown(uow: UnitOfWork, concern: Concern, lines: list[Line]) -> Iterable[Line]:
    """What was said; while data is only kept, no more than belongs to the running concern."""
    if not restrict.is_restricted(uow, concern.participant_id):
        return lines
    return [line for line in lines if concern.is_open and line.at >= concern.raised_at - _BEFORE]
