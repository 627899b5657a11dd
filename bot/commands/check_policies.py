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

from bot.commands.programme_files import known_here, read_source
from bot.services.policies import read_policies
from dialogs.check_programme import check_programme, not_asked
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
    """Say what is wrong with a programme or ladders. Exit code 0: nothing; 1: something; 2: not readable.

    What works but may be a slip is said too, and is no fault.
    """
    source = read_source(str(file))
    found = "nothing"
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    try:
        if source.is_programme:
            programme = parse_programme(source.text, source.name)
            known = known_here(programme)
            problems, warnings = tuple(check_programme(programme, known)), tuple(not_asked(programme, known))
            found = f"programme {programme.id} with {len(programme.phases)} phases"
        else:
            found = f"{len(read_policies(source.text, source.name))} ladders"
    except DialogError as error:
        problems = error.problems
    if as_json:
        said = [(one, "problem") for one in problems] + [(one, "warning") for one in warnings]
        rows = [{**msgspec.structs.asdict(one), "state": state} for one, state in said]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{problem}\n" for problem in (*problems, *warnings))
        if not (problems or warnings):
            sys.stdout.write(f"{found} checked, nothing found\n")
    if problems:
        raise typer.Exit(1)
