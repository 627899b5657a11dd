# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse dialogs`: check dialog files, play them, and the schema of their format for editors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer

from bot.commands.play_dialog import play_in_terminal, read_facts, read_moment
from bot.commands.refusals import fail
from dialogs.book import DialogBook
from dialogs.check import check as check_dialog
from dialogs.model import Dialog
from dialogs.parse import parse_file
from dialogs.problems import UNREADABLE, DialogError, Problem, did_you_mean
from dialogs.schema import schema as schema_of_files
from dialogs.shipped import shipped_files

app = typer.Typer(no_args_is_help=True, help="Check and play dialogs.")

_SUFFIXES = (".yaml", ".yml")


@app.callback()
def dialogs() -> None:
    """Check and play dialogs."""


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; without any, the dialogs that ship.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what is wrong with dialogs, each fault with its place and a remedy.

    Exit code 0: nothing; 1: something; 2: a file cannot be read.
    """
    found = _examine(_expand(files)) if files else _examine(shipped_files(), by_name=True)
    problems = found.problems
    if as_json:
        sys.stdout.write(json.dumps([msgspec.structs.asdict(p) for p in problems], ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line(problem)}\n" for problem in problems)
        if not problems:
            sys.stdout.write(f"{len(found.dialogs)} checked, nothing found\n")
    if problems:
        raise typer.Exit(2 if any(problem.rule == UNREADABLE for problem in problems) else 1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of dialog files, for editors."""
    sys.stdout.write(json.dumps(schema_of_files(), indent=2, ensure_ascii=False) + "\n")


@app.command()
def play(
    dialog: Annotated[
        str, typer.Argument(metavar="FILE|ID", help="A dialog file, or the name of one that ships.")
    ],
    language: Annotated[str, typer.Option(help="The person's language.")] = "de",
    fact: Annotated[
        list[str] | None, typer.Option(help="What is known, as name=value; may be repeated.")
    ] = None,
    at: Annotated[str, typer.Option(help="When it begins, as 2026-11-23T09:00; without it, now.")] = "",
    save: Annotated[Path | None, typer.Option(help="Keep the conversation in this new file.")] = None,
) -> None:
    """Play a dialog: type answers; #2 presses the second button, :1d lets a day go by, :q ends."""
    facts = read_facts(language, fact or [])
    begin: datetime = read_moment(at, facts)
    if save is not None and (save.exists() or not save.absolute().parent.is_dir()):
        fail(f"{save}: " + ("exists already" if save.exists() else "there is no such folder"))
    wanted, book = _wanted(dialog)
    play_in_terminal(book, wanted.id, facts, begin, save)


def line(problem: Problem) -> str:
    """`file:line:column: what. remedy`, which editors and terminals make a link of."""
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.what}. {problem.remedy}"


def _expand(files: Iterable[Path]) -> list[Path]:
    """Folders become their dialog files."""
    found: list[Path] = []
    for path in files:
        inside = (
            sorted(each for each in path.iterdir() if each.suffix in _SUFFIXES) if path.is_dir() else [path]
        )
        if not inside:
            fail(f"{path}: there is no dialog file in this folder")
        found += inside
    return found


class _Examined(NamedTuple):
    problems: list[Problem]
    dialogs: list[Dialog]
    others: list[Dialog]


def _examine(paths: list[Path], *, by_name: bool = False) -> _Examined:
    """Faults of these files, checked among the dialogs that ship; `by_name` leaves the folders out."""
    asked = {path.resolve() for path in paths}
    found = _Examined([], [], [])
    for path in [*paths, *(each for each in shipped_files() if each.resolve() not in asked)]:
        try:
            dialog = parse_file(path, "" if by_name else str(path))
        except DialogError as error:
            found.problems.extend(error.problems)
        except OSError as error:
            fail(f"{path}: cannot be read ({error.strerror})")
        else:
            (found.dialogs if path in paths else found.others).append(dialog)
    book = DialogBook([*found.others, *found.dialogs])
    problems = [*found.problems, *(each for dialog in found.dialogs for each in check_dialog(dialog, book))]
    return found._replace(problems=sorted(set(problems)))


def _wanted(name: str) -> tuple[Dialog, DialogBook]:
    """The dialog of a file or a name, among those that ship; its faults are told, but it may be played."""
    path = Path(name)
    if path.suffix not in _SUFFIXES:
        shipped = {each.stem: each for each in shipped_files()}
        if name not in shipped:
            fail(f"there is no dialog '{name}'. {did_you_mean(name, shipped)}")
        path = shipped[name]
    found = _examine([path])
    sys.stderr.writelines(f"{line(problem)}\n" for problem in found.problems)
    if not found.dialogs:
        raise typer.Exit(2)
    dialog = found.dialogs[0]
    # Of two files with the same dialog, the one that was asked for is played, whatever their versions.
    return dialog, DialogBook([*(other for other in found.others if other.id != dialog.id), dialog])
