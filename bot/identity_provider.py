# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""OpenID Connect with one house: discovery, the authorization code with PKCE, and what an ID token must say.

Its two libraries load only when this module does, and it does only when the house is switched on.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.domain.identity import LONGEST_SUBJECT, Identity, NotVouched, Passage

logger = logging.getLogger(__name__)

#: Signed with a key pair: whoever can only check must not be able to sign. Never `none`, never HMAC.
_ALGORITHMS = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)) | {
    "EdDSA",
    "Ed25519",
}
#: OpenID Connect Discovery 1.0, 3: what a house that says nothing else must offer.
_DEFAULT_ALGORITHM = "RS256"
_LIMIT_S = 5.0
_MAX_BYTES = 256 * 1024
#: How long what the house says about itself is believed; its keys are asked for again when one is unknown.
_KNOWN_FOR = timedelta(hours=1)
#: Clocks differ.
_LEEWAY_S = 60
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Registration:
    """How Lotse is known to the house. `back` is the address that people come back to.

    `acr` lists acceptable classes of signing in, `amr` methods that must all have been used; empty: any.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    back: str
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    ca_file: Path | None = None


class _Discovered(msgspec.Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: tuple[str, ...] = (_DEFAULT_ALGORITHM,)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Answer(msgspec.Struct, frozen=True):
    id_token: str


_DISCOVERED, _ANSWER = msgspec.json.Decoder(_Discovered), msgspec.json.Decoder(_Answer)
_KEYS = msgspec.json.Decoder(dict[str, Any])


class _Away(Exception):
    """The house cannot be used now. The text is a word of ours."""


class _Untrusted(Exception):
    """What the house says does not hold. The text is a word of ours."""


class OidcProvider:
    """Implements `identity_ports.IdentityProvider`. Raises `OSError` for a CA file that cannot be read."""

    def __init__(self, known_as: Registration, now: Callable[[], datetime]) -> None:
        self._as = known_as
        self._now = now
        self._tls = ssl.create_default_context(cafile=known_as.ca_file)
        self._found: tuple[datetime, _Discovered] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    @property
    def label(self) -> str:
        """What people call the house."""
        return self._as.label

    async def way_there(self, passage: Passage) -> str | None:
        """The address to send a browser to; None while the house cannot be reached."""
        try:
            where = await self._discovered()
        except _Away as why:
            logger.warning("identity provider: cannot be reached (%s)", why)
            return None
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self._as.client_id,
            "redirect_uri": self._as.back,
            "state": passage.state,
            "nonce": passage.nonce,
            "code_challenge": passage.challenge,
            "code_challenge_method": "S256",
        }
        if self._as.acr:
            asked["acr_values"] = " ".join(self._as.acr)
        joint = "&" if "?" in where.authorization_endpoint else "?"
        return f"{where.authorization_endpoint}{joint}{urlencode(asked)}"

    async def vouch(self, passage: Passage, answer: dict[str, str]) -> Identity | NotVouched:
        """Who came back with this answer, or why that is nobody. `answer` holds a code, or an error."""
        # RFC 9207: an answer of another house, if it says whose it is.
        if answer.get("iss", self._as.issuer) != self._as.issuer:
            return self._untrusted("issuer of the answer")
        if "error" in answer or not answer.get("code"):
            return NotVouched.UNFINISHED
        try:
            where = await self._discovered()
            token = await self._id_token(where, passage, answer["code"])
            claims = await self._checked(where, token, passage.nonce)
        except _Away as why:
            logger.warning("identity provider: cannot be reached (%s)", why)
            return NotVouched.AWAY
        except _Untrusted as why:
            return self._untrusted(str(why))
        if not self._is_strong(claims):
            logger.warning("identity provider: signed in, but not as acr or amr ask for")
            return NotVouched.WEAK
        return Identity(where.issuer, claims["sub"])

    def _untrusted(self, why: str) -> NotVouched:
        logger.warning("identity provider: an answer is not trusted (%s)", why)
        return NotVouched.INVALID

    async def _discovered(self) -> _Discovered:
        if self._found is not None and self._found[0] > self._now():
            return self._found[1]
        body = await self._asked("GET", f"{self._as.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            found = _DISCOVERED.decode(body)
        except msgspec.DecodeError:
            raise _Away("its configuration cannot be read") from None
        if found.issuer != self._as.issuer:
            raise _Away("its configuration names another issuer")
        for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            if not _is_safe(address):
                raise _Away("its configuration names an address without https")
        self._found = (self._now() + _KNOWN_FOR, found)
        return found

    async def _id_token(self, where: _Discovered, passage: Passage, code: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._as.back,
            "code_verifier": passage.verifier,
        }
        login: tuple[str, str] | None = None
        if "client_secret_basic" in where.token_endpoint_auth_methods_supported:
            # RFC 6749, 2.3.1: each is written as in a form before the two are joined.
            login = (quote_plus(self._as.client_id), quote_plus(self._as.client_secret))
        else:
            form |= {"client_id": self._as.client_id, "client_secret": self._as.client_secret}
        body = await self._asked("POST", where.token_endpoint, form, login)
        try:
            return _ANSWER.decode(body).id_token
        except msgspec.DecodeError:
            raise _Untrusted("no ID token") from None

    async def _checked(self, where: _Discovered, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token for which everything of OpenID Connect Core 1.0, 3.1.3.7 holds."""
        algorithms = sorted(_ALGORITHMS.intersection(where.id_token_signing_alg_values_supported))
        claims = None
        if self._keys is not None and self._keys[0] > self._now():
            claims = _opened(token, self._keys[1], algorithms)
        if claims is None:
            # Unknown key: the house may have changed its keys since.
            self._keys = (self._now() + _KNOWN_FOR, await self._published(where))
            claims = _opened(token, self._keys[1], algorithms)
        if claims is None:
            raise _Untrusted("signature")
        rules = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self._as.issuer},
            aud={"essential": True, "value": self._as.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            rules.validate(claims)
        except JoseError as fault:
            # Only the name of a claim: the texts of a library may say more.
            raise _Untrusted(str(getattr(fault, "claim", "") or "a claim is missing")) from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._as.client_id) != self._as.client_id:
            raise _Untrusted("azp")
        if len(claims["sub"]) > LONGEST_SUBJECT:
            raise _Untrusted("sub")
        return claims

    async def _published(self, where: _Discovered) -> KeySet:
        body = await self._asked("GET", where.jwks_uri)
        try:
            keys = _KEYS.decode(body)["keys"]
            usable = [key for key in keys if key.get("use", "sig") == "sig" and key.get("kty") != "oct"]
            return KeySet.import_key_set({"keys": usable})
        except (msgspec.DecodeError, JoseError, LookupError, AttributeError, TypeError, ValueError):
            raise _Away("its keys cannot be read") from None

    def _is_strong(self, claims: Mapping[str, Any]) -> bool:
        used = claims.get("amr")
        methods = {one for one in used if isinstance(one, str)} if isinstance(used, list) else set()
        has_class = not self._as.acr or claims.get("acr") in self._as.acr
        return has_class and methods.issuperset(self._as.amr)

    async def _asked(
        self, method: str, url: str, form: dict[str, str] | None = None, login: tuple[str, str] | None = None
    ) -> bytes:
        """The body of a good answer. Raises `_Away`, and `_Untrusted` if the house refuses a code."""
        headers = {"Accept": "application/json"}
        body = bytearray()
        try:
            # A house that sends us elsewhere would get our secret sent elsewhere. A client for each call:
            # they are few, and nothing stays open.
            async with (
                httpx.AsyncClient(timeout=_LIMIT_S, follow_redirects=False, verify=self._tls) as client,
                client.stream(method, url, data=form, auth=login, headers=headers) as response,
            ):
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > _MAX_BYTES:
                        raise _Away("its answer is too long")
                status = response.status_code
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise _Away(type(error).__name__) from None
        if form is not None and status == HTTPStatus.BAD_REQUEST:
            raise _Untrusted("the code is refused")
        if status != HTTPStatus.OK:
            raise _Away(f"status {status}")
        return bytes(body)


def _opened(token: str, keys: KeySet, algorithms: list[str]) -> dict[str, Any] | None:
    """The claims if one of these keys has signed them."""
    if not algorithms:
        return None
    try:
        return jwt.decode(token, keys, algorithms=algorithms).claims
    except (JoseError, ValueError):
        return None


def _is_safe(address: str) -> bool:
    """https, or this computer: then it is a trial."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return False
    return bool(url.host) and (url.scheme == "https" or (url.scheme == "http" and url.host in _HERE))
