# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Trouble that has its own hour: restarts, outages of everything, clocks that are wrong, databases away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.simulation.process import SimulatedProcess

if TYPE_CHECKING:
    from tests.simulation.world import World

_HOUR_S = 3600.0
_DAY_S = 24 * _HOUR_S


class Trouble:
    """Keeps the wanted number of processes alive, and draws when what goes wrong."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.stream("trouble")
        self._wanted = self._chance.choice((1, 1, 2, 3))
        self._is_out = False
        self._is_over = False
        world.farm.ended = self._ended

    def start_processes(self) -> None:
        """The first processes. One of them speaks."""
        for number in range(self._wanted):
            self._world.farm.start(speaks=number == 0)

    def plan(self) -> None:
        """Draw the hours of all trouble."""
        days, chance = self._world.days, self._chance
        span = days * _DAY_S
        for act, number in (
            (self._restart, chance.choice((0, 1, days // 3))),
            (self._kill, chance.choice((0, 1, days // 2))),
            (self._database_away, chance.choice((0, 1, 2))),
            (self._messenger_down, chance.choice((0, 0, 1))),
            (self._clock_wrong, chance.choice((0, 0, 1, 2))),
            (self._outage, chance.choice((0, 0, 0, 1))),
        ):
            for _ in range(number):
                self._later(chance.uniform(0, span), act)

    def end(self) -> None:
        """Nothing more goes wrong, and what is broken is mended."""
        self._is_over = True
        self._is_out = False
        self._world.store.is_away = False
        self._world.storm.messenger_is_down = False
        self._fill_up()

    def _ended(self, process: SimulatedProcess) -> None:
        self._world.storm.trouble("ended")
        self._later(self._chance.uniform(1, 60), self._fill_up, always=True)

    def _fill_up(self) -> None:
        if self._is_out:
            return
        farm = self._world.farm
        while len(farm.processes) < self._wanted:
            self._world.storm.trouble("started")
            farm.start(speaks=not any(process.speaks for process in farm.processes))

    def _restart(self) -> None:
        for process in self._world.farm.processes:
            process.stop()

    def _kill(self) -> None:
        if self._world.farm.processes:
            self._chance.choice(self._world.farm.processes).crash()

    def _database_away(self) -> None:
        self._world.store.is_away = True
        self._world.storm.trouble("database away")
        self._later(self._chance.uniform(1, 2 * _HOUR_S), self._database_back, always=True)

    def _database_back(self) -> None:
        self._world.store.is_away = False
        self._world.storm.trouble("database back")

    def _messenger_down(self) -> None:
        self._world.storm.messenger_is_down = True
        self._later(self._chance.uniform(60, 6 * _HOUR_S), self._messenger_up, always=True)

    def _messenger_up(self) -> None:
        self._world.storm.messenger_is_down = False
        self._world.storm.trouble("messenger up")

    def _clock_wrong(self) -> None:
        wrong = self._chance.choice((timedelta(hours=self._chance.uniform(0, 5)), timedelta(days=-1)))
        clock = self._world.clock
        clock.set_wrong(clock.error + wrong)
        self._world.storm.clock_set_wrong()
        self._world.farm.ring(clock_was_set=True)

    def _outage(self) -> None:
        """Everything stands still, for up to two weeks."""
        self._is_out = True
        for process in tuple(self._world.farm.processes):
            process.crash()
        self._later(self._chance.choice((_HOUR_S, _DAY_S, 14 * _DAY_S)), self._outage_over, always=True)

    def _outage_over(self) -> None:
        self._is_out = False
        self._fill_up()

    def _later(self, seconds: float, act: Callable[[], None], *, always: bool = False) -> None:
        def do() -> None:
            if always or not self._is_over:
                act()

        asyncio.get_running_loop().call_later(seconds, do)
