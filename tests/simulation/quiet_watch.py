# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""P8, quiet logs: everything that is logged is looked through for what people wrote, and who they are."""

from __future__ import annotations

import logging

from bot.logs import JsonLines
from bot.simulation.messenger import Seen, SimulatedMessenger
from tests.simulation.sayings import Sayings, Typed
from tests.simulation.sight import Sight, Watch


class QuietLogsWatch(Watch, logging.Handler):
    """Hears every record, as the program would write it."""

    def __init__(self, sight: Sight) -> None:
        Watch.__init__(self, sight)
        logging.Handler.__init__(self)
        self.setFormatter(JsonLines())
        self.lines = 0
        self.faults: list[str] = []
        self._told = Sayings()
        self._typed = Typed(8)

    def arrived(self, messenger: SimulatedMessenger, seen: Seen) -> None:
        del messenger
        if len(seen.body.text) > 20:
            self._told.add(seen.body.text.splitlines()[0][:60])

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        line = self.format(record)
        self.lines += 1
        # What the auditor finds is for `AuditWatch` to judge.
        if record.levelno >= logging.ERROR and record.name != "bot.auditor":
            self.faults.append(line)
            self.sight.break_("faults", f"{record.name} met a fault of ours")
        for person in self.sight.people:
            if person.name in line or person.phone.chat.address in line:
                self.sight.break_("P8", f"a log line of {record.name} says who somebody is")
        if self._typed.is_in(line, self.sight.people):
            self.sight.break_("P8", f"a log line of {record.name} says what somebody wrote")
        if self._told.are_in(line):
            self.sight.break_("P8", f"a log line of {record.name} says what somebody was told")
