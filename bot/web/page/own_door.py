# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Participants' one-time links: one button, and what the agency asks for beside the link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.messages import Incoming, IncomingKind
from bot.domain.own_page import Ask, Factor, pin_fault
from bot.ports import UnitOfWork
from bot.services import own_page, page_lock
from bot.services.own_page import Door
from bot.services.rulebook import Rulebook
from bot.texts import Voice, mark
from bot.web.entry import code_of
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.page import scene
from bot.web.page.guesses import Guesses, origin_of
from bot.web.page.pin import Comparer
from bot.web.rendering import View
from bot.web.security import account_for, delivery_id, form_token, is_own_form
from bot.web.sessions import CHAT, CHAT_ENTRY, forget_secret, keep_secret, new_secret, read_secret

_AGAIN = "again"
_ANSWERS = frozenset({Ask.PIN, Ask.BIRTH_YEAR})


@dataclass(frozen=True, slots=True)
class _Key:
    """What a browser brings: the link's code, its own account, and what was asked for there and known.

    `secret` is the hash of a PIN that was chosen just now.
    """

    code: str
    account: str
    met: Ask = Ask.NOTHING
    secret: str = ""


@dataclass(frozen=True, slots=True)
class _Inside:
    """What came of it: nobody, somebody whose conversation goes on, or an enrolment that can begin."""

    entered: bool = False
    goes_on: bool = False
    enrols: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    """What stands above a field, and below it."""

    label: str
    hint: str
    autocomplete: str


_QUESTIONS = {
    Ask.PIN: _Question(mark("Ihre PIN"), mark("Die Ziffern, die Sie selbst gewählt haben."), "off"),
    Ask.CHOOSE_PIN: _Question(
        mark("Wählen Sie eine PIN"),
        mark("6 bis 12 Ziffern, nicht alle gleich und nicht der Reihe nach. Sie brauchen sie wieder."),
        "new-password",
    ),
    Ask.BIRTH_YEAR: _Question(mark("Ihr Geburtsjahr"), mark("Vier Ziffern, zum Beispiel 1990."), "off"),
}
#: What a link that is not known seems to ask for, so that nobody learns from it which are.
_SEEMING = {Factor.NONE: Ask.NOTHING, Factor.PIN: Ask.PIN, Factor.BIRTH_YEAR: Ask.BIRTH_YEAR}


