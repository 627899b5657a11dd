# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse programme plans`: when Lotse writes by itself. Check, compare, publish and roll back."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer

from bot.commands import check_policies, ladders, programmes
from bot.commands.programme_files import read_text
from bot.commands.refusals import AgencyOption, errors, fail
from bot.domain.plans import PlanEdition
from bot.ports import UnitOfWork
from bot.services.read_plans import Reading, read_plans
from dialogs.problems import DialogError, Problem
from dialogs.shipped import shipped_files

app = typer.Typer(no_args_is_help=True, help="Programmes: phases, limits, and the plans in them.")
plans = typer.Typer(no_args_is_help=True, help="Check, compare and publish plans.")
app.add_typer(plans, name="plans")
app.add_typer(ladders.app, name="policies")
app.command()(check_policies.check)
for _command in (programmes.install, programmes.diff, programmes.upgrade, programmes.schema):
    app.command()(_command)
app.command(name="list")(programmes.list_all)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file of plans.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Days = Annotated[int, typer.Option(min=1, max=366, help="How many days ahead are compared.")]
Version = Annotated[int, typer.Argument(min=1, help="The version to go back to.")]

Publish = Callable[[UnitOfWork, int], tuple[PlanEdition, bool]]


@app.callback()
def programme() -> None:
    """Programmes: phases, limits, and the plans in them."""


@plans.callback()
def about_plans() -> None:
    """Check, compare and publish plans."""


@plans.command()
def check(file: File, as_json: Json = False) -> None:
    """Say what is wrong with a file of plans. Exit code 0: nothing; 1: something; 2: it cannot be read."""
    reading = read_plans(read_text(file), str(file), {path.stem for path in shipped_files()})
    found = [(problem, "problem") for problem in reading.problems]
    found += [(problem, "warning") for problem in reading.warnings]
    if as_json:
        rows = [{**msgspec.structs.asdict(problem), "state": state} for problem, state in found]
        _print_json(rows)
    else:
        sys.stdout.writelines(f"{problem}\n" for problem, _ in found)
        if not found:
            sys.stdout.write(f"{len(reading.plans.check_ins)} plans checked, nothing found\n")
    if reading.problems:
        raise typer.Exit(1)


@plans.command()
def show(
    as_json: Json = False,
    version: Annotated[int, typer.Option(min=0, help="A version; 0: the one in force.")] = 0,
    agency: AgencyOption = "",
) -> None:
    """Print the versions, and the plans of the one in force as they were published.

    In a new database none are: then those are shown that come with Lotse.
    """
    from bot.commands.programme_storage import editions_of, in_house

    editions = in_house(editions_of, agency)
    if not editions and version <= 1:
        _show_shipped(as_json=as_json)
        return
    wanted = [one for one in editions if one.version == (version or editions[-1].version)]
    if not wanted:
        there = f"There are 1 to {editions[-1].version}." if editions else "None are published yet."
        fail(f"the plans have no version {version}. {there}")
    if as_json:
        _print_json({"versions": [_row(one) for one in editions], "source": wanted[0].source})
        return
    sys.stdout.write(wanted[0].source)
    for one in editions:
        errors.print(f"version {one.version}, {one.origin.value}, {one.published_at:%Y-%m-%d %H:%M} UTC")


@plans.command()
def diff(
    file: File,
    as_json: Json = False,
    people: Annotated[bool, typer.Option("--people", help="Tell it for each person, by case code.")] = False,
    days: Days = 60,
    agency: AgencyOption = "",
) -> None:
    """Say what would become of everybody's coming days if these plans were in force. Changes nothing."""
    _tell_changes(_explained(file, days, agency, as_json=as_json), people=people, as_json=as_json)


@plans.command()
def publish(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
    days: Days = 60,
    agency: AgencyOption = "",
) -> None:
    """Explain what changes for whom, then put the plans in force and apply them to everybody in them."""
    from bot.commands.programme_storage import publish_source

    source = read_text(file)
    explained = _explained(file, days, agency, as_json=as_json)
    if not as_json:
        _tell_changes(explained, people=False, as_json=False)
    if not yes:
        typer.confirm("Put these plans in force?", abort=True, err=True)
    _put_in_force(partial(publish_source, source), agency, as_json=as_json)


