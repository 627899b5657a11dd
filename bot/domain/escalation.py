# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The ladder that a concern climbs until a human has taken it over, and what no ladder may be like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.concerns import Level
from bot.domain.editions import Origin


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

#: How often a rung is called again at most.
MOST_REPEATS = 10


@dataclass(frozen=True, slots=True)
class Repeat:
    """Call a rung again `every` so often while the next one waits, at most `times` (1 to 10) times."""

    every: timedelta
    times: int = MOST_REPEATS


@dataclass(frozen=True, slots=True)
class Draft:
    """A ladder as people write it: for each rung of `policy`, whether it is called again in between."""

    policy: Policy
    repeats: tuple[Repeat | None, ...]

    def climbed(self) -> Policy:
        """The ladder with every repeated call as a rung of its own. No rung waits longer for those before."""
        rungs: list[Rung] = []
        policy, waited = self.policy, timedelta()
        for number, (rung, repeat) in enumerate(zip(policy.rungs, self.repeats, strict=True)):
            rungs.append(replace(rung, after=rung.after - waited))
            following = policy.rungs[number + 1] if number + 1 < len(policy.rungs) else None
            gap = following.after if following else policy.again_after
            by_working_time = following.working_time if following else rung.working_time
            waited = timedelta()
            for _ in range(repeat.times if repeat else 0):
                if repeat is None or waited + repeat.every >= gap:
                    break
                waited += repeat.every
                rungs.append(replace(rung, after=repeat.every, working_time=by_working_time))
        return replace(policy, rungs=tuple(rungs), again_after=policy.again_after - waited)


Drafts = dict[Level, Draft]


@dataclass(frozen=True, slots=True)
class LadderEdition:
    """One published version of a set of ladders; `version` counts from 1, and the highest is in force.

    A version whose origin is `SHIPPED` says that the set follows what comes with the installation, in later
    versions too; its source is empty for a set of which nothing comes: it then is as the standard is.
    """

    agency_id: int
    name: str
    version: int
    digest: str
    source: str
    origin: Origin
    published_at: datetime
    actor: str


_HOUR = timedelta(hours=1)
#: The longest time until the lead is called, until the ladder begins again, and for choosing a next step. The
#: hour for R3 is from domain.md 4.5 (lead after 30 minutes, in working time) with room; the others let a
#: concern of today be seen within two working days, and a wish within a week.
LONGEST: dict[Level, timedelta] = {Level.R3: _HOUR, Level.R2: 16 * _HOUR, Level.R1: 40 * _HOUR}


