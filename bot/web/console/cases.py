# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The coaches' inbox: the queue, one case with its conversation, and what can be done with it."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.errors import StoreUnavailable
from bot.services.case_words import OUTCOMES
from bot.services.console import Done
from bot.services.handle_concern import STEPS
from bot.services.live import STAFF
from bot.texts import Voice, mark
from bot.web.console import queue
from bot.web.console.queue import Order, Reader, Room
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.security import delivery_id, is_own_form
from bot.web.sessions import (
    CONSOLE,
    LOGIN,
    account_of,
    forget_notes,
    forget_secret,
    is_own_refresh,
    leave_notes,
    read_notes,
    read_secret,
)
from bot.web.stream import stream

_ACTIONS = frozenset({"take", "step", "reply", "pass", "close"})
#: What is said when the case has left one's hands; the other actions say something themselves.
_ENDINGS = {"pass": mark("Der Fall ist weitergegeben."), "close": mark("Der Fall ist abgeschlossen.")}


class Console:
    """The routes below `/console/`."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route("/console/", self.show),
            Route("/console/stream", self.listen),
            Route("/console/leave", self.leave, methods=["POST"]),
            Route("/console/{concern:int}", self.show),
            Route("/console/{concern:int}", self.act, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The queue, with one case opened if the address names it."""
        return await self._page(request, HTTPStatus.OK, notes=read_notes(request))

    async def listen(self, request: Request) -> Response:
        """Events when anything in the queue or a conversation has changed."""
        account, now = account_of(read_secret(request, CONSOLE)), self._office.clock.now()
        if await self._office.storage.run(lambda uow: queue.staff_browser(uow, account, now)) is None:
            return Response(status_code=HTTPStatus.UNAUTHORIZED)
        return stream(self._office, STAFF)

    async def act(self, request: Request) -> Response:
        """Do one thing with a case, then show what it led to."""
        secret, form = read_secret(request, CONSOLE), await read_form(request) or {}
        action = form.get("action", "")
        argument = _argument(form)
        delivery = delivery_id(secret, form.get("form", ""), f"{action} {argument}")
        if not is_own_form(secret, form.get("token", "")) or delivery is None or action not in _ACTIONS:
            return await self._page(request, HTTPStatus.FORBIDDEN, typed=form.get("text", ""), stale=True)
        order = Order(request.path_params["concern"], action, argument, delivery)
        now = self._office.clock.now()
        use_case = partial(
            queue.carry_out, rules=self._view.rules, account=account_of(secret), order=order, now=now
        )
        try:
            done = await self._office.storage.run(use_case)
        except StoreUnavailable:
            return self._not_kept(request, form)
        if done is None:
            return await self._page(request, HTTPStatus.NOT_FOUND)
        self._office.wake(done.receipt)
        self._office.live.publish([STAFF])
        return await self._result(request, order, done)

    async def leave(self, request: Request) -> Response:
        """Sign this browser out."""
        secret, form = read_secret(request, CONSOLE), await read_form(request) or {}
        response = RedirectResponse("/console/", HTTPStatus.SEE_OTHER)
        if not is_own_form(secret, form.get("token", "")):
            return response
        account, now = account_of(secret), self._office.clock.now()
        await self._office.storage.run(partial(queue.leave, account=account, now=now))
        forget_secret(response, CONSOLE)
        return response

    async def _result(self, request: Request, order: Order, done: Done) -> Response:
        if order.action == "reply" and done.said and not done.receipt.wake:
            # Nobody had to be woken, so nothing was sent: the words stay in the field, beside the reason.
            return await self._page(request, HTTPStatus.OK, typed=order.argument, notes=list(done.said))
        said, to = done.said, request.url.path
        if not said and order.action in _ENDINGS:
            said, to = (self._view.guest_voice(request).say(_ENDINGS[order.action]),), "/console/"
        response = RedirectResponse(to, HTTPStatus.SEE_OTHER)
        leave_notes(response, said, self._office)
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
        secret = read_secret(request, CONSOLE)
        concern_id: int | None = request.path_params.get("concern")
        now = self._office.clock.now()
        browser = account_of(secret), not is_own_refresh(request)
        room = await self._office.storage.run(
            partial(queue.look, rules=self._view.rules, browser=browser, concern_id=concern_id, now=now)
        )
        if room is None:
            return self._unknown(request)
        voice = self._view.voice(room.staff.language)
        if concern_id and room.case is None:
            title, text = (
                voice.say("Diesen Fall gibt es hier nicht."),
                voice.say("Vielleicht ist der Link nicht vollständig."),
            )
            return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text, to="/console/")
        said = list(notes or [])
        if stale:
            said.append(voice.say("Diese Seite war nicht mehr aktuell. Bitte senden Sie noch einmal."))
        response = self._view.page(
            "console/queue.html",
            voice,
            status,
            secret=secret,
            typed=typed,
            notes=said,
            **self._shown(room, voice),
        )
        forget_notes(request, response)
        return response

    def _shown(self, room: Room, voice: Voice) -> dict[str, object]:
        zone = self._view.rules.agencies[room.staff.agency_id].zone
        reader = Reader(voice, zone, room.staff)
        sheet = reader.sheet(room.case, dict(room.names)) if room.case else None
        return {
            "staff": room.staff,
            "today": voice.day(self._office.clock.now(), zone),
            "rows": reader.rows(room.cases),
            "sheet": sheet,
            "steps": [(code, voice.say(label)) for code, (label, _) in STEPS.items()],
            "outcomes": [(outcome.value, voice.say(label)) for outcome, label in OUTCOMES.items()],
        }

    def _not_kept(self, request: Request, form: dict[str, str]) -> Response:
        voice = self._view.guest_voice(request)
        fields = {
            name: value
            for name, value in form.items()
            if name in {"action", "text", "step", "words", "outcome", "form"}
        }
        secret = read_secret(request, CONSOLE)
        return self._view.page(
            "not_kept.html", voice, HTTPStatus.SERVICE_UNAVAILABLE, secret=secret, fields=fields
        )

    def _unknown(self, request: Request) -> Response:
        voice = self._view.guest_voice(request)
        return self._view.kind_word(
            voice,
            HTTPStatus.UNAUTHORIZED,
            voice.say("Sie sind in diesem Browser nicht angemeldet."),
            voice.say(
                "Die Konsole öffnet sich mit einem persönlichen Link. Er gilt einmal. "
                "Ihre Verwaltung macht ihn mit „lotse staff add“."
            ),
            to=LOGIN,
        )


def _argument(form: dict[str, str]) -> str:
    match form.get("action", ""):
        case "take" | "step":
            step = form.get("step", "")
            return form.get("words", "").strip() if step == "other" else step
        case "reply":
            return form.get("text", "")
        case "close":
            return form.get("outcome", "")
        case _:
            return ""
