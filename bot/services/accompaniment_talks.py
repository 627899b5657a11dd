# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation about who comes along: an offer and its answer, or what can be done instead.

That nobody answered is no answer: whoever looks after the person hears that it is still open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.accompaniment import (
    Accompaniment,
    AccompanimentEvent,
    AccompanimentParty,
    AccompanimentState,
)
from bot.domain.appointments import Appointment
from bot.ports import Conversation
from bot.services import accompaniment_moves as moves
from bot.services.accompaniment_facts import NextAppointment
from bot.services.appointment_talks import short_text
from bot.services.appointment_timers import lines_to, notices
from bot.services.visit import Visit
from bot.texts import Voice, mark
from dialogs.effects import StoreAnswer, Value

SUBJECT = moves.SUBJECT
_STEP = "would_you_like"
_WANTED = mark("Die Person möchte, dass jemand mitkommt wie angeboten. Das gilt jetzt.")
_COMES_ALONG = mark("Die Person möchte, dass Sie mitkommen. Das gilt jetzt.")
_NOT_NEEDED = mark("Die Person braucht keine Begleitung.")
_STILL_OPEN = mark("Das Angebot mitzukommen ist noch offen.")
#: How the offer ends when there is nothing to tell about it.
_SILENT = frozenset({"completed", "changed", "dropped", "newer"})


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """Which appointment, who, where they meet, what is offered instead; and whether the offer still holds."""
    kept, one = _about(visit, conversation)
    if kept is None or one is None:
        return {}
    found: dict[str, Value] = {
        "accompaniment_news": one.state.value,
        "accompaniment_holds": moves.stands(visit.uow, one, kept),
        "accompaniment_name": one.companion.name,
        "accompaniment_meet": one.companion.meet,
        "accompaniment_instead": one.companion.instead,
        "appointment_short": short_text(visit, kept),
        "appointment_kind": kept.kind.value,
    }
    return {name: value for name, value in found.items() if value != ""}


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether there is still something to ask or to tell."""
    kept, one = _about(visit, conversation)
    if kept is None or one is None or not kept.is_open or kept.starts_at <= visit.now:
        return False
    if one.state is AccompanimentState.OFFERED:
        return moves.stands(visit.uow, one, kept)
    return one.state is AccompanimentState.NOT_POSSIBLE


def answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """Yes or no to the offer; a yes counts only while the offer holds."""
    kept, one = _about(visit, conversation)
    if kept is None or one is None or answer.step != _STEP:
        return
    if answer.value == "yes" and not moves.stands(visit.uow, one, kept):
        return
    events = {"yes": AccompanimentEvent.CONFIRM, "no": AccompanimentEvent.LET_GO}
    event = events.get(str(answer.value))
    if event is None or not one.can(event, AccompanimentParty.PERSON):
        return
    move = (event, AccompanimentParty.PERSON, moves.PERSON)
    moves.happen(visit.uow, visit.rules, kept, one, move, visit.now)
    _tell_both(visit, kept, one, is_wanted=event is AccompanimentEvent.CONFIRM)


def ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """An offer that was not answered, or could not be said, is told to whoever looks after the person."""
    kept, one = _about(visit, conversation)
    if kept is None or one is None or not kept.is_open or outcome in _SILENT:
        return
    if one.state is AccompanimentState.OFFERED:
        for draft in notices(visit.uow, visit.rules, visit.participant, kept, _STILL_OPEN):
            visit.send_to(draft)


def _wish(visit: Visit, _: Value) -> None:
    """The person means the next appointment, as they have just read it."""
    person = visit.participant.id
    kept = NextAppointment(visit.uow, person, visit.voice, visit.now).kept
    if kept is not None:
        moves.wished(visit.uow, visit.rules, kept, moves.PERSON, visit.now)


#: By the name under which the dialog remembers it; none of it is kept as a fact under that name.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {"accompaniment_wish": _wish}


def _tell_both(visit: Visit, kept: Appointment, one: Accompaniment, *, is_wanted: bool) -> None:
    """The coach and the colleague who comes along; once where they are the same."""
    coach = visit.participant.coach_id or kept.set_by
    told = {coach: _WANTED if is_wanted else _NOT_NEEDED}
    if one.staff_id is not None:
        told[one.staff_id] = _COMES_ALONG if is_wanted else _NOT_NEEDED
    for staff_id, text in told.items():
        about = (visit.participant, kept)
        for draft in lines_to(visit.uow, visit.rules, staff_id, about, _saying(text)):
            visit.send_to(draft)


def _saying(text: str) -> Callable[[Voice], str]:
    return lambda voice: voice.say(text)


def _about(visit: Visit, conversation: Conversation) -> tuple[Appointment | None, Accompaniment | None]:
    number = conversation.subject.partition(":")[2]
    kept = visit.uow.appointments.get(int(number)) if number.isdecimal() else None
    if kept is None or kept.participant_id != visit.participant.id:
        return None, None
    return kept, moves.of(visit.uow, kept)
