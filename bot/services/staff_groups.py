# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Groups in the staff's messenger: `/gruppen` with who comes today and who was there, `/angebot` with a card.

What a group is about stands only where the channel may carry it; people are case codes.
"""

from __future__ import annotations

from datetime import date

from bot.domain.access import Action
from bot.domain.groups import Group, SeatState
from bot.domain.messages import Body, Key
from bot.services import groups, support
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import number_of
from bot.services.desk import Desk
from bot.services.group_facts import days, starts
from bot.services.groups_view import guests, today
from bot.services.staff_queue import find_person
from bot.texts import mark
from scheduler.local_time import local, zone

TODAY = "/gruppen"
SUGGEST = "/angebot K7F3M 12"
#: What stands in front of the buttons of a group.
MARK = "g"
#: So many buttons fit under a message.
_MOST_KEYS = 60
_SHOWN = 20


def show_today(desk: Desk, _: str) -> None:
    """`/gruppen`: one's own groups of today, with who comes and a button for who was there."""
    found = today(desk)
    if not found:
        desk.tell(
            desk.voice.say(
                "Heute trifft sich keine Ihrer Gruppen. Alle Gruppen stehen in Lotse unter „Termine“."
            )
        )
    for group in found:
        desk.tell(Body(_comes(desk, group), ((_key(desk, group, mark("Wer war da?"), "who"),),)))


def suggest(desk: Desk, typed: str) -> None:
    """`/angebot CODE [NUMBER]`: what can be suggested, or the card of one offer to the person."""
    code, _, rest = typed.partition(" ")
    person = find_person(desk, code, SUGGEST, Action.CHANGE_PLAN)
    if person is None:
        return
    number = number_of(rest.strip())
    if not number:
        found = support.catalogue(desk)
        lines = [f"{one.id}: {one.name}" for one in found[:_SHOWN]]
        head = (
            desk.voice.say("Was Sie vorschlagen können:")
            if found
            else desk.voice.say("Noch steht kein Angebot im Verzeichnis.")
        )
        desk.tell("\n".join([head, *lines, desk.voice.say("Zum Beispiel: {example}", example=SUGGEST)]))
        return
    try:
        telling = support.suggest(desk, person, number)
    except EntryFault as fault:
        desk.tell(fault.say(desk.voice))
        return
    line = desk.voice.say("Fall {case}: Der Vorschlag geht hinaus.", case=person.case_code)
    desk.tell(f"{line} {desk.voice.say(telling.value)}")


def press(desk: Desk, rest: str, message: str) -> str:
    """A button under a group. Returns what is shown over it."""
    number, _, what = rest.partition(":")
    try:
        group = groups.group_of(desk, number_of(number))
        name, _, chosen = what.partition(":")
        day = local(desk.now, zone(group.content.dates.zone)).date()
        if name in ("all", "one"):
            _enter(desk, group, day, number_of(chosen))
        elif name != "who":
            return desk.voice.say("Dieser Knopf gilt nicht mehr.")
        _attendance(desk, group, day, message)
    except EntryFault as fault:
        return fault.say(desk.voice)
    return ""


def _enter(desk: Desk, group: Group, day: date, person_id: int) -> None:
    there = desk.uow.casework.groups.visited(group.id, day)
    chosen = there ^ {person_id} if person_id else frozenset(groups.attendable(desk, group, day))
    groups.enter_attendance(desk, group, day, chosen)


def _attendance(desk: Desk, group: Group, day: date, message: str) -> None:
    if not groups.may_lead(desk, group) or day not in days(group):
        raise EntryFault(mark("Dieser Knopf gilt nicht mehr."))
    there = desk.uow.casework.groups.visited(group.id, day)
    numbers = groups.attendable(desk, group, day)[:_MOST_KEYS]
    persons = desk.uow.people.participants_by(numbers)
    keys = [
        (Key(_tick(persons[one].case_code, is_there=one in there), f"{MARK}:{group.id}:one:{one}"),)
        for one in numbers
    ]
    text = desk.voice.say("Gruppe {number}: {count} waren da.", number=group.id, count=len(there))
    rows = ((_key(desk, group, mark("Alle waren da"), "all"),), *keys)
    desk.tell(Body(text, rows), edit=message)


def _comes(desk: Desk, group: Group) -> str:
    say = desk.voice.say
    day = local(desk.now, zone(group.content.dates.zone)).date()
    at = desk.voice.clock(starts(group, day), group.content.dates.zone)
    codes = [one.person.case_code for one in guests(desk, group) if one.seat.state is SeatState.COMES]
    lines = [
        say("Gruppe {number}, heute um {time}: {count} kommen.", number=group.id, time=at, count=len(codes))
    ]
    if desk.may_show_content:
        lines.append(group.content.title)
    return "\n".join([*lines, *codes])


def _tick(code: str, *, is_there: bool) -> str:
    return f"✓ {code}" if is_there else code


def _key(desk: Desk, group: Group, label: str, what: str) -> Key:
    return Key(desk.voice.say(label), f"{MARK}:{group.id}:{what}")
