# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme check`: does a programme fit together, could ladders leave anybody without a human?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.commands.programme_files import known_shipped, read_source
from bot.services.policies import read_policies
from dialogs.check_programme import check_programme
from dialogs.parse_programme import parse_programme
from dialogs.problems import DialogError, Problem

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="A file of a programme or of ladders, or the name of a programme that ships."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def check(file: File, as_json: Json = False) -> None:
    """Say what is wrong with a programme or ladders. Exit code 0: nothing; 1: something; 2: not readable."""
    source = read_source(str(file))
    found = "nothing"
    problems: tuple[Problem, ...] = ()
    try:
        if source.is_programme:
            programme = parse_programme(source.text, source.name)
            problems = tuple(check_programme(programme, known_shipped()))
            found = f"programme {programme.id} with {len(programme.phases)} phases"
        else:
            found = f"{len(read_policies(source.text, source.name))} ladders"
    except DialogError as error:
        problems = error.problems
    if as_json:
        rows = [msgspec.structs.asdict(problem) for problem in problems]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        if not problems:
            sys.stdout.write(f"{found} checked, nothing found\n")
    if problems:
        raise typer.Exit(1)
