# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One-time links: a page with one button. Opening one uses nothing up, since messengers preview links."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.ports import UnitOfWork
from bot.services import console, staff_sessions
from bot.services.rulebook import Rulebook
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.security import account_for, is_own_form
from bot.web.sessions import (
    CONSOLE_ENTRY,
    account_of,
    browser_of,
    forget_secret,
    keep_secret,
    new_secret,
    read_secret,
)
from bot.web.two_agencies import keep_signed_in

_MAX_CODE = 64


class Entry:
    """The routes that turn a staff member's one-time code into a session."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route("/console/enter/{code}", self.knock_console),
            Route("/console/enter/{code}", self.enter_console, methods=["POST"]),
        ]

    async def knock_console(self, request: Request) -> Response:
        """The page behind a staff member's link."""
        voice = self._view.guest_voice(request)
        text = voice.say("Drücken Sie auf „Weiter“. Dann sind Sie in diesem Browser angemeldet.")
        # The secret is made with the form, so that two presses of its button mean the same browser.
        secret = read_secret(request, CONSOLE_ENTRY) or new_secret()
        response = self._view.page("enter.html", voice, secret=secret, text=text)
        keep_secret(response, CONSOLE_ENTRY, secret, self._office)
        return response

    async def enter_console(self, request: Request) -> Response:
        """Sign the browser in as the staff member of the code."""
        secret, code = read_secret(request, CONSOLE_ENTRY), code_of(request)
        form = await read_form(request) or {}
        if not is_own_form(secret, form.get("token", "")):
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        account, now = account_for(secret, code), self._office.clock.now()
        if not await self._office.storage.run(
            partial(
                _sign_in,
                rules=self._view.rules,
                code=code,
                browser=(account_of(account), browser_of(request)),
                now=now,
            )
        ):
            voice = self._view.guest_voice(request)
            title = voice.say("Dieser Link gilt nicht mehr.")
            text = voice.say(
                "Er war schon benutzt oder ist zu alt. Einen neuen bekommen Sie von Ihrer Verwaltung."
            )
            return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text)
        response = RedirectResponse("/console/", HTTPStatus.SEE_OTHER)
        await keep_signed_in(request, response, account, self._office)
        forget_secret(response, CONSOLE_ENTRY)
        return response


def code_of(request: Request) -> str:
    """The code in the address, never longer than one of ours."""
    return str(request.path_params["code"])[:_MAX_CODE]


def _sign_in(uow: UnitOfWork, rules: Rulebook, code: str, browser: tuple[str, str], now: datetime) -> bool:
    known = staff_sessions.who(uow, browser[0], now)
    return known is not None or console.sign_in(uow, rules, code, browser, now) is not None
