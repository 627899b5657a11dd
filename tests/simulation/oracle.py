# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The oracle: asks after every step whether a promise was broken. It never asks what is being tested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.messages import Incoming
from bot.ports import Receipt
from bot.simulation.messenger import Seen, SimulatedMessenger
from tests.simulation.audit_watch import AuditWatch
from tests.simulation.concerns_watch import ConcernsWatch, CrisisWatch
from tests.simulation.delivery_watch import NothingUnsentWatch, OneEffectWatch
from tests.simulation.honest_watch import ReceiptsWatch, ScoresWatch, StaysAskedWatch
from tests.simulation.quiet_watch import QuietLogsWatch
from tests.simulation.sight import Sight, Watch
from tests.simulation.staff_watch import AppointmentsWatch, CallsWatch, CasesWatch, LeaversWatch
from tests.simulation.voluntary_watch import RightPlaceWatch, VoluntaryWatch


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise, what was found, and at which step."""

    step: int
    promise: str
    what: str


class Oracle:
    """All watches together. A step is a commit, an arrival or a confirmation; `broken` is what was found."""

    def __init__(self, sight: Sight) -> None:
        self.broken: list[Broken] = []
        self.steps = 0
        sight.break_ = self.break_
        self.logs = QuietLogsWatch(sight)
        self._watches: list[Watch] = [
            OneEffectWatch(sight),
            ConcernsWatch(sight),
            CrisisWatch(sight),
            CallsWatch(sight),
            CasesWatch(sight),
            LeaversWatch(sight),
            AppointmentsWatch(sight),
            AuditWatch(sight),
            NothingUnsentWatch(sight),
            VoluntaryWatch(sight),
            RightPlaceWatch(sight),
            ScoresWatch(sight),
            ReceiptsWatch(sight),
            StaysAskedWatch(sight),
            self.logs,
        ]

    def break_(self, promise: str, what: str) -> None:
        """A promise was broken."""
        self.broken.append(Broken(self.steps, promise, what))

    def committed(self, update: str, changed: int) -> None:
        """See `Watch`."""
        self._ask(lambda watch: watch.committed(update, changed))

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        """See `Watch`."""
        self._ask(lambda watch: watch.arrived(messenger, seen))

    def told(self, incoming: Incoming, receipt: Receipt, tries: int) -> None:
        """See `Watch`."""
        self._ask(lambda watch: watch.told(incoming, receipt, tries))

    def looked(self) -> None:
        """See `Watch`."""
        self._ask(lambda watch: watch.looked())

    def finished(self) -> None:
        """See `Watch`."""
        self._ask(lambda watch: watch.finished())

    def _ask(self, question: Callable[[Watch], None]) -> None:
        self.steps += 1
        for watch in self._watches:
            try:
                question(watch)
            except Exception as fault:  # noqa: BLE001  (else what is being tested would swallow it)
                self.break_("oracle", f"{type(watch).__name__}: {type(fault).__name__}: {fault}")
