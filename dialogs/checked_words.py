# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The words of `checked_words.yaml`, ready to be looked for in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from dialogs.shapes import Shape
from dialogs.yaml_source import read_own


class Avoided(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that participants should not read, and what to write instead."""

    words: list[str]
    remedy: str


class CheckedWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: language to words, and German words that only look like participles."""

    avoid: dict[str, list[Avoided]]
    health: dict[str, list[str]]
    no_participle: list[str]


_CHECKED_WORDS = Shape(CheckedWords)


class Hit(msgspec.Struct, frozen=True):
    """A word that was found as it stands in the text, and what to write instead."""

    word: str
    remedy: str


@cache
def checked_words() -> CheckedWords:
    """The file, read once. Raises `msgspec.ValidationError` if it is not as it should be."""
    source = files("dialogs").joinpath("checked_words.yaml").read_text(encoding="utf-8")
    return _CHECKED_WORDS.of(read_own(source))


class _Search(msgspec.Struct, frozen=True):
    """Looks for any of some words. One of `stems` is in every hit; looking for them first is far cheaper."""

    stems: tuple[str, ...]
    pattern: re.Pattern[str]
    remedy: str = ""

    def word_in(self, text: str, folded: str) -> str:
        """The first hit, with its whole words, or ""; `folded` is the text in lower case."""
        found = self.pattern.search(text) if any(stem in folded for stem in self.stems) else None
        return _whole(text, found) if found else ""


@lru_cache(maxsize=4096)
def avoided_in(text: str, language: str) -> tuple[Hit, ...]:
    """Words of the list for `language` that stand in `text`, one for each line of the list."""
    folded = text.lower()
    words = ((search.word_in(text, folded), search.remedy) for search in _avoided(_base(language)))
    return tuple(Hit(word, remedy) for word, remedy in words if word)


@lru_cache(maxsize=4096)
def health_word_in(text: str, language: str) -> str:
    """The first word in `text` that speaks of health, or ""."""
    return _health(_base(language)).word_in(text, text.lower())


def _base(language: str) -> str:
    return language.partition("-")[0]


@cache
def _avoided(language: str) -> tuple[_Search, ...]:
    return tuple(_search(entry.words, entry.remedy) for entry in checked_words().avoid.get(language, ()))


@cache
def _health(language: str) -> _Search:
    return _search(checked_words().health.get(language, ()))


def _search(words: Iterable[str], remedy: str = "") -> _Search:
    known = list(words)
    stems = tuple(word.strip("*").lower().split()[0] for word in known)
    return _Search(stems, re.compile("|".join(map(_expression, known)), re.IGNORECASE), remedy)


def _expression(word: str) -> str:
    """A side with a * is simply open: any letters may stand there."""
    inner = r"\s+".join(map(re.escape, word.strip("*").split()))
    before = "" if word.startswith("*") else r"(?<!\w)"
    after = "" if word.endswith("*") else r"(?!\w)"
    return f"{before}{inner}{after}"


def _whole(text: str, found: re.Match[str]) -> str:
    """The hit with the letters around it, up to the ends of its words."""
    before = re.search(r"\w*$", text[: found.start()])
    after = re.match(r"\w*", text[found.end() :])
    return f"{before[0] if before else ''}{found[0]}{after[0] if after else ''}"
