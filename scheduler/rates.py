# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How fast messages may go out: for each chat and for the whole bot, with holds that the messenger ordered.

Pure: `now` is in seconds of any clock that never runs backwards (`Clock.monotonic`), the same in every call.
"""

from __future__ import annotations

import bisect
import math

import msgspec

_SWEEP_AT = 1024
_FOREVER_AGO = -math.inf
#: The share of the limit that is used when there is plenty to send, and by how much our second is longer.
_SHARE = 0.99
_SLACK = 1.002
#: By how much a message may arrive later than the fastest does, in seconds; more is not reckoned with, or a
#: messenger that answers slowly would slow everything down.
_LATEST_S = 0.25
_FORGOTTEN = 0.002
#: After a "too many" the whole bot sends at this share of its pace, and again of that after the next one ...
_EASED = 0.93
_MOST_EASED = 10
#: ... and every so many seconds without one it takes back a step.
_EASED_FOR_S = 120.0
_GROUP_BURST = 3


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

    def ready_at(self, now: float) -> float:
        """The earliest moment, `now` or later, at which `take` succeeds."""
        return max(now, self._full_at - (self._burst - 1) * self._interval)

    def take(self, now: float) -> bool:
        """Take a token; False, and nothing taken, if there is none."""
        if self.ready_at(now) > now:
            return False
        self.charge(now)
        return True

    def charge(self, now: float) -> None:
        """Take a token that need not be there: what comes later waits so much longer."""
        self._full_at = max(now, self._full_at) + self._interval

    def room(self, now: float, ahead_s: float = 0.0) -> int:
        """How many could be taken in all from `now` until `ahead_s` seconds later, one by one."""
        missing = (max(0.0, self._full_at - now) - ahead_s) / self._interval
        return max(0, math.floor(self._burst - missing + 1e-9))

    def drain(self, until: float) -> None:
        """At `until` there will be a third of a burst, at least one token."""
        left = max(1, self._burst // 3)
        self._full_at = max(self._full_at, until + (self._burst - left) * self._interval)

    def change_rate(self, rate_per_s: float) -> None:
        """Fill up faster or more slowly from now on."""
        self._interval = 1 / rate_per_s

    def is_full(self, now: float) -> bool:
        """True if it is as good as new."""
        return self._full_at <= now


class Window:
    """Lets through at most `most` in any window of so many seconds, as the other side sees it.

    When a message arrives there nobody here knows, only that it was between its sending and the answer. So
    `answered` tells how long that took: what took longer than the fastest may have arrived so much later, and
    counts so much longer. Until its answer is there a message is taken to be late.
    """

    __slots__ = ("_counts_until", "_fastest", "_most", "_seconds")

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._fastest = math.inf
        self._counts_until: list[float] = []

    def ready_at(self, now: float) -> float:
        """The earliest moment, `now` or later, at which one more fits, as things stand now."""
        gone = bisect.bisect_right(self._counts_until, now)
        place = len(self._counts_until) - self._most
        return now if place < gone else self._counts_until[place]

    def note(self, now: float) -> None:
        """One is sent now."""
        del self._counts_until[: bisect.bisect_right(self._counts_until, now)]
        bisect.insort(self._counts_until, now + self._seconds + _LATEST_S)

    def answered(self, sent: float, now: float) -> None:
        """The answer to what was sent then is here."""
        took = now - sent
        # Ways may become longer for good: what is the fastest is forgotten slowly.
        self._fastest = took if took < self._fastest else self._fastest + (took - self._fastest) * _FORGOTTEN
        place = bisect.bisect_left(self._counts_until, sent + self._seconds + _LATEST_S)
        if place < len(self._counts_until) and self._counts_until[place] == sent + self._seconds + _LATEST_S:
            del self._counts_until[place]
            late = min(took - self._fastest, _LATEST_S)
            bisect.insort(self._counts_until, sent + self._seconds + late)

    def stretch(self, seconds: float) -> None:
        """Another length from now on, in seconds."""
        self._seconds = seconds


class Limits(msgspec.Struct, frozen=True):
    """The limits of one bot as the messenger sets them; by default Telegram's, as far as it tells.

    `bot_rate` a second for the bot, and never more than that in any one second; `bot_burst` of them may go at
    once after a pause. A chat gets `chat_rate` a second after a burst of `chat_burst`; a group, whose address
    begins with a minus, `group_per_minute` in any minute as well.
    """

    bot_rate: float = 30.0
    bot_burst: int = 5
    chat_rate: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20


class SendLimits:
    """When the next message to a chat may go out.

    Ordinary messages keep an even pace a little below the limit. Urgent ones do not wait for the pace: they
    go as soon as the limit itself allows, and what is ordinary waits for them.
    Remembers only chats that were written to or held lately, however many there are in all.
    Raises `ValueError` for limits that let nothing through.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        rate = self._limits.bot_rate
        self._pace = TokenBucket(rate * _SHARE, self._limits.bot_burst)
        most = max(1, math.floor(rate))
        self._window_s = most / rate * _SLACK
        self._window = Window(most, self._window_s)
        self._new_chat("")
        self._new_chat("-")
        self._bot_held_until = _FOREVER_AGO
        self._eased = 0
        self._eased_until = _FOREVER_AGO
        self._chats: dict[str, TokenBucket] = {}
        self._held_until: dict[str, float] = {}
        self._sweep_at = _SWEEP_AT

    def room(self, now: float, ahead_s: float = 0.0) -> int:
        """How many ordinary messages to different chats will find their turn in so many seconds at most."""
        self._recover(now)
        begin = max(now, self._bot_held_until)
        return self._pace.room(begin, now + ahead_s - begin) if begin <= now + ahead_s else 0

    def ready_at(self, chat: str, now: float, *, urgent: bool = False) -> float:
        """The earliest moment, `now` or later, at which `take` succeeds, as things stand now."""
        self._recover(now)
        bucket = self._chats.get(chat)
        return max(
            self._bot_ready_at(now, urgent=urgent),
            now if bucket is None else bucket.ready_at(now),
            self._held_until.get(chat, now),
        )

    def bot_ready_at(self, now: float) -> float:
        """The earliest moment, `now` or later, at which an ordinary message to any chat may go."""
        self._recover(now)
        return self._bot_ready_at(now, urgent=False)

    def take(self, chat: str, now: float, *, urgent: bool = False) -> bool:
        """Count a message to `chat` as going out now; False, and nothing counted, if it must wait."""
        if self.ready_at(chat, now, urgent=urgent) > now:
            return False
        self._sweep(now)
        self._pace.charge(now)
        self._window.note(now)
        if chat not in self._chats:
            self._chats[chat] = self._new_chat(chat)
        self._chats[chat].charge(now)
        return True

    def answered(self, sent: float, now: float) -> None:
        """The messenger's answer to what was sent then is here, whatever it says."""
        self._window.answered(sent, now)

    def hold_chat(self, chat: str, until: float) -> None:
        """The messenger said "retry after" for this chat: nothing goes there before, and then no burst."""
        self._held_until[chat] = max(until, self._held_until.get(chat, until))
        if chat not in self._chats:
            self._chats[chat] = self._new_chat(chat)
        self._chats[chat].drain(until)

    def hold_all(self, until: float) -> None:
        """Nothing goes out before `until`, and then no burst."""
        self._bot_held_until = max(until, self._bot_held_until)
        self._pace.drain(self._bot_held_until)

    def slow_down(self, until: float, now: float) -> None:
        """The messenger said "retry after" for the bot: a hold, and for some time after it a slower pace.

        What was on its way when the first "retry after" came says nothing new about the pace.
        """
        self._recover(now)
        if self._bot_held_until <= now:
            self._eased = min(self._eased + 1, _MOST_EASED)
            self._set_pace()
        self.hold_all(until)
        self._eased_until = self._bot_held_until + _EASED_FOR_S

    @property
    def remembered(self) -> int:
        """How many chats are kept in mind: for the metrics, and for the test that it stays bounded."""
        return len(self._chats.keys() | self._held_until.keys())

    def _bot_ready_at(self, now: float, *, urgent: bool) -> float:
        pace = now if urgent else self._pace.ready_at(now)
        return max(pace, self._window.ready_at(now), self._bot_held_until)

    def _recover(self, now: float) -> None:
        while self._eased and self._eased_until <= now:
            self._eased -= 1
            self._eased_until += _EASED_FOR_S
            self._set_pace()

    def _set_pace(self) -> None:
        eased = _EASED**self._eased
        self._pace.change_rate(self._limits.bot_rate * _SHARE * eased)
        self._window.stretch(self._window_s / eased)

    def _new_chat(self, chat: str) -> TokenBucket:
        limits = self._limits
        if not chat.startswith("-"):
            return TokenBucket(limits.chat_rate, limits.chat_burst)
        burst = min(_GROUP_BURST, limits.chat_burst)
        # The burst and what fills up within a minute are together what a minute may hold.
        rate = min(limits.chat_rate, (limits.group_per_minute - burst) / 60)
        return TokenBucket(rate, burst)

    def _sweep(self, now: float) -> None:
        """Forget chats that are as good as new, each time their number has doubled: cheap a message."""
        if len(self._chats) + len(self._held_until) < self._sweep_at:
            return
        self._chats = {chat: bucket for chat, bucket in self._chats.items() if not bucket.is_full(now)}
        self._held_until = {chat: until for chat, until in self._held_until.items() if until > now}
        self._sweep_at = max(_SWEEP_AT, 2 * (len(self._chats) + len(self._held_until)))
