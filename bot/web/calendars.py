# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Calendar feeds for calendar programs: nobody signs in there, the address itself is the secret."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from http import HTTPStatus
from math import ceil

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.services import calendar_feeds
from bot.web.office import Office

_PATH = "/calendar/{token}.ics"
_MEDIA_TYPE = "text/calendar; charset=utf-8"


def path_of(token: str) -> str:
    """The path of the feed with this secret."""
    return _PATH.replace("{token}", token)


class CalendarFeeds:
    """Answers calendar programs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [Route(_PATH, self.read)]

    async def read(self, request: Request) -> Response:
        """The calendar; 404 where there is none (any more), 429 for whoever asks too often."""
        use_case = partial(
            calendar_feeds.read,
            rules=self._office.rules(),
            token=str(request.path_params["token"]),
            host=request.client.host if request.client else "",
            now=self._office.clock.now(),
        )
        found = await self._office.storage.run(use_case)
        if isinstance(found, timedelta):
            wait = {"Retry-After": str(max(1, ceil(found.total_seconds())))}
            return PlainTextResponse("", HTTPStatus.TOO_MANY_REQUESTS, headers=wait)
        if found is None:
            return PlainTextResponse("", HTTPStatus.NOT_FOUND)
        return Response(found, media_type=_MEDIA_TYPE)
