# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom another house vouches for: staff who sign in with their employer's account (OpenID Connect)."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

#: OpenID Connect Core 1.0, 2: a subject has 255 characters at most.
LONGEST_SUBJECT = 255


class NotVouched(StrEnum):
    """Why the house vouches for nobody this time."""

    AWAY = "away"  # it cannot be reached, or answers nonsense
    UNFINISHED = "unfinished"  # it sent the person back without having signed them in
    INVALID = "invalid"  # what it says cannot be trusted
    WEAK = "weak"  # it signed them in, but not in the way that the agency asks for


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is there: never a mail address, which may be given to somebody else later."""

    issuer: str
    subject: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdentityOffer:
    """A one-time link with which a staff member binds their account there; open until `until`."""

    agency_id: int
    staff_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """One way to the house and back. The verifier is that of RFC 7636 (PKCE); none is a secret twice."""

    state: str
    nonce: str
    verifier: str = field(repr=False)

    @property
    def challenge(self) -> str:
        """What the house gets to see of the verifier before it hands out a code (S256)."""
        return _plain(sha256(self.verifier.encode()).digest())


def passage(secret: str, link: str = "") -> Passage:
    """The passage of a browser that holds `secret`, to bind with `link` or, without one, to sign in.

    All three follow from the secret, so nothing is kept for visitors who never come back.
    """
    parts = [_plain(hmac.digest(secret.encode(), f"{what}\0{link}".encode(), sha256)) for what in _PARTS]
    return Passage(*parts)


_PARTS = ("state", "nonce", "verifier")


def _plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
