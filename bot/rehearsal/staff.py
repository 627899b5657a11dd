# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Simulated staff: they work in the agency's hours, have leave and fall ill, and do one thing at a time.

What they do they do at their desk in the console. A day has only so much time for it: what does not fit waits
for the next one, and ladders climb meanwhile as they do everywhere. Danger is never put off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from bot.domain.concerns import Concern, Level, Outcome, State
from bot.domain.duty import Absence, Span
from bot.domain.messages import Kind, Outgoing
from bot.house import DEFAULT_AGENCY
from bot.ports import Receipt, UnitOfWork
from bot.rehearsal.chance import stream, waiting
from bot.rehearsal.installation import Installation
from bot.services import absences, case_acts
from bot.services.invite import Hired
from scheduler.local_time import at_wall, local

#: How many minutes it takes to take a concern over, and to bring it to an end.
MINUTES = {Level.R3: (30, 45), Level.R2: (15, 30), Level.R1: (5, 15)}
#: The share of a working day that is there for people; the rest are papers, ways and meetings.
SHARE = 0.6
#: Leave in a year, in blocks of so many calendar days: 30 working days.
_LEAVE = (14, 14, 7, 7)
_ILL_A_MONTH = 0.3
_STEP = {Level.R3: "write", Level.R2: "write", Level.R1: "call"}
_WORDS = "Danke für Ihre Nachricht. Ich rufe Sie gleich an."
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A concern that a human took over."""

    concern_id: int
    by: str
    at: datetime


@dataclass(slots=True)
class Diary:
    """What one of them did: `minutes` by day, and the concerns that they took over."""

    minutes: dict[date, float]
    taken: list[Taken]


class Worker:
    """Somebody of the team at their desk."""

    def __init__(self, there: Installation, name: str, hired: Hired, seed: str) -> None:
        self.there, self.name, self.hired = there, name, hired
        self.chance = stream(seed, "staff", name)
        self.diary = Diary({}, [])
        self.away: list[Span] = []
        self._free = there.now
        self._look: datetime | None = None
        self._called: set[int] = set()
        self._plans: dict[int, datetime] = {}
        there.listen(there.seat(hired), self)

    def hears(self, message: Outgoing, number: str) -> None:
        """An alert names a concern; it is looked at when they are at their desk, soon if it is danger."""
        del number
        if message.kind is not Kind.STAFF_ALERT:
            return
        tokens = [key.token.split(":") for row in message.body.keys for key in row]
        self._called |= {int(token[1]) for token in tokens if token[0] == "s" and token[1].isdecimal()}
        is_grave = Level.R3.value in message.body.text
        delay = self.chance.uniform(1, 10) if is_grave else min(self.chance.lognormvariate(3.4, 0.8), 240)
        self._look_at(self.there.now + delay * _MINUTE)

    def is_away(self, at: datetime) -> bool:
        """On leave or ill."""
        return any(span.contains(at) for span in self.away)

    def is_at_work(self, at: datetime) -> bool:
        """In the agency's hours, neither on leave nor ill."""
        return self.there.rules.hours[DEFAULT_AGENCY].is_open(at) and not self.is_away(at)

    def next_at_work(self, at: datetime) -> datetime:
        """The first moment at `at` or later at which they are."""
        while True:
            at = self.there.rules.hours[DEFAULT_AGENCY].next_open(at)
            over = [span.until for span in self.away if span.contains(at)]
            if not over:
                return at
            at = max(over)

    def today(self) -> date:
        """The date on the agency's calendar."""
        return local(self.there.now, self.there.rules.hours[DEFAULT_AGENCY].zone).date()

    def spend(self, day: date, minutes: float) -> None:
        """So much of the day is taken."""
        self.diary.minutes[day] = self.diary.minutes.get(day, 0.0) + minutes

    def left(self, day: date) -> float:
        """How many minutes of a day are still there for people; less than none where danger took more."""
        hours = self.there.rules.hours[DEFAULT_AGENCY]
        begins = at_wall(day, time.min, hours.zone)
        whole = hours.working_minutes(begins, begins + _DAY)
        return whole * SHARE - self.diary.minutes.get(day, 0.0)

    def plan_absences(self, months: int, others: Sequence[Worker]) -> None:
        """Leave for the whole time, seldom together with the others; and the first illness."""
        hours = self.there.rules.hours[DEFAULT_AGENCY]
        begins = local(self.there.now, hours.zone).date()
        for year in range(-(-months // 12)):
            for days in _LEAVE:
                first = begins
                for _ in range(5):
                    first = begins + timedelta(days=365 * year + 7 * self.chance.randrange(1, 51))
                    span = _span(first, days, self.there)
                    if not any(one.within(span) for other in (self, *others) for one in other.away):
                        break
                self.away.append(_span(first, days, self.there))
        for span in self.away:
            # Entered four weeks ahead, so that whoever has to stand in can know.
            entered = max(self.there.now, span.since - 28 * _DAY)
            self.there.at(entered, partial(self._enter, span))
        self.there.at(self.there.now + waiting(self.chance, _ILL_A_MONTH), self._fall_ill)

    def _fall_ill(self) -> None:
        days = min(30, 1 + int(self.chance.expovariate(1 / 3.5)))
        span = _span(self.today() + _DAY, days, self.there)
        self.away.append(span)
        # A colleague enters it in the morning: until then calls go to an empty desk.
        morning = self.there.rules.hours[DEFAULT_AGENCY].next_open(span.since)
        if morning < span.until:
            self.there.at(morning + 30 * _MINUTE, partial(self._enter, span))
        self.there.at(span.until + waiting(self.chance, _ILL_A_MONTH), self._fall_ill)

    def _enter(self, span: Span) -> None:
        if span.until <= self.there.now:
            return
        since = max(span.since, self.there.now)
        absence = Absence(0, DEFAULT_AGENCY, self.hired.id, since, span.until)
        self.there.run(lambda uow: absences.set_absence(uow, absence, self.there.now))

    def _look_at(self, moment: datetime) -> None:
        wanted = max(moment, self._free)
        moment = self.next_at_work(wanted)
        if moment > wanted:
            # Nobody reads the first message in the minute in which the door opens.
            moment += self.chance.uniform(2, 20) * _MINUTE
        if self._look is None or moment < self._look:
            self._look = moment
            self.there.at(moment, self._work)

    def _work(self) -> None:
        now = self.there.now
        if self._look is None or self._look > now:
            return
        self._look = None
        if now < self._free or not self.is_at_work(now):
            self._look_at(now)
            return
        found = self._waiting()
        if found and found[0].level is not Level.R3 and self.left(self.today()) <= 0:
            zone = self.there.rules.hours[DEFAULT_AGENCY].zone
            self._look_at(at_wall(self.today() + _DAY, time.min, zone))
        elif found:
            minutes = self._handle(found[0])
            self.spend(self.today(), minutes)
            self._free = now + minutes * _MINUTE
            self._look_at(self._free)
        elif self._plans:
            self._look_at(min(self._plans.values()))

    def _waiting(self) -> list[Concern]:
        """What they were called for and nobody has, then what they meant to go on with by now."""

        def read(uow: UnitOfWork) -> list[Concern]:
            found = [uow.concerns.get(number) for number in sorted(self._called | self._plans.keys())]
            return [concern for concern in found if concern is not None]

        concerns = self.there.look(read)
        mine = {one.id for one in concerns if one.is_open and one.taken_by == self.hired.id}
        self._plans = {number: at for number, at in self._plans.items() if number in mine}
        self._called = {one.id for one in concerns if one.state is State.OPEN}
        open_ones = [one for one in concerns if one.id in self._called]
        due = [one for one in concerns if self._plans.get(one.id, self.there.now + _DAY) <= self.there.now]
        return sorted(open_ones, key=_first) + sorted(due, key=_first)

    def _handle(self, concern: Concern) -> float:
        first, last = MINUTES[concern.level]
        if concern.state is State.OPEN:
            self._take_over(concern)
            return first * self.chance.uniform(0.6, 1.6)
        self._bring_to_an_end(concern)
        return last * self.chance.uniform(0.6, 1.6)

    def _take_over(self, concern: Concern) -> None:
        self._called.discard(concern.id)
        if not self._act(concern, "take", {"step": _STEP[concern.level]}):
            return
        self.diary.taken.append(Taken(concern.id, self.name, self.there.now))
        if concern.level is not Level.R1:
            self._act(concern, "reply", {"text": _WORDS})
        rest = timedelta(hours=self.chance.uniform(0.5, 3.5 if concern.level is Level.R1 else 2.5))
        hours = self.there.rules.hours[DEFAULT_AGENCY]
        self._plans[concern.id] = hours.after_working(self.there.now, rest)

    def _bring_to_an_end(self, concern: Concern) -> None:
        self._plans.pop(concern.id, None)
        usual = [one for one in (Outcome.REACHED, Outcome.NOT_REACHED) if one in concern.outcomes]
        wanted = self.chance.choices(usual, (9, 1))[0] if len(usual) == 2 else concern.outcomes[-1]
        self._act(concern, "close", {"outcome": wanted.value})

    def _act(self, concern: Concern, action: str, fields: dict[str, str]) -> bool:
        """Press something on the page of a case. False if that was not possible."""
        order = (concern.id, action, fields)
        seat = self.there.seat(self.hired)
        done: list[bool] = []

        def act(uow: UnitOfWork) -> Receipt:
            found = case_acts.act(uow, self.there.rules, seat, order, self.there.now)
            done.append(found is not None and not found.faults)
            return found.receipt if found is not None else Receipt()

        self.there.carry(act)
        return done[0]


def every_week(worker: Worker, deed: Callable[[], None], until: datetime) -> None:
    """Let somebody do something once a week, on their first hour at work in it."""

    def do() -> None:
        if worker.is_at_work(worker.there.now):
            deed()
        again = worker.there.now + 7 * _DAY
        monday = local(again, worker.there.rules.hours[DEFAULT_AGENCY].zone).date()
        monday -= monday.weekday() * _DAY
        zone = worker.there.rules.hours[DEFAULT_AGENCY].zone
        moment = worker.next_at_work(at_wall(monday, time.min, zone)) + 30 * _MINUTE
        if moment < until:
            worker.there.at(moment, do)

    worker.there.at(worker.next_at_work(worker.there.now) + 30 * _MINUTE, do)


def _first(concern: Concern) -> tuple[str, datetime]:
    """What is graver comes first, then what has waited longer."""
    return ("R3" if concern.level is Level.R3 else f"S{9 - int(concern.level.value[1])}", concern.raised_at)


def _span(first: date, days: int, there: Installation) -> Span:
    zone = there.rules.hours[DEFAULT_AGENCY].zone
    return Span(at_wall(first, time.min, zone), at_wall(first + days * _DAY, time.min, zone))
