# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One call of the engine in progress: what it may look at, and what has come of it so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from dialogs.book import DialogBook, Route
from dialogs.conditions import BUILT_IN
from dialogs.effects import Effect, SetFact, Value
from dialogs.instruments import Duty, NotComputable, Score
from dialogs.measuring import measured
from dialogs.model import AnyStep, AskStep
from dialogs.own_words import Words, words_for
from dialogs.session import Frame, Session

DEFAULT_ZONE = "Europe/Berlin"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Known = Mapping[str, Value]
History = Mapping[str, Sequence[Score | NotComputable]]


def _not_known(at: datetime) -> Duty | None:
    """Who is there is not known, whenever it is."""
    del at
    return None


class Facts(msgspec.Struct, frozen=True):
    """What is known beyond the conversation: usable as {coach} in texts, and in conditions.

    The fact `zone` (an IANA name) says what "today" means; without it, German time. `history` has the scores
    of one person by rule ("phq4.total"), oldest first. Of both mappings only `get` is used, so that they may
    look things up when they are asked. `packs_on` names the clinical questionnaires that are switched on;
    `duty` says who is there at a moment, None where that is not known.
    """

    language: str = "de"
    values: Known = {}
    history: History = {}
    packs_on: frozenset[str] = frozenset()
    duty: Callable[[datetime], Duty | None] = _not_known


class Here(msgspec.Struct, frozen=True):
    """The dialog and the step on top of the stack."""

    route: Route
    step: AnyStep


@dataclass(slots=True)
class Run:
    """Mutable, and never leaves the call; `session` itself is replaced, not changed."""

    book: DialogBook
    facts: Facts
    now: datetime
    session: Session
    effects: list[Effect] = field(default_factory=list)

    def change(self, **fields: Any) -> None:
        """Replace fields of the session."""
        self.session = msgspec.structs.replace(self.session, **fields)

    def emit(self, effect: Effect) -> None:
        """Add one effect; their order is kept."""
        self.effects.append(effect)

    @property
    def words(self) -> Words:
        """The engine's own words in the person's language."""
        return words_for(self.session.language)

    @property
    def top(self) -> Frame:
        """The frame that runs."""
        return self.session.frames[-1]

    @property
    def here(self) -> Here | None:
        """Where the session stands, or None where that place does not exist (any more)."""
        if not self.session.frames:
            return None
        frame = self.session.frames[-1]
        route = self.book.route(frame.dialog, frame.version)
        step = route.dialog.steps.get(frame.step) if route else None
        return Here(route, step) if route and step else None

    @property
    def question(self) -> AskStep | None:
        """The open question."""
        here = self.here
        return here.step if here and isinstance(here.step, AskStep) else None

    @property
    def local(self) -> datetime:
        """The moment on the person's own clock."""
        name = self.facts.values.get("zone") or DEFAULT_ZONE
        try:
            zone = ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone = ZoneInfo(DEFAULT_ZONE)
        return self.now.astimezone(zone)

    @property
    def today(self) -> date:
        """The person's calendar day."""
        return self.local.date()

    def lookup(self, name: str) -> Value | None:
        """What a name means here, the nearest first; None if it has no value.

        An answer of this dialog, `dialog.key` of another one in this conversation, a fact, what is always
        known, and at last a score or a trend of the person.
        """
        values = self.session.values
        for key in (f"{self.top.dialog}.{name}", name):
            if key in values:
                return values[key]
        known = self.facts.values.get(name)
        if known is not None:
            return known
        if name in BUILT_IN:
            return self._always_known(name)
        return measured(self.book.packs, name, self.facts.history) if "." in name else None

    def _always_known(self, name: str) -> Value:
        match name:
            case "language":
                return self.session.language
            case "today":
                return self.today.isoformat()
            case "time":
                return f"{self.local:%H:%M}"
            case _:
                return WEEKDAYS[self.local.weekday()]

    def forget(self, dialog: str) -> None:
        """Forget what a dialog said the time before, because it begins anew."""
        values = {
            name: kept for name, kept in self.session.values.items() if name.partition(".")[0] != dialog
        }
        if len(values) != len(self.session.values):
            self.change(values=values)

    def keep(self, key: str, value: Value | None) -> None:
        """Set a value of the running dialog; None forgets it."""
        name = f"{self.top.dialog}.{key}"
        values = {other: kept for other, kept in self.session.values.items() if other != name}
        if value is not None:
            values[name] = value
        self.change(values=values)

    def blank(self, key: str) -> None:
        """Say that the running dialog found no value, so that none of earlier times is taken for it."""
        self.change(values={**self.session.values, f"{self.top.dialog}.{key}": None})

    def forget_scores(self) -> None:
        """What is counted from here on is new; what was counted is found among the person's scores."""
        packs = self.book.packs
        values = {
            name: kept
            for name, kept in self.session.values.items()
            if name.count(".") != 2 or name.split(".")[1] not in packs
        }
        self.change(values=values)

    def remember(self, name: str, value: Value) -> None:
        """Keep a fact beyond the conversation. A language is spoken from the next message on."""
        self.emit(SetFact(name, value))
        if name == "language":
            self.change(language=str(value))

    def go(self, step: str) -> None:
        """Move the top frame to `step`; "" is the end of its dialog."""
        frame = Frame(self.top.dialog, self.top.version, step)
        self.change(frames=(*self.session.frames[:-1], frame))
