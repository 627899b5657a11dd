# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The steps between questions, to the last field, also in dialogs that the checker would not let pass."""

from __future__ import annotations

import pytest

from dialogs.book import DialogBook
from dialogs.effects import Effect, End, Pause, RaiseConcern, Send, SetFact, StoreAnswer, Value
from dialogs.engine import Facts, advance, close
from dialogs.inputs import Typed
from dialogs.own_words import words_for
from dialogs.scales import DataClass, Level
from dialogs.session import Frame, Session
from dialogs.walking import MAX_FRAMES, MAX_PAUSE
from tests.dialogs.probe import FACTS, NOW, dialog, play, start

BROKEN = Send(words_for("de").lines.broken)
LEVEL = Level.R1


def effects(steps: str, values: dict[str, Value] | None = None) -> tuple[Effect, ...]:
    """All that a dialog without a question does."""
    return start(DialogBook([dialog(steps)]), Facts("de", values or {})).effects


def fault(name: str, step: str) -> tuple[Effect, ...]:
    return (BROKEN, RaiseConcern(LEVEL, "dialog_fault", name, step), End("broken"))


def test_a_dialog_that_runs_off_its_last_line_is_completed() -> None:
    assert effects("  a: {say: {de: Gut., en: Good.}}\n") == (Send("Gut."), End("completed"))


def test_a_step_that_does_not_exist_is_a_fault_with_its_name() -> None:
    assert effects("  a: {say: {de: Gut., en: Good.}, next: gone}\n") == (
        Send("Gut."),
        *fault("probe", "gone"),
    )


def test_a_session_without_a_place_is_a_fault_of_no_dialog() -> None:
    step = advance(DialogBook(), Session((), "de"), Typed("ja"), NOW, FACTS)
    assert step.effects == fault("", "")


def test_a_dialog_that_cannot_be_started_is_a_fault_of_the_one_that_starts_it() -> None:
    assert effects("  a: {start: nowhere}\n  done: {end: completed}\n") == fault("probe", "a")


def chain(length: int) -> DialogBook:
    """So many dialogs, each of which starts the next."""
    numbers = range(1, length + 1)
    steps = {
        n: f"  a: {{start: d{n + 1}}}\n  done: {{end: fine}}\n" if n < length else "  done: {end: fine}\n"
        for n in numbers
    }
    return DialogBook([dialog(steps[n], name=f"d{n}") for n in numbers])


def test_ten_dialogs_inside_one_another_are_enough() -> None:
    assert start(chain(MAX_FRAMES), name="d1").effects == (End("fine"),)
    assert start(chain(MAX_FRAMES + 1), name="d1").effects == fault(f"d{MAX_FRAMES}", "a")


def test_a_starting_step_that_is_gone_on_the_way_back_is_a_fault() -> None:
    inner = dialog("  ask: {text: {de: Was?, en: What?}}\n  done: {end: fine}\n", name="inner")
    outer = dialog("  b: {end: completed}\n", name="outer")
    session = Session((Frame("outer", 1, "gone"), Frame("inner", 1, "ask")), "de", turn=1)
    step = advance(DialogBook([inner, outer]), session, Typed("nichts"), NOW, FACTS)
    assert step.session.outcome == "broken"
    assert RaiseConcern(LEVEL, "dialog_fault", "outer", "gone") in step.effects


def test_a_concern_says_which_step_raised_it() -> None:
    assert effects("  a: {raise_concern: {level: R2, reason: look}}\n  done: {end: fine}\n")[0] == (
        RaiseConcern(Level.R2, "look", "probe", "a")
    )


