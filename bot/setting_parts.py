# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Parts of the configuration: pages, questionnaires, periods, and the mail server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.domain.mail import mail_address
from bot.domain.own_page import Factor, PageRules


def _is_there(value: Path) -> Path:
    if not value.is_file():
        raise ValueError("there is no such file")
    return value


#: A file that is there when the program starts.
ExistingFile = Annotated[Path, AfterValidator(_is_there)]


class Part(BaseModel):
    """A part of the configuration; a name that it does not have is a fault."""

    model_config = ConfigDict(extra="forbid")


class PagePart(Part):
    """The participants' own page: what links ask for, how long they and sessions last, the quick exit."""

    factor: Factor = Factor.NONE
    link_hours: float = Field(default=24.0, gt=0, le=24 * 7)
    idle_days: float = Field(default=30.0, ge=0.01, le=366)
    leave_to: str = ""

    @field_validator("leave_to")
    @classmethod
    def _leave_to(cls, value: str) -> str:
        if value and not is_http_url(value):
            raise ValueError("must be https:// (or http://) with a host, in plain ASCII")
        return value

    @property
    def rules(self) -> PageRules:
        """What use cases look up."""
        idle, lives = timedelta(days=self.idle_days), timedelta(hours=self.link_hours)
        return PageRules(self.factor, lives, idle, self.leave_to)


class InstrumentsPart(Part):
    """Questionnaires: the clinical ones that are switched on, and where licensed wording and scores lie."""

    on: Annotated[list[str], NoDecode] = []
    licensed_dir: Path | None = None
    scores_dir: Path | None = None

    @field_validator("on", mode="before")
    @classmethod
    def _on(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        # As JSON, like other lists, or simply with commas.
        return [name.strip(" \"'") for name in value.strip().strip("[]").split(",") if name.strip(" \"'")]


def is_http_url(text: str) -> bool:
    """Whether it can be asked for by HTTP as it is written."""
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        return False
    is_plain = text.isascii() and text.isprintable() and " " not in text
    return is_plain and url.scheme in ("http", "https") and bool(url.hostname) and port != 0


_SMTP_PORTS = {"smtps": 465, "smtp": 587}
_LIKE_SMTP = "write it like smtps://user:password@mail.example:465, or smtp:// for STARTTLS"


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """What an SMTP URL says. `is_smtps`: encrypted from the first byte, otherwise by STARTTLS."""

    host: str
    port: int
    is_smtps: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it is this computer: then this is a trial."""
        return self.host in ("localhost", "127.0.0.1", "::1")


class ConcernsPart(Part):
    """How concerns in free text are recognised: a site's own rules, which can only add."""

    rules: Path | None = None


class RetentionPart(Part):
    """How long what is kept: within bounds, so that nothing is kept for ever and no proof goes at once."""

    messages_days: int = Field(default=90, ge=30, le=365)
    answers_months: int = Field(default=6, ge=1, le=36)
    concerns_months: int = Field(default=36, ge=12, le=120)
    consents_months: int = Field(default=36, ge=12, le=120)
    audit_months: int = Field(default=12, ge=3, le=36)
    technical_days: int = Field(default=90, ge=7, le=365)
    staff_months: int = Field(default=12, ge=1, le=36)


class MailPart(Part):
    """Mail to staff: the server that takes it, and who it comes from."""

    smtp_url: SecretStr | None = None
    sender: str = ""
    ca_file: ExistingFile | None = None

    @field_validator("smtp_url")
    @classmethod
    def _smtp_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and value.get_secret_value():
            _read_smtp_url(value.get_secret_value())
        return value

    @field_validator("sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        return checked_sender(value)

    @property
    def server(self) -> SmtpUrl | None:
        """Where mail is handed in; None: mail is off."""
        url = self.smtp_url.get_secret_value() if self.smtp_url else ""
        return _read_smtp_url(url) if url else None

    @property
    def sender_parts(self) -> tuple[str, str]:
        """The sender's name, which may be empty, and the address."""
        return sender_parts(self.sender)

    def faults(self, public_url: str) -> list[str]:
        """What does not fit together, one line each."""
        if self.server is None:
            return []
        found = [] if self.sender else ["mail: sender is missing: whose address do mails come from?"]
        if not public_url and not self.server.is_here:
            found.append("mail: public_url is missing: the links in mails must work where staff read them")
        return found


def checked_sender(value: str) -> str:
    """Who mails come from, or nothing. Raises `ValueError` for what is no address."""
    # An escape character could begin another header, or hide what is sent.
    if value and (not value.isprintable() or not mail_address(parseaddr(value)[1])):
        raise ValueError("is not a mail address, write it like Lotse <lotse@mail.example>")
    return value


def sender_parts(value: str) -> tuple[str, str]:
    """A sender's name, which may be empty, and the address; both empty for nobody."""
    name, address = parseaddr(value)
    return name, mail_address(address)


def _read_smtp_url(text: str) -> SmtpUrl:
    """Raises `ValueError` that names the fault, never the URL: a password is in it."""
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        raise ValueError(f"the port is no number from 1 to 65535: {_LIKE_SMTP}") from None
    if url.scheme not in _SMTP_PORTS:
        raise ValueError(f"must begin with smtps:// or smtp://: {_LIKE_SMTP}")
    if not url.hostname or port == 0:
        raise ValueError(f"the {'port' if url.hostname else 'host'} is missing: {_LIKE_SMTP}")
    if url.path not in ("", "/") or url.query or url.fragment:
        raise ValueError(
            f"holds a part that means nothing (write /, ? and # in a password as %2F, %3F, %23): {_LIKE_SMTP}"
        )
    if bool(url.username) != bool(url.password):
        raise ValueError(f"user and password belong together: {_LIKE_SMTP}")
    user, password = unquote(url.username or ""), unquote(url.password or "")
    return SmtpUrl(url.hostname, port or _SMTP_PORTS[url.scheme], url.scheme == "smtps", user, password)
