# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Headers of every response, and the tokens that tie a form to the browser it was made for."""

from __future__ import annotations

import base64
import hmac
import re
from hashlib import sha256
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_DAY = "public, max-age=86400"
#: Where the pictures of dialogs are: the same for everybody, so nothing of a person is in them.
PICTURES = "/chat/pictures/"
_KEPT = ("/static/", PICTURES)
_FORM_ID = re.compile(r"[0-9a-f]{32}")
#: What a browser says of a request that another site caused.
_FOREIGN = frozenset({b"cross-site", b"same-site"})


def form_token(secret: str) -> str:
    """The token of every form of one browser. Who cannot read the cookie cannot make it."""
    return hmac.new(secret.encode(), b"form", sha256).hexdigest()[:32]


def is_own_form(secret: str, token: str) -> bool:
    """Whether a posted form was made for the browser that posts it."""
    return bool(secret) and hmac.compare_digest(form_token(secret).encode(), token.encode())


def delivery_id(secret: str, form_id: str, content: str) -> str | None:
    """The delivery of one submit. The same form with the same content twice is one delivery (promise P2).

    None for a form id that is not one of ours. Nobody can take another person's: their secret is in it.
    """
    if not _FORM_ID.fullmatch(form_id):
        return None
    said = f"{form_id}\0{content}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), said, sha256).hexdigest()[:40]


def account_for(secret: str, code: str) -> str:
    """The account that a link gives to a browser: the same for a second press, another for another link."""
    return base64.urlsafe_b64encode(hmac.digest(secret.encode(), code.encode(), sha256)).rstrip(b"=").decode()


class SecureHeaders:
    """Adds the security headers, and refuses a form that another site sends.

    `framed` lets our own pages frame one another (the demo shows two side by side).
    """

    def __init__(self, app: ASGIApp, *, framed: bool, https: bool) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": f"{_POLICY}; frame-src 'self'; frame-ancestors 'self'"
            if framed
            else f"{_POLICY}; frame-ancestors 'none'",
            "X-Frame-Options": "SAMEORIGIN" if framed else "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers["Cache-Control"] = _caching(scope, message["status"])
            await send(message)

        if scope["method"] == "POST" and _is_foreign(scope):
            refusal = PlainTextResponse("This form belongs to another site.", HTTPStatus.FORBIDDEN)
            await refusal(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def _caching(scope: Scope, status: int) -> str:
    # What people write must not stay in any cache, nor come back from the browser's own.
    if not Request(scope).url.path.startswith(_KEPT) or status >= HTTPStatus.BAD_REQUEST:
        return "no-store"
    return _FOR_EVER if scope["query_string"].startswith(b"v=") else _FOR_A_DAY


def _is_foreign(scope: Scope) -> bool:
    return any(name == b"sec-fetch-site" and value in _FOREIGN for name, value in scope["headers"])
