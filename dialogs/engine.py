# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation engine: (dialogs, session, input, now) -> (session, effects). Pure and total.

Any input on any session gives a result, never an exception. A session that is over stays as it is.
Every input is answered, but for a double tap and a waiting time that no longer matters.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from dialogs.asking import BACK, HELP, LATER, SKIP, send_question
from dialogs.book import DialogBook
from dialogs.counting import offer_of
from dialogs.effects import Effect, RaiseConcern, RecordConsent, Send, SetTimeout, StoreAnswer, Value
from dialogs.expectations import expectation
from dialogs.inputs import Attached, Input, Pressed, Repeat, TimedOut, Typed
from dialogs.model import AskStep, Choose, ConcernRule, Consent, Option, Scale, Wait, YesNo
from dialogs.reading import Answer, Reading, Unclear, Why, Wish, read_pressed, read_typed
from dialogs.rendering import option_label, render
from dialogs.run import Facts, Run
from dialogs.scales import Level
from dialogs.session import Frame, Past, Session, Sleep
from dialogs.walking import ask_again, break_off, fall_asleep, finish, go_on, walk

MAX_HISTORY = 50
LATER_SECONDS = 3 * 3600
"""How long "Später" is: long enough for an afternoon, short enough for the same day."""

_THIRD_TRY = 2

__all__ = ["Facts", "Step", "UnknownDialogError", "advance", "begin", "close"]


class Step(msgspec.Struct, frozen=True):
    """What the conversation has become, and what should happen, in this order."""

    session: Session
    effects: tuple[Effect, ...]


class UnknownDialogError(LookupError):
    """There is no dialog of that name to begin."""


def begin(book: DialogBook, dialog_id: str, facts: Facts, now: datetime) -> Step:
    """Begin the latest version of a dialog. Raises `UnknownDialogError`."""
    dialog = book.latest(dialog_id)
    if dialog is None:
        raise UnknownDialogError(dialog_id)
    frame = Frame(dialog.id, dialog.version, dialog.first)
    run = Run(book, facts, now, Session((frame,), facts.language))
    walk(run)
    return Step(run.session, tuple(run.effects))


def advance(book: DialogBook, session: Session, event: Input, now: datetime, facts: Facts) -> Step:
    """What comes of one input. Texts are in `facts.language`; the dialog's version is the session's own."""
    if session.is_over:
        return Step(session, ())
    run = Run(book, facts, now, session)
    if facts.language != session.language:
        run.change(language=facts.language)
    if session.sleep is Sleep.WAIT:
        _while_waiting(run, event)
    else:
        _to_question(run, event)
    return Step(run.session, tuple(run.effects))


def close(book: DialogBook, session: Session, outcome: str, now: datetime, facts: Facts) -> Step:
    """End a conversation from outside: another one is more important, or the person wants no contact.

    Nothing is said; the effects mark what there is as part of a conversation.
    """
    if session.is_over:
        return Step(session, ())
    run = Run(book, facts, now, session)
    finish(run, outcome)
    return Step(run.session, tuple(run.effects))


def _while_waiting(run: Run, event: Input) -> None:
    """Nothing is open: only the end of the waiting time goes on; everything else is told so."""
    here = run.here
    if not isinstance(event, TimedOut):
        run.emit(Send(run.words.lines.nothing_open))
    elif here is None or not isinstance(here.step, Wait):
        break_off(run)
    elif event.turn == run.session.turn:
        run.change(sleep=Sleep.AWAKE)
        go_on(run, here)
        walk(run)


def _to_question(run: Run, event: Input) -> None:
    step = run.question
    if step is None:
        break_off(run)
        return
    is_double_tap = isinstance(event, Pressed) and event.token == run.session.last_press
    if run.session.sleep is Sleep.LATER and not is_double_tap and not isinstance(event, TimedOut):
        _wake(run, step)
    match event:
        case Typed(text):
            _heed(run, step, read_typed(step, text, run.today), "")
        case Pressed():
            _press(run, step, event)
        case Attached():
            _unclear(run, step, Unclear(Why.NO_WORDS))
        case TimedOut(turn):
            _time_out(run, step, turn)
        case Repeat():
            ask_again(run, step)


def _wake(run: Run, step: AskStep) -> None:
    """The person is back before the time was over: the question is open again, with its own time."""
    run.change(sleep=Sleep.AWAKE)
    if step.timeout is not None:
        run.emit(SetTimeout(run.session.turn, step.timeout.seconds))


def _press(run: Run, step: AskStep, event: Pressed) -> None:
    press = event.token
    if event.turn != run.session.turn or run.session.is_asleep:
        if press != run.session.last_press:
            send_question(run, step, run.words.lines.old_button)
        return
    _heed(run, step, read_pressed(step, event.value, run.today), press)


def _heed(run: Run, step: AskStep, reading: Reading, press: str) -> None:
    match reading:
        case Answer():
            run.change(last_press=press)
            _accept(run, step, reading)
        case Wish(control):
            _WISHES[control](run, step, press)
        case Unclear():
            _unclear(run, step, reading)


def _unclear(run: Run, step: AskStep, reading: Unclear) -> None:
    """Say what would help, then ask again; from the third time on, offer a way out as well."""
    tries = run.session.tries + 1
    run.change(tries=min(tries, _THIRD_TRY))
    lines = run.words.lines
    if tries < _THIRD_TRY or reading.why is Why.TOO_LONG:
        send_question(run, step, expectation(run, step, reading.why))
        return
    line = lines.third_try_plain if isinstance(step, Consent) else lines.third_try
    send_question(run, step, line, with_help=True)


