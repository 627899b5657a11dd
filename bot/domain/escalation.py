# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The ladder that a concern climbs until a human has taken it over, and what no ladder may be like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.concerns import Level


class Target(StrEnum):
    """Whom a rung calls."""

    OWNER = "owner"  # or at once whoever stands in; the pool where nobody is assigned
    DEPUTY = "deputy"
    LEAD = "lead"
    DUTY = "duty"  # whoever has the shift at that moment
    POOL = "pool"  # the coaches of the team


class Way(StrEnum):
    """Where a rung calls."""

    MESSENGER = "messenger"
    MAIL = "mail"
    CONSOLE = "console"  # seen only by somebody who has it open


@dataclass(frozen=True, slots=True)
class Rung:
    """Call `targets` when `after` has passed since the rung before, in working time or on the wall clock.

    `where` are the ways to call them; none given: every way that the person has.
    """

    after: timedelta
    targets: tuple[Target, ...]
    working_time: bool = True
    where: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The rungs for one level.

    After the last rung the ladder begins again, `again_after` later, and the lead is told.
    `choose_step_within` is how long somebody who took over may leave the next step open.
    `tell_after` is when the person hears by itself that nobody has answered yet; None means never.
    `out_of_hours` are called with every rung while the agency is closed; if any of them is there, the ladder
    goes on by the wall clock, because somebody is at work.
    """

    level: Level
    rungs: tuple[Rung, ...]
    again_after: timedelta
    choose_step_within: timedelta
    tell_after: timedelta | None = None
    out_of_hours: tuple[Target, ...] = ()


Policies = dict[Level, Policy]

_HOUR = timedelta(hours=1)
#: The longest time until the lead is called, until the ladder begins again, and for choosing a next step. The
#: hour for R3 is from domain.md 4.5 (lead after 30 minutes, in working time) with room; the others let a
#: concern of today be seen within two working days, and a wish within a week.
LONGEST: dict[Level, timedelta] = {Level.R3: _HOUR, Level.R2: 16 * _HOUR, Level.R1: 40 * _HOUR}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a ladder is refused: at the rung with this index, or, if None, as a whole."""

    rung: int | None
    what: str
    remedy: str


def faults(policy: Policy) -> Iterator[Fault]:
    """Everything by which this ladder could leave somebody without a human who can be reached."""
    yield from _missing_calls(policy)
    yield from _wrong_rungs(policy)
    yield from _wrong_times(policy)


def _missing_calls(policy: Policy) -> Iterator[Fault]:
    called = {target for rung in policy.rungs for target in rung.targets}
    if not called & {Target.LEAD, Target.DUTY, Target.POOL}:
        what = "only the coach and the deputy are called: when both are away, nobody is"
        yield Fault(None, what, "Add a rung with 'call: [lead]'.")
    elif Target.LEAD not in called:
        yield Fault(None, "the ladder ends without the lead", "Add a rung with 'call: [lead]'.")
    for index, rung in enumerate(policy.rungs):
        if policy.level is Level.R3 and rung.where == (Way.CONSOLE,):
            yield Fault(
                index, "danger is shown only in the console", "Add messenger or mail to 'where', or drop it."
            )
    if policy.level is not Level.R3 and all(rung.where == (Way.CONSOLE,) for rung in policy.rungs):
        yield Fault(
            None, "every rung is shown only in the console", "Add messenger or mail to 'where' of one rung."
        )


def _wrong_rungs(policy: Policy) -> Iterator[Fault]:
    longest, limit = _limit(policy.level)
    if policy.rungs and policy.rungs[0].after:
        yield Fault(0, "the first rung waits", "Begin with 'after: 0 minutes': somebody is called at once.")
    for index, rung in enumerate(policy.rungs[1:], start=1):
        if not rung.after:
            yield Fault(index, "this rung does not wait", "Put whom it calls into the rung before.")
        if rung.after > longest:
            yield Fault(index, f"this rung waits longer than {limit}", f"Use at most {limit}.")


def _wrong_times(policy: Policy) -> Iterator[Fault]:
    longest, limit = _limit(policy.level)
    if _until_lead(policy) > longest:
        yield Fault(
            None, f"the lead is called later than after {limit}", "Call the lead earlier, or wait less."
        )
    if not policy.again_after:
        yield Fault(None, "the ladder ends", "Add 'again_after', for example '1 hour': it must begin again.")
    for field, span in (
        ("again_after", policy.again_after),
        ("choose_step_within", policy.choose_step_within),
        ("tell_after", policy.tell_after or timedelta()),
    ):
        if span > longest:
            yield Fault(None, f"'{field}' is longer than {limit}", f"Use at most {limit}.")
    if policy.level is Level.R3 and not policy.tell_after:
        yield Fault(
            None,
            "the person is never told that nobody has answered yet",
            "Add 'tell_after', for example '15 minutes'.",
        )


def _limit(level: Level) -> tuple[timedelta, str]:
    longest = LONGEST[level]
    return longest, "60 minutes" if longest <= _HOUR else f"{longest // _HOUR} hours"


def _until_lead(policy: Policy) -> timedelta:
    waited = timedelta()
    for rung in policy.rungs:
        waited += rung.after
        if Target.LEAD in rung.targets:
            return waited
    return timedelta()
