# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the auditor puts right by itself: each repair looks again, under lock, and is written down.

The history of the concern says "repaired", the audit log which fault it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.audit_ports import Broken
from bot.domain.audit import Fault
from bot.domain.concerns import Concern, Level, State
from bot.domain.messages import Draft
from bot.ports import Receipt, UnitOfWork
from bot.services import audit_waits, crisis, escalate, not_reached
from bot.services.audit import is_ladder
from bot.services.ladder import snapshot
from bot.services.rulebook import Rulebook

ACTOR = "auditor"
#: So many rows of one fault are repaired in one commit: others want to write, too.
AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Repaired:
    """The ids that are in order now, how many of them had to be changed, and what follows."""

    ids: tuple[int, ...]
    changed: int
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Mended:
    """What follows from the repair of one concern."""

    drafts: Sequence[Draft] = ()
    woken: frozenset[str] = frozenset()


def can_repair(fault: Fault) -> bool:
    """Whether this fault can be put right without a human."""
    return fault in _CONCERNS or fault in _MESSAGES or fault in _WAITS


def promising(rules: Rulebook, fault: Fault, broken: Sequence[Broken]) -> list[int]:
    """The ids of which a repair may put something right, in order.

    Whoever is to be called or told is so by the settings of the agency: without them each row would fail by
    itself, in every cycle.
    """
    if not can_repair(fault):
        return []
    return sorted({number for agency, number in broken if fault in _ANYWHERE or agency in rules.hours})


def repair(
    uow: UnitOfWork, rules: Rulebook, fault: Fault, ids: Sequence[int], at: tuple[datetime, datetime]
) -> Repaired:
    """Put these rows right. `at` is now, and since when something is late."""
    if fault in _MESSAGES:
        return _MESSAGES[fault](uow, rules, ids, at)
    now = at[0]
    if fault in _WAITS:
        return _set_again(uow, rules, fault, ids, now)
    woken, changed = set[str](), set[int]()
    count = 0
    for number in ids:
        concern = uow.concerns.get(number)
        if concern is None or not concern.is_open:
            continue
        uow.concerns.log(concern.id, now, "repaired", ACTOR, fault.value)
        uow.ledger.note(concern.agency_id, now, ACTOR, f"repaired_{fault.value}", str(concern.id))
        mended = _CONCERNS[fault](uow, rules, concern, now)
        uow.outbox.post(mended.drafts, now)
        woken |= {draft.channel for draft in mended.drafts} | mended.woken
        changed.add(concern.participant_id)
        count += 1
    return Repaired(tuple(ids), count, Receipt("", frozenset(woken), frozenset(changed)))


