# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts that must not be found elsewhere: more of them each day, so they are known by their beginnings."""

from __future__ import annotations

from collections import defaultdict

from bot.simulation.participants import Participant

_BEGINNING = 8


class Sayings:
    """A set of texts of eight characters and more, and whether another text holds one of them."""

    def __init__(self) -> None:
        self._by_beginning: dict[str, set[str]] = defaultdict(set)

    def add(self, saying: str) -> None:
        """Look for this one from now on; shorter ones stand in many texts by chance and are left out."""
        if len(saying) >= _BEGINNING:
            self._by_beginning[saying[:_BEGINNING]].add(saying)

    def are_in(self, text: str) -> bool:
        """Whether the text holds one of them."""
        begins = self._by_beginning
        return any(
            text.startswith(saying, at)
            for at in range(len(text) - _BEGINNING + 1)
            if (beginning := text[at : at + _BEGINNING]) in begins
            for saying in begins[beginning]
        )


class Typed:
    """What people typed, of so many characters at least."""

    def __init__(self, shortest: int) -> None:
        self._shortest = shortest
        self._sayings = Sayings()
        self._known: dict[int, int] = {}

    def is_in(self, text: str, people: list[Participant]) -> bool:
        """Whether the text holds something that one of them has typed until now."""
        for number, person in enumerate(people):
            for said in person.said[self._known.get(number, 0) :]:
                if len(said) >= self._shortest:
                    self._sayings.add(said)
            self._known[number] = len(person.said)
        return self._sayings.are_in(text)
