# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse audit`: what the auditor has found and repaired, and whether the audit log is whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from bot.commands.console_io import errors, fail, in_storage, put, read_settings
from bot.domain.audit import AuditRecord, Pace
from bot.domain.ledger_chain import Broken, Head, read_head
from bot.ports import UnitOfWork
from bot.services import audit_book, audit_chain
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock

app = typer.Typer(
    invoke_without_command=True,
    help="What the last check of all promises found: ids, never content. Exit code 1 if anything is wrong.",
)


@app.callback()
def audit(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """What the last check of all promises found: ids, never content. Exit code 1 if anything is wrong."""
    if context.invoked_subcommand is not None:
        return

    def read(uow: UnitOfWork, rules: Rulebook) -> tuple[AuditRecord | None, Mapping[int, Head]]:
        del rules
        return audit_book.read(uow), audit_chain.heads(uow)

    settings = read_settings()
    record, heads = in_storage(settings, read, every_agency=True)
    # Where time was made to run faster it is not that of this command.
    is_old = settings.time_factor == 1.0 and audit_book.is_old(record, SystemClock().now(), Pace())
    is_sound = record is not None and record.is_sound and not is_old
    ends = {str(agency_id): str(head) for agency_id, head in heads.items()}
    if as_json:
        put(_as_data(record) | {"sound": is_sound, "heads": ends}, as_json=True)
    else:
        _explain(record, is_old=is_old)
        for agency_id, head in ends.items():
            errors.print(f"End of the audit log of agency {agency_id}: {head}", soft_wrap=True)
    if not is_sound:
        raise typer.Exit(1)


@app.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(help="An end of the log that was written down earlier; shows if it was cut off."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Whether the audit log is as it was written. Exit code 1 with the first broken row if it is not."""
    try:
        written_down = [read_head(one) for one in head or []]
    except ValueError as error:
        fail(f"--head: {error}")

    def look(uow: UnitOfWork, rules: Rulebook) -> tuple[list[Broken], Mapping[int, Head]]:
        del rules
        return audit_chain.verify(uow, written_down), audit_chain.heads(uow)

    broken, heads = in_storage(read_settings(), look, every_agency=True)
    found = [
        {"agency": one.agency_id, "what": one.what.value, "position": one.position, "row": one.row}
        for one in broken
    ]
    if as_json:
        ends = {str(agency_id): str(end) for agency_id, end in heads.items()}
        put({"whole": not found, "broken": found, "heads": ends}, as_json=True)
    elif found:
        put(found, as_json=False, title="Broken")
    else:
        errors.print("The audit log is as it was written.")
    if found:
        raise typer.Exit(1)


def _as_data(record: AuditRecord | None) -> dict[str, object]:
    if record is None:
        return {"finished_at": None, "sound": False, "findings": [], "repaired": {}}
    finished = record.finished_at
    return {
        "finished_at": finished.isoformat(timespec="seconds") if finished else None,
        "sound": record.is_sound,
        "findings": [
            {
                "promise": one.promise,
                "fault": one.fault.value,
                "agency": one.agency_id,
                "count": one.count,
                "ids": list(one.ids),
            }
            for one in record.findings
        ],
        "repaired": dict(sorted(record.repaired.items())),
    }


def _explain(record: AuditRecord | None, *, is_old: bool) -> None:
    if record is None or record.finished_at is None:
        errors.print("No check has come to its end yet: is a Lotse with the role worker running?")
        return
    errors.print(f"Last check: {record.finished_at.isoformat(timespec='seconds')}")
    if is_old:
        errors.print("Nothing has been checked since: is a Lotse with the role worker running?")
    if record.findings:
        rows = [
            {
                "promise": one.promise,
                "fault": one.fault.value,
                "count": one.count,
                "ids": " ".join(map(str, one.ids)),
            }
            for one in record.findings
        ]
        put(rows, as_json=False, title="Findings")
    elif not is_old:
        errors.print("All promises are kept.")
    if record.repaired:
        rows = [{"fault": fault, "repaired": count} for fault, count in sorted(record.repaired.items())]
        put(rows, as_json=False, title="Repaired since the beginning")
