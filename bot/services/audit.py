# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The auditor's checks: each asks one question about all live data and names what breaks a promise.

Checks only read. What can be put right is put right in `audit_repairs`. P2 is held by a unique key and can
only be seen to be held; P8 (quiet logs) leaves nothing in the data, its tests read the logs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import msgspec

from bot.audit_ports import Broken, Held, Holding
from bot.domain.audit import LATENESS, SHOWN, AuditRecord, Fault, Finding, Pace
from bot.domain.concerns import Level, State
from bot.domain.duty import Team
from bot.domain.escalation import LONGEST, Policy
from bot.ports import UnitOfWork
from bot.services import duty, duty_watch, follow_plans
from bot.services.handle_concern import LONGEST_REST, midnight
from bot.services.rulebook import Rulebook
from dialogs.session import load

#: Somebody in danger is told that nobody has answered for so long, and for as long before as nobody was there
#: to read: later it would be news of a danger that others have dealt with.
_STILL_NEWS = timedelta(days=1)
_LONGEST_CLOSED = timedelta(days=14)
_POLICY = msgspec.json.Decoder(Policy)


@dataclass(frozen=True, slots=True)
class Look:
    """What a check is given. `late`: what was due before it is stuck. `after`: see `Soundness.find`."""

    rules: Rulebook
    now: datetime
    late: datetime
    after: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check found, whole, and where the next cycle goes on."""

    broken: tuple[Broken, ...]
    next_after: int = 0

    def beside(self, known: Sequence[Broken], after: int) -> Seen:
        """With what is known of the parts that were not looked at; this one began behind the id `after`."""
        end = self.next_after
        kept = [one for one in known if one[1] <= after or (end and one[1] > end)]
        return Seen((*kept, *self.broken), end)

    def findings(self, fault: Fault, repaired: Iterable[int] = ()) -> tuple[Finding, ...]:
        """What is left of it, by agency."""
        done = set(repaired)
        by_agency: dict[int, list[int]] = {}
        for agency_id, number in self.broken:
            if number not in done:
                by_agency.setdefault(agency_id, []).append(number)
        return tuple(
            Finding(fault, agency_id, len(ids), tuple(sorted(ids)[:SHOWN]))
            for agency_id, ids in sorted(by_agency.items())
        )


Check = Callable[[UnitOfWork, Look], Seen]


def due_checks(record: AuditRecord, now: datetime, pace: Pace) -> list[Fault]:
    """The faults to look for in this cycle: lateness only after it was watched for long enough."""
    is_settled = record.watched_since <= now - pace.grace
    return [fault for fault in CHECKS if is_settled or fault not in LATENESS]


def look(
    uow: UnitOfWork, rules: Rulebook, fault: Fault, record: AuditRecord, at: tuple[datetime, Pace]
) -> Seen:
    """Look for one fault. Changes nothing."""
    now, pace = at
    after = record.cursors.get(fault.value, 0)
    seen = CHECKS[fault](uow, Look(rules, now, now - pace.grace, after))
    # What was broken in another part is not mended because this one is in order.
    return seen.beside(record.known.get(fault.value, ()), after)


def _find(uow: UnitOfWork, look: Look, fault: Fault) -> Seen:
    broken = uow.soundness.find(fault, look.now, look.late, look.after)
    return Seen(tuple(broken), uow.soundness.part_end(fault, look.after))


def _stuck(uow: UnitOfWork, look: Look) -> Seen:
    return Seen(tuple(uow.soundness.stuck(look.now, look.late)))


def _sealed(uow: UnitOfWork, look: Look) -> Seen:
    """Open concerns for which nobody could be called: what is kept of them cannot be opened."""
    return Seen(tuple(uow.soundness.sealed(look.after)), uow.soundness.part_end(Fault.SEALED, look.after))


def _without_ladder(uow: UnitOfWork, look: Look) -> Seen:
    """Concerns whose stored ladder cannot be read, or has no rung."""
    found: list[Broken] = []
    for agency_id, text in uow.soundness.ladders():
        if not is_ladder(text):
            found += [(agency_id, number) for number in uow.soundness.with_ladder(agency_id, text)]
    return Seen(tuple(found))


def is_ladder(text: str) -> bool:
    """Whether a concern can climb by this stored ladder."""
    try:
        return bool(_POLICY.decode(text).rungs)
    except msgspec.DecodeError:
        return False


def _resting(uow: UnitOfWork, look: Look) -> Seen:
    """Concerns that would be silent for longer than any ladder, or any human, may let them rest."""
    found: set[Broken] = set()
    for agency_id, hours in look.rules.hours.items():
        ends = {level: hours.after_working(look.now, span) for level, span in LONGEST.items()}
        rest = max(*ends.values(), hours.next_open(look.now + LONGEST_REST))
        found.update(uow.soundness.resting(agency_id, rest))
        for level, end in ends.items():
            found.update(uow.soundness.resting(agency_id, end, level, State.OPEN))
            # Whoever has danger in hand chooses by the clock, and for the same day.
            is_danger = level is Level.R3
            chosen = look.now + LONGEST[level] if is_danger else end
            found.update(uow.soundness.resting(agency_id, chosen, level, State.TAKEN))
            if is_danger:
                day = midnight(hours, look.now)
                found.update(uow.soundness.resting(agency_id, day, level, State.IN_HAND))
    return Seen(tuple(sorted(found)))


def _without_human(uow: UnitOfWork, look: Look) -> Seen:
    """Concerns of which nobody who can be reached knows, and that are not marked as uncovered."""
    found: list[Broken] = []
    crews: dict[int, Crew] = {}
    for holding in uow.soundness.holdings():
        agency_id = holding.agency_id
        if agency_id not in look.rules.hours:
            # An agency that the settings do not name has nobody who could be called.
            found += [(agency_id, one.id) for one in uow.soundness.held(holding)]
            continue
        crew = crews.get(agency_id) or crews.setdefault(agency_id, Crew(uow, look, agency_id))
        if not crew.knows(holding):
            found += [(agency_id, one.id) for one in _unseen(uow, look, crew, holding)]
    return Seen(tuple(found))


def _unseen(uow: UnitOfWork, look: Look, crew: Crew, holding: Holding) -> list[Held]:
    """Out of hours only danger is looked at: everything else rests until somebody reads again."""
    is_read = look.rules.is_read_now(holding.agency_id, look.now)
    if not holding.is_taken:
        held = uow.soundness.uncalled(holding, crew.reachable)
        return [one for one in held if is_read or one.level is Level.R3]
    # Whoever took it over and is back before the next step is due has it; danger does not wait for that.
    return [
        one
        for one in uow.soundness.held(holding)
        if one.level is Level.R3 or (is_read and not crew.is_back(holding, one.next_action_at))
    ]


class Crew:
    """Who of an agency can be called at this moment, looked up once for all its concerns."""

    def __init__(self, uow: UnitOfWork, look: Look, agency_id: int) -> None:
        self._team: Team = duty.team(uow, agency_id, look.now, look.rules.hours[agency_id])
        members = list(self._team.members)
        addresses = uow.people.staff_addresses(members) if members else []
        self._linked = {one.staff_id for one in addresses}

    @property
    def reachable(self) -> list[int]:
        """Who is there and has an open address."""
        return [one for one in self._team.members if self._team.is_present(one) and one in self._linked]

    def knows(self, holding: Holding) -> bool:
        """Whether the holder or a deputy can be called; never of what is nobody's."""
        holder = holding.holder_id
        if holder is None:
            return False
        # A day off by one's own hours takes nothing out of a hand: the next step has its date.
        is_there = not self._team.is_away(holder) if holding.is_taken else self._team.is_present(holder)
        stand_in = self._team.standing_in(holder)
        return (is_there and holder in self._linked) or (stand_in is not None and stand_in.id in self._linked)

    def is_back(self, holding: Holding, by: datetime | None) -> bool:
        """Whether the holder's absence is over by then."""
        holder = holding.holder_id or 0
        absence = self._team.away.get(holder)
        if by is None or absence is None or not self._team.is_in_team(holder) or holder not in self._linked:
            return False
        return absence.until is not None and absence.until <= by


