# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the bots did: every call in order, and the wrong ones apart."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

KEPT_CALLS = 50_000


@dataclass(slots=True)
class Call:
    """One call as it came and went. `at` in seconds since 1970; `code` is 0 where no answer was given.

    `result` is what Telegram has to say, even where the answer got lost on the way.
    """

    number: int
    bot: str
    method: str
    values: dict[str, Any]
    at: float
    code: int = 0
    description: str = ""
    result: Any = None
    fault: str = ""

    @property
    def chat_id(self) -> int | None:
        """The chat that the call was about, if any."""
        given = self.values.get("chat_id")
        text = str(given) if given is not None else ""
        return int(text) if text.removeprefix("-").isdecimal() else None


@dataclass(slots=True)
class Records:
    """The newest calls, counts of all of them, and all violations."""

    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT_CALLS))
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    violations: list[Call] = field(default_factory=list)
    total: int = 0

    def open(self, bot: str, method: str, values: dict[str, Any], at: float) -> Call:
        """Note a call that came in. getUpdates is only counted: it would bury the rest."""
        self.counts[bot, method] += 1
        self.total += 1
        call = Call(self.total, bot, method, values, at)
        if method != "getUpdates":
            self.calls.append(call)
        return call

    def select(self, bot: str | None = None, method: str | None = None, since: int = 0) -> list[Call]:
        """Calls with a number above `since`, oldest first."""
        return [
            call
            for call in self.calls
            if call.number > since
            and bot in (None, call.bot)
            and (method is None or method.lower() == call.method.lower())
        ]
