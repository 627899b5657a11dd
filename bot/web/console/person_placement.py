# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person's internship: where, when, how much; whether the firm may see it; the hours that it entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bot.domain.access import Action
from bot.domain.placements import EarlyEnd, Placement, PlacementTerms, WorkedWeek
from bot.services import placements
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.appointment_words import number_of
from bot.services.desk import Desk
from bot.services.help_plan_facts import day_of
from bot.services.placement_words import (
    STAGES,
    days_text,
    hours_text,
    place_text,
    read_hours,
    typed_hours,
)
from bot.services.sharing_talks import is_held
from bot.web.console.at_desk import desk_of
from bot.web.console.person_head import PLACEMENT, Opened, page
from bot.web.console.seat import Did, Form, Seat


def _read(seat: Seat, found: Opened) -> Mapping[str, object]:
    desk = desk_of(seat)
    assert desk is not None, "whoever sits there has a desk"
    every = seat.uow.casework.placements.of_participant(found.person.id)
    worked = seat.uow.casework.placements.worked([one.id for one in every])
    today, contacts = placements.today_of(desk, found.person), placements.contacts(desk)
    return {
        "placements": [
            _shown(desk, one, worked.get(one.id, ()), contacts, is_open=one.goes_on(today))
            | {"stage": seat.voice.say(STAGES[one.stage(today)])}
            for one in reversed(every)
        ],
        "contacts": [(str(number), name) for number, name in contacts.items()],
        "blank": dict.fromkeys(PlacementTerms.__struct_fields__, ""),
        "has_open": any(one.goes_on(today) for one in every),
        "this_day": today.isoformat(),
    }


def _shown(
    desk: Desk,
    one: Placement,
    worked: Sequence[WorkedWeek],
    contacts: Mapping[int, str],
    *,
    is_open: bool,
) -> dict[str, object]:
    voice, terms = desk.voice, one.terms
    ask = placements.ask_of(desk.uow, one)
    return {
        "id": one.id,
        "is_open": is_open,
        "place": place_text(terms),
        "days": days_text(voice, terms),
        "how_much": hours_text(voice, terms),
        "terms": terms,
        "typed_hours": typed_hours(terms.minutes, voice.language),
        "contact_id": str(one.contact_id or ""),
        "seen_by": contacts.get(one.contact_id or 0, ""),
        "is_agreed": is_held(desk.uow, desk.rules, ask, desk.now),
        "ended_on": day_of(voice, one.ending.day) if one.ending is not None else "",
        "reason": one.ending.reason if one.ending is not None else "",
        "worked": [(day_of(voice, week.week), typed_hours(week.minutes, voice.language)) for week in worked],
    }


def _add(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    _, telling = placements.add(desk, found.person, _terms(form), _contact(form))
    return desk.voice.say("Das Praktikum ist eingetragen."), desk.voice.say(telling.value)


def _change(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    number = number_of(form.get("number", ""))
    _, telling = placements.change(desk, found.person, number, _terms(form), _contact(form))
    return desk.voice.say("Gespeichert."), desk.voice.say(telling.value)


def _end(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    ending = EarlyEnd(day=read_day(form.get("day", "")), reason=form.get("reason", "").strip())
    _, telling = placements.end_early(desk, found.person, number_of(form.get("number", "")), ending)
    ended = desk.voice.say("Das Praktikum ist zu Ende. Der Grund bleibt beim Team.")
    return ended, desk.voice.say(telling.value)


def _terms(form: Form) -> PlacementTerms:
    texts = {
        name: " ".join(form.get(name, "").split())
        for name in ("employer", "district", "shown_as", "times", "contact")
    }
    return PlacementTerms(
        first_day=read_day(form.get("first_day", "")),
        last_day=read_day(form.get("last_day", "")),
        minutes=read_hours(form.get("hours", "")),
        **texts,
    )


def _contact(form: Form) -> int | None:
    return number_of(form.get("contact_id", "")) or None


def _trying(
    name: str, act: Callable[[Desk, Opened, Form], Sequence[str]], desk: Desk, found: Opened, form: Form
) -> Did:
    try:
        return Did(tuple(act(desk, found, form)))
    except EntryFault as fault:
        return Did(faults={name: fault.say(desk.voice)})


_PLAN = Action.CHANGE_PLAN
PAGES = (
    page(
        PLACEMENT,
        "placement.html",
        _read,
        {
            name: (_PLAN, partial(_trying, name, act))
            for name, act in (("add", _add), ("change", _change), ("end", _end))
        },
    ),
)
