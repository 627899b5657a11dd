# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whether a message is in a language for which there are no rules, so that only a human can read it.

Which language it is matters to nobody here: a script that no rule is written in, letters that the languages
with rules do not have, or more small words of another language than of these. When in doubt it can be read.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

import msgspec
import yaml

from dialogs.concerns.detect import Detection, Hit, detect
from dialogs.concerns.rulebook import Rulebook
from dialogs.scales import Level

UNREAD = "language.unread"
"""The reason of a concern: nobody but a human can tell what this message says."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: All but Latin, Cyrillic and Arabic, with their supplements.
_OTHER_SCRIPT = re.compile(
    "[^\\W\\d_\u0000-\u024f\u1e00-\u1eff\u0400-\u052f\u0600-\u06ff\u0750-\u077f\ufb50-\ufeff]"
)
#: Pashto, Urdu, Kurdish; Serbian, Macedonian, Belarusian, languages of Central Asia.
_OTHER_LETTERS = re.compile("[ټډړږښڼېۍځڅګٹڈڑںےڕڵۆێڭۇۈђјљњћџѓќѕўәқңғүұһө]")
_FEW = 3
_SHORTEST = 2
_MOST_WORDS = 60


class _SmallWords(msgspec.Struct, frozen=True):
    """For each small word, the languages that have it: those with rules, and others."""

    read: dict[str, tuple[str, ...]]
    unread: dict[str, tuple[str, ...]]
    languages: frozenset[str]


def recognise(text: str, language: str, book: Rulebook) -> Detection:
    """What in this message a human should see soon; R1 as well for what no rule can read."""
    found = detect(text, language, book)
    if found.level is Level.R0 and is_unread(text, language):
        return Detection(Level.R1, (Hit(UNREAD, (0, len(text)), Level.R1, Level.R1),))
    return found


def is_unread(text: str, language: str = "de") -> bool:
    """Whether no rule can tell what this says. `language` is the person's own, a tag such as "ro" or "en-GB".

    A single word in a script of the rules can be read, and so can a text in which their small words prevail.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    if len(_OTHER_SCRIPT.findall(folded)) >= _SHORTEST:
        return True
    words = _WORD.findall(folded)[:_MOST_WORDS]
    if len(words) < _SHORTEST:
        return False
    if _OTHER_LETTERS.search(folded):
        return True
    small = _small_words()
    ours, theirs = _most(words, small.read), _most(words, small.unread)
    if len(words) >= _FEW and not ours and language.partition("-")[0].casefold() not in small.languages:
        return True
    return theirs > ours and (theirs >= _SHORTEST or len(words) <= _FEW)


def _most(words: list[str], known: dict[str, tuple[str, ...]]) -> int:
    """How many of the words the language has that has most of them."""
    counts: dict[str, int] = {}
    for word in words:
        for language in known.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    return max(counts.values(), default=0)


@cache
def _small_words() -> _SmallWords:
    source = resources.files(__package__).joinpath("function_words.yaml").read_text(encoding="utf-8")
    raw: dict[str, dict[str, str]] = yaml.safe_load(source)
    read, unread = _by_word(raw["read"]), _by_word(raw["unread"])
    return _SmallWords(read, unread, frozenset(raw["read"]))


def _by_word(section: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, words in section.items():
        for word in set(words.casefold().split()):
            found[word] = (*found.get(word, ()), str(language))
    return found