def _accept(run: Run, step: AskStep, answer: Answer) -> None:
    """Keep the answer, raise what it raises at once, and go on."""
    here = run.here
    if here is None:
        return
    option = _option(step, answer.value)
    run.keep(step.key, answer.value)
    if isinstance(step, Consent):
        _record_consent(run, step, answer.value is True)
    else:
        run.emit(StoreAnswer(here.route.dialog.id, step.id, step.key, answer.value, step.data))
    if step.remember:
        run.remember(step.remember, answer.value)
    _raise(run, step, answer, option)
    _push_history(run, step)
    go_on(run, here, option.next if option else "")
    walk(run)


def _option(step: AskStep, value: Value) -> Option | None:
    match step:
        case Choose() | Scale():
            key = str(value)
        case YesNo() | Consent():
            key = "yes" if value is True else "no"
        case _:
            return None
    return next((option for option in step.options if option.key == key), None)


def _record_consent(run: Run, step: Consent, granted: bool) -> None:
    whom = render(run, {"de": step.object}, step.data).text if step.object else ""
    shown = (run.session.shown, f"{run.top.dialog}@{run.top.version}", step.meaning)
    run.emit(RecordConsent(step.purpose, granted, *shown, whom, step.valid))


def _raise(run: Run, step: AskStep, answer: Answer, option: Option | None) -> None:
    """Concerns of the answer; the quote is the option's label, or what was written."""
    rules: tuple[ConcernRule, ...] = step.concerns
    if option and option.concern:
        rules = (option.concern, *rules)
    quote = option_label(option, run.words, run.session.language) if option else answer.said

    def lookup(name: str) -> Value | None:
        return answer.value if name == "value" else run.lookup(name)

    for rule in rules:
        if rule.when is None or rule.when.holds(lookup):
            run.emit(RaiseConcern(rule.level, rule.reason, run.top.dialog, step.id, quote))


def _push_history(run: Run, step: AskStep) -> None:
    """A consent is a line that is not crossed backwards: what was agreed is withdrawn, not undone."""
    past = Past(run.session.frames, step.key)
    history = () if isinstance(step, Consent) else (*run.session.history, past)[-MAX_HISTORY:]
    run.change(history=history)


def _time_out(run: Run, step: AskStep, turn: int) -> None:
    if turn != run.session.turn:
        return
    if run.session.sleep is Sleep.LATER:
        _wake(run, step)
        ask_again(run, step, run.words.lines.back_again)
        return
    rule = step.timeout
    if rule is None:
        return
    if run.session.reminders < rule.repeat:
        run.change(reminders=run.session.reminders + 1)
        if ask_again(run, step, run.words.lines.reminder):
            run.emit(SetTimeout(turn, rule.seconds))
    elif rule.next:
        run.go(rule.next)
        walk(run)
    else:
        finish(run, "expired")


def _go_back(run: Run, step: AskStep, press: str) -> None:
    """Ask the question before once more; its answer no longer counts."""
    if not run.session.history:
        send_question(run, step, run.words.lines.no_way_back)
        return
    past = run.session.history[-1]
    run.change(frames=past.frames, history=run.session.history[:-1], last_press=press)
    run.keep(past.key, None)
    earlier = run.question
    if earlier is not None and not isinstance(earlier, Consent):
        run.emit(StoreAnswer(run.top.dialog, earlier.id, earlier.key, None, earlier.data))
    offer = offer_of(run, earlier) if earlier is not None else None
    if offer is not None:
        run.go(offer.id)
    walk(run)


def _skip(run: Run, step: AskStep, press: str) -> None:
    here = run.here
    if here is None or not step.optional:
        send_question(run, step, run.words.lines.cannot_skip)
        return
    run.change(last_press=press)
    run.keep(step.key, None)
    run.emit(StoreAnswer(here.route.dialog.id, step.id, step.key, None, step.data))
    _push_history(run, step)
    go_on(run, here)
    walk(run)


def _postpone(run: Run, step: AskStep, press: str) -> None:
    if isinstance(step, Consent):
        _unclear(run, step, Unclear(Why.UNREADABLE))
        return
    if run.session.postponed:
        run.change(last_press=press)
        run.emit(Send(run.words.lines.postponed_again))
        finish(run, "postponed")
        return
    run.change(last_press=press, postponed=True)
    # Before the person has agreed to it, nothing may be written by ourselves, so nothing is promised.
    lines = run.words.lines
    run.emit(Send(lines.postponed_until_you_write if run.lookup("may_write") is False else lines.postponed))
    fall_asleep(run, Sleep.LATER, LATER_SECONDS)


def _call_for_help(run: Run, step: AskStep, press: str) -> None:
    """A wish for a human, noted once for each question however often it is pressed."""
    noted = f"{run.session.turn}:{HELP}"
    if run.session.last_press != noted:
        run.change(last_press=noted)
        run.emit(RaiseConcern(Level.R1, "asked_for_help", run.top.dialog, step.id))
    send_question(run, step, run.words.lines.help_noted)


_WISHES: dict[str, Callable[[Run, AskStep, str], None]] = {
    BACK: _go_back,
    SKIP: _skip,
    LATER: _postpone,
    HELP: _call_for_help,
}
