# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person says about groups: that they come, that they do not, and where they are on the list.

A no is no answer that anybody keeps: then there is simply no seat. How a meeting was is only counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import msgspec

from bot.domain.groups import Feeling, Group, Seat, SeatState, free_places, place_for
from bot.domain.messages import Kind
from bot.ports import Answer, Conversation
from bot.services.group_facts import OwnGroups, dates_text, is_joinable
from bot.services.group_moves import answer_until, join, leave, wait
from bot.services.programme_tasks import who_is_asked
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from dialogs.effects import StoreAnswer, Value
from dialogs.session import load
from scheduler.local_time import local, zone

#: What conversations are about: `group:<number>`, with `END` behind it that the group takes place no more.
SUBJECT, END = "group", "end"
#: `group_feedback:<appointment>`, one meeting of it.
FEEDBACK_SUBJECT = "group_feedback"
DIALOG, FEEDBACK_DIALOG = "group_invitation", "group_feedback"
#: So long an invitation waits for its opportunity.
KEEP_FOR = timedelta(days=14)
_FELT, _WORDS = "how_was_it", "your_words"
_YES = frozenset({"come", "take_it", "wait"})
_NO = frozenset({"leave", "let_go"})


def subject_of(group_id: int) -> str:
    """The subject of a conversation about a group."""
    return f"{SUBJECT}:{group_id}"


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """The group, and how the person stands to it."""
    group = _about(visit, conversation)
    if group is None:
        return {}
    content, voice = group.content, visit.voice
    known = {
        "group_title": content.title,
        "group_what": content.said(visit.participant.language),
        "group_place": content.place,
        "group_dates": dates_text(voice, group, visit.now),
        "group_guide": content.guided_by,
        "group_state": _state(visit, group, conversation),
    }
    seat = _seat(visit, group)
    if seat is not None and seat.held_until is not None:
        begins = not conversation.session
        until = answer_until(visit.rules, group, visit.now) if begins else seat.held_until
        where = content.dates.zone
        known["group_until"] = voice.say(
            "{day}, um {time}", day=voice.day(until, where), time=voice.clock(until, where)
        )
    return {name: value for name, value in known.items() if value}


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether there is still something to ask or to say."""
    group = _about(visit, conversation)
    if group is None or conversation.subject.endswith(f":{END}"):
        return group is not None
    seat = _seat(visit, group)
    return is_joinable(group, visit.now) and (seat is None or seat.state is not SeatState.COMES)


def begun(visit: Visit, conversation: Conversation) -> None:
    """Whoever reads the question later has as long for it as everybody else."""
    group = _about(visit, conversation)
    group = visit.uow.casework.groups.lock(group.id) if group is not None else None
    seat = _seat(visit, group) if group is not None else None
    if group is not None and seat is not None and seat.state is SeatState.HELD:
        held = replace(seat, held_until=answer_until(visit.rules, group, visit.now))
        visit.uow.casework.groups.save_seat(held)
        wait(visit.uow, group, visit.now)


def answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """A yes is a place, or one on the list; a no ends what there was."""
    group = _about(visit, conversation)
    if group is None:
        return
    if answer.value in _YES:
        _join(visit, group)
    elif answer.value in _NO:
        _leave(visit, group.id)


def _join(visit: Visit, group: Group) -> None:
    say = visit.voice.say
    state = join(visit.uow, visit.rules, group.id, visit.participant.id, visit.now)
    named = {"title": group.content.title}
    if state is SeatState.COMES:
        dates = dates_text(visit.voice, group, visit.now)
        text = say(
            "Schön, Sie haben einen Platz: {title}.\n{dates}\nIch erinnere Sie vorher. Wenn Sie doch nicht "
            "kommen möchten, schreiben Sie GRUPPE.",
            **named,
            dates=dates,
        )
    elif state is not None:
        text = say(
            "Gerade sind alle Plätze vergeben: {title}. Sie stehen jetzt auf der Warteliste. Wenn ein Platz "
            "für Sie frei wird, frage ich Sie. Mit GRUPPE sehen Sie, wie es steht.",
            **named,
        )
    else:
        text = say("Diese Gruppe trifft sich leider nicht mehr: {title}.", **named)
    visit.tell(Kind.REPLY, text)


def _leave(visit: Visit, number: int) -> None:
    if leave(visit.uow, visit.rules, number, visit.participant.id, visit.now):
        text = visit.voice.say("In Ordnung. Sie stehen dort nicht mehr auf der Liste.")
    else:
        text = visit.voice.say("In Ordnung. Sie müssen nichts weiter tun.")
    visit.tell(Kind.REPLY, text)


def _leave_number(visit: Visit, value: Value) -> None:
    """The number of a group, as the person has just read it."""
    _leave(visit, int(value))


def _leave_only(visit: Visit, _: Value) -> None:
    """The one that they have."""
    for group, _seat_there in OwnGroups(visit.uow, visit.participant.id, visit.voice, visit.now).every[:1]:
        _leave(visit, group.id)


#: By the name under which the dialog remembers it; none of it is kept as a fact under that name.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {
    "group_leave": _leave_number,
    "group_leave_only": _leave_only,
}


def feedback_facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """Which meeting it was."""
    found = meeting_of(visit, conversation)
    return {"group_title": found[0].content.title} if found is not None else {}


def feedback_fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether the group and the person's place are still there."""
    return meeting_of(visit, conversation) is not None


