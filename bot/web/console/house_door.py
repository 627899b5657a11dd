# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signing in with another house: there and back, and the page behind the link that binds somebody to it."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.identity import Identity, NotVouched, passage
from bot.domain.people import Staff
from bot.identity_ports import HOUSE_BACK, IdentityProvider
from bot.services import identity as use_cases
from bot.services.identity import Bound, Return
from bot.services.sign_in import Arrival
from bot.texts import Voice, mark
from bot.web.console.link_page import one_button
from bot.web.console.sign_in import SignIn
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.security import is_own_form
from bot.web.sessions import (
    DEVICE,
    HOUSE,
    HOUSE_LINK,
    IDENTITY_ENTRY,
    PASSAGE,
    account_of,
    browser_of,
    forget_secret,
    keep_secret,
    new_secret,
    read_secret,
)

_MAX_CODE = 64
#: A secret of ours, and behind the dot the code of the link to bind with, if there is one.
_PASSAGE = re.compile(r"([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{0,64})")
#: What a house may answer that is looked at (RFC 6749, 4.1.2; RFC 9207), and how much of it.
_ANSWER = ("code", "state", "error", "iss")
_MAX_ANSWER = 4096
_SAID = {
    NotVouched.AWAY: (
        HTTPStatus.SERVICE_UNAVAILABLE,
        mark(
            "Die Anmeldung mit {house} geht gerade nicht. Wenn Sie hier ein Passwort haben, können Sie sich "
            "damit anmelden. Sonst versuchen Sie es bitte gleich noch einmal."
        ),
    ),
    NotVouched.UNFINISHED: (
        HTTPStatus.UNAUTHORIZED,
        mark("Die Anmeldung mit {house} ist nicht fertig geworden. Sie können es noch einmal versuchen."),
    ),
    NotVouched.INVALID: (
        HTTPStatus.UNAUTHORIZED,
        mark(
            "Die Anmeldung mit {house} hat nicht geklappt. Bitte versuchen Sie es noch einmal. Klappt es "
            "wieder nicht, sagen Sie es bitte Ihrer Verwaltung."
        ),
    ),
    NotVouched.WEAK: (
        HTTPStatus.UNAUTHORIZED,
        mark(
            "Bitte melden Sie sich bei {house} mit zwei Faktoren an, und versuchen Sie es dann noch einmal."
        ),
    ),
}


