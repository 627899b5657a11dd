# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications with carriers: of one person with every step, and what is due among all one's people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from bot.domain.access import Action
from bot.domain.applications import (
    LONGEST_LINE,
    LONGEST_WORDS,
    Application,
    ApplicationContent,
    ApplicationEvent,
    ApplicationParty,
    Benefit,
    CarrierKind,
    Coming,
    Turn,
)
from bot.domain.partners import PartnerKind
from bot.services import applications
from bot.services.application_moves import today_of
from bot.services.application_words import (
    BENEFITS,
    CARRIERS,
    DECISIONS,
    STATES,
    TURNS,
    next_text,
    please_check,
    sentence,
    state_text,
    title,
)
from bot.services.applications import Happened
from bot.services.applications_view import due_list
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.appointment_words import number_of
from bot.services.desk import Desk
from bot.services.help_plan_facts import day_of
from bot.services.people_view import Whose
from bot.services.referrals_view import OWN
from bot.texts import mark
from bot.web.console.navigation import PEOPLE
from bot.web.console.people import HOME
from bot.web.console.person_head import APPLICATIONS, Opened, page, title_of
from bot.web.console.seat import Did, Form, Page, Seat

PATH = f"{HOME}/applications"
_MOST_SHOWN = 200
_TEAM = "team"
#: What only has a day and words, by what staff choose.
_PLAIN: Mapping[ApplicationEvent, str] = {
    ApplicationEvent.FILE: mark("Antrag abgeschickt"),
    ApplicationEvent.RECEIVE: mark("Eingang bestätigt"),
    ApplicationEvent.WANT_PAPERS: mark("Der Träger fragt Unterlagen nach"),
    ApplicationEvent.HAND_IN: mark("Unterlagen nachgereicht"),
    ApplicationEvent.OBJECT: mark("Widerspruch eingelegt"),
}
_STAFF = ApplicationParty.STAFF
Word = TypeVar("Word", bound=StrEnum)
_CHOOSE = mark("Bitte wählen Sie etwas aus der Liste.")


def _read(seat: Seat, found: Opened) -> Mapping[str, object]:
    voice = seat.voice
    every = seat.uow.casework.applications.of_participant(found.person.id)
    names = {f"staff:{one.id}": one.name for one in seat.uow.people.all_staff(seat.staff.agency_id)}
    shown = partial(_shown, seat, names)

    def listed(words: Mapping[Word, str]) -> list[tuple[str, str]]:
        return [(one.value, voice.say(text)) for one, text in words.items()]

    partners = seat.uow.casework.partners.of_agency(seat.staff.agency_id)
    return {
        "open_list": [shown(one) for one in every if one.is_open],
        "closed_list": [shown(one) for one in reversed(every) if not one.is_open],
        "carriers": listed(CARRIERS),
        "benefits": listed(BENEFITS),
        "decisions": listed(DECISIONS),
        "turns": listed(TURNS),
        "partners": [
            (str(one.id), one.name)
            for one in partners
            if one.kind is PartnerKind.CARRIER and not one.is_retired
        ],
        "this_day": today_of(seat.rules, seat.staff.agency_id, seat.now).isoformat(),
        "longest_line": LONGEST_LINE,
        "longest_words": LONGEST_WORDS,
    }


def _shown(seat: Seat, names: Mapping[str, str], one: Application) -> dict[str, object]:
    voice, content = seat.voice, one.content
    history = seat.uow.casework.applications.history(one.id)
    return {
        "id": one.id,
        "title": title(voice, one),
        "state": state_text(voice, one),
        "coming": next_text(voice, one),
        "content": content,
        "partner": str(content.partner_id or ""),
        "due_on": one.due_on.isoformat() if one.due_on is not None else "",
        "turn": one.turn.value,
        "can": {event.value: one.can(event, _STAFF) for event in ApplicationEvent},
        "plain": [(event.value, voice.say(text)) for event, text in _PLAIN.items() if one.can(event, _STAFF)],
        "history": [
            (
                day_of(voice, entry.day),
                sentence(voice, entry, names.get(entry.actor, voice.say("Lotse"))),
            )
            for entry in history
        ],
    }


