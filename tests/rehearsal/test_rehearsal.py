# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A rehearsal is the real program: its promises hold there, its gaps show, and chance comes from the seed."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bot.commands.rehearse import findings_of
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.messages import Body, Draft, Kind, Outgoing
from bot.domain.people import Standing
from bot.ports import UnitOfWork
from bot.rehearsal.chance import free_words, stream, waiting
from bot.rehearsal.course import Plan, Rehearsed
from bot.rehearsal.findings import Findings
from bot.rehearsal.installation import PAGE
from bot.rehearsal.people import draw_nature
from bot.rehearsal.reckoning import share
from bot.settings import without_environment
from bot.storage.sealing import Keyring
from dialogs.concerns.languages import recognise
from dialogs.concerns.rulebook import rulebook
from dialogs.shipped import shipped_programmes
from tests.rehearsal.conftest import plan

EVENING = datetime(2027, 1, 4, 21, 0, tzinfo=UTC)  # 22:00 in Berlin


def test_people_come_are_asked_and_nobody_is_disturbed_at_night(found: Findings) -> None:
    assert 0 < found.enrolled <= 3
    assert found.unasked > 0
    assert found.quiet == 0
    assert sum(week.concerns for week in found.weeks) == sum(one.concerns for one in found.acknowledged)
    assert sum(sum(levels.values()) for levels in found.sources.values()) == sum(
        week.concerns for week in found.weeks
    )
    assert sum(one.taken for one in found.coaches) > 0
    assert sum(found.alone.by_hour) == found.alone.concerns


def test_whoever_has_gone_through_a_phase_is_in_the_next(found: Findings) -> None:
    first, second, *_ = found.phases
    assert first.entered == found.enrolled
    assert second.entered == first.entered - first.inside > 0
    assert 6 < first.shortest <= first.usual <= first.longest < 31
    # The program asked, and somebody decided.
    asked = {one.kind: one for one in found.asked}
    assert asked["phase_long"].asked >= second.entered


def test_whoever_leaves_a_phase_is_asked_and_answers(found: Findings) -> None:
    assert found.goodbyes > 0


def test_what_needs_a_licence_is_left_out_and_named(found: Findings) -> None:
    assert found.left_out == ("a_licensed_score", "wai", "phq9")


def test_another_seed_is_another_crowd() -> None:
    one, other = ([draw_nature(stream(seed, n)) for n in range(9)] for seed in ("7", "8"))
    assert one != other


def seldom_open() -> Plan:
    """An agency that is open on one day of the week."""
    source = shipped_programmes()["gecko"]
    line = next(line for line in source.splitlines() if line.startswith("working_hours:"))
    return plan(2, 1, staff=1, source=source.replace(line, 'working_hours: {mon: "8:00 to 12:00"}'))


def test_an_agency_that_is_seldom_open_sees_its_gap_and_the_same_plan_the_same_to_the_byte() -> None:
    gap = findings_of(seldom_open())
    assert gap.alone.concerns >= sum(week.concerns for week in gap.weeks) / 2 > 0
    assert gap.alone.longest > 48
    assert msgspec.json.encode(findings_of(seldom_open())) == msgspec.json.encode(gap)


class Clocked(Rehearsed):
    """Remembers when what it sends is there."""

    def __init__(self, begins: datetime) -> None:
        super().__init__(
            without_environment(data_dir=Path("nowhere")), Keyring({"k1": os.urandom(32)}, "k1"), begins
        )
        self.moments: list[datetime] = []

    def heard(self, message: Outgoing) -> None:
        super().heard(message)
        self.moments.append(self.now)


def test_what_is_begun_at_night_waits_for_the_morning_and_help_does_not() -> None:
    there = Clocked(EVENING)

    def post(uow: UnitOfWork) -> None:
        number = uow.people.add_participant(1, Standing.ACTIVE, "de", None)
        address_id = uow.people.add_address(1, PAGE, "page-1", participant_id=number)
        agreed = ConsentRecord(number, Purpose.CONTACT, True, "", "", "de", PAGE, EVENING)
        uow.talks.add_consent(1, agreed)
        for kind in (Kind.NOTICE, Kind.CRISIS):
            uow.outbox.post([Draft(1, address_id, PAGE, kind, Body("Etwas"), number)], there.now)

    there.run(post)
    there.live(EVENING + timedelta(hours=14))
    there.close()
    assert there.moments == [EVENING, datetime(2027, 1, 5, 7, 0, tzinfo=UTC)]
    assert (there.kept, there.quiet) == (1, 0)


def test_examples_of_words_mean_what_they_are_taken_for() -> None:
    words, rules = free_words(), rulebook()
    assert all(words.values())
    for level, texts in words.items():
        if level.value != "R0":
            assert {recognise(text, "de", rules).level.value for text in texts} == {level.value}


def test_streams_differ_by_name_and_what_never_happens_is_far_away() -> None:
    assert stream("1", "a").random() == stream("1", "a").random() != stream("1", "b").random()
    assert waiting(stream("1"), 0) > timedelta(days=3000)


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [([], 0.5, 0.0), ([3.0], 0.99, 3.0), ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0), ([1.0, 2.0, 3.0], 0.9, 3.0)],
)
def test_shares_are_of_the_nearest_rank(values: list[float], part: float, expected: float) -> None:
    assert share(values, part) == expected