def _left_waiting(uow: UnitOfWork, look: Look) -> Seen:
    """People in danger who would never hear that nobody has answered them."""
    found: list[Broken] = []
    for agency_id, hours in look.rules.hours.items():
        # Nothing that is promised for danger is promised for later.
        until = max(hours.after_working(look.now, LONGEST[Level.R3]), look.now + LONGEST[Level.R3])
        found += uow.soundness.left_waiting(agency_id, _promised_since(look, agency_id), until)
    return Seen(tuple(found))


def _promised_since(look: Look, agency_id: int) -> datetime:
    """What was raised on a Friday evening was promised for Monday: it is news for a day from then."""
    since = look.now - _STILL_NEWS
    while not look.rules.is_read_now(agency_id, since) and since > look.now - _LONGEST_CLOSED:
        since -= timedelta(hours=1)
    return since


def _plan_lost(uow: UnitOfWork, look: Look) -> Seen:
    """People whom a plan would ask one day, and nothing would remember it."""
    candidates = uow.soundness.without_plan_timer(look.after)
    people = uow.people.participants_by([number for _, number in candidates])
    found = [
        (agency_id, number)
        for agency_id, number in candidates
        if agency_id in look.rules.hours
        and follow_plans.is_left_behind(uow, look.rules, people[number], look.now)
    ]
    return Seen(tuple(found), uow.soundness.part_end(Fault.PLAN_LOST, look.after))


