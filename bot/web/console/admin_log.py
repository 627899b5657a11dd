# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log as it is read: who did what when, never what it was about; and whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from bot.domain.access import Action
from bot.domain.people import Participant, Staff
from bot.overview_ports import LogLine, LogWish
from bot.services import audit_chain
from bot.texts import mark
from bot.web.console.admin_tabs import tabs
from bot.web.console.navigation import ADMIN
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import at_wall, zone

PATH = "/console/admin/log"
#: Entries on one page.
ROWS = 50
#: So many of the newest entries are checked from here; the whole chain is checked at the keyboard.
CHECKED = 5000
_WHO = {
    "command": mark("Befehlszeile"),
    "system": mark("Lotse"),
    "program": mark("Lotse"),
    "participant": mark("die Person selbst"),
}
#: How a case code looks; machine words are written small.
_CODE = re.compile(r"\b[A-Z0-9]{5}\b")
_FIELDS = ("person", "staff", "action", "day")


def _read(seat: Seat) -> Mapping[str, object]:
    query = seat.whence.query
    wished = {name: query.get(name, "").strip()[:80] for name in _FIELDS}
    day, before = _day(seat, wished["day"]), query.get("before", "")
    person = _person(seat, wished["person"])
    is_odd = bool(wished["person"] and person is None) or bool(wished["day"] and day is None)
    actor = f"staff:{wished['staff']}" if wished["staff"].isdecimal() else wished["staff"]
    number = int(before) if before.isdecimal() and len(before) < 19 else 0
    wish = LogWish(person, actor, wished["action"], day, number)
    found = [] if is_odd else seat.uow.overview.log(seat.staff.agency_id, wish, ROWS + 1)
    team = {f"staff:{one.id}": one for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    filters = {name: value for name, value in wished.items() if value}
    if person is not None:
        # Who looks at what was done about a person is seen as well.
        seat.uow.ledger.note(seat.staff.agency_id, seat.now, seat.actor, "log_searched", person.case_code)
    return {
        "tabs": tabs(seat.voice, "log"),
        "rows": [
            (
                _shown(seat, one),
                seat.moment(one.at),
                _who(seat, one, team),
            )
            for one in found[:ROWS]
        ],
        "wished": wished,
        "team": [(one.id, one.name) for one in team.values()],
        "older": f"{PATH}?{urlencode(filters | {'before': str(found[ROWS - 1].id)})}"
        if len(found) > ROWS
        else "",
        "newest": f"{PATH}?{urlencode(filters)}" if number else "",
        "is_odd": is_odd,
        "is_narrowed": bool(filters),
    }


def _shown(seat: Seat, line: LogLine) -> LogLine:
    """Whose case it is, is said only to somebody who may know of every case."""
    if seat.may(Action.SEE_QUEUE_ROW):
        return line
    return replace(line, subject=_CODE.sub("·····", line.subject))


def _who(seat: Seat, line: LogLine, team: Mapping[str, Staff]) -> str:
    """Who it was: by name, or what else can do things."""
    if line.actor in team:
        return team[line.actor].name
    kind = line.actor.partition(":")[0]
    return seat.voice.say(_WHO[kind]) if kind in _WHO else line.actor


def _person(seat: Seat, code: str) -> Participant | None:
    return seat.uow.plans.by_case_code(seat.staff.agency_id, code.upper()) if code else None


def _day(seat: Seat, text: str) -> tuple[datetime, datetime] | None:
    """From midnight to midnight where the agency is."""
    try:
        day = date.fromisoformat(text)
        after = day + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    where = zone(seat.zone)
    return at_wall(day, time.min, where), at_wall(after, time.min, where)


def _verify(seat: Seat, form: Form) -> Did:
    """Whether the newest entries are as they were written."""
    del form
    number, broken = audit_chain.verify_newest(seat.uow, seat.staff.agency_id, CHECKED)
    if broken is None:
        said = seat.voice.say(
            "Geprüft: Die letzten {count} Einträge sind so, wie sie geschrieben wurden.", count=number
        )
    else:
        said = seat.voice.say(
            "Das Protokoll ist nicht mehr so, wie es geschrieben wurde: {what}, Eintrag {row}. "
            "Bitte geben Sie das sofort an Ihre Technik und Ihren Datenschutz weiter.",
            what=broken.what.value,
            row=broken.row,
        )
    return Did((said,))


PAGES = (Page(PATH, "admin_log.html", ADMIN, _read, needs=Action.MANAGE_STAFF, acts={"verify": _verify}),)
