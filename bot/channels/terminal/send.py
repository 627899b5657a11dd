# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages out: printed, with numbers for the buttons."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.delivery import SendResult, Sent
from bot.domain.messages import DataClass, Key, Outgoing

PARTICIPANT = "terminal"
STAFF = "terminal_staff"


class TerminalChannel:
    """One side of the terminal. Remembers the buttons that were shown last, so that a number presses one."""

    default_class = DataClass.HEALTH

    def __init__(self, name: str, title: str, write: Callable[[str], None]) -> None:
        self.name = name
        self._title = title
        self._write = write
        self._keys: list[Key] = []
        self._sent = 0

    async def send(self, message: Outgoing) -> SendResult:
        """Print it. An edit is printed as well: a terminal cannot take anything back."""
        self._sent += 1
        lines = message.body.text.replace("**", "").splitlines() or [""]
        if message.body.picture_in_words:
            lines.append(message.body.picture_in_words)
        self._write("\n".join(f"{self._title if not n else '':>8} | {line}" for n, line in enumerate(lines)))
        keys = [key for row in message.body.keys for key in row]
        if keys:
            self._keys = keys
            shown = "  ".join(f"[{number}] {key.label}" for number, key in enumerate(keys, start=1))
            self._write(f"{'':>8} | {shown}")
        if message.body.link:
            self._write(f"{'':>8} | {message.body.link_label}: {message.body.link}")
        return Sent(message.edit or str(self._sent))

    def key(self, number: int) -> Key | None:
        """The button with this number (from 1) of those shown last."""
        return self._keys[number - 1] if 1 <= number <= len(self._keys) else None
