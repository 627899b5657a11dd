# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Serves the pages of the console: who is there, what they may, the forms, and everything that goes wrong.

A page itself is a reading function and a few acting ones over a `Seat` (see `bot.web.console.seat`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.access import Action
from bot.domain.messages import Incoming, IncomingKind
from bot.errors import StoreUnavailable
from bot.ports import UnitOfWork
from bot.services import staff_sessions
from bot.services.live import STAFF
from bot.services.staff_sessions import CHANNEL
from bot.texts import Voice
from bot.web.console.navigation import Entry, entries
from bot.web.console.seat import Did, Download, File, Form, Page, Seat, Whence
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.rendering import View
from bot.web.security import delivery_id, is_own_form
from bot.web.sessions import (
    CONSOLE,
    CONSOLE_ASIDE,
    LOGIN,
    account_of,
    forget_notes,
    is_own_refresh,
    leave_notes,
    read_notes,
    read_secret,
)

#: Fields that the frame itself reads, and secrets: they are never shown again.
_NOT_KEPT = frozenset({"token", "form_id", "password", "again", "pin"})
_FRAME = frozenset({"token", "form_id"})
#: What a choice or a button sends; everything else somebody may have typed, so they see it.
_MACHINE_WORD = re.compile(r"[a-z0-9_:.-]{0,60}")


@dataclass(frozen=True, slots=True)
class _Typed:
    """A form that comes back: what was in it, why nothing was changed by field, and lines to say.

    `once` is as in `Did`.
    """

    form: Form
    faults: Mapping[str, str]
    said: Sequence[str] = ()
    once: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a page reads in its unit of work. `shown` is None if there is no such page for this person."""

    seat: Seat
    shown: Mapping[str, object] | None
    navigation: tuple[Entry, ...]
    #: The agency with which the browser is signed in as well; empty if with none.
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form on its way: what it says, its delivery, and whose it is."""

    form: Form
    delivery: str
    whence: Whence


class Frame:
    """Makes routes of pages."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self, pages: Sequence[Page | Download]) -> list[Route]:
        """Where they answer."""
        found: list[Route] = []
        for page in pages:
            if isinstance(page, Download):
                found.append(Route(page.path, partial(self._download, page)))
                continue
            found.append(Route(page.path, partial(self._show, page)))
            if page.acts:
                found.append(Route(page.path, partial(self._act, page), methods=["POST"]))
        return found

    async def _show(self, page: Page, request: Request) -> Response:
        return await self._page(page, request)

    async def _download(self, download: Download, request: Request) -> Response:
        whence, now = _whence(request), self._office.clock.now()

        def make(uow: UnitOfWork) -> tuple[Seat, File | None] | None:
            seat = sit_down(uow, self._view, whence, now=now)
            if seat is None:
                return None
            return seat, download.make(seat) if _is_allowed(seat, download.needs) else None

        made = await self._office.storage.run(make)
        if made is None:
            return self._unknown(request)
        seat, file = made
        if file is None:
            return self._nothing(seat.voice)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'} if file.name else {}
        return Response(file.body, media_type=file.media_type, headers=headers)

    async def _act(self, page: Page, request: Request) -> Response:
        secret, form = read_secret(request, CONSOLE), await read_form(request)
        if form is None:
            return self._too_large(request)
        whence = _whence(request)
        action = form.get("action", "")
        content = "\0".join(f"{name}={value}" for name, value in form.items() if name not in _FRAME)
        delivery = delivery_id(secret, form.get("form_id", ""), content)
        if action not in page.acts:
            return self._nothing(self._view.guest_voice(request))
        if delivery is None or not is_own_form(secret, form.get("token", "")):
            return self._again(request, form, HTTPStatus.FORBIDDEN)
        use_case = partial(self._carry_out, page, _Sent(form, delivery, whence))
        try:
            done = await self._office.storage.run(use_case)
        except StoreUnavailable:
            return self._again(request, form, HTTPStatus.SERVICE_UNAVAILABLE)
        if done is None:
            return self._again(request, form, HTTPStatus.UNAUTHORIZED)
        seat, did = done
        if did is None:
            return self._nothing(seat.voice)
        if not did.faults:
            self._office.wake(did.receipt)
            self._office.live.publish([STAFF])
        if did.faults or did.once:
            status = HTTPStatus.UNPROCESSABLE_ENTITY if did.faults else HTTPStatus.OK
            return await self._page(page, request, _Typed(form, did.faults, did.said, did.once), status)
        query = f"?{request.url.query}" if request.url.query else ""
        response = RedirectResponse(did.to or f"{request.url.path}{query}", HTTPStatus.SEE_OTHER)
        leave_notes(response, did.said, self._office)
        return response

    def _carry_out(self, page: Page, sent: _Sent, uow: UnitOfWork) -> tuple[Seat, Did | None] | None:
        """The form's effect, once (promise P2); the same form with the same content again does nothing."""
        now = self._office.clock.now()
        seat = sit_down(uow, self._view, sent.whence, now=now)
        if seat is None:
            return None
        if not _is_allowed(seat, page.needs):
            return seat, None
        incoming = Incoming(CHANNEL, sent.delivery, sent.whence.account, IncomingKind.TEXT)
        if uow.talks.record_incoming(incoming, seat.staff.agency_id, None, now) is None:
            return seat, Did()
        return seat, page.acts[sent.form["action"]](seat, sent.form)

    async def _page(
        self, page: Page, request: Request, typed: _Typed | None = None, status: int = HTTPStatus.OK
    ) -> Response:
        whence, now, is_used = _whence(request), self._office.clock.now(), not is_own_refresh(request)
        if page.asks:
            whence = replace(whence, trouble=tuple(await self._office.ready()))

        aside = account_of(read_secret(request, CONSOLE_ASIDE))

        def read(uow: UnitOfWork) -> _Seen | None:
            elsewhere = _elsewhere(uow, self._view, (whence.account, aside), now)
            seat = sit_down(uow, self._view, whence, now=now, is_used=is_used)
            if seat is None:
                return None
            shown = page.read(seat) if _is_allowed(seat, page.needs) else None
            return _Seen(seat, shown, entries(seat) if shown is not None else (), elsewhere)

        seen = await self._office.storage.run(read)
        if seen is None:
            return self._unknown(request)
        if seen.shown is None:
            return self._nothing(seen.seat.voice)
        seat = seen.seat
        notes = [*read_notes(request), *(typed.said if typed else ())]
        response = self._view.page(
            f"console/{page.template}",
            seat.voice,
            status,
            secret=read_secret(request, CONSOLE),
            staff=seat.staff,
            place=page.place,
            navigation=seen.navigation,
            here=self._view.rules.agencies[seat.staff.agency_id].name,
            elsewhere=seen.elsewhere,
            today=seat.day(now),
            notes=notes,
            **(_fields(typed) | dict(seen.shown) | dict(typed.once if typed else {})),
        )
        forget_notes(request, response)
        return response

    def _again(self, request: Request, form: Form, status: int) -> Response:
        """Nothing typed is lost: the same form once more, to be sent when it can be."""
        voice = self._view.guest_voice(request)
        secret = read_secret(request, CONSOLE)
        kept = [
            (name, value, _MACHINE_WORD.fullmatch(value) is None)
            for name, value in form.items()
            if name not in _NOT_KEPT
        ]
        fields = {"kept": kept, "why": int(status), "login": LOGIN}
        return self._view.page("console/again.html", voice, status, secret=secret, **fields)

    def _too_large(self, request: Request) -> Response:
        voice = self._view.guest_voice(request)
        title, text = voice.say("Das war zu viel auf einmal."), voice.say("Bitte senden Sie weniger Text.")
        return self._view.kind_word(voice, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, title, text)

    def _nothing(self, voice: Voice) -> Response:
        title = voice.say("Diese Seite gibt es hier nicht.")
        text = voice.say("Vielleicht ist der Link nicht vollständig, oder der Fall liegt bei jemand anderem.")
        return self._view.kind_word(voice, HTTPStatus.NOT_FOUND, title, text, to="/console/")

    def _unknown(self, request: Request) -> Response:
        voice = self._view.guest_voice(request)
        title = voice.say("Sie sind in diesem Browser nicht angemeldet.")
        text = voice.say(
            "Die Konsole öffnet sich mit einem persönlichen Link. Er gilt einmal. "
            "Ihre Verwaltung macht ihn mit „lotse staff add“."
        )
        return self._view.kind_word(voice, HTTPStatus.UNAUTHORIZED, title, text, to=LOGIN)


def sit_down(
    uow: UnitOfWork, view: View, whence: Whence, *, now: datetime, is_used: bool = True
) -> Seat | None:
    """The staff member whose browser this is; None if nobody's. From here on it is about their agency alone.

    `is_used` is False for a page that only looks for news by itself: nobody need be there.
    """
    found = staff_sessions.whose(uow, whence.account, now)
    if found is None:
        return None
    staff, session = found
    uow.serve(staff.agency_id)
    if is_used:
        staff_sessions.use(uow, session, now)
    return Seat(uow, view.rules, staff, now, whence)


def _elsewhere(uow: UnitOfWork, view: View, accounts: tuple[str, str], now: datetime) -> str:
    here, aside = accounts
    found = staff_sessions.elsewhere(uow, here, [aside], now) if aside else None
    return view.rules.agencies[found[1].agency_id].name if found else ""


def _fields(typed: _Typed | None) -> dict[str, object]:
    return {"typed": typed.form if typed else {}, "faults": typed.faults if typed else {}}


def _is_allowed(seat: Seat, needs: Action | None) -> bool:
    return needs is None or seat.may(needs)


def _whence(request: Request) -> Whence:
    account = account_of(read_secret(request, CONSOLE))
    return Whence(dict(request.path_params), dict(request.query_params), account)