class OwnDoor:
    """The routes that turn a participant's one-time code into a session."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view
        self._guesses = Guesses()
        self._comparer = Comparer()

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [Route("/p/{code}", self.knock), Route("/p/{code}", self.enter, methods=["POST"])]

    async def knock(self, request: Request) -> Response:
        """The page behind a participant's link."""
        use_case = partial(
            own_page.knock, rules=self._view.rules, code=code_of(request), now=self._office.clock.now()
        )
        return self._form(request, self._asked(await self._office.storage.run(use_case)))

    async def enter(self, request: Request) -> Response:
        """Bind the browser to the participant of the code, or begin the enrolment of an invitation."""
        secret, code = read_secret(request, CHAT_ENTRY), code_of(request)
        form = await read_form(request) or {}
        if not is_own_form(secret, form.get("token", "")):
            return RedirectResponse(request.url.path, HTTPStatus.SEE_OTHER)
        now, origin = self._office.clock.now(), origin_of(request)
        if self._guesses.is_stopped(origin, now):
            return self._too_often(request)
        if form.get("action") == _AGAIN:
            return await self._send_again(request, code)
        account = account_for(secret, code)
        if not await self._is_known(account):
            use_case = partial(own_page.try_door, rules=self._view.rules, code=code, now=now)
            door = await self._office.storage.run(use_case)
            key = await self._key(_Key(code, account), door, form.get("answer", "").strip())
            if key is None:
                self._guesses.failed(origin, now)
                return self._wrong(request, self._asked(door))
            if not await self._open(key, now):
                self._guesses.failed(origin, now)
                return await self._unusable(request)
        return self._let_in(account)

    def _asked(self, door: Door | None) -> Ask:
        return door.ask if door else _SEEMING[self._view.rules.page.factor]

    async def _key(self, key: _Key, door: Door | None, answer: str) -> _Key | None:
        """The key with what is known beside the link; None if that is not right."""
        ask = self._asked(door)
        if ask in _ANSWERS:
            lock = door.lock if door else None
            is_right = await self._comparer.matches(lock.secret if lock else None, answer)
            return _Key(key.code, key.account, ask) if is_right else None
        if ask is Ask.CHOOSE_PIN:
            if pin_fault(answer):
                return None
            return _Key(key.code, key.account, ask, await self._comparer.hash(answer))
        return key

    async def _open(self, key: _Key, now: datetime) -> bool:
        inside = await self._office.storage.run(partial(_enter, rules=self._view.rules, key=key, now=now))
        if inside.goes_on or inside.enrols:
            # One delivery however often the button is pressed, also after a crash between the two commits.
            delivery = delivery_id(key.account, form_token(key.account), "start") or ""
            text = key.code if inside.enrols else ""
            start = Incoming(page_lock.CHANNEL, delivery, key.account, IncomingKind.START, text=text)
            await self._office.inbox.take(start)
        if not inside.enrols:
            return inside.entered
        return await self._office.storage.run(partial(_settle, rules=self._view.rules, key=key, now=now))

    async def _is_known(self, account: str) -> bool:
        look = partial(
            scene.whose_browser, rules=self._view.rules, account=account, now=self._office.clock.now()
        )
        return await self._office.storage.run(look) is not None

    async def _send_again(self, request: Request, code: str) -> Response:
        now = self._office.clock.now()
        use_case = partial(own_page.send_again, rules=self._view.rules, code=code, now=now)
        receipt = await self._office.storage.run(use_case)
        if receipt is None:
            self._guesses.failed(origin_of(request), now)
        else:
            self._office.wake(receipt)
        voice = self._view.guest_voice(request)
        # The same words for everybody: whether a link was ever real is not told.
        title = voice.say("Wenn Lotse Ihnen schreiben kann, kommt ein neuer Link in Ihren Chat.")
        text = voice.say("Wenn keiner kommt: Bitten Sie Ihre Ansprechperson um einen neuen Link.")
        return self._view.kind_word(voice, HTTPStatus.OK, title, text)

    def _form(self, request: Request, ask: Ask, fault: str = "", status: int = HTTPStatus.OK) -> Response:
        voice = self._view.guest_voice(request)
        text = voice.say("Drücken Sie auf „Weiter“. Dann öffnet sich Ihr Gespräch mit Lotse.")
        # The secret is made with the form, so that two presses of its button mean the same browser.
        secret = read_secret(request, CHAT_ENTRY) or new_secret()
        question = _QUESTIONS.get(ask)
        response = self._view.page(
            "enter.html", voice, status, secret=secret, text=text, question=question, fault=fault
        )
        keep_secret(response, CHAT_ENTRY, secret, self._office)
        return response

    def _wrong(self, request: Request, ask: Ask) -> Response:
        voice = self._view.guest_voice(request)
        return self._form(request, ask, _wrong_words(voice, ask), HTTPStatus.FORBIDDEN)

    def _too_often(self, request: Request) -> Response:
        voice = self._view.guest_voice(request)
        title = voice.say("Bitte warten Sie einen Moment.")
        text = voice.say("Von hier aus wurden zu viele Links versucht. In zehn Minuten geht es wieder.")
        return self._view.kind_word(voice, HTTPStatus.TOO_MANY_REQUESTS, title, text)

    async def _unusable(self, request: Request) -> Response:
        voice = self._view.guest_voice(request)
        to = "/chat/" if await self._is_known(read_secret(request, CHAT)) else ""
        return self._view.page(
            "page/link_over.html", voice, HTTPStatus.NOT_FOUND, secret=read_secret(request, CHAT_ENTRY), to=to
        )

    def _let_in(self, account: str) -> Response:
        response = RedirectResponse("/chat/#newest", HTTPStatus.SEE_OTHER)
        keep_secret(response, CHAT, account, self._office)
        forget_secret(response, CHAT_ENTRY)
        return response


def _wrong_words(voice: Voice, ask: Ask) -> str:
    if ask is Ask.CHOOSE_PIN:
        return voice.say("Diese PIN geht nicht. Bitte wählen Sie eine andere.")
    return voice.say(
        "Das hat nicht gepasst. Bitte versuchen Sie es noch einmal. Nach fünf Versuchen geht dieser Link "
        "nicht mehr; dann bekommen Sie von Ihrer Ansprechperson einen neuen."
    )


def _enter(uow: UnitOfWork, rules: Rulebook, key: _Key, now: datetime) -> _Inside:
    door = own_page.knock(uow, rules, key.code, now) if key.met not in _ANSWERS else None
    if door is not None and door.enrols:
        return _Inside(enrols=door.ask is key.met)
    entry = own_page.enter_page(uow, rules, key.code, key.account, now, key.met)
    contact = uow.people.find_contact(page_lock.CHANNEL, key.account) if entry else None
    if contact is None:
        return _Inside()
    _choose(uow, key, now)
    return _Inside(entered=True, goes_on=contact.conversation is not None)


def _settle(uow: UnitOfWork, rules: Rulebook, key: _Key, now: datetime) -> bool:
    """After an enrolment: the PIN that was chosen at its door."""
    guest = page_lock.who(uow, rules, key.account, now)
    if guest is None:
        return False
    if key.secret:
        page_lock.begin(uow, guest.contact, now, is_strong=True)
        _choose(uow, key, now)
    return True


def _choose(uow: UnitOfWork, key: _Key, now: datetime) -> None:
    contact = uow.people.find_contact(page_lock.CHANNEL, key.account)
    if key.secret and contact is not None:
        page_lock.set_secret(uow, contact.participant, Factor.PIN, key.secret, "participant", now)
