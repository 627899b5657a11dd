# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Parts of the configuration that say how an agency works: its hours, its texts, its questionnaires."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_settings import NoDecode

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


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


def _span(text: str) -> tuple[time, time]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a span of time, write it like 08:00-16:00")
    try:
        return time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        raise ValueError(f"'{text}' is not a span of time, write it like 08:00-16:00") from None