def _duty_lost(uow: UnitOfWork, look: Look) -> Seen:
    """Agencies in which nobody would look any more who will be there."""
    # A closure may last longer than that: then it waits for its end.
    by = {one: hours.next_open(look.now + _LONGEST_CLOSED * 2) for one, hours in look.rules.hours.items()}
    lost = [one for one in by if not uow.soundness.has_timer(duty_watch.TIMER_KIND, one, by[one])]
    return Seen(tuple((one, one) for one in sorted(lost)))


def _version_gone(uow: UnitOfWork, look: Look) -> Seen:
    """Conversations under way whose dialogs are not kept in the version on which they run."""
    sessions = [row for row in uow.soundness.sessions(look.after) if row[2] != ""]
    known = uow.soundness.versions() if sessions else set()
    broken = [(agency, number) for agency, number, text in sessions if not _runs_on(text or "", known)]
    return Seen(tuple(broken), uow.soundness.part_end(Fault.VERSION_GONE, look.after))


def _runs_on(text: str, known: set[tuple[str, int]]) -> bool:
    try:
        frames = load(text).frames
    except msgspec.DecodeError:
        return False
    return all((frame.dialog, frame.version) in known for frame in frames)


#: In the order in which they are made: concerns first.
CHECKS: Mapping[Fault, Check] = {
    Fault.UNREADABLE: partial(_find, fault=Fault.UNREADABLE),
    Fault.SEALED: _sealed,
    Fault.NO_LADDER: _without_ladder,
    Fault.RESTS_TOO_LONG: _resting,
    Fault.NO_TIMER: partial(_find, fault=Fault.NO_TIMER),
    Fault.OVERDUE: partial(_find, fault=Fault.OVERDUE),
    Fault.CALL_LOST: partial(_find, fault=Fault.CALL_LOST),
    Fault.NOBODY: _without_human,
    Fault.LEAD_NOT_TOLD: partial(_find, fault=Fault.LEAD_NOT_TOLD),
    Fault.PERSON_NOT_TOLD: partial(_find, fault=Fault.PERSON_NOT_TOLD),
    Fault.LEFT_WAITING: _left_waiting,
    Fault.NO_FIRST_WORDS: partial(_find, fault=Fault.NO_FIRST_WORDS),
    Fault.HELP_LOST: partial(_find, fault=Fault.HELP_LOST),
    Fault.TALK_WITHOUT_END: partial(_find, fault=Fault.TALK_WITHOUT_END),
    Fault.CLOSED_BY_NOBODY: partial(_find, fault=Fault.CLOSED_BY_NOBODY),
    Fault.DELIVERY_TWICE: partial(_find, fault=Fault.DELIVERY_TWICE),
    Fault.LEASE_OVER: partial(_find, fault=Fault.LEASE_OVER),
    Fault.MESSAGE_STUCK: _stuck,
    Fault.MESSAGE_UNREADABLE: partial(_find, fault=Fault.MESSAGE_UNREADABLE),
    Fault.TIMER_LATE: partial(_find, fault=Fault.TIMER_LATE),
    Fault.TIMER_PARKED: partial(_find, fault=Fault.TIMER_PARKED),
    Fault.UNWANTED: partial(_find, fault=Fault.UNWANTED),
    Fault.WRONG_ADDRESS: partial(_find, fault=Fault.WRONG_ADDRESS),
    Fault.SCORE_WITHOUT_RULE: partial(_find, fault=Fault.SCORE_WITHOUT_RULE),
    Fault.UNTRUE_RECEIPT: partial(_find, fault=Fault.UNTRUE_RECEIPT),
    Fault.APPOINTMENT_LOST: partial(_find, fault=Fault.APPOINTMENT_LOST),
    Fault.VISIT_LOST: partial(_find, fault=Fault.VISIT_LOST),
    Fault.NEVER_WAKES: partial(_find, fault=Fault.NEVER_WAKES),
    Fault.PLAN_LOST: _plan_lost,
    Fault.DUTY_LOST: _duty_lost,
    Fault.REFERRAL_LOST: partial(_find, fault=Fault.REFERRAL_LOST),
    Fault.CONFERENCE_LOST: partial(_find, fault=Fault.CONFERENCE_LOST),
    Fault.TASK_LOST: partial(_find, fault=Fault.TASK_LOST),
    Fault.VERSION_GONE: _version_gone,
}
