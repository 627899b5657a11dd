# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff code`, `password`, `identity`, `sessions`: how somebody in the team gets in, and out."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.agencies import Office
from bot.bots import username_of
from bot.commands.console_io import fail, in_storage, office_of, put, read_settings
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.identity import offer_identity, remove_identity
from bot.services.invite import Hired, link_anew
from bot.services.rulebook import Rulebook
from bot.services.sign_in import offer
from bot.services.staff_sessions import end_sessions, sessions_of
from bot.settings import Settings
from scheduler.clock import SystemClock

#: No database has larger numbers.
LARGEST_ID = 2**63 - 1
StaffId = Annotated[
    int,
    typer.Argument(
        metavar="ID", min=1, max=LARGEST_ID, help="Id of the staff member; see: lotse staff list."
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def ways_in(settings: Settings, office: Office, hired: Hired) -> dict[str, object]:
    """The one-time codes as links."""
    username = username_of(office.telegram_staff)
    return {
        "id": hired.id,
        "telegram_code": hired.messenger_code,
        "telegram_link": f"https://t.me/{username}?start={hired.messenger_code}" if username else None,
        "console_link": f"{settings.address}/console/enter/{hired.console_code}",
    }


def code(staff_id: StaffId, as_json: _Json = False) -> None:
    """New one-time codes for a colleague with a new telephone or browser; what they use goes on working."""
    settings, now = read_settings(), SystemClock().now()

    def use_case(uow: UnitOfWork, rules: Rulebook) -> tuple[Hired, Office]:
        hired = link_anew(uow, rules, staff_id, now)
        staff = uow.people.staff(staff_id)
        return hired, office_of(settings, rules, staff.agency_id if staff else rules.home)

    hired, office = in_storage(settings, use_case, every_agency=True)
    put(ways_in(settings, office, hired), as_json=as_json, title="Ways in")


def password(
    staff_id: StaffId,
    name: Annotated[str, typer.Option(help="What they sign in as; the one they have if left out.")] = "",
    as_json: _Json = False,
) -> None:
    """A one-time link with which somebody sets password and second factor, the first or new ones.

    What they had goes on working until then; afterwards every browser is signed out.
    """
    settings, now = read_settings(), SystemClock().now()
    made = in_storage(settings, lambda uow, rules: offer(uow, rules, staff_id, name, now), every_agency=True)
    link = f"{settings.address}/console/password/{made}"
    put({"id": staff_id, "password_link": link}, as_json=as_json, title="Password")


def identity(
    staff_id: StaffId,
    remove: Annotated[
        bool,
        typer.Option("--remove", help="End it: the house lets them in no more; signs them out everywhere."),
    ] = False,
    as_json: _Json = False,
) -> None:
    """A one-time link with which somebody binds their account at your house's sign-in, the first or another.

    Needs LOTSE_OIDC__ISSUER. What they had goes on working until then.
    """
    settings, now = read_settings(), SystemClock().now()
    if remove:
        removed = in_storage(
            settings, lambda uow, rules: remove_identity(uow, staff_id, now), every_agency=True
        )
        put({"id": staff_id, "removed": removed}, as_json=as_json, title="Identity")
        return
    if not settings.oidc.issuer:
        fail("no house is set up whose sign-in could be used: set LOTSE_OIDC__ISSUER first")
    made = in_storage(
        settings, lambda uow, rules: offer_identity(uow, rules, staff_id, now), every_agency=True
    )
    link = f"{settings.address}/console/identity/{made}"
    put({"id": staff_id, "identity_link": link}, as_json=as_json, title="Identity")


def sessions(
    staff_id: StaffId,
    end: Annotated[bool, typer.Option("--end", help="Sign them out everywhere.")] = False,
    as_json: _Json = False,
) -> None:
    """In which browsers somebody is signed in."""
    now = SystemClock().now()

    def use_case(uow: UnitOfWork, rules: Rulebook) -> list[dict[str, object]]:
        staff = uow.people.staff(staff_id)
        if staff is None:
            raise NotFound(f"there is no staff member {staff_id}")
        found = sessions_of(uow, staff_id, now)
        if end:
            end_sessions(uow, staff, "command", now)
        return [
            {
                "session": one.id,
                "device": one.device,
                "with": one.how.value,
                "since": one.since.isoformat(timespec="minutes"),
                "last_used": one.seen_at.isoformat(timespec="minutes"),
                "ended": end,
            }
            for one in found
        ]

    rows = in_storage(read_settings(), use_case, every_agency=True)
    if rows or as_json:
        put(rows, as_json=as_json, title="Sessions")
    else:
        put({"id": staff_id, "sessions": "none"}, as_json=False, title="Sessions")
