# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where a staff member is signed in, and how to sign out there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.people import Staff
from bot.domain.sign_in import Session
from bot.ports import UnitOfWork
from bot.services import staff_sessions
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.security import is_own_form
from bot.web.sessions import CONSOLE, LOGIN, account_of, read_secret

PATH = "/console/sessions"
_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    device: str
    since: str
    seen: str
    is_here: bool


class StaffSessions:
    """The route `/console/sessions`."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [Route(PATH, self.show), Route(PATH, self.end, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """All browsers in which they are signed in."""
        secret, now = read_secret(request, CONSOLE), self._office.clock.now()
        found = await self._office.storage.run(partial(_look, account=account_of(secret), now=now))
        if found is None:
            return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)
        staff, here, sessions = found
        voice, zone = self._view.voice(staff.language), self._view.rules.agencies[staff.agency_id].zone

        def moment(at: datetime) -> str:
            return f"{voice.day(at, zone)}, {voice.clock(at, zone)}"

        rows = [
            _Row(one.id, one.device, moment(one.since), moment(one.seen_at), one.id == here.id)
            for one in sessions
        ]
        return self._view.page("console/sessions.html", voice, secret=secret, rows=rows)

    async def end(self, request: Request) -> Response:
        """Sign one browser out, or all but this one."""
        secret, form = read_secret(request, CONSOLE), await read_form(request) or {}
        if is_own_form(secret, form.get("token", "")):
            now = self._office.clock.now()
            use_case = partial(_end, account=account_of(secret), which=form.get("session", ""), now=now)
            await self._office.storage.run(use_case)
        return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)


def _look(uow: UnitOfWork, account: str, now: datetime) -> tuple[Staff, Session, list[Session]] | None:
    found = staff_sessions.whose(uow, account, now)
    if found is None:
        return None
    staff, here = found
    uow.serve(staff.agency_id)
    staff_sessions.use(uow, here, now)
    return staff, here, staff_sessions.sessions_of(uow, staff.id, now)


def _end(uow: UnitOfWork, account: str, which: str, now: datetime) -> None:
    found = staff_sessions.whose(uow, account, now)
    if found is None:
        return
    staff, here = found
    uow.serve(staff.agency_id)
    actor = f"staff:{staff.id}"
    if which == _OTHERS:
        staff_sessions.end_sessions(uow, staff, actor, now, besides=here.id)
    elif which.isascii() and which.isdecimal():
        staff_sessions.end_session(uow, staff.id, int(which), actor, now)
