# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The friendly second try: a line that names what kind of answer would help."""

from __future__ import annotations

from datetime import date, timedelta

from dialogs.model import AskStep, Choose, Date, Number, Scale, Text
from dialogs.reading import Why
from dialogs.rendering import option_label, spoken_date, spoken_number
from dialogs.run import Run


def expectation(run: Run, step: AskStep, why: Why) -> str:
    """One line in the person's language, without blame."""
    words = run.words
    if isinstance(step, Text):
        return _text(run, step, why)
    if why is Why.NO_WORDS:
        return words.lines.no_words
    match step:
        case Choose() | Scale() if step.options:
            return words.expected.choose.format(options=_options(run, step))
        case Scale(low=low, high=high):
            return words.expected.scale.format(low=low, high=high)
        case Number():
            return words.expected.number.format(example=_example(run, step))
        case Date():
            return _date(run, step, why)
        case _:
            return words.expected.yes_no


def _text(run: Run, step: Text, why: Why) -> str:
    words = run.words
    if why is Why.TOO_LONG:
        return words.lines.too_long.format(longest=step.longest)
    if why is Why.NO_WORDS:
        return f"{words.lines.no_words} {words.expected.text}"
    return words.expected.text


def _options(run: Run, step: Choose | Scale) -> str:
    language, quoted = run.session.language, run.words.quoted
    labels = [quoted.format(text=option_label(option, run.words, language)) for option in step.options]
    return f" {run.words.or_} ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else labels[0]


def _example(run: Run, step: Number) -> str:
    """A number inside the range, with a decimal point where that is allowed."""
    example = 2.5 if step.decimals else 3
    return spoken_number(example if step.low <= example <= step.high else step.low, run.words)


def _date(run: Run, step: Date, why: Why) -> str:
    words = run.words
    if why is Why.OUT_OF_RANGE:
        return words.expected.date_range.format(
            earliest=spoken_date(_after(run, step.earliest), words),
            latest=spoken_date(_after(run, step.latest), words),
        )
    example = min(max(7, step.earliest), step.latest)
    return words.expected.date.format(example=spoken_date(_after(run, example), words))


def _after(run: Run, days: int) -> date:
    return run.today + timedelta(days=days)
