# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Pauses: asked for in words or by buttons, with an end that is shown, over when the person likes."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.pause_words import ends_pause, wanted_pause
from tests.services.stage import Actor, Stage

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Pause 2 Wochen", 14),
        ("pause zwei wochen", 14),
        ("/pause 3 Tage", 3),
        ("Pause für einen Monat", 30),
        ("Pause: 1 Tag!", 1),
        ("eine Pause von einer Woche", 7),
        ("pause for 2 weeks", 14),
        ("Pause bis Montag", date(2026, 11, 30)),
        ("Pause bis zum 4. Dezember", date(2026, 12, 4)),
        ("Pause bis nächsten Freitag", date(2026, 11, 27)),
        ("Pause bis 4.12.", date(2026, 12, 4)),
        ("pause until monday", date(2026, 11, 30)),
        ("Pause bis morgen", date(2026, 11, 24)),
        ("Pause", None),
        ("Pause bis heute", None),
        ("Pause bis gestern", None),
        ("Pause bis irgendwann", None),
        ("Pause 500 Tage", None),
        ("Pause 0 Tage", None),
        ("Pause 2 Kaffee", None),
        ("Ich mache eine Pause bis Montag", None),
        ("Pausenbrot 2 Tage", None),
        ("bis Montag", None),
    ],
)
def test_what_is_asked_for(text: str, meant: date | int | None) -> None:
    assert wanted_pause(text, MONDAY) == meant


@pytest.mark.parametrize("text", ["Pause beenden", "pause ende!", "End pause", "/pause_beenden"])
def test_a_pause_is_ended_in_words(text: str) -> None:
    assert ends_pause(text)


@given(st.text(max_size=100))
def test_any_text_is_safe(text: str) -> None:
    assert not ends_pause(text) or "paus" in text.casefold()
    found = wanted_pause(f"pause {text}", MONDAY)
    assert found is None or (1 <= found <= 366 if isinstance(found, int) else found > MONDAY)


def paused_until(stage: Stage) -> datetime | None:
    return stage.run(lambda uow: uow.people.participants(1))[0].paused_until


def test_until_monday_is_until_monday_morning(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause bis Montag")
    mia.hears("Pause bis Montag, 30. November.")
    assert paused_until(stage) == datetime(2026, 11, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    stage.pass_time(days=6)
    mia.hears_nothing()


def test_the_day_may_also_be_chosen_in_the_dialog(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause")
    mia.presses("Bis zu einem Tag")
    mia.forgets()
    mia.writes("Montag")
    mia.hears("Pause bis 30. November 2026.")
    assert paused_until(stage) == datetime(2026, 11, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_running_pause_is_shown_and_ended_by_a_tap(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause 2 Wochen")
    mia.forgets()
    mia.writes("pause")
    mia.hears("Ihre Pause geht bis 7. Dezember 2026.")
    mia.presses("Pause beenden")
    mia.hears("Die Pause ist vorbei.")
    assert paused_until(stage) is None


@pytest.mark.parametrize("words", ["Pause beenden", "weiter"])
def test_it_ends_early_by_writing(stage: Stage, mia: Actor, words: str) -> None:
    mia.writes("Pause 2 Wochen")
    mia.forgets()
    mia.writes(words)
    mia.hears("Die Pause ist vorbei.")
    assert paused_until(stage) is None
    stage.pass_time(days=7, minutes=10)
    mia.hears("Wie geht es Ihnen heute?")


def test_other_words_are_answered_and_the_pause_goes_on(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause 2 Wochen")
    mia.forgets()
    mia.writes("Danke")
    mia.hears("Gern.")
    assert paused_until(stage) is not None


def test_a_pause_in_the_middle_of_a_check_in_ends_it(stage: Stage, mia: Actor) -> None:
    mia.writes("checkin")
    mia.writes("Pause bis Montag")
    mia.forgets()
    assert not stage.run(lambda uow: uow.talks.under_way(1))


def test_danger_goes_before_a_pause(stage: Stage, mia: Actor) -> None:
    mia.writes("Pause 2 Wochen")
    mia.forgets()
    mia.writes("Ich will nicht mehr leben")
    assert "112" in mia.hears("Ich bin ein Programm", "gerade an")[0].text
