# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse invite`: one-time invitations for participants, as links and QR codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import segno
import typer

from bot.agencies import Office
from bot.bots import username_of
from bot.commands.console_io import fail, in_storage, office_of, put, read_settings
from bot.ports import UnitOfWork
from bot.services import invite as service
from bot.services.rulebook import Rulebook
from scheduler.clock import SystemClock


def invite(
    coach: Annotated[int, typer.Option(help="Id of the coach, as 'lotse staff list' shows it.")],
    programme: Annotated[str, typer.Option(help="Name of the programme.")] = "",
    language: Annotated[str, typer.Option(help="Language to begin in: de, de-x-einfach or en.")] = "de",
    count: Annotated[int, typer.Option(min=1, max=500, help="How many invitations.")] = 1,
    qr: Annotated[Path | None, typer.Option(help="Folder for QR codes to print, as SVG files.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make invitations; each code is good for one person and thirty days."""
    settings = read_settings()
    now = SystemClock().now()

    def use_case(uow: UnitOfWork, rules: Rulebook) -> tuple[list[str], Office]:
        tag, person = _known(rules.texts.languages, language), uow.people.staff(coach)
        office = office_of(settings, rules, person.agency_id if person else rules.home)
        return [service.invite(uow, rules, coach, programme, tag, now) for _ in range(count)], office

    codes, office = in_storage(settings, use_case, every_agency=True)
    username = username_of(office.telegram)
    links = [
        {
            "code": code,
            "telegram_link": f"https://t.me/{username}?start={code}" if username else None,
            "page_link": f"{settings.address}/p/{code}",
        }
        for code in codes
    ]
    if qr is not None:
        _draw(qr, [str(link["telegram_link"] or link["page_link"]) for link in links])
    put(links, as_json=as_json, title="Invitations")


def _known(languages: list[str], language: str) -> str:
    if language not in languages:
        fail(f"there is no language '{language}'; there is {', '.join(languages)}")
    return language


def _draw(folder: Path, links: list[str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, link in enumerate(links, start=1):
            segno.make(link, error="m").save(str(folder / f"invitation-{number:03}.svg"), scale=6)
    except OSError as error:
        fail(f"{folder}: QR codes cannot be written ({error.strerror})")
