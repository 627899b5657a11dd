# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse run`, `lotse check`, `lotse migrate`: what an operator starts."""

from __future__ import annotations

import asyncio
import faulthandler
import gc
import logging
import os
import signal
import sys
import threading
from typing import Annotated

import typer
import uvloop
from rich.progress import Progress, SpinnerColumn, TextColumn

from bot import house, logs
from bot.app import ROLES, App, roles_of
from bot.commands import check_published
from bot.commands.console_io import errors, fail, kind_failures, put, read_settings
from bot.errors import StoreUnavailable
from bot.settings import Settings
from bot.storage.schema import migrate as migrate_schema
from bot.storage.schema import rows_fault
from dialogs.book import DialogBook
from dialogs.shipped import shipped_dialogs

logger = logging.getLogger(__name__)

_STDERR = 2
_SWITCH_S = 0.0005
#: How long what is in hand may take after SIGTERM; containers are given 30 s by compose.yaml.
_DRAIN_S = 25.0


def run(
    only: Annotated[
        str, typer.Option(help=f"Roles of this process, separated by commas: {', '.join(ROLES)}.")
    ] = "",
) -> None:
    """Run Lotse until it is told to stop (Ctrl-C or SIGTERM)."""
    settings = read_settings()
    logs.set_up(settings.log_level)
    # A fault in machine code ends the process without an exception: then where each thread was, no content.
    faulthandler.enable(_STDERR)
    roles = frozenset(filter(None, (role.strip() for role in only.split(",")))) or frozenset(ROLES)
    known = roles_of(settings)
    if unknown := roles.difference(known):
        fail(f"unknown role: {', '.join(sorted(unknown))}; known are {', '.join(known)}")
    with kind_failures():
        uvloop.run(serve(App(settings, roles=roles)))


async def serve(app: App) -> None:
    """Run an app until a signal comes; the web address is told once it is up.

    After a first SIGTERM or Ctrl-C what is in hand is finished, for 25 s at most. A second one ends the
    process at once: nothing is lost, but what was being sent may be sent once more after the next start.
    """
    stop = asyncio.Event()
    limit = threading.Timer(_DRAIN_S, _end_hard)
    limit.daemon = True
    loop = asyncio.get_running_loop()

    def end() -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
            # The system's own answer, which ends even a program that hangs.
            signal.signal(name, signal.SIG_DFL)
        # Not on the loop: should that hang, this must not.
        limit.start()
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, end)
    try:
        await app.run(stop, _settle_in)
    finally:
        limit.cancel()


def _end_hard() -> None:
    logger.error("stop: not finished after %d s, ending now", _DRAIN_S)
    os._exit(1)


def _settle_in(address: str) -> None:
    # What is loaded by now stays for good. Searching it for garbage again and again would stop everything for
    # a quarter of a second each time where the messengers' libraries are among it.
    # The loop and the storage's thread hand each other work all the time: Python's turns of 5 ms are long.
    sys.setswitchinterval(_SWITCH_S)
    gc.collect()
    gc.freeze()
    errors.print(f"Lotse is running: {address}" if address else "Lotse is running")


def _periods(settings: Settings) -> str:
    kept = settings.retention.model_dump()
    return ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in kept.items())


def check(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Look at configuration, keys, database and dialogs without changing anything."""
    settings = read_settings()
    with kind_failures():
        packs = house.load_instruments(settings)
        house.build_rulebook(settings, DialogBook((), packs))
        findings = [
            {"what": "configuration", "state": "ok"},
            {"what": "concern rules", "state": f"ok, {house.load_concern_rules(settings)}"},
            {"what": "dialogs", "state": f"ok, {len(shipped_dialogs())} ship"},
            {"what": "retention", "state": f"ok, {_periods(settings)}"},
        ]
    findings += check_published.instruments(packs, settings.instruments.on)
    try:
        fault = house.database_fault(settings)
    except StoreUnavailable:
        fault = "cannot be reached"
    findings.append({"what": "database", "state": fault or "ok"})
    if not fault and (unbound := rows_fault(settings.database)):
        findings.append({"what": "rows", "state": unbound})
    findings.append(
        {"what": "keys", "state": _keys(house.has_keys(settings), new=fault.startswith(house.EMPTY))}
    )
    refused = False
    if not fault and house.has_keys(settings):
        with kind_failures():
            published, refused = check_published.in_database(settings, packs)
        findings += published
    for name, part in settings.bots.items():
        findings.append({"what": name, "state": f"on, {part.mode}" if part.is_on else "off: no token"})
    mail = settings.mail.server
    state = f"on, {mail.host}:{mail.port}" if mail else "off: no smtp_url"
    findings.append({"what": "mail", "state": state})
    if not settings.address.startswith("https://"):
        findings.append({"what": "public_url", "state": "not https: for trials only"})
    put(findings, as_json=as_json, title="Check")
    if refused or (fault and not fault.startswith(house.EMPTY)):
        raise typer.Exit(1)


def migrate() -> None:
    """Bring the database to the schema of this version. Nothing is lost; running it twice changes nothing."""
    settings = read_settings()
    bar = Progress(SpinnerColumn(), TextColumn("{task.description}"), console=errors, transient=True)
    with kind_failures(), bar:
        bar.add_task("Migrating the database")
        if house.database_fault(settings).startswith(house.EMPTY):
            house.prepare_database(settings)
        migrate_schema(settings.database)
    errors.print("The database is up to date.")


def _keys(there: bool, *, new: bool) -> str:
    if there:
        return "ok"
    return "made at the first start" if new else "missing"
