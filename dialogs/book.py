# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every version of every dialog, so that a running conversation finds the one it began with (P9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from dialogs.instruments import Pack, shipped_packs
from dialogs.model import AskStep, Consent, Dialog


class Route(msgspec.Struct, frozen=True):
    """A dialog, and what the engine would otherwise search for again with every message."""

    dialog: Dialog
    after: dict[str, str]
    questions: dict[str, AskStep]
    places: dict[str, int]

    @classmethod
    def of(cls, dialog: Dialog) -> Route:
        """`after`: step to the one below it, "" for the last; `questions` by key; `places` from 1."""
        ids = list(dialog.steps)
        asks = [step for step in dialog.steps.values() if isinstance(step, AskStep)]
        return cls(
            dialog,
            dict(zip(ids, [*ids[1:], ""], strict=True)),
            {step.key: step for step in asks},
            {step.id: place for place, step in enumerate(asks, start=1)},
        )


class DialogBook:
    """An immutable mapping of (id, version) to dialog, and the questionnaires they ask (those that ship)."""

    __slots__ = ("_latest", "_meanings", "_routes", "packs")

    def __init__(self, dialogs: Iterable[Dialog] = (), packs: Mapping[str, Pack] | None = None) -> None:
        self.packs = shipped_packs() if packs is None else packs
        self._routes = {(dialog.id, dialog.version): Route.of(dialog) for dialog in dialogs}
        self._latest: dict[str, int] = {}
        for name, version in self._routes:
            self._latest[name] = max(version, self._latest.get(name, version))
        self._meanings: Mapping[str, int] | None = None

    def get(self, dialog: str, version: int) -> Dialog | None:
        """That very version, or None."""
        route = self._routes.get((dialog, version))
        return route.dialog if route else None

    def latest(self, dialog: str) -> Dialog | None:
        """The highest version, or None if there is no such dialog."""
        version = self._latest.get(dialog)
        return None if version is None else self._routes[dialog, version].dialog

    def route(self, dialog: str, version: int) -> Route | None:
        """That very version with its index."""
        return self._routes.get((dialog, version))

    @property
    def meanings(self) -> Mapping[str, int]:
        """What the newest consent texts mean, by purpose: the highest `meaning` of each."""
        if self._meanings is None:
            newest = (self._routes[key].dialog for key in self._latest.items())
            asked = [s for dialog in newest for s in dialog.steps.values() if isinstance(s, Consent)]
            self._meanings = {
                step.purpose: max(other.meaning for other in asked if other.purpose == step.purpose)
                for step in asked
            }
        return self._meanings

    def with_dialog(self, dialog: Dialog) -> DialogBook:
        """A book that also holds `dialog`; it takes the place of the same id and version."""
        book = DialogBook(packs=self.packs)
        book._routes = {**self._routes, (dialog.id, dialog.version): Route.of(dialog)}
        book._latest = {
            **self._latest,
            dialog.id: max(dialog.version, self._latest.get(dialog.id, dialog.version)),
        }
        return book

    def __iter__(self) -> Iterator[Dialog]:
        return (route.dialog for route in self._routes.values())

    def __len__(self) -> int:
        return len(self._routes)
