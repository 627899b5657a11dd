# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The duty rota: shifts by weekly pattern, changed for a day, swapped, taken over at once; and its gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain

from bot.domain.duty import (
    Shift,
    ShiftChange,
    ShiftPattern,
    Span,
    Swap,
    SwapEvent,
    Takeover,
    Week,
    left_over,
)
from bot.domain.people import TEAM, Role, Staff
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from scheduler.local_time import ReadingHours, at_wall, local, zone
from scheduler.recurrence import check_rule, rule_days

_DAY = timedelta(days=1)
#: Who may be there for people at work: admins keep the program running.
_CARING = frozenset({Role.COACH, Role.LEAD})


def add_shifts(uow: UnitOfWork, new: ShiftPattern) -> int:
    """Put a pattern into the rota. Raises `RuleFault` for its rule, `ValueError` for an unknown zone."""
    check_rule(new.rule)
    zone(new.zone)
    return uow.duty.add_pattern(new)


def shifts(uow: UnitOfWork, agency_id: int, during: Span, *, clip: bool = True) -> list[Shift]:
    """Every shift that touches this time, in order; with `clip` only the part that lies within it.

    A takeover is in place of all that it covers; of two at a time the later one counts.
    """
    planned = list(_planned(uow, agency_id, during))
    taken: list[Shift] = []
    for takeover in uow.duty.takeovers(agency_id, during):
        taken = [*_spared(taken, takeover), _taken(takeover)]
        planned = _spared(planned, takeover)
    found = sorted((*planned, *taken), key=lambda shift: (shift.span, shift.staff_id))
    touching = [(shift, part) for shift in found if (part := shift.span.within(during))]
    return [_shortened(shift, part) if clip else shift for shift, part in touching]


def _planned(uow: UnitOfWork, agency_id: int, during: Span) -> Iterator[Shift]:
    patterns = uow.duty.patterns(agency_id)
    if not patterns:
        return
    # A shift may have begun on the day before, and zones lie up to a day apart.
    first, last = during.since.date() - 2 * _DAY, during.until.date() + _DAY
    changes = {(c.pattern_id, c.day): c.staff_id for c in uow.duty.changes(agency_id, first, last)}
    for pattern in patterns:
        for day in _days(pattern, first, last):
            staff_id = changes.get((pattern.id, day), pattern.staff_id)
            span = shift_span(pattern, day)
            if staff_id is not None and span is not None and span.within(during):
                yield Shift(staff_id, span, day, pattern.id)


def _days(pattern: ShiftPattern, first: date, last: date) -> Iterator[date]:
    end = min(last, pattern.last_day) if pattern.last_day else last
    return iter(_rule_days(pattern.rule, pattern.first_day, first, end))


def falls_on(pattern: ShiftPattern, day: date) -> bool:
    """Whether the pattern has a shift on this day, whoever has it."""
    return day >= pattern.first_day and day in _days(pattern, day, day)


def handed_on(uow: UnitOfWork, pattern: ShiftPattern, after: date) -> list[Shift]:
    """The shifts of the pattern later than this day that somebody else has by now, in order."""
    changes = uow.duty.changes(pattern.agency_id, after + _DAY, date.max)
    found = []
    for change in changes:
        has = change.staff_id
        if change.pattern_id != pattern.id or has is None or has == pattern.staff_id:
            continue
        span = shift_span(pattern, change.day) if falls_on(pattern, change.day) else None
        if span is not None:
            found.append(Shift(has, span, change.day, pattern.id))
    return sorted(found, key=lambda shift: shift.span)


def last_begun(pattern: ShiftPattern, today: date, now: datetime) -> date:
    """Today if today's shift has begun, else the day before."""
    span = shift_span(pattern, today) if falls_on(pattern, today) else None
    return today if span is not None and span.since <= now else today - _DAY


@lru_cache(maxsize=1024)
def _rule_days(rule: str, start: date, first: date, last: date) -> tuple[date, ...]:
    found = []
    for day in rule_days(rule, start, first):
        if day > last:
            break
        found.append(day)
    return tuple(found)


@lru_cache(maxsize=4096)
def shift_span(pattern: ShiftPattern, day: date) -> Span | None:
    """When the shift of a day begins and ends; None on a night on which its whole time does not exist."""
    where = zone(pattern.zone)
    last = day if pattern.begins < pattern.ends else day + _DAY
    since, until = at_wall(day, pattern.begins, where), at_wall(last, pattern.ends, where)
    return Span(since, until) if since < until else None


def _spared(known: Iterable[Shift], takeover: Takeover) -> list[Shift]:
    return [_shortened(shift, part) for shift in known for part in left_over([shift.span], [takeover.span])]


def _shortened(shift: Shift, part: Span) -> Shift:
    return Shift(shift.staff_id, part, shift.day, shift.pattern_id)


def _taken(takeover: Takeover) -> Shift:
    return Shift(takeover.staff_id, takeover.span, takeover.span.since.date())


def openings(hours: ReadingHours, during: Span) -> list[Span]:
    """The agency's working hours within this time, one span a day."""
    found = []
    at = hours.next_open(during.since)
    while at < during.until:
        day = local(at, hours.zone).date()
        closing = at_wall(day, hours.weekly[day.weekday()][1], hours.zone)
        found.append(Span(at, min(closing, during.until)))
        at = hours.next_open(closing)
    return found


