# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A time of quiet that the person asks for: with an end, shown, and over whenever they like."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.domain.messages import ALWAYS_ALLOWED, Kind
from bot.services.follow_plans import follow_visit
from bot.services.person_dates import zone_of
from bot.services.visit import Visit
from scheduler.local_time import at_wall, local


def pause(visit: Visit, days: int, until: str = "") -> None:
    """Begin a pause of so many days, or to the beginning of the day `until` (ISO). 0 days end one."""
    if until:
        rest(visit, at_wall(date.fromisoformat(until), time(), zone_of(visit.participant, visit.agency)))
    else:
        rest(visit, visit.now + timedelta(days=days) if days else None)


def begin_pause(visit: Visit, wanted: date | int) -> None:
    """Begin the pause that was asked for in words, and say until when it is."""
    if isinstance(wanted, int):
        pause(visit, wanted)
    else:
        pause(visit, 0, wanted.isoformat())
    until = visit.participant.paused_until or visit.now
    day = visit.voice.day(until, zone_of(visit.participant, visit.agency).key)
    visit.tell(
        Kind.REPLY,
        visit.voice.say(
            "Gern. Pause bis {day}. So lange schreibe ich Ihnen nicht von mir aus: keine Fragen, und auch "
            "keine Erinnerungen an Termine.\nIhre Termine gelten weiter. Schreiben Sie sich die wichtigen "
            "bitte auf.\nSie können mir trotzdem jederzeit schreiben, auch „Hilfe sofort“. Mit „Pause "
            "beenden“ geht es früher weiter.",
            day=day,
        ),
    )


def end_pause(visit: Visit) -> None:
    """The person would like to go on before the end."""
    rest(visit, None)
    visit.tell(
        Kind.REPLY,
        visit.voice.say("Schön, dass Sie wieder da sind. Die Pause ist vorbei. Sie müssen nichts nachholen."),
    )


def today(visit: Visit) -> date:
    """The person's calendar day."""
    return local(visit.now, zone_of(visit.participant, visit.agency)).date()


def rest(visit: Visit, until: datetime | None, actor: str = "participant") -> None:
    """Begin a pause that ends at this moment; without one, end it."""
    visit.change(paused_until=until)
    if until is not None:
        # What is held back for the morning would come in the middle of the pause.
        visit.uow.outbox.cancel_for(visit.participant.id, ALWAYS_ALLOWED)
    visit.uow.ledger.note(visit.agency.id, visit.now, actor, "pause", visit.participant.case_code)
    follow_visit(visit)
