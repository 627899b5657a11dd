# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the oracle can see, and what each promise's watch has to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.messages import Incoming
from bot.ports import Receipt
from bot.simulation.clock import SimulatedClock
from bot.simulation.messenger import Seen, SimulatedMessenger
from bot.simulation.participants import Participant
from tests.simulation.facts import Facts
from tests.simulation.storm import Storm


@dataclass
class Sight:
    """Everything that lies open. `break_` is called with the promise and what was found."""

    facts: Facts
    clock: SimulatedClock
    storm: Storm
    messengers: dict[str, SimulatedMessenger]
    break_: Callable[[str, str], None]
    people: list[Participant] = field(default_factory=list)
    up_since: float | None = None

    @property
    def calm_for(self) -> float:
        """For how many seconds a process has been up and nothing has gone wrong."""
        if self.up_since is None:
            return 0.0
        return self.clock.monotonic() - max(self.up_since, self.storm.troubled_at)


class Watch:
    """Watches one promise."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.facts = sight.facts

    def committed(self, update: str, changed: int) -> None:
        """Something was committed, for this update of a messenger, or for none."""

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        """A message has arrived in a chat."""

    def told(self, incoming: Incoming, receipt: Receipt, tries: int) -> None:
        """An update was confirmed to its messenger, at this try."""

    def looked(self) -> None:
        """Time has gone by."""

    def finished(self) -> None:
        """All trouble is long over."""
