# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Seeded trouble: what the database, the messengers and the processes suffer, and since when all is calm."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.delivery import Permanent, RetryAfter, SendResult
from bot.domain.messages import Incoming, Kind, Outgoing
from bot.simulation.fates import Calm, Commit, Delivering, Sending

#: Kinds whose loss is not to be simulated as "refused for good": nothing could be expected of Lotse then.
_NEVER_REFUSED = frozenset({Kind.CRISIS, Kind.STAFF_ALERT})


@dataclass(frozen=True, slots=True)
class Forecast:
    """How often each trouble comes: shares of the occasions, drawn once for a run."""

    refused: float
    lost: float
    untold: float
    twice: float
    crash: float
    limited: float
    failing: float
    unheard: float
    refused_message: float
    slow: float
    unconfirmed: float
    overtaken: float

    @classmethod
    def draw(cls, chance: random.Random) -> Forecast:
        """Fair weather, or foul in one or several ways."""

        def often(share: float) -> float:
            return chance.choice((0.0, share / 4, share))

        return cls(
            refused=often(0.03),
            lost=often(0.02),
            untold=often(0.01),
            twice=often(0.05),
            crash=often(0.004),
            limited=often(0.1),
            failing=often(0.15),
            unheard=often(0.05),
            refused_message=often(0.03),
            slow=often(0.1),
            unconfirmed=often(0.1),
            overtaken=often(0.1),
        )


class Storm(Calm):
    """Draws what goes wrong. `troubled_at` is the loop's time of the last trouble, `set_wrong_at` of one
    with the clock.
    """

    def __init__(self, forecast: Forecast, chance: random.Random, seconds: Callable[[], float]) -> None:
        self._forecast = forecast
        self._chance = chance
        self._seconds = seconds
        self.is_on = False
        self.messenger_is_down = False
        self.troubled_at = 0.0
        self.set_wrong_at = -1e9
        self.counts: dict[str, int] = {}

    def trouble(self, what: str) -> None:
        """Something goes wrong now."""
        self.counts[what] = self.counts.get(what, 0) + 1
        self.troubled_at = self._seconds()

    def clock_set_wrong(self) -> None:
        """Somebody moves the hands of the clock."""
        self.trouble("clock")
        self.set_wrong_at = self._seconds()

    def commit(self) -> Commit:
        if not self.is_on:
            return Commit.KEPT
        chances = self._forecast
        draw = self._chance.random()
        for fate, share in (
            (Commit.REFUSED, chances.refused),
            (Commit.LOST, chances.lost),
            (Commit.UNTOLD, chances.untold),
            (Commit.TWICE, chances.twice),
        ):
            if draw < share:
                self.trouble(fate.value)
                return fate
            draw -= share
        return Commit.KEPT

    def pause(self) -> float:
        return self._chance.uniform(0.0005, 0.02) if self.is_on else 0.002

    def crashes(self) -> bool:
        if self.is_on and self._chance.random() < self._forecast.crash:
            self.trouble("crash")
            return True
        return False

    def sending(self, channel: str, message: Outgoing) -> Sending:
        if channel == "web_chat":
            return Sending(seconds=0.001)
        if self.messenger_is_down:
            return self._fails(RetryAfter(1.0, reason="server"))
        if not self.is_on:
            return Sending()
        return self._troubled(message)

    def delivering(self, incoming: Incoming) -> Delivering:
        del incoming
        if not self.is_on:
            return Delivering()
        chance = self._chance
        return Delivering(
            after=chance.uniform(0.01, 1.0),
            confirmed=chance.random() >= self._forecast.unconfirmed,
            again_after=chance.uniform(0.1, 20.0),
            overtaken=chance.random() < self._forecast.overtaken,
        )

    def _troubled(self, message: Outgoing) -> Sending:
        chances, chance = self._forecast, self._chance
        seconds = chance.uniform(0.05, 0.5)
        if chance.random() < chances.slow:
            seconds = chance.uniform(1.0, 30.0)
        if chance.random() < chances.limited:
            return self._fails(
                RetryAfter(chance.uniform(1, 30), whole_channel=chance.random() < 0.2), seconds
            )
        if chance.random() < chances.failing:
            return self._fails(RetryAfter(1.0, reason=chance.choice(("server", "network"))), seconds)
        if chance.random() < chances.unheard:
            self.trouble("unheard")
            return Sending(seconds, arrives=True, result=RetryAfter(1.0, reason="network"))
        if message.kind not in _NEVER_REFUSED and chance.random() < chances.refused_message:
            return self._fails(Permanent("bad_request"), seconds)
        return Sending(seconds)

    def _fails(self, result: SendResult, seconds: float = 0.2) -> Sending:
        self.trouble("not sent")
        return Sending(seconds, arrives=False, result=result)
