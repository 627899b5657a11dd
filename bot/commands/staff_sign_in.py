# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse staff code`, `password` and `sessions`: how somebody who is in the team gets in, and out."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.bots import username_of
from bot.commands.console_io import in_storage, put, read_settings
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.invite import Hired, link_anew
from bot.services.rulebook import Rulebook
from bot.services.sign_in import offer
from bot.services.staff_sessions import end_sessions, sessions_of
from bot.settings import Settings
from scheduler.clock import SystemClock

_Id = Annotated[int, typer.Argument(metavar="ID", help="Id of the staff member; see: lotse staff list.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def ways_in(settings: Settings, hired: Hired) -> dict[str, object]:
    """The one-time codes as links."""
    username = username_of(settings.telegram_staff)
    return {
        "id": hired.id,
        "telegram_code": hired.messenger_code,
        "telegram_link": f"https://t.me/{username}?start={hired.messenger_code}" if username else None,
        "console_link": f"{settings.address}/console/enter/{hired.console_code}",
    }


def code(staff_id: _Id, as_json: _Json = False) -> None:
    """New one-time codes for a colleague with a new telephone or browser; what they use goes on working."""
    settings, now = read_settings(), SystemClock().now()
    hired = in_storage(settings, lambda uow, rules: link_anew(uow, rules, staff_id, now))
    put(ways_in(settings, hired), as_json=as_json, title="Ways in")


def password(
    staff_id: _Id,
    name: Annotated[str, typer.Option(help="What they sign in as; the one they have if left out.")] = "",
    as_json: _Json = False,
) -> None:
    """A one-time link with which somebody sets password and second factor, the first or new ones.

    What they had goes on working until then; afterwards every browser is signed out.
    """
    settings, now = read_settings(), SystemClock().now()
    made = in_storage(settings, lambda uow, rules: offer(uow, rules, staff_id, name, now))
    link = f"{settings.address}/console/password/{made}"
    put({"id": staff_id, "password_link": link}, as_json=as_json, title="Password")


def sessions(
    staff_id: _Id,
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

    rows = in_storage(read_settings(), use_case)
    if rows or as_json:
        put(rows, as_json=as_json, title="Sessions")
    else:
        put({"id": staff_id, "sessions": "none"}, as_json=False, title="Sessions")
