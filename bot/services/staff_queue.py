# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The queue by command in the staff's messenger: `/meldungen`, `/fall`, `/ende`. Cases go by codes."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.access import Action, Relation
from bot.domain.concerns import Concern, QueueRow, State, urgency
from bot.domain.messages import Body, Key
from bot.domain.people import Participant
from bot.services import case_card, case_queue, staff_cases
from bot.services.desk import Desk
from bot.services.typed_words import CANNED, REPLY, case_in_sight
from bot.texts import mark

MARK = "q"
SHOWN = 8
_LONGEST_OFFSET = 6
_SHORTEST_PART = 2
_SHOWN_CODES = 8
_STATES = {
    State.OPEN: mark("wartet"),
    State.TAKEN: mark("übernommen, nächster Schritt fehlt"),
    State.IN_HAND: mark("in Arbeit"),
}


def show_queue(desk: Desk, _: str) -> None:
    """`/meldungen`: what waits for this staff member, the first to look at first."""
    desk.tell(_page(desk, 0))


def press_queue(desk: Desk, offset: str, message: str) -> str:
    """The button for the next ones. Returns what is shown over it."""
    if not offset.isascii() or not offset.isdecimal() or len(offset) > _LONGEST_OFFSET:
        return desk.voice.say("Dieser Knopf gilt nicht mehr.")
    desk.tell(_page(desk, int(offset)), edit=message)
    return ""


def show_case(desk: Desk, typed: str) -> None:
    """`/fall CODE`: the card of the most urgent open concern, with the others of the person beside it."""
    person = find_person(desk, typed, "/fall K7F3M", Action.SEE_CONTENT)
    if person is None:
        return
    every = _seen(desk, desk.uow.concerns.of_participant(person.id, open_only=False))
    found = sorted((one for one in every if one.is_open), key=lambda one: urgency(one, desk.now))
    if found:
        desk.guard.looks(found[0])
        case_card.show(desk, found[0])
        return
    last = max(every, key=lambda one: one.id, default=None)
    desk.tell(desk.voice.say("Zu Fall {case} ist keine Meldung offen.", case=person.case_code))
    if last is not None and case_card.may_reopen(desk, last):
        desk.guard.looks(last)
        case_card.show(desk, last)


def end_talk(desk: Desk, typed: str) -> None:
    """`/ende CODE`: the conversation through the bot is over; without a code the one last written to."""
    is_meant = not typed and desk.staff.focus.partition(":")[0] in (REPLY, CANNED)
    concern = case_in_sight(desk) if is_meant else None
    if concern is not None:
        found = [concern]
    else:
        person = find_person(desk, typed, "/ende K7F3M", Action.REPLY)
        if person is None:
            return
        found = desk.uow.concerns.of_participant(person.id, open_only=False)
    said = desk.voice.say("Zu diesem Fall läuft gerade kein Gespräch.")
    for concern in sorted(_seen(desk, found, Action.REPLY), key=lambda one: -one.id):
        desk.changed.add(concern.participant_id)
        said = staff_cases.end_talk(desk, concern)
        if not said:
            return
    desk.tell(said)


def _page(desk: Desk, offset: int) -> Body:
    hours = desk.rules.hours[desk.agency.id]
    waiting = case_queue.queue(desk.uow, desk.agency.id, desk.staff.id, desk.now, hours, with_called=True)
    found = desk.guard.own(waiting)
    if offset >= len(found):
        # What stood there is done by now; what comes before it may not be.
        offset = 0
    shown = found[offset : offset + SHOWN]
    if not shown:
        return Body(desk.voice.say("Für Sie ist gerade nichts offen."))
    late = sum(one.is_overdue(desk.now) for one in found)
    head = desk.voice.say("Ihre Meldungen: {count}. Davon überfällig: {late}.", count=len(found), late=late)
    lines = [f"{place}. {_line(desk, one)}" for place, one in enumerate(shown, offset + 1)]
    keys = [
        Key(f"{place} · {one.level.value} {one.case_code}", f"s:{one.id}:show")
        for place, one in enumerate(shown, offset + 1)
    ]
    rows = case_card.in_rows(keys)
    left = len(found) - offset - SHOWN
    if left > 0:
        rows.append([Key(desk.voice.say("Weitere: {count}", count=left), f"{MARK}:{offset + SHOWN}")])
    return Body("\n".join([head, "", *lines]), tuple(tuple(row) for row in rows))


def _line(desk: Desk, concern: QueueRow) -> str:
    voice, zone = desk.voice, desk.agency.zone
    since = voice.say(
        "seit {day}, {time}",
        day=voice.day(concern.raised_at, zone),
        time=voice.clock(concern.raised_at, zone),
    )
    state = voice.say(_STATES[concern.state])
    if concern.uncovered:
        state = voice.say("niemand war zu erreichen")
    return " · ".join([f"**{concern.level.value}**", concern.case_code, since, _due(desk, concern), state])


def _due(desk: Desk, concern: QueueRow) -> str:
    if concern.next_action_at is None or concern.is_overdue(desk.now):
        return desk.voice.say("**überfällig**")
    left = desk.rules.hours[desk.agency.id].working_time(desk.now, concern.next_action_at)
    hours, minutes = divmod(left // timedelta(minutes=1), 60)
    return desk.voice.say("noch {hours}:{minutes} Std. Arbeitszeit", hours=hours, minutes=f"{minutes:02}")


def _seen(desk: Desk, concerns: list[Concern], action: Action = Action.SEE_CONTENT) -> list[Concern]:
    return [one for one in concerns if desk.guard.concern(one, action).is_allowed]


def find_person(desk: Desk, typed: str, example: str, action: Action) -> Participant | None:
    """The person of a case code, or of a part that only one code begins with; else it was said why not.

    A part is only compared with the codes of people who are this staff member's to look after.
    """
    code = typed.strip().upper()
    people = desk.uow.people.participants(desk.agency.id) if code else []
    whole = next((one for one in people if one.case_code == code), None)
    if whole is not None:
        decision = desk.guard.person(whole, action)
        if decision.is_allowed:
            return whole
        desk.tell(desk.case_refusal(code, decision.why))
        return None
    found = [one for one in people if len(code) >= _SHORTEST_PART and one.case_code.startswith(code)]
    found = [one for one in found if desk.guard.person(one, action).by not in (None, Relation.GLASS)]
    if len(found) == 1:
        return found[0]
    hint = desk.voice.say("Zum Beispiel: {example}", example=example)
    if found:
        codes = ", ".join(one.case_code for one in found[:_SHOWN_CODES])
        line = desk.voice.say("Das passt zu mehreren Fällen: {codes}", codes=codes)
    elif code:
        line = desk.voice.say("Einen Fall mit dem Code {case} gibt es hier nicht.", case=code[:20])
    else:
        line = desk.voice.say("Welchen Fall meinen Sie? Schreiben Sie bitte den Code dazu.")
    desk.tell(f"{line}\n{hint}")
    return None
