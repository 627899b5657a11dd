# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The people whom staff look after, at a glance. Facts only: nothing that somebody did not do is among them.

A list is never put in the order of how often people answer: that would rate them (promise P4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.access import Action
from bot.domain.concerns import Level
from bot.domain.consent import RESTRICTION, standing
from bot.domain.duty import Team
from bot.domain.people import Participant, Staff
from bot.people_view_ports import Meeting, Participation
from bot.ports import UnitOfWork
from bot.services import caseload, duty
from bot.services.access import Guard
from bot.services.last_contact import ContactAge, contact_age
from bot.services.looks import note_look
from bot.services.rulebook import Rulebook

#: The scale whose own course is shown, and how many of its newest values.
PACK, SCALE = "own_items", "mood"
MOST_VALUES = 12
#: So many people are on one page of a list.
PAGE = 50
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Whose(StrEnum):
    """Whose people a list has."""

    MINE = "mine"
    STANDING_IN = "standing_in"  # of colleagues who are not there, and for whom one stands in now
    POOL = "pool"  # nobody's
    TEAM = "team"  # everybody's, for leads


class Order(StrEnum):
    """What a list begins with."""

    CONTACT = "contact"  # the longest without a human
    CONCERNS = "concerns"  # what is most urgent
    APPOINTMENT = "appointment"  # the soonest
    MONTH = "month"  # the longest in the programme
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which people somebody wants to see. Empty values and 0 ask for nothing.

    `coach_id` counts in the team's list alone. `quiet_days`: no human contact for at least so many days.
    `words` is a part of the case code, or of the name for those who may see it.
    """

    whose: Whose = Whose.MINE
    coach_id: int = 0
    order: Order = Order.CONTACT
    is_paused: bool = False
    language: str = ""
    quiet_days: int = 0
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One person. What the staff member may not see, and what nobody knows, is empty.

    `contact` is None for whoever is in no programme; then `met_at` alone says when a human was there last.
    `values` are their own answers on the scale, the oldest first. `channel` is empty if no way is open.
    """

    person: Participant
    name: str = ""
    coach: str = ""
    met_at: datetime | None = None
    contact: ContactAge | None = None
    concerns: Sequence[tuple[int, Level]] = ()
    meeting: Meeting | None = None
    values: Sequence[int] = ()
    answered_at: datetime | None = None
    programmes: Sequence[Participation] = ()
    channel: str = ""
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list. `counts` says how many people each of the lists has that the staff member can open.

    `load` and `key` are about the coach whose people these are; `load` is None if they are several coaches'.
    """

    rows: Sequence[Row]
    found: int
    pages: int
    counts: Mapping[Whose, int]
    languages: Sequence[str]
    coaches: Sequence[Staff]
    load: int | None
    key: int


@dataclass(frozen=True, slots=True)
class _Circle:
    """Whom the staff member can see at all, and how they stand to each."""

    guard: Guard
    team: Team
    staff: Staff
    everybody: Sequence[Participant]
    covered: frozenset[int] = field(default_factory=frozenset)

    def of(self, whose: Whose) -> list[Participant]:
        belongs: Mapping[Whose, Callable[[Participant], bool]] = {
            Whose.MINE: lambda one: one.coach_id == self.staff.id,
            Whose.STANDING_IN: lambda one: one.coach_id in self.covered,
            Whose.POOL: lambda one: one.coach_id is None,
            Whose.TEAM: lambda _: self.guard.here(Action.CHANGE_PLAN).is_allowed,
        }
        return [one for one in self.everybody if belongs[whose](one)]


def listing(
    uow: UnitOfWork, rules: Rulebook, staff: Staff, wish: Wish, now: datetime, *, again: bool = False
) -> Listing:
    """The people whom this staff member wants to see and may. How many statements that takes is fixed.

    That somebody looked is written to the audit log, once for the page; `again` as in `note_look`.
    """
    circle = _circle(uow, rules, staff, now)
    counts = {whose: len(circle.of(whose)) for whose in Whose}
    scope = circle.of(wish.whose)
    coaches = [circle.team.members[one] for one in _coaches(scope) if one in circle.team.members]
    if wish.whose is Whose.TEAM and wish.coach_id:
        scope = [one for one in scope if one.coach_id == wish.coach_id]
    found = _sorted(uow, circle, _filtered(uow, circle, scope, wish, now), wish, now)
    pages = max(1, -(-len(found) // PAGE))
    at = min(max(wish.page, 1), pages) - 1
    shown = found[at * PAGE : (at + 1) * PAGE]
    note_look(uow, staff, ("people_listed", f"{wish.whose.value}:{len(shown)}"), now, again=again)
    loads, one_coach = load_of(circle.everybody), _one_coach(wish, staff)
    return Listing(
        rows=_rows(uow, rules, circle, shown, now),
        found=len(found),
        pages=pages,
        counts=counts,
        languages=sorted({one.language for one in scope}),
        coaches=coaches,
        load=loads[one_coach] if one_coach else None,
        key=caseload.key_of(uow, rules, staff.agency_id),
    )


def circle_of(
    uow: UnitOfWork, rules: Rulebook, staff: Staff, lists: Collection[Whose], now: datetime
) -> Mapping[int, Participant]:
    """Everybody in one of these lists of a staff member, by number."""
    circle = _circle(uow, rules, staff, now)
    return {one.id: one for whose in lists for one in circle.of(whose)}


def load_of(people: Iterable[Participant]) -> Counter[int]:
    """How many of these people each coach looks after."""
    return Counter(one.coach_id for one in people if one.coach_id)


def _circle(uow: UnitOfWork, rules: Rulebook, staff: Staff, now: datetime) -> _Circle:
    guard = Guard(uow, rules, staff, now)
    team = duty.team(uow, staff.agency_id, now, rules.hours[staff.agency_id])
    everybody = guard.people(uow.people_view.looked_after(staff.agency_id), Action.SEE_QUEUE_ROW)
    covered = {one for one in _coaches(everybody) if one != staff.id and _stands_in(team, one, staff)}
    return _Circle(guard, team, staff, everybody, frozenset(covered))


def _stands_in(team: Team, coach_id: int, staff: Staff) -> bool:
    deputy = None if team.is_present(coach_id) else team.standing_in(coach_id)
    return deputy is not None and deputy.id == staff.id


def _coaches(people: Iterable[Participant]) -> list[int]:
    return sorted({one.coach_id for one in people if one.coach_id})


def _one_coach(wish: Wish, staff: Staff) -> int:
    return staff.id if wish.whose is Whose.MINE else wish.coach_id if wish.whose is Whose.TEAM else 0


def _filtered(
    uow: UnitOfWork, circle: _Circle, scope: Sequence[Participant], wish: Wish, now: datetime
) -> list[Participant]:
    found = [
        one
        for one in scope
        if (not wish.is_paused or one.is_paused(now)) and wish.language in ("", one.language)
    ]
    if wish.words:
        wanted = wish.words.casefold()
        # Names are sealed and in no index: those of this list are opened and compared here.
        names = uow.people_view.names(_numbers(circle.guard.people(found, Action.SEE_NAME)))
        found = [
            one
            for one in found
            if wanted in one.case_code.casefold() or wanted in names.get(one.id, "").casefold()
        ]
    if wish.quiet_days:
        last = uow.people_view.last_contacts(circle.staff.agency_id, _numbers(found))
        before = now - timedelta(days=wish.quiet_days)
        found = [one for one in found if last.get(one.id, _EARLIEST) <= before]
    return found


def _sorted(
    uow: UnitOfWork, circle: _Circle, people: Sequence[Participant], wish: Wish, now: datetime
) -> list[Participant]:
    view, numbers = uow.people_view, _numbers(people)
    keys: dict[int, tuple[object, ...]]
    match wish.order:
        case Order.CONTACT:
            last = view.last_contacts(circle.staff.agency_id, numbers)
            keys = {one: (last.get(one, _EARLIEST),) for one in numbers}
        case Order.CONCERNS:
            open_now = view.open_concerns(numbers)
            keys = {one: _urgency(open_now.get(one, ())) for one in numbers}
        case Order.APPOINTMENT:
            meetings = view.next_meetings(numbers, now)
            keys = {one: (meetings[one].at if one in meetings else _LATEST,) for one in numbers}
        case Order.MONTH:
            programmes = view.participations(numbers)
            keys = {one: (_began(programmes.get(one, ())),) for one in numbers}
        case Order.NAME:
            names = view.names(_numbers(circle.guard.people(people, Action.SEE_NAME)))
            # Whoever has no name comes behind those who have one, by case code.
            keys = {
                one.id: (one.id not in names, names.get(one.id, one.case_code).casefold()) for one in people
            }
    return sorted(people, key=lambda one: (*keys[one.id], one.id))


def _urgency(concerns: Sequence[tuple[int, Level]]) -> tuple[object, ...]:
    return (-max((int(level.value[1]) + 1 for _, level in concerns), default=0), -len(concerns))


def _began(programmes: Sequence[Participation]) -> datetime:
    return min((one.enrolment.began_at for one in programmes), default=_LATEST)


def _rows(
    uow: UnitOfWork, rules: Rulebook, circle: _Circle, people: Sequence[Participant], now: datetime
) -> list[Row]:
    view, guard, numbers = uow.people_view, circle.guard, _numbers(people)
    names = view.names(_numbers(guard.people(people, Action.SEE_NAME)))
    kept = {one for one, given in uow.talks.given_by(numbers).items() if RESTRICTION in standing(given)}
    # Of whoever wants their data to be only kept, no more is read than where they stand.
    read = [one for one in _numbers(guard.people(people, Action.SEE_CONTENT)) if one not in kept]
    pack = rules.book.packs.get(PACK)
    values = view.values(read, (f"{PACK}.{SCALE}", pack.version), MOST_VALUES) if pack else {}
    answered, last = view.last_answers(read), view.last_contacts(circle.staff.agency_id, numbers)
    concerns, programmes = view.open_concerns(numbers), view.participations(numbers)
    channels = view.channels(numbers)
    meetings = view.next_meetings(_numbers(guard.people(people, Action.SEE_APPOINTMENT)), now)

    def row(one: Participant) -> Row:
        coach = circle.team.members.get(one.coach_id or 0)
        theirs, met_at = programmes.get(one.id, ()), last.get(one.id)
        return Row(
            person=one,
            name=names.get(one.id, ""),
            coach=coach.name if coach else "",
            met_at=met_at,
            contact=contact_age(uow, rules, one.id, (theirs, met_at), now) if theirs else None,
            concerns=concerns.get(one.id, ()),
            meeting=meetings.get(one.id),
            values=values.get(one.id, ()),
            answered_at=answered.get(one.id),
            programmes=theirs,
            channel=channels.get(one.id, ""),
            is_restricted=one.id in kept,
        )

    return [row(one) for one in people]


def _numbers(people: Collection[Participant]) -> list[int]:
    return [one.id for one in people]
