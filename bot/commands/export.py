# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse export`: the copy of their data that a person has asked for, and what evaluations get."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from bot.commands import export_evaluation
from bot.commands.console_io import AgencyOption, errors, fail, in_storage, put, read_settings
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.export_page import PageMaker
from bot.services.export_person import as_json, copy_person, find_person
from bot.services.person_dates import zone_of
from bot.services.publish import open_book
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock

_PERSON = "person"


class _PersonOrMore(TyperGroup):
    """What is none of its commands is a person, as it always was."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Name the command that is meant."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [_PERSON, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_PersonOrMore,
    no_args_is_help=True,
    help="Copies of what is stored: about a person, for an evaluation.",
)
app.command("evaluation")(export_evaluation.evaluation)
app.command("statistics")(export_evaluation.figures)


@app.command(_PERSON)
def export(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Case code, like K7F3M, or number.")],
    to: Annotated[Path, typer.Option("--to", help="A new file; only you can read it.")],
    as_data: Annotated[
        bool, typer.Option("--json", help="A document for programs instead of a page to read.")
    ] = False,
    language: Annotated[
        str, typer.Option(help="Language of the page, de or en; the person's own if left out.")
    ] = "",
    agency: AgencyOption = "",
) -> None:
    """Write everything that is stored about a person into a file. That you did stands in the audit log."""
    settings = read_settings()
    if to.exists():
        fail(f"{to}: exists already")

    def gather(uow: UnitOfWork, rules: Rulebook) -> tuple[str, bytes]:
        found = find_person(uow, rules.home, person)
        if found is None:
            raise NotFound(f"there is nobody with the case code or number '{person}'")
        copy = copy_person(uow, found, "command", SystemClock().now())
        if as_data:
            return found.case_code, as_json(copy)
        zone = zone_of(found, rules.agencies[found.agency_id])
        maker = PageMaker(rules.voice(language or found.language), zone, open_book(uow))
        return found.case_code, maker.page(copy).encode()

    case_code, content = in_storage(settings, gather, agency=agency)
    _write(to, content)
    if as_data:
        put({"case": case_code, "file": str(to), "bytes": len(content)}, as_json=True)
    errors.print(
        f"{to}: everything about {case_code}. Hand it to the person alone, then delete it.", markup=False
    )


def _write(path: Path, content: bytes) -> None:
    try:
        # Never over another file, and readable by nobody else from its first byte.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        fail(f"{path}: cannot be written ({error.strerror})")
