# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the sides expect, beside one another, and the sheet of it for a joint talk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bot.domain.access import Action
from bot.domain.expectations import (
    LONGEST_HEADLINE,
    LONGEST_NAME,
    LONGEST_WORDS,
    Agreement,
    Said,
    Side,
    SideKind,
    Topic,
    TopicState,
)
from bot.services import expectation_sheets, expectations, joint_notes, restrict
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_forms import read_day
from bot.services.appointment_words import number_of
from bot.services.desk import Desk
from bot.services.expectation_words import (
    CONFIRMED_ON_PAPER,
    CONFIRMED_TO_STAFF,
    STATES,
    WHO,
    agreed_text,
    confirmed_text,
    whose,
)
from bot.services.help_plan_facts import day_of
from bot.services.looks import note_look
from bot.texts import mark
from bot.web.console.at_desk import desk_of
from bot.web.console.navigation import PEOPLE
from bot.web.console.person_head import EXPECTATIONS, PATH, Opened, opened, page
from bot.web.console.seat import Did, Form, Page, Seat
from scheduler.local_time import local, zone

SHEET = f"{PATH}/{EXPECTATIONS}/sheet/{{sheet:int}}"
#: In the list of who says something, a place of the directory is `partner:` and its number.
_OF_DIRECTORY = "partner:"
_ON_PAPER = mark("Ich selbst")


def _read(seat: Seat, found: Opened) -> Mapping[str, object]:
    desk = desk_of(seat)
    assert desk is not None, "whoever sits there has a desk"
    if restrict.is_restricted(seat.uow, found.person.id):
        return {"topics": [], "whos": [], "sheets": [], "places": []}
    kept = seat.uow.casework.expectations
    topics = kept.of_participant(found.person.id)
    sides = kept.sides([one.id for one in topics]) if topics else {}
    partners = [one for one in seat.uow.casework.partners.of_agency(desk.agency.id) if not one.is_retired]
    names = {one.id: one.name for one in seat.uow.people.all_staff(desk.agency.id)}
    named = {side.said.name for every in sides.values() for side in every if side.said.name}
    return {
        "topics": [_topic(seat, one, sides.get(one.id, ()), names) for one in topics],
        "whos": [
            *((kind.value, seat.voice.say(WHO[kind])) for kind in SideKind if kind is not SideKind.PARTNER),
            *((f"{_OF_DIRECTORY}{one.id}", one.name) for one in partners),
        ],
        "sheets": [_offered(seat, one) for one in expectation_sheets.offered(desk, found.person)],
        "joint": _joint(seat, desk, found),
        "places": sorted({one.name for one in partners} | named),
        "this_day": expectations.today_of(desk, found.person).isoformat(),
        "longest": {"headline": LONGEST_HEADLINE, "words": LONGEST_WORDS, "name": LONGEST_NAME},
    }


def _joint(seat: Seat, desk: Desk, found: Opened) -> Mapping[str, object] | None:
    """The appointment of the address, if a note of it may be written."""
    number = number_of(seat.whence.query.get("appointment", ""))
    kept = seat.uow.appointments.get(number) if number else None
    if kept is None or kept.participant_id != found.person.id:
        return None
    note = joint_notes.notes_of(seat.uow, found.person.id, [kept], seat.now).get(kept.id)
    if note is None or note.topic_id:
        return None
    # A headline that the person reads, in their language.
    voice, day = desk.rules.voice(found.person.language), local(kept.starts_at, zone(kept.zone)).date()
    return {
        "id": kept.id,
        "at": seat.moment(kept.starts_at),
        "headline": voice.say("Gemeinsamer Termin am {day}", day=day_of(voice, day)),
        "day": day.isoformat(),
        "with_whom": ", ".join(one for one in (kept.details.with_whom, note.companion) if one)[:LONGEST_NAME],
    }


def _topic(seat: Seat, one: Topic, sides: Sequence[Side], names: Mapping[int, str]) -> dict[str, object]:
    voice, held = seat.voice, one.agreement
    return {
        "id": one.id,
        "headline": one.headline,
        "is_open": one.state is TopicState.OPEN,
        "state": voice.say(STATES[one.state]),
        "agreement": agreed_text(voice, held) if held is not None else "",
        "confirmed": "" if one.state is TopicState.OPEN else confirmed_text(voice, held, CONFIRMED_TO_STAFF),
        "is_to_confirm": one.appointment_id is not None and one.is_to_confirm,
        "can_go": one.made_by is not None and not one.is_confirmed and not any(side.is_own for side in sides),
        "sides": [
            {
                "id": side.id,
                "whose": whose(voice, side.kind, side.said),
                "words": side.said.words,
                "day": day_of(voice, side.said.day),
                "is_own": side.is_own,
                "by": names.get(side.noted_by or 0, ""),
            }
            for side in sides
        ],
    }


def _offered(seat: Seat, one: expectation_sheets.Offered) -> dict[str, object]:
    return {
        "id": one.sheet.id,
        "place": one.ask.partner,
        "holds": one.holds,
        "day": seat.day(one.sheet.made_at),
        "headlines": [topic.headline for topic in one.sheet.topics],
    }


