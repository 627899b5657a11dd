# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""For machines: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.web.office import Office

_METRICS = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """The machine's side of the web."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        """Where it answers."""
        return [
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def alive(self, request: Request) -> Response:
        """The process answers."""
        del request
        return PlainTextResponse("ok")

    async def ready(self, request: Request) -> Response:
        """What keeps it from being ready, one line each."""
        del request
        problems = await self._office.ready()
        return JSONResponse(problems, HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK)

    async def metrics(self, request: Request) -> Response:
        """Numbers for Prometheus."""
        del request
        return Response(await self._office.metrics(), media_type=_METRICS)
