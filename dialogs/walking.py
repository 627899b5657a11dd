# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The steps that want no answer: walked one after another until a question or the end."""

from __future__ import annotations

import re

from dialogs.asking import ask_anew
from dialogs.effects import End, HandToHuman, Pause, RaiseConcern, Send, SetFact, Value
from dialogs.model import (
    AskStep,
    AutoStep,
    Branch,
    Concern,
    Finish,
    Hand,
    Level,
    Rest,
    Say,
    Set,
    Start,
)
from dialogs.rendering import PLACEHOLDER, render
from dialogs.run import Here, Run
from dialogs.session import Frame

MAX_STEPS = 100
MAX_FRAMES = 10
MAX_PAUSE = 366


def walk(run: Run) -> None:
    """Go on until a question or the end. A dialog that reaches neither is broken, and a human is told."""
    begun = len(run.effects)
    for _ in range(MAX_STEPS):
        if run.session.is_over:
            return
        here = run.here
        if here is None:
            if not run.top.step:
                _return(run, "completed")
                continue
            break_off(run)
            return
        if isinstance(here.step, AskStep):
            ask_anew(run, here.step)
            return
        _take(run, here, here.step)
    if not run.session.is_over:
        # Nobody should get the same hundred messages; what the steps raised is kept, once.
        kept = [e for e in run.effects[begun:] if not isinstance(e, Send) or e.crisis]
        run.effects[begun:] = dict.fromkeys(kept)
        break_off(run)


def finish(run: Run, outcome: str) -> None:
    """End the conversation."""
    run.change(outcome=outcome)
    run.emit(End(outcome))


def break_off(run: Run) -> None:
    """The dialog itself is at fault: say so, and let a human look."""
    top = run.session.frames[-1] if run.session.frames else Frame("", 0, "")
    run.emit(Send(run.words.lines.broken))
    run.emit(RaiseConcern(Level.R1, "dialog_fault", top.dialog, top.step))
    finish(run, "broken")


def go_on(run: Run, here: Here, target: str = "") -> None:
    """Move to `target`, else to the step's own next, else to the step below it in the file."""
    run.go(target or here.step.next or here.route.after[here.step.id])


def _take(run: Run, here: Here, step: AutoStep) -> None:
    target = ""
    match step:
        case Say():
            shown = render(run, step.text, step.data)
            run.emit(Send(shown.text, shown.data_class, crisis=step.crisis))
        case Branch():
            target = next((case.next for case in step.cases if case.when.holds(run.lookup)), "")
        case Start():
            _begin_other(run, step)
            return
        case Finish():
            _return(run, step.outcome)
            return
        case _:
            _cause(run, here, step)
    go_on(run, here, target)


def _cause(run: Run, here: Here, step: Concern | Set | Hand | Rest) -> None:
    match step:
        case Concern():
            run.emit(RaiseConcern(step.level, step.reason, here.route.dialog.id, step.id))
        case Set():
            for name, value in step.values.items():
                _set(run, step, name, value)
        case Hand():
            run.emit(HandToHuman(step.reason))
        case Rest():
            run.emit(Pause(_days(run, step.days)))


def _set(run: Run, step: Set, name: str, value: Value) -> None:
    if isinstance(value, str):
        copied = PLACEHOLDER.fullmatch(value)
        found = run.lookup(copied.group(1)) if copied else render(run, {"de": value}, step.data).text
        run.keep(name, found)
        if found is None:
            return
        value = found
    run.keep(name, value)
    if step.remember:
        run.emit(SetFact(name, value))


def _days(run: Run, days: int | str) -> int:
    """A value that is no number of days is no pause; more than a year counts as a year."""
    value = run.lookup(days) if isinstance(days, str) else days
    text = str(value)
    return min(int(text), MAX_PAUSE) if re.fullmatch(r"\d{1,6}", text, re.ASCII) else 0


def _begin_other(run: Run, step: Start) -> None:
    dialog = run.book.latest(step.dialog)
    if dialog is None or len(run.session.frames) >= MAX_FRAMES:
        break_off(run)
        return
    frames = (*run.session.frames, Frame(dialog.id, dialog.version, dialog.first))
    run.change(frames=frames)


def _return(run: Run, outcome: str) -> None:
    """Back to the dialog that started this one, or the end of the conversation."""
    frames = run.session.frames[:-1]
    if not frames:
        finish(run, outcome)
        return
    run.change(frames=frames)
    here = run.here
    if here is None:
        break_off(run)
        return
    run.keep(here.step.id, outcome)
    go_on(run, here)
