# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The messengers' deliveries, in front of everything that pages need: they are most of the traffic."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.office import Webhook

MAX_DELIVERY_BYTES = 1024 * 1024
_PREFIX = "/webhook/"
_SECRET_HEADER = b"x-telegram-bot-api-secret-token"


class Deliveries:
    """Gives `POST /webhook/NAME` to its receiver, which answers after the commit; the rest is for `app`."""

    def __init__(self, app: ASGIApp, webhooks: Mapping[str, Webhook]) -> None:
        self._app = app
        self._webhooks = {_PREFIX + name: webhook for name, webhook in webhooks.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        webhook = self._webhooks.get(scope["path"]) if scope["type"] == "http" else None
        if webhook is None:
            await self._app(scope, receive, send)
        elif scope["method"] != "POST":
            await _answer(send, HTTPStatus.METHOD_NOT_ALLOWED)
        else:
            body = await _read(receive)
            secret = next((value for name, value in scope["headers"] if name == _SECRET_HEADER), None)
            if body is None:
                await _answer(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            else:
                await _answer(send, await webhook(secret.decode("latin-1") if secret else None, body))


async def _read(receive: Receive) -> bytes | None:
    """The body; None if it is too long, without reading the rest, or if the sender has gone."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_DELIVERY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
