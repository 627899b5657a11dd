# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Steps without a question: other dialogs, values, and dialogs that are at fault."""

from __future__ import annotations

import msgspec
import pytest

from dialogs.book import DialogBook
from dialogs.effects import (
    End,
    HandToHuman,
    Pause,
    RaiseConcern,
    Send,
    SetFact,
    StoreAnswer,
)
from dialogs.engine import advance
from dialogs.inputs import Pressed, Typed
from dialogs.scales import DataClass
from dialogs.session import Frame, Session, dump, load
from tests.dialogs.probe import BOOK, FACTS, NOW, dialog, kinds, play, said


@pytest.mark.parametrize(
    "session",
    [
        Session((Frame("gone", 1, "mood"),), "de"),
        Session((Frame("probe", 9, "mood"),), "de"),
        Session((Frame("probe", 1, "nowhere"),), "de"),
        Session((Frame("probe", 1, "hello"),), "de"),
        Session((), "de"),
    ],
)
def test_a_session_that_fits_no_dialog_is_told_to_a_human_and_to_the_person(session: Session) -> None:
    step = advance(BOOK, session, Typed("5"), NOW, FACTS)
    assert kinds(step) == [Send, RaiseConcern, End]
    assert step.session.outcome == "broken"


def test_a_loop_without_a_question_is_broken_off_and_nobody_gets_a_hundred_messages() -> None:
    loop = dialog(
        "  a: {say: {de: Hin, en: There}}\n  b: {raise_concern: {level: R2, reason: found}, next: a}\n",
        name="loop",
    )
    step = play(book=DialogBook([loop]), name="loop")
    assert [type(effect) for effect in step.effects] == [RaiseConcern, Send, RaiseConcern, End]
    assert step.session.outcome == "broken"


INNER = dialog(
    "  much: {number: {de: Wie viel?, en: How much?}, low: 0, high: 30}\n  done: {end: measured}\n",
    name="inner",
)
OUTER = dialog(
    """
  measure: {start: inner}
  copy: {set: {days: "{inner.much}", seen: yes, label: "Tage: {inner.much}"}, remember: yes}
  rest: {pause: "{days}"}
  ways: {branch: [{when: measure = "measured" and seen and inner.much > 3, next: long}]}
  short: {say: {de: Kurz, en: Short}, next: done}
  long: {hand_to_human: many_days}
  done: {end: completed}
""",
    name="outer",
)


def test_a_dialog_can_run_another_and_use_its_answers_and_outcome() -> None:
    book = DialogBook([INNER, OUTER])
    step = play(Typed("7"), book=book, name="outer")
    assert step.effects == (
        StoreAnswer("inner", "much", "much", 7, DataClass.NEUTRAL),
        SetFact("days", 7),
        SetFact("seen", True),
        SetFact("label", "Tage: 7"),
        Pause(7),
        HandToHuman("many_days"),
        End("completed"),
    )
    assert said(play(Typed("3"), book=book, name="outer")) == "Kurz"


def test_dialogs_that_start_each_other_are_broken_off() -> None:
    circle = dialog("  a: {start: circle}\n  b: {end: completed}\n", name="circle")
    assert play(book=DialogBook([circle]), name="circle").session.outcome == "broken"


def test_a_session_is_the_same_after_a_restart_and_refuses_what_it_did_not_write() -> None:
    session = play(Pressed(1, "7"), Typed("weil, ö 🙂"), Typed("hm")).session
    assert load(dump(session)) == session
    with pytest.raises(msgspec.ValidationError):
        load('{"frames": 3}')
