# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The team to be managed: who is in it, what each may do, and the ways in, which are shown once."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Action
from bot.domain.channels import TELEGRAM_STAFF, username_fact
from bot.domain.mail import CHANNEL as MAIL
from bot.domain.mail import mail_address
from bot.domain.people import TEAM, Role, Staff
from bot.ports import Receipt
from bot.services import manage_staff
from bot.services.invite import Hired, NewStaff, hire
from bot.services.mail_links import ask_to_confirm, is_taken
from bot.services.manage_staff import News
from bot.services.own_programme import coach_label
from bot.texts import mark
from bot.web.console.admin_tabs import tabs
from bot.web.console.admin_words import ROLES, way_name
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Form, Page, Seat

PATH = "/console/admin"
#: Longer names are nobody's.
LONGEST_NAME = 120
NO_NAME = mark("Bitte schreiben Sie einen Namen.")
NO_ROLE = mark("Bitte wählen Sie eine Rolle aus.")
NO_MAIL = mark("Das ist keine Mail-Adresse. Sie sieht zum Beispiel so aus: berta@mail.example")
MAIL_TAKEN = mark("Diese Adresse hat schon jemand anderes im Team.")


def _list(seat: Seat) -> Mapping[str, object]:
    uow, everybody = seat.uow, seat.uow.people.all_staff(seat.staff.agency_id)
    here = [one for one in everybody if one.left_at is None]
    ways: dict[int | None, list[str]] = {}
    for address in uow.people.staff_addresses([one.id for one in here]):
        if address.channel != "console":
            ways.setdefault(address.staff_id, []).append(way_name(seat.voice, address.channel))
    names, roles = {one.id: one.name for one in here}, role_names(seat)
    return {
        "tabs": tabs(seat.voice, "staff"),
        "rows": [
            (
                one,
                roles[one.role],
                names.get(one.deputy_id or 0, ""),
                ", ".join(ways.get(one.id, [])),
            )
            for one in sorted(here, key=lambda each: (each.name.casefold(), each.id))
        ],
        "left": [(one, seat.day(one.left_at)) for one in everybody if one.left_at is not None],
        "colleagues": colleagues(here),
        **choices(seat),
    }


def choices(seat: Seat) -> dict[str, object]:
    """What a form about somebody in the team lets one choose."""
    known = seat.rules.texts.staff_languages
    return {
        "roles": [(role.value, label) for role, label in role_names(seat).items()],
        "languages": [(tag, seat.voice.language_name(tag) or tag) for tag in known],
        "longest_name": LONGEST_NAME,
    }


def role_names(seat: Seat) -> dict[Role, str]:
    """Every role in words; a coach as the agency's programmes call them."""
    own = {Role.COACH: coach_label(seat.uow, seat.rules, seat.staff.agency_id, seat.voice)}
    return {role: seat.voice.say(label) for role, label in ROLES.items()} | own


def colleagues(people: list[Staff]) -> list[tuple[str, str]]:
    """Who can stand in for somebody."""
    return [(str(one.id), one.name) for one in people if one.role in TEAM]


def _add(seat: Seat, form: Form) -> Did | None:
    """A new colleague; their ways in are shown now and never again."""
    name, mail = form.get("name", "").strip(), form.get("mail", "").strip()
    roles, languages = {one.value: one for one in Role}, seat.rules.texts.languages
    deputies = {number for number, _ in colleagues(seat.uow.people.all_staff(seat.staff.agency_id))}
    role, deputy_of = roles.get(form.get("role", "")), form.get("deputy_of", "")
    language = form.get("language", "")
    faults = {}
    if not 0 < len(name) <= LONGEST_NAME:
        faults["name"] = NO_NAME
    if role is None:
        faults["role"] = NO_ROLE
    address = mail_address(mail)
    if mail and not address:
        faults["mail"] = NO_MAIL
    if deputy_of and (deputy_of not in deputies or role not in TEAM):
        faults["deputy_of"] = mark("Mit dieser Rolle vertritt niemand jemanden.")
    if address and not faults and is_taken(seat.uow, address):
        faults["mail"] = MAIL_TAKEN
    if faults or role is None:
        return Did(faults={field: seat.voice.say(text) for field, text in faults.items()})
    new = NewStaff(
        *(seat.staff.agency_id, name, role, address),
        language if language in languages else seat.staff.language,
        int(deputy_of) if deputy_of else None,
    )
    hired = hire(seat.uow, seat.rules, new, seat.now, seat.actor)
    person = seat.uow.people.staff(hired.id)
    if person is None:
        return None
    if address:
        ask_to_confirm(seat.uow, person, address, seat.rules, seat.now, seat.actor)
    receipt = joined(
        manage_staff.tell(seat.uow, seat.rules, person, News.WAY_IN, seat.staff, seat.now), {MAIL}
    )
    said = seat.voice.say("{name} ist jetzt im Team.", name=name)
    return Did((said,), receipt=receipt, once={"ways_in": ways_in(seat, hired), "ways_of": name, "typed": {}})


def ways_in(seat: Seat, hired: Hired) -> list[tuple[str, str]]:
    """Links with what they are for."""
    username = seat.uow.ledger.fact(
        username_fact(seat.rules.agencies[seat.staff.agency_id].bot(TELEGRAM_STAFF))
    )
    found = [(seat.voice.say("Konsole"), f"{seat.rules.public_url}/console/enter/{hired.console_code}")]
    if username:
        link = f"https://t.me/{username}?start={hired.messenger_code}"
        found.append((way_name(seat.voice, "telegram_staff"), link))
    return found


def joined(receipt: Receipt, channels: set[str]) -> Receipt:
    """The receipt with more channels to wake."""
    return Receipt("", receipt.wake | channels)


PAGES = (Page(PATH, "admin_staff.html", ADMIN, _list, needs=Action.MANAGE_STAFF, acts={"add": _add}),)
