# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Time in a conversation: steps that wait, "Später", the open question asked again, and expiry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogs.asking import LATER
from dialogs.book import DialogBook
from dialogs.effects import End, Send, SetTimeout, StoreAnswer
from dialogs.engine import LATER_SECONDS, Step, advance, close
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.session import Frame, Session, Sleep
from tests.dialogs.probe import BOOK, FACTS, NOW, dialog, kinds, play, said

LOOP = dialog(
    """
  ask: {yes_no: {de: Noch etwas?, en: Anything else?}, no: {next: done}}
  rest: {wait: 2 days, next: ask}
  done: {end: completed}
""",
    name="loop",
)
WAITING = DialogBook([LOOP])


def looped(*events: Input) -> Step:
    return play(*events, book=WAITING, name="loop")


def test_a_wait_leaves_nothing_open_and_wakes_by_itself() -> None:
    asleep = looped(Typed("ja"))
    assert asleep.effects[-1] == SetTimeout(2, 2 * 86_400)
    assert (asleep.session.sleep, asleep.session.is_asleep, asleep.session.turn) == (Sleep.WAIT, True, 2)
    awake = looped(Typed("ja"), TimedOut(2))
    assert kinds(awake) == [Send]
    assert (awake.session.sleep, awake.session.turn) == (Sleep.AWAKE, 3)
    assert looped(Typed("ja"), TimedOut(2), Typed("nein")).effects[-1] == End("completed")


@pytest.mark.parametrize(
    "event", [Typed("ja"), Pressed(1, "yes"), Attached("voice"), Repeat(), Typed("zurück")]
)
def test_whatever_comes_meanwhile_is_answered_and_changes_nothing(event: Input) -> None:
    session = looped(Typed("ja")).session
    step = advance(WAITING, session, event, NOW, FACTS)
    assert step.session == session
    assert step.effects == (Send("Gerade ist keine Frage offen. Ich melde mich wieder."),)


def test_an_older_waiting_time_does_not_wake_it() -> None:
    session = looped(Typed("ja")).session
    assert advance(WAITING, session, TimedOut(1), NOW, FACTS) == Step(session, ())


def test_there_is_no_way_back_over_a_wait() -> None:
    assert "Weiter zurück geht es hier nicht." in said(looped(Typed("ja"), TimedOut(2), Typed("zurück")))


def test_a_wait_whose_dialog_is_gone_is_told_to_a_human() -> None:
    lost = Session((Frame("loop", 9, "rest"),), "de", turn=2, sleep=Sleep.WAIT)
    assert advance(WAITING, lost, TimedOut(2), NOW, FACTS).session.outcome == "broken"


def test_later_is_three_hours_and_then_the_same_question() -> None:
    asleep = play(Pressed(1, LATER))
    assert kinds(asleep) == [Send, SetTimeout]
    assert asleep.effects[-1] == SetTimeout(1, LATER_SECONDS)
    assert asleep.session.sleep is Sleep.LATER
    back = play(Typed("später"), TimedOut(1))
    # The question has its own waiting time again, and its old buttons stay good.
    assert kinds(back) == [SetTimeout, Send]
    assert said(back).startswith("Passt es jetzt?")
    assert (back.session.turn, back.session.sleep) == (1, Sleep.AWAKE)
    assert isinstance(play(Typed("später"), TimedOut(1), Pressed(1, "5")).effects[0], StoreAnswer)


def test_whoever_comes_back_earlier_is_heard_at_once() -> None:
    step = play(Typed("später"), Typed("5"))
    assert [type(effect) for effect in step.effects][:2] == [SetTimeout, StoreAnswer]
    assert step.session.sleep is Sleep.AWAKE
    again = play(Typed("später"), Repeat())
    assert kinds(again) == [SetTimeout, Send]


def test_a_second_later_ends_it_kindly() -> None:
    step = play(Typed("später"), TimedOut(1), Typed("später"))
    assert step.effects[-1] == End("postponed")
    assert isinstance(step.effects[0], Send)
    assert play(Typed("5"), Typed("später"), Typed("später")).effects[-1] == End("postponed", partial=True)


def test_the_waiting_time_that_was_set_before_later_is_not_taken_for_the_answer() -> None:
    session = play(Typed("später"), Typed("5")).session
    assert advance(BOOK, session, TimedOut(1), NOW + timedelta(hours=3), FACTS) == Step(session, ())


PATIENT = dialog(
    "  a: {yes_no: {de: Da?, en: There?}}\n  b: {yes_no: {de: Noch?, en: Still?}, timeout: {after: 1 hour}}\n"
    "  done: {end: completed}\n",
    name="patient",
    head="timeout: {after: 1 day, repeat: 2}\n",
)


def test_the_open_question_itself_is_asked_again_and_then_it_expires() -> None:
    book = DialogBook([PATIENT])
    first = play(book=book, name="patient")
    assert first.effects[-1] == SetTimeout(1, 86_400)
    for times in (1, 2):
        again = play(*[TimedOut(1)] * times, book=book, name="patient")
        question, timeout = again.effects
        assert isinstance(question, Send)
        assert (question.turn, question.buttons, timeout) == (1, first.effects[0].buttons, first.effects[-1])  # type: ignore[union-attr]
        assert question.text.endswith("Da?")
    assert play(*[TimedOut(1)] * 3, book=book, name="patient").effects == (End("expired"),)


def test_what_was_answered_before_it_expired_is_kept_and_marked_as_part() -> None:
    book = DialogBook([PATIENT])
    step = play(Typed("ja"), TimedOut(2), book=book, name="patient")
    assert step.effects == (End("expired", partial=True),)
    assert step.session.values == {"patient.a": True}


def test_an_answer_takes_the_count_of_reminders_away() -> None:
    book = DialogBook([PATIENT])
    assert play(TimedOut(1), Typed("ja"), book=book, name="patient").session.reminders == 0


def test_a_conversation_can_be_closed_from_outside_at_any_time() -> None:
    session = play(Typed("5")).session
    closed = close(BOOK, session, "stopped", NOW, FACTS)
    assert closed.effects == (End("stopped", partial=True),)
    assert close(BOOK, closed.session, "stopped", NOW, FACTS) == Step(closed.session, ())
    asleep = looped(Typed("ja")).session
    assert close(WAITING, asleep, "stopped", NOW, FACTS).session.is_asleep is False


def test_a_double_tap_on_later_is_one() -> None:
    asleep = play(Pressed(1, LATER))
    again = advance(BOOK, asleep.session, Pressed(1, LATER), NOW, FACTS)
    assert again == Step(asleep.session, ())
    assert asleep.session.is_asleep
