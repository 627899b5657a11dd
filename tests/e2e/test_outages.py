# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A database that is away or full, callers that send nonsense, and settings that cannot work."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from bot.ports import UnitOfWork
from bot.storage.unit_of_work import SqlUnitOfWork
from scheduler.clock import AdvanceableClock
from tests.doubles.bot_api import BotApiDouble, FaultKind
from tests.e2e.stories import MONDAY, SECRET, Team, Town, settings_for
from tests.servers import Databases, PostgresServer

MOOD = "Wie geht es Ihnen heute?"
POLLING_ON_SQLITE = pytest.mark.parametrize("town", [("sqlite", "polling")], indirect=True)
WEBHOOK_ON_SQLITE = pytest.mark.parametrize("town", [("sqlite", "webhook")], indirect=True)


@pytest.fixture(params=["polling", "webhook"])
async def own_town(
    request: pytest.FixtureRequest, own_postgres: PostgresServer, tmp_path: Path
) -> AsyncIterator[Town]:
    """A town with a database server that can be stopped. Lotse does not run yet."""
    clock = AdvanceableClock(MONDAY)
    async with BotApiDouble(clock=lambda: clock.now().timestamp(), backoff=lambda _: 0.01) as api:
        participants, staff = api.add_bot("1:AAA", "lotse_bot"), api.add_bot("2:BBB", "lotse_team_bot")
        url = Databases(own_postgres.url).make()
        settings = settings_for(api, tmp_path, url, request.param)
        town = Town(api, settings, clock, participants, staff)
        yield town
        await town.stop()
        assert api.violations == []


async def readiness(town: Town, wanted: int) -> list[str]:
    """What /readyz says once it answers `wanted`; time passes while we wait."""
    # The port is open a moment after the start.
    patient = httpx.AsyncHTTPTransport(retries=5)
    async with httpx.AsyncClient(base_url=town.address, transport=patient) as client, asyncio.timeout(60):
        while (answer := await client.get("/readyz")).status_code != wanted:
            await town.passes(seconds=1)
        assert (await client.get("/healthz")).status_code == 200
        return cast("list[str]", answer.json())


@pytest.mark.postgres
async def test_the_database_is_away_at_the_start(own_town: Town, own_postgres: PostgresServer) -> None:
    town = own_town
    own_postgres.stop()
    await town.begin()
    troubles = await readiness(town, 503)
    assert any("the database" in line for line in troubles)
    assert any("notices of other processes are not heard" in line for line in troubles)
    own_postgres.start()
    assert await readiness(town, 200) == []
    team = await Team.gather(town)
    await team.mia.says("checkin")
    await town.then(team.mia.hears(MOOD))


@pytest.mark.postgres
async def test_the_database_goes_away_in_mid_run(own_town: Town, own_postgres: PostgresServer) -> None:
    """What came in, what was on its way out and what became due meanwhile: all once, when it is back."""
    town = own_town
    await town.start()
    team = await Team.gather(town)
    mia, berta, noah = team.mia, team.berta, team.noah
    await noah.says("Ich habe keine Hoffnung mehr")
    await town.then(noah.hears("Ich gebe sie an Karl Beispiel weiter."), team.karl.hears("Meldung R2"))
    slow = town.api.fail_next(town.participants, "sendMessage", 500, kind=FaultKind.SLOW_ANSWER)
    await mia.says("checkin")
    await slow.struck.wait()

    own_postgres.stop()
    slow.release.set()
    await mia.says("1", "5")
    await team.karl.says("Guten Morgen!")
    await town.passes(hours=2)
    assert any("database" in line for line in await readiness(town, 503))
    assert town.participants.updates.waiting, "nothing is confirmed that is not kept"

    own_postgres.start()
    assert await readiness(town, 200) == []
    await town.recovers()
    await town.then(
        mia.hears(MOOD),
        mia.hears("geschlafen?"),
        mia.hears("gelungen?"),
        berta.hears("Meldung R1"),
        team.karl.hears("Ich weiß nicht, für wen das ist."),
        team.lea.hears("Meldung R2"),
    )


