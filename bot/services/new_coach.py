# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person is told who looks after them from now on: one line, only after it is so.

Nobody hears of a deputy: for a few days nothing is different for them, and if a talk begins meanwhile the
words carry the name of whoever writes. Whoever said STOPP, never agreed to messages or has a pause hears
nothing of it here, nor while a human talks with them or a concern of theirs is open: then the colleague who
takes it over says who they are.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.messages import Kind
from bot.domain.people import Staff
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.visit import Visit


def tell(uow: UnitOfWork, rules: Rulebook, person_id: int, coach: Staff, now: datetime) -> bool:
    """Say it to the person, outside quiet hours. False if they get no message; `coach` is theirs already."""
    contact = uow.people.contact_of(person_id)
    visit = Visit(uow, rules, contact, now) if contact is not None else None
    if visit is None or visit.participant.coach_id != coach.id:
        return False
    if visit.participant.talks_with_human(now) or uow.concerns.of_participant(person_id):
        return False
    is_told = visit.tell(
        Kind.NOTICE,
        visit.voice.say(
            "Ab jetzt begleitet Sie {name}. An allem, was vereinbart ist, ändert sich dadurch nichts. "
            "Wenn Sie dazu etwas wissen möchten, schreiben Sie einfach hier.",
            name=coach.name,
        ),
    )
    visit.finish()
    return is_told
