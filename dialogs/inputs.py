# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What can happen to a running conversation. One of these goes into the engine at a time."""

from __future__ import annotations

import msgspec


class Typed(msgspec.Struct, frozen=True, tag="typed"):
    """The person wrote something, or pressed a reply key that sends its own label."""

    text: str


class Pressed(msgspec.Struct, frozen=True, tag="pressed"):
    """The person pressed a button under the question that was asked in `turn`."""

    turn: int
    value: str

    @property
    def token(self) -> str:
        """What tells this press from all others of the conversation."""
        return f"{self.turn}:{self.value}"


class Attached(msgspec.Struct, frozen=True, tag="attached"):
    """The person sent something without words: a sticker, a voice message, a picture."""

    kind: str


class TimedOut(msgspec.Struct, frozen=True, tag="timed_out"):
    """The waiting time of the question asked in `turn` is over."""

    turn: int


class Repeat(msgspec.Struct, frozen=True, tag="repeat"):
    """Ask the open question again, for example after an interruption or on another channel."""


Input = Typed | Pressed | Attached | TimedOut | Repeat
