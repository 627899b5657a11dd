# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Simulated staff: they take over, plan, reply, close, pass on, and sometimes look away."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bot.domain.messages import Key
from bot.simulation.messenger import Seen
from bot.simulation.phones import Day, Phone, keys_of

REPLY = "Ich rufe Sie morgen um zehn an, passt das?"
STEP = "Hausbesuch mit der Kollegin"
_CLOSED_LATER_S = (1800.0, 3 * 86400.0)


@dataclass(slots=True)
class Colleague:
    """A coach or a lead. `looks` is how many alerts are looked at, between 0 and 1; a diligent one: 1."""

    name: str
    phone: Phone
    day: Day
    chance: random.Random
    looks: float = 0.8
    is_diligent: bool = False
    taken: set[str] = field(default_factory=set)

    def saw(self, phone: Phone, seen: Seen) -> None:
        """A message has come. What asks for something is answered, sooner or later."""
        keys = keys_of(seen)
        if keys and (self.is_diligent or self.chance.random() < self.looks):
            self.day.later(self._delay(), lambda: self._answer(phone, seen, keys))
        elif "Schreiben Sie" in seen.body.text:
            text = STEP if "Schritt" in seen.body.text else REPLY
            self.day.later(self._delay(), lambda: phone.write(text))

    def _answer(self, phone: Phone, seen: Seen, keys: list[Key]) -> None:
        action = {key.token.split(":", 2)[2]: key for key in keys if key.token.count(":") >= 2}
        case = keys[0].token.split(":")[1]
        if "take" in action:
            self._alerted(phone, seen, action, case)
        elif any(name.startswith("step:") for name in action):
            phone.press(self.chance.choice(keys), seen)
            self.day.later(self._until_closed(), lambda: self._close(phone, seen, case))
        elif any(name.startswith("close:") for name in action):
            phone.press(self.chance.choice(keys), seen)
        elif "reply" in action and self.chance.random() < 0.4:
            phone.press(action["reply"], seen)

    def _alerted(self, phone: Phone, seen: Seen, action: dict[str, Key], case: str) -> None:
        # Somebody else may have it by now: then Lotse says so.
        choice = 0.0 if self.is_diligent else self.chance.random()
        if choice < 0.7:
            if case not in self.taken or self.is_diligent:
                phone.press(action["take"], seen)
                self.taken.add(case)
                self.day.later(self._until_closed(), lambda: self._close(phone, seen, case))
        elif choice < 0.8 and "pass" in action:
            phone.press(action["pass"], seen)
        elif choice < 0.9 and "show" in action:
            phone.press(action["show"], seen)

    def _close(self, phone: Phone, seen: Seen, case: str) -> None:
        self.taken.discard(case)
        phone.press(Key("", f"s:{case}:done"), seen)

    def _until_closed(self) -> float:
        return self.chance.uniform(600, 7200) if self.is_diligent else self.chance.uniform(*_CLOSED_LATER_S)

    def _delay(self) -> float:
        return min(self.chance.lognormvariate(4.5, 1.5), 20_000.0)
