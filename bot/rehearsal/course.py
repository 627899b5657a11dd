# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A rehearsal from the first day to the last: who comes when, who works there, and what is counted.

The same plan gives the same figures, to the byte: all chance begins with its seed, and no clock is asked.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.domain.concerns import Concern
from bot.domain.conversations import ConversationState
from bot.domain.enrolments import Enrolment, PhaseEvent, ProgrammeTask, months_later
from bot.domain.messages import BEGUN_BY_US, Kind, Outgoing
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.rehearsal.chance import free_words, stream
from bot.rehearsal.installation import Installation
from bot.rehearsal.people import Person
from bot.rehearsal.rounds import Rounds, confirm_every_week
from bot.rehearsal.staff import Worker
from bot.services.invite import invite
from bot.settings import Settings, without_environment
from bot.storage.sealing import Keyring
from dialogs.programme_model import Programme
from scheduler.local_time import at_wall, local, zone

MOST_PEOPLE, MOST_MONTHS, MOST_STAFF = 2000, 60, 100
#: People come in over so much of the time, but not over more than so many days.
_ARRIVING, _LONGEST_ARRIVING = 0.4, 120
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LEAD = "Leitung"
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is rehearsed. `source` is the programme's file, `begins` the first day, `seed` any word."""

    programme: Programme
    source: str
    participants: int
    months: int
    staff: int
    seed: str
    begins: date


@dataclass(frozen=True, slots=True)
class Monday:
    """How it looked at the beginning of a week: people by coach, and what waited then."""

    people: Mapping[str, int]
    open_concerns: int
    open_tasks: int
    away: tuple[str, ...]


@dataclass(slots=True)
class Course:
    """Everything that was counted on the way, before anybody makes sense of it.

    `messages` counts by week and person; `unasked` those that we begin, `quiet` those of them that came
    in quiet hours (there may be none), `held` how often one waited for the end of those, `on_closed_days`
    those on days on which the agency is closed, by dialog and by whether that day is a holiday.
    """

    messages: Counter[tuple[int, int]]
    unasked: Counter[tuple[int, int]]
    quiet: int
    held: int
    on_closed_days: Counter[tuple[str, bool]]
    mondays: list[Monday]
    concerns: list[Concern]
    enrolments: list[Enrolment]
    histories: Mapping[int, list[PhaseEvent]]
    tasks: list[ProgrammeTask]
    workers: list[Worker]
    there: Rehearsed
    until: datetime


class Rehearsed(Installation):
    """An installation that counts what it sends."""

    def __init__(self, settings: Settings, keyring: Keyring, begins: datetime) -> None:
        super().__init__(settings, keyring, begins)
        self.began = begins
        self.messages: Counter[tuple[int, int]] = Counter()
        self.unasked: Counter[tuple[int, int]] = Counter()
        self.quiet = self.kept = 0
        self.on_closed_days: Counter[tuple[str, bool]] = Counter()

    def week(self) -> int:
        """Which week of the rehearsal it is, 0 for the first."""
        return (self.now - self.began) // _WEEK

    def heard(self, message: Outgoing) -> None:
        if message.kind in (Kind.STAFF_ALERT, Kind.STAFF_NOTICE) or message.participant_id is None:
            return
        key = (self.week(), message.participant_id)
        self.messages[key] += 1
        if message.kind not in BEGUN_BY_US:
            return
        self.unasked[key] += 1
        hours = self.rules.hours[DEFAULT_AGENCY]
        if self.rules.quiet is not None and self.rules.quiet.contains(self.now, zone(message.zone)):
            self.quiet += 1
        day = local(self.now, hours.zone).date()
        if day.weekday() not in hours.weekly or day in hours.closed:
            self.on_closed_days[self._open_dialog(message.participant_id), day in hours.closed] += 1

    def _open_dialog(self, participant_id: int) -> str:
        rows = self.look(lambda uow: uow.talks.under_way(participant_id))
        return next((row.dialog for row in rows if row.state is ConversationState.OPEN), "")

    def held(self, message: Outgoing) -> None:
        del message
        self.kept += 1


