# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""In which languages the texts of dialogs are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from dialogs.model import Dialog
from dialogs.own_words import FALLBACK


def coverage(dialogs: Iterable[Dialog]) -> tuple[int, Counter[str]]:
    """How many texts there are, and how many of them are written in each language.

    The questions of questionnaires are not counted: their words are the questionnaire's, and a published one
    has them in the languages in which it was published, and in no others.
    """
    found: Counter[str] = Counter()
    whole = 0
    for dialog in dialogs:
        own = {name: step for name, step in dialog.steps.items() if "." not in name}
        for languages in _texts(msgspec.to_builtins(msgspec.structs.replace(dialog, steps=own))):
            whole += 1
            found.update(languages)
    return whole, found


def _texts(tree: object) -> Iterator[list[str]]:
    """The languages of each text; a text is whatever is written in German and else only in languages."""
    if isinstance(tree, dict):
        if FALLBACK in tree and all(isinstance(text, str) for text in tree.values()):
            yield [name for name, text in tree.items() if text]
            return
        for inner in tree.values():
            yield from _texts(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _texts(inner)
