# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.concerns import Event, Level
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.editions import Origin
from bot.domain.messages import Incoming, IncomingKind
from bot.domain.people import Standing
from bot.domain.plans import Followed, Milestones, PlanEdition
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

DAY = timedelta(days=1)


def edition(version: int, source: str = "format: 1", agency: int = AGENCY) -> PlanEdition:
    return PlanEdition(agency, version, f"digest {version}", source, Origin.ADMIN, NOW)


def test_versions_are_kept_for_ever_and_the_highest_is_in_force(world: World) -> None:
    assert world.do(lambda uow: uow.plans.version_in_force(AGENCY)) == 0
    assert world.do(lambda uow: uow.plans.edition(AGENCY, 0)) is None
    first, second = edition(1, "one"), edition(2, "two")
    world.do(lambda uow: [uow.plans.publish(one) for one in (first, second)])
    assert world.do(lambda uow: uow.plans.version_in_force(AGENCY)) == 2
    assert world.do(lambda uow: uow.plans.edition(AGENCY, 1)) == first
    assert world.do(lambda uow: uow.plans.editions(AGENCY)) == [first, second]


def test_plans_of_another_agency_are_not_ours(world: World) -> None:
    world.do(lambda uow: uow.plans.publish(edition(1, agency=AGENCY + 1)))
    assert world.do(lambda uow: uow.plans.version_in_force(AGENCY)) == 0
    assert world.do(lambda uow: uow.plans.editions(AGENCY)) == []


def test_where_a_person_stands(world: World) -> None:
    who = world.participant
    assert world.do(lambda uow: uow.plans.followed(who)) == {}
    weekly = Followed(who, "weekly", 1, NOW, is_on=True)
    monthly = Followed(who, "monthly", 1, NOW, is_on=False, handled_day=date(2026, 11, 20))
    world.do(lambda uow: uow.plans.follow(AGENCY, [weekly, monthly]))
    assert world.do(lambda uow: uow.plans.followed(who)) == {"weekly": weekly, "monthly": monthly}
    later = Followed(who, "weekly", 2, NOW + HOUR, is_on=True, handled_day=date(2026, 11, 21))
    world.do(lambda uow: uow.plans.follow(AGENCY, [later]))
    world.do(lambda uow: uow.plans.follow(AGENCY, []))
    assert world.do(lambda uow: uow.plans.followed(who)) == {"weekly": later, "monthly": monthly}


def test_the_moments_from_which_plans_count(world: World) -> None:
    who = world.participant
    assert world.do(lambda uow: uow.plans.milestones(who)) == Milestones()

    def live(uow: UnitOfWork) -> None:
        for days, granted in ((3, False), (2, True), (1, True)):
            record = ConsentRecord(who, Purpose.CONTACT, granted, "", "", "de", "telegram", NOW - days * DAY)
            uow.talks.add_consent(AGENCY, record)
        health = ConsentRecord(who, Purpose.HEALTH_CHECKINS, True, "", "", "de", "telegram", NOW - 9 * DAY)
        uow.talks.add_consent(AGENCY, health)
        for number, kind in enumerate((IncomingKind.TEXT, IncomingKind.PRESS, IncomingKind.BLOCKED)):
            incoming = Incoming("telegram", f"d{number}", "mia", kind)
            uow.talks.record_incoming(incoming, AGENCY, who, NOW + number * HOUR)

    world.do(live)
    expected = Milestones(agreed_at=NOW - 2 * DAY, heard_at=NOW + HOUR)
    assert world.do(lambda uow: uow.plans.milestones(who)) == expected


def test_when_something_serious_was_closed(world: World) -> None:
    def close(level: Level, hours: int) -> None:
        def keep(uow: UnitOfWork) -> None:
            number = uow.concerns.add(world.concern(level=level))
            uow.concerns.log(number, NOW, "raised", "system")
            uow.concerns.log(number, NOW + hours * HOUR, Event.CLOSE.value, "staff:1")

        world.do(keep)

    close(Level.R1, 9)
    assert world.do(lambda uow: uow.plans.milestones(world.participant)).crisis_closed_at is None
    close(Level.R2, 3)
    close(Level.R3, 1)
    assert world.do(lambda uow: uow.plans.milestones(world.participant)).crisis_closed_at == NOW + 3 * HOUR


def test_people_by_number_and_by_case_code(world: World) -> None:
    def look(uow: UnitOfWork) -> None:
        person = uow.plans.lock(world.participant)
        assert person is not None
        assert person == uow.people.participants(AGENCY)[0]
        assert uow.plans.by_case_code(AGENCY, person.case_code) == person
        assert uow.plans.by_case_code(AGENCY + 1, person.case_code) is None
        assert uow.plans.by_case_code(AGENCY, "?????") is None
        assert uow.plans.lock(0) is None

    world.do(look)


def test_members_by_batches(world: World) -> None:
    more = [
        world.do(lambda uow: uow.people.add_participant(AGENCY, Standing.ACTIVE, "de", None))
        for _ in range(4)
    ]
    everybody = [world.participant, *more]
    assert world.do(lambda uow: uow.plans.members(AGENCY, 0, 3)) == everybody[:3]
    assert world.do(lambda uow: uow.plans.members(AGENCY, everybody[2], 3)) == everybody[3:]
    assert world.do(lambda uow: uow.plans.members(AGENCY + 1, 0, 3)) == []
