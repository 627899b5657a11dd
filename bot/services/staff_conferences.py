# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conferences in the staff's messenger: `/konferenz` lists one's own, and one's tasks from them.

What was decided is only shown where the channel may carry it; all else is for the console.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.conferences import Conference, ConferenceState, Decision
from bot.domain.messages import Body, Key
from bot.services import conference_tasks
from bot.services.appointment_dates import EntryFault
from bot.services.appointment_words import number_of
from bot.services.conference_view import listed
from bot.services.desk import Desk
from bot.texts import mark

MARK = "k"
SHOWN = 10
#: Where a conference stands, as staff read it.
STATES: Mapping[ConferenceState, str] = {
    ConferenceState.PLANNED: mark("geplant"),
    ConferenceState.HELD: mark("hat stattgefunden"),
    ConferenceState.CLOSED: mark("abgeschlossen"),
    ConferenceState.CALLED_OFF: mark("abgesagt"),
}


def act(desk: Desk, _: str) -> None:
    """`/konferenz`: what goes on, the latest first, and then each open task with its button."""
    going_on = [one for one in listed(desk.uow, desk.guard, desk.staff) if one.is_open]
    tasks = desk.uow.casework.conferences.open_tasks(desk.staff.id)
    lines = [_line(desk, one) for one in going_on[:SHOWN]]
    if len(going_on) > SHOWN:
        lines.append(desk.voice.say("Und {count} weitere.", count=len(going_on) - SHOWN))
    desk.tell("\n".join(lines) or desk.voice.say("Für Sie steht keine Fachkonferenz an."))
    for task in tasks[:SHOWN]:
        desk.tell(Body(_task(desk, task), ((Key(desk.voice.say("Erledigt"), f"{MARK}:{task.id}"),),)))


def press(desk: Desk, rest: str, _: str) -> str:
    """The button under a task. Returns what is shown over it."""
    try:
        conference_tasks.tick(desk, number_of(rest))
    except EntryFault as fault:
        return fault.say(desk.voice)
    return desk.voice.say("Als erledigt notiert.")


def _line(desk: Desk, one: Conference) -> str:
    return desk.voice.say(
        "Fachkonferenz {number}: {day}, {clock}, {state}",
        number=one.id,
        day=desk.voice.day(one.starts_at, desk.agency.zone),
        clock=desk.voice.clock(one.starts_at, desk.agency.zone),
        state=desk.voice.say(STATES[one.state]),
    )


def _task(desk: Desk, task: Decision) -> str:
    line = desk.voice.say(
        "Aufgabe {number} aus Fachkonferenz {conference}, bis {day}",
        number=task.id,
        conference=task.conference_id,
        day=desk.voice.day(conference_tasks.last_day(task), desk.agency.zone),
    )
    return f"{line}\n{task.words}" if desk.may_show_content else line
