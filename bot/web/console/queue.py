# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the console shows: the queue and one case, read in one unit of work each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.concerns import State
from bot.domain.messages import Incoming, IncomingKind
from bot.domain.people import Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import console, staff_sessions
from bot.services.case_words import OUTCOMES
from bot.services.console import CHANNEL, Case, Done
from bot.services.rulebook import Rulebook
from bot.texts import Voice
from bot.web.bubbles import Bubble, Teller
from bot.web.console import wording

_QUOTE = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the queue. `rank` is the number of its level, for its colour only."""

    id: int
    who: str
    code: str
    level: str
    rank: int
    reason: str
    quote: str
    since: str
    holder: str
    due: str
    uncovered: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a case's history."""

    at: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One case, opened."""

    row: Row
    state: State
    state_word: str
    next_step: str
    outcome: str
    is_mine: bool
    bubbles: tuple[Bubble, ...]
    history: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What a signed-in staff member sees. `case` is the opened one."""

    staff: Staff
    cases: tuple[Case, ...]
    case: Case | None = None
    names: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """Something that a staff member does with a concern; see `bot.services.console.act`."""

    concern_id: int
    action: str
    argument: str
    delivery: str


def staff_browser(uow: UnitOfWork, account: str, now: datetime) -> Staff | None:
    """The staff member whose browser this is; None if nobody's, or if their session there is over."""
    found = staff_sessions.whose(uow, account, now)
    return found[0] if found else None


def look(
    uow: UnitOfWork, rules: Rulebook, browser: tuple[str, bool], concern_id: int | None, now: datetime
) -> Room | None:
    """The queue, and one case if asked for. None if the browser is nobody's.

    `browser` is its account, and whether somebody asked for this: a page that looks by itself uses nothing.
    """
    account, is_use = browser
    found = staff_sessions.whose(uow, account, now)
    if found is None:
        return None
    staff, session = found
    uow.serve(staff.agency_id)
    if is_use:
        staff_sessions.use(uow, session, now)
    case = console.case(uow, rules, staff, concern_id, now) if concern_id else None
    names = tuple((one.id, one.name) for one in uow.people.all_staff(staff.agency_id)) if case else ()
    return Room(staff, tuple(console.queue(uow, rules, staff, now)), case, names)


def leave(uow: UnitOfWork, account: str, now: datetime) -> None:
    """Sign this browser out."""
    found = staff_sessions.whose(uow, account, now)
    if found is not None:
        staff, session = found
        staff_sessions.end_session(uow, staff.id, session.id, f"staff:{staff.id}", now)


def carry_out(uow: UnitOfWork, rules: Rulebook, account: str, order: Order, now: datetime) -> Done | None:
    """Do it once, however often the form arrives. None if browser or case are not known here.

    A form that arrived before leads to a `Done` that says nothing and wakes nobody.
    """
    found = staff_sessions.whose(uow, account, now)
    wanted = order.concern_id, order.action
    if found is None:
        return None
    staff, session = found
    uow.serve(staff.agency_id)
    staff_sessions.use(uow, session, now)
    if not console.may_act(uow, rules, staff, wanted, now):
        return None
    form = Incoming(CHANNEL, order.delivery, account, IncomingKind.TEXT)
    if uow.talks.record_incoming(form, staff.agency_id, None, now) is None:
        return Done((), Receipt())
    return console.act(uow, rules, account, (order.concern_id, order.action, order.argument), now)


@dataclass(frozen=True, slots=True)
class Reader:
    """Puts cases into words for one staff member. `zone` is the agency's."""

    voice: Voice
    zone: str
    staff: Staff

    def rows(self, cases: Iterable[Case]) -> list[Row]:
        """The queue, in its order."""
        return [self.row(case) for case in cases]

    def row(self, case: Case) -> Row:
        """One case in a few words."""
        concern, voice = case.concern, self.voice
        is_held = concern.state in (State.TAKEN, State.IN_HAND) and concern.taken_by is not None
        holder = voice.say("Sie") if concern.taken_by == self.staff.id else case.holder
        return Row(
            id=concern.id,
            who=case.name or voice.say("Fall {case}", case=concern.case_code),
            code=concern.case_code,
            level=voice.say(wording.LEVELS[concern.level]),
            rank=int(concern.level.value[1]),
            reason=wording.reason(concern, voice),
            quote=concern.quote if len(concern.quote) <= _QUOTE else f"{concern.quote[:_QUOTE]} …",
            since=self.moment(concern.raised_at),
            holder=holder if is_held else "",
            due=self.moment(concern.next_action_at) if concern.next_action_at and is_held else "",
            uncovered=concern.uncovered,
        )

    def sheet(self, case: Case, names: dict[int, str]) -> Sheet:
        """One case with its conversation and history."""
        concern, voice = case.concern, self.voice
        row = self.row(case)
        teller = Teller(voice, self.zone, case.name or voice.say("Person"), "", for_staff=True)
        return Sheet(
            row=row,
            state=concern.state,
            state_word=voice.say(wording.STATES[concern.state]),
            next_step=concern.next_step if concern.state is State.IN_HAND else "",
            outcome=voice.say(OUTCOMES[concern.outcome]) if concern.outcome else "",
            is_mine=bool(row.holder) and concern.taken_by == self.staff.id,
            bubbles=tuple(teller.tell(case.timeline)),
            history=tuple(self._moment(one, names) for one in case.history),
        )

    def moment(self, at: datetime) -> str:
        """A day and a time, short enough for a list."""
        return f"{self.voice.day(at, self.zone)}, {self.voice.clock(at, self.zone)}"

    def _moment(self, line: tuple[datetime, str, str, str], names: dict[int, str]) -> Moment:
        at, name, actor, text = line
        note = wording.note(name, text, self.voice)
        what = wording.event(name, self.voice)
        _, _, number = actor.partition("staff:")
        who = names.get(int(number), "") if number.isdecimal() else ""
        return Moment(self.moment(at), f"{what}: {note}" if note else what, who)
