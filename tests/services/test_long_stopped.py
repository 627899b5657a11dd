# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Leads hear once, by case code, of whose contact ended long ago; an erasure takes that note with it."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.people import Role
from bot.services.long_stopped import AFTER, tell_long_stopped
from tests.services.stage import Actor, Stage


def told(stage: Stage, lead: Actor) -> list[str]:
    person = stage.run(lambda uow: uow.people.staff(lead.id))
    assert person is not None
    drafts = stage.run(lambda uow: tell_long_stopped(uow, stage.rules, [person], stage.now))
    return [draft.body.text for draft in drafts]


def test_of_each_once_and_gone_with_the_person(stage: Stage, mia: Actor) -> None:
    lea = stage.staff("Lea Leitung", Role.LEAD)
    assert told(stage, lea) == []
    mia.writes("STOPP")
    stage.now += AFTER
    assert told(stage, lea) == [], "not before the time is over"
    stage.now += timedelta(minutes=1)
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    (text,) = told(stage, lea)
    assert person.case_code in text
    assert told(stage, lea) == []
    stage.run(lambda uow: uow.rights.erase(person, ()))
    assert stage.run(lambda uow: uow.duty.first_time(1, f"long_stopped:{person.case_code}", stage.now))
