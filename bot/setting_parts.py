# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Parts of the configuration: how an agency works (hours, texts, questionnaires), and its mail server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.domain.mail import mail_address
from bot.domain.own_page import Factor, PageRules

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


def _is_there(value: Path) -> Path:
    if not value.is_file():
        raise ValueError("there is no such file")
    return value


#: A file that is there when the program starts.
ExistingFile = Annotated[Path, AfterValidator(_is_there)]


class Part(BaseModel):
    """A part of the configuration; a name that it does not have is a fault."""

    model_config = ConfigDict(extra="forbid")


class AgencyPart(Part):
    """The default agency: its name, zone, public holidays and hours."""

    name: str = "Lotse"
    zone: str = "Europe/Berlin"
    holidays: str = "BB"
    closed: list[date] = []
    hours: dict[str, str] = dict.fromkeys(_DAYS[:5], "08:00-16:00")
    quiet: str = "21:00-08:00"
    health_in_messenger: bool = True
    names_in_calendars: bool = False
    crisis_text: dict[str, str] = {}

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is not a known time zone, write it like Europe/Berlin") from None
        return value

    @field_validator("hours")
    @classmethod
    def _hours(cls, value: dict[str, str]) -> dict[str, str]:
        if not value or set(value) - set(_DAYS):
            raise ValueError(f'needs at least one of {", ".join(_DAYS)}, like mon = "08:00-16:00"')
        for span in value.values():
            _span(span)
        return value

    @field_validator("quiet")
    @classmethod
    def _quiet(cls, value: str) -> str:
        _span(value)
        return value

    @field_validator("crisis_text")
    @classmethod
    def _crisis_text(cls, value: dict[str, str]) -> dict[str, str]:
        for language, text in value.items():
            if "112" not in text:
                raise ValueError(f"the text for '{language}' does not name 112, the emergency number")
        return value

    @property
    def weekly(self) -> dict[int, tuple[time, time]]:
        """Reading hours by weekday, 0 for Monday."""
        return {_DAYS.index(day): _span(span) for day, span in self.hours.items()}

    @property
    def quiet_span(self) -> tuple[time, time]:
        """From when to when nothing goes out that can wait."""
        return _span(self.quiet)


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
    """Questionnaires: the clinical ones that are switched on, and where licensed wording lies."""

    on: Annotated[list[str], NoDecode] = []
    licensed_dir: Path | None = None

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
        # An escape character could begin another header, or hide what is sent.
        if value and (not value.isprintable() or not mail_address(parseaddr(value)[1])):
            raise ValueError("is not a mail address, write it like Lotse <lotse@mail.example>")
        return value

    @property
    def server(self) -> SmtpUrl | None:
        """Where mail is handed in; None: mail is off."""
        url = self.smtp_url.get_secret_value() if self.smtp_url else ""
        return _read_smtp_url(url) if url else None

    @property
    def sender_parts(self) -> tuple[str, str]:
        """The sender's name, which may be empty, and the address."""
        name, address = parseaddr(self.sender)
        return name, mail_address(address)

    def faults(self, public_url: str) -> list[str]:
        """What does not fit together, one line each."""
        if self.server is None:
            return []
        found = [] if self.sender else ["mail: sender is missing: whose address do mails come from?"]
        if not public_url and not self.server.is_here:
            found.append("mail: public_url is missing: the links in mails must work where staff read them")
        return found


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


def _span(text: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a span of time, write it like 08:00-16:00")
    try:
        return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError(f"'{text}' is not a span of time, write it like 08:00-16:00") from None
