# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is said when somebody may be in danger, and the numbers in it, as data that can grow old.

There are agreed texts in German and English only. Every other language gets both, because a crisis
text translated by guesswork is worse than two that are right; translations come with native speakers
who work in crisis support.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib import resources
from typing import TypeVar

import msgspec
import yaml

from dialogs.shapes import Shape

T = TypeVar("T")

STANDARD = "standard"
EASY = "easy"
_AGREED = ("de", "en")
_PRINTED = re.compile(r"\d[\d ]+\d")


class CrisisCard(msgspec.Struct, frozen=True):
    """The texts of one language; `languages` says which they are written in.

    `first` comes at once; what is said then depends on who is called and who reads (`bot.services.crisis`).
    `nobody_yet` comes when the promised time has passed without an answer.
    """

    languages: tuple[str, ...]
    first: str
    nobody_yet: str


class CrisisNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number for people in need. `verified_on` is the day of the last check against `source`, if any."""

    number: str
    name: str
    languages: tuple[str, ...]
    hours: str
    source: str
    status: str
    verified_on: date | None = None


class _Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    language: str
    first: dict[str, str]
    nobody_yet: str


class _Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    numbers: tuple[CrisisNumber, ...]


_TEXTS, _NUMBERS = Shape(_Texts), Shape(_Numbers)


class CrisisTextError(ValueError):
    """A crisis file that cannot be used: file and reason."""


@cache
def crisis_card(language: str, register: str = STANDARD) -> CrisisCard:
    """The texts for a language tag ("de", "en-GB", "uk"); `register` is "standard" or "easy".

    "de-x-einfach" asks for the easy register by itself. A language without agreed texts gets English and
    German, one below the other; a register that a language does not have becomes the standard one.
    """
    if "x-einfach" in language.casefold():
        register = EASY
    tag = language.split("-", maxsplit=1)[0].casefold()
    if tag in _AGREED:
        return _card(_texts(tag), register)
    english, german = _card(_texts("en"), register), _card(_texts("de"), register)
    return CrisisCard(
        english.languages + german.languages,
        f"{english.first}\n\n{german.first}",
        f"{english.nobody_yet}\n\n{german.nobody_yet}",
    )


@cache
def crisis_numbers() -> tuple[CrisisNumber, ...]:
    """All known numbers, also those that may not be printed. Raises `CrisisTextError`."""
    return _load("numbers.yaml", _NUMBERS).numbers


def numbers_older_than(days: int, today: date) -> tuple[CrisisNumber, ...]:
    """The numbers in the texts that nobody verified within so many days before `today`, or ever."""
    printed = printed_numbers()
    return tuple(
        number
        for number in crisis_numbers()
        if number.number in printed
        and (number.verified_on is None or (today - number.verified_on).days > days)
    )


def printed_numbers() -> frozenset[str]:
    """The numbers that stand in any text. Raises `CrisisTextError` for one that the list does not know."""
    known = {number.number for number in crisis_numbers()}
    found: set[str] = set()
    for tag in _AGREED:
        for text in _texts(tag).first.values():
            found.update(_PRINTED.findall(text))
    if found - known:
        raise CrisisTextError(f"numbers.yaml: not listed: {', '.join(sorted(found - known))}")
    return frozenset(found)


def _card(texts: _Texts, register: str) -> CrisisCard:
    first = texts.first.get(register, texts.first[STANDARD])
    return CrisisCard((texts.language,), first, texts.nobody_yet)


@cache
def _texts(tag: str) -> _Texts:
    name = f"{tag}.yaml"
    texts = _load(name, _TEXTS)
    if STANDARD not in texts.first:
        raise CrisisTextError(f"{name}: first: the register {STANDARD} is missing")
    return texts


def _load(name: str, shape: Shape[T]) -> T:
    text = resources.files(__package__).joinpath("crisis", name).read_text(encoding="utf-8")
    try:
        return shape.of(yaml.safe_load(text))
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise CrisisTextError(f"{name}: {error}") from error