@pytest.mark.parametrize(
    ("days", "values", "meant"),
    [
        ("14", {}, 14), ("0", {}, 0), ("'{days}'", {"days": 7}, 7), ("'{days}'", {"days": "30"}, 30),
        ("'{days}'", {"days": 999_999}, MAX_PAUSE), ("'{days}'", {"days": "bald"}, 0),
        ("'{days}'", {"days": "٧"}, 0), ("'{days}'", {"days": -3}, 0), ("'{days}'", {"days": 2.5}, 0),
        ("'{days}'", {"days": "9" * 30}, 0), ("'{days}'", {}, 0),
    ],
)  # fmt: skip
def test_how_long_a_pause_is(days: str, values: dict[str, Value], meant: int) -> None:
    assert effects(f"  a: {{pause: {days}}}\n  done: {{end: fine}}\n", values)[0] == Pause(meant)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("{set: {a: 7}, remember: yes}", [SetFact("a", 7)]),
        ("{set: {a: 7}}", []),
        ("{set: {a: '{known}'}, remember: yes}", [SetFact("a", "da")]),
        ("{set: {a: '{known}'}}", []),
        ("{set: {a: '{nothing}'}, remember: yes}", []),
        ("{set: {a: 'so: {known}'}, remember: yes}", [SetFact("a", "so: da")]),
    ],
)
def test_what_is_set_is_a_fact_only_if_the_dialog_says_so_and_there_is_a_value(
    step: str, expected: list[Effect]
) -> None:
    found = effects(f"  first: {step}\n  done: {{end: fine}}\n", {"known": "da"})
    assert [effect for effect in found if not isinstance(effect, End)] == expected


def test_a_loop_keeps_what_was_there_before_it_as_it_was() -> None:
    twice = "[{level: R1, reason: same}, {level: R1, reason: same}]"
    book = DialogBook(
        [
            dialog(
                f"  ask: {{text: {{de: Was?, en: What?}}, raise: {twice}}}\n"
                "  a: {say: {de: Hallo., en: Hello.}, next: a}\n"
            )
        ]
    )
    same = RaiseConcern(LEVEL, "same", "probe", "ask", "nichts")
    stored = StoreAnswer("probe", "ask", "ask", "nichts", DataClass.NEUTRAL)
    found = play(Typed("nichts"), book=book).effects
    assert found[:-3] == (stored, same, same)
    assert found[-3:-1] == fault("probe", "a")[:2]


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        ("2026-11-24", Pause(1, "2026-11-24")), ("2026-12-23", Pause(30, "2026-12-23")),
        ("2026-11-23", Pause(0)), ("2026-11-01", Pause(0)), ("2026-02-31", Pause(0)),
        ("2027-11-24", Pause(MAX_PAUSE, "2027-11-24")),
        ("2027-11-25", Pause(MAX_PAUSE)), ("2030-01-01", Pause(MAX_PAUSE)),
    ],
)  # fmt: skip
def test_a_pause_until_a_day_is_counted_from_today(day: str, meant: Pause) -> None:
    found = effects("  a: {pause: '{until}'}\n  done: {end: fine}\n", {"until": day})
    assert found[0] == meant


def test_a_dialog_inside_another_may_also_run_off_its_last_line() -> None:
    inner = dialog("  a: {say: {de: Innen., en: Inside.}}\n", name="inner")
    outer = dialog(
        "  go: {start: inner}\n  ways: {branch: [{when: go = 'completed', next: done}]}\n"
        "  wrong: {end: wrong}\n  done: {end: right}\n"
    )
    assert start(DialogBook([outer, inner])).effects == (Send("Innen."), End("right"))


ASKING = "  a: {text: {de: Was?, en: What?}}\n  b: {text: {de: Und?, en: And?}}\n  done: {end: fine}\n"
MORE = "  a: {text: {de: Was?, en: What?}}\n  done: {end: fine}\n"


@pytest.mark.parametrize(
    ("values", "partial"),
    [
        ({"outer.a": "ja"}, True),
        ({"outer.a": None}, False),
        ({"outer.set": 1}, False),
        ({"ended.a": "ja"}, True),
        ({"ended.other": "ja"}, False),
        ({"unknown.a": "ja"}, False),
        ({}, False),
    ],
)
def test_only_an_answer_makes_a_conversation_that_stops_early_a_part_of_one(
    values: dict[str, Value | None], partial: bool
) -> None:
    """Also an answer to a dialog that has come back already; it is looked up in its latest version."""
    book = DialogBook(
        [dialog(ASKING, name="outer", version=2), dialog("  a: {end: fine}\n", name="ended"),
         dialog(MORE, name="ended", version=3)]
    )  # fmt: skip
    session = Session((Frame("outer", 2, "b"),), "de", values=values, turn=2)
    assert close(book, session, "stopped", NOW, FACTS).effects == (End("stopped", partial=partial),)
    older = Session((Frame("outer", 1, "b"),), "de", values=values, turn=2)
    assert close(book, older, "stopped", NOW, FACTS).effects[-1] == (
        End("stopped", partial=partial and "ended.a" in values)
    )