class HouseDoor:
    """The routes `/console/login/house...` and `/console/identity/...`."""

    def __init__(self, office: Office, provider: IdentityProvider, view: View, sign_in: SignIn) -> None:
        self._office = office
        self._provider = provider
        self._view = view
        self._sign_in = sign_in

    def routes(self) -> list[Route]:
        """Where it answers."""
        path = HOUSE_LINK + "/{code}"
        return [
            Route(HOUSE, self.leave),
            Route(HOUSE_BACK, self.come_back),
            Route(path, self.knock),
            Route(path, self.show, methods=["POST"]),
            Route(f"{path}/go", self.leave),
        ]

    async def knock(self, request: Request) -> Response:
        """One button first: messengers preview links, and the page behind it shows a name."""
        voice = self._view.guest_voice(request)
        if await self._offered(request) is None:
            return self._over(voice)
        text = voice.say(
            "Hier verbinden Sie Ihren Zugang mit {house}. Danach melden Sie sich damit an.",
            house=self._provider.label,
        )
        return one_button(self._office, self._view, request, voice, IDENTITY_ENTRY, text)

    async def show(self, request: Request) -> Response:
        """Whose link it is, so that nobody binds themselves to somebody else's, and the way to the house."""
        secret, form = read_secret(request, IDENTITY_ENTRY), await read_form(request) or {}
        if not is_own_form(secret, form.get("token", "")):
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        staff = await self._offered(request)
        if staff is None:
            return self._over(self._view.guest_voice(request))
        voice = self._view.voice(staff.language)
        house, to = self._provider.label, f"{HOUSE_LINK}/{_code(request)}/go"
        return self._view.page("console/identity.html", voice, name=staff.name, house=house, to=to)

    async def leave(self, request: Request) -> Response:
        """To the house, to sign in or to bind with a link."""
        voice, link = self._view.guest_voice(request), _code(request)
        if link and await self._offered(request) is None:
            return self._over(voice)
        secret = new_secret()
        there = await self._provider.way_there(passage(secret, link))
        if there is None:
            return self._said(request, voice, NotVouched.AWAY)
        response = RedirectResponse(there, HTTPStatus.SEE_OTHER)
        keep_secret(response, PASSAGE, f"{secret}.{link}", self._office)
        return response

    async def come_back(self, request: Request) -> Response:
        """Let in whom the house vouches for; once for each passage, and only the browser that left."""
        response = await self._come_back(request)
        forget_secret(response, PASSAGE)
        return response

    async def _come_back(self, request: Request) -> Response:
        voice, link = self._view.guest_voice(request), ""
        answer = {name: request.query_params.get(name, "")[:_MAX_ANSWER] for name in _ANSWER}
        answer = {name: value for name, value in answer.items() if value}
        held = _PASSAGE.fullmatch(request.cookies.get(PASSAGE.name, ""))
        if held is None:
            return self._stale(request, voice)
        secret, link = held.groups()
        begun = passage(secret, link)
        if not hmac.compare_digest(begun.state.encode(), answer.get("state", "").encode()):
            return self._stale(request, voice)
        host = request.client.host if request.client else ""
        back = Return(begun.state, host)
        rules, agency_id = self._view.rules, self._agency_id
        use_case = partial(use_cases.came_back, rules=rules, agency_id=agency_id, back=back, now=self._now())
        wait = await self._office.storage.run(use_case)
        if wait is None:
            return self._stale(request, voice)
        if wait:
            return self._sign_in.wait_page(request, voice, wait)
        found = await self._provider.vouch(begun, answer)
        if isinstance(found, NotVouched):
            note = partial(use_cases.refused, agency_id=agency_id, why=found, now=self._now())
            await self._office.storage.run(note)
            return self._said(request, voice, found)
        return await self._vouched(request, voice, found, link)

    async def _vouched(self, request: Request, voice: Voice, identity: Identity, link: str) -> Response:
        if link:
            use_case = partial(use_cases.bind, code=link, identity=identity, now=self._now())
            bound = await self._office.storage.run(use_case)
            if bound is Bound.OVER:
                return self._over(voice)
            if bound is Bound.TAKEN:
                title = voice.say("Dieses Konto ist schon vergeben.")
                text = voice.say(
                    "Es gehört hier zu einem anderen Zugang. Es hat sich nichts geändert. Bitte wenden Sie "
                    "sich an Ihre Verwaltung."
                )
                return self._view.kind_word(voice, HTTPStatus.CONFLICT, title, text)
        account, device = new_secret(), read_secret(request, DEVICE) or new_secret()
        arrival = Arrival(account_of(account), device, browser_of(request))
        rules, agency_id = self._view.rules, self._agency_id
        enter = partial(
            use_cases.enter,
            rules=rules,
            agency_id=agency_id,
            identity=identity,
            arrival=arrival,
            now=self._now(),
        )
        if await self._office.storage.run(enter) is None:
            said = voice.say(
                "Zu diesem Konto gibt es hier keinen Zugang. Ihre Verwaltung macht Ihnen einen Link."
            )
            return self._sign_in.page(request, voice, said, HTTPStatus.FORBIDDEN)
        return await self._sign_in.let_in(request, account, device)

    async def _offered(self, request: Request) -> Staff | None:
        use_case = partial(use_cases.offered_to, code=_code(request), now=self._now())
        return await self._office.storage.run(use_case)

    @property
    def _agency_id(self) -> int:
        return self._view.rules.home

    def _now(self) -> datetime:
        return self._office.clock.now()

    def _said(self, request: Request, voice: Voice, why: NotVouched) -> Response:
        status, text = _SAID[why]
        return self._sign_in.page(request, voice, voice.say(text, house=self._provider.label), status)

    def _stale(self, request: Request, voice: Voice) -> Response:
        said = voice.say("Diese Anmeldung war nicht mehr aktuell. Bitte beginnen Sie noch einmal.")
        return self._sign_in.page(request, voice, said, HTTPStatus.FORBIDDEN)

    def _over(self, voice: Voice) -> Response:
        title = voice.say("Dieser Link gilt nicht mehr.")
        text = voice.say(
            "Er war schon benutzt oder ist zu alt. Einen neuen bekommen Sie von Ihrer Verwaltung."
        )
        return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text)


def _code(request: Request) -> str:
    return str(request.path_params.get("code", ""))[:_MAX_CODE]
