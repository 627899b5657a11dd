# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications with carriers and their history, on each storage."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.domain.applications import (
    Application,
    ApplicationContent,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationState,
    Benefit,
    CarrierDecision,
    CarrierKind,
    EntryNote,
    Turn,
)
from bot.errors import NotFound
from bot.ports import UnitOfWork
from tests.storage.stores import AGENCY, HOUR, NOW, World

CONTENT = ApplicationContent(carrier=CarrierKind.PENSION, benefit=Benefit.MEDICAL, what="Reha in Musterstadt")


def _log(application: Application, entry: ApplicationEntry, uow: UnitOfWork) -> None:
    uow.casework.applications.log(application, entry)


def _add(new: Application, uow: UnitOfWork) -> int:
    return uow.casework.applications.add(new)


def test_applications_and_their_history(world: World) -> None:
    new = Application(0, AGENCY, world.participant, ApplicationState.PLANNED, CONTENT, world.coach, NOW, NOW)
    days = (None, date(2026, 12, 2), date(2026, 12, 1))
    undated, later, first = (
        replace(new, due_on=day, id=world.do(partial(_add, replace(new, due_on=day)))) for day in days
    )
    every = world.do(lambda uow: uow.casework.applications.of_participant(world.participant))
    assert every == [undated, later, first]
    assert world.do(lambda uow: uow.casework.applications.open_of(AGENCY)) == [first, later, undated]
    assert world.do(lambda uow: uow.casework.applications.open_of(AGENCY + 1)) == []
    assert world.do(lambda uow: uow.casework.applications.get(99)) is None
    known = ApplicationContent(
        **{name: getattr(CONTENT, name) for name in ("carrier", "benefit", "what")},
        decision=CarrierDecision.PARTLY,
        partner_id=7,
        next_step="Bescheid lesen",
    )
    decided = replace(
        first,
        state=ApplicationState.DECIDED,
        content=known,
        due_on=None,
        turn=Turn.PERSON,
        changed_at=NOW + HOUR,
    )
    world.do(lambda uow: uow.casework.applications.save(decided))
    assert world.do(lambda uow: uow.casework.applications.get(first.id)) == decided
    world.do(lambda uow: uow.casework.applications.save(replace(later, state=ApplicationState.CLOSED)))
    assert world.do(lambda uow: uow.casework.applications.open_of(AGENCY)) == [undated, decided]
    with pytest.raises(NotFound):
        world.do(lambda uow: uow.casework.applications.save(replace(decided, id=99)))
    entries = [
        ApplicationEntry(NOW, date(2026, 11, 20), ApplicationEvent.FILE, "staff:1"),
        ApplicationEntry(
            NOW + HOUR,
            date(2026, 11, 2),
            ApplicationEvent.DECIDE,
            "staff:1",
            EntryNote(detail="partly_granted", words="Nur ambulant."),
        ),
    ]
    for entry in entries:
        world.do(partial(_log, first, entry))
    assert world.do(lambda uow: uow.casework.applications.history(first.id)) == entries
    assert world.do(lambda uow: uow.casework.applications.history(undated.id)) == []
