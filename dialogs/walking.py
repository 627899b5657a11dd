# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The steps that want no answer: walked one after another until a question or the end."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dialogs.asking import ask_anew, picture_of, send_question
from dialogs.conditions import Value, day_of
from dialogs.counting import count, count_unfinished, decide_offer, offer_of, reasons_now
from dialogs.effects import (
    End,
    HandToHuman,
    Pause,
    RaiseConcern,
    Send,
    SetTimeout,
)
from dialogs.model import (
    AskStep,
    AutoStep,
    Branch,
    Concern,
    Finish,
    Hand,
    Offer,
    Rest,
    Say,
    Score,
    Set,
    Start,
    Wait,
)
from dialogs.rendering import PLACEHOLDER, render
from dialogs.run import Here, Run
from dialogs.scales import DataClass, Level
from dialogs.session import Frame, Sleep

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
                _return(run, "completed", {})
                continue
            break_off(run)
            return
        if isinstance(here.step, AskStep):
            ask_anew(run, here.step)
            return
        if isinstance(here.step, Wait):
            fall_asleep(run, Sleep.WAIT, here.step.seconds)
            return
        _take(run, here, here.step)
    if not run.session.is_over:
        # Nobody should get the same hundred messages; what the steps raised is kept, once.
        kept = [e for e in run.effects[begun:] if not isinstance(e, Send) or e.crisis]
        run.effects[begun:] = dict.fromkeys(kept)
        break_off(run)


def finish(run: Run, outcome: str, whole: bool = False) -> None:
    """End the conversation; unless it is `whole`, the answers it has are marked as part of one.

    A questionnaire that was begun is counted as far as it came: mostly that is "not computable".
    """
    if not whole:
        count_unfinished(run)
    run.change(outcome=outcome, sleep=Sleep.AWAKE)
    run.emit(End(outcome, not whole and _has_answer(run)))


def _has_answer(run: Run) -> bool:
    """True if one of the values is the answer to a question; others were set, or say what was asked."""
    versions = {frame.dialog: frame.version for frame in run.session.frames}
    for name, value in run.session.values.items():
        dialog, _, key = name.partition(".")
        latest = run.book.latest(dialog)
        version = versions.get(dialog, latest.version if latest else 0)
        route = run.book.route(dialog, version)
        if value is not None and route is not None and key in route.questions:
            return True
    return False


def fall_asleep(run: Run, why: Sleep, seconds: int) -> None:
    """Leave the conversation to others for so long. What was before a waiting step is old: no way back."""
    if why is Sleep.WAIT:
        run.forget_scores()
        run.change(turn=run.session.turn + 1, history=())
    run.change(sleep=why, tries=0, reminders=0)
    run.emit(SetTimeout(run.session.turn, seconds))


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
            picture, alt = picture_of(run, step.picture)
            run.emit(Send(shown.text, shown.data_class, crisis=step.crisis, picture=picture, alt=alt))
        case Branch():
            target = next((case.next for case in step.cases if case.when.holds(run.lookup)), "")
        case Start():
            _begin_other(run, step)
            return
        case Finish():
            _return(run, step.outcome, _returned(run, step))
            return
        case Offer():
            target = decide_offer(run, step)
        case Concern() | Set() | Hand() | Rest() | Score():
            _cause(run, here, step)
    go_on(run, here, target)


def ask_again(run: Run, step: AskStep, before: str = "") -> bool:
    """Send the open question once more, or pass it by if nobody is there for it now; True if it was sent."""
    offer = offer_of(run, step)
    if offer is None or not reasons_now(run, offer):
        send_question(run, step, before)
        return True
    run.go(offer.id)
    walk(run)
    return False


def _cause(run: Run, here: Here, step: Concern | Set | Hand | Rest | Score) -> None:
    match step:
        case Score():
            count(run, here.route, step)
        case Concern():
            run.emit(RaiseConcern(step.level, step.reason, here.route.dialog.id, step.id))
        case Set():
            for name, value in step.values.items():
                _set(run, step, name, value)
        case Hand():
            run.emit(HandToHuman(step.reason))
        case Rest():
            run.emit(Pause(_days(run, step.days), _until(run, step.days)))


def _set(run: Run, step: Set, name: str, value: Value) -> None:
    found = _meant(run, value, step.data)
    run.keep(name, found)
    if step.remember and found is not None:
        run.remember(name, found)


def _meant(run: Run, value: Value, data: DataClass) -> Value | None:
    """A value as it was written: {name} alone is the very value of that name, else a text."""
    if not isinstance(value, str):
        return value
    copied = PLACEHOLDER.fullmatch(value)
    return run.lookup(copied.group(1)) if copied else render(run, {"de": value}, data).text


def _returned(run: Run, step: Finish) -> dict[str, Value | None]:
    return {name: _meant(run, value, step.data) for name, value in step.returns.items()}


def _days(run: Run, days: int | str) -> int:
    """How long from today: a number, or a date until which. What is neither is no pause.

    More than a year counts as a year.
    """
    value = run.lookup(days) if isinstance(days, str) else days
    until = day_of(value)
    if until is not None:
        return max(0, min((until - run.today).days, MAX_PAUSE))
    return min(int(value), MAX_PAUSE) if re.fullmatch(r"\d{1,6}", str(value), re.ASCII) and value else 0


def _until(run: Run, days: int | str) -> str:
    """The day until which, if it is said by a date that `_days` takes as it is."""
    until = day_of(run.lookup(days)) if isinstance(days, str) else None
    return until.isoformat() if until and 0 < (until - run.today).days <= MAX_PAUSE else ""


def _begin_other(run: Run, step: Start) -> None:
    dialog = run.book.latest(step.dialog)
    if dialog is None or len(run.session.frames) >= MAX_FRAMES:
        break_off(run)
        return
    run.forget(dialog.id)
    frames = (*run.session.frames, Frame(dialog.id, dialog.version, dialog.first))
    run.change(frames=frames)


def _return(run: Run, outcome: str, values: Mapping[str, Value | None]) -> None:
    """Back to the dialog that started this one, with its values, or the end of the conversation."""
    frames = run.session.frames[:-1]
    if not frames:
        finish(run, outcome, whole=True)
        return
    run.change(frames=frames)
    here = run.here
    if here is None:
        break_off(run)
        return
    run.keep(here.step.id, outcome)
    for name, value in values.items():
        run.keep(f"{here.step.id}.{name}", value)
    go_on(run, here)
