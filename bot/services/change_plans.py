# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Put other plans in force: explained before, kept for ever, and applied to everybody who is in them.

Who follows which plan is brought in line in batches, each in a unit of work of its own. One timer remembers
how far that has come, so that whoever is next goes on after a crash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.consent import holding
from bot.domain.editions import Origin
from bot.domain.people import Participant
from bot.domain.plans import PlanEdition
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.follow_plans import follow, may_follow
from bot.services.person_dates import person_time, time_for
from bot.services.programme_plans import plans_of
from bot.services.publish import in_force as dialogs_in_force
from bot.services.read_plans import PlanSet, read_plans
from bot.services.rulebook import Rulebook
from dialogs.problems import DialogError
from scheduler.plan_changes import ChangeLine, explain_change

TIMER_KIND = "plans_changed"
#: So few that an alert that comes meanwhile need not wait long: on SQLite one use case runs at a time.
BATCH = 10
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of one plan means for one person, by days."""

    case_code: str
    plan: str
    lines: tuple[ChangeLine, ...]


def timer_key(agency_id: int) -> str:
    """The one timer that brings everybody of an agency in line."""
    return f"plans_changed:{agency_id}"


def publish(
    uow: UnitOfWork, agency_id: int, source: str, now: datetime, shipped: Collection[str] = ()
) -> tuple[PlanEdition, bool]:
    """Put a file of plans in force, if it is not already. Returns what is in force, and whether it is new.

    A source that is one of `shipped` is followed by what comes with later versions of the program. Raises
    `DialogError` with file, line and remedy for whatever an admin has to mend.
    """
    uow.ledger.lock_publishing()
    reading = read_plans(source, "plans", dialogs_in_force(uow))
    if reading.problems:
        raise DialogError(reading.problems)
    origin = Origin.SHIPPED if source in shipped else Origin.ADMIN
    return _keep(uow, agency_id, source, origin, now)


def publish_shipped(uow: UnitOfWork, agency_id: int, source: str, now: datetime) -> bool:
    """Publish the plans that come with the program, unless somebody here has put their own in force.

    Returns whether theirs stay although the text that came along is another one.
    """
    uow.ledger.lock_publishing()
    forced = in_force(uow, agency_id)
    if forced is not None and forced.origin is Origin.ADMIN:
        return forced.digest != _digest(source)
    _keep(uow, agency_id, source, Origin.SHIPPED, now)
    return False


def roll_back(
    uow: UnitOfWork, agency_id: int, version: int, now: datetime, shipped: Collection[str] = ()
) -> tuple[PlanEdition, bool]:
    """Publish an old version once more, as the newest. Raises `NotFound`, and as `publish` does."""
    uow.ledger.lock_publishing()
    edition = uow.plans.edition(agency_id, version)
    if edition is None:
        newest = uow.plans.version_in_force(agency_id)
        there = f"There are 1 to {newest}." if newest else "Nothing is published yet."
        raise NotFound(f"the plans have no version {version}. {there}")
    return publish(uow, agency_id, edition.source, now, shipped)


def in_force(uow: UnitOfWork, agency_id: int) -> PlanEdition | None:
    """The newest version."""
    return uow.plans.edition(agency_id, uow.plans.version_in_force(agency_id))


def go_on(
    uow: UnitOfWork, rules: Rulebook, agency_id: int, after: int, now: datetime
) -> tuple[int, int | None]:
    """Bring the next people in line with the plans in force; the timer remembers how far that has come.

    Returns how many they were, and the last one's id, or None when everybody is in line.
    """
    members = uow.plans.members(agency_id, after, BATCH)
    for number in members:
        person = uow.plans.lock(number)
        if person is not None:
            follow(uow, rules, person, now)
    if len(members) < BATCH:
        uow.timers.cancel(timer_key(agency_id))
        return len(members), None
    _set_timer(uow, agency_id, members[-1], now)
    return len(members), members[-1]


def begin_anew(uow: UnitOfWork, agency_id: int, now: datetime) -> None:
    """Let the worker bring everybody of the agency in line: whose plans are theirs has changed."""
    _set_timer(uow, agency_id, 0, now)


def explain(
    uow: UnitOfWork, rules: Rulebook, agency_id: int, new: PlanSet, now: datetime, ahead: timedelta = AHEAD
) -> Iterator[Change]:
    """What would become of everybody's coming days if `new` were in force, by person and changed plan.

    Raises `ValueError` for more than 366 days ahead.
    """
    old = rules.plans.in_force(uow, agency_id)
    names = [*old.check_ins, *(name for name in new.check_ins if name not in old.check_ins)]
    changed = [name for name in names if old.check_ins.get(name) != new.check_ins.get(name)]
    for person in uow.people.participants(agency_id) if changed else ():
        yield from _explain_to(uow, rules, person, (old, new, changed), (now, ahead))


def _explain_to(
    uow: UnitOfWork,
    rules: Rulebook,
    person: Participant,
    change: tuple[PlanSet, PlanSet, list[str]],
    when: tuple[datetime, timedelta],
) -> Iterator[Change]:
    old, new, changed = change
    consents = holding(uow.talks.given(person.id), rules.book.meanings, when[0])
    theirs, time = plans_of(uow, rules.programmes, person.id), None
    for name in changed:
        if theirs is not None and name not in theirs:
            continue
        pair = [plans.check_ins.get(name) for plans in (old, new)]
        before, after = (one if one and may_follow(one, person, consents) else None for one in pair)
        one = after or before
        if one is None:
            continue
        time = time or person_time(uow, rules, person, when[0])
        plans = before.plan if before else None, after.plan if after else None
        lines = explain_change(*plans, time_for(one, time), *when)
        if lines:
            yield Change(person.case_code, name, tuple(lines))


def _keep(
    uow: UnitOfWork, agency_id: int, source: str, origin: Origin, now: datetime
) -> tuple[PlanEdition, bool]:
    forced = in_force(uow, agency_id)
    if forced is not None and forced.digest == _digest(source):
        return forced, False
    version = forced.version + 1 if forced else 1
    edition = PlanEdition(agency_id, version, _digest(source), source, origin, now)
    uow.plans.publish(edition)
    _set_timer(uow, agency_id, 0, now)
    return edition, True


def _set_timer(uow: UnitOfWork, agency_id: int, after: int, now: datetime) -> None:
    uow.timers.set(agency_id, TIMER_KIND, agency_id, now, timer_key(agency_id), str(after))


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()
