# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff`: coaches, leads and admins, and the codes that let them in."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bots import username_of
from bot.commands.console_io import fail, in_storage, put, read_settings
from bot.domain.people import Role
from bot.house import DEFAULT_AGENCY
from bot.ports import UnitOfWork
from bot.services.invite import NewStaff, hire
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock

app = typer.Typer(no_args_is_help=True, help="Coaches, leads and admins.")


@app.command()
def add(  # noqa: PLR0913, PLR0917  (one option each, as the interface names them)
    name: Annotated[str, typer.Option(help="How participants know them, for example 'Berta Beispiel'.")],
    role: Annotated[Role, typer.Option(help="What they do.")] = Role.COACH,
    agency: Annotated[str, typer.Option(help="Name of the agency; the configured one if left out.")] = "",
    mail: Annotated[str, typer.Option(help="Mail address for alerts.")] = "",
    language: Annotated[str, typer.Option(help="Language of the staff bot: de or en.")] = "de",
    deputy_of: Annotated[int | None, typer.Option(help="Id of the colleague they stand in for.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Add a staff member; prints the one-time codes for the staff bot and the console."""
    if not name.strip():
        fail("--name is empty")
    settings = read_settings()
    if agency and agency != settings.agency.name:
        fail(f"there is no agency '{agency}'; configured is '{settings.agency.name}'")
    person = NewStaff(DEFAULT_AGENCY, name.strip(), role, mail, language, deputy_of)
    hired = in_storage(settings, lambda uow, rules: hire(uow, rules, person, SystemClock().now()))
    username = username_of(settings.telegram_staff)
    put(
        {
            "id": hired.id,
            "telegram_code": hired.messenger_code,
            "telegram_link": f"https://t.me/{username}?start={hired.messenger_code}" if username else None,
            "console_link": f"{settings.address}/console/enter/{hired.console_code}",
        },
        as_json=as_json,
        title="New staff member",
    )


@app.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Everyone on the team, and whether they can be reached."""

    def read(uow: UnitOfWork, rules: Rulebook) -> list[dict[str, object]]:
        people = uow.people.all_staff(DEFAULT_AGENCY)
        return [
            {
                "id": person.id,
                "name": person.name,
                "role": person.role.value,
                "deputy": person.deputy_id,
                "reachable": ", ".join(a.channel for a in uow.people.staff_addresses([person.id])),
            }
            for person in people
        ]

    found = in_storage(read_settings(), read)
    if not found and not as_json:
        fail("there is nobody yet; begin with: lotse staff add --name 'Berta Beispiel'")
    put(found, as_json=as_json, title="Team")
