# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse end`: a participation is over."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.console_io import AgencyOption, errors, in_storage, put, read_settings
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.export_person import find_person
from bot.services.retention import end_participation
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock


def end(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Case code, like K7F3M, or number.")],
    agency: AgencyOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """End a participation: nothing is begun any more, and the periods for deletion run from now on."""

    def act(uow: UnitOfWork, rules: Rulebook) -> tuple[str, int]:
        found = find_person(uow, rules.home, person)
        if found is None:
            raise NotFound(f"there is nobody with the case code or number '{person}'")
        end_participation(uow, found, "command", SystemClock().now())
        return found.case_code, len(uow.concerns.of_participant(found.id))

    case_code, still_open = in_storage(read_settings(), act, agency=agency)
    if as_json:
        put({"case": case_code, "open_concerns": still_open}, as_json=True)
    errors.print(f"The participation of {case_code} is over.")
    if still_open:
        errors.print(
            f"lotse: {still_open} open concerns stay open; nothing is deleted before they are closed"
        )
