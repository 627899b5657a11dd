# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One browser that is signed in with two agencies: one of them at a time, and a form to change over (ADR 34).

Two cookies: the one that counts, and the one put aside, which opens nothing while it lies there.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.services import staff_sessions
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.security import is_own_form
from bot.web.sessions import CONSOLE, CONSOLE_ASIDE, account_of, forget_secret, keep_secret, read_secret

_HOME = "/console/"
SWITCH = f"{_HOME}switch"


async def keep_signed_in(request: Request, response: Response, secret: str, office: Office) -> None:
    """The browser is signed in with `secret` from now on. A session with another agency is put aside."""
    before = [one for one in (read_secret(request, CONSOLE), read_secret(request, CONSOLE_ASIDE)) if one]
    known = {account_of(one): one for one in before if one != secret}
    keep_secret(response, CONSOLE, secret, office)
    if known:
        use_case = partial(
            staff_sessions.elsewhere, account=account_of(secret), others=list(known), now=office.clock.now()
        )
        found = await office.storage.run(use_case)
        if found is None:
            forget_secret(response, CONSOLE_ASIDE)
        else:
            keep_secret(response, CONSOLE_ASIDE, known[found[0]], office)


class Switch:
    """The route `/console/switch`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [Route(SWITCH, self.change_over, methods=["POST"])]

    async def change_over(self, request: Request) -> Response:
        """What counted is put aside, and what was put aside counts, if it is still a session."""
        here, aside = read_secret(request, CONSOLE), read_secret(request, CONSOLE_ASIDE)
        form = await read_form(request) or {}
        response = RedirectResponse(_HOME, HTTPStatus.SEE_OTHER)
        if not is_own_form(here, form.get("token", "")) or not aside:
            return response
        now = self._office.clock.now()
        use_case = partial(staff_sessions.who, account=account_of(aside), now=now)
        if await self._office.storage.run(use_case) is None:
            forget_secret(response, CONSOLE_ASIDE)
            return response
        keep_secret(response, CONSOLE, aside, self._office)
        keep_secret(response, CONSOLE_ASIDE, here, self._office)
        return response
