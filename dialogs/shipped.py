# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What comes with Lotse: the dialogs in `flows/`, the programmes and plans in `programmes/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dialogs.book import DialogBook
from dialogs.check import check
from dialogs.parse import parse_file
from dialogs.problems import DialogError


def shipped_files() -> list[Path]:
    """Their files, by name."""
    return sorted((Path(__file__).parent / "flows").glob("*.yaml"))


@cache
def shipped_programmes() -> dict[str, str]:
    """The files of the programmes, by the programme's name."""
    paths = sorted((Path(__file__).parent / "programmes").glob("*/programme.yaml"))
    return {path.parent.name: path.read_text(encoding="utf-8") for path in paths}


@cache
def shipped_plans() -> str:
    """The file of plans that every agency begins with."""
    return (Path(__file__).parent / "programmes" / "standard_plans.yaml").read_text(encoding="utf-8")


@cache
def shipped_dialogs() -> DialogBook:
    """All of them, read and checked once. Raises `DialogError` if one was broken."""
    book = DialogBook([parse_file(path) for path in shipped_files()])
    problems = [problem for dialog in book for problem in check(dialog, book)]
    if problems:
        raise DialogError(problems)
    return book
