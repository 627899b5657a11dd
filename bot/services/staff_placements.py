# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Internships in the staff's messenger: `/praktikum` shows one, moves its days and ends it.

The firm is only named where the channel may carry content; a new one is entered in the console.
"""

from __future__ import annotations

from datetime import date

import msgspec

from bot.domain.access import Action
from bot.domain.people import Participant
from bot.domain.placements import EarlyEnd, Placement
from bot.services import placements, staff_plans
from bot.services.appointment_dates import EntryFault
from bot.services.appointments import Telling
from bot.services.desk import Desk
from bot.services.placement_words import STAGES, days_text, for_case, hours_text, typed_hours
from bot.services.staff_queue import find_person
from bot.texts import mark
from dialogs.reading_dates import read_date

SHOW = "/praktikum K7F3M"
END = "/praktikum K7F3M ende 14.12.2026"
_END = "ende"
#: So far from today a day may be that is typed here; further away it is a slip.
_FURTHEST = 366
_SHOWN_WEEKS = 4
_NO_DAY = mark("Diesen Tag verstehe ich nicht. Es wurde nichts geändert.")


def act(desk: Desk, typed: str) -> None:
    """`/praktikum CODE [FIRST LAST | ende DAY [REASON]]`; without an internship only its days are kept."""
    code, *words = typed.split(maxsplit=2)[:2] or [""]
    kept = _kept(desk, code)
    if kept is None and words:
        staff_plans.set_internship(desk, typed)
        return
    person = find_person(desk, code, SHOW, Action.CHANGE_PLAN)
    if person is None:
        return
    try:
        _carry_out(desk, person, kept, typed.partition(" ")[2].strip())
    except EntryFault as fault:
        desk.tell(fault.say(desk.voice))


def _carry_out(desk: Desk, person: Participant, kept: Placement | None, typed: str) -> None:
    if kept is None or not typed:
        _show(desk, person, kept)
        return
    word, _, rest = typed.partition(" ")
    if word.casefold() == _END:
        day, _, reason = rest.strip().partition(" ")
        ending = EarlyEnd(day=_day(desk, person, day), reason=reason.strip())
        ended, telling = placements.end_early(desk, person, kept.id, ending)
        _show(desk, person, ended, telling)
        return
    days = [_day(desk, person, one) for one in (word, *rest.split())]
    if len(days) != len(("first", "last")):
        example = f"/praktikum {person.case_code} 1.12.2026 31.1.2027"
        desk.tell(
            desk.voice.say("So kann ich das nicht lesen. Es wurde nichts geändert.")
            + "\n"
            + desk.voice.say("Zum Beispiel: {example}", example=example)
        )
        return
    terms = msgspec.structs.replace(kept.terms, first_day=days[0], last_day=days[1])
    changed, telling = placements.change(desk, person, kept.id, terms, kept.contact_id)
    _show(desk, person, changed, telling)


def _show(desk: Desk, person: Participant, kept: Placement | None, telling: Telling | None = None) -> None:
    voice = desk.voice
    desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, "placements_shown", person.case_code)
    if kept is None:
        line = voice.say("Fall {case}: Es ist kein Praktikum eingetragen.", case=person.case_code)
        desk.tell(f"{line}\n" + voice.say("Ein neues tragen Sie in der Konsole ein."))
        return
    today = placements.today_of(desk, person)
    lines = [
        voice.say(
            "Fall {case}, Praktikum {number}: {stage}.",
            case=person.case_code,
            number=kept.id,
            stage=voice.say(STAGES[kept.stage(today)]),
        )
    ]
    if desk.may_show_content and desk.guard.person(person, Action.SEE_CONTENT).is_allowed:
        lines += [for_case(voice, kept, today), hours_text(voice, kept.terms)]
    else:
        lines.append(days_text(voice, kept.terms))
    worked = desk.uow.casework.placements.worked([kept.id]).get(kept.id, [])
    lines += [
        voice.say(
            "Woche ab {day}: {hours} Stunden",
            day=f"{week.week:%d.%m.}",
            hours=typed_hours(week.minutes, voice.language),
        )
        for week in worked[-_SHOWN_WEEKS:]
    ]
    if telling is not None:
        lines.append(voice.say(telling.value))
    desk.tell("\n".join(lines))


def _kept(desk: Desk, code: str) -> Placement | None:
    person = desk.uow.plans.by_case_code(desk.agency.id, code.upper()) if code else None
    if person is None or not desk.guard.person(person, Action.CHANGE_PLAN).is_allowed:
        return None
    return placements.current(desk.uow, person, placements.today_of(desk, person))


def _day(desk: Desk, person: Participant, typed: str) -> date:
    found = read_date(typed, placements.today_of(desk, person), -_FURTHEST, 3 * _FURTHEST)
    if found is None:
        raise EntryFault(_NO_DAY)
    return found
