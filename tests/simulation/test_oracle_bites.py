# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lotse is broken on purpose, once for each thing that could go wrong; the oracle must find it every time."""

from __future__ import annotations

import pytest

from bot.domain.audit import Fault
from tests.simulation.sabotage import BREAKS, Break, closed_by_a_machine, no_timer_for_concerns
from tests.simulation.soonest import DAYS, PATIENCE, seeds_for
from tests.simulation.world import Outcome, simulate


def first_find(break_it: Break, patch: pytest.MonkeyPatch) -> Outcome:
    """The first run in which something is found; which seed that is changes with everything else."""
    break_it(patch)
    for seed in seeds_for(break_it.__name__):
        outcome = simulate(seed, DAYS)
        if outcome.broken:
            return outcome
    pytest.fail(f"nothing was found in {PATIENCE} runs")


@pytest.mark.parametrize(("break_it", "promise"), BREAKS, ids=lambda each: getattr(each, "__name__", each))
def test_the_oracle_finds_it(break_it: Break, promise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = first_find(break_it, monkeypatch)
    found = outcome.broken
    assert promise in {each.promise for each in found}, (outcome.seed, found[:3])


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [(closed_by_a_machine, Fault.CLOSED_BY_NOBODY), (no_timer_for_concerns, Fault.NO_TIMER)],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_the_auditor_finds_it_too(break_it: Break, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = first_find(break_it, monkeypatch)
    assert fault in {finding.fault for finding in outcome.audited}
