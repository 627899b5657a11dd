# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Answering whatever is open, so that a conversation comes to its end."""

from __future__ import annotations

from datetime import datetime

from dialogs.book import DialogBook
from dialogs.effects import Effect
from dialogs.engine import Facts, advance
from dialogs.inputs import Input, Pressed, TimedOut, Typed
from dialogs.model import AskStep, Choose, Consent, Date, Number, Scale, YesNo
from dialogs.session import Session


def question_of(book: DialogBook, session: Session) -> AskStep | None:
    """The question of the step where a session stands."""
    frame = session.frames[-1]
    dialog = book.get(frame.dialog, frame.version)
    step = dialog.steps.get(frame.step) if dialog else None
    return step if isinstance(step, AskStep) else None


def answer_to(step: AskStep, turn: int, high: bool = True) -> Input:
    """A valid answer: the highest or the first, or the other end."""
    match step:
        case Choose(options=options):
            return Pressed(turn, options[0 if high else -1].key)
        case Scale():
            return Pressed(turn, str(step.high if high else step.low))
        case YesNo() | Consent():
            return Pressed(turn, "yes" if high else "no")
        case Number():
            return Typed(str(int(step.low) + 1))
        case Date():
            return Typed("morgen" if step.latest > 0 else "gestern")
        case _:
            return Typed("Das ist gelungen.")


def play_on(
    book: DialogBook, session: Session, facts: Facts, now: datetime, high: bool = True
) -> tuple[Session, list[Effect]]:
    """Answer everything, and let waiting times pass, until the end; at most a hundred times."""
    effects: list[Effect] = []
    for _ in range(100):
        if session.is_over:
            break
        step = question_of(book, session)
        event = answer_to(step, session.turn, high) if step else TimedOut(session.turn)
        done = advance(book, session, event, now, facts)
        session, effects = done.session, [*effects, *done.effects]
    return session, effects
