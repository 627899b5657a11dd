# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse partners`: the directory of partners and what they offer, from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.console_io import AgencyOption, fail, in_storage, put, read_settings
from bot.domain.partners import Partner, Wanted, matching
from bot.services.partner_files import KINDS, import_partners
from bot.services.sharing_talks import contact_of
from scheduler.clock import SystemClock

app = typer.Typer(no_args_is_help=True, help="The directory of partners. No participant is ever in it.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with a first line like: art;name;bezirk;sprachen.")],
    agency: AgencyOption = "",
    as_json: AsJson = False,
) -> None:
    """Add the places of a file, and change those of the same name and district. None is removed."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror})")
    except UnicodeDecodeError:
        fail(f"{file}: is not UTF-8; save it as 'CSV UTF-8'")
    now = SystemClock().now()
    done = in_storage(
        read_settings(),
        lambda uow, rules: import_partners(uow, rules.home, text, "command", now),
        agency=agency,
    )
    put({"added": done.added, "changed": done.changed, "same": done.same}, as_json=as_json, title="Imported")


@app.command("list")
def list_(
    kind: Annotated[str, typer.Option(help="Like clinic, counselling or self_help.")] = "",
    district: Annotated[str, typer.Option(help="A part of its name.")] = "",
    language: Annotated[str, typer.Option(help="A tag like de or uk.")] = "",
    agency: AgencyOption = "",
    as_json: AsJson = False,
) -> None:
    """Places that fit, the shortest wait first."""
    if kind and kind.casefold() not in KINDS:
        fail(f"there is no kind '{kind}'; there is {', '.join(KINDS)}")
    wanted = Wanted(KINDS.get(kind.casefold()), district, language)
    rows = in_storage(
        read_settings(),
        lambda uow, rules: [
            _row(one, contact_of(uow, rules.home, one.name))
            for one in matching(uow.casework.partners.of_agency(rules.home), wanted)
        ],
        agency=agency,
    )
    put(rows, as_json=as_json, title="Partners")


def _row(one: Partner, staff_id: int | None) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "name": one.name,
        "district": one.district,
        "languages": " ".join(one.languages),
        "weeks": one.waiting_weeks if one.waiting_weeks is not None else "",
        "as_of": one.waiting_as_of.isoformat() if one.waiting_as_of else "",
        "contact": one.contact,
        "offer": one.offer,
        "staff": staff_id or "",
    }
