# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Links in mails to staff: a page with one button, since mail scanners open every link they see."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.mail import LinkPurpose
from bot.ports import UnitOfWork
from bot.services import mail_links, staff_sessions
from bot.services.mail_links import PATH, Door
from bot.services.rulebook import Rulebook
from bot.texts import Voice
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.security import account_for, is_own_form
from bot.web.sessions import (
    CONSOLE,
    MAIL_ENTRY,
    account_of,
    browser_of,
    forget_secret,
    keep_secret,
    new_secret,
    read_secret,
)
from bot.web.two_agencies import keep_signed_in

_MAX_CODE = 100
_AGAIN = "again"


class MailEntry:
    """The route that turns a link in a mail into a session, or confirms where mail may go."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        path = f"{PATH}{{code}}"
        return [Route(path, self.knock), Route(path, self.enter, methods=["POST"])]

    async def knock(self, request: Request) -> Response:
        """The page behind the link. Nothing is used up; whoever is signed in already goes straight on."""
        code, now = _code(request), self._office.clock.now()
        browser = account_of(read_secret(request, CONSOLE))
        door, is_theirs = await self._office.storage.run(partial(_look, code=code, account=browser, now=now))
        if door is None:
            return self._unknown(request)
        if door.is_confirmed:
            return self._confirmed(door)
        if is_theirs and door.link.purpose is LinkPurpose.OPEN:
            return RedirectResponse(_case(door), HTTPStatus.SEE_OTHER)
        return self._door(request, door) if door.is_open else self._over(request, door)

    async def enter(self, request: Request) -> Response:
        """Sign in, confirm the address, or send a fresh link: whatever the button said."""
        code, form = _code(request), await read_form(request) or {}
        secret = read_secret(request, MAIL_ENTRY)
        if not is_own_form(secret, form.get("token", "")):
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        if form.get("action") == _AGAIN:
            return await self._send_again(request, code)
        account, now = account_for(secret, code), self._office.clock.now()
        browser = account_of(account), browser_of(request)
        use_case = partial(_pass, rules=self._view.rules, code=code, browser=browser, now=now)
        door = await self._office.storage.run(use_case)
        if door is None:
            # Used or expired since the page was opened: the page says which way is left.
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        if door.link.purpose is LinkPurpose.CONFIRM:
            return self._confirmed(door)
        response = RedirectResponse(_case(door), HTTPStatus.SEE_OTHER)
        await keep_signed_in(request, response, account, self._office)
        forget_secret(response, MAIL_ENTRY)
        return response

    async def _send_again(self, request: Request, code: str) -> Response:
        use_case = partial(
            mail_links.send_again, rules=self._view.rules, code=code, now=self._office.clock.now()
        )
        receipt = await self._office.storage.run(use_case)
        if receipt is None:
            return self._unknown(request)
        self._office.wake(receipt)
        voice = self._view.guest_voice(request)
        title = voice.say("Ein neuer Link ist auf dem Weg.")
        text = voice.say(
            "Er kommt an dieselbe E-Mail-Adresse. Schauen Sie in ein paar Minuten in Ihr Postfach."
        )
        return self._view.kind_word(voice, HTTPStatus.OK, title, text)

    def _door(self, request: Request, door: Door) -> Response:
        voice = self._view.voice(door.person.language)
        if door.link.purpose is LinkPurpose.CONFIRM:
            title = voice.say("Ist das Ihre E-Mail-Adresse?")
            text = voice.say("Wenn Sie bestätigen, kommen Meldungen künftig auch dorthin.")
            label = voice.say("Adresse bestätigen")
        else:
            title = voice.say("Guten Tag")
            # Whoever was sent it on by a colleague would otherwise work under that colleague's name, unaware.
            whose = voice.say("Dieser Link ist nur für {name}.", name=door.person.name)
            press = voice.say("Drücken Sie auf den Knopf. Dann sind Sie in diesem Browser angemeldet.")
            text = f"{whose} {press}"
            label = voice.say("Fall öffnen") if door.link.concern_id else voice.say("Konsole öffnen")
        return self._form(request, voice, (title, text, label))

    def _over(self, request: Request, door: Door) -> Response:
        voice = self._view.voice(door.person.language)
        title = voice.say("Dieser Link gilt nicht mehr.")
        text = voice.say("Er war schon benutzt oder ist zu alt. Ein neuer kommt an Ihre E-Mail-Adresse.")
        label = voice.say("Neuen Link schicken")
        return self._form(request, voice, (title, text, label), _AGAIN, HTTPStatus.NOT_FOUND)

    def _form(
        self,
        request: Request,
        voice: Voice,
        words: tuple[str, str, str],
        action: str = "",
        status: int = HTTPStatus.OK,
    ) -> Response:
        # The secret is made with the form, so that two presses of its button mean the same browser.
        secret = read_secret(request, MAIL_ENTRY) or new_secret()
        title, text, label = words
        response = self._view.page(
            "console/mail_link.html",
            voice,
            status,
            secret=secret,
            title=title,
            text=text,
            label=label,
            action=action,
        )
        keep_secret(response, MAIL_ENTRY, secret, self._office)
        return response

    def _confirmed(self, door: Door) -> Response:
        voice = self._view.voice(door.person.language)
        title = voice.say("Danke. Die Adresse ist bestätigt.")
        text = voice.say(
            "Meldungen kommen jetzt auch per E-Mail. Darin stehen keine Namen und keine Inhalte, "
            "sondern ein Link zum Fall."
        )
        return self._view.kind_word(voice, HTTPStatus.OK, title, text)

    def _unknown(self, request: Request) -> Response:
        voice = self._view.guest_voice(request)
        title = voice.say("Dieser Link gilt nicht mehr.")
        text = voice.say("Einen neuen bekommen Sie von Ihrer Verwaltung.")
        return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text)


def _code(request: Request) -> str:
    return str(request.path_params["code"])[:_MAX_CODE]


def _case(door: Door) -> str:
    return f"/console/{door.link.concern_id}" if door.link.concern_id else "/console/"


def _look(uow: UnitOfWork, code: str, account: str, now: datetime) -> tuple[Door | None, bool]:
    """The door, and whether the browser belongs to the one whom it is for."""
    door, known = mail_links.look(uow, code, now), staff_sessions.who(uow, account, now)
    if door is None or known is None or known.id != door.person.id:
        return door, False
    mail_links.arrived(uow, door, now)
    return door, True


def _pass(
    uow: UnitOfWork, rules: Rulebook, code: str, browser: tuple[str, str], now: datetime
) -> Door | None:
    door = mail_links.look(uow, code, now)
    if door is None or door.link.purpose is LinkPurpose.CONFIRM:
        return mail_links.confirm(uow, code, now)
    # Pressed twice: the first press has signed this very browser in.
    known = staff_sessions.who(uow, browser[0], now)
    if known is not None and known.id == door.person.id:
        return door
    return mail_links.enter(uow, rules, code, browser[0], now, browser[1])