def rehearse(plan: Plan, tell: Callable[[int, int], None] | None = None) -> Course:
    """Live through it; `tell` hears which week of how many has begun.

    Raises `ConfigurationError` or `DialogError` for a programme that cannot be used. Whoever gets the course
    closes `there` when they have looked at everything.
    """
    programme = plan.programme
    agency: dict[str, object] = {"name": programme.title.get("de", programme.id)}
    if programme.holidays:
        agency["holidays"] = programme.holidays
    if programme.hours:
        agency["hours"] = {_DAYS[day]: f"{a}-{b}" for day, (a, b) in sorted(programme.hours.items())}
    settings = without_environment(data_dir=Path("nowhere"), agency=agency)
    berlin = zone(settings.agency.zone)
    begins = at_wall(plan.begins, time(7, 0), berlin)
    until = at_wall(months_later(plan.begins, plan.months), time(7, 0), berlin)
    there = Rehearsed(settings, Keyring({"k1": secrets.token_bytes(32)}, "k1"), begins)
    there.install(plan.source, programme.file or f"{programme.id}.yaml", programme.score_pack)
    there.keep_house()
    workers = _hire(there, plan)
    people = _people(there, plan)
    gone = {person.account: person for person in people}

    def left(number: int) -> None:
        for person in gone.values():
            if person.number == number:
                person.is_here = False

    for worker in workers[:-1]:
        Rounds(worker, programme, left).begin(until)
    confirm_every_week(workers[-1], until)
    mondays: list[Monday] = []
    weeks = -((begins - until) // _WEEK)
    for count in range(weeks):
        there.at(begins + count * _WEEK, partial(_look_around, there, workers, mondays))
        if tell is not None:
            there.at(begins + count * _WEEK, partial(tell, count + 1, weeks))
    there.live(until)
    return _course(there, workers, mondays, until)


def _hire(there: Rehearsed, plan: Plan) -> list[Worker]:
    """Coaches, each of whom stands in for the one before, and a lead, who comes last."""
    names = [f"Coach {number}" for number in range(1, plan.staff + 1)]
    for place, name in enumerate(names):
        there.hire(name, Role.COACH, deputy_of=names[place - 1] if place else "")
    if plan.staff > 1:
        first, last = there.team[names[0]].id, there.team[names[-1]].id
        there.run(lambda uow: uow.people.change_staff(last, deputy_id=first))
    there.hire(_LEAD, Role.LEAD)
    workers = [Worker(there, name, there.team[name], plan.seed) for name in (*names, _LEAD)]
    for place, worker in enumerate(workers):
        worker.plan_absences(plan.months, workers[max(0, place - 1) : place])
    return workers


def _people(there: Rehearsed, plan: Plan) -> list[Person]:
    """They come in office hours, most of them soon; to the coaches in turn."""
    chance, words = stream(plan.seed, "arrivals"), free_words()
    hours = there.rules.hours[DEFAULT_AGENCY]
    span = min(plan.months * 30.44 * _ARRIVING, _LONGEST_ARRIVING)
    people = []
    for number in range(1, plan.participants + 1):
        person = Person(there, f"{number:04d}", plan.seed, words)
        day = plan.begins + int(span * chance.random() ** 1.3) * _DAY
        opening = hours.next_open(at_wall(day, time.min, hours.zone))
        coach = there.team[f"Coach {(number - 1) % plan.staff + 1}"].id
        moment = opening + timedelta(minutes=chance.uniform(10, 360))
        there.at(moment, partial(_welcome, there, person, coach, plan.programme.id))
        people.append(person)
    return people


def _welcome(there: Rehearsed, person: Person, coach: int, programme: str) -> None:
    code = there.run(lambda uow: invite(uow, there.rules, coach, programme, "de", there.now))
    person.come(code)


def _look_around(there: Rehearsed, workers: list[Worker], mondays: list[Monday]) -> None:
    names = {worker.hired.id: worker.name for worker in workers}

    def read(uow: UnitOfWork) -> Monday:
        people = {names[one.coach_id]: one.people for one in uow.duty.caseload(DEFAULT_AGENCY)}
        waiting = len(uow.programmes.tasks(DEFAULT_AGENCY))
        away = tuple(worker.name for worker in workers if worker.is_away(there.now))
        return Monday(people, sum(uow.concerns.count_open().values()), waiting, away)

    mondays.append(there.look(read))


def _course(there: Rehearsed, workers: list[Worker], mondays: list[Monday], until: datetime) -> Course:
    def read(uow: UnitOfWork) -> Course:
        people = uow.people.participants(DEFAULT_AGENCY)
        enrolments = [one for person in people for one in uow.programmes.of_participant(person.id)]
        return Course(
            messages=there.messages,
            unasked=there.unasked,
            quiet=there.quiet,
            held=there.kept,
            on_closed_days=there.on_closed_days,
            mondays=mondays,
            concerns=uow.concerns.of_agency(DEFAULT_AGENCY, open_only=False),
            enrolments=enrolments,
            histories=uow.programmes.history([one.id for one in enrolments]),
            tasks=uow.programmes.tasks(DEFAULT_AGENCY, open_only=False),
            workers=workers,
            there=there,
            until=until,
        )

    return there.look(read)
