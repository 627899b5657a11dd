# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A row that was broken by hand in a running Lotse: found within a cycle, put right or told to everybody."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.domain.audit import Pace
from bot.heartbeat import Heartbeat
from bot.ports import UnitOfWork
from tests.doubles.bot_api import FaultKind
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


@pytest.mark.parametrize("town", [("sqlite", "polling")], indirect=True)
async def test_the_watch_outside_misses_a_lotse_that_hears_nobody(
    town: Town, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row is in order, and whoever writes now is heard by nobody."""
    pings: list[str] = []

    async def ping(heartbeat: Heartbeat) -> bool:
        del heartbeat
        pings.append("sound")
        return True

    monkeypatch.setattr(Heartbeat, "ping", ping)
    monkeypatch.setattr(town.app, "_heartbeat", Heartbeat("https://watch.example/"))
    assert (await town.app.auditor.cycle()) is not None
    assert len(pings) == 1
    town.api.fail_next(town.participants, "getUpdates", kind=FaultKind.SERVER_ERROR, times=4)
    await team.mia.says("checkin")  # the poll that lasts comes to its end
    async with asyncio.timeout(20):
        while not any(bot.trouble for bot in town.app.bots):
            await town.passes(seconds=1)
            await asyncio.sleep(0.05)
    await town.app.auditor.cycle()
    assert len(pings) == 1
    await team.mia.says("4")  # the next poll that succeeds need not last
    async with asyncio.timeout(20):
        while any(bot.trouble for bot in town.app.bots):
            await town.passes(seconds=5)
            await asyncio.sleep(0.05)
    await town.passes(seconds=EVERY_S)
    await town.settled()
    assert len(pings) > 1
    town.forget()


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
