# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a thumb does to a word: it misses a key, hits one too many, or the one beside it."""

from __future__ import annotations

from dialogs.concerns.normalise import fold

# The rows of letters from top to bottom: German and English, Russian and Ukrainian, Arabic, Persian.
_KEYBOARDS = (
    ("qwertzuiop", "asdfghjkl", "yxcvbnm"),
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("йцукенгшщзх", "фывапролджэ", "ячсмитбю"),
    ("йцукенгшщзх", "фівапролджє", "ячсмитбю"),
    ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "رىةوزظ"),
    ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو"),
)
# Each row stands half a key to the right of the one above it.
_TOUCHING = ((0, -1), (0, 1), (-1, 0), (-1, 1), (1, -1), (1, 0))


def _beside() -> dict[str, str]:
    """The keys that touch a key, on any of the keyboards."""
    found: dict[str, set[str]] = {}
    for rows in _KEYBOARDS:
        places = {(row, at): fold(key) for row, keys in enumerate(rows) for at, key in enumerate(keys)}
        for (row, at), key in places.items():
            for down, across in _TOUCHING:
                found.setdefault(key, set()).add(places.get((row + down, at + across), key))
    return {key: "".join(sorted(keys - {key})) for key, keys in found.items()}


_BESIDE = _beside()


def is_slip(written: str, meant: str) -> bool:
    """Whether of two folded words, one letter apart, the first may be what a thumb made of the other.

    A letter too many or too few may be anywhere but at the front, and so may two that changed places; one
    letter instead of another must be a key beside it: "gedreht" is not meant for "gedroht".
    """
    if written[0] != meant[0]:
        return False
    if len(written) != len(meant):
        return True
    differing = [pair for pair in zip(written, meant, strict=True) if pair[0] != pair[1]]
    return len(differing) > 1 or all(key in _BESIDE.get(hit, "") for hit, key in differing)
