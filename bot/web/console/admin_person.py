# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One staff member to be managed: role, deputy, hours, and the ways in, which are shown once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from functools import partial

from babel.dates import get_day_names

from bot.domain.access import Action
from bot.domain.channels import TELEGRAM_STAFF
from bot.domain.mail import CHANNEL as MAIL
from bot.domain.mail import mail_address
from bot.domain.people import Role, Staff
from bot.errors import AlreadyTaken, NotFound
from bot.ports import Receipt
from bot.services import identity, manage_staff, sign_in
from bot.services.absences import name_deputy, set_working_hours
from bot.services.duty_watch import tell_holes
from bot.services.invite import link_anew
from bot.services.mail_links import ask_to_confirm
from bot.services.manage_staff import Fault, News
from bot.services.staff_sessions import end_sessions, sessions_of
from bot.texts import mark
from bot.web.console.admin_staff import (
    LONGEST_NAME,
    MAIL_TAKEN,
    NO_MAIL,
    NO_NAME,
    NO_ROLE,
    PATH,
    choices,
    colleagues,
    joined,
    role_names,
    ways_in,
)
from bot.web.console.admin_tabs import tabs
from bot.web.console.admin_words import way_name
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Form, Page, Seat

_FAULTS = {
    Fault.ONESELF: mark("Das kann nur jemand anderes für Sie tun."),
    Fault.LAST: mark(
        "Dann könnte niemand mehr das Team verwalten. Bitte geben Sie vorher jemandem diese Rolle."
    ),
    Fault.HAS_PEOPLE: mark(
        "Wer Menschen begleitet, kann diese Rolle nicht haben. Bitte ordnen Sie sie vorher zu."
    ),
}
_WEEK = range(7)
_HOURS = tuple((f"from-{day}", f"to-{day}") for day in _WEEK)


def _one(seat: Seat) -> Mapping[str, object] | None:
    person = _whom(seat)
    if person is None:
        return None
    uow = seat.uow
    login, week = uow.sign_ins.login_of(person.id), uow.duty.weeks(person.agency_id).get(person.id, {})
    channels = {address.channel for address in uow.people.staff_addresses([person.id])} - {"console"}
    names = get_day_names("wide", locale=seat.voice.language)
    return {
        "tabs": tabs(seat.voice, "staff"),
        "person": person,
        "is_me": person.id == seat.staff.id,
        "role": role_names(seat)[person.role],
        "ways": ", ".join(way_name(seat.voice, one) for one in sorted(channels)),
        "login": login.name if login else "",
        "is_bound": uow.sign_ins.is_bound(person.id),
        "sessions": len(sessions_of(uow, person.id, seat.now)),
        "week": [(day, names[day], *_span(week.get(day))) for day in _WEEK],
        "agency_hours": seat.rules.hours_text(person.agency_id, seat.voice),
        "mail_is_on": MAIL in seat.rules.agencies[person.agency_id].channels,
        "colleagues": colleagues(
            [
                one
                for one in uow.people.all_staff(person.agency_id)
                if one.left_at is None and one.id != person.id
            ]
        ),
        **choices(seat),
    }


def _span(hours: tuple[time, time] | None) -> tuple[str, str]:
    return (f"{hours[0]:%H:%M}", f"{hours[1]:%H:%M}") if hours else ("", "")


def _whom(seat: Seat) -> Staff | None:
    return manage_staff.in_team(seat.uow, seat.staff.agency_id, int(seat.whence.path["staff"]))


def _with(act: Callable[[Seat, Staff, Form], Did | None], seat: Seat, form: Form) -> Did | None:
    person = _whom(seat)
    return None if person is None else act(seat, person, form)


def _describe(seat: Seat, person: Staff, form: Form) -> Did | None:
    """Name and language."""
    name, language = form.get("name", "").strip(), form.get("language", "")
    if not 0 < len(name) <= LONGEST_NAME:
        return Did(faults={"name": seat.voice.say(NO_NAME)})
    known = seat.rules.texts.staff_languages
    changes = {"name": name} | ({"language": language} if language in known else {})
    seat.uow.people.change_staff(person.id, **changes)
    seat.uow.ledger.note(person.agency_id, seat.now, seat.actor, "staff_changed", f"staff:{person.id}")
    return _saved(seat)


def _role(seat: Seat, person: Staff, form: Form) -> Did | None:
    role = {one.value: one for one in Role}.get(form.get("role", ""))
    if role is None:
        return Did(faults={"role": seat.voice.say(NO_ROLE)})
    done = manage_staff.change_role(seat.uow, seat.rules, person, role, seat.staff, seat.now)
    if isinstance(done, Fault):
        return Did(faults={"role": seat.voice.say(_FAULTS[done])})
    return Did((seat.voice.say("Gespeichert."),), receipt=done)


def _deputy(seat: Seat, person: Staff, form: Form) -> Did | None:
    chosen = form.get("deputy", "")
    known = {number for number, _ in colleagues(seat.uow.people.all_staff(person.agency_id))}
    if chosen and (chosen not in known or chosen == str(person.id)):
        return Did(faults={"deputy": seat.voice.say("Bitte wählen Sie jemanden aus dem Team aus.")})
    name_deputy(seat.uow, person, int(chosen) if chosen else None, seat.now, seat.actor)
    return _saved(seat)


