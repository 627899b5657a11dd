# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What moves a conference and its tasks: rows, the audit log, timers, and lines to staff without content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.conferences import Conference, ConferenceEvent, ConferenceParty, ConferenceState
from bot.ports import UnitOfWork
from bot.services.desk import Desk
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.texts import Voice

TIMER_KIND, TASK_KIND = "conference", "conference_task"
#: A conference that took place and is not closed is asked about so long after its end.
ASK_AFTER = timedelta(days=1)


def timer_key(conference_id: int) -> str:
    """The one timer of a conference."""
    return f"conference:{conference_id}"


def task_key(decision_id: int) -> str:
    """The one timer of a decision."""
    return f"conference_task:{decision_id}"


def happen(desk: Desk, conference: Conference, event: ConferenceEvent | None) -> Conference:
    """Let a host do something, and wait for what comes next; without `event` it is new.

    Raises `UnknownTransition` for what cannot be.
    """
    if event is not None:
        conference = conference.after(event, ConferenceParty.HOST, desk.now)
        desk.uow.casework.conferences.save(conference)
        action = f"conference_{event.value}"
        desk.uow.ledger.note(desk.agency.id, desk.now, desk.actor, action, str(conference.id))
    if conference.is_open:
        wait(desk.uow, desk.rules, conference, desk.now)
    else:
        desk.uow.timers.cancel(timer_key(conference.id))
    return conference


def wait(uow: UnitOfWork, rules: Rulebook, conference: Conference, now: datetime) -> None:
    """Whoever called an open one is asked about it after its end."""
    hours = rules.hours[conference.agency_id]
    at = hours.next_open(max(now, conference.starts_at + conference.length) + ASK_AFTER)
    uow.timers.set(conference.agency_id, TIMER_KIND, conference.id, at, timer_key(conference.id))


def invite_news(desk: Desk, conference: Conference, guests: Iterable[int]) -> None:
    """Tell guests how it stands, by mail with a one-time link. Nobody is told what they did themselves."""
    team = desk.uow.people.all_staff(desk.agency.id)
    people = [one for one in team if one.id in set(guests) - {desk.staff.id} and one.left_at is None]

    def say(voice: Voice) -> str:
        day = voice.day(conference.starts_at, desk.agency.zone)
        if conference.state is ConferenceState.CALLED_OFF:
            return voice.say(
                "Fachkonferenz {number} am {day} findet nicht statt.", number=conference.id, day=day
            )
        return voice.say(
            "Sie sind zur Fachkonferenz {number} eingeladen: {day}, {clock}. "
            "Mehr steht in der Konsole unter „Fachkonferenzen“.",
            number=conference.id,
            day=day,
            clock=voice.clock(conference.starts_at, desk.agency.zone),
        )

    desk.drafts += notices(desk.uow, desk.rules, people, say, desk.now)
