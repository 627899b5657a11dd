# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is written in two ways in Cyrillic and Arabic script, on keyboards and in a hurry.

Everything here goes for rules and messages alike, so a rule may be written in normal spelling.
"""

from __future__ import annotations

import re

LETTERS = {
    # Cyrillic: the signs that chat leaves out ("жит", "обявление", "хочеться"), the two apostrophes that
    # count as letters, the Ukrainian letter that many keyboards lack.
    "ь": "", "ъ": "", "\u02bc": "", "\u02b9": "", "ґ": "г",
    # Arabic script: Arabic and Persian keyboards, the shapes of h, the hamza that stands alone.
    "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ہ": "ه", "ە": "ه", "ھ": "ه", "ء": "", "\u0640": "",
}  # fmt: skip
"""What a letter becomes after decomposition, which has already made ё to е, й to и, آ أ إ to ا."""

_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[\u0430-\u045f]")
_LOOKS = dict(zip("aeopcxyikmthb", "аеорсхуікмтнв", strict=True))
_TO_CYRILLIC = str.maketrans(_LOOKS)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _LOOKS.items()})

_ARABIC = re.compile("[\u0620-\u06d5]")
# Persian verbs with their prefix taken off ("می خواهم"), nouns with their plural taken off ("قرص ها").
_PREFIX = re.compile("(?<!\\w)(ن?م[يی]) (?=[\u0620-\u06d5])")
_PLURAL = re.compile("(?<=[\u0620-\u06d5]) (?=ها(?:[يی]|[يی]?م)?(?:و)?(?!\\w))")
_JOINER = "\u200c"

# "To the" is ل after folding, which makes one letter of two.
_CLITICS = {"وال": 3, "فال": 3, "بال": 3, "ال": 3, "ول": 4, "ل": 4, "و": 3, "ف": 3}
"""Each with the fewest letters that must be left of the word."""


def unmixed(word: str) -> str:
    """A word in one script, where letters of another that look the same have slipped into it.

    That happens to people who change keyboards in a sentence. The script that has more of it is tried first.
    """
    latin, cyrillic = len(_LATIN.findall(word)), len(_CYRILLIC.findall(word))
    if not latin or not cyrillic:
        return word
    ways = [(_TO_CYRILLIC, _LATIN), (_TO_LATIN, _CYRILLIC)]
    for letters, strange in ways if cyrillic >= latin else reversed(ways):
        changed = word.translate(letters)
        if not strange.search(changed):
            return changed
    return word


def joined(text: str) -> str:
    """The text with Persian words in one piece; every character stays in its place."""
    if text.isascii() or not _ARABIC.search(text):
        return text
    return _PLURAL.sub(_JOINER, _PREFIX.sub(rf"\1{_JOINER}", text))


def without_clitics(word: str) -> tuple[str, ...]:
    """What a folded Arabic word is with "and", "so", "the", "with the", "to the" taken off its front."""
    if word[:1] not in "افبلو":
        return ()
    return tuple(
        word[len(clitic) :]
        for clitic, left in _CLITICS.items()
        if word.startswith(clitic) and len(word) - len(clitic) >= left
    )
