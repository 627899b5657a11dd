# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signing in with a password and a second factor, and the page behind the link that sets both."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from math import ceil

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.people import Staff
from bot.domain.sign_in import Login, PasswordFault
from bot.services import sign_in
from bot.services.sign_in import Arrival, Attempt, Begun, Taken
from bot.services.sign_in_secrets import authenticator_link, hash_password
from bot.texts import Voice, mark
from bot.web.console.link_page import SHOW, one_button
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.security import is_own_form
from bot.web.sessions import (
    DEVICE,
    HOUSE,
    LOGIN,
    LOGIN_ENTRY,
    PASSWORD_ENTRY,
    account_of,
    browser_of,
    forget_secret,
    keep_secret,
    new_secret,
    read_secret,
)
from bot.web.two_agencies import keep_signed_in

_MAX_CODE = 64
#: A password takes 19 MiB while it is looked at: so many at once, and nobody waits long.
_AT_ONCE = 2
_FAULTS = {
    PasswordFault.SHORT: mark("Das Passwort ist zu kurz."),
    PasswordFault.LONG: mark("Das Passwort ist zu lang."),
    PasswordFault.COMMON: mark("Dieses Passwort ist leicht zu erraten. Bitte nehmen Sie ein anderes."),
}


class SignIn:
    """The routes `/console/login` and `/console/password/...`."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def routes(self) -> list[Route]:
        """Where it answers."""
        path = "/console/password/{code}"
        return [
            Route(LOGIN, self.ask),
            Route(LOGIN, self.enter, methods=["POST"]),
            Route(path, self.knock),
            Route(path, self.choose, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Name, password, code."""
        return self.page(request, self._view.guest_voice(request))

    async def enter(self, request: Request) -> Response:
        """Let somebody in, or say that something did not fit: never what."""
        secret, form = read_secret(request, LOGIN_ENTRY), await read_form(request) or {}
        voice = self._view.guest_voice(request)
        if not is_own_form(secret, form.get("token", "")):
            fault = voice.say("Diese Seite war nicht mehr aktuell. Bitte senden Sie noch einmal.")
            return self.page(request, voice, fault, HTTPStatus.FORBIDDEN)
        attempt = Attempt(
            form.get("name", ""),
            form.get("password", ""),
            form.get("code", ""),
            request.client.host if request.client else "",
            read_secret(request, DEVICE),
        )
        agency_id, run = self._view.rules.home, self._office.storage.run
        rules, now = self._view.rules, self._now()
        use_case = partial(sign_in.begin, rules=rules, agency_id=agency_id, attempt=attempt, now=now)
        begun = await run(use_case)
        if begun.wait:
            return self.wait_page(request, voice, begun.wait)
        account = new_secret()
        device = attempt.device or new_secret()
        arrival = Arrival(account_of(account), device, browser_of(request))
        if await self._is_let_in(agency_id, attempt, begun, arrival) is None:
            fault = voice.say("Das hat nicht gepasst. Bitte prüfen Sie alle drei Angaben.")
            return self.page(request, voice, fault, HTTPStatus.UNAUTHORIZED)
        response = await self.let_in(request, account, device)
        forget_secret(response, LOGIN_ENTRY)
        return response

    async def let_in(self, request: Request, account: str, device: str) -> Response:
        """To the queue, with the secrets of a browser that is signed in from now on."""
        response = RedirectResponse("/console/", HTTPStatus.SEE_OTHER)
        await keep_signed_in(request, response, account, self._office)
        keep_secret(response, DEVICE, device, self._office)
        return response

    async def knock(self, request: Request) -> Response:
        """One button first: messengers preview links, and the page behind it shows a secret."""
        voice = self._view.guest_voice(request)
        if await self._behind(request) is None:
            return self._over(voice)
        text = voice.say("Hier legen Sie Ihr Passwort für die Konsole fest.")
        return one_button(self._office, self._view, request, voice, PASSWORD_ENTRY, text)

    async def choose(self, request: Request) -> Response:
        """Show the form, or take what was chosen."""
        secret, form = read_secret(request, PASSWORD_ENTRY), await read_form(request) or {}
        if not is_own_form(secret, form.get("token", "")):
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        found, voice = await self._behind(request), self._view.guest_voice(request)
        if found is None:
            return self._over(voice)
        voice = self._view.voice(found[1].language)
        if form.get("action") == SHOW:
            return self._chosen(secret, voice, found[0])
        password = form.get("password", "")
        fault = sign_in.fault_of(self._view.rules, *found, password)
        if fault is not None:
            return self._chosen(secret, voice, found[0], voice.say(_FAULTS[fault]))
        if password != form.get("again", ""):
            said = voice.say("Die beiden Passwörter sind nicht gleich.")
            return self._chosen(secret, voice, found[0], said)
        taken = await self._take(request, password, form.get("code", ""))
        if taken is None:
            return self._over(voice)
        if taken.is_code_wrong:
            said = voice.say("Der Code passt nicht. Bitte nehmen Sie den, den die App gerade zeigt.")
            return self._chosen(secret, voice, found[0], said)
        response = self._view.page("console/recovery_codes.html", voice, codes=taken.codes, to=LOGIN)
        forget_secret(response, PASSWORD_ENTRY)
        return response

    async def _is_let_in(
        self, agency_id: int, attempt: Attempt, begun: Begun, arrival: Arrival
    ) -> Staff | None:
        async with self._turns:
            fits = await asyncio.to_thread(sign_in.compare, attempt, begun)
        if not fits:
            note = partial(sign_in.refused, agency_id=agency_id, attempt=attempt, now=self._now())
            await self._office.storage.run(note)
            return None
        rules, now = self._view.rules, self._now()
        use_case = partial(
            sign_in.finish, rules=rules, attempt=attempt, begun=begun, arrival=arrival, now=now
        )
        return await self._office.storage.run(use_case)

    async def _take(self, request: Request, password: str, typed: str) -> Taken | None:
        async with self._turns:
            kept = await asyncio.to_thread(hash_password, password)
        use_case = partial(sign_in.accept, code=_code(request), kept=kept, typed=typed, now=self._now())
        return await self._office.storage.run(use_case)

    async def _behind(self, request: Request) -> tuple[Login, Staff] | None:
        now = self._now()
        return await self._office.storage.run(partial(sign_in.behind, code=_code(request), now=now))

    def _now(self) -> datetime:
        return self._office.clock.now()

    def page(self, request: Request, voice: Voice, fault: str = "", status: int = HTTPStatus.OK) -> Response:
        """The page to sign in on, with what went wrong last time."""
        secret = read_secret(request, LOGIN_ENTRY) or new_secret()
        provider = self._office.identity_provider
        fields = {"fault": fault, "house": provider.label if provider else "", "to_house": HOUSE}
        response = self._view.page("console/login.html", voice, status, secret=secret, **fields)
        keep_secret(response, LOGIN_ENTRY, secret, self._office)
        return response

    def wait_page(self, request: Request, voice: Voice, wait: timedelta) -> Response:
        """The same for whoever has to wait first."""
        count = ceil(wait.total_seconds()) + 1
        fault = voice.say(
            "Bitte warten Sie {count} Sekunden. Dann können Sie es noch einmal versuchen.", count=count
        )
        response = self.page(request, voice, fault, HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(count)
        return response

    def _chosen(self, secret: str, voice: Voice, login: Login, fault: str = "") -> Response:
        link = authenticator_link(login.next_secret, login.name)
        # Its own output: numbers and colours. White around it, so that cameras read it on dark pages too.
        picture = Markup(segno.make(link, error="m").svg_inline(scale=4, light="#fff"))  # noqa: S704
        status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        fields = {"name": login.name, "key": login.next_secret, "picture_of_key": picture, "fault": fault}
        shortest = self._view.rules.sign_in.shortest_password
        return self._view.page(
            "console/password.html", voice, status, secret=secret, shortest=shortest, **fields
        )

    def _over(self, voice: Voice) -> Response:
        title = voice.say("Dieser Link gilt nicht mehr.")
        text = voice.say(
            "Er war schon benutzt oder ist zu alt. Einen neuen bekommen Sie von Ihrer Verwaltung."
        )
        return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text)


def _code(request: Request) -> str:
    return str(request.path_params["code"])[:_MAX_CODE]
