# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What has been kept long enough goes by itself, on its day and not before; open concerns never do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from bot.domain.concerns import Level, Outcome, State
from bot.domain.groups import Dates, Group, GroupContent, GroupState
from bot.domain.people import Participant, Standing
from bot.ports import UnitOfWork
from bot.services import audit_chain, retention
from bot.services.absences import leave_team
from bot.services.retention import end_participation, sweep
from bot.storage.retention import SqlRetention
from tests.services.stage import MONDAY, Actor, Stage
from tests.storage.rich_world import enrich
from tests.storage.stores import AGENCY, NOW, World, settle_world


@pytest.fixture
def world(stage: Stage) -> World:
    """A coach and a participant in the stage's store."""
    return settle_world(stage.storage)


def clean(stage: Stage, now: datetime) -> None:
    """One night, however many pieces it takes."""
    for _ in range(20):
        if stage.run(lambda uow: sweep(uow, stage.rules, AGENCY, now)):
            return
    raise AssertionError("it does not come to an end")


def who(world: World, person: int) -> Participant:
    return world.do(lambda uow: uow.people.participants_by([person])[person])


def counts(world: World, person: int) -> dict[str, int]:
    return dict(world.do(lambda uow: uow.rights.counts(person)))


def close(world: World, person: int, at: datetime) -> None:
    """A human closes the person's one concern at this moment."""
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person))
    closed = replace(concern, state=State.CLOSED, level=Level.R1, outcome=Outcome.REACHED)
    world.do(lambda uow: uow.concerns.save(closed))
    world.do(lambda uow: uow.concerns.log(concern.id, at, "close", f"staff:{world.coach}"))


def night(year: int, month: int, day: int, hour: int = 3) -> datetime:
    return datetime(year, month, day, hour, 30, tzinfo=UTC)


def test_messages_go_after_ninety_days_and_answers_stay(stage: Stage, world: World) -> None:
    person = enrich(world)  # on 21 November
    close(world, person, NOW)
    before = counts(world, person)
    clean(stage, night(2027, 2, 19))
    assert counts(world, person) == before
    # The ninetieth day is over in Berlin, an hour before it is in Greenwich.
    clean(stage, datetime(2027, 2, 19, 23, 30, tzinfo=UTC))
    after = counts(world, person)
    gone = {name for name in before if before[name] != after.get(name, 0)}
    # What still waits to be sent is no record yet.
    assert gone == {"incoming"}
    # Answers need their conversation, which has nothing in it any more.
    (ended, *_) = world.do(lambda uow: uow.rights.stored(person)["conversation"])
    assert (ended["state"], ended["session"]) == ("ended", "")
    assert after["answer"] == 1


def test_alerts_of_an_open_concern_stay(stage: Stage, world: World) -> None:
    person = enrich(world)
    clean(stage, night(2035, 1, 1))
    left = counts(world, person)
    assert left["concern"] == 1
    assert left["concern_event"] == 2


def test_after_the_end_of_a_participation_each_kind_has_its_own_time(stage: Stage, world: World) -> None:
    person = enrich(world)
    close(world, person, night(2026, 11, 30))
    end = night(2026, 11, 30, hour=12)
    ended = who(world, person)
    world.do(lambda uow: end_participation(uow, ended, "command", end))
    clean(stage, night(2027, 5, 30))
    assert {"answer", "address", "appointment"} <= set(counts(world, person))
    # Half a year after the last of a month is the end of the sixth month.
    clean(stage, night(2027, 6, 1))
    assert set(counts(world, person)) == {"participant", "consent", "concern", "concern_event", "person_key"}
    assert world.do(lambda uow: uow.people.name_of(person)) == ""
    clean(stage, night(2029, 11, 30))
    assert set(counts(world, person)) == {"participant", "consent", "concern", "concern_event", "person_key"}
    clean(stage, night(2029, 12, 1))
    assert counts(world, person) == {}


def test_an_open_concern_is_never_deleted_nor_whoever_it_is_about(stage: Stage, world: World) -> None:
    person = enrich(world)
    ended = who(world, person)
    world.do(lambda uow: end_participation(uow, ended, "command", NOW))
    clean(stage, night(2040, 1, 1))
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person))
    assert concern.quote
    assert world.do(lambda uow: uow.people.name_of(person))


@pytest.mark.parametrize("standing", [Standing.VISITOR, Standing.STOPPED])
def test_who_came_without_an_invitation_is_forgotten_as_long_after_they_were_in_touch(
    stage: Stage, world: World, standing: Standing
) -> None:
    def visits(uow: UnitOfWork) -> int:
        person = uow.people.add_participant(AGENCY, Standing.VISITOR, "de", None)
        number = uow.concerns.add(world.concern(participant_id=person))
        uow.concerns.log(number, night(2026, 11, 30), "raised", "system")
        return person

    person = world.do(visits)
    world.do(lambda uow: uow.people.change_participant(person, standing=standing))
    assert world.do(lambda uow: uow.duty.without_coach(AGENCY)) == []
    clean(stage, night(2040, 1, 1))
    assert counts(world, person)["concern"] == 1
    close(world, person, night(2026, 12, 31))
    clean(stage, night(2027, 6, 30))
    assert not world.do(lambda uow: uow.rights.is_erased(person))
    clean(stage, night(2027, 7, 1))
    assert world.do(lambda uow: uow.rights.is_erased(person))
    clean(stage, night(2029, 12, 31))
    assert counts(world, person)["concern"] == 1
    clean(stage, night(2030, 1, 1))
    assert counts(world, person) == {}


