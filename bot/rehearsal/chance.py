# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""All chance of a rehearsal: streams that begin with a seed and a name: one more person changes no other."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.domain.concerns import Level
from dialogs.concerns.languages import recognise
from dialogs.concerns.rulebook import rulebook

#: Of a level so many examples are enough to choose from.
_ENOUGH = 40
_LANGUAGE = "de"
_DAY = timedelta(days=1)

#: What people write who only want to tell something.
EVERYDAY = (
    "Heute war ich lange spazieren.",
    "Der Zahnarzttermin ist am Dienstag.",
    "Meine Nachbarin hat mir mit dem Formular geholfen.",
    "Ich habe den Brief jetzt abgeschickt.",
)


def stream(seed: str, *names: object) -> random.Random:
    """The chance that belongs to somebody or something; the same for the same seed and names."""
    return random.Random("/".join([seed, *map(str, names)]))  # noqa: S311  (a simulation, no secret)


def waiting(chance: random.Random, per_month: float) -> timedelta:
    """How long until something happens that happens so often in a month; very long for what never does."""
    return chance.expovariate(per_month / 30.44) * _DAY if per_month > 0 else 3660 * _DAY


def free_words() -> Mapping[Level, Sequence[str]]:
    """What people write unasked, by level: examples of the rules that ship, read once more as messages."""
    rules = rulebook()
    found: dict[Level, list[str]] = {Level.R1: [], Level.R2: [], Level.R3: []}
    for rule in rules.rules:
        level = Level(rule.level.value)
        if rule.language != _LANGUAGE or level is Level.R0 or len(found[level]) >= _ENOUGH or not rule.hits:
            continue
        text = rule.hits[0]
        if recognise(text, _LANGUAGE, rules).level.value == level.value:
            found[level].append(text)
    return {Level.R0: EVERYDAY, **found}
