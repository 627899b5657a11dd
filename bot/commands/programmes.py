# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme install`, `list`, `diff` and `upgrade`: the programmes of an agency."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, NoReturn

import msgspec
import typer

from bot.commands.programme_files import Source, read_source
from bot.commands.refusals import AgencyOption, errors, fail
from bot.domain.enrolments import ProgrammeEdition
from dialogs.problems import DialogError, Problem
from dialogs.schema import programme_schema
from dialogs.shipped import shipped_programmes

File = Annotated[
    str, typer.Argument(metavar="FILE|NAME", help="A programme's file, or the name of one that ships.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def install(file: File, agency: AgencyOption = "", as_json: Json = False) -> None:
    """Put a programme in force here. One that is installed already stays as it is; see upgrade."""
    from bot.commands import programme_storage as storage

    source = _programme(file)
    try:
        edition, is_new, lines = storage.install_programme(source.text, source.name, agency)
    except DialogError as error:
        _refuse(error.problems, as_json=as_json)
    if not is_new and edition.source != source.text:
        other = (
            f"version {edition.version} of '{edition.name}' is installed, and the file says something else"
        )
        fail(f"{other}; nothing was changed. See: lotse programme diff {file}")
    for line in lines:
        errors.print(f"lotse: {line}", markup=False)
    _tell(edition, "installed" if is_new else "installed already", as_json=as_json)


def list_all(agency: AgencyOption = "", as_json: Json = False) -> None:
    """Show which programmes ship, which are installed in which version, and how many people are in each."""
    from bot.commands import programme_storage as storage

    editions, people = storage.in_house(storage.programmes_here, agency)
    shipped = shipped_programmes()
    newest = {one.name: one for one in editions}
    rows = []
    for name in sorted(shipped.keys() | newest.keys()):
        one = newest.get(name)
        is_newer = one is not None and name in shipped and shipped[name] != one.source
        rows.append(
            {
                "programme": name,
                "version": one.version if one else None,
                "origin": one.origin.value if one else None,
                "people": people.get(name, 0),
                "ships": name in shipped,
                "differs_from_shipped": is_newer,
            }
        )
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        state = f"version {row['version']}, {row['people']} people" if row["version"] else "not installed"
        other = ", another text ships" if row["differs_from_shipped"] else ""
        sys.stdout.write(f"{row['programme']}: {state}{other}\n")


def diff(file: File, agency: AgencyOption = "", as_json: Json = False) -> None:
    """Say what would change for whom if this version were in force. Changes nothing."""
    found, _ = _explained(_programme(file), agency, as_json=as_json)
    _tell_changes(found, as_json=as_json)


def upgrade(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    agency: AgencyOption = "",
    as_json: Json = False,
) -> None:
    """Explain what changes for whom, then put this version in force for everybody in the programme."""
    from bot.commands import programme_storage as storage

    source = _programme(file)
    found, stuck = _explained(source, agency, as_json=as_json)
    if stuck:
        _refuse(stuck, as_json=as_json)
    if not as_json:
        _tell_changes(found, as_json=False)
    if not yes:
        typer.confirm("Put this version in force?", abort=True, err=True)
    try:
        edition, is_new = storage.upgrade_programme(source.text, source.name, agency)
    except DialogError as error:
        _refuse(error.problems, as_json=as_json)
    _tell(edition, "in force" if is_new else "in force already", as_json=as_json)


def schema() -> None:
    """Print the JSON Schema of programme files, for editors."""
    sys.stdout.write(json.dumps(programme_schema(), indent=2, ensure_ascii=False) + "\n")


def _programme(file: str) -> Source:
    source = read_source(file)
    if not source.is_programme:
        fail(f"{file}: is no programme; its first lines are 'format: 1' and 'programme: NAME'")
    return source


def _explained(source: Source, agency: str, *, as_json: bool) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    from bot.commands import programme_storage as storage

    try:
        found = storage.explain_programme(source.text, source.name, agency)
    except DialogError as error:
        _refuse(error.problems, as_json=as_json)
    return {
        "programme": found.programme.id,
        "people": found.people,
        "changes": [
            msgspec.structs.asdict(one.change) | {"people": list(one.people)} for one in found.changes
        ],
        "plans": [
            {"case": one.case_code, "comes": list(one.comes), "goes": list(one.goes)} for one in found.plans
        ],
        "stuck": [msgspec.structs.asdict(problem) for problem in found.stuck],
    }, found.stuck


def _tell_changes(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        _print_json(found)
        return
    sys.stdout.write(
        f"{found['programme']}: {len(found['changes'])} changes, {found['people']} people in it\n"
    )
    for one in found["changes"]:
        whom = f" ({len(one['people'])} people)" if one["people"] else " (nobody yet)"
        sys.stdout.write(f"  {one['what']}: {one['before']} -> {one['after']}{whom}\n")
    for one in found["plans"]:
        news = [f"+{name}" for name in one["comes"]] + [f"-{name}" for name in one["goes"]]
        sys.stdout.write(f"  {one['case']}: plans {' '.join(news)}\n")
    for one in found["stuck"]:
        sys.stdout.write(f"{one['file']}:{one['line']}: {one['what']}. {one['remedy']}\n")


def _tell(edition: ProgrammeEdition, state: str, *, as_json: bool) -> None:
    if as_json:
        row = {"programme": edition.name, "version": edition.version, "state": state}
        _print_json(row | {"origin": edition.origin.value})
        return
    sys.stdout.write(f"{edition.name} version {edition.version}: {state}\n")


def _refuse(problems: tuple[Problem, ...], *, as_json: bool) -> NoReturn:
    if as_json:
        _print_json([msgspec.structs.asdict(problem) for problem in problems])
    for problem in () if as_json else problems:
        errors.print(f"{problem}", markup=False)
    raise typer.Exit(2)


def _print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
