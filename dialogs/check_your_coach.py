# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How a programme's texts call the coach: one form that is right in every sentence, and on a locked phone.

Texts use it in the nominative and with a verb in the singular, never behind a preposition, and in English
never at the beginning of a sentence. So one form is enough, whatever its gender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.checked_words import health_word_in
from dialogs.findings import Finding
from dialogs.model import Texts

PLACE = "your_coach"
#: So much is left for the rest of a question in one line on a small screen.
LONGEST = 40
#: How it must begin, by language. Texts say Sie in every programme.
_FIRST = {"de": ("Ihr", "Ihre"), "en": ("your",)}
#: Words that make it another case, or more than one person.
_NEVER = {"de": frozenset({"ihrem", "ihren", "ihrer", "ihres", "und"}), "en": frozenset({"and"})}
_LIKE = {"de": "Ihr Coach, Ihre Lotsin oder Ihr Lotse", "en": "your coach"}
_WORDS = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")


def your_coach(texts: Texts) -> Iterator[Finding]:
    """What is wrong with it, language by language."""
    for language, text in texts.items():
        base = language.partition("-")[0]
        if not _is_right(text, base):
            like = f", like: {_LIKE[base]}" if base in _LIKE else ""
            remedy = f"Write letters and hyphens only, at most {LONGEST}, in the nominative singular{like}."
            yield Finding(PLACE, f"'{text[:80]}' does not fit into the texts in '{language}'", remedy)
        elif word := health_word_in(text, language):
            what = f"'{word}' would be seen on a locked phone"
            yield Finding(PLACE, what, "Choose a name that says nothing of health, as 'Ihr Coach' does.")


def _is_right(text: str, base: str) -> bool:
    if len(text) > LONGEST or not _WORDS.fullmatch(text):
        return False
    first, *rest = text.split(" ")
    wanted = _FIRST.get(base)
    if wanted is not None and (first not in wanted or not rest):
        return False
    return _NEVER.get(base, frozenset()).isdisjoint(word.lower() for word in rest)
