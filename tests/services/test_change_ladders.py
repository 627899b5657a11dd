# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ladders that an agency changes: for the concerns that come, for nobody else, and leaving nobody alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.concerns import Level
from bot.domain.editions import Origin
from bot.domain.escalation import Drafts, LadderEdition, Policies, Repeat, Rung, Target, Wrong, faults
from bot.errors import NotFound
from bot.overview_ports import LogWish
from bot.ports import UnitOfWork
from bot.services import change_ladders, change_programmes
from bot.services.change_ladders import Ladders
from bot.services.foresee_ladder import Foreseen, foresee
from bot.services.ladder import policy_of
from bot.services.policies import STANDARD, read_drafts, read_policies
from bot.services.read_ladders import LadderShelf
from bot.services.write_ladders import write_drafts
from dialogs.problems import DialogError
from dialogs.shipped import shipped_programmes
from tests.services.any_ladders import drafts
from tests.services.stage import MONDAY, Actor, Stage

MINUTE = timedelta(minutes=1)


def changed(stage: Stage, old: str = "after: 15 minutes, call: [deputy]", new: str = "") -> str:
    source = stage.rules.ladder_texts[STANDARD]
    assert old in source
    return source.replace(old, new or "after: 7 minutes, call: [deputy]", 1)


def publish(stage: Stage, source: str, name: str = STANDARD, agency: int = 1) -> tuple[int, bool]:
    whose = agency, name
    return stage.run(
        lambda uow: change_ladders.publish(uow, stage.rules, whose, source, stage.now, "staff:1")
    )


def in_force(stage: Stage, name: str = STANDARD, agency: int = 1) -> Ladders:
    return stage.run(lambda uow: change_ladders.in_force(uow, stage.rules, agency, name))


def policies(stage: Stage, programme: str = "", agency: int = 1) -> Policies:
    return stage.run(lambda uow: stage.rules.policies_of(uow, agency, programme))


def second_wait(found: Policies) -> timedelta:
    return found[Level.R3].rungs[1].after


def test_the_next_concern_climbs_the_new_ladder_and_a_running_one_its_own(stage: Stage, berta: Actor) -> None:
    mia, bernd = stage.participant(berta), stage.participant(berta, "bernd")
    mia.writes("Ich will nicht mehr leben")
    [running] = stage.concerns()
    assert publish(stage, changed(stage)) == (1, True)
    bernd.writes("Ich will nicht mehr leben")
    kept, new = stage.concerns()
    assert kept.policy == running.policy
    assert kept.next_action_at == stage.now + 15 * MINUTE
    assert new.next_action_at == stage.now + 7 * MINUTE
    stage.pass_time(minutes=15)
    assert policy_of(stage.concerns()[0]).rungs[1].after == 15 * MINUTE


def test_a_process_that_runs_sees_a_new_version_at_once(stage: Stage) -> None:
    elsewhere = replace(stage.rules, ladders=LadderShelf())
    for minutes in (7, 8):
        publish(stage, changed(stage, new=f"after: {minutes} minutes, call: [deputy]"))
        found = stage.run(lambda uow: elsewhere.policies_of(uow, 1, ""))
        assert second_wait(found) == minutes * MINUTE


@pytest.mark.parametrize("programme", ["", STANDARD, "no ladders of its own"])
def test_what_the_installation_calls_standard_counts_until_something_is_published(
    stage: Stage, programme: str
) -> None:
    own = read_policies(changed(stage), "standard.yaml")
    rules = replace(stage.rules, own_policies={STANDARD: own})
    assert stage.run(lambda uow: rules.policies_of(uow, 1, programme)) == own
    publish(stage, changed(stage, new="after: 8 minutes, call: [deputy]"))
    assert second_wait(stage.run(lambda uow: rules.policies_of(uow, 1, programme))) == 8 * MINUTE


def test_two_agencies_have_each_their_own(stage: Stage) -> None:
    publish(stage, changed(stage), agency=2)
    assert second_wait(policies(stage, agency=2)) == 7 * MINUTE
    assert second_wait(policies(stage)) == 15 * MINUTE
    assert in_force(stage).version == 0


def test_back_to_what_comes_along_follows_it_in_later_versions_too(stage: Stage) -> None:
    along = stage.rules.ladder_texts[STANDARD]
    assert publish(stage, along) == (0, False)
    assert publish(stage, changed(stage)) == (1, True)
    assert publish(stage, changed(stage)) == (1, False)
    assert in_force(stage).source == changed(stage)
    assert publish(stage, along) == (2, True)
    assert in_force(stage).is_shipped
    assert policies(stage) == stage.rules.policies
    later = read_policies(changed(stage, new="after: 9 minutes, call: [deputy]"), "later")
    stage.rules = replace(stage.rules, policies=later, own_policies={STANDARD: later})
    assert second_wait(policies(stage)) == 9 * MINUTE
    kept = stage.run(lambda uow: uow.casework.ladders.editions(1, STANDARD))
    assert [one.origin for one in kept] == [Origin.ADMIN, Origin.SHIPPED]
    assert publish(stage, kept[0].source) == (3, True)
    assert stage.run(lambda uow: change_ladders.source_of(uow, 1, STANDARD, 1)) == changed(stage)
    with pytest.raises(NotFound, match="There are 1 to 3"):
        stage.run(lambda uow: change_ladders.source_of(uow, 1, STANDARD, 4))


