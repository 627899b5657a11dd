# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff`: coaches, leads and admins, and the codes that let them in."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.agencies import Office
from bot.commands import staff_duty, staff_replies, staff_sign_in
from bot.commands.console_io import (
    AgencyOption,
    errors,
    fail,
    in_storage,
    office_of,
    put,
    read_settings,
)
from bot.domain.mail import mail_address
from bot.domain.people import Role
from bot.errors import AlreadyTaken, NotFound
from bot.ports import UnitOfWork
from bot.services.invite import Hired, NewStaff, hire
from bot.services.mail_links import ask_to_confirm
from bot.services.rulebook import Rulebook
from bot.settings import Settings
from scheduler.clock import SystemClock

app = typer.Typer(no_args_is_help=True, help="Coaches, leads and admins.")
app.command()(staff_duty.hours)
app.command()(staff_duty.leave)
app.command()(staff_sign_in.code)
app.command()(staff_sign_in.password)
app.command()(staff_sign_in.identity)
app.command()(staff_sign_in.sessions)
app.add_typer(staff_replies.app, name="replies")


@app.command()
def add(  # noqa: PLR0913, PLR0917  (one option each, as the interface names them)
    name: Annotated[str, typer.Option(help="How participants know them, for example 'Berta Beispiel'.")],
    role: Annotated[Role, typer.Option(help="What they do.")] = Role.COACH,
    agency: AgencyOption = "",
    mail: Annotated[str, typer.Option(help="Mail address for alerts; a mail asks them to confirm it.")] = "",
    language: Annotated[str, typer.Option(help="Language of the staff bot: de or en.")] = "de",
    deputy_of: Annotated[
        int | None,
        typer.Option(min=1, max=staff_sign_in.LARGEST_ID, help="Id of the colleague they stand in for."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Add a staff member; prints the one-time codes for the staff bot and the console."""
    if not name.strip():
        fail("--name is empty")
    settings = read_settings()
    address = _address(mail)

    def keep(uow: UnitOfWork, rules: Rulebook) -> tuple[Hired, Office]:
        now = SystemClock().now()
        if language not in rules.texts.staff_languages:
            known = ", ".join(sorted(rules.texts.staff_languages))
            raise NotFound(f"there is no language '{language}'; known are {known}")
        person = NewStaff(rules.home, name.strip(), role, address, language, deputy_of)
        hired = hire(uow, rules, person, now)
        if address:
            _ask(uow, rules, hired.id, address)
        return hired, office_of(settings, rules, rules.home)

    hired, office = in_storage(settings, keep, agency=agency)
    _warn_without_server(settings, address)
    put(staff_sign_in.ways_in(settings, office, hired), as_json=as_json, title="New staff member")


@app.command("mail")
def change_mail(
    staff: Annotated[
        int,
        typer.Option(
            min=1, max=staff_sign_in.LARGEST_ID, help="Id of the staff member; see: lotse staff list."
        ),
    ],
    mail: Annotated[str, typer.Option(help="Their mail address; a mail asks them to confirm it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Give a staff member a mail address, a new one, or the same one another chance to be confirmed."""
    settings = read_settings()
    address = _address(mail)
    if not address:
        fail("--mail is empty")
    in_storage(settings, lambda uow, rules: _ask(uow, rules, staff, address), every_agency=True)
    _warn_without_server(settings, address)
    put({"id": staff, "mail": "asked to confirm"}, as_json=as_json, title="Mail")


@app.command("list")
def list_(
    everybody: Annotated[bool, typer.Option("--all", help="Also those who have left.")] = False,
    agency: AgencyOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Everyone on the team, and whether they can be reached."""

    def read(uow: UnitOfWork, rules: Rulebook) -> list[dict[str, object]]:
        people = [p for p in uow.people.all_staff(rules.home) if everybody or p.left_at is None]
        return [
            {
                "id": person.id,
                "name": person.name,
                "role": person.role.value,
                "deputy": person.deputy_id,
                "reachable": ", ".join(a.channel for a in uow.people.staff_addresses([person.id])),
            }
            | ({"left": person.left_at and person.left_at.date().isoformat()} if everybody else {})
            for person in people
        ]

    found = in_storage(read_settings(), read, agency=agency)
    if not found and not as_json:
        fail("there is nobody yet; begin with: lotse staff add --name 'Berta Beispiel'")
    put(found, as_json=as_json, title="Team")


def _address(mail: str) -> str:
    """The address as mail servers take it, empty for none. Ends the program if it is not one."""
    address = mail_address(mail)
    if mail.strip() and not address:
        fail("--mail is not a mail address; write it like berta@mail.example")
    return address


def _ask(uow: UnitOfWork, rules: Rulebook, staff_id: int, address: str) -> None:
    person = uow.people.staff(staff_id)
    if person is None:
        raise NotFound(f"there is no staff member {staff_id}")
    if not ask_to_confirm(uow, person, address, rules, SystemClock().now()):
        raise AlreadyTaken("this mail address belongs to another staff member")


def _warn_without_server(settings: Settings, address: str) -> None:
    if address and settings.mail.server is None:
        errors.print("lotse: mail is off (LOTSE_MAIL__SMTP_URL): nobody is asked to confirm it yet")
