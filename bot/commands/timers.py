# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse timers`: what was planned, failed too often, and waits for a human."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.console_io import errors, fail, in_storage, put, read_settings
from bot.ports import UnitOfWork
from bot.services.parked import SHOWN, retry_parked
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock
from scheduler.timers import Unparked

app = typer.Typer(no_args_is_help=True, help="What was planned and failed too often.")


@app.command()
def parked(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Timers that failed too often, without what they were for; the oldest first, at most 1000."""

    def read(uow: UnitOfWork, rules: Rulebook) -> list[dict[str, object]]:
        return [
            {
                "id": timer.id,
                "kind": timer.kind,
                "agency": rules.agencies[timer.agency_id].name if timer.agency_id in rules.agencies else None,
                "since": timer.parked_at.isoformat(timespec="seconds"),
                "failures": timer.failures,
                "error": timer.error,
            }
            for timer in uow.timers.all_parked(SHOWN)
        ]

    found = in_storage(read_settings(), read, every_agency=True)
    if not found and not as_json:
        errors.print("No timer is parked.")
        return
    put(found, as_json=as_json, title="Parked timers")


@app.command()
def retry(
    timer_ids: Annotated[
        list[int] | None, typer.Argument(metavar="ID...", help="As `lotse timers parked` shows them.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All that are parked.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let parked timers be due now; a running Lotse fires them within ten seconds."""
    if bool(timer_ids) == all_:
        fail("name the timers to retry by their ids, or say --all")
    now = SystemClock().now()
    wanted = None if all_ else list(dict.fromkeys(timer_ids or ()))
    done = in_storage(read_settings(), lambda uow, rules: retry_parked(uow, wanted, now), every_agency=True)
    unknown = [str(timer_id) for timer_id, outcome in done if outcome is Unparked.UNKNOWN]
    if done or as_json:
        put([{"id": id_, "state": outcome.value} for id_, outcome in done], as_json=as_json, title="Timers")
    else:
        errors.print("No timer is parked.")
    if unknown:
        fail(f"not parked: {', '.join(unknown)}; see: lotse timers parked")
