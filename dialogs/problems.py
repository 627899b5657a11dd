# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A fault in a dialog file, told to the person who edits it: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import msgspec

UNREADABLE = "unreadable"
"""The rule's id of a problem that keeps a file from being read at all."""


class Problem(msgspec.Struct, frozen=True, order=True):
    """Prints as `file:line: what. remedy`. Line and column count from 1.

    `rule` is the id of the checker's rule that found it; "format" if the reader did, and "unreadable" if the
    reader could not go on.
    """

    file: str
    line: int
    column: int
    what: str
    remedy: str
    rule: str = "format"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}"


class DialogError(ValueError):
    """A dialog file that cannot be used, with everything that is wrong with it, in the file's order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy that names the nearest known word, else all of them, else `otherwise`."""
    names = sorted(known)
    near = get_close_matches(word[:80], names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{near[0]}'?"
    if otherwise:
        return otherwise
    return f"Possible here: {', '.join(names[:40])}."
