# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The way out of the console, and what tells its pages that something has changed."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.services import staff_sessions
from bot.services.live import STAFF
from bot.web.console.queue import HOME
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.security import is_own_form
from bot.web.sessions import CONSOLE, CONSOLE_ASIDE, account_of, forget_secret, read_secret
from bot.web.stream import stream


class Door:
    """The routes `/console/stream` and `/console/leave`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route("/console/stream", self.listen),
            Route("/console/leave", self.leave, methods=["POST"]),
        ]

    async def listen(self, request: Request) -> Response:
        """Events when anything in the queue or a conversation has changed."""
        account, now = account_of(read_secret(request, CONSOLE)), self._office.clock.now()
        if await self._office.storage.run(partial(staff_sessions.who, account=account, now=now)) is None:
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        return stream(self._office, STAFF)

    async def leave(self, request: Request) -> Response:
        """Sign this browser out."""
        secret, form = read_secret(request, CONSOLE), await read_form(request) or {}
        response = RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
        if not is_own_form(secret, form.get("token", "")):
            return response
        account, now = account_of(secret), self._office.clock.now()
        aside = account_of(read_secret(request, CONSOLE_ASIDE))
        for one in (account, aside):
            # Whoever signs out and goes is out everywhere: nobody remembers what they put aside.
            await self._office.storage.run(partial(staff_sessions.leave, account=one, now=now))
        forget_secret(response, CONSOLE)
        forget_secret(response, CONSOLE_ASIDE)
        return response
