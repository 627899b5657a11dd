# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse erase`: everything about a person, at their wish."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.console_io import AgencyOption, errors, fail, in_storage, put, read_settings
from bot.domain.people import Participant
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import erase_person
from bot.services.erase_person import Preview, Reason
from bot.services.export_person import find_person
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock


def erase(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Case code, like K7F3M, or number.")],
    reason: Annotated[Reason | None, typer.Option(help="Why; it stands in the audit log.")] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Only show what would go and what would stay.")
    ] = False,
    agency: AgencyOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Erase everything about a person, at once and for good. What must be kept stays without a name."""
    settings = read_settings()
    if not show and reason is None:
        fail("say why with --reason, or look first with --show")

    def act(uow: UnitOfWork, rules: Rulebook) -> tuple[Participant, Preview]:
        found = find_person(uow, rules.home, person)
        if found is None:
            raise NotFound(f"there is nobody with the case code or number '{person}'")
        what = erase_person.preview(uow, found)
        if not show and reason is not None:
            erase_person.erase(uow, found, "command", reason, SystemClock().now())
        return found, what

    found, what = in_storage(settings, act, agency=agency)
    if as_json:
        shown = {
            "case": found.case_code,
            "erased": not show,
            "goes": dict(what.goes),
            "stays": dict(what.stays),
        }
        put(shown | {"open_concerns": list(what.open_concerns)}, as_json=True)
    else:
        tables = sorted(what.goes.keys() | what.stays.keys())
        rows = [
            {"table": name, "goes": what.goes.get(name, 0), "stays": what.stays.get(name, 0)}
            for name in tables
        ]
        put(rows, as_json=False, title=f"Case {found.case_code}")
    if show and what.open_concerns:
        errors.print("lotse: a concern is open: a human closes it first, then the person can be erased")
    elif not show:
        errors.print(f"{found.case_code} is erased. Back up now: it replaces the key safe of older backups.")
