# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme check`: could these ladders leave anybody without a human who can be reached?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.commands.refusals import fail
from bot.services.policies import read_policies
from dialogs.problems import DialogError, Problem

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A file of ladders, like programmes/standard.yaml.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def check(file: File, as_json: Json = False) -> None:
    """Say what is wrong with a programme's ladders. Exit code 0: nothing; 1: something; 2: cannot be read."""
    problems: tuple[Problem, ...] = ()
    levels = 0
    try:
        levels = len(read_policies(_text(file), str(file)))
    except DialogError as error:
        problems = error.problems
    if as_json:
        rows = [msgspec.structs.asdict(problem) for problem in problems]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        if not problems:
            sys.stdout.write(f"{levels} ladders checked, nothing found\n")
    if problems:
        raise typer.Exit(1)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        fail(f"{file}: is not written in UTF-8")
