# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a process does while nobody can say whose turn it is, and once it is another's."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest

from bot import house
from bot.domain.delivery import RetryAfter, Sent
from bot.domain.messages import DataClass, Outgoing
from bot.neighbours import Neighbours
from bot.services.pump import Pump
from bot.settings import without_environment
from bot.speaker import Speaker
from bot.storage.notices import out
from bot.storage.turns import Turn
from dialogs.book import DialogBook
from scheduler.clock import OffsetClock
from tests.storage.stores import NOW, World, fill, opened, settle_world

RULES = house.build_rulebook(without_environment(public_url="https://lotse.example"), DialogBook((), {}))


class OneTurn(Neighbours):
    """Neighbours whose turn is given and taken by the test."""

    def __init__(self) -> None:
        super().__init__("sqlite://", frozenset(), lambda: NOW, lambda words: None, lambda: None)
        self.given = Turn(1)

    def turn(self, what: str) -> Turn:
        del what
        return self.given


class SlowMessenger:
    """Takes a message when it is let; tells what has begun and what has arrived."""

    name = "telegram"
    default_class = DataClass.APPOINTMENT

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.moved = asyncio.Event()
        self.let = asyncio.Event()

    async def send(self, message: Outgoing) -> Sent:
        self.begun.append(message.id)
        self.moved.set()
        await self.let.wait()
        return Sent(str(message.id))


class Scene:
    def __init__(self, world: World) -> None:
        self.world = world
        self.neighbours = OneTurn()
        self.turn = self.neighbours.given
        self.messenger = SlowMessenger()
        self.polls: list[str] = []
        self.stop = asyncio.Event()
        #: What tells the receiving side to pause.
        self.receiving = asyncio.Event()
        clock = OffsetClock()
        make = partial(
            Pump,
            rules=lambda: RULES,
            clock=clock,
            committed=lambda _: None,
            look_every_s=0.05,
        )
        self.speaker = Speaker(self.messenger, "1:AAA", self.neighbours, world.storage, make, self._poll)

    async def _poll(self, stop: asyncio.Event) -> None:
        self.polls.append("begin")
        self.receiving = stop
        await stop.wait()
        self.polls.append("end")

    def settled(self) -> int:
        """How many messages still wait for their result."""
        return sum(self.world.do(lambda uow: uow.outbox.depth()).values())

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                await asyncio.sleep(0.01)


@pytest.fixture
def scene(tmp_path: object) -> Iterator[Scene]:
    url = f"sqlite:///{tmp_path}/lotse.db"
    fill(url)
    with opened(url) as storage:
        yield Scene(settle_world(storage))


async def test_a_turn_that_is_lost_and_comes_back_forgets_no_result(scene: Scene) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.speaker.run(scene.stop))
        scene.turn.begin()
        scene.world.post()
        await scene.messenger.moved.wait()
        assert out("telegram") in scene.neighbours.notices.own
        scene.turn.end()
        await scene.until(lambda: scene.polls == ["begin", "end"])
        scene.messenger.let.set()
        scene.world.post()
        pump = scene.speaker.pump
        assert pump is not None
        await scene.until(lambda: pump._is_behind)
        assert scene.settled() == 2, "nothing is written down before it is clear whose turn it is"
        scene.turn.begin()
        await scene.until(lambda: scene.settled() == 0)
        assert len(scene.messenger.begun) == 2, "each once"
        assert scene.polls == ["begin", "end", "begin"]
        scene.stop.set()
    assert scene.turn.lost.is_set()
    assert out("telegram") not in scene.neighbours.notices.own


async def test_what_is_in_hand_is_written_down_when_another_speaks(scene: Scene) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.speaker.run(scene.stop))
        scene.turn.begin()
        scene.world.post()
        await scene.messenger.moved.wait()
        scene.turn.refuse()
        assert scene.speaker.stands_by
        scene.messenger.let.set()
        await scene.until(lambda: scene.settled() == 0)
        await scene.until(lambda: scene.speaker.pump is None)
        scene.world.post()
        scene.speaker.wake()
        assert scene.settled() == 1
        assert len(scene.messenger.begun) == 1
        scene.turn.begin()
        await scene.until(lambda: scene.settled() == 0)
        scene.stop.set()


async def test_what_another_claimed_unseen_before_it_died_is_free_again(scene: Scene) -> None:
    scene.messenger.let.set()
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.speaker.run(scene.stop))
        scene.turn.begin()
        await scene.until(lambda: scene.polls == ["begin"])
        scene.turn.end()
        scene.world.post()
        now = OffsetClock().now()
        lease = now + timedelta(hours=1)
        assert scene.world.do(lambda uow: uow.outbox.claim("telegram", now, 10, lease))
        scene.turn.begin()
        await scene.until(lambda: scene.settled() == 0)
        assert len(scene.messenger.begun) == 1
        scene.stop.set()


async def test_after_standing_still_nothing_is_sent_received_or_claimed_before_the_turn_is_sure(
    scene: Scene,
) -> None:
    """The events still say that it is our turn; only the clock knows better."""
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.speaker.run(scene.stop))
        scene.turn.begin()
        await scene.until(lambda: scene.polls == ["begin"])
        assert not scene.receiving.is_set()
        scene.messenger.let.set()
        scene.turn.confirm(time.monotonic() - 1)
        assert scene.turn.held.is_set()
        assert scene.receiving.is_set()
        assert scene.turn.lost.is_set()
        await scene.until(lambda: scene.polls == ["begin", "end"])
        scene.world.post()
        scene.speaker.wake()
        pump = scene.speaker.pump
        assert pump is not None
        await scene.until(lambda: not pump._bell.is_set())
        assert scene.messenger.begun == []
        scene.turn.confirm(math.inf)
        scene.turn.begin()
        await scene.until(lambda: scene.settled() == 0)
        assert scene.polls == ["begin", "end", "begin"]
        scene.stop.set()


async def test_what_was_in_hand_when_it_stood_still_is_not_sent_but_put_back(scene: Scene) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.speaker.run(scene.stop))
        scene.turn.begin()
        await scene.until(lambda: scene.speaker.pump is not None)
        pump = scene.speaker.pump
        assert pump is not None
        scene.world.post()
        (claimed,) = scene.world.do(lambda uow: uow.outbox.claim("telegram", NOW, 1, NOW))
        scene.turn.confirm(time.monotonic() - 1)
        assert await pump._channel.send(claimed) == RetryAfter(1.0)
        assert scene.messenger.begun == []
        scene.stop.set()


async def test_who_never_gets_a_turn_says_nothing(scene: Scene) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.speaker.run(scene.stop))
        await scene.until(lambda: scene.turn.is_wanted)
        scene.world.post()
        scene.stop.set()
    assert scene.messenger.begun == []
    assert scene.polls == []
    assert not scene.turn.is_wanted
