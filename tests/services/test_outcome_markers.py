# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Outcome markers: only the coach enters them, each entry is kept, and the lines are 3 and 6 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.outcome_markers import FINDINGS, Finding, Marker, MarkerEntry, band, current
from bot.domain.people import Role
from bot.ports import UnitOfWork
from bot.services.appointment_dates import EntryFault
from bot.services.outcome_markers import Entered, enter
from bot.services.outcome_words import FOUND, MARKERS
from tests.services.stage import Actor, Stage
from tests.services.test_help_plans import at_work

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0, Finding.UNDER_3),
        (2.99, Finding.UNDER_3),
        (3, Finding.FROM_3),
        (5.99, Finding.FROM_3),
        (6, Finding.FROM_6),
        (24, Finding.FROM_6),
    ],
)
def test_the_lines_are_at_three_and_six(hours: float, expected: Finding) -> None:
    assert band(hours) is expected


@pytest.mark.parametrize("hours", [-0.1, 24.1])
def test_no_day_has_more_or_fewer_hours(hours: float) -> None:
    with pytest.raises(ValueError, match=str(hours)):
        band(hours)


def test_every_marker_has_words_and_can_be_taken_back() -> None:
    assert set(MARKERS) == set(Marker)
    assert set(FOUND) == set(Finding)
    assert all(Finding.OPEN in findings for findings in FINDINGS.values())


def test_the_newest_counts_in_the_order_of_the_list() -> None:
    about = (0, 1, 1, 1, NOW)
    jobs = [MarkerEntry(*about, Marker.JOB, finding, NOW.date()) for finding in (Finding.YES, Finding.OPEN)]
    hours = MarkerEntry(*about, Marker.HOURS, Finding.FROM_6, NOW.date())
    assert list(current([*jobs, hours]).items()) == [(Marker.HOURS, hours), (Marker.JOB, jobs[1])]


def kept(stage: Stage) -> list[MarkerEntry]:
    return stage.run(lambda uow: uow.casework.outcome_markers.of([1])).get(1, [])


def enters(stage: Stage, actor: Actor, finding: Finding, day: date | None = None, words: str = "") -> bool:
    new = Entered(Marker.HOURS, finding, day or stage.now.date(), words)
    return at_work(stage, actor, lambda desk, person: enter(desk, person, new))


def test_entered_once_and_kept_for_good(stage: Stage, mia: Actor, berta: Actor) -> None:
    assert enters(stage, berta, Finding.FROM_3)
    assert not enters(stage, berta, Finding.FROM_3)
    assert enters(stage, berta, Finding.OPEN)
    assert [one.finding for one in kept(stage)] == [Finding.FROM_3, Finding.OPEN]
    (copied, _) = stage.run(_copied)
    assert "from_3" in str(copied["content"])
    # The log says that something was entered, and not what.
    assert stage.concerns() == []


def _copied(uow: UnitOfWork) -> list[dict[str, object]]:
    return [dict(row) for row in uow.rights.stored(1)["outcome_marker"]]


def test_nobody_else_enters_it(stage: Stage, mia: Actor, berta: Actor) -> None:
    others = (stage.staff("Karl Kollege"), stage.staff("Lena Leitung", Role.LEAD))
    for actor in (*others, stage.staff("Adam Admin", Role.ADMIN)):
        with pytest.raises(EntryFault):
            enters(stage, actor, Finding.FROM_3)
    assert kept(stage) == []


def test_kind_faults(stage: Stage, mia: Actor, berta: Actor) -> None:
    for finding, day, words in (
        (Finding.YES, None, ""),
        (Finding.FROM_6, date(2099, 1, 1), ""),
        (Finding.FROM_6, None, "x" * 301),
    ):
        with pytest.raises(EntryFault):
            enters(stage, berta, finding, day, words)
    assert kept(stage) == []


def test_the_staff_bot(stage: Stage, mia: Actor, berta: Actor) -> None:
    (person,) = stage.run(lambda uow: uow.people.participants(1))
    for words, expected in (("stunden 5,9", Finding.FROM_3), ("minijob ja", Finding.YES)):
        berta.writes(f"/ausgang {person.case_code} {words}")
        berta.hears(f"Fall {person.case_code}: Eingetragen")
        assert kept(stage)[-1].finding is expected
    for wrong in ("stunden 25", "stunden nan", "minijob 4", "traumberuf ja", "stunden"):
        berta.writes(f"/ausgang {person.case_code} {wrong}")
        (told,) = berta.hears("")
        assert "Zum Beispiel" in told.text
    assert len(kept(stage)) == 2
    # A messenger may not carry what is about somebody's health.
    berta.writes(f"/ausgang {person.case_code}")
    berta.hears(f"Fall {person.case_code}: Was eingetragen ist, zeigt die Konsole")
