# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse backup` and `lotse restore`: everything in one encrypted file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import house
from bot.commands.console_io import errors, fail, kind_failures, put, read_settings
from bot.storage.backup import KEY_SAFE, write_backup
from bot.storage.restore import restore as restore_backup
from scheduler.clock import SystemClock

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def backup(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the backups lie.")],
    as_json: AsJson = False,
) -> None:
    """Write a backup while Lotse runs: one encrypted file, and the key safe in place of the one before."""
    settings = read_settings()
    with kind_failures():
        if fault := house.database_fault(settings):
            fail(fault)
        keyring = house.load_keys(settings)
        made = write_backup(settings.database, keyring, folder, SystemClock().now())
    if as_json:
        put({"file": str(made.path), "rows": made.rows, "people": made.people}, as_json=True)
    errors.print(f"{made.path}: {made.rows} rows of {made.people} people", markup=False)
    errors.print(
        "The keys of the installation are not in it: keep them apart, without them it opens nothing."
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    keys: Annotated[
        Path | None, typer.Option(help=f"The newest key safe, if not beside FILE ({KEY_SAFE}).")
    ] = None,
    into: Annotated[str, typer.Option(metavar="URL", help="Another database than the configured one.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put a backup into an empty database. Whoever was erased since the backup is removed from it."""
    settings = read_settings()
    with kind_failures():
        keyring = house.load_keys(settings)
        found = restore_backup(file, into or settings.database, keyring, keys)
    if as_json:
        put({"rows": found.rows, "made_at": found.made_at, "erased": found.erased}, as_json=True)
    errors.print(f"{found.rows} rows as of {found.made_at} are back.")
    if found.erased:
        errors.print(f"{found.erased} people have been erased since then: everything of theirs was removed.")
