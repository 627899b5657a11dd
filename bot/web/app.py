# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The web side as one application."""

from __future__ import annotations

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.errors import StoreUnavailable
from bot.web.calendars import CalendarFeeds
from bot.web.console.door import Door
from bot.web.console.frame import Frame
from bot.web.console.house_door import HouseDoor
from bot.web.console.mail_entry import MailEntry
from bot.web.console.pages import ALL
from bot.web.console.sign_in import SignIn
from bot.web.console.staff_sessions import StaffSessions
from bot.web.deliveries import Deliveries
from bot.web.demo import DemoPage
from bot.web.entry import Entry
from bot.web.health import Health
from bot.web.office import Demo, Office, Webhook
from bot.web.page.area import OwnArea
from bot.web.page.chat import Chat
from bot.web.page.manifest import Manifest
from bot.web.page.own_door import OwnDoor
from bot.web.rendering import STATIC, View
from bot.web.security import SecureHeaders
from bot.web.two_agencies import Switch

__all__ = ["Demo", "Office", "Webhook", "build_web"]


def build_web(office: Office) -> Deliveries:
    """All pages, with their headers and kind words for everything that can go wrong."""
    view = View(office)
    sign_in, provider = SignIn(office, view), office.identity_provider
    parts = (
        Health(office),
        CalendarFeeds(office),
        Entry(office, view),
        OwnDoor(office, view),
        Manifest(office, view),
        MailEntry(office, view),
        Chat(office, view),
        OwnArea(office, view),
        Door(office),
        Switch(office),
        sign_in,
        StaffSessions(office, view),
        DemoPage(office, view),
    )
    excuses = _Excuses(view)
    pages = Starlette(
        routes=[
            *(route for part in parts for route in part.routes()),
            *(HouseDoor(office, provider, view, sign_in).routes() if provider else ()),
            *Frame(office, view).routes(ALL),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={
            HTTPException: excuses.refused,
            StoreUnavailable: excuses.store_is_down,
            Exception: excuses.fault,
        },
    )
    # Around everything: the framework answers a fault of ours outside of its middleware.
    secured = SecureHeaders(pages, framed=office.demo is not None, https=office.is_https)
    return Deliveries(secured, office.webhooks)


class _Excuses:
    """Kind pages instead of bare error messages."""

    def __init__(self, view: View) -> None:
        self._view = view

    async def refused(self, request: Request, error: Exception) -> Response:
        """A page that does not exist, or a method that it does not have."""
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        voice = self._view.guest_voice(request)
        title = voice.say("Diese Seite gibt es nicht.")
        text = voice.say("Vielleicht ist der Link nicht vollständig. Bitte öffnen Sie ihn noch einmal.")
        return self._view.kind_word(voice, status, title, text)

    async def store_is_down(self, request: Request, error: Exception) -> Response:
        """Nothing can be read or kept right now."""
        del error
        voice = self._view.guest_voice(request)
        title = voice.say("Das geht gerade nicht.")
        text = voice.say(
            "Lotse ist für einen Moment nicht erreichbar. Bitte versuchen Sie es gleich noch einmal."
        )
        response = self._view.kind_word(
            voice, HTTPStatus.SERVICE_UNAVAILABLE, title, text, to=request.url.path
        )
        response.headers["Retry-After"] = "5"
        return response

    async def fault(self, request: Request, error: Exception) -> Response:
        """A fault of ours. The framework hands it on to the log afterwards."""
        del error
        voice = self._view.guest_voice(request)
        title = voice.say("Bei mir ist etwas schiefgegangen.")
        text = voice.say("Der Fehler liegt nicht bei Ihnen. Bitte versuchen Sie es gleich noch einmal.")
        return self._view.kind_word(voice, HTTPStatus.INTERNAL_SERVER_ERROR, title, text)
