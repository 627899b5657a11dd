# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Two workers in two processes on the same timers: each timer takes effect once.

LOTSE_TEST_RACES says how many timers they race for, 300 if it is not set.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.ports import UnitOfWork
from bot.storage.database import SqlStorage
from tests.contract.racer import KIND
from tests.storage.stores import AGENCY, settle_world

RACES = int(os.environ.get("LOTSE_TEST_RACES", "300"))


def effects(uow: UnitOfWork) -> Counter[str]:
    rows = uow.connection.execute(text("SELECT subject FROM audit WHERE action = :it"), {"it": KIND})  # type: ignore[attr-defined]
    return Counter(row.subject for row in rows)


def racer(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contract.racer", url],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def shoot(runner: subprocess.Popen[str]) -> None:
    assert runner.stdin is not None
    runner.stdin.write("go\n")
    runner.stdin.flush()


def count_claimed(runner: subprocess.Popen[str]) -> int:
    assert runner.stdout is not None
    return int(runner.stdout.readline())


def run_race(url: str) -> int:
    """Both claim, then both fire, until nothing is left. How many claims were made."""
    with racer(url) as one, racer(url) as other:
        held = {one: count_claimed(one), other: count_claimed(other)}
        total = sum(held.values())
        while running := [runner for runner, count in held.items() if count]:
            for runner in running:
                shoot(runner)
            held |= {runner: count_claimed(runner) for runner in running}
            total += sum(held[runner] for runner in running)
    return total


@pytest.mark.parametrize(
    "store_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_two_workers_that_hold_the_same_timers_never_double_an_effect(
    store_url: str, storage: SqlStorage
) -> None:
    settle_world(storage)
    now = datetime.now(UTC)

    def put(uow: UnitOfWork) -> None:
        for number in range(RACES):
            uow.timers.set(AGENCY, KIND, number % 50, now, f"race:{number}", str(number))

    storage.run_sync(put)
    claims = run_race(store_url)
    done = storage.run_sync(effects)
    doubled = sum(count > 1 for count in done.values())
    print(
        f"{store_url.partition(':')[0]}: {RACES} timers, {claims - RACES} claimed by both, {doubled} doubled"
    )
    assert (len(done), doubled) == (RACES, 0)
    assert claims > RACES, "they never met"
