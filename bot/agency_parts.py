# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The configuration of agencies: how each works, and the bots of those beside the default one."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from bot.domain.channels import DEFAULT_KEY
from bot.domain.messages import DataClass
from bot.setting_parts import Part, checked_sender

TELEGRAM = "https://api.telegram.org"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
#: It is part of addresses, of channels' names and of variables, where two underscores have a meaning.
_KEY = re.compile(r"(?=.{1,30}\Z)[a-z](?:_?[a-z0-9])*")
_IN_FILES = ("token", "secret")


class TelegramBot(Part):
    """One bot. `data_class` is the highest data class that may go out there.

    In a file, `token_file` and `secret_file` name files to read in place of `token` and `secret`.
    """

    token: SecretStr | None = None
    api_url: str = TELEGRAM
    mode: Literal["polling", "webhook"] = "polling"
    secret: SecretStr | None = None
    data_class: DataClass = DataClass.APPOINTMENT
    messages_per_second: float = Field(default=30.0, gt=0)
    messages_per_chat: float = Field(default=1.0, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _from_files(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        found = dict(values)
        for name in _IN_FILES:
            path = found.pop(f"{name}_file", None)
            if path is not None and name in found:
                raise ValueError(f"{name} and {name}_file are both set: keep one of them")
            if path is not None:
                found[name] = _content(f"{name}_file", str(path))
        return found

    @field_validator("api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// on this computer)")
        return value

    @property
    def is_on(self) -> bool:
        """A bot is switched on by its token."""
        return self.token is not None and bool(self.token.get_secret_value())

    def faults(self, name: str, public_url: str) -> list[str]:
        """What does not fit together, one line each; `name` is what the configuration calls it."""
        found = []
        secret = self.secret.get_secret_value() if self.secret else ""
        if self.is_on and self.mode == "webhook" and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            found.append(f"{name}: webhook mode needs a secret of up to 256 letters, digits, _ or -")
        if self.is_on and self.api_url == TELEGRAM and not public_url:
            found.append(
                f"{name}: public_url is missing: links to Lotse's own pages must work on people's phones"
            )
        return found


class AgencyPart(Part):
    """An agency: its name, zone, public holidays and hours, and the numbers of its region."""

    name: str = "Lotse"
    zone: str = "Europe/Berlin"
    holidays: str = "BB"
    closed: list[date] = []
    hours: dict[str, str] = dict.fromkeys(_DAYS[:5], "08:00-16:00")
    quiet: str = "21:00-08:00"
    health_in_messenger: bool = True
    names_in_calendars: bool = False
    crisis_text: dict[str, str] = {}
    # Who mails to this agency's team come from; the installation's sender if empty.
    mail_sender: str = ""

    @field_validator("mail_sender")
    @classmethod
    def _mail_sender(cls, value: str) -> str:
        return checked_sender(value)

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


class FurtherAgency(AgencyPart):
    """An agency beside the default one, with bots of its own. What it does not say has the same defaults."""

    name: str = Field(min_length=1)
    telegram: TelegramBot = TelegramBot()
    telegram_staff: TelegramBot = TelegramBot()

    @model_validator(mode="before")
    @classmethod
    def _is_table(cls, values: Any) -> Any:
        if not isinstance(values, dict | cls):
            raise ValueError("is not a setting of an agency")  # noqa: TRY004  (pydantic reports ValueErrors)
        return values


def _as_key(value: str) -> str:
    if not _KEY.fullmatch(value) or value == DEFAULT_KEY:
        raise ValueError(
            "is no key word for an agency: up to 30 small letters, digits and single underscores, a letter "
            f"first, and not '{DEFAULT_KEY}'"
        )
    return value


_KeyWord = Annotated[str, AfterValidator(_as_key)]


class DefaultAgency(AgencyPart):
    """The agency that is always there. Tables in it that have none of its names are further agencies."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[_KeyWord, FurtherAgency] = Field(init=False)

    @model_validator(mode="after")
    def _names(self) -> DefaultAgency:
        names = [self.name, *(one.name for one in self.further.values())]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError("\n".join(f"two agencies are named '{name}'" for name in doubled))
        return self

    @property
    def further(self) -> dict[str, FurtherAgency]:
        """The other agencies of the installation, by key word, which stays when a name changes."""
        return self.__pydantic_extra__ or {}


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}: the file cannot be read ({type(error).__name__})") from None


def _span(text: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a span of time, write it like 08:00-16:00")
    try:
        return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError(f"'{text}' is not a span of time, write it like 08:00-16:00") from None
