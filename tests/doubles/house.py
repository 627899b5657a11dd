# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A house that signs its people in: a small OpenID Connect provider on a real port, with real RS256 keys.

It behaves unless a test tells it not to: `twist` changes the claims of the next ID tokens, `signed` how they
are signed, `is_down` makes every answer an error. It checks what Lotse must send: PKCE, the secret, the
address to come back to; each code is good once.
"""

from __future__ import annotations

import base64
import json
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "lotse"
SECRET = "geheim: mit Doppelpunkt"
Claims = dict[str, Any]


@cache
def key(kid: str) -> RSAKey:
    """A key pair; the same for the same name, since making one takes a tenth of a second."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class House:
    """The double. `subject` is who sits at the browser, `kid` names the key that signs now."""

    now: Callable[[], datetime]
    back: str
    subject: str = "person-1"
    kid: str = "k1"
    is_down: bool = False
    twist: Claims = field(default_factory=dict)
    signed: Callable[[Claims], str] | None = None
    issuer: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.configuration),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
            ]
        )

    def listen(self) -> socket.socket:
        """A free port, which the issuer names."""
        found = socket.create_server(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{found.getsockname()[1]}"
        return found

    async def configuration(self, request: Request) -> Response:
        self.asked.append("configuration")
        if self.is_down:
            return Response(status_code=503)
        ways = {
            f"{name}_endpoint": f"{self.issuer}/{path}"
            for name, path in (("authorization", "authorize"), ("token", "token"))
        }
        algorithms = ["RS256", "HS256", "none"]
        more = {"jwks_uri": f"{self.issuer}/keys", "id_token_signing_alg_values_supported": algorithms}
        return JSONResponse({"issuer": self.issuer} | ways | more)

    async def keys(self, request: Request) -> Response:
        self.asked.append("keys")
        shown = key(self.kid).as_dict(private=False)
        other = {"kty": "RSA", "use": "enc", "kid": "enc", "n": shown["n"], "e": "AQAB"}
        return JSONResponse({"keys": [other, shown, {"kty": "PQ", "kid": "later"}]})

    async def authorize(self, request: Request) -> Response:
        asked = request.query_params
        assert asked["redirect_uri"] == self.back
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT, "code", "openid")
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = (asked["nonce"], asked["code_challenge"])
        return RedirectResponse(f"{self.back}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def token(self, request: Request) -> Response:
        self.asked.append("token")
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        scheme, _, basic = request.headers["authorization"].partition(" ")
        sent = base64.b64decode(basic).decode()
        assert (scheme, sent) == ("Basic", f"{CLIENT}:geheim%3A+mit+Doppelpunkt")
        nonce, challenge = self.codes.pop(form["code"], ("", ""))
        if challenge != _plain(sha256(form["code_verifier"].encode()).digest()):
            return JSONResponse({"error": "invalid_grant"}, 400)
        at = int(self.now().timestamp())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "nonce": nonce}
        claims |= {"iat": at, "exp": at + 300} | self.twist
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.signed(claims) if self.signed else self.sign(claims)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def sign(self, claims: Claims, kid: str = "") -> str:
        return jwt.encode({"alg": "RS256", "kid": kid or self.kid}, claims, key(kid or self.kid))


def unsigned(claims: Claims) -> str:
    """What claims to need no signature."""
    header = _plain(json.dumps({"alg": "none"}).encode())
    return f"{header}.{_plain(json.dumps(claims).encode())}."


def path_of(url: str) -> str:
    """The part of an address behind the host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
