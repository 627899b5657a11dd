# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The agencies of an installation, from the settings: the default one, and those with their own table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.agency import Agency
from bot.domain.channels import DEFAULT_KEY, TELEGRAM, TELEGRAM_STAFF, bot_channel
from bot.domain.mail import CHANNEL as MAIL
from bot.domain.messages import DataClass
from bot.errors import ConfigurationError
from bot.services.rulebook import Rulebook
from bot.setting_parts import sender_parts
from bot.settings import AgencyPart, FurtherAgency, Settings, TelegramBot
from scheduler.local_time import QuietHours, ReadingHours, zone
from scheduler.public_holidays import german_holidays

#: The public holidays that are known ahead: enough for every timer that can be set.
_HOLIDAY_YEARS = range(2024, 2046)
_PAGES = {
    MAIL: DataClass.NEUTRAL,
    "web_chat": DataClass.HEALTH,
    "console": DataClass.HEALTH,
    "terminal": DataClass.HEALTH,
    "terminal_staff": DataClass.HEALTH,
}


@dataclass(frozen=True, slots=True)
class Office:
    """One agency as the configuration has it; `key` is what it is known by, whatever its name."""

    key: str
    part: AgencyPart
    telegram: TelegramBot
    telegram_staff: TelegramBot

    @property
    def section(self) -> str:
        """What the configuration calls it."""
        return "agency" if self.key == DEFAULT_KEY else f"[agency.{self.key}]"

    @property
    def bots(self) -> dict[str, TelegramBot]:
        """Its bots, those that are off too, by the names of their channels."""
        return {
            bot_channel(TELEGRAM, self.key): self.telegram,
            bot_channel(TELEGRAM_STAFF, self.key): self.telegram_staff,
        }


def offices(settings: Settings) -> dict[str, Office]:
    """All agencies by their key words, the default one first."""
    first = Office(DEFAULT_KEY, settings.agency, settings.telegram, settings.telegram_staff)
    return {DEFAULT_KEY: first, **{key: _office(key, one) for key, one in settings.agency.further.items()}}


def office_named(settings: Settings, word: str) -> Office:
    """The agency with this key word, or this name; the default one for an empty word.

    Raises `ConfigurationError` that names all there are.
    """
    known = offices(settings)
    if word in ("", *known):
        return known[word or DEFAULT_KEY]
    for one in known.values():
        if one.part.name == word:
            return one
    there = ", ".join(f"{one.key} ({one.part.name})" for one in known.values())
    raise ConfigurationError([f"there is no agency '{word}'; there is {there}"])


def with_agencies(rules: Rulebook, settings: Settings, numbers: Mapping[str, int]) -> Rulebook:
    """The rulebook for agencies with these numbers, by key word; others are looked at and left out.

    Raises `ConfigurationError` with the faults of all of them.
    """
    known = offices(settings)
    hours, faults = dict[str, ReadingHours](), list[str]()
    for key, one in known.items():
        try:
            hours[key] = _hours(one.part)
        except ValueError as error:
            faults.append(f"{one.section}: {error}")
    if faults:
        raise ConfigurationError(faults)
    here = {numbers[key]: one for key, one in known.items() if key in numbers}
    further = {number: one.part for number, one in here.items() if one.key != DEFAULT_KEY}
    return replace(
        rules,
        agencies={number: _agency(number, one, settings) for number, one in here.items()},
        hours={number: hours[one.key] for number, one in here.items()},
        own_quiet={number: QuietHours(*part.quiet_span) for number, part in further.items()},
        own_crisis_texts={number: part.crisis_text for number, part in further.items()},
    )


def _office(key: str, part: FurtherAgency) -> Office:
    return Office(key, part, part.telegram, part.telegram_staff)


def _hours(part: AgencyPart) -> ReadingHours:
    closed = german_holidays(part.holidays, _HOLIDAY_YEARS) | frozenset(part.closed)
    return ReadingHours(zone(part.zone), part.weekly, closed)


def _agency(number: int, office: Office, settings: Settings) -> Agency:
    part = office.part
    ways_out = {"web_chat", "console", *(name for name, bot in office.bots.items() if bot.is_on)}
    if settings.mail.server is not None:
        ways_out.add(MAIL)
    return Agency(
        *(number, part.name, part.zone, _PAGES | {name: bot.data_class for name, bot in office.bots.items()}),
        health_in_messenger=part.health_in_messenger,
        names_in_calendars=part.names_in_calendars,
        channels=frozenset(ways_out),
        holidays=part.holidays,
        closed=tuple(part.closed),
        key=office.key,
        mail_sender=sender_parts(part.mail_sender),
    )
