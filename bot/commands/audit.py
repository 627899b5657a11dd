# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse audit`: what the auditor of the running Lotse has found and repaired."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.console_io import errors, in_storage, put, read_settings
from bot.domain.audit import AuditRecord
from bot.ports import UnitOfWork
from bot.services import audit_book
from bot.services.rulebook import Rulebook


def audit(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """What the last check of all promises found: ids, never content. Exit code 1 if anything is wrong."""

    def read(uow: UnitOfWork, rules: Rulebook) -> AuditRecord | None:
        del rules
        return audit_book.read(uow)

    record = in_storage(read_settings(), read)
    if as_json:
        put(_as_data(record), as_json=True)
    else:
        _explain(record)
    if record is None or not record.is_sound:
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


def _explain(record: AuditRecord | None) -> None:
    if record is None or record.finished_at is None:
        errors.print("No check has come to its end yet: is a Lotse with the role worker running?")
        return
    errors.print(f"Last check: {record.finished_at.isoformat(timespec='seconds')}")
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
    else:
        errors.print("All promises are kept.")
    if record.repaired:
        rows = [{"fault": fault, "repaired": count} for fault, count in sorted(record.repaired.items())]
        put(rows, as_json=False, title="Repaired since the beginning")
