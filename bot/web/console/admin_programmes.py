# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Programmes: installed, changed with an explanation first, and put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain.access import Action
from bot.domain.editions import Origin
from bot.domain.enrolments import ProgrammeEdition
from bot.errors import NotFound
from bot.services import change_programmes
from bot.services.change_programmes import Explained
from bot.texts import mark
from bot.web.console.admin_tabs import tabs
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Form, Page, Seat
from dialogs.own_words import pick
from dialogs.parse_programme import parse_programme
from dialogs.problems import DialogError, Problem
from dialogs.programme_edit import with_field
from dialogs.programme_model import Programme
from dialogs.shipped import shipped_programmes

PATH = "/console/admin/programmes"
ORIGINS = {Origin.SHIPPED: mark("mitgeliefert"), Origin.ADMIN: mark("von hier")}
_MUST_MEND = mark("So geht es nicht. Es hat sich nichts geändert.")
_BY_HAND = mark("Das steht im Text auf mehreren Zeilen. Bitte ändern Sie es dort.")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One programme in the list; `version` is 0 if it is not installed."""

    name: str
    title: str
    version: int = 0
    origin: str = ""
    people: int = 0
    ships: bool = False
    differs: bool = False


def _list(seat: Seat) -> Mapping[str, object]:
    agency_id, shipped = seat.staff.agency_id, shipped_programmes()
    newest = {one.name: one for one in seat.uow.programmes.editions(agency_id)}
    people = Counter(one.programme for one in seat.uow.programmes.open_in(agency_id))
    known = seat.rules.programmes.in_force(seat.uow, agency_id)
    rows = [
        _shelf(seat, name, newest.get(name), (known, people))
        for name in sorted(newest.keys() | shipped.keys())
    ]
    return {
        "tabs": tabs(seat.voice, "programmes"),
        "rows": [one for one in rows if one.version],
        "others": [one for one in rows if not one.version],
        "plans_version": seat.uow.plans.version_in_force(agency_id),
    }


@cache
def comes_along(name: str) -> Programme | None:
    """The programme of this name that ships, if there is one."""
    source = shipped_programmes().get(name)
    return parse_programme(source, name) if source else None


def _shelf(
    seat: Seat,
    name: str,
    edition: ProgrammeEdition | None,
    known: tuple[Mapping[str, Programme], Mapping[str, int]],
) -> Shelf:
    shipped, (programmes, people) = shipped_programmes().get(name, ""), known
    programme = programmes.get(name) or comes_along(name)
    title = (pick(programme.title, seat.voice.language) if programme else None) or name
    if edition is None:
        return Shelf(name, title, ships=True)
    return Shelf(
        *(name, title, edition.version, seat.voice.say(ORIGINS[edition.origin])),
        people=people.get(name, 0),
        ships=bool(shipped),
        differs=bool(shipped) and shipped != edition.source,
    )


def _install(seat: Seat, form: Form) -> Did | None:
    name = form.get("name", "")
    source = shipped_programmes().get(name)
    if source is None:
        return None
    file = source, f"{name}/programme.yaml"
    try:
        change_programmes.install(seat.uow, seat.rules, seat.staff.agency_id, file, seat.now, seat.actor)
    except DialogError as error:
        return _refused(seat, error.problems)
    return Did((seat.voice.say("Das Programm ist eingerichtet: {name}", name=name),), f"{PATH}/{name}")


def _one(seat: Seat) -> Mapping[str, object] | None:
    editions = _editions(seat)
    if not editions:
        return None
    forced, shipped = editions[0], shipped_programmes().get(_name(seat), "")
    programme = seat.rules.programmes.version(seat.uow, seat.staff.agency_id, forced.name, forced.version)
    return {
        "tabs": tabs(seat.voice, "programmes"),
        "name": forced.name,
        "title": (pick(programme.title, seat.voice.language) if programme else "") or forced.name,
        "source": forced.source,
        "versions": [
            (one, seat.moment(one.published_at), seat.voice.say(ORIGINS[one.origin])) for one in editions
        ],
        "differs": bool(shipped) and shipped != forced.source,
        "values": _values(programme) if programme else {},
        "sees_cases": seat.may(Action.CHANGE_PLAN),
        "explained": None,
        "problems": (),
    }


def _values(programme: Programme) -> dict[str, str]:
    """The common fields as they are typed."""
    limit = programme.limit
    return {
        "caseload": str(programme.caseload or ""),
        "contact": str(programme.contact or ""),
        "months": str(limit.months) if limit else "",
        "warnings": ", ".join(map(str, limit.warnings)) if limit else "",
    }


def _name(seat: Seat) -> str:
    return str(seat.whence.path["name"])


def _editions(seat: Seat) -> list[ProgrammeEdition]:
    """The versions, the one in force first."""
    found = seat.uow.programmes.editions(seat.staff.agency_id)
    return [one for one in reversed(found) if one.name == _name(seat)]


def _explain(seat: Seat, form: Form) -> Did | None:
    """What another text would change for whom. Changes nothing."""
    return _explained(seat, form.get("source", ""))


def _version(seat: Seat, form: Form) -> Did | None:
    """What an old version, or the one that comes with the program, would change."""
    wanted = form.get("version", "")
    sources = {str(one.version): one.source for one in _editions(seat)}
    sources |= {"shipped": shipped_programmes().get(_name(seat), "")}
    return _explained(seat, sources[wanted]) if sources.get(wanted) else None


def _fields(seat: Seat, form: Form) -> Did | None:
    """The common fields, written into the text as somebody would; then explained."""
    editions = _editions(seat)
    if not editions:
        return None
    limit, warnings = form.get("months", "").strip(), form.get("warnings", "").strip()
    contact = form.get("contact", "").strip()
    lines = {
        "caseload": form.get("caseload", "").strip(),
        "contact": f"{contact} days" if contact else "",
        "limit": f"{{months: {limit}{f', warnings: [{warnings}]' if warnings else ''}}}" if limit else "",
    }
    numbers = [form.get("caseload", ""), contact, limit, *warnings.split(",")]
    if not all(number.strip().isdecimal() for number in numbers if number.strip()):
        return Did(faults={"fields": seat.voice.say("Bitte schreiben Sie nur Zahlen, mehrere mit Komma.")})
    source: str | None = editions[0].source
    before = _values_of(seat, editions[0])
    asked = {"caseload": ("caseload",), "contact": ("contact",), "limit": ("months", "warnings")}
    for key, names in asked.items():
        if source is not None and any(form.get(name, "").strip() != before.get(name, "") for name in names):
            source = with_field(source, key, lines[key])
    if source is None:
        return Did(faults={"fields": seat.voice.say(_BY_HAND)})
    return _explained(seat, source)


def _values_of(seat: Seat, edition: ProgrammeEdition) -> dict[str, str]:
    programme = seat.rules.programmes.version(seat.uow, edition.agency_id, edition.name, edition.version)
    return _values(programme) if programme else {}


def _explained(seat: Seat, source: str) -> Did | None:
    try:
        found: Explained = change_programmes.explain(
            seat.uow, seat.rules, seat.staff.agency_id, (source, _name(seat))
        )
    except DialogError as error:
        return _refused(seat, error.problems)
    except NotFound:
        return _another(seat)
    if found.programme.id != _name(seat):
        return _another(seat)
    if found.stuck:
        return _refused(seat, found.stuck)
    return Did(once={"explained": found, "typed": {"source": source}})


def _another(seat: Seat) -> Did:
    return Did(faults={"source": seat.voice.say("In diesem Text steht ein anderes Programm.")})


def _upgrade(seat: Seat, form: Form) -> Did | None:
    """Put the text in force that was explained."""
    source = form.get("source", "")
    did = _explained(seat, source)
    if did is None or did.faults:
        return did
    file = source, _name(seat)
    edition, is_new = change_programmes.upgrade(
        seat.uow, seat.rules, seat.staff.agency_id, file, seat.now, seat.actor
    )
    if not is_new:
        return Did((seat.voice.say("Genau so gilt es schon."),))
    return Did((seat.voice.say("Fassung {version} gilt jetzt.", version=edition.version),))


def _refused(seat: Seat, problems: tuple[Problem, ...]) -> Did:
    return Did(faults={"source": seat.voice.say(_MUST_MEND)}, once={"problems": problems})


PAGES = (
    Page(PATH, "admin_programmes.html", ADMIN, _list, needs=Action.MANAGE_TEXTS, acts={"install": _install}),
    Page(
        f"{PATH}/{{name}}",
        "admin_programme.html",
        ADMIN,
        _one,
        needs=Action.MANAGE_TEXTS,
        acts={"explain": _explain, "version": _version, "fields": _fields, "upgrade": _upgrade},
    ),
)
