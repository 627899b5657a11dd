# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What `lotse dialogs publish`, `versions` and `rollback` do in the database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

import msgspec
import typer

from bot import house
from bot.commands.console_io import errors, fail, in_storage, kind_failures, put, read_settings
from bot.domain.editions import Edition
from bot.errors import ConfigurationError
from bot.ports import UnitOfWork
from bot.services.on_call import without_any_deputy
from bot.services.publish import Published, publish, publish_shipped, roll_back
from bot.services.rulebook import Rulebook
from dialogs.instruments import Pack
from dialogs.problems import DialogError, Problem, did_you_mean
from scheduler.clock import SystemClock

Publish = Callable[[UnitOfWork, Mapping[str, Pack]], list[Published]]


def publish_sources(sources: Mapping[str, str], *, as_json: bool) -> None:
    """Check these sources (by file name), then publish those that are not in force already."""
    now, shipped = SystemClock().now(), frozenset(house.dialog_sources().values())
    done = _change(
        lambda uow, packs: publish(uow, sources, now, packs, shipped), "publish_dialog", as_json=as_json
    )
    _tell(done, as_json=as_json)


def roll_back_to(dialog: str, version: int, *, as_json: bool) -> None:
    """Publish an old version once more, as the newest."""
    now, shipped = SystemClock().now(), frozenset(house.dialog_sources().values())

    def publish_again(uow: UnitOfWork, packs: Mapping[str, Pack]) -> list[Published]:
        return [roll_back(uow, (dialog, version), now, packs, shipped)]

    _tell(_change(publish_again, "roll_back_dialog", as_json=as_json), as_json=as_json)


def show_versions(dialog: str, *, as_json: bool) -> None:
    """Print the versions of one dialog, or of all."""
    editions = in_storage(read_settings(), lambda uow, rules: uow.ledger.published())
    names = {edition.dialog for edition in editions}
    if dialog and dialog not in names:
        fail(f"there is no dialog '{dialog}'. {did_you_mean(dialog, names, 'Nothing is published yet.')}")
    newest = {edition.dialog: edition.version for edition in editions}
    rows = [_row(edition, newest) for edition in editions if dialog in ("", edition.dialog)]
    if not rows and not as_json:
        fail("nothing is published yet: it is at the first start, or with: lotse dialogs publish FILE")
    put(rows, as_json=as_json, title="Versions")


def refuse(problems: tuple[Problem, ...], *, as_json: bool) -> NoReturn:
    """Say what an editor has to mend, one line each or as JSON, and end with exit code 2."""
    if as_json:
        found = [msgspec.structs.asdict(problem) for problem in problems]
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    for problem in () if as_json else problems:
        where = f"{problem.file}:{problem.line}:{problem.column}"
        errors.print(f"{where}: {problem.what}. {problem.remedy}", markup=False)
    raise typer.Exit(2)


def _row(edition: Edition, newest: Mapping[str, int]) -> dict[str, object]:
    return {
        "dialog": edition.dialog,
        "version": edition.version,
        "in_force": newest[edition.dialog] == edition.version,
        "origin": edition.origin.value,
        "published_at": edition.published_at.isoformat(timespec="seconds"),
    }


def _change(change: Publish, action: str, *, as_json: bool) -> list[Published]:
    settings = read_settings()
    with kind_failures():
        packs = house.load_instruments(settings)

    def use_case(uow: UnitOfWork, rules: Rulebook) -> list[Published]:
        on = [packs[name] for name in rules.packs_on]
        fault = house.deputy_fault(without_any_deputy(uow, rules.agencies, on))
        if fault:
            raise ConfigurationError([fault])
        now = SystemClock().now()
        # In a new database first what ships, as at a start: a dialog may lead to it.
        publish_shipped(uow, house.dialog_sources(), now, packs)
        done = change(uow, packs)
        for new in (each for each in done if each.is_new):
            uow.ledger.note(rules.home, now, "command", action, f"{new.dialog} {new.version}")
        return done

    try:
        return in_storage(settings, use_case, every_agency=True)
    except DialogError as error:
        refuse(error.problems, as_json=as_json)


def _tell(done: list[Published], *, as_json: bool) -> None:
    rows = [
        {
            "dialog": published.dialog,
            "version": published.version,
            "state": "published" if published.is_new else "in force already",
        }
        for published in done
    ]
    put(rows, as_json=as_json, title="Published")
    if not any(published.is_new for published in done):
        errors.print("Nothing has changed.")
