# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Simulated staff: they take over, plan, reply, close, pass on, go on leave, and sometimes do not answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.messages import Key
from bot.domain.people import Role
from bot.simulation import staff_typing
from bot.simulation.messenger import Seen
from bot.simulation.phones import Day, Phone, keys_of

REPLY = "Ich rufe Sie morgen um zehn an, passt das?"
STEP = "Hausbesuch mit der Kollegin"
_CLOSED_LATER_S = (1800.0, 3 * 86400.0)
_LONGEST_DELAY_S = 20_000.0
_MANNERS = ((0.95, 4.5), (0.9, 6.0), (0.7, 4.5), (0.6, 8.0), (0.3, 5.0), (0.05, 7.0))
#: What the first part of a button's token says: a concern; duty; an appointment that was typed.
_CASE, _DUTY, _ENTRY = "s", "d", "t"


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody works: shares between 0 and 1.

    `looks` is how many messages with buttons are answered at all, `haste` the natural logarithm of the usual
    number of seconds until then (4.5 is a minute and a half, 8.5 more than an hour), `types` how often
    something is typed on a day, `passes` how often an alert is passed on.
    """

    looks: float = 0.8
    haste: float = 4.5
    types: float = 0.2
    passes: float = 0.1

    @classmethod
    def draw(cls, chance: random.Random) -> Manner:
        """Quick, late, or hardly ever there."""
        looks, haste = chance.choice(
            ((0.95, 4.5), (0.9, 6.0), (0.7, 4.5), (0.6, 8.0), (0.3, 5.0), (0.05, 7.0))
        )
        return cls(looks, haste, chance.choice((0.0, 0.2, 0.5)), chance.choice((0.0, 0.1, 0.3)))


@dataclass(slots=True)
class Colleague:
    """A coach or a lead with the phone that they have now. A diligent one answers everything.

    `until_closed` are the seconds, least and most, after which a case that was taken over is closed.
    """

    id: int
    name: str
    role: Role
    phone: Phone
    day: Day
    chance: random.Random
    manner: Manner = field(default_factory=Manner)
    is_diligent: bool = False
    has_left: bool = False
    until_closed: tuple[float, float] = _CLOSED_LATER_S
    taken: set[str] = field(default_factory=set)
    numbers: list[str] = field(default_factory=list)

    def saw(self, phone: Phone, seen: Seen) -> None:
        """A message has come. What asks for something is answered, sooner or later."""
        self.numbers += [each for each in staff_typing.numbers_in(seen.body.text) if each not in self.numbers]
        keys = keys_of(seen)
        if keys and (self.is_diligent or self.chance.random() < self.manner.looks):
            self.day.later(self._delay(), lambda: self._answer(phone, seen, keys))
        elif "Schreiben Sie" in seen.body.text:
            text = STEP if "Schritt" in seen.body.text else REPLY
            self.day.later(self._delay(), lambda: self._write(phone, text))

    def type_something(self, today: date, cases: Sequence[str], colleagues: Sequence[str]) -> None:
        """A command by themselves: an appointment, a swap, a look at the rota."""
        others = [name for name in colleagues if name != self.name]
        drawn = staff_typing.command(self.chance, today, cases, others, self.numbers, self.role)
        self._write(self.phone, drawn)

    def go_on_leave(self, until: date, deputy: str) -> None:
        """Say from now on to be away, to the day before `until`."""
        self._write(self.phone, staff_typing.leave(until, deputy))

    def come_back(self) -> None:
        """Say to be here again, wherever one was."""
        self.day.away_until = None
        self._write(self.phone, staff_typing.BACK)

    def _is_held(self, phone: Phone) -> bool:
        return phone is self.phone and not phone.chat.is_blocked and not self.has_left

    def _write(self, phone: Phone, text: str) -> None:
        if self._is_held(phone):
            phone.write(text)

    def _press(self, phone: Phone, key: Key, seen: Seen) -> None:
        if self._is_held(phone):
            phone.press(key, seen)

    def _answer(self, phone: Phone, seen: Seen, keys: list[Key]) -> None:
        mark, _, rest = keys[0].token.partition(":")
        if mark in (_DUTY, _ENTRY):
            # The first button agrees, whatever was asked.
            chosen = keys[0] if self.is_diligent or self.chance.random() < 0.85 else self.chance.choice(keys)
            self._press(phone, chosen, seen)
        elif mark == _CASE:
            self._about_case(phone, seen, keys, rest.partition(":")[0])

    def _about_case(self, phone: Phone, seen: Seen, keys: list[Key], case: str) -> None:
        action = {key.token.split(":", 2)[2]: key for key in keys if key.token.count(":") >= 2}
        if "take" in action:
            self._alerted(phone, seen, action, case)
        elif any(name.startswith("step:") for name in action):
            self._press(phone, self.chance.choice(keys), seen)
            self._close_later(phone, seen, case)
        elif any(name.startswith("close:") for name in action):
            self._press(phone, self.chance.choice(keys), seen)
        elif not self.is_diligent and self.chance.random() < 0.5:
            # A card, or a list to choose from: colleagues, times, levels.
            self._press(phone, self.chance.choice(keys), seen)

    def _alerted(self, phone: Phone, seen: Seen, action: dict[str, Key], case: str) -> None:
        # Somebody else may have it by now: then Lotse says so.
        choice = 1.0 if self.is_diligent else self.chance.random()
        if choice < self.manner.passes and "pass" in action:
            self._press(phone, action["pass"], seen)
        elif choice < self.manner.passes + 0.15:
            self._press(phone, self.chance.choice(list(action.values())), seen)
        elif case not in self.taken or self.is_diligent:
            self._press(phone, action["take"], seen)
            self.taken.add(case)
            self._close_later(phone, seen, case)

    def _close_later(self, phone: Phone, seen: Seen, case: str) -> None:
        span = (600.0, 7200.0) if self.is_diligent else self.until_closed
        self.day.later(self.chance.uniform(*span), lambda: self._close(phone, seen, case))

    def _close(self, phone: Phone, seen: Seen, case: str) -> None:
        self.taken.discard(case)
        self._press(phone, Key("", f"{_CASE}:{case}:done"), seen)

    def _delay(self) -> float:
        haste = 4.5 if self.is_diligent else self.manner.haste
        return min(self.chance.lognormvariate(haste, 1.5), _LONGEST_DELAY_S)