def feedback_answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """Words are for the coach, and for nobody else; the rest is counted at the end."""
    if answer.step != _WORDS or not isinstance(answer.value, str) or not answer.value.strip():
        return
    person = visit.participant
    said = msgspec.json.encode(answer.value).decode()
    kept = Answer(person.id, conversation.id, answer.dialog, answer.step, answer.key, said)
    visit.uow.talks.add_answers(visit.agency.id, [kept], visit.now)
    people = who_is_asked(visit.uow, visit.rules, person, visit.now)
    for draft in notices(
        visit.uow,
        visit.rules,
        people,
        lambda voice: voice.say(
            "Fall {case}: Die Person hat etwas zu einem Gruppentreffen geschrieben. Es steht im Verlauf.",
            case=person.case_code,
        ),
        visit.now,
    ):
        visit.send_to(draft)


def feedback_ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """What they chose is one more in a count; whose it was is kept nowhere."""
    del outcome
    found = meeting_of(visit, conversation)
    if found is None or not conversation.session:
        return
    value = load(conversation.session).values.get(f"{FEEDBACK_DIALOG}.{_FELT}")
    how = next((one for one in Feeling if one.value == value), None)
    if how is not None:
        kept = visit.uow.appointments.get(found[1])
        if kept is not None:
            day = local(kept.starts_at, zone(kept.zone)).date()
            visit.uow.casework.groups.felt(found[0], day, how)


def meeting_of(visit: Visit, conversation: Conversation) -> tuple[Group, int] | None:
    """The group and the number of the person's appointment that a conversation is about."""
    number = conversation.subject.partition(":")[2]
    kept = visit.uow.appointments.get(int(number)) if number.isdecimal() else None
    seat = visit.uow.casework.groups.seat_of_series(kept.series_id) if kept and kept.series_id else None
    group = visit.uow.casework.groups.get(seat.group_id) if seat is not None else None
    return (group, kept.id) if group is not None and kept is not None else None


def _state(visit: Visit, group: Group, conversation: Conversation) -> str:
    """How the person stands to it, as a machine word."""
    if conversation.subject.endswith(f":{END}") or not is_joinable(group, visit.now):
        return "over"
    seat = _seat(visit, group)
    seats = visit.uow.casework.groups.seats(group.id)
    if seat is not None and seat.state is not SeatState.WAITS:
        return seat.state.value
    if place_for(group, seats, visit.participant.id) is not None:
        return "held" if seat is not None else "free"
    return "waits" if seat is not None and not free_places(group, seats) else "full"


def _seat(visit: Visit, group: Group) -> Seat | None:
    seats = visit.uow.casework.groups.seats_of(visit.participant.id)
    return next((seat for seat in seats if seat.group_id == group.id), None)


def _about(visit: Visit, conversation: Conversation) -> Group | None:
    number = conversation.subject.split(":")[1] if ":" in conversation.subject else ""
    group = visit.uow.casework.groups.get(int(number)) if number.isdecimal() else None
    return group if group is not None and group.agency_id == visit.agency.id else None
