# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The one database that all simulated processes share."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from bot.errors import StoreUnavailable
from bot.ports import UnitOfWork
from bot.simulation.fates import Calm, Commit
from bot.storage.inline import InlineDatabase

T = TypeVar("T")

#: Which update of a messenger is being handled, as the messenger names it: `channel:delivery`.
UPDATE: ContextVar[str] = ContextVar("update", default="")


class SimulatedDatabase:
    """Carries out use cases as `fates` will have it; `watch` is told after each commit.

    It is told the update that was handled, if any, and how many rows were written.
    """

    def __init__(
        self, database: InlineDatabase, fates: Calm, watch: Callable[[str, int], None] = lambda *_: None
    ) -> None:
        self._database = database
        self.fates = fates
        self.watch = watch
        self.is_away = False

    def carry_out(self, use_case: Callable[[UnitOfWork], T]) -> T:
        """Run a use case. Raises what it raised, or `StoreUnavailable`."""
        fate = Commit.REFUSED if self.is_away else self.fates.commit()
        if fate is Commit.REFUSED:
            raise StoreUnavailable("simulated: away")
        if fate in (Commit.LOST, Commit.TWICE):
            self._database.try_out(use_case)
        if fate is Commit.LOST:
            raise StoreUnavailable("simulated: lost in mid-commit")
        before = self._database.driver.total_changes
        result = self._database.carry_out(use_case)
        changed = self._database.driver.total_changes - before
        if changed:
            self.watch(UPDATE.get(), changed)
        if fate is Commit.UNTOLD:
            raise StoreUnavailable("simulated: committed, and not told")
        return result