def test_it_is_in_the_audit_log_who_did_it(stage: Stage) -> None:
    publish(stage, changed(stage))
    lines = stage.run(lambda uow: uow.overview.log(1, LogWish(action="ladders_published"), 9))
    assert [(one.actor, one.subject) for one in lines] == [("staff:1", "standard:1")]


def test_a_programme_gets_a_ladder_of_its_own_and_gives_it_back(stage: Stage) -> None:
    def install(uow: UnitOfWork) -> None:
        file = shipped_programmes()["gecko"], "gecko"
        change_programmes.install(uow, stage.rules, 1, file, stage.now)

    with pytest.raises(NotFound, match="gecko"):
        in_force(stage, "gecko")
    stage.run(install)
    assert in_force(stage, "gecko").borrows
    publish(stage, changed(stage), "gecko")
    assert second_wait(policies(stage, "gecko")) == 7 * MINUTE
    assert second_wait(policies(stage)) == 15 * MINUTE
    used = stage.run(lambda uow: change_ladders.used_by(uow, stage.rules, 1))
    assert used == {"gecko": ["gecko"]}
    source = shipped_programmes()["gecko"]
    stage.run(lambda uow: change_programmes.read(uow, stage.rules, 1, source, "gecko"))
    assert publish(stage, "", "gecko") == (2, True)
    assert in_force(stage, "gecko").borrows
    publish(stage, changed(stage, new="after: 8 minutes, call: [deputy]"))
    assert second_wait(policies(stage, "gecko")) == 8 * MINUTE


@pytest.mark.parametrize("source", ["", "format: 1\n", "unsinn"])
def test_what_could_leave_somebody_alone_is_not_accepted(stage: Stage, source: str) -> None:
    unfit = source or changed(stage, "call: [lead]", "call: [deputy]")
    with pytest.raises(DialogError):
        publish(stage, unfit)
    assert in_force(stage).version == 0


def test_a_version_that_is_accepted_no_more_leaves_what_comes_along(stage: Stage) -> None:
    bad = LadderEdition(1, STANDARD, 1, "x", "format: 1\n", Origin.ADMIN, stage.now, "staff:1")
    stage.run(lambda uow: uow.casework.ladders.publish(bad))
    assert policies(stage) == stage.rules.policies
    assert in_force(stage).source == stage.rules.ladder_texts[STANDARD]


@settings(max_examples=60)
@given(drafts)
def test_writing_and_reading_again_loses_nothing(written: Drafts) -> None:
    assert [list(faults(one.policy)) for one in written.values()] == [[], [], []]
    source = write_drafts(written)
    assert read_drafts(source, "test") == written
    climbed = read_policies(source, "test")
    assert climbed == {level: one.climbed() for level, one in written.items()}
    # What is climbed is itself a ladder that somebody could have written.
    plain = {level: replace(one, policy=climbed[level]) for level, one in written.items()}
    plain = {
        level: replace(one, repeats=tuple(None for _ in one.policy.rungs)) for level, one in plain.items()
    }
    assert read_policies(write_drafts(plain), "test") == climbed


@settings(max_examples=40)
@given(drafts, st.integers(0, 7 * 24 * 60), st.booleans())
def test_what_is_foreseen_is_one_round_in_its_order(
    stage_hours: Stage, written: Drafts, later: int, on_duty: bool
) -> None:
    since = MONDAY + later * MINUTE
    for draft in written.values():
        policy = draft.climbed()
        found = foresee(policy, stage_hours.rules.hours[1], since, on_duty=on_duty)
        calls = [one for one in found if one.what is Foreseen.CALL]
        assert len(calls) == len(policy.rungs)
        assert calls[0].at == since
        assert [one.at for one in found] == sorted(one.at for one in found)
        assert all(
            set(rung.targets) <= set(one.targets) for rung, one in zip(policy.rungs, calls, strict=True)
        )
        told = [one for one in found if one.what is Foreseen.TELL]
        assert len(told) == (policy.tell_after is not None)


@pytest.fixture(scope="module")
def stage_hours() -> Stage:
    built = Stage()
    built.close()
    return built


def test_what_is_foreseen_is_what_happens(stage: Stage, berta: Actor, mia: Actor) -> None:
    mia.writes("Ich will nicht mehr leben")
    [concern] = stage.concerns()
    ahead = foresee(policy_of(concern), stage.rules.hours[1], stage.now, on_duty=False)
    assert concern.next_action_at == ahead[1].at
    assert ahead[0].targets == (Target.OWNER,)
    assert [one.what for one in ahead].count(Foreseen.AGAIN) == 1


def test_every_fault_says_which_it_is(stage: Stage) -> None:
    empty = replace(
        stage.rules.policies[Level.R3],
        rungs=(Rung(MINUTE, (Target.OWNER,)),),
        again_after=timedelta(),
        choose_step_within=timedelta(),
        tell_after=None,
    )
    assert {one.kind for one in faults(empty, [Repeat(timedelta())])} == {
        Wrong.ONLY_COACH,
        Wrong.FIRST_WAITS,
        Wrong.NO_GAP,
        Wrong.ENDS,
        Wrong.NO_TIME_FOR_STEP,
        Wrong.NEVER_TOLD,
    }
