# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A change of plans is explained before it is applied, and then applies to everybody in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest

from bot import house
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.editions import Origin
from bot.domain.people import Standing
from bot.domain.plans import PlanEdition
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import change_plans
from bot.services.read_plans import PlanSet, read_plans
from dialogs.problems import DialogError
from tests.services.stage import Actor, Stage
from tests.services.test_plans_are_followed import (
    HELLO,
    SHARE,
    case_code,
    days,
    heard,
    plan_timers,
    plans,
    put_in_force,
)


def publish(stage: Stage, source: str, shipped: tuple[str, ...] = ()) -> tuple[PlanEdition, bool]:
    use_case = partial(change_plans.publish, agency_id=1, source=source, now=stage.now, shipped=shipped)
    return stage.run(use_case)


def ship(stage: Stage, source: str) -> bool:
    use_case = partial(change_plans.publish_shipped, agency_id=1, source=source, now=stage.now)
    return stage.run(use_case)


def versions(stage: Stage) -> list[tuple[int, Origin]]:
    return [(one.version, one.origin) for one in stage.run(lambda uow: uow.plans.editions(1))]


def explained(stage: Stage, source: str) -> list[change_plans.Change]:
    new: PlanSet = read_plans(source, "p.yaml").plans
    use_case: Callable[[UnitOfWork], list[change_plans.Change]] = lambda uow: list(  # noqa: E731
        change_plans.explain(uow, stage.rules, 1, new, stage.now)
    )
    return stage.run(use_case)


def test_what_ships_is_in_force_at_first_and_follows_the_program(stage: Stage) -> None:
    assert versions(stage) == [(1, Origin.SHIPPED)]
    assert ship(stage, house.plans_source()) is False
    assert versions(stage) == [(1, Origin.SHIPPED)]
    assert ship(stage, plans()) is False
    assert versions(stage) == [(1, Origin.SHIPPED), (2, Origin.SHIPPED)]


def test_an_agencys_own_is_never_overwritten_by_an_update(stage: Stage) -> None:
    publish(stage, plans())
    assert ship(stage, house.plans_source()) is True
    assert versions(stage)[-1] == (2, Origin.ADMIN)
    assert ship(stage, plans()) is False
    # Who goes back to what ships follows the program again.
    publish(stage, house.plans_source(), (house.plans_source(),))
    assert ship(stage, plans(at='"11:00"')) is False
    assert versions(stage)[-1] == (4, Origin.SHIPPED)


def test_publishing_the_same_twice_changes_nothing(stage: Stage) -> None:
    first, is_new = publish(stage, plans())
    assert (first.version, is_new) == (2, True)
    assert publish(stage, plans()) == (first, False)


def test_a_faulty_file_is_refused_and_nothing_is_published(stage: Stage) -> None:
    with pytest.raises(DialogError, match="there is no dialog 'nobody'"):
        publish(stage, plans(dialog="nobody"))
    assert versions(stage) == [(1, Origin.SHIPPED)]


def test_rolling_back_is_a_new_version(stage: Stage) -> None:
    publish(stage, plans())
    edition, is_new = stage.run(partial(change_plans.roll_back, agency_id=1, version=1, now=stage.now))
    assert (edition.version, edition.source, is_new) == (3, house.plans_source(), True)
    with pytest.raises(NotFound, match="There are 1 to 3"):
        stage.run(partial(change_plans.roll_back, agency_id=1, version=7, now=stage.now))


def test_a_change_is_explained_and_then_happens_so(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans(end="2026-12-12"))
    new = plans(weekdays="[wed, fri]", at='"15:00"', end="2026-12-06")
    [change] = explained(stage, new)
    assert (change.case_code, change.plan) == (case_code(stage), "hello")
    kinds = {line.day: line.kind.value for line in change.lines}
    assert kinds == {
        date(2026, 11, 25): "moves",
        date(2026, 11, 27): "comes",
        date(2026, 12, 2): "moves",
        date(2026, 12, 4): "comes",
        date(2026, 12, 9): "goes",
    }
    assert plan_timers(stage) == {"hello": datetime(2026, 11, 25, 9, tzinfo=UTC) + SHARE}
    put_in_force(stage, new)
    assert plan_timers(stage) == {"hello": datetime(2026, 11, 25, 14, tzinfo=UTC) + SHARE}


def test_only_who_has_agreed_is_in_a_plan(stage: Stage, mia: Actor, berta: Actor) -> None:
    stage.person("ben").starts(stage.invitation(berta))
    put_in_force(stage, plans(consent="health_checkins"))
    stage.run(lambda uow: uow.people.change_participant(1, standing=Standing.STOPPED))
    assert explained(stage, plans(at='"11:00"')) == []


def test_what_did_not_change_is_not_told(stage: Stage, mia: Actor) -> None:
    changed = house.plans_source().replace('at: "11:00"', 'at: "12:00"')
    assert {change.plan for change in explained(stage, changed)} == {"long_silence"}
    counted = Counter(line.kind.value for one in explained(stage, changed) for line in one.lines)
    assert counted == {"moves": 2}
    assert explained(stage, house.plans_source()) == []


def test_plans_that_go_take_their_timers_with_them(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans())
    assert plan_timers(stage).keys() == {"hello"}
    stage.run(partial(change_plans.roll_back, agency_id=1, version=1, now=stage.now))
    stage.pass_time(seconds=1)
    assert "hello" not in plan_timers(stage)
    assert "weekly_checkin" in plan_timers(stage)


def test_a_timer_that_fires_before_its_person_is_in_line_looks_at_what_is_in_force(
    stage: Stage, mia: Actor
) -> None:
    put_in_force(stage, plans())
    publish(stage, plans(weekdays="[thu]"))
    key = change_plans.timer_key(1)
    stage.run(lambda uow: uow.timers.cancel(key))  # killed in between, and nobody has gone on yet
    found = heard(stage, mia, HELLO, days=8)
    assert date(2026, 11, 25) not in days(found)
    assert days(found) == [date(2026, 11, 26)]


def test_many_people_are_brought_in_line_in_batches_that_survive_a_kill(stage: Stage, mia: Actor) -> None:
    put_in_force(stage, plans())
    add_people(stage, 250)
    publish(stage, plans(at='"11:00"'))
    assert plan_timers(stage) == {"hello": datetime(2026, 11, 25, 9, tzinfo=UTC) + SHARE}
    # The first batch, and then the process that did it dies.
    batch = partial(change_plans.go_on, rules=stage.rules, agency_id=1, after=0, now=stage.now)
    assert stage.run(batch) == (change_plans.BATCH, change_plans.BATCH)
    assert stage.run(lambda uow: uow.timers.next_due()) == stage.now
    stage.pass_time(seconds=1)
    rows = stage.run(lambda uow: [uow.plans.followed(n)["hello"] for n in uow.plans.members(1, 0, 1000)])
    assert len(rows) == 251
    assert {row.version for row in rows} == {3}


def add_people(stage: Stage, number: int) -> None:
    def add(uow: UnitOfWork) -> None:
        for _ in range(number):
            person = uow.people.add_participant(1, Standing.ACTIVE, "de", None)
            record = ConsentRecord(person, Purpose.CONTACT, True, "", "", "de", "telegram", stage.now)
            uow.talks.add_consent(1, record)

    stage.run(add)


def test_a_running_process_takes_up_what_another_one_published(stage: Stage, mia: Actor) -> None:
    # The rules of this stage were read before, as those of a process that has been running for days.
    put_in_force(stage, plans(weekdays="[fri]"))
    assert days(heard(stage, mia, HELLO, days=7)) == [date(2026, 11, 27)]