def _set_timer(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> Mended:
    """It goes on at its moment, or at once if that is over or was lost."""
    del rules
    at = max(concern.next_action_at or now, now)
    if concern.next_action_at is None:
        uow.concerns.save(replace(concern, next_action_at=at))
    kind, key = escalate.TIMER_KIND, escalate.timer_key(concern.id)
    uow.timers.set(concern.agency_id, kind, concern.id, at, key)
    return Mended()


def _renew_ladder(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> Mended:
    """The ladder of its programme as it is today: better than none."""
    del now
    if not is_ladder(concern.policy):
        uow.concerns.save(_with_todays_ladder(uow, rules, concern))
    return Mended()


def _with_todays_ladder(uow: UnitOfWork, rules: Rulebook, concern: Concern) -> Concern:
    person = uow.plans.lock(concern.participant_id)
    programme = person.programme if person else ""
    policies = rules.policies_of(uow, concern.agency_id, programme)
    policy = policies.get(concern.level) or policies[Level.R1]
    return replace(concern, policy=snapshot(policy), rung=0, round=0)


def _wake(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> Mended:
    """Call at once. By today's ladder: it may be the stored one that would let it rest for so long."""
    return _call(uow, rules, _with_todays_ladder(uow, rules, concern), now)


def _call(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> Mended:
    """Call whoever is there, at once; what somebody has who cannot be reached is open again."""
    call = escalate.climb if concern.state is State.OPEN else escalate.take_back
    _, drafts = call(uow, rules, concern, now)
    return Mended(drafts)


def _tell_person(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> Mended:
    """The person hears that nobody can be reached, and is asked not to wait for it."""
    return Mended(woken=crisis.say_nobody_reached(uow, rules, concern, now))


def _set_tell_timer(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> Mended:
    """The person hears it when they were promised to, or at once if that moment is over."""
    # What a clock wrote that ran ahead lies in the future: nobody waits until then.
    since = min(escalate.raised_since(uow, concern), now)
    escalate.set_tell_timer(uow, rules, concern, since, now)
    return Mended()


def _say_first_words(uow: UnitOfWork, rules: Rulebook, concern: Concern, now: datetime) -> Mended:
    """Help first, however late: nobody has had it in hand yet."""
    return Mended(woken=crisis.say_first_words(uow, rules, concern, now))


def _set_again(uow: UnitOfWork, rules: Rulebook, fault: Fault, ids: Sequence[int], now: datetime) -> Repaired:
    what, go_on = _WAITS[fault]
    count = 0
    for number in ids:
        agency_id = go_on(uow, rules, number, now)
        if agency_id is not None:
            uow.ledger.note(agency_id, now, ACTOR, f"repaired_{fault.value}", f"{what}:{number}")
            count += 1
    return Repaired(tuple(ids), count, Receipt())


def _tell_of_lost(
    uow: UnitOfWork, rules: Rulebook, ids: Sequence[int], at: tuple[datetime, datetime]
) -> Repaired:
    """As if it had been lost just now. Of whom nobody can be told, that is left to whoever gets the alarm.

    What cannot be read any more goes nowhere else, but a human is called for it all the same.
    """
    now, done = at[0], list[int]()
    woken, changed = set[str](), set[int]()
    for number in ids:
        _, address_id, participant_id = uow.outbox.goes_to(number) or (0, 0, None)
        address = uow.people.address(address_id)
        known = uow.people.find_contact(address.channel, address.value) if address else None
        if not address or not known or known.participant.id != participant_id:
            continue
        found = uow.outbox.draft_if_readable(number)
        lost = [(number, found[0])] if found else []
        receipt = not_reached.person(uow, rules, address, lost, now)
        woken |= receipt.wake
        changed |= receipt.changed
        done.append(number)
    _note(uow, Fault.HELP_LOST, done, now)
    return Repaired(tuple(done), len(done), Receipt("", frozenset(woken), frozenset(changed)))


def _release(uow: UnitOfWork, rules: Rulebook, ids: Sequence[int], at: tuple[datetime, datetime]) -> Repaired:
    del rules
    freed = uow.soundness.release(ids, *at)
    _note(uow, Fault.LEASE_OVER, ids, at[0])
    return Repaired(tuple(ids), sum(freed.values()), Receipt("", frozenset(freed)))


def _withhold(
    uow: UnitOfWork, rules: Rulebook, ids: Sequence[int], at: tuple[datetime, datetime]
) -> Repaired:
    del rules
    count = uow.soundness.withhold(ids)
    _note(uow, Fault.UNWANTED, ids, at[0])
    return Repaired(tuple(ids), count, Receipt())


def _note(uow: UnitOfWork, fault: Fault, ids: Sequence[int], now: datetime) -> None:
    for number in ids:
        found = uow.outbox.goes_to(number)
        if found is not None:
            uow.ledger.note(found[0], now, ACTOR, f"repaired_{fault.value}", f"outgoing:{number}")


_Mend = Callable[[UnitOfWork, Rulebook, Concern, datetime], Mended]
_CONCERNS: Mapping[Fault, _Mend] = {
    Fault.NO_LADDER: _renew_ladder,
    Fault.RESTS_TOO_LONG: _wake,
    Fault.NO_TIMER: _set_timer,
    Fault.CALL_LOST: _call,
    Fault.NOBODY: _call,
    Fault.PERSON_NOT_TOLD: _tell_person,
    Fault.LEFT_WAITING: _set_tell_timer,
    Fault.NO_FIRST_WORDS: _say_first_words,
}
#: What the ids are of, and what sets the timer; it returns the agency, or None if nothing waits any more.
_WAITS: Mapping[Fault, tuple[str, Callable[[UnitOfWork, Rulebook, int, datetime], int | None]]] = {
    Fault.TALK_WITHOUT_END: ("participant", audit_waits.end_talk),
    Fault.NEVER_WAKES: ("conversation", audit_waits.wake),
    Fault.APPOINTMENT_LOST: ("appointment", audit_waits.plan_appointment),
    Fault.VISIT_LOST: ("appointment", audit_waits.ask_after_visit),
    Fault.PLAN_LOST: ("participant", audit_waits.follow_plans_again),
    Fault.DUTY_LOST: ("agency", audit_waits.watch_duty),
    Fault.REFERRAL_LOST: ("referral", audit_waits.look_at_referral),
    Fault.CONFERENCE_LOST: ("conference", audit_waits.ask_after_conference),
    Fault.TASK_LOST: ("conference_task", audit_waits.remind_of_task),
}
_Handle = Callable[[UnitOfWork, Rulebook, Sequence[int], tuple[datetime, datetime]], Repaired]
_MESSAGES: Mapping[Fault, _Handle] = {
    Fault.HELP_LOST: _tell_of_lost,
    Fault.LEASE_OVER: _release,
    Fault.UNWANTED: _withhold,
}
#: What is put right without the settings of an agency.
_ANYWHERE = frozenset({Fault.NO_TIMER, Fault.NEVER_WAKES, Fault.VISIT_LOST, Fault.LEASE_OVER, Fault.UNWANTED})
