# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who a browser is: one secret of its own in a cookie, made here and known to the storage as an address."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.sign_in import device_of
from bot.web.office import Office

_WORDS = msgspec.json.Decoder(list[str])

_DAY = 86400
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_MAX_NOTES = 5
_MAX_NOTE = 400


@dataclass(frozen=True, slots=True)
class Cookie:
    """A kind of session. `seconds` is how long the browser keeps it."""

    name: str
    path: str
    seconds: int


CHAT = Cookie("lotse_chat", "/", 180 * _DAY)
CONSOLE = Cookie("lotse_console", "/", 30 * _DAY)
#: A session with a second agency, while it does not count; see `bot.web.two_agencies`.
CONSOLE_ASIDE = Cookie("lotse_aside", "/console/", 30 * _DAY)
#: Made when a link is opened, used when its button is pressed: a double press is one entry.
CHAT_ENTRY = Cookie("lotse_entry", "/p/", 3600)
CONSOLE_ENTRY = Cookie("lotse_entry", "/console/enter/", 3600)
#: Where staff sign in with a password.
LOGIN = "/console/login"
PASSWORD_ENTRY = Cookie("lotse_entry", "/console/password/", 3600)
#: Where they go to sign in with another house, and the link that binds them to it.
HOUSE = f"{LOGIN}/house"
HOUSE_LINK = "/console/identity"
IDENTITY_ENTRY = Cookie("lotse_entry", f"{HOUSE_LINK}/", 3600)
#: One passage to the house and back: a secret, and behind a dot the link if it is to bind with one.
PASSAGE = Cookie("lotse_passage", HOUSE, 900)
LOGIN_ENTRY = Cookie("lotse_entry", LOGIN, 3600)
#: Says that somebody has signed in here before, and nothing else: strangers cannot make this browser wait.
DEVICE = Cookie("lotse_device", LOGIN, 365 * _DAY)
MAIL_ENTRY = Cookie("lotse_entry", "/console/mail/", 3600)
_NOTES = Cookie("lotse_notes", "/", 60)
_LIVE = "live"


def new_secret() -> str:
    """A secret that nobody can guess: 256 bits."""
    return secrets.token_urlsafe(32)


def read_secret(request: Request, cookie: Cookie) -> str:
    """The browser's secret; empty if it has none, or something that was not made here."""
    value = request.cookies.get(cookie.name, "")
    return value if _SECRET.fullmatch(value) else ""


def account_of(secret: str) -> str:
    """What the storage knows a staff browser by: it never holds what the cookie holds."""
    return sha256(secret.encode()).hexdigest() if secret else ""


def browser_of(request: Request) -> str:
    """Browser and system of a request, in two words of ours."""
    return device_of(request.headers.get("user-agent", ""))


def is_own_refresh(request: Request) -> bool:
    """Whether a page looks by itself for news (`?live`): nobody need be there."""
    return _LIVE in request.query_params


def keep_secret(response: Response, cookie: Cookie, secret: str, office: Office) -> None:
    """Give the browser its secret. Scripts cannot read it, and other sites cannot use it."""
    _set(response, cookie, secret, office)


def forget_secret(response: Response, cookie: Cookie) -> None:
    """Make the browser forget."""
    response.delete_cookie(cookie.name, path=cookie.path, httponly=True, samesite="lax")


def leave_notes(response: Response, notes: Sequence[str], office: Office) -> None:
    """Lines for the next page, shown once. They hold no content: only what the program says itself."""
    if notes:
        short = [note[:_MAX_NOTE] for note in notes[:_MAX_NOTES]]
        _set(response, _NOTES, base64.urlsafe_b64encode(msgspec.json.encode(short)).decode(), office)


def read_notes(request: Request) -> list[str]:
    """The lines that the page before left. A page that only refreshes itself (`?live`) leaves them alone."""
    if is_own_refresh(request):
        return []
    try:
        text = base64.urlsafe_b64decode(request.cookies.get(_NOTES.name, ""))
        return _WORDS.decode(text) if text else []
    except (binascii.Error, msgspec.DecodeError, ValueError):
        return []


def forget_notes(request: Request, response: Response) -> None:
    """They were shown."""
    if _NOTES.name in request.cookies and not is_own_refresh(request):
        forget_secret(response, _NOTES)


def _set(response: Response, cookie: Cookie, value: str, office: Office) -> None:
    response.set_cookie(
        cookie.name,
        value,
        max_age=cookie.seconds,
        path=cookie.path,
        secure=office.is_https,
        httponly=True,
        samesite="lax",
    )
