# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Numbers for leads and admins, and the audit log as it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.concerns import Event, Level, State
from bot.domain.delivery import SendState
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Role
from bot.overview_ports import Acknowledged, LogWish
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, MINUTE, NOW, World

DAY = timedelta(days=1)
EDGES = [NOW - DAY, NOW - 3 * DAY]


def raised(world: World, level: Level, ago: timedelta, state: State = State.OPEN) -> int:
    new = replace(world.concern(), level=level, raised_at=NOW - ago, state=state)
    return world.do(lambda uow: uow.concerns.add(new))


def test_open_concerns_are_counted_by_level_and_age(world: World) -> None:
    for ago in (HOUR, DAY, 2 * DAY, 3 * DAY, 3 * DAY + MINUTE):
        raised(world, Level.R3, ago)
    raised(world, Level.R1, 9 * DAY)
    raised(world, Level.R2, HOUR, State.CLOSED)
    found = world.do(lambda uow: uow.overview.open_by_age(AGENCY, EDGES))
    # Exactly on an edge belongs to the younger ones.
    assert found == {Level.R3: (2, 2, 1), Level.R1: (0, 0, 1)}
    assert world.do(lambda uow: uow.overview.open_by_age(AGENCY + 1, EDGES)) == {}


def test_only_the_first_time_that_a_human_took_over_counts(world: World) -> None:
    karl = world.do(lambda uow: uow.people.add_staff(AGENCY, "Karl Kollege", Role.COACH, "", "de"))
    first, second = raised(world, Level.R2, DAY), raised(world, Level.R2, DAY)
    raised(world, Level.R2, HOUR)
    old = raised(world, Level.R2, 40 * DAY)
    for number, after, actor in (
        (first, MINUTE, "system"),
        (first, 10 * MINUTE, f"staff:{karl}"),
        (first, 3 * HOUR, f"staff:{world.coach}"),
        (second, 20 * MINUTE, f"staff:{world.coach}"),
        (old, HOUR, f"staff:{karl}"),
    ):
        at = NOW - (40 * DAY if number == old else DAY) + after
        world.do(partial(_log, number=number, at=at, actor=actor))
    found = world.do(lambda uow: uow.overview.acknowledged(AGENCY, NOW - 28 * DAY))
    assert found == [Acknowledged(Level.R2, 2, 2, 15 * MINUTE)]


def test_how_a_channel_is_doing(world: World) -> None:
    drafts = [
        Draft(AGENCY, world.address, "telegram", Kind.REPLY, Body(text), participant_id=world.participant)
        for text in ("eins", "zwei", "drei")
    ]
    for minutes, draft in enumerate(drafts):
        world.do(partial(_post, draft=draft, at=NOW + minutes * MINUTE))
    [claimed] = world.do(lambda uow: uow.outbox.claim("telegram", NOW + HOUR, 9, NOW + 2 * HOUR))
    failed = claimed.id, SendState.FAILED, "blocked", None
    world.do(lambda uow: uow.outbox.settle([failed], NOW + HOUR))
    [again] = world.do(lambda uow: uow.outbox.claim("telegram", NOW + HOUR, 9, NOW + 2 * HOUR))
    sent = again.id, SendState.SENT, "77", None
    world.do(lambda uow: uow.outbox.settle([sent], NOW + 2 * HOUR))
    world.do(lambda uow: uow.people.close_address(world.address))
    found = {one.channel: one for one in world.do(lambda uow: uow.overview.ways_out(AGENCY))}["telegram"]
    assert (found.waiting, found.oldest, found.closed) == (1, NOW + 2 * MINUTE, 1)
    assert (found.sent_at, found.failed_at, found.reason) == (NOW + 2 * HOUR, NOW + HOUR, "blocked")
    assert world.do(lambda uow: uow.overview.ways_out(AGENCY + 1)) == []


def test_the_log_is_read_from_its_end_and_narrowed(world: World) -> None:
    person = world.do(lambda uow: uow.people.participants_by([world.participant]))[world.participant]
    concern = raised(world, Level.R1, HOUR)
    entries = [
        (AGENCY, NOW, "staff:1", "made", "x"),
        (AGENCY, NOW + MINUTE, "staff:1", "concern_shown", str(concern)),
        (AGENCY, NOW + DAY, "staff:2", "coach_assigned", f"1:{person.case_code}"),
        (AGENCY, NOW + DAY, "staff:2", "deputy_named", str(concern)),
        (AGENCY + 1, NOW, "staff:9", "made", person.case_code),
    ]
    for entry in entries:
        world.do(partial(_note, entry=entry))

    def actions(wish: LogWish, limit: int = 9) -> list[str]:
        return [one.action for one in world.do(lambda uow: uow.overview.log(AGENCY, wish, limit))]

    assert actions(LogWish(), 3) == ["deputy_named", "coach_assigned", "concern_shown"]
    assert actions(LogWish(person=person)) == ["coach_assigned", "concern_shown"]
    assert actions(LogWish(actor="staff:1", during=(NOW, NOW + MINUTE))) == ["made"]
    assert actions(LogWish(action="made")) == ["made"]
    newest = world.do(lambda uow: uow.overview.log(AGENCY, LogWish(), 1))[0]
    assert actions(LogWish(person=person, before=newest.id), 1) == ["coach_assigned"]


def test_which_database_and_what_is_due_next(world: World) -> None:
    world.do(lambda uow: uow.timers.set(AGENCY, "retention", AGENCY, NOW + HOUR, "retention:1"))
    assert world.do(lambda uow: uow.overview.next_due(AGENCY, "retention")) == NOW + HOUR
    assert world.do(lambda uow: uow.overview.next_due(AGENCY, "other")) is None
    facts = world.do(lambda uow: uow.overview.database())
    assert facts.kind in {"sqlite", "postgresql"}
    assert facts.version
    assert facts.schema


def _log(uow: UnitOfWork, number: int, at: datetime, actor: str) -> None:
    uow.concerns.log(number, at, Event.TAKE_OVER.value, actor)


def _post(uow: UnitOfWork, draft: Draft, at: datetime) -> None:
    uow.outbox.post([draft], at)


def _note(uow: UnitOfWork, entry: tuple[int, datetime, str, str, str]) -> None:
    uow.ledger.note(*entry)