def gaps(uow: UnitOfWork, rules: Rulebook, agency_id: int, since: datetime, until: datetime) -> list[Span]:
    """Working hours in which no coach or lead is present and nobody has duty, in order, by opening."""
    hours = rules.hours[agency_id]
    during = Span(since, until)
    wanted = openings(hours, during)
    people = [p for p in uow.people.all_staff(agency_id) if p.left_at is None]
    away = _away(uow, agency_id, during)
    weeks = uow.duty.weeks(agency_id)
    caring = (p for p in people if p.role in _CARING)
    by_hours = [left_over(_at_work(hours, wanted, weeks.get(p.id)), away[p.id]) for p in caring]
    in_team = {p.id for p in people}
    on_duty = [
        left_over([shift.span], away[shift.staff_id])
        for shift in shifts(uow, agency_id, during)
        if shift.staff_id in in_team
    ]
    return left_over(wanted, chain(*by_hours, *on_duty))


def unmanned(uow: UnitOfWork, rules: Rulebook, agency_id: int, during: Span) -> list[Shift]:
    """Duty outside working hours that nobody has, though the rota names somebody: they are away or have left.

    What colleagues have duty for beside them is left out. Holes in working hours are `gaps`. A hole that
    reaches beyond this time is returned whole.
    """
    touching = [shift.span for shift in shifts(uow, agency_id, during, clip=False)]
    if not touching:
        return []
    # Of a shift that reaches beyond, all must be known: who is there then, and when the agency is open.
    whole = Span(min(span.since for span in touching), max(span.until for span in touching))
    in_team = {p.id for p in uow.people.all_staff(agency_id) if p.left_at is None and p.role in TEAM}
    away = _away(uow, agency_id, whole)
    planned = shifts(uow, agency_id, whole, clip=False)
    manned = [left_over([shift.span], away[shift.staff_id]) for shift in planned if shift.staff_id in in_team]
    covered = [*chain(*manned), *openings(rules.hours[agency_id], whole)]
    holes = [(shift, part) for shift in planned for part in left_over([shift.span], covered)]
    return [_shortened(shift, part) for shift, part in holes if part.within(during)]


def is_away_during(uow: UnitOfWork, person: Staff, span: Span) -> bool:
    """Whether they are away for any part of this time."""
    return any(part.within(span) for part in _away(uow, person.agency_id, span)[person.id])


def _away(uow: UnitOfWork, agency_id: int, during: Span) -> dict[int, list[Span]]:
    away: dict[int, list[Span]] = defaultdict(list)
    for absence in uow.duty.absences(agency_id, during.since):
        span = Span(absence.since, absence.until or max(during.until, absence.since) + _DAY)
        away[absence.staff_id] += [span] if span.within(during) else []
    return away


def time_at_work(uow: UnitOfWork, hours: ReadingHours, person: Staff, during: Span) -> timedelta:
    """How long they were there in this time, by the agency's hours and their own."""
    week = uow.duty.weeks(person.agency_id).get(person.id)
    own = _at_work(hours, openings(hours, during), week)
    there = left_over(own, _away(uow, person.agency_id, during)[person.id])
    return sum((part.until - part.since for part in there), timedelta())


def _at_work(hours: ReadingHours, wanted: list[Span], week: Week | None) -> list[Span]:
    if week is None:
        return wanted
    found = []
    for opening in wanted:
        day = local(opening.since, hours.zone).date()
        own = week.get(day.weekday())
        if own is None:
            continue
        begin, end = (at_wall(day, wall, hours.zone) for wall in own)
        part = Span(begin, end).within(opening) if begin < end else None
        found += [part] if part else []
    return found


def shift_of(uow: UnitOfWork, agency_id: int, staff_id: int, day: date, zone_name: str) -> list[Shift]:
    """The shifts by pattern that this staff member has on this day, as they stand now."""
    where = zone(zone_name)
    begin = at_wall(day, datetime.min.time(), where)
    found = shifts(uow, agency_id, Span(begin - _DAY, begin + 2 * _DAY), clip=False)
    return [s for s in found if s.day == day and s.staff_id == staff_id and s.pattern_id is not None]


def take_over_now(uow: UnitOfWork, rules: Rulebook, person: Staff, now: datetime) -> tuple[Span, list[int]]:
    """The staff member has duty from now on, in place of whoever has it.

    It ends when the running shifts do; where there are none, when the agency next closes, or opens. Returns
    the time, and who had the duty until now.
    """
    span, before = takeover_span(uow, rules, person, now)
    uow.duty.add_takeover(person.agency_id, Takeover(person.id, span))
    uow.ledger.note(person.agency_id, now, f"staff:{person.id}", "duty_taken_over", "")
    return span, before


def takeover_span(uow: UnitOfWork, rules: Rulebook, person: Staff, now: datetime) -> tuple[Span, list[int]]:
    """What `take_over_now` would do."""
    running = shifts(uow, person.agency_id, Span(now, now + timedelta(microseconds=1)), clip=False)
    before = list(dict.fromkeys(s.staff_id for s in running if s.staff_id != person.id))
    if running:
        return Span(now, max(shift.span.until for shift in running)), before
    hours = rules.hours[person.agency_id]
    opening = hours.next_open(now)
    until = openings(hours, Span(now, now + 2 * _DAY))[0].until if opening == now else opening
    return Span(now.astimezone(UTC), until), before


def settle_swap(uow: UnitOfWork, swap: Swap, event: SwapEvent, now: datetime) -> Swap:
    """Write down what became of a proposal; once it is accepted, the other one has the shift."""
    settled = swap.after(event)
    uow.duty.save_swap(swap.id, settled.state)
    if event is SwapEvent.ACCEPT:
        uow.duty.set_change(swap.agency_id, ShiftChange(swap.pattern_id, swap.day, swap.to_id))
    uow.ledger.note(swap.agency_id, now, "system", f"swap_{settled.state.value}", str(swap.id))
    return settled
