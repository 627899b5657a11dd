# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The staff of a run: hired, on leave, ill without a word, with dead phones, leaving the team for good."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from bot import house
from bot.domain.duty import Absence, ShiftPattern
from bot.domain.people import Invitation, Role
from bot.ports import UnitOfWork
from bot.services import absences, rota
from bot.services.duty_watch import leave_and_tell
from bot.services.invite import STAFF_CODE_LIVES, NewStaff, hire
from bot.services.rulebook import Rulebook
from bot.simulation.loop import pass_time
from bot.simulation.phones import Day, Phone
from bot.simulation.staff import Colleague, Manner
from tests.simulation import deeds

if TYPE_CHECKING:
    from tests.simulation.world import World

T = TypeVar("T")

COACHES = (
    "Berta Beispiel",
    "Volker Vertretung",
    "Karl Kollege",
    "Paula Probe",
    "Tim Testfall",
    "Nora Nachweis",
)
LEADS = ("Lea Leitung", "Lars Leitung")
_DAY = timedelta(days=1)
_DAY_S = 86400.0
_ZONE = "Europe/Berlin"
_OPEN = "SELECT id, taken_by FROM concern WHERE state <> 'closed' ORDER BY id"
_CLOSED = "SELECT id, taken_by FROM concern WHERE state = 'closed' ORDER BY id DESC LIMIT 5"
_CASES = "SELECT case_code FROM participant WHERE standing = 'active' ORDER BY id"


@dataclass(frozen=True, slots=True)
class Pace:
    """How much happens to one colleague on one day: shares between 0 and 1; `deeds` is how many there are.

    `leaving` is for good, `new_phone` with another number. Short runs need much on few days.
    """

    leave: float = 0.15
    ill: float = 0.05
    new_phone: float = 0.06
    blocks: float = 0.04
    leaving: float = 0.03
    deeds: float = 0.7


#: Thirty days of leave in about eight pieces, a few days of illness, a phone in two years, one in ten leaves.
A_YEAR = Pace(leave=0.022, ill=0.01, new_phone=0.004, blocks=0.002, leaving=0.0006, deeds=0.5)