def _mail(seat: Seat, person: Staff, form: Form) -> Did | None:
    address = mail_address(form.get("mail", ""))
    if not address:
        return Did(faults={"mail": seat.voice.say(NO_MAIL)})
    if not ask_to_confirm(seat.uow, person, address, seat.rules, seat.now, seat.actor):
        return Did(faults={"mail": seat.voice.say(MAIL_TAKEN)})
    said = mark("Gespeichert. Die Adresse zählt, sobald sie mit dem Link in der Mail bestätigt ist.")
    return Did((seat.voice.say(said),), receipt=joined(Receipt(), {MAIL}))


def _week(seat: Seat, person: Staff, form: Form) -> Did | None:
    """Own hours by weekday; all empty: the agency's."""
    week: dict[int, tuple[time, time]] = {}
    faults = {}
    for day, (first, last) in enumerate(_HOURS):
        begins, ends = form.get(first, "").strip(), form.get(last, "").strip()
        if not begins and not ends:
            continue
        span = _clock(begins), _clock(ends)
        if span[0] is None or span[1] is None or span[0] >= span[1]:
            faults[first] = seat.voice.say("Bitte zwei Uhrzeiten, die spätere hinten.")
            continue
        week[day] = span[0], span[1]
    if faults:
        return Did(faults=faults)
    set_working_hours(seat.uow, person, week, seat.now, seat.actor)
    holes = tell_holes(seat.uow, seat.rules, person.agency_id, seat.now)
    seat.uow.outbox.post(holes, seat.now)
    return replace(_saved(seat), receipt=joined(Receipt(), {draft.channel for draft in holes}))


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _code(seat: Seat, person: Staff, form: Form) -> Did | None:
    del form
    hired = link_anew(seat.uow, seat.rules, person.id, seat.now, seat.actor)
    return _shown(seat, person, ways_in(seat, hired), News.WAY_IN)


def _password(seat: Seat, person: Staff, form: Form) -> Did | None:
    try:
        code = sign_in.offer(seat.uow, seat.rules, person.id, form.get("login", ""), seat.now, seat.actor)
    except NotFound:
        return Did(faults={"login": seat.voice.say("Bitte schreiben Sie, womit sich die Person anmeldet.")})
    except AlreadyTaken:
        return Did(faults={"login": seat.voice.say("Mit diesem Namen meldet sich schon jemand anderes an.")})
    link = f"{seat.rules.public_url}/console/password/{code}"
    return _shown(seat, person, [(seat.voice.say("Passwort setzen"), link)], News.LOGIN)


def _identity(seat: Seat, person: Staff, form: Form) -> Did | None:
    del form
    code = identity.offer_identity(seat.uow, seat.rules, person.id, seat.now, seat.actor)
    link = f"{seat.rules.public_url}/console/identity/{code}"
    return _shown(seat, person, [(seat.voice.say("Konto des Hauses verbinden"), link)], News.LOGIN)


def _shown(seat: Seat, person: Staff, links: list[tuple[str, str]], news: News) -> Did:
    receipt = manage_staff.tell(seat.uow, seat.rules, person, news, seat.staff, seat.now)
    return Did(receipt=receipt, once={"ways_in": links, "ways_of": person.name, "typed": {}})


def _end(seat: Seat, person: Staff, form: Form) -> Did | None:
    del form
    number = end_sessions(seat.uow, person, seat.actor, seat.now)
    return Did((seat.voice.say("Abgemeldete Browser: {count}", count=number),))


def _leave(seat: Seat, person: Staff, form: Form) -> Did | None:
    if form.get("sure", "") != "yes":
        return Did(faults={"sure": seat.voice.say("Bitte setzen Sie den Haken, wenn Sie sicher sind.")})
    done = manage_staff.let_go(seat.uow, seat.rules, person, seat.staff, seat.now)
    if isinstance(done, Fault):
        return Did(faults={"sure": seat.voice.say(_FAULTS[done])})
    said = [seat.voice.say("{name} ist nicht mehr im Team.", name=person.name)]
    if done:
        said.append(
            seat.voice.say("Ohne Coach sind jetzt: {count}. Bitte ordnen Sie sie neu zu.", count=done)
        )
    return Did(
        tuple(said),
        PATH,
        receipt=joined(Receipt(), {seat.rules.agencies[person.agency_id].bot(TELEGRAM_STAFF), MAIL}),
    )


def _saved(seat: Seat) -> Did:
    return Did((seat.voice.say("Gespeichert."),))


_ACTS = {
    "describe": _describe,
    "role": _role,
    "deputy": _deputy,
    "mail": _mail,
    "week": _week,
    "code": _code,
    "password": _password,
    "identity": _identity,
    "end": _end,
    "leave": _leave,
}

PAGES = (
    Page(
        f"{PATH}/staff/{{staff:int}}",
        "admin_person.html",
        ADMIN,
        _one,
        needs=Action.MANAGE_STAFF,
        acts={name: partial(_with, act) for name, act in _ACTS.items()},
    ),
)
