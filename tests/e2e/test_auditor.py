# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A row that was broken by hand in a running Lotse: found within a cycle, put right or told to everybody."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import text

from bot.domain.audit import Pace
from bot.ports import UnitOfWork
from tests.e2e.stories import Team, Town

EVERY_S = Pace().every.total_seconds()
HOPELESS = "Ich habe keine Hoffnung mehr"


async def break_by_hand(town: Town, *statements: str) -> None:
    def use_case(uow: UnitOfWork) -> None:
        connection: Any = uow.connection  # type: ignore[attr-defined]
        for statement in statements:
            connection.execute(text(statement))

    await town.do(use_case)


async def raise_one(town: Town, team: Team) -> None:
    await team.mia.says(HOPELESS)
    await town.then(team.mia.hears("Ich gebe sie an Berta Beispiel weiter."), team.berta.hears("Meldung R2"))


async def test_a_concern_without_a_timer_gets_one_and_goes_on(town: Town, team: Team) -> None:
    await raise_one(town, team)
    await break_by_hand(town, "DELETE FROM timer WHERE kind = 'concern'")
    await town.passes(seconds=EVERY_S)
    await town.settled()
    # The ladder goes on at its own moment, as if nothing had happened.
    await town.passes(hours=2)
    await town.then(team.dirk.hears("Meldung R2"))
    async with httpx.AsyncClient(base_url=town.address) as client:
        metrics = (await client.get("/metrics")).text
        assert 'lotse_audit_repaired{fault="concern_without_next_action"} 1.0' in metrics
        assert (await client.get("/readyz")).json() == []


async def test_what_cannot_be_put_right_is_told(town: Town, team: Team) -> None:
    await raise_one(town, team)
    await break_by_hand(
        town, "UPDATE concern SET state = 'closed'", "DELETE FROM timer WHERE kind = 'concern'"
    )
    await town.passes(seconds=EVERY_S)
    await town.then(team.lea.hears("etwas gefunden, das ein Mensch ansehen muss. Anzahl: 1."))
    async with httpx.AsyncClient(base_url=town.address) as client:
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        assert ready.json() == ["promise P1: closed_without_human (1)"]
        metrics = (await client.get("/metrics")).text
        assert 'lotse_audit_findings{fault="closed_without_human"} 1.0' in metrics
        assert 'lotse_audit_findings{fault="timer_late"} 0.0' in metrics
    # Once is enough until it changes.
    await town.passes(seconds=EVERY_S)
    await town.then()
