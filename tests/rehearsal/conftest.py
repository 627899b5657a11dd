# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A small rehearsal that several tests look at: it takes some seconds, so there is one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.commands.rehearse import findings_of
from bot.rehearsal.course import Plan
from bot.rehearsal.findings import Findings
from dialogs.parse_programme import parse_programme
from dialogs.shipped import shipped_programmes

MONDAY = date(2027, 1, 4)


def plan(
    participants: int, months: int, *, staff: int = 2, source: str = "", name: str = "gecko", seed: str = "1"
) -> Plan:
    """A rehearsal of a shipped programme, or of another source."""
    text = source or shipped_programmes()[name]
    return Plan(parse_programme(text, name), text, participants, months, staff, seed, MONDAY)


@pytest.fixture(scope="session")
def small() -> Plan:
    """Three people, one month, one coach; the first phase is soon over, and ends with a goodbye.

    It names what needs a licence, or must be switched on: a score, and two questionnaires.
    """
    source = "score_pack: a_licensed_score\n" + shipped_programmes()["gecko"]
    assert source.count("instruments: [own_items]") == 1
    source = source.replace("[own_items]", "[own_items, wai, phq9]")
    before = "    usual: 4 weeks\n    contact: 7 days\n    dialogs: [welcome]\n"
    assert source.count(before) == 1
    after = before.replace("4 weeks", "1 week") + "    leaving: goodbye\n"
    return plan(3, 1, staff=1, source=source.replace(before, after))


@pytest.fixture(scope="session")
def found(small: Plan) -> Findings:
    """What came of it."""
    return findings_of(small)