def test_who_writes_at_the_very_moment_of_their_erasure_is_not_erased(
    stage: Stage, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = enrich(world)
    monkeypatch.setattr(SqlRetention, "ended", lambda *_: [person])
    assert stage.run(lambda uow: sweep(uow, stage.rules, AGENCY, NOW))
    assert not world.do(lambda uow: uow.rights.is_erased(person))


def test_a_concern_goes_three_years_after_it_was_closed_while_the_person_stays(
    stage: Stage, world: World
) -> None:
    person = enrich(world)
    close(world, person, night(2027, 2, 28, hour=12))
    clean(stage, night(2030, 2, 28))
    assert counts(world, person)["concern"] == 1
    clean(stage, night(2030, 3, 1))
    left = counts(world, person)
    assert "concern" not in left
    assert {"participant", "consent", "answer"} <= set(left)


def test_the_log_goes_after_a_year_and_its_chain_still_holds(stage: Stage) -> None:
    def note(uow: UnitOfWork, at: datetime) -> None:
        uow.ledger.note(AGENCY, at, "command", "retry_timer", "1")

    for day in (0, 1, 400):
        stage.run(partial(note, at=MONDAY + timedelta(days=day)))
    stage.run(audit_chain.seal)
    clean(stage, MONDAY + timedelta(days=401))
    assert stage.run(lambda uow: audit_chain.verify(uow, [])) == []
    (head,) = stage.run(audit_chain.heads).values()
    left = stage.run(lambda uow: uow.audit_chain.read(AGENCY, 0, 100))
    assert [link.position for link, _ in left] == [head.position]


def test_who_left_the_team_is_forgotten_after_a_year(stage: Stage, world: World) -> None:
    person = enrich(world)
    (concern,) = world.do(lambda uow: uow.concerns.of_participant(person))
    held = replace(concern, owner_id=world.coach, taken_by=world.coach)
    world.do(lambda uow: uow.concerns.save(held))
    world.do(lambda uow: leave_team(uow, world.coach, night(2026, 11, 30, hour=12)))

    def name() -> str:
        found = world.do(lambda uow: uow.people.staff(world.coach))
        assert found is not None
        return found.name

    known = name()
    clean(stage, night(2027, 12, 1))
    assert name() == known, "a concern is still in this hand"
    close(world, person, night(2027, 12, 1))
    world.do(lambda uow: uow.outbox.cancel_for(person, ()))
    clean(stage, night(2027, 11, 30))
    assert name() == known, "the last day counts"
    clean(stage, night(2031, 1, 1))
    assert name() == "Ehemals im Team"
    assert world.do(lambda uow: uow.people.staff_addresses([world.coach])) == []


@pytest.fixture
def nightly(stage: Stage, mia: Actor) -> Stage:
    """A stage on which the nightly deletion runs."""
    stage.run(lambda uow: retention.ensure_retention(uow, stage.rules, AGENCY, stage.now))
    mia.forgets()
    return stage


def test_it_runs_every_night_in_pieces(nightly: Stage, mia: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "ROWS", 2)
    (person,) = nightly.run(lambda uow: uow.people.participants(AGENCY))
    before = nightly.run(lambda uow: uow.rights.counts(person.id))["incoming"]
    assert before > 4
    mia.writes("STOPP")
    nightly.pass_time(days=89)
    assert nightly.run(lambda uow: uow.rights.counts(person.id))["incoming"] == before + 1
    nightly.pass_time(days=3)
    left = nightly.run(lambda uow: uow.rights.counts(person.id))
    assert "incoming" not in left
    assert left["consent"] > 1


def test_it_comes_at_half_past_three_whatever_the_clock_does(stage: Stage) -> None:
    for at, due in (
        (datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
    ):
        stage.run(lambda uow, at=at: retention.ensure_retention(uow, stage.rules, AGENCY, at))
        later = due + timedelta(hours=1)
        claimed = stage.run(lambda uow, later=later: uow.timers.claim(later, 50, later))
        assert [timer.due_at for timer in claimed if timer.kind == retention.TIMER_KIND] == [due]


def test_a_group_goes_a_year_after_its_last_meeting(stage: Stage, world: World) -> None:
    dates = Dates(
        first_day=date(2026, 11, 2),
        at=time(10),
        zone="Europe/Berlin",
        minutes=60,
        rule="FREQ=WEEKLY",
        count=3,
    )
    content = GroupContent(title="Nähtreff", what={"de": "Wir nähen."}, dates=dates)
    made = night(2026, 10, 1)
    group = Group(0, AGENCY, GroupState.OPEN, 3, world.coach, world.coach, made, content)

    def groups(uow: UnitOfWork) -> list[Group]:
        return uow.casework.groups.of_agency(AGENCY)

    world.do(lambda uow: uow.casework.groups.add(group))
    clean(stage, night(2027, 11, 16))
    assert len(world.do(groups)) == 1
    clean(stage, night(2027, 11, 17))
    assert world.do(groups) == []
