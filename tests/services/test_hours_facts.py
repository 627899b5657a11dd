# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What dialogs may say about reading hours is shared within a minute, and never older than that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.services.rulebook import Rulebook
from tests.services.stage import Stage

#: 8:00 in Berlin on a Monday, when the office opens.
OPENING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def facts(rules: Rulebook, now: datetime, language: str = "de") -> dict[str, str | bool]:
    agency = next(iter(rules.agencies.values()))
    return dict(rules.hours_facts(agency, rules.voice(language), now))


def test_they_change_at_the_opening_minute(stage: Stage) -> None:
    rules = stage.rules
    before = facts(rules, OPENING - timedelta(microseconds=1))
    assert before["read_now"] is False
    assert before["next_reading_time"] == "08:00 Uhr"
    assert facts(rules, OPENING)["read_now"] is True
    assert facts(rules, OPENING + timedelta(seconds=59)) == facts(rules, OPENING)


def test_each_language_has_its_own(stage: Stage) -> None:
    german, english = facts(stage.rules, OPENING), facts(stage.rules, OPENING, "en")
    assert german["next_reading_day"] == "Montag, 23. November"
    assert english["next_reading_day"] == "Monday 23 November"


def test_only_the_last_minutes_are_kept(stage: Stage) -> None:
    rules = stage.rules
    for minute in range(2500):
        facts(rules, OPENING + timedelta(minutes=minute))
    assert facts(rules, OPENING)["read_now"] is True
    assert len(rules._hours_facts) <= 1000
