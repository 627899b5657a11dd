# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A process that is not alone: a second one on the same file, and a schema that was changed below it."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from sqlalchemy import text

from bot.storage.engines import open_engine
from bot.storage.schema import HEAD
from tests.doubles.bot_api import FaultKind
from tests.e2e.stories import Team, Town
from tests.e2e.test_outages import MOOD, POLLING_ON_SQLITE, lotse, readiness

NEWER = "9999"
PRESENT = text(
    "SELECT pid FROM pg_stat_activity "
    "WHERE application_name = 'lotse presence' AND datname = current_database()"
)


def set_revision(town: Town, revision: str) -> None:
    """As `lotse migrate` of another version would leave it."""
    with open_engine(town.settings.database).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


async def run_beside(town: Town, *words: str) -> tuple[int, str]:
    """Another process with the same database; its exit code, and what it said on one line."""
    settings = {"DATA_DIR": str(town.settings.data_dir), "DATABASE_URL": town.settings.database}
    done = lotse(*words, HTTP__PORT="0", **settings)
    assert "Traceback" not in done.stderr
    return done.returncode, " ".join(done.stderr.split())


@POLLING_ON_SQLITE
async def test_a_second_one_on_the_same_file_is_refused_kindly(town: Town) -> None:
    code, said = await run_beside(town, "run")
    assert code == 2
    assert "Lotse already runs on" in said
    assert re.search(r"role telegram, process \d+\); stop that one first", said)
    await town.stop()
    await town.start()


async def test_a_schema_that_was_changed_below_a_running_program_is_told(town: Town) -> None:
    assert await readiness(town, 200) == []
    set_revision(town, NEWER)
    assert await readiness(town, 503) == [
        f"the schema is newer than this program: {NEWER}, not {HEAD}; update Lotse"
    ]
    set_revision(town, HEAD)
    assert await readiness(town, 200) == []


@pytest.mark.parametrize(
    ("revision", "remedy"),
    [(NEWER, f"newer than this program: {NEWER}, not {HEAD}; update Lotse"), ("0001", "run `lotse migrate`")],
)
async def test_a_program_does_not_start_on_another_versions_schema(
    town: Town, revision: str, remedy: str
) -> None:
    await town.stop()
    set_revision(town, revision)
    code, said = await run_beside(town, "run")
    assert code == 2
    assert remedy in said
    assert revision in said
    assert HEAD in said
    set_revision(town, HEAD)
    await town.start()


async def test_metrics_tell_what_a_process_does(town: Town) -> None:
    await readiness(town, 200)
    async with httpx.AsyncClient(base_url=town.address) as client:
        said = (await client.get("/metrics")).text
    for line in (
        'lotse_role{role="worker"} 1.0',
        'lotse_role{role="telegram-staff"} 1.0',
        'lotse_speaker{channel="telegram"} 1.0',
        'lotse_speaker{channel="console"} 1.0',
        "lotse_listener_connected 1.0",
        "lotse_workers 1.0",
        "lotse_worker_look_age_seconds 0.0",
    ):
        assert line in said


@pytest.mark.postgres
@pytest.mark.parametrize("town", [("postgres", "polling"), ("postgres", "webhook")], indirect=True)
async def test_a_lock_that_is_lost_in_mid_sentence_doubles_nothing(town: Town, team: Team) -> None:
    """The connection that holds the locks is cut while a message is on its way; all others live."""
    slow = town.api.fail_next(town.participants, "sendMessage", 500, kind=FaultKind.SLOW_ANSWER)
    await team.mia.says("checkin")
    await slow.struck.wait()
    with (
        open_engine(town.settings.database).execution_options(isolation_level="AUTOCOMMIT").connect() as admin
    ):
        [cut] = admin.execute(PRESENT).scalars()
        admin.execute(text("SELECT pg_terminate_backend(:cut)"), {"cut": cut})
        while admin.execute(PRESENT).scalars().all() in ([cut], []):
            await asyncio.sleep(0.02)
    slow.release.set()
    assert await readiness(town, 200) == []
    await town.passes(seconds=5)
    await town.then(team.mia.hears(MOOD))
    await team.mia.says("1")
    await town.then(team.mia.hears("geschlafen?"), team.berta.hears("Meldung R1"))
