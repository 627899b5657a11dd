# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The dialogs that come with Lotse, from `flows/`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from dialogs.book import DialogBook
from dialogs.check import check
from dialogs.parse import parse
from dialogs.problems import DialogError


@cache
def shipped_dialogs() -> DialogBook:
    """All of them, read and checked once. Raises `DialogError` if one was broken."""
    folder = files("dialogs").joinpath("flows")
    entries = sorted((e for e in folder.iterdir() if e.name.endswith(".yaml")), key=lambda e: e.name)
    book = DialogBook([parse(entry.read_text(encoding="utf-8"), entry.name) for entry in entries])
    problems = [problem for dialog in book for problem in check(dialog, book)]
    if problems:
        raise DialogError(problems)
    return book
