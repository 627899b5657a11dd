# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Each person follows the agency's plans: where they stand in each, and one timer for the next moment.

Nothing is stored about coming moments but that timer. Whatever changes them (a consent, a pause, a date of
the person, another version of the plans) only has to call `follow`; it does no harm to call it too often.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.consent import Consents, Purpose, holding
from bot.domain.people import Participant, Standing
from bot.domain.plans import Followed
from bot.errors import SealBroken
from bot.ports import UnitOfWork
from bot.services.measuring import wait_for
from bot.services.person_dates import FACTS, person_time, time_for
from bot.services.programme_plans import narrowed, plans_of
from bot.services.read_plans import CheckIn, PlanSet
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit
from scheduler.catching_up import CatchUp, missed
from scheduler.local_time import QuietHours, at_wall
from scheduler.occurrences import Occurrence, next_occurrence
from scheduler.person_time import PersonTime
from scheduler.spreading import spread

TIMER_KIND = "plan"
_DAY = timedelta(days=1)


def timer_key(participant_id: int, plan: str) -> str:
    """The one timer of a person and a plan."""
    return f"plan:{participant_id}:{plan}"


def may_follow(check_in: CheckIn, person: Participant, consents: Consents) -> bool:
    """Whether the person has agreed to what the plan does, and never took it back. A pause is another matter.

    They follow it also while they are to be asked again what they agreed to; whether anything may be asked
    meanwhile is `may_ask`'s.
    """
    if person.standing is not Standing.ACTIVE or Purpose.CONTACT not in consents:
        return False
    return not check_in.consent or check_in.consent in consents


def may_ask(check_in: CheckIn, person: Participant, consents: Consents) -> bool:
    """Whether what the plan does is agreed to now (promise P4)."""
    if not may_follow(check_in, person, consents) or not consents.get(Purpose.CONTACT, False):
        return False
    return not check_in.consent or consents.get(check_in.consent, False)


