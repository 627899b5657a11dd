# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Participants' own area: their answers, plan, appointments, consents, data and devices."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from babel.numbers import format_decimal
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.domain.consent import Purpose
from bot.services import own_area
from bot.services.own_copy import CopyForm, own_copy
from bot.texts import Voice, mark
from bot.web.forms import read_form
from bot.web.office import Office
from bot.web.page.chat import unknown_browser
from bot.web.rendering import View
from bot.web.security import is_own_form
from bot.web.sessions import CHAT, forget_secret, read_secret
from bot.web.trend import Trend, draw

T = TypeVar("T")

PATH = "/chat/me"
#: What each purpose is called where it is shown to the person.
_PURPOSES = {
    Purpose.CONTACT: mark("Lotse darf mir schreiben"),
    Purpose.HEALTH_CHECKINS: mark("Fragen dazu, wie es mir geht"),
    Purpose.HEALTH_IN_MESSENGER: mark("Solche Fragen auch im Messenger"),
    Purpose.SHARING: mark("Weitergabe an {partner}"),
    Purpose.EVALUATION: mark("Auswertung ohne Namen"),
    Purpose.SAFETY_PLAN: mark("Mein Plan für schwere Stunden bleibt gespeichert"),
}
_TRENDS = {"mood": mark("Wie es mir ging"), "sleep": mark("Wie ich geschlafen habe")}
_LONGEST = 200
_TYPES = {CopyForm.HTML: "text/html; charset=utf-8", CopyForm.JSON: "application/json"}


class OwnArea:
    """The routes below `/chat/me`."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route(PATH, self.show),
            Route(f"{PATH}/termin-{{number:int}}.ics", self.calendar),
            *(
                Route(f"{PATH}/daten.{form.value}", partial(self.data, form=form), methods=["POST"])
                for form in CopyForm
            ),
            Route(f"{PATH}/consent", self.end_consent, methods=["POST"]),
            Route(f"{PATH}/leave", self.leave_everywhere, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The whole area on one page."""
        area = await self._ask(request, own_area.show)
        if area is None:
            return unknown_browser(self._view, request)
        voice = self._view.voice(area.person.language)
        return self._view.page(
            "page/area.html",
            voice,
            secret=read_secret(request, CHAT),
            area=area,
            trends=_trends(area, voice),
            rows=[_row(one, voice, area.person.zone) for one in reversed(area.checked)],
            purposes=_PURPOSES,
            day=lambda at: voice.day(at, area.person.zone),
            clock=lambda at: voice.clock(at, area.person.zone),
        )

    async def calendar(self, request: Request) -> Response:
        """One appointment for the calendar of the phone."""
        found = await self._ask(request, own_area.calendar, appointment_id=request.path_params["number"])
        if found is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return Response(found, media_type="text/calendar", headers=_as_file("termin.ics"))

    async def data(self, request: Request, form: CopyForm) -> Response:
        """Everything that is stored, as a file."""
        if not await self._is_own(request):
            return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)
        found = await self._ask(request, own_copy, form=form)
        if found is None:
            return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)
        return Response(found, media_type=_TYPES[form], headers=_as_file(f"meine-daten.{form.value}"))

    async def end_consent(self, request: Request) -> Response:
        """Take one back."""
        form = await read_form(request) or {}
        purpose, whom = form.get("purpose", ""), form.get("whom", "")[:_LONGEST]
        if is_own_form(read_secret(request, CHAT), form.get("token", "")) and purpose in set(Purpose):
            receipt = await self._ask(request, own_area.end_consent, key=(purpose, whom))
            if receipt is not None:
                self._office.wake(receipt)
        return RedirectResponse(f"{PATH}#consents", HTTPStatus.SEE_OTHER)

    async def leave_everywhere(self, request: Request) -> Response:
        """Sign all devices out."""
        if not await self._is_own(request):
            return RedirectResponse(PATH, HTTPStatus.SEE_OTHER)
        await self._ask(request, own_area.end_sessions)
        voice = self._view.guest_voice(request)
        title = voice.say("Alle Geräte sind abgemeldet.")
        text = voice.say(
            "Das Gespräch ist nirgends mehr offen, und Links, die noch unterwegs waren, gehen nicht mehr. "
            "Einen neuen Link bekommen Sie von Ihrer Ansprechperson."
        )
        response = self._view.kind_word(voice, HTTPStatus.OK, title, text)
        forget_secret(response, CHAT)
        return response

    async def _ask(self, request: Request, use_case: Callable[..., T], **more: Any) -> T:
        bound = partial(
            use_case,
            rules=self._view.rules,
            account=read_secret(request, CHAT),
            now=self._office.clock.now(),
            **more,
        )
        return await self._office.storage.run(bound)

    async def _is_own(self, request: Request) -> bool:
        form = await read_form(request) or {}
        return is_own_form(read_secret(request, CHAT), form.get("token", ""))


def _trends(area: own_area.Area, voice: Voice) -> list[dict[str, Any]]:
    """What is drawn, and the same in words."""
    found = []
    for name, title in _TRENDS.items():
        values = [one.values[name] for one in area.checked if name in one.values]
        if not values:
            continue
        trend = Trend(values)
        words = voice.say(
            "Zuletzt {last} von 10. Ihr Mittel aus {number} Antworten: {usual}.",
            last=values[-1],
            number=len(values),
            usual=format_decimal(trend.usual, locale=voice.language.partition("-")[0]),
        )
        found.append({"title": voice.say(title), "svg": draw(trend), "words": words})
    return found


def _row(one: own_area.Checked, voice: Voice, zone: str) -> dict[str, str]:
    values = {name: str(one.values[name]) if name in one.values else "–" for name in own_area.TRENDS}
    return {"day": voice.day(one.at, zone), "words": one.words, **values}


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
