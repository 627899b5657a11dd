# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The demonstration: the real program on a throw-away database, with invented people and a clock to turn."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.app import App
from bot.demo_people import BERTA, DIRK, LEA
from bot.demo_story import PROGRAMME
from bot.domain.messages import Incoming, IncomingKind
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.services.invite import Hired, NewStaff, hire, invite
from scheduler.clock import OffsetClock

#: A person who is already there, and what they did: everything invented.
_EARLIER = ("ja", "ja", "4", "6", "Ich war zweimal spazieren.", "Ja, diese Woche")


@dataclass(frozen=True, slots=True)
class Codes:
    """The doors into the demonstration."""

    participant: str
    coach: Hired


class Demonstration:
    """What the demo page steers: two doors and a clock."""

    def __init__(self, clock: OffsetClock) -> None:
        self._clock = clock
        self._app: App | None = None
        self._furnished = asyncio.Event()
        self.participant_entry = ""
        self.console_entry = ""

    def show(self, app: App, codes: Codes) -> None:
        """From now on these are the doors."""
        self._app = app
        self.participant_entry = f"/p/{codes.participant}"
        self.console_entry = f"/console/enter/{codes.coach.console_code}"
        self._furnished.set()

    async def furnished(self) -> None:
        """Return when the invented people are there."""
        await self._furnished.wait()

    def now(self) -> datetime:
        """The simulated time."""
        return self._clock.now()

    async def advance(self, by: timedelta) -> None:
        """Let time pass; whatever becomes due happens."""
        self._clock.advance(by)
        if self._app is not None:
            self._app.wake_all()

    async def to_next(self) -> None:
        """Jump to the next moment at which something is due, if there is one."""
        if self._app is None:
            return
        now, channels = self._clock.now(), list(self._app.pumps)
        due = await self._app.storage.run(
            lambda uow: [uow.timers.next_due(), *(uow.outbox.next_due(channel, now) for channel in channels)]
        )
        moments = [moment for moment in due if moment is not None and moment > now]
        if moments:
            await self.advance(min(moments) - now + timedelta(seconds=1))


async def furnish(app: App, coach: Hired | None = None) -> Codes:
    """Open an invitation for whoever visits. Without a past and its coach, a small team comes first."""
    programme = PROGRAMME if coach is not None else ""
    coach = coach or await _small_team(app)
    now = app.clock.now()
    code = await app.storage.run(lambda uow: invite(uow, app.rules(), coach.id, programme, "de", now))
    return Codes(code, coach)


async def _small_team(app: App) -> Hired:
    coach = await _hire(app, NewStaff(DEFAULT_AGENCY, BERTA, Role.COACH))
    await _hire(app, NewStaff(DEFAULT_AGENCY, DIRK, Role.COACH, deputy_of=coach.id))
    await _hire(app, NewStaff(DEFAULT_AGENCY, LEA, Role.LEAD))
    now = app.clock.now()
    earlier = await app.storage.run(lambda uow: invite(uow, app.rules(), coach.id, "", "de", now))
    await _live_through(app, earlier)
    return coach


def monday_morning(now: datetime) -> timedelta:
    """How far ahead the next Monday at nine (UTC eight) is: a demonstration begins in office hours."""
    monday = now + timedelta(days=(7 - now.weekday()) % 7 or 7)
    start = datetime(monday.year, monday.month, monday.day, 8, 0, tzinfo=UTC)
    return start - now


async def _hire(app: App, person: NewStaff) -> Hired:
    now = app.clock.now()
    return await app.storage.run(lambda uow: hire(uow, app.rules(), person, now))


async def _live_through(app: App, code: str) -> None:
    account = f"demo-{uuid.uuid4().hex}"
    await app.inbox.take(_from(account, IncomingKind.START, code))
    for words in _EARLIER:
        await app.inbox.take(_from(account, IncomingKind.TEXT, words))


def _from(account: str, kind: IncomingKind, text: str) -> Incoming:
    return Incoming("web_chat", uuid.uuid4().hex, account, kind, text=text)
