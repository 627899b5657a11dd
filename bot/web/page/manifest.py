# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What makes the page installable, and help that needs neither a session nor the network."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.web.office import Office
from bot.web.rendering import STATIC, View, asset
from bot.web.sessions import CHAT, read_secret
from dialogs.concerns.crisis import crisis_card

#: Where help is. Public, and without anything that could be down.
HELP = "/hilfe"
_THEME = "#2044aa"
_ICONS = (("lotse.svg", "any", "image/svg+xml"), ("lotse-512.png", "512x512", "image/png"))


class Manifest:
    """The web app's description, its worker, and the page that is there without a network."""

    def __init__(self, office: Office, view: View) -> None:
        self._office = office
        self._view = view

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route("/manifest.webmanifest", self.describe),
            Route("/worker.js", self.worker),
            Route(HELP, self.help),
        ]

    async def describe(self, request: Request) -> Response:
        """The web app manifest. The name on the home screen says nothing about what it is for."""
        del request
        return JSONResponse(
            {
                "name": "Lotse",
                "short_name": "Lotse",
                "id": "/chat/",
                "start_url": "/chat/",
                "scope": "/",
                "display": "standalone",
                "background_color": "#ffffff",
                "theme_color": _THEME,
                "icons": [
                    {"src": asset(name), "sizes": sizes, "type": media} for name, sizes, media in _ICONS
                ],
            },
            media_type="application/manifest+json",
        )

    async def worker(self, request: Request) -> Response:
        """The service worker: it keeps help and nothing else. Below the root, so that it serves all pages."""
        del request
        return FileResponse(STATIC / "worker.js", media_type="text/javascript")

    async def help(self, request: Request) -> Response:
        """Numbers that help now. Nothing is looked up and nothing is noted: nobody learns who came here."""
        voice = self._view.guest_voice(request)
        text = self._view.rules.crisis_texts_of_all.get(voice.language) or crisis_card(voice.language).first
        # The kept copy must not tell whether somebody is signed in.
        has_page = bool(read_secret(request, CHAT)) and "offline" not in request.query_params
        return self._view.page("help.html", voice, text=text, has_page=has_page)
