# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Simulated people: how soon they answer, how they are, what they write unasked, when they rest or stop.

The shares below are invented. They make a lively crowd and no forecast: compare two rehearsals.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial

from bot.domain.concerns import Level
from bot.domain.messages import Incoming, IncomingKind, Key, Outgoing
from bot.ports import UnitOfWork
from bot.rehearsal.chance import stream, waiting
from bot.rehearsal.installation import PAGE, Installation
from scheduler.local_time import at_wall, local, zone

#: What stands under every question and is no answer to it.
_ASIDE = frozenset({"Zurück", "Überspringen", "Später"})
_LATER = "Später"
_TODAY, _THIS_WEEK = "Ja, heute", "Ja, diese Woche"
_LINES = (
    "Ich war zweimal einkaufen.",
    "Ich habe mit meiner Schwester telefoniert.",
    "Den Antrag habe ich ausgefüllt.",
    "Nicht viel diese Woche.",
)
_AT_FIRST, _FIRST = 0.985, timedelta(days=2)


class Rhythm(StrEnum):
    """How somebody answers."""

    QUICK = "quick"
    EVENING = "evening"
    SLOW = "slow"
    RARELY = "rarely"


@dataclass(frozen=True, slots=True)
class Nature:
    """Rates are per month. `usual` is the mood around which theirs moves, 0 to 10; `answers` is a share."""

    rhythm: Rhythm
    usual: float
    answers: float
    quiet_weeks: float = 0.12
    dips: float = 0.12
    writes: float = 0.35
    strained: float = 0.12
    serious: float = 0.03
    danger: float = 0.008
    pauses: float = 0.04
    stops: float = 0.012


_SHARES = {Rhythm.QUICK: 0.93, Rhythm.EVENING: 0.85, Rhythm.SLOW: 0.6, Rhythm.RARELY: 0.3}


def draw_nature(chance: random.Random) -> Nature:
    """Somebody from the crowd."""
    rhythm = chance.choices(tuple(Rhythm), (30, 35, 23, 12))[0]
    return Nature(rhythm, min(8.5, max(2.5, chance.gauss(5.5, 1.3))), _SHARES[rhythm])


