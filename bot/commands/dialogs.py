# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse dialogs`: check, play and publish dialog files, and the schema of their format for editors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer

from bot.commands.play_dialog import (
    play_in_terminal,
    read_facts,
    read_language,
    read_moment,
    read_packs,
    read_scores,
)
from bot.commands.refusals import fail
from dialogs.book import DialogBook
from dialogs.check import check as check_dialog
from dialogs.model import Dialog
from dialogs.parse import parse_file
from dialogs.problems import UNREADABLE, DialogError, Problem, did_you_mean
from dialogs.schema import schema as schema_of_files
from dialogs.shipped import shipped_files
from dialogs.transcripts import Transcript

app = typer.Typer(no_args_is_help=True, help="Check, play and publish dialogs.")

_SUFFIXES = (".yaml", ".yml")


@app.callback()
def dialogs() -> None:
    """Check, play and publish dialogs."""


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
def play(  # noqa: PLR0913, PLR0917  (one option each, as a terminal has them)
    dialog: Annotated[
        str, typer.Argument(metavar="FILE|ID", help="A dialog file, or the name of one that ships.")
    ],
    language: Annotated[str, typer.Option(help="The person's language.")] = "de",
    fact: Annotated[
        list[str] | None, typer.Option(help="What is known, as name=value; may be repeated.")
    ] = None,
    at: Annotated[str, typer.Option(help="When it begins, as 2026-11-23T09:00; without it, now.")] = "",
    score: Annotated[
        list[str] | None, typer.Option(help="Scores of earlier times, as own_items.mood=5,6,4.")
    ] = None,
    on: Annotated[list[str] | None, typer.Option(help="A questionnaire that is switched on.")] = None,
    duty: Annotated[bool, typer.Option("--duty", help="Somebody is there on workdays from 8 to 16.")] = False,
    save: Annotated[Path | None, typer.Option(help="Keep the conversation in this new file.")] = None,
) -> None:
    """Play a dialog: type answers; #2 presses the second button, :1d lets a day go by, :q ends."""
    language = read_language(language)
    facts = read_facts(fact or [])
    begin: datetime = read_moment(at, facts)
    if save is not None and (save.exists() or not save.absolute().parent.is_dir()):
        fail(f"{save}: " + ("exists already" if save.exists() else "there is no such folder"))
    wanted, book = _wanted(dialog)
    known = (read_scores(score or [], book.packs), read_packs(on or [], book.packs), duty)
    play_in_terminal(book, Transcript(wanted.id, language, begin, facts, [], *known), save)


@app.command()
def publish(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE|ID...", help="Files, folders, or names of dialogs that ship."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check dialogs and put them in force; what runs already stays on its version.

    Exit code 2, and nothing is published, if anything is wrong with one of them.
    """
    # Only these three commands load the database's libraries.
    from bot.commands.dialog_versions import publish_sources, refuse

    try:
        sources = {str(path): _text(path) for path in _expand(map(_path, files))}
    except DialogError as error:
        refuse(error.problems, as_json=as_json)
    publish_sources(sources, as_json=as_json)


@app.command()
def versions(
    dialog: Annotated[str, typer.Argument(help="One dialog; without it, all.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the published versions of dialogs, and which of them is in force."""
    from bot.commands.dialog_versions import show_versions

    show_versions(dialog, as_json=as_json)


@app.command()
def rollback(
    dialog: Annotated[str, typer.Argument(help="The dialog's name.")],
    version: Annotated[int, typer.Argument(help="The version to go back to.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Publish an old version of a dialog once more, as the newest."""
    from bot.commands.dialog_versions import roll_back_to

    roll_back_to(dialog, version, as_json=as_json)


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


def _path(name: str) -> Path:
    """A file or folder as it was typed, or the file of a dialog that ships."""
    shipped = {each.stem: each for each in shipped_files()}
    return shipped[name] if name in shipped and not Path(name).exists() else Path(name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        parse_file(path, str(path))  # says where
        raise
    except OSError as error:
        fail(f"{path}: cannot be read ({error.strerror})")


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
