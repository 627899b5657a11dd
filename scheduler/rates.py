# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How fast messages may go out: for each chat and for the whole bot, with holds that the messenger ordered.

Pure: `now` is in seconds of any clock that never runs backwards (`Clock.monotonic`), the same in every call.
"""

from __future__ import annotations

import math

import msgspec

_SWEEP_AT = 1024
_FOREVER_AGO = -math.inf


class TokenBucket:
    """Lets through at most `burst` + `rate_per_s` x t messages in any t seconds.

    Kept as one number, the moment at which the bucket would be full again, so that being ready and being
    let through are decided by the same comparison and no rounding can come between them.
    Raises `ValueError` unless the rate is above zero and the burst at least one.
    """

    __slots__ = ("_burst", "_full_at", "_interval")

    def __init__(self, rate_per_s: float, burst: int) -> None:
        if not (math.isfinite(rate_per_s) and rate_per_s > 0 and burst >= 1):
            raise ValueError("a bucket needs a rate above 0 and a burst of at least 1")
        self._interval = 1 / rate_per_s
        self._burst = burst
        self._full_at = _FOREVER_AGO

    def ready_at(self, now: float, reserve: int = 0) -> float:
        """The earliest moment, `now` or later, at which `take` succeeds and leaves `reserve` tokens.

        Raises `ValueError` for a reserve that leaves nothing to take.
        """
        if not 0 <= reserve < self._burst:
            raise ValueError("the reserve must leave at least one token")
        return max(now, self._full_at - (self._burst - 1 - reserve) * self._interval)

    def take(self, now: float, reserve: int = 0) -> bool:
        """Take a token; False, and nothing taken, if that would eat into the reserve."""
        if self.ready_at(now, reserve) > now:
            return False
        self._full_at = max(now, self._full_at) + self._interval
        return True

    def tokens(self, now: float) -> int:
        """How many messages could go out at this very moment."""
        missing = max(0.0, self._full_at - now) / self._interval
        return max(0, math.floor(self._burst - missing + 1e-9))

    def is_full(self, now: float) -> bool:
        """True if it is as good as new."""
        return self._full_at <= now


class Limits(msgspec.Struct, frozen=True):
    """The limits of one bot, by default Telegram's: about 30/s per bot, 1/s per chat with short bursts.

    `bot_rate` + `bot_burst` is what can go out in the worst second, so it is 30 together. The last `reserve`
    tokens of the bot's bucket are for urgent messages only; `reserve` is less than `bot_burst`.
    """

    bot_rate: float = 25.0
    bot_burst: int = 5
    reserve: int = 2
    chat_rate: float = 1.0
    chat_burst: int = 3


class SendLimits:
    """When the next message to a chat may go out.

    Remembers only chats that were written to or held lately, however many there are in all.
    Raises `ValueError` for limits that let nothing through.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._bot = TokenBucket(self._limits.bot_rate, self._limits.bot_burst)
        self._bot.ready_at(0.0, self._limits.reserve)  # says at once if the reserve leaves nothing
        self._new_chat()
        self._bot_held_until = _FOREVER_AGO
        self._chats: dict[str, TokenBucket] = {}
        self._held_until: dict[str, float] = {}
        self._sweep_at = _SWEEP_AT

    def room(self, now: float) -> int:
        """How many ordinary messages to different chats could go out at this very moment."""
        if self._bot_held_until > now:
            return 0
        return max(0, self._bot.tokens(now) - self._limits.reserve)

    def room_at(self, now: float) -> float:
        """The earliest moment, `now` or later, at which there is room for one."""
        return max(self._bot.ready_at(now, self._limits.reserve), self._bot_held_until)

    def ready_at(self, chat: str, now: float, *, urgent: bool = False) -> float:
        """The earliest moment, `now` or later, at which `take` succeeds, as things stand now."""
        bucket = self._chats.get(chat)
        return max(
            self._bot.ready_at(now, 0 if urgent else self._limits.reserve),
            now if bucket is None else bucket.ready_at(now),
            self._bot_held_until,
            self._held_until.get(chat, now),
        )

    def take(self, chat: str, now: float, *, urgent: bool = False) -> bool:
        """Count a message to `chat` as going out now; False, and nothing counted, if it must wait."""
        if self.ready_at(chat, now, urgent=urgent) > now:
            return False
        self._sweep(now)
        self._bot.take(now)
        if chat not in self._chats:
            self._chats[chat] = self._new_chat()
        self._chats[chat].take(now)
        return True

    def hold_chat(self, chat: str, until: float) -> None:
        """The messenger said "retry after" for this chat: nothing goes there before `until`."""
        self._held_until[chat] = max(until, self._held_until.get(chat, until))

    def hold_all(self, until: float) -> None:
        """The messenger said "retry after" for the bot: nothing goes out before `until`."""
        self._bot_held_until = max(until, self._bot_held_until)

    @property
    def remembered(self) -> int:
        """How many chats are kept in mind: for the metrics, and for the test that it stays bounded."""
        return len(self._chats.keys() | self._held_until.keys())

    def _new_chat(self) -> TokenBucket:
        return TokenBucket(self._limits.chat_rate, self._limits.chat_burst)

    def _sweep(self, now: float) -> None:
        """Forget chats that are as good as new, each time their number has doubled: cheap a message."""
        if len(self._chats) + len(self._held_until) < self._sweep_at:
            return
        self._chats = {chat: bucket for chat, bucket in self._chats.items() if not bucket.is_full(now)}
        self._held_until = {chat: until for chat, until in self._held_until.items() if until > now}
        self._sweep_at = max(_SWEEP_AT, 2 * (len(self._chats) + len(self._held_until)))
