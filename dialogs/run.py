# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One call of the engine in progress: what it may look at, and what has come of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from dialogs.book import DialogBook, Route
from dialogs.effects import Effect, Value
from dialogs.model import AnyStep, AskStep
from dialogs.own_words import Words, words_for
from dialogs.session import Frame, Session

DEFAULT_ZONE = "Europe/Berlin"


class Facts(msgspec.Struct, frozen=True):
    """What is known beyond the conversation: usable as {coach} in texts, and in conditions.

    The fact `zone` (an IANA name) says what "today" means; without it, German time.
    """

    language: str = "de"
    values: dict[str, Value] = {}


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
    def today(self) -> date:
        """The person's calendar day."""
        name = self.facts.values.get("zone", DEFAULT_ZONE)
        try:
            zone = ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone = ZoneInfo(DEFAULT_ZONE)
        return self.now.astimezone(zone).date()

    def lookup(self, name: str) -> Value | None:
        """An answer of this dialog, else `dialog.key` of another one in this conversation, else a fact."""
        own = self.session.values.get(f"{self.top.dialog}.{name}")
        if own is not None:
            return own
        other = self.session.values.get(name)
        return self.facts.values.get(name) if other is None else other

    def keep(self, key: str, value: Value | None) -> None:
        """Set a value of the running dialog; None forgets it."""
        name = f"{self.top.dialog}.{key}"
        values = {other: kept for other, kept in self.session.values.items() if other != name}
        if value is not None:
            values[name] = value
        self.change(values=values)

    def go(self, step: str) -> None:
        """Move the top frame to `step`; "" is the end of its dialog."""
        frame = Frame(self.top.dialog, self.top.version, step)
        self.change(frames=(*self.session.frames[:-1], frame))
