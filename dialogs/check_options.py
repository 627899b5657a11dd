# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about answers: each can be shown, pressed and typed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date

from dialogs.book import DialogBook
from dialogs.conditions import Value
from dialogs.findings import Finding, options_of, options_path
from dialogs.model import AskStep, Choose, Consent, Date, Dialog, Number, Scale, Texts, YesNo
from dialogs.own_words import all_words
from dialogs.plain import plain_word
from dialogs.reading import Answer, read_typed

MOST_POINTS = 21
OPTION_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", re.ASCII)
_ANY_DAY = date(2026, 1, 1)

_Names = tuple[str, Texts, tuple[str, ...], Value]


def bad_options(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Options can be sent as buttons, and ranges hold something."""
    del book
    for step in dialog.steps.values():
        path = f"steps.{step.id}"
        if isinstance(step, Scale):
            yield from _bad_scale(step)
            continue
        for option in options_of(step):
            if not OPTION_KEY.fullmatch(option.key):
                what = f"the option '{option.key[:40]}' has no usable name"
                yield Finding(
                    f"{path}.options.{option.key}", what, "Use at most 32 of a-z, A-Z, 0-9, _ and -."
                )
        if isinstance(step, Choose) and len(step.options) < 2:
            yield Finding(f"{path}.options", "there is nothing to choose", "Write at least two options.")
        if isinstance(step, Number | Date) and not _has_answer(step):
            yield Finding(path, "no answer is possible", "Make the lower limit smaller than the upper.")


def _has_answer(step: Number | Date) -> bool:
    if isinstance(step, Date):
        return step.earliest <= step.latest
    return step.low <= step.high if step.decimals else math.ceil(step.low) <= math.floor(step.high)


def _bad_scale(step: Scale) -> Iterator[Finding]:
    path = f"steps.{step.id}"
    if not 1 <= step.high - step.low < MOST_POINTS:
        what = f"a scale from {step.low} to {step.high} cannot be shown"
        yield Finding(f"{path}.scale", what, f"Use 2 to {MOST_POINTS} points, or 'number'.")
        return
    if not step.options:
        return
    numbers = {str(number) for number in range(step.low, step.high + 1)}
    labelled = {option.key for option in step.options}
    for key in sorted(labelled - numbers):
        what = f"the label of '{key[:40]}' belongs to no number of this scale"
        remedy = f"Use the numbers from {step.low} to {step.high}, or change 'low' and 'high'."
        yield Finding(f"{path}.labels.{key}", what, remedy)
    for key in sorted(numbers - labelled, key=int):
        what, remedy = f"the number {key} has no label", "Label every number, or only the two ends."
        yield Finding(f"{path}.labels", what, remedy)


def unanswerable(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Whatever can be pressed can be typed: the words of an answer mean that answer and no other."""
    del book
    for step in dialog.steps.values():
        if not isinstance(step, AskStep) or (isinstance(step, Choose) and _all_different(step)):
            continue
        for path, labels, words, value in _named_answers(step):
            for text in (*labels.values(), *words):
                read = read_typed(step, text, _ANY_DAY)
                if not plain_word(text):
                    what = f"'{text[:40]}' has no letter and no digit: any other sign would be taken for it"
                    yield Finding(path, what, "Write a word beside it.")
                elif not isinstance(read, Answer) or read.value != value:
                    what = f"who types '{text[:40]}' does not give this answer"
                    yield Finding(path, what, "Give it words that no other answer and no button has.")


def _all_different(step: Choose) -> bool:
    """True if no word, of whatever language, names two options: then whatever is typed is found exactly."""
    found: set[str] = set()
    for option in step.options:
        names = {plain_word(name) for name in (option.key, *option.label.values(), *option.words)}
        if "" in names or names & found:
            return False
        found |= names
    return True


def _named_answers(step: AskStep) -> Iterator[_Names]:
    """Answers with words that an editor wrote: where, the labels, further words, and the answer itself."""
    path = f"steps.{step.id}"
    if isinstance(step, Scale):
        if step.low_label and not step.options:
            yield f"{path}.low_label", step.low_label, (), step.low
            yield f"{path}.high_label", step.high_label, (), step.high
        for option in step.options:
            yield f"{path}.labels.{option.key}", option.label, (), int(option.key)
        return
    own = any(option.label or option.words for option in options_of(step))
    for option in options_of(step) if own else ():
        labels = option.label or (_our_labels(option.key) if isinstance(step, YesNo | Consent) else {})
        value: Value = option.key == "yes" if isinstance(step, YesNo | Consent) else option.key
        if labels or option.words:
            yield f"{options_path(step)}.{option.key}", labels, option.words, value


def _our_labels(key: str) -> Texts:
    """Lotse's own Yes and No, in every language."""
    ours = {language: words.buttons for language, words in all_words().items()}
    return {language: buttons.yes if key == "yes" else buttons.no for language, buttons in ours.items()}