@POLLING_ON_SQLITE
async def test_a_full_disk_loses_nothing(town: Town, team: Team) -> None:
    mia, berta = team.mia, team.berta
    await town.do(lambda uow: limit_pages(uow, full=True))
    story = "Ich schreibe Ihnen heute, was in dieser Woche alles war. " * 60
    update = await mia.phone.sends(story)
    assert "telegram: the store cannot take messages" in await readiness(town, 503)
    assert update in town.participants.updates.waiting, "a message that is not kept must not be confirmed"
    await town.do(lambda uow: limit_pages(uow, full=False))
    assert await readiness(town, 200) == []
    await town.then(mia.hears("Ich gebe sie an Berta Beispiel weiter."), berta.hears("Meldung R1"))


def limit_pages(uow: UnitOfWork, *, full: bool) -> None:
    """As if the disk had no room for one more page."""
    connection = cast("SqlUnitOfWork", uow).connection
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if full else 2**31
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


@WEBHOOK_ON_SQLITE
async def test_callers_of_the_webhook_who_are_not_telegram(town: Town, team: Team) -> None:
    header = "X-Telegram-Bot-Api-Secret-Token"
    update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 500, "type": "private"}}}
    cases: list[tuple[str, dict[str, str], bytes, int]] = [
        ("telegram", {header: SECRET}, b"no json", 400),
        ("telegram", {header: SECRET}, b"{}", 400),
        ("telegram", {header: SECRET}, b'{"update_id": "x"}', 400),
        ("telegram", {header: "falsch"}, json.dumps(update).encode(), 401),
        ("telegram", {}, json.dumps(update).encode(), 401),
        ("telegram-staff", {header: "falsch"}, json.dumps(update).encode(), 401),
        ("telegram", {header: SECRET}, b" " * (1024 * 1024 + 1), 413),
        ("unbekannt", {header: SECRET}, json.dumps(update).encode(), 404),
    ]
    async with httpx.AsyncClient(base_url=town.address) as client:
        for path, headers, body, status in cases:
            answer = await client.post(f"/webhook/{path}", headers=headers, content=body)
            assert (answer.status_code, path, body[:20]) == (status, path, body[:20])


def lotse(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the program with these settings alone."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
    environment |= {f"LOTSE_{name}": value for name, value in settings.items()}
    command: list[Any] = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_settings_that_cannot_work_are_told_all_at_once(tmp_path: Path) -> None:
    done = lotse(
        "run",
        DATA_DIR=str(tmp_path),
        HTTP__PORT="99999",
        TELEGRAM__TOKEN="1:AAA",
        TELEGRAM__MODE="pigeon",
        TELEGRAM_STAFF__TOKEN_FILE=str(tmp_path / "missing"),
        AGENCY__ZONE="Mond/Krater",
        COLOUR="red",
    )
    assert done.returncode == 2
    for name in (
        "HTTP__PORT",
        "TELEGRAM__MODE",
        "TELEGRAM_STAFF__TOKEN_FILE",
        "AGENCY__ZONE",
        "LOTSE_COLOUR",
    ):
        assert name in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_contradict_each_other(tmp_path: Path) -> None:
    done = lotse(
        "run",
        DATA_DIR=str(tmp_path),
        TELEGRAM__TOKEN="1:AAA",
        TELEGRAM__MODE="webhook",
        TELEGRAM_STAFF__TOKEN="1:AAA",
    )
    assert done.returncode == 2
    assert "webhook mode needs a secret" in done.stderr
    assert "the same token" in done.stderr
    assert "public_url is missing" in done.stderr


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = lotse("run", DATA_DIR=str(tmp_path), HTTP__PORT=str(port))
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
