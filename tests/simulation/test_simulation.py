# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Weeks in seconds, with all the trouble there is: no promise may break. `make simulate` runs many more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.simulation.promptness import table
from tests.simulation.world import Size, simulate

#: Some lives of the ten thousand that `make simulate` lives.
SEEDS, AT_ONCE = 15, 5
#: Days with trouble in each run; some days without it follow.
DAYS = 4


@pytest.mark.parametrize("first", range(1, SEEDS + 1, AT_ONCE))
def test_no_promise_breaks(first: int) -> None:
    outcomes = [simulate(seed, DAYS) for seed in range(first, first + AT_ONCE)]
    broken = [str(outcome) for outcome in outcomes if outcome.broken]
    assert not broken, "\n".join(broken)
    assert sum(outcome.steps for outcome in outcomes) > 100 * AT_ONCE
    assert all(outcome.days >= DAYS for outcome in outcomes)


def test_a_larger_team_keeps_every_promise_too() -> None:
    outcome = simulate(2, size=Size(days=5, people=8, staff=6))
    assert not outcome.broken, str(outcome)
    assert {wait.level for wait in outcome.waits} >= {"R1"}
    assert "R1" in table(outcome.waits)


def test_a_seed_is_the_same_run_every_time() -> None:
    here = simulate(7, DAYS)
    assert here.trace == simulate(7, DAYS).trace
    assert here.trace != simulate(8, DAYS).trace


def test_a_seed_is_the_same_run_in_every_process() -> None:
    program = f"from tests.simulation.world import simulate; print(simulate(7, {DAYS}).trace)"
    # Another order of sets than here.
    hash_seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == simulate(7, DAYS).trace