class Office:
    """Everybody who works in a run. `size` staff; drawn if it is None."""

    def __init__(self, world: World, rules: Rulebook, pace: Pace, size: int | None = None) -> None:
        self._world = world
        self._rules = rules
        self._pace = pace
        self._chance = world.stream("office")
        self._size = size
        self.staff: list[Colleague] = []
        #: Everybody who may be named as the coach of somebody.
        self.coaches: list[int] = []

    async def open(self) -> None:
        """Hire everybody; most link their messenger. Deputies, own hours and a rota are drawn."""
        chance = self._chance
        first = await self._hire(COACHES[0], Role.COACH, linked=True)
        self.coaches = [first]
        if self._size is not None or chance.random() < 0.7:
            linked = self._size is not None or chance.random() < 0.8
            self.coaches.append(await self._hire(COACHES[1], Role.COACH, linked, deputy_of=first))
        if self._size is not None or chance.random() < 0.8:
            await self._hire(LEADS[0], Role.LEAD, linked=self._size is not None or chance.random() < 0.9)
        more = chance.choice((0, 0, 1, 2)) if self._size is None else max(self._size - 3, 0)
        for number in range(more):
            await self._hire_more(number)
        await self._draw_rota()

    def live(self) -> None:
        """A day: each of the staff may go, fall ill, lose a phone, leave, or do something by themselves."""
        cases = [row[0] for row in self._world.sight.facts.rows(_CASES)]
        today = self._world.clock.truth().date()
        names = [each.name for each in self.staff if not each.has_left]
        for colleague in [each for each in self.staff if not each.has_left]:
            self._happens(colleague, today)
            if self._chance.random() < colleague.manner.types:
                work = partial(colleague.type_something, today, cases, names)
                colleague.day.later(self._chance.uniform(0, 50_000), work)
            if self._chance.random() < self._pace.deeds:
                deed = deeds.draw(self._chance, [each.id for each in self.staff])
                colleague.day.later(
                    self._chance.uniform(0, 60_000), partial(self._do, colleague, deed, self._chance.random())
                )

    def retire(self) -> None:
        """Everybody who has not left for good is there, with a phone, and does all that is left."""
        for colleague in [each for each in self.staff if not each.has_left]:
            colleague.is_diligent = True
            colleague.day.away_until = None
            if colleague.phone.chat.is_blocked:
                self._background(self._new_phone(colleague, 0.0))
            colleague.day.later(60.0, colleague.come_back)

    def _happens(self, colleague: Colleague, today: date) -> None:
        chance, pace = self._chance, self._pace
        truth = self._world.clock.truth()
        is_away = colleague.day.away_until is not None and colleague.day.away_until > truth
        if not is_away and chance.random() < pace.leave:
            self._goes(colleague, today)
        elif not is_away and chance.random() < pace.ill:
            # Nobody is told: ladders are for that.
            colleague.day.away_until = self._world.clock.truth() + timedelta(days=chance.uniform(0.5, 5))
        if chance.random() < pace.new_phone and not colleague.phone.chat.is_blocked:
            colleague.phone.chat.is_blocked = True
            self._background(self._new_phone(colleague, chance.uniform(600, 4 * _DAY_S)))
        elif chance.random() < pace.blocks and not colleague.phone.chat.is_blocked:
            colleague.phone.block()
            colleague.day.later(chance.uniform(600, 2 * _DAY_S), partial(_unblock, colleague.phone))
        if chance.random() < pace.leaving and len(self._active()) > 1:
            self._background(self._leaves(colleague, chance.uniform(0, 50_000)))

    def _goes(self, colleague: Colleague, today: date) -> None:
        chance = self._chance
        until = today + chance.choice((1, 2, 3, 7, 14)) * _DAY
        others = ["", *(each.name for each in self._active() if each is not colleague)]
        deputy = chance.choice(others)
        named = next((each.id for each in self._active() if each.name == deputy), None)
        if chance.random() < 0.6:
            colleague.go_on_leave(until, deputy)
            # Time to look at what was understood, and to say that it is right.
            colleague.day.later(3 * 3600.0, partial(_away, colleague, until))
        else:
            _away(colleague, until)
            self._background(self._enter_absence(colleague.id, until, named))

    def _active(self) -> list[Colleague]:
        return [each for each in self.staff if not each.has_left]

    def _do(self, colleague: Colleague, deed: deeds.Deed, where: float) -> None:
        """A deed with one of the own cases, or any; now and then with a closed one."""
        facts = self._world.sight.facts
        rows = facts.rows(_CLOSED) if where < 0.15 else facts.rows(_OPEN)
        own = [row for row in rows if row[1] == colleague.id] or rows
        if own and not colleague.has_left:
            concern = own[int(where * 1000) % len(own)][0]
            self._background(self._carry_deed(colleague.id, concern, deed))

    async def _carry_deed(self, staff: int, concern: int, deed: deeds.Deed) -> None:
        await self._carry_out(lambda uow, now: deeds.at_desk(uow, self._rules, (staff, concern), deed, now))

    async def _enter_absence(self, staff: int, until: date, deputy: int | None) -> None:
        end = datetime.combine(until, time(), UTC)

        def enter(uow: UnitOfWork, now: datetime) -> None:
            if end > now:
                absences.set_absence(uow, Absence(0, house.DEFAULT_AGENCY, staff, now, end, deputy), now)

        await self._carry_out(enter)

    async def _leaves(self, colleague: Colleague, after: float) -> None:
        await pass_time(after)
        if colleague.has_left or len(self._active()) < 2:
            return
        colleague.has_left = True
        self._world.storm.counts["left"] = self._world.storm.counts.get("left", 0) + 1
        await self._carry_out(lambda uow, now: leave_and_tell(uow, self._rules, colleague.id, now))
        self.coaches = [number for number in self.coaches if number != colleague.id] or self.coaches
        if colleague.role is Role.COACH and self._size is not None:
            name = f"Neu{len(self.staff)} Nachfolge"
            self.coaches.append(await self._hire(name, Role.COACH, linked=True))

    async def _new_phone(self, colleague: Colleague, after: float) -> None:
        await pass_time(after)
        if colleague.has_left or not colleague.phone.chat.is_blocked:
            return
        code = await self._carry_out(lambda uow, now: _new_code(uow, self._rules, colleague.id, now))
        phone = Phone(self._world.messengers["telegram_staff"], f"{colleague.phone.chat.address}-n")
        phone.when_seen = colleague.saw
        colleague.phone = phone
        phone.start(code)

    async def _hire_more(self, number: int) -> None:
        if number % 4 == 3:
            await self._hire(LEADS[1] if number < 4 else f"Lead{number} Leitung", Role.LEAD, linked=True)
            return
        known = len(self.coaches)
        name = COACHES[known] if known < len(COACHES) else f"Coach{known} Beispiel"
        deputy_of = self._chance.choice((None, *self.coaches))
        self.coaches.append(await self._hire(name, Role.COACH, linked=True, deputy_of=deputy_of))

    async def _hire(self, name: str, role: Role, linked: bool, deputy_of: int | None = None) -> int:
        new = NewStaff(house.DEFAULT_AGENCY, name, role, deputy_of=deputy_of)
        hired = await self._carry_out(lambda uow, now: hire(uow, self._rules, new, now))
        if linked:
            chance = self._world.stream(name)
            day = Day(self._world.clock.truth, chance, wakes=5.0, sleeps=20.0)
            phone = Phone(self._world.messengers["telegram_staff"], f"staff-{hired.id}")
            manner = Manner.draw(chance)
            colleague = Colleague(hired.id, name, role, phone, day, chance, manner)
            phone.when_seen = colleague.saw
            self.staff.append(colleague)
            phone.start(hired.messenger_code)
        return hired.id

    async def _draw_rota(self) -> None:
        chance = self._chance
        if chance.random() < 0.3:
            days = {day: (time(9), time(15)) for day in chance.sample(range(5), 3)}
            part_time = chance.choice(self.staff).id
            await self._carry_out(lambda uow, now: _set_week(uow, part_time, days, now))
        if chance.random() < 0.6:
            for rule, begins, ends in (
                ("FREQ=DAILY", time(16), time(21)),
                ("FREQ=WEEKLY;BYDAY=SA,SU", time(10), time(16)),
            ):
                number = chance.choice(self.staff).id
                first = self._world.clock.truth().date()
                new = ShiftPattern(0, house.DEFAULT_AGENCY, number, rule, first, begins, ends, _ZONE)
                await self._carry_out(partial(_add_shifts, new=new))

    async def _carry_out(self, use_case: Callable[[UnitOfWork, datetime], T]) -> T:
        return await self._world.farm.carry_out(lambda uow: use_case(uow, self._world.clock.now()))

    def _background(self, task: Coroutine[Any, Any, None]) -> None:
        self._world.group.create_task(task)


def _unblock(phone: Phone) -> None:
    if phone.chat.is_blocked:
        phone.unblock()


def _away(colleague: Colleague, until: date) -> None:
    colleague.day.away_until = datetime.combine(until, time(5), UTC)


def _new_code(uow: UnitOfWork, rules: Rulebook, staff_id: int, now: datetime) -> str:
    """A one-time code for another phone."""
    code = rules.new_code()
    until = now + STAFF_CODE_LIVES
    uow.people.add_invitation(
        code, Invitation(0, house.DEFAULT_AGENCY, "de", "", staff_id=staff_id, expires_at=until)
    )
    return code


def _add_shifts(uow: UnitOfWork, now: datetime, *, new: ShiftPattern) -> None:
    del now
    rota.add_shifts(uow, new)


def _set_week(uow: UnitOfWork, staff_id: int, week: dict[int, tuple[time, time]], now: datetime) -> None:
    person = uow.people.staff(staff_id)
    if person is not None:
        absences.set_working_hours(uow, person, week, now)