def follow(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> None:
    """Bring the person's timers in line with the plans in force and with what is known about them.

    The person must be locked. Who begins to follow a plan, or comes back to it, begins now.
    """
    plans = rules.plans.in_force(uow, person.agency_id)
    rows = uow.plans.followed(person.id)
    consents = holding(uow.talks.given(person.id), rules.book.meanings, now)
    wanted = narrowed(plans, plans_of(uow, rules.programmes, person.id)).check_ins
    theirs = {name: one for name, one in wanted.items() if may_follow(one, person, consents)}
    time = person_time(uow, rules, person, now) if theirs else None
    changed = [leave(uow, row) for name, row in rows.items() if name not in theirs and row.is_on]
    for name, check_in in theirs.items():
        row = _begun(rows.get(name), Followed(person.id, name, plans.version, now, is_on=True))
        if row != rows.get(name):
            changed.append(row)
        if time is not None:
            set_timer(uow, person, name, _due_at(check_in, time, row, rules.quiet_of(person.agency_id), now))
    uow.plans.follow(person.agency_id, changed)
    wait_for(uow, rules, person.id, now)


def is_left_behind(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> bool:
    """Whether a plan that the person follows has a coming moment, and no timer for it.

    Also where that cannot be worked out, because what is kept of the person cannot be opened: no other alarm
    speaks of it.
    """
    try:
        return _has_lost_a_timer(uow, rules, person, now)
    except SealBroken:
        return True


def _has_lost_a_timer(uow: UnitOfWork, rules: Rulebook, person: Participant, now: datetime) -> bool:
    plans = rules.plans.in_force(uow, person.agency_id)
    consents = holding(uow.talks.given(person.id), rules.book.meanings, now)
    wanted = narrowed(plans, plans_of(uow, rules.programmes, person.id)).check_ins
    lost = [
        (wanted[row.plan], row)
        for row in uow.plans.without_timer(person.id)
        if row.plan in wanted and may_follow(wanted[row.plan], person, consents)
    ]
    if not lost:
        return False
    time, quiet = person_time(uow, rules, person, now), rules.quiet_of(person.agency_id)
    return any(_due_at(check_in, time, row, quiet, now) is not None for check_in, row in lost)


def follow_visit(visit: Visit) -> None:
    """`follow` for the person of a visit."""
    follow(visit.uow, visit.rules, visit.participant, visit.now)


def fact_changed(visit: Visit, name: str) -> None:
    """Something is remembered about the person; some of it says when plans ask."""
    if name in FACTS:
        follow_visit(visit)


def leave_all(visit: Visit) -> None:
    """The person has ended contact: no plan has a moment any more."""
    rows = visit.uow.plans.followed(visit.participant.id).values()
    visit.uow.plans.follow(visit.agency.id, [leave(visit.uow, row) for row in rows if row.is_on])


def leave(uow: UnitOfWork, row: Followed) -> Followed:
    """Take the timer away. Returns the row that is to be written."""
    uow.timers.cancel(timer_key(row.participant_id, row.plan))
    return replace(row, is_on=False)


def look(check_in: CheckIn, time: PersonTime, row: Followed, now: datetime) -> CatchUp:
    """What was missed since the person was last looked at, and what comes next; nothing a second time."""
    plan, time = check_in.plan, time_for(check_in, time)
    # What is older than the grace cannot begin any more, so it need not be looked for.
    since = max(row.seen_until, now - plan.grace - _DAY)
    found = missed(plan, time, since, now)
    coming = found.next
    while coming is not None and _is_handled(row, coming):
        coming = next_occurrence(plan, time, coming.at)
    asks = tuple(ask for ask in found.asks if not _is_handled(row, ask.occurrence))
    return CatchUp(asks, found.skipped, coming)


def handled(row: Followed, found: CatchUp, now: datetime) -> Followed:
    """Where the person stands when everything that was found up to `now` is done with."""
    done = [ask.occurrence for ask in found.asks]
    days = [one.planned for one in (*done, *found.skipped)]
    days += [row.handled_day] if row.handled_day else []
    return replace(row, seen_until=max(row.seen_until, now), handled_day=max(days, default=None))


def set_timer(uow: UnitOfWork, person: Participant, plan: str, at: datetime | None) -> None:
    """Set or take away the timer of a person's plan."""
    key = timer_key(person.id, plan)
    if at is None:
        uow.timers.cancel(key)
    else:
        uow.timers.set(person.agency_id, TIMER_KIND, person.id, at, key, plan)


def spread_out(quiet: QuietHours | None, time: PersonTime, coming: Occurrence | None) -> datetime | None:
    """When the timer for a coming occurrence is due: many people have the same moment, so not at once.

    Up to ten minutes after it, always the same for the same person, inside their own hours.
    """
    if coming is None:
        return None
    hours = time.hours(coming.day)
    closes = coming.closes
    if hours is not None and hours[1] is not None:
        # Just before: at the end itself the window is closed.
        closes = min(closes, at_wall(coming.day, hours[1], time.zone) - timedelta(seconds=1))
    return spread(coming.at, closes, time.seed, quiet, time.zone)


def look_next(
    check_in: CheckIn, time: PersonTime, found: CatchUp, quiet: QuietHours | None, now: datetime
) -> datetime | None:
    """When the timer is due after what was found. A plan that waits for silence looks again.

    Whoever writes sets no timer: most messages would do so for nothing.
    """
    if found.next is None and check_in.looks_every is not None:
        return now + check_in.looks_every
    return spread_out(quiet, time, found.next)


def _due_at(
    check_in: CheckIn, time: PersonTime, row: Followed, quiet: QuietHours | None, now: datetime
) -> datetime | None:
    """When the timer of a plan is due for somebody who was not looked at just now."""
    found = look(check_in, time, row, now)
    return found.asks[0].at if found.asks else look_next(check_in, time, found, quiet, now)


def next_moment(plans: PlanSet, name: str, time: PersonTime, row: Followed, now: datetime) -> datetime | None:
    """When the person will next be asked by this plan, as far as anybody can know now."""
    return _first_moment(look(plans.check_ins[name], time, row, now))


def _begun(row: Followed | None, new: Followed) -> Followed:
    if row is None:
        return new
    if not row.is_on:
        return replace(row, version=new.version, seen_until=max(row.seen_until, new.seen_until), is_on=True)
    return replace(row, version=new.version)


def _is_handled(row: Followed, one: Occurrence) -> bool:
    return row.handled_day is not None and one.planned <= row.handled_day


def _first_moment(found: CatchUp) -> datetime | None:
    moments = [ask.at for ask in found.asks]
    if found.next is not None:
        moments.append(found.next.at)
    return min(moments, default=None)
