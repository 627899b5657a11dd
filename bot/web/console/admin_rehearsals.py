# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals: what a programme would be like for months, asked for here and reported here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.rehearsals import (
    MOST_MONTHS,
    MOST_PEOPLE,
    MOST_STAFF,
    Rehearsal,
    RehearsalFault,
    RehearsalState,
    RehearsalWish,
    reckoned,
)
from bot.services import rehearsals
from bot.services.appointment_dates import EntryFault
from bot.texts import mark
from bot.web.console.admin_programmes import comes_along
from bot.web.console.admin_tabs import tabs
from bot.web.console.admin_words import span_name
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Download, File, Form, Page, Seat
from dialogs.own_words import pick

PATH = "/console/admin/rehearsals"
_STATES = {
    RehearsalState.ASKED: mark("wartet"),
    RehearsalState.RUNNING: mark("läuft"),
    RehearsalState.DONE: mark("fertig"),
    RehearsalState.FAILED: mark("ohne Bericht"),
}
_FAULTS = {
    RehearsalFault.PROGRAMME: mark(
        "Diese Fassung lässt sich so nicht proben. Vielleicht nennt sie Dialoge oder Pläne, "
        "die nur hier gelten."
    ),
    RehearsalFault.TOO_LONG: mark("Es dauerte zu lange. Bitte nehmen Sie weniger Menschen oder Monate."),
    RehearsalFault.TOO_LARGE: mark("Es wurde zu groß. Bitte nehmen Sie weniger Menschen oder Monate."),
    RehearsalFault.STOPPED: mark("Es brach ab. Bitte versuchen Sie es noch einmal."),
}
#: Field, its usual value, the least and the most.
_NUMBERS = (
    ("people", "60", 1, MOST_PEOPLE),
    ("months", "3", 1, MOST_MONTHS),
    ("staff", "3", 1, MOST_STAFF),
    ("against", "", 0, MOST_STAFF),
)
_LANGUAGES = ("de", "en")
#: How large a rehearsal is of which the page says beforehand how long it takes.
_USUAL = RehearsalWish("", 0, 60, 3, 3)


@dataclass(frozen=True, slots=True)
class Row:
    """One rehearsal in the list. `about` is how long it takes, empty if it is over.

    `why` says why there is no report.
    """

    id: int
    title: str
    size: str
    who: str
    asked: str
    state: RehearsalState
    word: str
    about: str
    why: str


def _read(seat: Seat) -> Mapping[str, object]:
    agency_id = seat.staff.agency_id
    known = rehearsals.programmes(seat.uow, agency_id)
    titles = _titles(seat, known)
    team = {one.id: one.name for one in seat.uow.people.all_staff(agency_id)}
    kept = seat.uow.casework.rehearsals.of_agency(agency_id)
    return {
        "tabs": tabs(seat.voice, "rehearsals"),
        "rows": [_row(seat, one, titles, team) for one in kept],
        "programmes": [(f"{name}:{version}", titles[name]) for name, version in sorted(known.items())],
        "numbers": {name: (usual, least, most) for name, usual, least, most in _NUMBERS},
        "usually": span_name(seat.voice, reckoned(_USUAL)),
    }


def _titles(seat: Seat, known: Mapping[str, int]) -> dict[str, str]:
    """What programmes are called, with their version where they are installed."""
    installed = seat.rules.programmes.in_force(seat.uow, seat.staff.agency_id)
    titles = {}
    for name, version in known.items():
        programme = installed.get(name) or comes_along(name)
        title = (pick(programme.title, seat.voice.language) if programme else None) or name
        more = (
            seat.voice.say("Fassung {version}", version=version)
            if version
            else seat.voice.say("mitgeliefert")
        )
        titles[name] = f"{title} ({more})"
    return titles


def _row(seat: Seat, one: Rehearsal, titles: Mapping[str, str], team: Mapping[int, str]) -> Row:
    say, wish = seat.voice.say, one.wish
    size = say(
        "Menschen: {people}, Monate: {months}, Coaches: {staff}",
        people=wish.people,
        months=wish.months,
        staff=wish.staff,
    )
    if wish.against_staff:
        size = say("{size}, verglichen mit Coaches: {staff}", size=size, staff=wish.against_staff)
    is_over = one.state in (RehearsalState.DONE, RehearsalState.FAILED)
    return Row(
        id=one.id,
        title=titles.get(wish.programme, wish.programme),
        size=size,
        who=team.get(one.asked_by, "?"),
        asked=seat.moment(one.asked_at),
        state=one.state,
        word=say(_STATES[one.state]),
        about="" if is_over else say("ungefähr {span}", span=span_name(seat.voice, reckoned(wish))),
        why=say(_FAULTS[one.fault]) if one.fault else "",
    )


def _ask(seat: Seat, form: Form) -> Did:
    faults, numbers = {}, {}
    for name, _, least, most in _NUMBERS:
        typed = form.get(name, "").strip() or str(least if least == 0 else "")
        is_number = typed.isascii() and typed.isdecimal() and len(typed) < 6
        numbers[name] = int(typed) if is_number else -1
        if not least <= numbers[name] <= most:
            faults[name] = seat.voice.say("Bitte eine Zahl von {least} bis {most}.", least=least, most=most)
    if faults:
        return Did(faults=faults)
    name, _, version = form.get("programme", "").partition(":")
    wish = RehearsalWish(
        programme=name,
        version=int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else -1,
        people=numbers["people"],
        months=numbers["months"],
        staff=numbers["staff"],
        against_staff=numbers["against"],
        language=seat.voice.language if seat.voice.language in _LANGUAGES else "de",
    )
    try:
        rehearsals.ask(seat.uow, wish, seat.staff, seat.now)
    except EntryFault as fault:
        return Did(faults={"wish": fault.say(seat.voice)})
    said = seat.voice.say(
        "Der Probelauf beginnt, sobald kein anderer läuft. Er dauert ungefähr {span}.",
        span=span_name(seat.voice, reckoned(wish)),
    )
    return Did((said,))


def _drop(seat: Seat, form: Form) -> Did | None:
    typed = form.get("rehearsal", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 16):
        return None
    if not rehearsals.drop(seat.uow, int(typed), seat.staff, seat.now):
        return Did((seat.voice.say("Diesen Probelauf gibt es nicht mehr."),))
    return Did((seat.voice.say("Der Probelauf ist gelöscht."),))


def _report(seat: Seat) -> File | None:
    one = seat.uow.casework.rehearsals.get(int(seat.whence.path["rehearsal"]))
    if one is None or one.agency_id != seat.staff.agency_id or one.state is not RehearsalState.DONE:
        return None
    page = seat.uow.casework.rehearsals.report(one.id)
    name = seat.voice.say("lotse-probelauf-{number}.html", number=one.id)
    return File(page.encode(), "text/html; charset=utf-8", name)


PAGES = (
    Page(
        PATH,
        "admin_rehearsals.html",
        ADMIN,
        _read,
        needs=Action.MANAGE_TEXTS,
        acts={"ask": _ask, "drop": _drop},
    ),
    Download(f"{PATH}/{{rehearsal:int}}/report.html", _report, needs=Action.MANAGE_TEXTS),
)
