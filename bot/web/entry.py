# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One-time links: a page with one button. Opening one uses nothing up, since messengers preview links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.messages import Incoming, IncomingKind
from bot.ports import UnitOfWork
from bot.services import console
from bot.services.own_page import enter_page
from bot.services.rulebook import Rulebook
from bot.texts import Voice
from bot.web import scene
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.queue import staff_browser
from bot.web.rendering import View
from bot.web.security import account_for, delivery_id, form_token, is_own_form
from bot.web.sessions import (
    CHAT,
    CHAT_ENTRY,
    CONSOLE,
    CONSOLE_ENTRY,
    Cookie,
    forget_secret,
    keep_secret,
    new_secret,
    read_secret,
)

_MAX_CODE = 64


@dataclass(frozen=True, slots=True)
class _Door:
    """What a code opened: nothing, a conversation that goes on, or an enrolment that can begin."""

    entered: bool = False
    goes_on: bool = False
    enrols: bool = False


class Entry:
    """The routes that turn a one-time code into a session."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route("/p/{code}", self.knock),
            Route("/p/{code}", self.enter, methods=["POST"]),
            Route("/console/enter/{code}", self.knock_console),
            Route("/console/enter/{code}", self.enter_console, methods=["POST"]),
        ]

    async def knock(self, request: Request) -> Response:
        """The page behind a participant's link."""
        voice = self._view.guest_voice(request)
        text = voice.say("Drücken Sie auf „Weiter“. Dann öffnet sich Ihr Gespräch mit Lotse.")
        return self._door(request, CHAT_ENTRY, voice, text)

    async def knock_console(self, request: Request) -> Response:
        """The page behind a staff member's link."""
        voice = self._view.guest_voice(request)
        text = voice.say("Drücken Sie auf „Weiter“. Dann sind Sie in diesem Browser angemeldet.")
        return self._door(request, CONSOLE_ENTRY, voice, text)

    async def enter(self, request: Request) -> Response:
        """Bind the browser to the participant of the code, or begin the enrolment of an invitation."""
        secret, code = read_secret(request, CHAT_ENTRY), _code(request)
        if not await self._is_own(request, secret):
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        account, now = account_for(secret, code), self._office.clock.now()
        door = await self._office.storage.run(
            partial(_open_door, rules=self._view.rules, key=(code, account), now=now)
        )
        if door.goes_on or door.enrols:
            # One delivery however often the button is pressed, also after a crash between the two commits.
            delivery = delivery_id(account, form_token(account), "start") or ""
            text = code if door.enrols else ""
            start = Incoming(scene.CHANNEL, delivery, account, IncomingKind.START, text=text)
            await self._office.inbox.take(start)
        if door.enrols:
            door = _Door(await self._is_known(account))
        if not door.entered:
            to = "/chat/" if await self._is_known(read_secret(request, CHAT)) else ""
            return self._unusable(request, to)
        return self._let_in("/chat/#newest", (CHAT, CHAT_ENTRY), account)

    async def enter_console(self, request: Request) -> Response:
        """Sign the browser in as the staff member of the code."""
        secret, code = read_secret(request, CONSOLE_ENTRY), _code(request)
        if not await self._is_own(request, secret):
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        account, now = account_for(secret, code), self._office.clock.now()
        if not await self._office.storage.run(
            partial(_sign_in, rules=self._view.rules, key=(code, account), now=now)
        ):
            voice = self._view.guest_voice(request)
            title = voice.say("Dieser Link gilt nicht mehr.")
            text = voice.say(
                "Er war schon benutzt oder ist zu alt. Einen neuen bekommen Sie von Ihrer Verwaltung."
            )
            return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text)
        return self._let_in("/console/", (CONSOLE, CONSOLE_ENTRY), account)

    def _door(self, request: Request, cookie: Cookie, voice: Voice, text: str) -> Response:
        # The secret is made with the form, so that two presses of its button mean the same browser.
        secret = read_secret(request, cookie) or new_secret()
        response = self._view.page("enter.html", voice, secret=secret, text=text)
        keep_secret(response, cookie, secret, self._office)
        return response

    async def _is_own(self, request: Request, secret: str) -> bool:
        form = await read_form(request) or {}
        return is_own_form(secret, form.get("token", ""))

    async def _is_known(self, account: str) -> bool:
        return await self._office.storage.run(lambda uow: scene.whose_browser(uow, account) is not None)

    def _let_in(self, to: str, cookies: tuple[Cookie, Cookie], secret: str) -> Response:
        session, entry = cookies
        response = RedirectResponse(to, HTTPStatus.SEE_OTHER)
        keep_secret(response, session, secret, self._office)
        forget_secret(response, entry)
        return response

    def _unusable(self, request: Request, to: str) -> Response:
        voice = self._view.guest_voice(request)
        title = voice.say("Dieser Link gilt nicht mehr.")
        text = voice.say(
            "Ihr Link kommt von Ihrer Ansprechperson oder aus Ihrem Chat. "
            "Wenn er nicht mehr geht: Bitten Sie um einen neuen."
        )
        return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text, to=to)


def _code(request: Request) -> str:
    return str(request.path_params["code"])[:_MAX_CODE]


def _open_door(uow: UnitOfWork, rules: Rulebook, key: tuple[str, str], now: datetime) -> _Door:
    code, account = key
    contact = scene.whose_browser(uow, account)
    if contact is None and enter_page(uow, rules, code, account, now) is not None:
        contact = scene.whose_browser(uow, account)
    if contact is not None:
        return _Door(entered=True, goes_on=contact.conversation is not None)
    invitation = uow.people.find_invitation(code)
    return _Door(enrols=invitation is not None and invitation.staff_id is None and invitation.is_open(now))


def _sign_in(uow: UnitOfWork, rules: Rulebook, key: tuple[str, str], now: datetime) -> bool:
    code, account = key
    return (
        staff_browser(uow, account) is not None or console.sign_in(uow, rules, code, account, now) is not None
    )
