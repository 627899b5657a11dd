# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Asking: the open question as one message with its buttons."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from dialogs.effects import Button, Send, SetTimeout
from dialogs.model import AskStep, Choose, Consent, Date, Picture, Scale, YesNo
from dialogs.own_words import Words
from dialogs.rendering import Rendered, option_label, render, translate
from dialogs.run import Run
from dialogs.session import Sleep

BACK, SKIP, LATER, HELP = "_back", "_skip", "_later", "_help"
CONTROLS = frozenset({BACK, SKIP, LATER, HELP})
_SCALE_ROW = 6

Rows = tuple[tuple[Button, ...], ...]


def ask_anew(run: Run, step: AskStep) -> None:
    """Ask a question for the first time, or again after going back: it gets a turn of its own."""
    run.change(turn=run.session.turn + 1, tries=0, reminders=0, asked_at=run.now, shown="", sleep=Sleep.AWAKE)
    send_question(run, step)
    if step.timeout is not None:
        run.emit(SetTimeout(run.session.turn, step.timeout.seconds))


def send_question(run: Run, step: AskStep, before: str = "", with_help: bool = False) -> None:
    """Send the open question, with a line of our own before it, in one message.

    The turn stays: it is the same question, so the buttons of its earlier message stay good.
    """
    shown = question_text(run, step)
    if isinstance(step, Consent):
        run.change(shown=shown.text)
    text = shown.text
    here = run.here
    if here and here.route.dialog.progress:
        place, total = here.route.places[step.id], len(here.route.places)
        text = f"{run.words.lines.progress.format(place=place, total=total)}\n{text}"
    if before:
        text = f"{before}\n\n{text}"
    picture, alt = picture_of(run, step.picture)
    keys = buttons(run, step, with_help)
    run.emit(Send(text, shown.data_class, keys, run.session.turn, picture=picture, alt=alt))


def picture_of(run: Run, picture: Picture | None) -> tuple[str, str]:
    """The picture's file, and what it shows in the person's language."""
    return (picture.file, translate(picture.alt, run.session.language)) if picture else ("", "")


def question_text(run: Run, step: AskStep) -> Rendered:
    """The question itself, and for a scale what its ends mean."""
    shown = render(run, step.text, step.data)
    if not isinstance(step, Scale) or not step.low_label:
        return shown
    language = run.session.language
    ends = run.words.lines.scale_ends.format(
        low=step.low,
        high=step.high,
        low_label=translate(step.low_label, language),
        high_label=translate(step.high_label, language),
    )
    return Rendered(f"{shown.text}\n{ends}", shown.data_class)


def buttons(run: Run, step: AskStep, with_help: bool) -> Rows:
    """The answers, and below them back (if there is a way back), skip (if allowed) and later."""
    words = run.words
    labels = words.buttons
    controls = [Button(labels.back, BACK)] if run.session.history else []
    if step.optional:
        controls.append(Button(labels.skip, SKIP))
    if with_help:
        controls.append(Button(labels.help, HELP))
    if not isinstance(step, Consent):
        controls.append(Button(labels.later, LATER))
    rows = answer_buttons(run, step, words)
    return (*rows, tuple(controls)) if controls else rows


def answer_buttons(run: Run, step: AskStep, words: Words) -> Rows:
    """One row an option for choices, since their labels are long; short answers side by side."""
    language = run.session.language
    match step:
        case Choose(options=options) | Scale(options=options) if options:
            return tuple((Button(option_label(option, words, language), option.key),) for option in options)
        case YesNo(options=options) | Consent(options=options):
            return (tuple(Button(option_label(option, words, language), option.key) for option in options),)
        case Scale(low=low, high=high):
            return _scale_rows(low, high)
        case Date():
            near = {0: words.buttons.today, 1: words.buttons.tomorrow}
            days = [days for days in near if step.earliest <= days <= step.latest]
            keys = [Button(near[day], (run.today + timedelta(days=day)).isoformat()) for day in days]
            return (tuple(keys),) if keys else ()
        case _:
            return ()


@lru_cache(maxsize=64)
def _scale_rows(low: int, high: int) -> Rows:
    keys = [Button(str(number), str(number)) for number in range(low, high + 1)]
    return tuple(tuple(keys[at : at + _SCALE_ROW]) for at in range(0, len(keys), _SCALE_ROW))