def _add(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    applications.add(desk, found.person, _content(desk, form), _coming(form))
    return (desk.voice.say("Der Antrag steht auf der Liste. Die Person sieht ihn mit /antraege."),)


def _change(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    content, number = _content(desk, form), number_of(form.get("number", ""))
    applications.change(desk, found.person, number, content, _coming(form))
    return (desk.voice.say("Gespeichert."),)


def _note(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    event = _one_of(ApplicationEvent, form.get("event", ""))
    if event not in _PLAIN:
        raise EntryFault(_CHOOSE)
    return _happened(desk, found, form, event)


def _decide(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    return _happened(desk, found, form, ApplicationEvent.DECIDE, form.get("decision", ""))


def _forward(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    return _happened(desk, found, form, ApplicationEvent.FORWARD, form.get("carrier", ""))


def _close(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    number = number_of(form.get("number", ""))
    applications.close(desk, found.person, number, form.get("words", "").strip())
    return (desk.voice.say("Der Antrag ist abgeschlossen."),)


def _happened(
    desk: Desk, found: Opened, form: Form, event: ApplicationEvent, detail: str = ""
) -> Sequence[str]:
    what = Happened(
        event,
        read_day(form.get("day", "")),
        form.get("words", "").strip(),
        detail,
        _line(form, "place"),
        _line(form, "next_step"),
        _day(form),
    )
    changed = applications.happened(desk, found.person, number_of(form.get("number", "")), what)
    checked = please_check(desk.voice, event, changed) if what.due_on is None else ()
    return desk.voice.say("Gespeichert."), *checked


def _content(desk: Desk, form: Form) -> ApplicationContent:
    number = number_of(form.get("partner", ""))
    known = desk.uow.casework.partners.get(number) if number else None
    if known is not None and known.agency_id != desk.agency.id:
        known = None
    return ApplicationContent(
        carrier=_one_of(CarrierKind, form.get("carrier", "")),
        benefit=_one_of(Benefit, form.get("benefit", "")),
        place=known.name[:LONGEST_LINE] if known is not None else _line(form, "place"),
        partner_id=known.id if known is not None else 0,
        what=_line(form, "what"),
        next_step=_line(form, "next_step"),
    )


def _coming(form: Form) -> Coming:
    return Coming(_day(form), _one_of(Turn, form.get("turn", "")))


def _day(form: Form) -> date | None:
    typed = form.get("due_on", "").strip()
    return read_day(typed) if typed else None


def _line(form: Form, name: str) -> str:
    return " ".join(form.get(name, "").split())


def _one_of(words: type[Word], typed: str) -> Word:
    if typed not in set(words):
        raise EntryFault(_CHOOSE)
    return words(typed)


def _trying(
    name: str, act: Callable[[Desk, Opened, Form], Sequence[str]], desk: Desk, found: Opened, form: Form
) -> Did:
    try:
        return Did(tuple(act(desk, found, form)))
    except EntryFault as fault:
        return Did(faults={name: fault.say(desk.voice)})


def _list(seat: Seat) -> Mapping[str, object] | None:
    """What is open among one's people, what is due first at the top; no carrier stands there."""
    is_team = seat.whence.query.get("of") == _TEAM
    sees_team = seat.may(Action.CHANGE_PLAN)
    if is_team and not sees_team:
        return None
    found = due_list(seat.uow, seat.rules, seat.staff, seat.now, (Whose.TEAM,) if is_team else OWN)
    shown = found[:_MOST_SHOWN]
    named = seat.guard.people([one.person for one in shown], Action.SEE_NAME)
    names, today = (
        seat.uow.people_view.names([one.id for one in named]),
        today_of(seat.rules, seat.staff.agency_id, seat.now),
    )
    return {
        "rows": [
            {
                "path": f"{HOME}/{one.person.id}/{APPLICATIONS}",
                "who": title_of(seat.voice, one.person, names.get(one.person.id, "")),
                "code": one.person.case_code,
                "number": one.application.id,
                "state": seat.voice.say(STATES[one.application.state]),
                "turn": seat.voice.say(TURNS[one.application.turn]),
                "due": day_of(seat.voice, due) if (due := one.application.due_on) else "",
                "is_past": due is not None and due < today,
            }
            for one in shown
        ],
        "more": len(found) - len(shown),
        "tabs": [
            (PATH, seat.voice.say("Meine und in Vertretung"), not is_team),
            *([(f"{PATH}?of={_TEAM}", seat.voice.say("Ganzes Team"), is_team)] if sees_team else []),
        ],
    }


_PLAN = Action.CHANGE_PLAN
_ACTS: Mapping[str, Callable[[Desk, Opened, Form], Sequence[str]]] = {
    "add": _add,
    "change": _change,
    "note": _note,
    "decide": _decide,
    "forward": _forward,
    "close": _close,
}
PAGES = (
    Page(PATH, "applications.html", PEOPLE, _list),
    page(
        APPLICATIONS,
        "applications.html",
        _read,
        {name: (_PLAN, partial(_trying, name, act)) for name, act in _ACTS.items()},
    ),
)
