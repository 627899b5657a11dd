# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The participants' own page: the conversation, its buttons, and help always in reach."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.messages import Incoming, IncomingKind
from bot.errors import StoreUnavailable
from bot.ports import Contact, UnitOfWork
from bot.services import page_lock
from bot.services.live import person
from bot.texts import Voice
from bot.web.bubbles import Bubble, Teller
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.page import scene
from bot.web.page.scene import Scene
from bot.web.rendering import View
from bot.web.security import PICTURES, delivery_id, is_own_form
from bot.web.sessions import CHAT, forget_notes, forget_secret, leave_notes, read_notes, read_secret
from bot.web.stream import stream
from dialogs.concerns.crisis import crisis_card

T = TypeVar("T")

#: The newest line, so that a browser without scripts shows it first.
_NEWEST = "/chat/#newest"


class Chat:
    """The routes below `/chat/`."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route("/chat/", self.show),
            Route("/chat/", self.take, methods=["POST"]),
            Route("/chat/lines", self.lines),
            Route("/chat/stream", self.listen),
            Route(f"{PICTURES}{{name}}", self.picture),
            Route("/chat/leave", self.leave, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The conversation."""
        return await self._page(request, HTTPStatus.OK, notes=read_notes(request))

    async def lines(self, request: Request) -> Response:
        """Lines after the one named by `after` (all, if it is not there), and the open question's buttons."""
        secret = read_secret(request, CHAT)
        found = await self._office.storage.run(self._looking(scene.look, secret))
        if found is None:
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        voice = self._view.voice(found.contact.participant.language)
        bubbles = self._bubbles(found, voice)
        after = request.query_params.get("after", "")
        position = next((n for n, one in enumerate(bubbles, 1) if one.id == after), 0)
        response = self._view.page(
            "page/chat_news.html",
            voice,
            secret=secret,
            bubbles=bubbles[position:],
            rows=found.rows,
            notes=read_notes(request),
        )
        forget_notes(request, response)
        return response

    async def listen(self, request: Request) -> Response:
        """Events when there is something new."""
        secret = read_secret(request, CHAT)
        contact = await self._office.storage.run(self._looking(scene.whose_browser, secret))
        if contact is None:
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        return stream(self._office, person(contact.participant.id))

    async def picture(self, request: Request) -> Response:
        """A picture of a dialog. Like our own files it is for everybody: staff see it in the console."""
        pictures = self._office.pictures
        found = pictures.find(request.path_params["name"])
        content = await asyncio.to_thread(pictures.read, found) if found else None
        if found is None or content is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return Response(content, media_type=found.media_type)

    async def take(self, request: Request) -> Response:
        """Words or a press; back to the conversation when everything that follows is committed."""
        secret = read_secret(request, CHAT)
        form = await read_form(request)
        if form is None:
            voice = self._view.guest_voice(request)
            return self._too_much(voice)
        text, press = form.get("text", ""), form.get("press", "")
        delivery = delivery_id(secret, form.get("form_id", ""), text or press)
        if not is_own_form(secret, form.get("token", "")) or delivery is None:
            return await self._page(request, HTTPStatus.FORBIDDEN, typed=text, stale=True)
        if not text.strip() and not press:
            return RedirectResponse(_NEWEST, HTTPStatus.SEE_OTHER)
        kind = IncomingKind.PRESS if press else IncomingKind.TEXT
        incoming = Incoming("web_chat", delivery, secret, kind, text="" if press else text, press=press[:64])
        try:
            if await self._office.storage.run(self._looking(scene.whose_browser, secret)) is None:
                return await self._shut(request, incoming)
            receipt = await self._office.inbox.take(incoming)
        except StoreUnavailable:
            return self._not_kept(request, form)
        response = RedirectResponse(_NEWEST, HTTPStatus.SEE_OTHER)
        leave_notes(response, [receipt.toast] if receipt.toast else [], self._office)
        return response

    async def leave(self, request: Request) -> Response:
        """Sign this browser out: nobody who uses it next sees the conversation."""
        secret = read_secret(request, CHAT)
        form = await read_form(request) or {}
        if not is_own_form(secret, form.get("token", "")):
            return RedirectResponse("/chat/", HTTPStatus.SEE_OTHER)
        await self._office.storage.run(partial(page_lock.leave, account=secret, now=self._office.clock.now()))
        voice = self._view.guest_voice(request)
        response = self._view.kind_word(
            voice,
            HTTPStatus.OK,
            voice.say("Sie sind abgemeldet."),
            voice.say(
                "Auf diesem Gerät ist das Gespräch nicht mehr zu sehen. "
                "Einen neuen Link bekommen Sie von Ihrer Ansprechperson."
            ),
        )
        forget_secret(response, CHAT)
        return response

    async def _page(
        self,
        request: Request,
        status: int,
        *,
        typed: str = "",
        stale: bool = False,
        notes: list[str] | None = None,
    ) -> Response:
        secret = read_secret(request, CHAT)
        found = await self._office.storage.run(self._looking(scene.look, secret))
        if found is None:
            return unknown_browser(self._view, request, is_lost=bool(typed.strip()))
        voice = self._view.voice(found.contact.participant.language)
        said = list(notes or [])
        if stale:
            said.append(voice.say("Diese Seite war nicht mehr aktuell. Bitte senden Sie noch einmal."))
        response = self._view.page(
            "page/chat.html",
            voice,
            status,
            secret=secret,
            bubbles=self._bubbles(found, voice),
            rows=found.rows,
            typed=typed,
            notes=said,
        )
        forget_notes(request, response)
        return response

    async def _shut(self, request: Request, incoming: Incoming) -> Response:
        """What was typed where nobody's page is open: it reaches a human if it is known whose words it is."""
        has_words = bool(incoming.text.strip())
        shut = partial(page_lock.shut, rules=self._view.rules, account=incoming.address)
        contact = await self._office.storage.run(shut)
        if contact is None or not has_words:
            return unknown_browser(self._view, request, is_lost=has_words)
        receipt = await self._office.inbox.take(incoming)
        voice = self._view.guest_voice(request)
        return self._view.kind_word(
            voice,
            HTTPStatus.UNAUTHORIZED,
            voice.say("Ihre Nachricht ist angekommen."),
            voice.say(
                "Diese Seite ist inzwischen zu. Hier kann ich Ihnen nichts mehr zeigen, auch nicht, wer wann "
                "antwortet. Einen neuen Link bekommen Sie von Ihrer Ansprechperson."
            ),
            first=self._first_words(contact) if receipt.is_danger else "",
        )

    def _first_words(self, contact: Contact) -> str:
        """The crisis text. It tells nothing of the person."""
        person, rules = contact.participant, self._view.rules
        return rules.crisis_text(person.agency_id, person.language) or crisis_card(person.language).first

    def _looking(self, read: Callable[..., T], account: str) -> Callable[[UnitOfWork], T]:
        return partial(read, rules=self._view.rules, account=account, now=self._office.clock.now())

    def _bubbles(self, found: Scene, voice: Voice) -> list[Bubble]:
        own_pages = f"{self._office.public_url}/p/" if self._office.public_url else ""
        return Teller(voice, found.contact.participant.zone, voice.say("Sie"), own_pages).tell(found.lines)

    def _not_kept(self, request: Request, form: dict[str, str]) -> Response:
        # The same form goes out once more, so that what did arrive after all is not taken twice.
        voice = self._view.guest_voice(request)
        fields = {name: form.get(name, "") for name in ("text", "press", "form_id")}
        secret = read_secret(request, CHAT)
        return self._view.page(
            "not_kept.html", voice, HTTPStatus.SERVICE_UNAVAILABLE, secret=secret, fields=fields
        )

    def _too_much(self, voice: Voice) -> Response:
        return self._view.kind_word(
            voice,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            voice.say("Das war zu viel auf einmal."),
            voice.say(
                "Ihr Text ist so lang, dass ich ihn nicht annehmen kann. Bitte schreiben Sie ihn in Teilen."
            ),
            to="/chat/",
        )


def unknown_browser(view: View, request: Request, *, is_lost: bool = False) -> Response:
    """For a browser that opens nobody's page. `is_lost`: something was typed there that reached nobody."""
    voice = view.guest_voice(request)
    way = voice.say(
        "Ihr Link kommt von Ihrer Ansprechperson oder aus Ihrem Chat. "
        "Wenn er nicht mehr geht: Bitten Sie um einen neuen."
    )
    if is_lost:
        title = voice.say("Ihre Nachricht ist nicht angekommen.")
        lost = voice.say("Sie sind hier nicht angemeldet. Was Sie geschrieben haben, hat niemand bekommen.")
        return view.kind_word(voice, HTTPStatus.UNAUTHORIZED, title, f"{lost} {way}")
    title = voice.say("Diese Seite öffnet sich mit Ihrem Link.")
    return view.kind_word(voice, HTTPStatus.UNAUTHORIZED, title, way)
