# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The demo: a participant's chat beside a coach's inbox, and a clock that can be moved on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.services import staff_sessions
from bot.texts import Voice, mark
from bot.web.forms import read_form
from bot.web.office import Demo, Office
from bot.web.page import scene
from bot.web.rendering import View
from bot.web.sessions import CHAT, CONSOLE, account_of, read_secret

_MOST_HOURS = 24 * 7


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the tour: a real page, and what to look at or to try there."""

    path: str
    title: str
    text: str


TOUR = (
    _Step(
        "/console/",
        mark("Meldungen"),
        mark("Mia Muster hat heute früh etwas Ernstes geschrieben. Öffnen Sie die Meldung und helfen Sie."),
    ),
    _Step(
        "/console/people",
        mark("Meine Leute"),
        mark("Zehn erfundene Menschen auf einen Blick. Von wem haben Sie lange nichts gehört?"),
    ),
    _Step(
        "/console/people/1",
        mark("Eine Person"),
        mark("Gespräch, Verlauf, Termine und Zustimmungen an einem Ort."),
    ),
    _Step(
        "/console/calendar",
        mark("Termine"),
        mark("Was diese Woche ansteht. Drehen Sie oben die Uhr vor: Die Erinnerung kommt von selbst."),
    ),
    _Step(
        "/console/invitations",
        mark("Einladungen"),
        mark("Machen Sie eine Einladung und sehen Sie sich an, wie sie gedruckt aussieht."),
    ),
)


class DemoPage:
    """The start page. Without a demo it only says where one is."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        if self._office.demo is None:
            return [Route("/", self.greet)]
        return [
            Route("/", self.show),
            Route("/demo/clock", self.clock),
            Route("/demo/clock", self.move, methods=["POST"]),
        ]

    async def greet(self, request: Request) -> Response:
        """For somebody who comes without a link."""
        voice = self._view.guest_voice(request)
        text = voice.say(
            "Ihr Gespräch öffnet sich mit Ihrem persönlichen Link. Er kommt von Ihrer Ansprechperson."
        )
        return self._view.kind_word(voice, HTTPStatus.OK, voice.say("Hier ist Lotse."), text)

    async def show(self, request: Request) -> Response:
        """Both sides. A side whose link was used in this browser is simply shown."""
        voice, demo = self._view.guest_voice(request), self._demo()
        await demo.furnished()
        chat, console = read_secret(request, CHAT), account_of(read_secret(request, CONSOLE))
        is_in = await self._office.storage.run(
            lambda uow: (
                scene.whose_browser(uow, self._view.rules, chat, self._office.clock.now()) is not None,
                staff_sessions.who(uow, console, self._office.clock.now()) is not None,
            )
        )
        return self._view.page(
            "demo.html",
            voice,
            clock=self._words(voice),
            tour=TOUR,
            chat="/chat/" if is_in[0] else demo.participant_entry,
            console="/console/" if is_in[1] else demo.console_entry,
        )

    async def clock(self, request: Request) -> Response:
        """The simulated time in words."""
        return PlainTextResponse(self._words(self._view.guest_voice(request)))

    async def move(self, request: Request) -> Response:
        """Move the simulated time on; what becomes due happens."""
        form = await read_form(request) or {}
        hours = form.get("hours", "")
        if hours.isdecimal() and 0 < int(hours) <= _MOST_HOURS:
            await self._demo().advance(timedelta(hours=int(hours)))
        elif "next" in form:
            await self._demo().to_next()
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    def _demo(self) -> Demo:
        demo = self._office.demo
        assert demo is not None
        return demo

    def _words(self, voice: Voice) -> str:
        agency = self._view.rules.agencies[self._view.rules.home]
        now = self._demo().now()
        return f"{voice.day(now, agency.zone)}, {voice.clock(now, agency.zone)}"
