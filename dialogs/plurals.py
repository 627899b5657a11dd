# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which plural form a language uses for a number: one Tag, 2 Tage; Slavic languages have three, Arabic six.

The categories and the rules are those of the Unicode CLDR (cardinals), for whole numbers; a number with
decimals is `other`. A test compares them with Babel's.
"""

from __future__ import annotations

import re
from collections.abc import Callable

CATEGORIES = ("zero", "one", "two", "few", "many", "other")

_ONE = rf"(?:{'|'.join(CATEGORIES)}) [^{{}}|]+"
FORM = re.compile(
    rf"\{{(?P<counted>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?): *(?P<forms>{_ONE}(?:\| *{_ONE})*)\}}"
)
"""`{days: one ein Tag | other # Tage}`: the form for the value of `days`; # stands for the number."""


def category(language: str, number: float) -> str:
    """The category of `number` in `language`, or in its base language; German rules for any other."""
    if number != int(number):
        return "other"
    return _RULES.get(language.partition("-")[0].lower(), _one_other)(abs(int(number)))


def forms(written: str) -> dict[str, str]:
    """The forms of the part after the colon, by category."""
    parts = (part.strip().partition(" ") for part in written.split("|"))
    return {name: text.strip() for name, _, text in parts}


def needed(language: str) -> set[str]:
    """The categories that whole numbers of a language have."""
    return {category(language, number) for number in range(201)}


def _one_other(n: int) -> str:
    return "one" if n == 1 else "other"


def _zero_is_one(n: int) -> str:
    return "one" if n in (0, 1) else "other"


def _east_slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    if n % 100 in range(3, 11):
        return "few"
    return "many" if n % 100 in range(11, 100) else "other"


_RULES: dict[str, Callable[[int], str]] = {
    "uk": _east_slavic,
    "ru": _east_slavic,
    "pl": _polish,
    "ar": _arabic,
    "fa": _zero_is_one,
}
