# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a page of the console is made of. `bot.web.console.frame` serves such pages, all in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.domain.access import Action
from bot.domain.concerns import QueueRow
from bot.domain.people import Participant, Staff
from bot.ports import Receipt, UnitOfWork
from bot.services import case_queue
from bot.services.access import Guard
from bot.services.rulebook import Rulebook
from bot.texts import Voice

#: What a form sent, by field: the first value of each.
Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Whence:
    """The address of a page: the variable parts of its path, what stands behind its question mark, and whose
    browser it is.

    `account` is what the storage knows the browser by. `trouble` is what keeps the program from being ready,
    in its own words; only for a page that `asks`.
    """

    path: Mapping[str, int | str]
    query: Mapping[str, str]
    account: str
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seat:
    """A signed-in staff member in one unit of work: what they may, and how things are said to them."""

    uow: UnitOfWork
    rules: Rulebook
    staff: Staff
    now: datetime
    whence: Whence

    @cached_property
    def guard(self) -> Guard:
        """What they may do, at this moment."""
        return Guard(self.uow, self.rules, self.staff, self.now)

    @cached_property
    def waiting(self) -> list[QueueRow]:
        """Open concerns that they may know of, the first to look at first."""
        return self.guard.own(case_queue.queue(self.uow, self.staff.agency_id, None, self.now))

    @cached_property
    def voice(self) -> Voice:
        """Their language."""
        return self.rules.voice(self.staff.language)

    @property
    def zone(self) -> str:
        """Where their agency is."""
        return self.rules.agencies[self.staff.agency_id].zone

    @property
    def is_refresh(self) -> bool:
        """Whether the page looks for news by itself: nobody need be there."""
        return "live" in self.whence.query

    @property
    def actor(self) -> str:
        """Who they are to the audit log."""
        return f"staff:{self.staff.id}"

    def may(self, action: Action, person: Participant | None = None) -> bool:
        """Whether they may do this in their agency, or with one person of it."""
        if person is None:
            return self.guard.here(action).is_allowed
        return self.guard.person(person, action).is_allowed

    def day(self, at: datetime) -> str:
        """A day, in their words and the agency's zone."""
        return self.voice.day(at, self.zone)

    def moment(self, at: datetime) -> str:
        """A day and a time, short enough for a list."""
        return f"{self.voice.day(at, self.zone)}, {self.voice.clock(at, self.zone)}"


@dataclass(frozen=True, slots=True)
class Did:
    """What a form led to.

    `said` are lines for the next page, without content. `to` is where it goes on; the page itself if empty.
    With `faults` (by field) nothing was changed, and the page comes back with everything that was typed.
    `once` is for the page's template, in the answer to this very form and never again: codes that are kept
    nowhere, or what a change would mean.
    """

    said: tuple[str, ...] = ()
    to: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    receipt: Receipt = field(default_factory=Receipt)
    once: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """Something to keep or to print instead of a page. `name` is a file's name without anything personal."""

    body: bytes
    media_type: str
    name: str = ""


#: What a page shows, for its template; None if there is no such thing for this staff member.
Read = Callable[[Seat], Mapping[str, object] | None]
#: Does what a form asks for; None as for `Read`.
Act = Callable[[Seat, Form], Did | None]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the console: where it is, who may see it, what it shows and what can be done on it.

    `place` is the entry of the navigation that it belongs to. `acts` maps the field `action` of its forms to
    what it does. Whoever may not do what it `needs` gets the same answer as for a page that does not exist;
    None if it is for every role, and says nothing to some. A page that `asks` is told what keeps the program
    from being ready.
    """

    path: str
    template: str
    place: str
    read: Read
    needs: Action | None = Action.WORK
    acts: Mapping[str, Act] = field(default_factory=dict)
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """An address that answers with a file."""

    path: str
    make: Callable[[Seat], File | None]
    needs: Action = Action.WORK
