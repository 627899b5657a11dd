# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Parts of the configuration: how staff sign in, here and with another house."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.domain.sign_in import Limits, SignInRules
from bot.setting_parts import ExistingFile, Part, is_http_url

_WORD = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")
_LONGEST_LABEL = 40


class SignInPart(Part):
    """Tries, waits, passwords and sessions: bounded, so that no agency can open or lock its own door."""

    free_tries: int = Field(default=4, ge=2, le=10)
    longest_wait_minutes: int = Field(default=15, ge=1, le=60)
    network_tries: int = Field(default=20, ge=5, le=1000)
    all_tries: int = Field(default=60, ge=20, le=10_000)
    shortest_password: int = Field(default=12, ge=10, le=64)
    link_hours: int = Field(default=72, ge=1, le=24 * 7)
    idle_minutes: int = Field(default=30, ge=5, le=8 * 60)
    session_hours: int = Field(default=12, ge=1, le=24)
    link_session_days: int = Field(default=30, ge=1, le=90)

    @property
    def rules(self) -> SignInRules:
        """What use cases look up."""
        days = timedelta(days=self.link_session_days)
        return SignInRules(
            self.free_tries,
            timedelta(minutes=self.longest_wait_minutes),
            self.network_tries,
            self.all_tries,
            self.shortest_password,
            timedelta(hours=self.link_hours),
            Limits(timedelta(minutes=self.idle_minutes), timedelta(hours=self.session_hours)),
            Limits(days, days),
        )

    def faults(self) -> list[str]:
        """What does not fit together, one line each."""
        if self.all_tries < self.network_tries:
            return ["sign_in: all_tries is less than network_tries: one network could keep all others out"]
        return []


class OidcPart(Part):
    """The house behind whose sign-in staff come in (OpenID Connect); on with an issuer."""

    issuer: str = ""
    client_id: str = ""
    client_secret: SecretStr | None = None
    label: str = ""
    acr: Annotated[tuple[str, ...], NoDecode] = ()
    amr: Annotated[tuple[str, ...], NoDecode] = ()
    ca_file: ExistingFile | None = None

    @field_validator("issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        if not value:
            return value
        if not is_http_url(value) or any(mark in value for mark in "?#@"):
            raise ValueError("must be the https:// address that the house calls its issuer, in plain ASCII")
        url = urlsplit(value)
        if url.scheme != "https" and url.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("must begin with https:// (http:// only on this computer)")
        return value

    @field_validator("label")
    @classmethod
    def _label(cls, value: str) -> str:
        if not value.isprintable() or len(value) > _LONGEST_LABEL:
            raise ValueError(f"must be one line of at most {_LONGEST_LABEL} characters")
        return value.strip()

    @field_validator("acr", "amr", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        # As JSON, like other lists, or simply with commas.
        return tuple(one.strip(" \"'") for one in value.strip().strip("[]").split(",") if one.strip(" \"'"))

    @field_validator("acr", "amr")
    @classmethod
    def _each(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_WORD.fullmatch(one) for one in value):
            raise ValueError("must be words in plain ASCII, with commas between them")
        return value

    @property
    def secret(self) -> str:
        """What the house knows Lotse by."""
        return self.client_secret.get_secret_value() if self.client_secret else ""

    def faults(self, public_url: str) -> list[str]:
        """What does not fit together, one line each."""
        given = {"client_id": self.client_id, "client_secret": self.secret, "label": self.label}
        if not self.issuer:
            return ["oidc: issuer is missing: which house is it?"] if any(given.values()) else []
        found = [f"oidc: {name} is missing" for name, value in given.items() if not value]
        if not public_url:
            found.append("oidc: public_url is missing: the house sends people back to Lotse's own address")
        return found