def _add(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    first = _side(desk, form) if form.get("words", "").strip() else None
    expectations.add(desk, found.person, form.get("headline", ""), first)
    return (desk.voice.say("Das Thema ist eingetragen. Die Person kann es lesen, mit /erwartungen."),)


def _note(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    expectations.note(desk, found.person, _number(form), *_side(desk, form))
    return (desk.voice.say("Gespeichert."),)


def _side(desk: Desk, form: Form) -> tuple[SideKind, Said]:
    who, name = form.get("who", ""), form.get("name", "") if form.get("who") == SideKind.EMPLOYER else ""
    if who.startswith(_OF_DIRECTORY):
        partner = desk.uow.casework.partners.get(number_of(who.removeprefix(_OF_DIRECTORY)))
        if partner is not None and partner.agency_id == desk.agency.id:
            who, name = SideKind.PARTNER.value, partner.name
    if who not in set(SideKind):
        raise EntryFault(mark("Bitte wählen Sie etwas aus der Liste."))
    said = Said(words=form.get("words", ""), day=read_day(form.get("day", "")), name=name)
    return SideKind(who), said


def _take(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    expectations.take(desk, found.person, _number(form), number_of(form.get("side", "")))
    return (desk.voice.say("Entfernt."),)


def _agree(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    telling = expectations.agree(desk, found.person, _number(form), _agreement(form))
    done = desk.voice.say("Die Vereinbarung ist eingetragen.")
    return (done,) if telling is None else (done, desk.voice.say(telling.value))


def _note_joint(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    number, headline = number_of(form.get("appointment", "")), form.get("headline", "")
    telling = expectations.note_joint(desk, found.person, number, headline, _agreement(form))
    return desk.voice.say("Die Notiz ist eingetragen."), desk.voice.say(telling.value)


def _agreement(form: Form) -> Agreement:
    return Agreement(
        words=form.get("words", ""), day=read_day(form.get("day", "")), with_whom=form.get("with_whom", "")
    )


def _reopen(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    expectations.reopen(desk, found.person, _number(form))
    return (desk.voice.say("Das Thema ist wieder offen."),)


def _remove(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    expectations.remove(desk, found.person, _number(form))
    return (desk.voice.say("Entfernt."),)


def _ask(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    return (desk.voice.say(expectations.ask_person(desk, found.person, _number(form)).value),)


def _offer(desk: Desk, found: Opened, form: Form) -> Sequence[str]:
    chosen = {number_of(name.removeprefix("topic-")) for name in form if name.startswith("topic-")}
    place = form.get("partner", "") or form.get("place", "")
    telling = expectation_sheets.ask(desk, found.person, place, chosen)
    return (desk.voice.say(telling.value),)


def _number(form: Form) -> int:
    return number_of(form.get("number", ""))


def _kindly(
    name: str, act: Callable[[Desk, Opened, Form], Sequence[str]], desk: Desk, found: Opened, form: Form
) -> Did:
    try:
        return Did(tuple(act(desk, found, form)))
    except EntryFault as fault:
        return Did(faults={name: fault.say(desk.voice)})


def _sheet(seat: Seat) -> Mapping[str, object] | None:
    """On paper, without a name: whoever sits at the table knows whom it is about."""
    found, desk = opened(seat, Action.ASK_SHARING), desk_of(seat)
    number = int(seat.whence.path["sheet"])
    sheet = expectation_sheets.to_print(desk, found.person, number) if found and desk else None
    if found is None or sheet is None:
        return None
    entry = ("expectation_sheet_shown", f"{sheet.sheet.id}:{found.person.case_code}")
    note_look(seat.uow, seat.staff, entry, seat.now, again=seat.is_refresh)
    voice = seat.voice
    return {
        "back": f"{found.path}/{EXPECTATIONS}",
        "reader": sheet.ask.partner,
        "day": seat.day(sheet.sheet.made_at),
        "agency": seat.rules.agencies[seat.staff.agency_id].name,
        "topics": [
            {
                "headline": one.headline,
                "agreement": agreed_text(voice, one.agreement) if one.agreement is not None else "",
                "confirmed": confirmed_text(voice, one.agreement, CONFIRMED_ON_PAPER),
                "sides": [
                    {
                        "whose": (
                            voice.say(_ON_PAPER)
                            if side.kind is SideKind.PERSON
                            else whose(voice, side.kind, side.said)
                        ),
                        "day": day_of(voice, side.said.day),
                        "words": side.said.words,
                    }
                    for side in one.sides
                ],
            }
            for one in sheet.sheet.topics
        ],
    }


_ACTS: Mapping[str, Callable[[Desk, Opened, Form], Sequence[str]]] = {
    "add": _add,
    "note": _note,
    "take": _take,
    "agree": _agree,
    "joint": _note_joint,
    "reopen": _reopen,
    "remove": _remove,
    "ask": _ask,
}
_TAB = page(
    EXPECTATIONS,
    "expectations.html",
    _read,
    {
        **{name: (Action.CHANGE_PLAN, partial(_kindly, name, act)) for name, act in _ACTS.items()},
        "offer": (Action.ASK_SHARING, partial(_kindly, "offer", _offer)),
    },
)
PAGES = (_TAB, Page(SHEET, "person/expectations_sheet.html", PEOPLE, _sheet))
