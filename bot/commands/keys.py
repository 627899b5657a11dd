# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse keys`: the keys of the installation, and new ones in the place of old ones while Lotse runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import house
from bot.commands.console_io import errors, fail, kind_failures, put, read_settings
from bot.settings import Settings
from bot.storage.database import SqlStorage, open_storage
from bot.storage.key_files import add_key, remove_key
from bot.storage.rotation import count_under, places_under, rotate
from bot.storage.sealing import Keyring
from scheduler.clock import SystemClock

app = typer.Typer(no_args_is_help=True, help="The keys of sealed content.")

#: For so long after a change of the file a running Lotse may still seal with the key from before.
_SETTLED = timedelta(minutes=1)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_keys(
    count: Annotated[
        bool, typer.Option("--count", help="Look through the database for what lies under each key.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """The keys by their ids, the oldest first. Nothing of the keys themselves is shown."""
    settings = read_settings()
    with kind_failures():
        keyring = house.load_keys(settings)
        rows: list[dict[str, object]] = [
            {"id": name, "current": name == keyring.current} for name in keyring.names
        ]
        if count:
            with _database(settings) as storage:
                rows = [row | {"values": count_under(storage, str(row["id"]))} for row in rows]
    put(rows, as_json=as_json, title="Keys")


@app.command()
def new(as_json: AsJson = False) -> None:
    """Add a fresh key and let it be the current one. A running Lotse uses it within a second."""
    path = _file(read_settings())
    with kind_failures():
        name = add_key(path)
    if as_json:
        put({"id": name}, as_json=True)
    errors.print(f"{name} is the current key. Back up {path}, then run: lotse keys rotate", markup=False)


@app.command("rotate")
def rotate_keys(as_json: AsJson = False) -> None:
    """Bring everything under the current key, piece by piece, while Lotse runs. It can be run again."""
    settings = read_settings()
    changed: dict[str, int] = {}
    with kind_failures(), _database(settings) as storage:
        for progress in rotate(storage):
            if progress.changed != changed.get(progress.what):
                errors.print(f"{progress.step}/{progress.steps} {progress.what}: {progress.changed}")
            changed[progress.what] = progress.changed
        left = _left(storage, house.load_keys(settings))
    if left:
        fail(f"these lie under an old key still: {left}. Run `lotse keys rotate` again, and keep the old key")
    if as_json:
        put(changed, as_json=True)
    errors.print("Everything lies under the keys it belongs under.")


@app.command()
def retire(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As `lotse keys list` shows it.")],
    as_json: AsJson = False,
) -> None:
    """Remove an old key from the file if nothing lies under it. Older backups need it: keep a copy."""
    settings = read_settings()
    path = _file(settings)
    with kind_failures():
        keyring = house.load_keys(settings)
        if key not in keyring.names:
            fail(f"there is no key {key}; known are {', '.join(keyring.names)}")
        if key == keyring.current:
            fail(f"{key} is the current key: first run `lotse keys new` and `lotse keys rotate`")
        settled = datetime.fromtimestamp(path.stat().st_mtime, UTC) + _SETTLED
        if SystemClock().now() < settled:
            fail("the key file was changed less than a minute ago: a running Lotse may still use the old key")
        with _database(settings) as storage:
            left = count_under(storage, key)
        if left:
            fail(f"{left} values lie under {key}: first run `lotse keys rotate`")
        remove_key(path, key)
    if as_json:
        put({"id": key}, as_json=True)
    errors.print(f"{key} is gone. Backups from before need it: keep a copy of the old file with them.")


def _left(storage: SqlStorage, keyring: Keyring) -> str:
    """What a rotation has not changed: places with their number."""
    left: Counter[str] = Counter()
    for name in keyring.names:
        if name != keyring.current:
            left.update(places_under(storage, name))
    return ", ".join(f"{place} ({count})" for place, count in sorted(left.items()))


def _file(settings: Settings) -> Path:
    if settings.keys_command:
        fail("the keys come from LOTSE_KEYS_COMMAND: add and remove them where it has them from")
    return settings.keys


@contextmanager
def _database(settings: Settings) -> Iterator[SqlStorage]:
    if fault := house.database_fault(settings):
        fail(fault)
    storage = open_storage(settings.database, house.load_keys(settings), lanes=1)
    try:
        yield storage
    finally:
        storage.close()
