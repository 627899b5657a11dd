# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conferences with guests, cases and decisions, on every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from bot.domain.conferences import (
    AgeBand,
    Agenda,
    Conference,
    ConferenceCase,
    ConferenceKind,
    ConferenceState,
    Decision,
    Sheet,
)
from bot.errors import NotFound
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World


def _keep(case: ConferenceCase, uow: UnitOfWork) -> None:
    uow.casework.conferences.keep_case(case)


def _decide(new: Decision, uow: UnitOfWork) -> int:
    return uow.casework.conferences.decide(new)


def called(world: World) -> Conference:
    agenda = Agenda(topic="Ein Thema", place="Raum 3", items=("Lage",), outsiders=("Erika Beispiel",))
    new = Conference(
        *(0, AGENCY, ConferenceKind.CASE, ConferenceState.PLANNED, NOW + HOUR, HOUR, agenda),
        *(world.coach, NOW, NOW),
    )
    return replace(new, id=world.do(lambda uow: uow.casework.conferences.add(new)))


def test_a_conference_its_guests_and_its_case(world: World) -> None:
    kept = called(world)
    assert world.do(lambda uow: uow.casework.conferences.get(kept.id)) == kept
    changed = replace(kept, state=ConferenceState.HELD, length=2 * HOUR, changed_at=NOW + HOUR)
    world.do(lambda uow: uow.casework.conferences.save(changed))
    assert world.do(lambda uow: uow.casework.conferences.of_agency(AGENCY, 5)) == [changed]
    assert world.do(lambda uow: uow.casework.conferences.of_agency(AGENCY + 1, 5)) == []
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.conferences.save(replace(kept, id=99)))

    def invite(staff: tuple[int, ...], uow: UnitOfWork) -> None:
        uow.casework.conferences.invite(kept, staff)

    for guests in ((world.coach, world.coach), (), (world.coach,)):
        world.do(partial(invite, guests))
        found = world.do(lambda uow: uow.casework.conferences.guests([kept.id, 99]))
        assert found == ({kept.id: frozenset(guests)} if guests else {})
    case = ConferenceCase(AGENCY, kept.id, world.participant)
    written = replace(
        case,
        sheet=Sheet(age=AgeBand.FROM_26, month=2, goals=("Schlafen",), questions="Was hilft?"),
        version=1,
        released_at=NOW,
        words="Eine Kur",
    )
    for one in (case, written):
        world.do(partial(_keep, one))
        assert world.do(lambda uow: uow.casework.conferences.cases([kept.id])) == {kept.id: one}
    assert world.do(lambda uow: uow.casework.conferences.of_participant(world.participant)) == [written]
    assert world.do(lambda uow: uow.casework.conferences.cases([])) == {}


def test_decisions_until_they_are_done(world: World) -> None:
    kept = called(world)
    late = Decision(0, AGENCY, kept.id, None, world.coach, "Später", NOW + 2 * HOUR, NOW)
    soon = replace(late, participant_id=world.participant, words="Bald", due_at=NOW + HOUR)
    late, soon = (replace(one, id=world.do(partial(_decide, one))) for one in (late, soon))
    assert world.do(lambda uow: uow.casework.conferences.decisions(kept.id)) == [late, soon]
    assert world.do(lambda uow: uow.casework.conferences.open_tasks(world.coach)) == [soon, late]
    done = replace(soon, done_at=NOW, lead_told_at=NOW)
    world.do(lambda uow: uow.casework.conferences.save_decision(done))
    assert world.do(lambda uow: uow.casework.conferences.decision(soon.id)) == done
    assert world.do(lambda uow: uow.casework.conferences.open_tasks(world.coach)) == [late]
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.conferences.save_decision(replace(done, id=99)))


def ended(world: World, kind: ConferenceKind, at: datetime, *, closed: bool = True) -> Conference:
    """A conference that came to its end at this moment, with a guest."""
    state = ConferenceState.CLOSED if closed else ConferenceState.HELD
    new = Conference(*(0, AGENCY, kind, state, at, HOUR, Agenda(topic="Ein Thema"), world.coach, at, at))
    new = replace(new, id=world.do(lambda uow: uow.casework.conferences.add(new)))
    world.do(lambda uow: uow.casework.conferences.save(new))
    world.do(lambda uow: uow.casework.conferences.invite(new, [world.coach]))
    return new


def test_a_conference_goes_in_its_time_and_not_while_anything_of_it_is_open(world: World) -> None:
    old, before = NOW - 2 * HOUR, NOW - HOUR
    goes = ended(world, ConferenceKind.CASE, old)
    task_done = ended(world, ConferenceKind.TOPIC, old)
    stays = [
        ended(world, ConferenceKind.CASE, NOW),
        ended(world, ConferenceKind.TOPIC, old, closed=False),
        ended(world, ConferenceKind.CASE, old),
        ended(world, ConferenceKind.TOPIC, old),
    ]
    about = ConferenceCase(AGENCY, stays[2].id, world.participant)
    world.do(partial(_keep, about))
    task = Decision(0, AGENCY, stays[3].id, None, world.coach, "Etwas tun", NOW, NOW)
    world.do(partial(_decide, task))
    world.do(partial(_decide, replace(task, conference_id=task_done.id, done_at=old)))
    world.do(partial(_decide, replace(task, conference_id=goes.id)))

    def drop(uow: UnitOfWork) -> int:
        return uow.retention.drop_duties(AGENCY, before, before.date(), 9)

    assert world.do(drop) == 2
    left = {one.id for one in world.do(lambda uow: uow.casework.conferences.of_agency(AGENCY, 9))}
    assert left == {one.id for one in stays}
    assert world.do(lambda uow: uow.casework.conferences.guests([goes.id, stays[0].id])) == {
        stays[0].id: frozenset({world.coach})
    }
    assert world.do(lambda uow: uow.casework.conferences.decisions(goes.id)) == []
    assert world.do(drop) == 0
