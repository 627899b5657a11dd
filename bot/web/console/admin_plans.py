# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Plans: checked, explained with what becomes of everybody's coming days, put in force and put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.access import Action
from bot.services import change_plans
from bot.services.publish import in_force as dialogs_in_force
from bot.services.read_plans import Reading, read_plans
from bot.texts import mark
from bot.web.console.admin_programmes import ORIGINS
from bot.web.console.admin_tabs import tabs
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Form, Page, Seat
from dialogs.shipped import shipped_plans
from scheduler.plan_changes import ChangeKind

PATH = "/console/admin/plans"
_KINDS = {
    ChangeKind.GOES: mark("fällt weg"),
    ChangeKind.COMES: mark("kommt dazu"),
    ChangeKind.MOVES: mark("zu anderer Zeit"),
    ChangeKind.STAYS: mark("bleibt"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a change means: how many people, and for each changed plan how many days of each kind."""

    days: int
    people: int
    plans: tuple[tuple[str, tuple[int, ...]], ...]
    is_same: bool


def _read(seat: Seat) -> Mapping[str, object]:
    editions = list(reversed(seat.uow.plans.editions(seat.staff.agency_id)))
    source = editions[0].source if editions else shipped_plans()
    return {
        "tabs": tabs(seat.voice, "programmes"),
        "source": source,
        "versions": [
            (one, seat.moment(one.published_at), seat.voice.say(ORIGINS[one.origin])) for one in editions
        ],
        "differs": source != shipped_plans(),
        "kinds": [seat.voice.say(label) for label in _KINDS.values()],
        "explained": None,
        "problems": (),
    }


def _explain(seat: Seat, form: Form) -> Did:
    return _explained(seat, form.get("source", ""))


def _version(seat: Seat, form: Form) -> Did | None:
    wanted = form.get("version", "")
    editions = seat.uow.plans.editions(seat.staff.agency_id)
    sources = {str(one.version): one.source for one in editions} | {"shipped": shipped_plans()}
    return _explained(seat, sources[wanted]) if wanted in sources else None


def _explained(seat: Seat, source: str) -> Did:
    reading = _reading(seat, source)
    if reading.problems:
        return _refused(seat, reading)
    days: dict[str, Counter[ChangeKind]] = {}
    people = set()
    agency_id = seat.staff.agency_id
    for change in change_plans.explain(seat.uow, seat.rules, agency_id, reading.plans, seat.now):
        people.add(change.case_code)
        days.setdefault(change.plan, Counter()).update(line.kind for line in change.lines)
    forced = change_plans.in_force(seat.uow, agency_id)
    told = Told(
        change_plans.AHEAD.days,
        len(people),
        tuple((plan, tuple(counted[kind] for kind in _KINDS)) for plan, counted in days.items()),
        is_same=forced is not None and forced.source == source,
    )
    return Did(once={"explained": told, "problems": reading.warnings, "typed": {"source": source}})


def _publish(seat: Seat, form: Form) -> Did:
    source = form.get("source", "")
    reading = _reading(seat, source)
    if reading.problems:
        return _refused(seat, reading)
    agency_id = seat.staff.agency_id
    edition, is_new = change_plans.publish(seat.uow, agency_id, source, seat.now, {shipped_plans()})
    if not is_new:
        return Did((seat.voice.say("Genau so gilt es schon."),))
    seat.uow.ledger.note(agency_id, seat.now, seat.actor, "publish_plans", str(edition.version))
    return Did((seat.voice.say("Fassung {version} gilt jetzt.", version=edition.version),))


def _reading(seat: Seat, source: str) -> Reading:
    return read_plans(source, "plans", dialogs_in_force(seat.uow))


def _refused(seat: Seat, reading: Reading) -> Did:
    said = seat.voice.say("So geht es nicht. Es hat sich nichts geändert.")
    return Did(faults={"source": said}, once={"problems": reading.problems})


PAGES = (
    Page(
        PATH,
        "admin_plans.html",
        ADMIN,
        _read,
        needs=Action.MANAGE_TEXTS,
        acts={"explain": _explain, "version": _version, "upgrade": _publish},
    ),
)
