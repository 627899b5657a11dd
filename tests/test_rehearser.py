# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals are carried out beside everything else, and end when the program ends or nobody wants them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import rehearser
from bot.domain.rehearsals import Rehearsal, RehearsalFault, RehearsalState, RehearsalWish
from bot.rehearser import HOLD_EVERY_S, Rehearser
from scheduler.clock import AdvanceableClock
from tests.storage.stores import AGENCY, NOW, World, opened, settle_world

WISH = RehearsalWish("gecko", 0, people=1, months=1, staff=1)
S = RehearsalState


@pytest.fixture
def world() -> Iterator[World]:
    """A store with somebody in it who asks."""
    with opened("sqlite://") as storage:
        yield settle_world(storage)


class House:
    """A rehearser, what it was told to start instead, and where that says its number."""

    def __init__(self, world: World, longest_s: float = 60.0) -> None:
        self.world, self.clock, self.stop = world, AdvanceableClock(NOW), asyncio.Event()
        self.changes = 0
        self.rehearser = Rehearser(world.storage, self.clock, self._count, longest_s=longest_s)

    def _count(self) -> None:
        self.changes += 1

    def ask(self, wish: RehearsalWish = WISH) -> int:
        new = Rehearsal(0, AGENCY, self.world.coach, NOW, wish)
        return self.world.do(lambda uow: uow.casework.rehearsals.add(new))

    def get(self, number: int) -> Rehearsal:
        found = self.world.do(lambda uow: uow.casework.rehearsals.get(number))
        assert found is not None
        return found


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Let another program be started: Python that says its number to a file first, then what is given."""

    def start(code: str) -> Path:
        said = tmp_path / "pid"
        os.mkfifo(said)
        first = f"import os, sys\nopen({str(said)!r}, 'w').write(str(os.getpid()))\n"

        def lay_out(job: object, folder: Path) -> list[str]:
            return [sys.executable, "-c", first + code, str(folder)]

        monkeypatch.setattr(rehearser, "_lay_out", lay_out)
        return said

    return start


WAIT_FOR_EVER = "sys.stdin.read()"


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_what_was_asked_for_is_carried_out_and_kept(world: World) -> None:
    """With the real command, in its smallest form."""
    house = House(world)
    number = house.ask()
    assert await house.rehearser.look(house.stop)
    assert house.get(number).state is S.DONE
    report = world.do(lambda uow: uow.casework.rehearsals.report(number))
    assert "<!doctype html>" in report
    assert "<script" not in report
    assert house.changes == 2
    assert not await house.rehearser.look(house.stop)


async def test_the_end_of_the_program_ends_it_and_gives_it_back(
    world: World, instead: Callable[[str], Path]
) -> None:
    house, said = House(world), instead(WAIT_FOR_EVER)
    number = house.ask()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(house.rehearser.look(house.stop))
        pid = int(await asyncio.to_thread(said.read_text))
        assert house.get(number).state is S.RUNNING
        house.stop.set()
    assert is_gone(pid)
    assert house.get(number) == Rehearsal(number, AGENCY, world.coach, NOW, WISH)


async def test_what_was_removed_is_ended(world: World, instead: Callable[[str], Path]) -> None:
    house, said = House(world), instead(WAIT_FOR_EVER)
    number = house.ask()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        looking = group.create_task(house.rehearser.look(house.stop))
        pid = int(await asyncio.to_thread(said.read_text))
        house.clock.advance(timedelta(seconds=HOLD_EVERY_S))
        held = house.get(number).lease_until
        world.do(lambda uow: uow.casework.rehearsals.drop(AGENCY, number))
        while not looking.done():
            house.clock.advance(timedelta(seconds=HOLD_EVERY_S))
            await house.clock.sleep(0)
    assert held is not None
    assert is_gone(pid)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (WAIT_FOR_EVER, RehearsalFault.TOO_LONG),
        ("sys.exit(2)", RehearsalFault.PROGRAMME),
        ("sys.exit(3)", RehearsalFault.TOO_LARGE),
        ("sys.exit(0)", RehearsalFault.STOPPED),
    ],
)
async def test_one_without_a_report_says_why(
    world: World, instead: Callable[[str], Path], code: str, why: RehearsalFault
) -> None:
    house = House(world, longest_s=1.0)
    said = instead(code)
    number = house.ask()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(house.rehearser.look(house.stop))
        pid = int(await asyncio.to_thread(said.read_text))
    assert is_gone(pid)
    assert (house.get(number).state, house.get(number).fault) == (S.FAILED, why)
