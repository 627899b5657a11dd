# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How commands speak: data on standard output, a clear line on standard error, exit code 2 for bad input."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

from bot import house, logs, settings
from bot.agencies import Office, office_named, offices, with_agencies
from bot.commands.refusals import AgencyOption, errors, fail
from bot.errors import ConfigurationError, LotseError, StoreUnavailable
from bot.ports import UnitOfWork
from bot.services.agencies import number_agencies
from bot.services.rulebook import Rulebook
from bot.settings import Settings
from bot.storage.database import SqlStorage, open_storage
from dialogs.book import DialogBook
from scheduler.clock import SystemClock

T = TypeVar("T")

_FITS = 60
__all__ = [
    "AgencyOption",
    "errors",
    "fail",
    "in_storage",
    "kind_failures",
    "office_of",
    "open_house",
    "put",
    "read_settings",
]


@contextmanager
def kind_failures() -> Iterator[None]:
    """Turn what an operator can mend into clear lines."""
    try:
        yield
    except ConfigurationError as error:
        fail(*error.problems)
    except StoreUnavailable:
        fail("the database cannot be reached; nothing was changed")
    except LotseError as error:
        fail(str(error))


def read_settings() -> Settings:
    """The configuration, with logs set up for a command."""
    with kind_failures():
        found = settings.load()
    logs.set_up("warning" if found.log_level == "info" else found.log_level)
    return found


def in_storage(
    config: Settings,
    use_case: Callable[[UnitOfWork, Rulebook], T],
    *,
    agency: str = "",
    every_agency: bool = False,
) -> T:
    """Run one use case against the configured database; a new database gets its schema first.

    It is about the agency with this key word, the rulebook's `home`, and on PostgreSQL only its rows are
    there, unless `every_agency`.
    """
    with kind_failures(), open_house(config, agency) as (storage, rules):

        def narrowed(uow: UnitOfWork) -> T:
            if not every_agency:
                uow.serve(rules.home)
            return use_case(uow, rules)

        return storage.run_sync(narrowed)


@contextmanager
def open_house(config: Settings, agency: str) -> Iterator[tuple[SqlStorage, Rulebook]]:
    """The configured database, and the rulebook of all agencies, with this one as its `home`.

    Raises `ConfigurationError` for an agency that is not configured.
    """
    wanted, known = office_named(config, agency), offices(config)
    names = {key: one.part.name for key, one in known.items()}
    keyring = house.prepare_database(config)
    rules = house.build_rulebook(config, DialogBook())
    storage = open_storage(config.database, keyring)
    try:
        now = SystemClock().now()
        numbers = storage.run_sync(lambda uow: number_agencies(uow, names, now))
        yield storage, replace(with_agencies(rules, config, numbers), home=numbers[wanted.key])
    finally:
        storage.close()


def office_of(config: Settings, rules: Rulebook, agency_id: int) -> Office:
    """An agency as the configuration has it, by its number."""
    return offices(config)[rules.agencies[agency_id].key]


def put(data: Any, *, as_json: bool, title: str = "") -> None:
    """Print data: JSON for programs, a table for people."""
    if as_json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
        return
    rows = data if isinstance(data, list) else [data]
    texts = [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    if max(sum(len(text) for text in row.values()) for row in texts) > _FITS:
        # A link that a table breaks into pieces cannot be copied.
        for row in texts:
            sys.stdout.writelines(f"{name:>14}  {text}\n" for name, text in row.items())
            sys.stdout.write("\n")
        return
    table = Table(title=title, show_lines=False)
    for column in rows[0]:
        table.add_column(column, overflow="fold")
    for row in texts:
        table.add_row(*row.values())
    Console(soft_wrap=True).print(table)
