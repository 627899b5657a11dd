# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme policies`: the ladders of an agency. List, show, publish and roll back."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from bot.commands.programme_files import read_text
from bot.commands.refusals import AgencyOption, errors
from bot.ports import UnitOfWork
from bot.services import change_ladders
from bot.services.change_ladders import Ladders
from bot.services.policies import STANDARD
from bot.services.rulebook import Rulebook
from dialogs.problems import DialogError
from scheduler.clock import SystemClock

app = typer.Typer(no_args_is_help=True, help="Ladders: list, show, publish and roll back.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file of ladders.")]
Name = Annotated[str, typer.Option("--name", help="For which programme.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Version = Annotated[
    int, typer.Argument(min=0, help="The version to go back to; 0: what comes with the installation.")
]


@app.callback()
def about_policies() -> None:
    """Ladders: list, show, publish and roll back."""


@app.command(name="list")
def list_all(agency: AgencyOption = "", as_json: Json = False) -> None:
    """Show which sets of ladders there are, in which version, and which programmes climb them."""
    from bot.commands import programme_storage as storage

    def use_case(uow: UnitOfWork, rules: Rulebook) -> list[tuple[Ladders, list[str]]]:
        used = change_ladders.used_by(uow, rules, rules.home)
        names = change_ladders.names(uow, rules, rules.home)
        return [(change_ladders.in_force(uow, rules, rules.home, one), used.get(one, [])) for one in names]

    rows = [
        {
            "policies": one.name,
            "version": one.version,
            "like": one.like if one.borrows else None,
            "origin": "shipped" if one.is_shipped else "admin",
            "programmes": programmes,
        }
        for one, programmes in storage.in_house(use_case, agency)
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return
    for row in rows:
        state = f"as {row['like']}" if row["like"] else f"version {row['version']}, {row['origin']}"
        sys.stdout.write(f"{row['policies']}: {state}\n")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="For which programme.")] = STANDARD, agency: AgencyOption = ""
) -> None:
    """Print the ladders that count now."""
    from bot.commands import programme_storage as storage

    found = storage.in_house(lambda uow, rules: change_ladders.in_force(uow, rules, rules.home, name), agency)
    sys.stdout.write(found.source)


@app.command()
def publish(file: File, name: Name = STANDARD, agency: AgencyOption = "", as_json: Json = False) -> None:
    """Put a file of ladders in force for new concerns; running ones keep theirs."""
    source = read_text(file)
    _put_in_force(lambda uow, rules: source, name, agency, as_json=as_json)


@app.command()
def rollback(
    version: Version, name: Name = STANDARD, agency: AgencyOption = "", as_json: Json = False
) -> None:
    """Put an old version in force once more, as the newest."""

    def old(uow: UnitOfWork, rules: Rulebook) -> str:
        if version == 0:
            return rules.ladder_texts.get(name, "")
        return change_ladders.source_of(uow, rules.home, name, version)

    _put_in_force(old, name, agency, as_json=as_json)


def _put_in_force(
    source: Callable[[UnitOfWork, Rulebook], str], name: str, agency: str, *, as_json: bool
) -> None:
    from bot.commands import programme_storage as storage

    def use_case(uow: UnitOfWork, rules: Rulebook) -> tuple[int, bool]:
        text = source(uow, rules)
        return change_ladders.publish(uow, rules, (rules.home, name), text, SystemClock().now())

    try:
        version, is_new = storage.in_house(use_case, agency)
    except DialogError as error:
        if as_json:
            rows = [msgspec.structs.asdict(problem) for problem in error.problems]
            sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        for problem in () if as_json else error.problems:
            errors.print(f"{problem}", markup=False)
        raise typer.Exit(2) from None
    state = "published" if is_new else "in force already"
    if as_json:
        row = {"policies": name, "version": version, "state": state}
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    sys.stdout.write(f"{name}: version {version}, {state}\n")