@plans.command()
def rollback(version: Version, agency: AgencyOption = "", as_json: Json = False) -> None:
    """Put an old version in force once more, as the newest, and apply it."""
    from bot.commands.programme_storage import roll_back_to

    _put_in_force(partial(roll_back_to, version), agency, as_json=as_json)


def _show_shipped(*, as_json: bool) -> None:
    from bot import house

    source = house.plans_source()
    if as_json:
        _print_json({"versions": [], "source": source})
        return
    sys.stdout.write(source)
    errors.print("not yet published: these come with Lotse and are version 1 from its first start")


def _explained(file: Path, days: int, agency: str, *, as_json: bool) -> dict[str, Any]:
    from bot.commands.programme_storage import dialogs_and_plans, explain_to_all, in_house

    source = read_text(file)
    known = in_house(dialogs_and_plans, agency)
    reading = read_plans(source, str(file), known or {path.stem for path in shipped_files()})
    _refuse_faults(reading, as_json=as_json)
    changes = in_house(partial(explain_to_all, new=reading.plans, ahead=timedelta(days=days)), agency)
    total: Counter[str] = Counter({"goes": 0, "stays": 0, "moves": 0, "comes": 0})
    by_plan: dict[str, Counter[str]] = {}
    for change in changes:
        counted = Counter(line.kind.value for line in change.lines)
        total += counted
        by_plan.setdefault(change.plan, Counter()).update(counted)
    return {
        "days": days,
        "people": len({change.case_code for change in changes}),
        "occurrences": {kind: total[kind] for kind in ("goes", "stays", "moves", "comes")},
        "plans": {name: dict(counted) for name, counted in by_plan.items()},
        "by_person": [msgspec.to_builtins(change) for change in changes],
    }


def _tell_changes(explained: dict[str, Any], *, people: bool, as_json: bool) -> None:
    by_person = explained.pop("by_person")
    if as_json:
        _print_json(explained | ({"by_person": by_person} if people else {}))
        return
    counted = ", ".join(f"{number} {kind}" for kind, number in explained["occurrences"].items())
    sys.stdout.write(f"Within {explained['days']} days, for {explained['people']} people: {counted}\n")
    for name, kinds in explained["plans"].items():
        words = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        sys.stdout.write(f"  {name}: {words}\n")
    for change in by_person if people else ():
        for line in change["lines"]:
            moments = f"{line['before'] or '-'} -> {line['after'] or '-'}"
            sys.stdout.write(
                f"  {change['case_code']} {change['plan']} {line['day']} {line['kind']} {moments}\n"
            )


def _put_in_force(change: Publish, agency: str, *, as_json: bool) -> None:
    from bot.commands.programme_storage import apply_to_all

    try:
        edition, is_new, people = apply_to_all(change, agency)
    except DialogError as error:
        _refuse(error.problems, as_json=as_json)
    state = "published" if is_new else "in force already"
    if as_json:
        _print_json({**_row(edition), "state": state, "people": people})
        return
    sys.stdout.write(f"version {edition.version}: {state}, applied to {people} people\n")


def _row(edition: PlanEdition) -> dict[str, object]:
    return {
        "version": edition.version,
        "origin": edition.origin.value,
        "published_at": edition.published_at.isoformat(timespec="seconds"),
    }


def _refuse_faults(reading: Reading, *, as_json: bool) -> None:
    if reading.problems:
        _refuse(reading.problems, as_json=as_json)
    for warning in reading.warnings:
        errors.print(f"{warning}", markup=False)


def _refuse(problems: tuple[Problem, ...], *, as_json: bool) -> NoReturn:
    if as_json:
        _print_json([msgspec.structs.asdict(problem) for problem in problems])
    for problem in () if as_json else problems:
        errors.print(f"{problem}", markup=False)
    raise typer.Exit(2)


def _print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
