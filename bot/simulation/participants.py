# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Simulated participants: they answer or do not, put off, go back, press old buttons, stop and return."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.simulation.messenger import Seen
from bot.simulation.phones import Day, Phone, keys_of

COMMANDS = (
    "/hilfe",
    "Pause",
    "Check-in",
    "Sprache",
    "Meine Daten",
    "Mein Plan",
    "Termine",
    "weiter",
    "START",
    "danke",
    "ok",
)
ANSWERS = ("ja", "nein", "3", "zwei", "später", "überspringen", "zurück", "7", "weiß nicht", "Ja, gern")
WORDS = (
    "Heute war ich lange am Kanal spazieren",
    "Der Brief vom Vermieter liegt noch ungeöffnet da",
    "Meine Nachbarin hat mir beim Formular geholfen",
    "Ich habe den Zahnarzt endlich angerufen",
)
MANY = 60


@dataclass(frozen=True, slots=True)
class Temper:
    """How somebody is: shares between 0 and 1. `danger` is how often free words are grave ones.

    After `acts` things that they did they answer no more.
    """

    answers: float = 0.8
    agrees: float = 0.85
    writes: float = 0.5
    danger: float = 0.1
    mischief: float = 0.15
    leaves: float = 0.05
    vanishes: float = 0.02
    acts: int = MANY * 4


@dataclass(slots=True)
class Participant:
    """Somebody with a phone. `grave` are sentences that mean danger, `opens` follows a link to our page.

    `said` keeps everything that they typed, `name` is only theirs to know.
    """

    name: str
    phone: Phone
    day: Day
    chance: random.Random
    temper: Temper
    grave: Sequence[str]
    opens: Callable[[Participant, str], None]
    is_silent: bool = False
    said: list[str] = field(default_factory=list)
    acts: int = 0

    def saw(self, phone: Phone, seen: Seen) -> None:
        """A message has come; mostly they react after a while."""
        if self.is_silent or self.acts > self.temper.acts:
            return
        if seen.body.link and self.chance.random() < self.temper.answers:
            link = seen.body.link
            self.day.later(self._delay(), lambda: self.opens(self, link))
        if seen.body.keys and self.chance.random() < self.temper.answers:
            self.day.later(self._delay(), lambda: self._react(phone, seen))

    def live(self) -> None:
        """One day: things that nobody asked for."""
        if self.is_silent:
            return
        for _ in range(self.chance.choice((0, 0, 1, 1, 2))):
            if self.chance.random() < self.temper.writes:
                self.day.later(self.chance.uniform(0, 50_000), self.do_something)
        if self.chance.random() < self.temper.vanishes:
            self.is_silent = True

    def do_something(self) -> None:
        """Something by themselves."""
        if self.phone.chat.is_blocked:
            self.phone.unblock()
            return
        self.acts += 1
        choice = self.chance.random()
        if choice < self.temper.leaves:
            self.chance.choice((self.leave, self.leave, self.phone.block))()
        elif choice < self.temper.leaves + self.temper.mischief:
            self._mischief()
        elif choice < 0.5:
            self.write(self.phone, self.chance.choice(COMMANDS))
        else:
            self.write(self.phone, self._words())

    def write(self, phone: Phone, text: str, *, edited: bool = False) -> None:
        """Type a message."""
        self.said.append(text)
        phone.write(text, edited=edited)

    def leave(self) -> None:
        """STOPP, and perhaps back after some days."""
        self.write(self.phone, self.chance.choice(("STOPP", "stop", "Stopp!", "abmelden")))
        if self.chance.random() < 0.6:
            away = timedelta(days=self.chance.uniform(0.1, 6)).total_seconds()
            self.day.later(away, lambda: self.write(self.phone, "START"))

    def _react(self, phone: Phone, seen: Seen) -> None:
        if self.is_silent:
            return
        self.acts += 1
        choice = self.chance.random()
        if choice < 0.75:
            self._press(phone, seen)
        elif choice < 0.75 + self.temper.mischief:
            self._mischief(phone)
        elif choice < 0.97:
            self.write(phone, self.chance.choice(ANSWERS))
        else:
            self.write(phone, self._words())

    def _press(self, phone: Phone, seen: Seen) -> None:
        keys = keys_of(seen)
        agreeing = [key for key in keys if key.label.startswith("Ja")]
        key = self.chance.choice(keys)
        if agreeing and self.chance.random() < self.temper.agrees:
            key = agreeing[0]
        phone.press(key, seen)
        if self.chance.random() < self.temper.mischief:
            phone.press(key, seen)

    def _mischief(self, phone: Phone | None = None) -> None:
        """An old button, an edit, a sticker, a word to nobody."""
        phone = phone or self.phone
        old = phone.with_keys()
        choice = self.chance.randrange(6)
        if choice > 2 and old:
            seen = self.chance.choice(old)
            phone.press(self.chance.choice(keys_of(seen)), seen)
        elif choice == 1 and self.said:
            self.write(phone, f"{self.said[-1]} (verbessert)", edited=True)
        elif choice == 2:
            phone.attach(self.chance.choice(("sticker", "voice", "photo")))
        else:
            self.write(phone, self.chance.choice(("🙂", "?", "....", "x" * 300, "weiter", "jaein")))

    def _words(self) -> str:
        if self.chance.random() < self.temper.danger:
            return self.chance.choice(self.grave)
        return f"{self.chance.choice(WORDS)}, sagt {self.name} zum {self.acts}. Mal"

    def _delay(self) -> float:
        return min(self.chance.lognormvariate(5.0, 1.8), 100_000.0)
