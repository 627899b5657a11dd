# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse page`: links to a person's own page, what is asked for beside them, and all devices signed out."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.console_io import AgencyOption, in_storage, put, read_settings
from bot.domain.own_page import Factor
from bot.domain.people import Participant
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import own_page, page_lock
from bot.services.rulebook import Rulebook
from bot.web.page.pin import hash_secret, new_pin
from scheduler.clock import SystemClock

app = typer.Typer(no_args_is_help=True, help="Participants' own pages: links, PINs, devices.")

_ACTOR = "command"
_FIRST_YEAR, _LAST_YEAR = 1900, 2100

Case = Annotated[str, typer.Argument(metavar="CASE", help="The case code, like K7F3M.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def link(case: Case, agency: AgencyOption = "", as_json: AsJson = False) -> None:
    """A new one-time link. Hand it over in person: whoever has it opens the page."""
    now = SystemClock().now()
    made = in_storage(
        read_settings(),
        lambda uow, rules: own_page.make_link(uow, rules, _person(uow, rules, case), now),
        agency=agency,
    )
    put({"case": case, "page_link": made}, as_json=as_json, title="Link")


@app.command()
def pin(case: Case, agency: AgencyOption = "", as_json: AsJson = False) -> None:
    """A new PIN in place of a forgotten one, printed this once. Hand it over in person."""
    made = new_pin()
    _lock(case, agency, Factor.PIN, made)
    put({"case": case, "pin": made}, as_json=as_json, title="PIN")


@app.command()
def year(
    case: Case,
    born: Annotated[int, typer.Argument(metavar="YEAR", min=_FIRST_YEAR, max=_LAST_YEAR, help="Like 1990.")],
    agency: AgencyOption = "",
    as_json: AsJson = False,
) -> None:
    """Note a person's year of birth, where links ask for it; only a hash of it is kept."""
    _lock(case, agency, Factor.BIRTH_YEAR, str(born))
    put({"case": case, "noted": Factor.BIRTH_YEAR.value}, as_json=as_json, title="Noted")


@app.command("sign-out")
def sign_out(case: Case, agency: AgencyOption = "", as_json: AsJson = False) -> None:
    """Sign all devices of a person out, and call back links that were not used."""
    now = SystemClock().now()
    ended = in_storage(
        read_settings(),
        lambda uow, rules: page_lock.leave_everywhere(uow, _person(uow, rules, case), _ACTOR, now),
        agency=agency,
    )
    put({"case": case, "devices": ended}, as_json=as_json, title="Signed out")


def _lock(case: str, agency: str, factor: Factor, answer: str) -> None:
    secret, now = hash_secret(answer), SystemClock().now()
    in_storage(
        read_settings(),
        lambda uow, rules: page_lock.set_secret(uow, _person(uow, rules, case), factor, secret, _ACTOR, now),
        agency=agency,
    )


def _person(uow: UnitOfWork, rules: Rulebook, case: str) -> Participant:
    """Raises `NotFound` if there is no such case."""
    found = uow.plans.by_case_code(rules.home, case.upper())
    if found is None:
        raise NotFound("there is no such case: staff see the codes in the queue")
    return found