class Wrong(StrEnum):
    """Why a ladder is refused."""

    ONLY_COACH = "only_coach"
    NO_LEAD = "no_lead"
    HIDDEN_DANGER = "hidden_danger"
    ALL_HIDDEN = "all_hidden"
    HIDDEN_LEAD = "hidden_lead"
    FIRST_WAITS = "first_waits"
    NO_WAIT = "no_wait"
    WAITS_TOO_LONG = "waits_too_long"
    NO_GAP = "no_gap"
    LEAD_TOO_LATE = "lead_too_late"
    ENDS = "ends"
    AGAIN_TOO_LATE = "again_too_late"
    STEP_TOO_LATE = "step_too_late"
    NO_TIME_FOR_STEP = "no_time_for_step"
    TOLD_TOO_LATE = "told_too_late"
    NEVER_TOLD = "never_told"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a ladder is refused: at the rung with this index, or, if None, as a whole."""

    rung: int | None
    what: str
    remedy: str
    kind: Wrong


def faults(policy: Policy, repeats: Sequence[Repeat | None] = ()) -> Iterator[Fault]:
    """Everything by which this ladder could leave somebody without a human who can be reached.

    `repeats` are those of its rungs, as in a `Draft`.
    """
    yield from _missing_calls(policy)
    yield from _wrong_rungs(policy)
    for index, repeat in enumerate(repeats):
        if repeat is not None and not repeat.every:
            remedy = "Use at least '1 minute', or drop it: then the rung is called once."
            yield Fault(index, "'every' is no time at all", remedy, Wrong.NO_GAP)
    yield from _wrong_times(policy)


def _missing_calls(policy: Policy) -> Iterator[Fault]:
    called = {target for rung in policy.rungs for target in rung.targets}
    if not called & {Target.LEAD, Target.DUTY, Target.POOL}:
        what = "only the coach and the deputy are called: when both are away, nobody is"
        yield Fault(None, what, "Add a rung with 'call: [lead]'.", Wrong.ONLY_COACH)
    elif Target.LEAD not in called:
        what = "the ladder ends without the lead"
        yield Fault(None, what, "Add a rung with 'call: [lead]'.", Wrong.NO_LEAD)
    for index, rung in enumerate(policy.rungs):
        if policy.level is Level.R3 and not _wakes(rung):
            remedy = "Add messenger or mail to 'where', or drop it."
            yield Fault(index, "danger is shown only in the console", remedy, Wrong.HIDDEN_DANGER)
    if policy.level is not Level.R3:
        yield from _hidden_calls(policy)


def _hidden_calls(policy: Policy) -> Iterator[Fault]:
    with_lead = [rung for rung in policy.rungs if Target.LEAD in rung.targets]
    if not any(_wakes(rung) for rung in policy.rungs):
        remedy = "Add messenger or mail to 'where' of one rung."
        yield Fault(None, "every rung is shown only in the console", remedy, Wrong.ALL_HIDDEN)
    elif with_lead and not any(_wakes(rung) for rung in with_lead):
        # While coach and deputy are away, nobody would hear of it.
        remedy = "Add messenger or mail to 'where' of a rung with the lead."
        yield Fault(None, "the lead is called only in the console", remedy, Wrong.HIDDEN_LEAD)


def _wakes(rung: Rung) -> bool:
    """Whether it calls anywhere else than in the console, which may not be open."""
    return rung.where != (Way.CONSOLE,)


def _wrong_rungs(policy: Policy) -> Iterator[Fault]:
    longest, limit = _limit(policy.level)
    if policy.rungs and policy.rungs[0].after:
        remedy = "Begin with 'after: 0 minutes': somebody is called at once."
        yield Fault(0, "the first rung waits", remedy, Wrong.FIRST_WAITS)
    for index, rung in enumerate(policy.rungs[1:], start=1):
        if not rung.after:
            remedy = "Put whom it calls into the rung before."
            yield Fault(index, "this rung does not wait", remedy, Wrong.NO_WAIT)
        if rung.after > longest:
            what = f"this rung waits longer than {limit}"
            yield Fault(index, what, f"Use at most {limit}.", Wrong.WAITS_TOO_LONG)


def _wrong_times(policy: Policy) -> Iterator[Fault]:
    longest, limit = _limit(policy.level)
    if _until_lead(policy) > longest:
        what = f"the lead is called later than after {limit}"
        yield Fault(None, what, "Call the lead earlier, or wait less.", Wrong.LEAD_TOO_LATE)
    if not policy.again_after:
        remedy = "Add 'again_after', for example '1 hour': it must begin again."
        yield Fault(None, "the ladder ends", remedy, Wrong.ENDS)
    if not policy.choose_step_within:
        # What is taken over would be open again at once.
        what, remedy = (
            "'choose_step_within' leaves no time",
            "Use at least '1 minute', for example '15 minutes'.",
        )
        yield Fault(None, what, remedy, Wrong.NO_TIME_FOR_STEP)
    for field, span, kind in (
        ("again_after", policy.again_after, Wrong.AGAIN_TOO_LATE),
        ("choose_step_within", policy.choose_step_within, Wrong.STEP_TOO_LATE),
        ("tell_after", policy.tell_after or timedelta(), Wrong.TOLD_TOO_LATE),
    ):
        if span > longest:
            yield Fault(None, f"'{field}' is longer than {limit}", f"Use at most {limit}.", kind)
    if policy.level is Level.R3 and not policy.tell_after:
        what = "the person is never told that nobody has answered yet"
        yield Fault(None, what, "Add 'tell_after', for example '15 minutes'.", Wrong.NEVER_TOLD)


def _limit(level: Level) -> tuple[timedelta, str]:
    longest = LONGEST[level]
    return longest, "60 minutes" if longest <= _HOUR else f"{longest // _HOUR} hours"


def _until_lead(policy: Policy) -> timedelta:
    waited = timedelta()
    for rung in policy.rungs:
        waited += rung.after
        if Target.LEAD in rung.targets and _wakes(rung):
            return waited
    return timedelta()
