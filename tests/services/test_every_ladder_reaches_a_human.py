# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Promise P1 for any ladder that the checker lets through, any team and any fortnight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from bot.domain.concerns import Concern, Level, State
from bot.domain.duty import Absence, Span
from bot.domain.escalation import LONGEST, Policy, Rung, Target, Way, faults
from bot.domain.people import Role, Standing
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.due import fire
from bot.services.escalate import TIMER_KIND, timer_key
from bot.services.ladder import Ladder, snapshot
from tests.services.stage import MONDAY, Stage

FORTNIGHT = timedelta(days=14)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Colleague:
    """Somebody in the team: which ways they have, when they are away (days from the start), if they left."""

    role: Role
    channels: frozenset[str]
    away: tuple[int, int] | None
    has_left: bool
    deputy: int

    def span(self, began: datetime) -> tuple[datetime, datetime]:
        """From when until when they are away."""
        assert self.away is not None
        since, until = self.away
        return began + timedelta(days=since), began + timedelta(days=until)

    def is_there(self, now: datetime, began: datetime) -> bool:
        """In the team and not away."""
        return not self.has_left and not (self.away and Span(*self.span(began)).contains(now))


colleagues = st.builds(
    Colleague,
    st.sampled_from([Role.COACH, Role.LEAD, Role.ADMIN]),
    st.frozensets(st.sampled_from(["telegram_staff", "mail", "console"]), max_size=2),
    st.none() | st.tuples(st.integers(-3, 10), st.integers(11, 30)),
    st.booleans(),
    st.integers(0, 4),
)
#: Not too short: a fortnight has many quarters of an hour.
spans = st.integers(2, 16).map(lambda quarters: quarters * QUARTER)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any ladder, sound or not."""
    level = draw(st.sampled_from([Level.R1, Level.R2, Level.R3]))
    targets = st.lists(st.sampled_from(list(Target)), min_size=1, max_size=3, unique=True).map(tuple)
    where = st.lists(st.sampled_from(list(Way)), max_size=2, unique=True).map(tuple)
    rungs = draw(
        st.lists(st.builds(Rung, spans, targets, st.booleans(), where), min_size=1, max_size=4).map(tuple)
    )
    return Policy(
        level=level,
        rungs=(replace(rungs[0], after=timedelta()), *rungs[1:]),
        again_after=draw(spans),
        choose_step_within=QUARTER,
        tell_after=QUARTER,
        out_of_hours=draw(st.sampled_from([(), (Target.DUTY,), (Target.POOL,)])),
    )


def settle(uow: UnitOfWork, team: list[Colleague], policy: Policy, began: datetime) -> tuple[int, list[int]]:
    """A team and one person in need; gives back the number of the concern and those of the team."""
    # Whoever was there in the example before is gone.
    for person in uow.people.all_staff(DEFAULT_AGENCY):
        uow.people.change_staff(person.id, left_at=began)
    hired = [uow.people.add_staff(DEFAULT_AGENCY, "Bernd Beispiel", one.role, "", "de") for one in team]
    for number, one in zip(hired, team, strict=True):
        uow.people.change_staff(
            number,
            deputy_id=hired[one.deputy] if one.deputy < len(hired) else None,
            left_at=began if one.has_left else None,
        )
        for channel in one.channels:
            uow.people.add_address(DEFAULT_AGENCY, channel, f"{channel} {number}", staff_id=number)
        if one.away:
            since, until = one.span(began)
            uow.duty.put_absence(Absence(0, DEFAULT_AGENCY, number, since, until))
    owner = hired[0] if hired and team[0].role is Role.COACH else None
    person_id = uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", owner)
    concern = Concern(
        id=0,
        agency_id=DEFAULT_AGENCY,
        participant_id=person_id,
        level=policy.level,
        source="message",
        reason="test",
        state=State.OPEN,
        raised_at=began,
        owner_id=owner,
        next_action_at=began,
        policy=snapshot(policy),
    )
    concern_id = uow.concerns.add(concern)
    uow.timers.set(DEFAULT_AGENCY, TIMER_KIND, concern_id, began, timer_key(concern_id))
    return concern_id, hired


def go_on(uow: UnitOfWork, number: int, now: datetime) -> tuple[Concern, set[int]]:
    """Fire the timer; the concern afterwards, and who was called."""
    before = uow.concerns.get(number)
    assert before is not None
    called = {address.staff_id or 0 for address in Ladder(uow, STAGE.rules, before, now).climb().reached}
    waiting = uow.timers.claim(now, 100, now + QUARTER)
    [timer] = [each for each in waiting if (each.kind, each.subject) == (TIMER_KIND, number)]
    assert fire(uow, STAGE.rules, timer, now).wake or not called
    after = uow.concerns.get(number)
    assert after is not None
    return after, called


def walk(uow: UnitOfWork, team: list[Colleague], policy: Policy, began: datetime) -> None:
    """Live through the fortnight."""
    number, hired = settle(uow, team, policy, began)
    members = dict(zip(hired, team, strict=True))
    leads = {one for one, member in members.items() if member.role is Role.LEAD and not member.has_left}
    now = began
    while now < began + FORTNIGHT:
        concern, called = go_on(uow, number, now)
        there = {one for one, member in members.items() if member.is_there(now, began)}
        can_be_called = {one for one in there | leads if members[one].channels}
        assert called or not can_be_called
        assert called & there or not can_be_called & there
        assert not any(members[one].has_left for one in called)
        assert concern.uncovered == (not called & there)
        assert concern.state is State.OPEN
        assert concern.next_action_at is not None
        assert now < concern.next_action_at
        latest = STAGE.rules.hours[DEFAULT_AGENCY].after_working(now, LONGEST[policy.level])
        assert concern.next_action_at <= max(latest, now + LONGEST[policy.level])
        now = concern.next_action_at
    uow.timers.cancel(timer_key(number))


STAGE = Stage()


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a fortnight is long: shrinking a failure would take minutes
    suppress_health_check=[HealthCheck.filter_too_much],
)
@given(policy=policies(), team=st.lists(colleagues, max_size=5), minutes=st.integers(0, 7 * 24 * 60))
def test_there_is_always_a_next_action_and_whoever_is_there_is_called(
    policy: Policy, team: list[Colleague], minutes: int
) -> None:
    assume(not list(faults(policy)))
    began = MONDAY + timedelta(minutes=minutes)
    STAGE.run(partial(walk, team=team, policy=policy, began=began))
