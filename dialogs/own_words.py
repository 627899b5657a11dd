# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The engine's own words, from `words/<language>.yaml`: what it says, and what it understands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from dialogs.shapes import Shape
from dialogs.yaml_source import read_own

FALLBACK = "de"
_T = TypeVar("_T")


class Buttons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Labels of the engine's own buttons."""

    back: str
    skip: str
    later: str
    help: str
    yes: str
    no: str
    today: str
    tomorrow: str


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences around a question."""

    progress: str
    scale_ends: str
    old_button: str
    reminder: str
    no_way_back: str
    cannot_skip: str
    no_words: str
    too_long: str
    third_try: str
    third_try_plain: str
    help_noted: str
    postponed: str
    postponed_until_you_write: str
    postponed_again: str
    back_again: str
    nothing_open: str
    broken: str


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The friendly second try: what kind of answer would help."""

    choose: str
    scale: str
    number: str
    text: str
    date: str
    date_range: str
    yes_no: str


class ReadWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people type."""

    back: list[str]
    skip: list[str]
    later: list[str]
    help: list[str]
    yes: list[str]
    no: list[str]
    yes_loose: list[str]
    no_loose: list[str]
    negations: list[str]
    numbers: list[str]
    polite: list[str]
    of: list[str]
    around_numbers: list[str]
    months: list[list[str]]
    weekdays: list[list[str]]
    days: dict[str, int]
    around_dates: list[str]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"or_": "or"}):
    """One language's file."""

    language: str
    buttons: Buttons
    lines: Lines
    expected: Expected
    or_: str
    quoted: str
    date: str
    decimal: str
    months: list[str]
    read: ReadWords


_WORDS = Shape(Words)


@cache
def all_words() -> dict[str, Words]:
    """Every language that ships, read once. Raises `msgspec.ValidationError` for a file with a gap."""
    found: dict[str, Words] = {}
    for entry in sorted(files("dialogs").joinpath("words").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yaml"):
            words = _WORDS.of(read_own(entry.read_text(encoding="utf-8")))
            found[words.language] = words
    return found


def words_for(language: str) -> Words:
    """The words of `language`, else of its base (de for de-x-einfach), else German."""
    return pick(all_words(), language) or all_words()[FALLBACK]


def pick(by_language: Mapping[str, _T], language: str) -> _T | None:
    """The entry for `language`, else for its base, else German, else any; None if there is none."""
    for tag in (language, language.partition("-")[0], FALLBACK):
        if tag in by_language:
            return by_language[tag]
    return next(iter(by_language.values()), None)