class Person:
    """Somebody with a telephone, from the moment at which they open their invitation."""

    def __init__(
        self, there: Installation, name: str, seed: str, words: Mapping[Level, Sequence[str]]
    ) -> None:
        self._there, self._words = there, words
        self.account = f"page-{name}"
        self.name = name
        self._chance = stream(seed, "person", name)
        self.nature = draw_nature(self._chance)
        self._mood, self._mood_at = self.nature.usual, there.now
        self._came = there.now
        self._dip_until = self._quiet_until = there.now
        self._said = itertools.count()
        self._asked = ""
        self.number = 0
        #: Nobody who has left, or has written STOPP, writes unasked.
        self.is_here = True

    def come(self, code: str) -> None:
        """Open the invitation, and live from now on."""
        self._came = self._there.now
        self._there.listen(self.account, self)
        self._does(IncomingKind.START, text=code)
        self.number = self._there.look(self._own_number)
        nature, level = self.nature, self._write
        habits: tuple[tuple[float, Callable[[], None]], ...] = (
            (nature.writes, partial(level, Level.R0)),
            (nature.strained, partial(level, Level.R1)),
            (nature.serious, partial(level, Level.R2)),
            (nature.danger, partial(level, Level.R3)),
            (nature.dips, self._sink),
            (nature.quiet_weeks, self._fall_silent),
            (nature.pauses, self._pause),
            (nature.stops, self._stop),
        )
        for rate, deed in habits:
            self._again(rate, deed)

    def hears(self, message: Outgoing, number: str) -> None:
        """A question is answered after a while, if at all, and only as long as no other has come."""
        keys = [key for row in message.body.keys for key in row]
        if not keys:
            return
        self._asked = number
        if self._there.now < self._quiet_until or self._chance.random() > self._share():
            return
        self._there.at(self._answering(), partial(self._answer, keys, number))

    def _share(self) -> float:
        """How likely it is that they answer: whoever has just opened an invitation mostly goes through it."""
        return _AT_FIRST if self._there.now - self._came < _FIRST else self.nature.answers

    def _answering(self) -> datetime:
        now, chance = self._there.now, self._chance
        match self.nature.rhythm:
            case Rhythm.QUICK:
                return now + timedelta(minutes=min(chance.lognormvariate(1.8, 1.2), 600))
            case Rhythm.EVENING:
                where = zone(self._there.zone)
                today = local(now, where).date()
                evening = at_wall(today, time(18, 30), where) + timedelta(minutes=chance.uniform(0, 120))
                # In the middle of a conversation nobody waits for the next evening.
                return evening if evening > now else now + timedelta(minutes=chance.uniform(1, 15))
            case Rhythm.SLOW:
                return now + timedelta(hours=chance.uniform(0.2, 30))
            case Rhythm.RARELY:
                return now + timedelta(hours=chance.uniform(0.5, 20))

    def _answer(self, keys: Sequence[Key], number: str) -> None:
        if number != self._asked:
            return
        own = [key for key in keys if key.label not in _ASIDE]
        later = [key for key in keys if key.label == _LATER]
        if later and self._chance.random() < 0.05:
            self._does(IncomingKind.PRESS, press=later[0].token, message=number)
        elif own:
            self._does(IncomingKind.PRESS, press=self._choose(own).token, message=number)
        else:
            self._does(IncomingKind.TEXT, text=self._chance.choice(_LINES))

    def _choose(self, own: Sequence[Key]) -> Key:
        """On a scale what fits the mood; a call if it is low; else more often what stands further above."""
        mood = self._felt()
        steps = [key for key in own if key.label.isdecimal()]
        if len(steps) > 3:
            return min(steps, key=lambda key: abs(int(key.label) - mood * int(steps[-1].label) / 10))
        labels = {key.label: key for key in own}
        if _THIS_WEEK in labels:
            wish = self._chance.random() * (2.2 if mood < 3.5 else 1.0)
            wanted = _TODAY if wish > 2.0 and _TODAY in labels else _THIS_WEEK if wish > 0.9 else "Nein"
            return labels.get(wanted, own[-1])
        # What is bad stands below what is good: who feels low looks further down.
        sink = 0.12 if mood >= 3.5 else 0.35
        return self._chance.choices(own, [sink**place for place in range(len(own))])[0]

    def _felt(self) -> float:
        """How they are now: a slow walk around what is usual for them, lower in a dip."""
        weeks = (self._there.now - self._mood_at) / timedelta(weeks=1)
        self._mood_at = self._there.now
        pull = 0.75**weeks
        drift = self._chance.gauss(0, 0.6 * min(weeks, 4.0) ** 0.5)
        self._mood = self.nature.usual + (self._mood - self.nature.usual) * pull + drift
        low = 3.0 if self._there.now < self._dip_until else 0.0
        return min(10.0, max(0.0, self._mood - low))

    def _write(self, level: Level) -> None:
        self._does(IncomingKind.TEXT, text=self._chance.choice(self._words[level]))

    def _sink(self) -> None:
        self._dip_until = self._there.now + timedelta(weeks=self._chance.uniform(2, 6))

    def _fall_silent(self) -> None:
        self._quiet_until = self._there.now + timedelta(weeks=self._chance.uniform(1, 6))

    def _pause(self) -> None:
        self._does(IncomingKind.TEXT, text=self._chance.choice(("Pause 1 Woche", "Pause 2 Wochen")))

    def _stop(self) -> None:
        """STOPP; half of them come back after some weeks."""
        self._does(IncomingKind.TEXT, text="STOPP")
        self.is_here = False
        if self._chance.random() < 0.5:
            back = self._there.now + timedelta(weeks=self._chance.uniform(1, 10))
            self._there.at(back, self._come_back)

    def _come_back(self) -> None:
        self._does(IncomingKind.TEXT, text="START")
        self.is_here = True

    def _again(self, per_month: float, deed: Callable[[], None]) -> None:
        """Do something at a moment of chance, by day, and then again and again."""

        def do() -> None:
            if self.is_here:
                deed()
            self._again(per_month, deed)

        self._there.at(self._waking(self._there.now + waiting(self._chance, per_month)), do)

    def _waking(self, at: datetime) -> datetime:
        """People write at any hour, but most of them sleep at night."""
        where = zone(self._there.zone)
        wall = local(at, where)
        if wall.hour >= 7 or self._chance.random() < 0.15:
            return at
        return at + timedelta(hours=self._chance.uniform(7, 15))

    def _does(self, kind: IncomingKind, *, text: str = "", press: str = "", message: str = "") -> None:
        delivery = f"{self.account}-{next(self._said)}"
        said = Incoming(PAGE, delivery, self.account, kind, text=text, press=press, message=message)
        self._there.take(said)

    def _own_number(self, uow: UnitOfWork) -> int:
        contact = uow.people.find_contact(PAGE, self.account)
        assert contact is not None
        return contact.participant.id
