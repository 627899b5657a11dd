# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about length: a text with its values filled in, and the time that a dialog takes."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.check_contents import MOST_QUESTION, MOST_TEXT
from dialogs.findings import Finding, graph, kind_of, options_of
from dialogs.model import AnyStep, AskStep, Choose, Date, Dialog, Say, Scale, Set, Start, Text
from dialogs.rendering import PLACEHOLDER

LONGEST_FACT = 200
LONGEST_NUMBER = 20
LONGEST_DATE = 20
LONGEST_OTHER = 40
WORDS_A_SECOND = 200 / 60
SECONDS_A_QUESTION = 4
MOST_SECONDS = 60
_MOST_COPIES = 5


def long_when_filled(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """A text still fits into one message when the longest plausible values stand in it."""
    for step in dialog.steps.values():
        if not isinstance(step, Say | AskStep):
            continue
        most = MOST_QUESTION if isinstance(step, AskStep) else MOST_TEXT
        for language, text in step.text.items():
            names = PLACEHOLDER.findall(text)
            longest = {name: longest_value(dialog, book, name, language) for name in names}
            filled = len(PLACEHOLDER.sub("", text)) + sum(longest[name] for name in names)
            if filled <= most or len(text) > most:
                continue
            name = max(names, key=lambda each: longest[each])
            what = f"with '{name}' filled in, this text can have {filled} characters, {most} are possible"
            remedy = f"Write it shorter, or limit '{name}' (a question for text takes 'longest')."
            yield Finding(f"steps.{step.id}.{kind_of(step)}.{language}", what, remedy)


def longest_value(dialog: Dialog, book: DialogBook, name: str, language: str, copies: int = 0) -> int:
    """How many characters a value may plausibly have where it is shown; 0 for a name that nobody knows."""
    other, _, key = name.rpartition(".")
    if other:
        found = book.latest(other)
        return longest_value(found, book, key, language, copies) if found else 0
    if name in dialog.facts:
        unknown = dialog.facts[name].unknown
        return max([LONGEST_FACT, *map(len, unknown.values())])
    found_lengths = [0]
    for step in dialog.steps.values():
        if isinstance(step, AskStep) and step.key == name:
            found_lengths.append(_longest_answer(step, language))
        elif isinstance(step, Set) and name in step.values:
            value = str(step.values[name])
            copied = PLACEHOLDER.fullmatch(value)
            follow = bool(copied) and copies < _MOST_COPIES
            found_lengths.append(
                longest_value(dialog, book, copied[1], language, copies + 1)
                if copied and follow
                else len(value)
            )
        elif isinstance(step, Start) and step.id == name:
            found_lengths.append(LONGEST_OTHER)
    return max(found_lengths)


def _longest_answer(step: AskStep, language: str) -> int:
    match step:
        case Choose(options=options):
            labels = (option.label.get(language) or option.label.get("de", "") for option in options)
            return max(map(len, labels), default=0)
        case Text(longest=longest):
            return longest
        case Date():
            return LONGEST_DATE
        case _:
            return LONGEST_NUMBER


def takes_too_long(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """A dialog without `estimated` is done within a minute on its longest way."""
    if dialog.estimated:
        return
    seconds = max(seconds_needed(dialog, book, language) for language in ("de", "en"))
    if seconds > MOST_SECONDS:
        what = f"this takes about {round(seconds)} seconds, a minute is the aim"
        yield Finding("dialog", what, "Ask less at once, or say how long it takes: 'estimated: 2 minutes'.")


def seconds_needed(dialog: Dialog, book: DialogBook, language: str) -> float:
    """Seconds for the longest way through, without ways back: 200 words a minute, 4 seconds a question."""
    ways = graph(dialog)
    longest: dict[str, float] = {"": 0.0}
    open_steps: set[str] = set()
    todo = [dialog.first]
    while todo:
        name = todo[-1]
        targets = [jump.target for jump in ways.get(name, ())]
        ahead = [each for each in targets if each not in longest and each not in open_steps and each in ways]
        if name not in longest and ahead:
            open_steps.add(name)
            todo += ahead
            continue
        todo.pop()
        open_steps.discard(name)
        if name in ways and name not in longest:
            rest = max((longest.get(each, 0.0) for each in targets), default=0.0)
            longest[name] = rest + _seconds(dialog.steps[name], book, language)
    return longest.get(dialog.first, 0.0)


def _seconds(step: AnyStep, book: DialogBook, language: str) -> float:
    if isinstance(step, Start):
        other = book.latest(step.dialog)
        return float(other.estimated) if other else 0.0
    if not isinstance(step, Say | AskStep):
        return 0.0
    texts = [step.text, *(option.label for option in options_of(step))]
    if isinstance(step, Scale):
        texts += [step.low_label, step.high_label]
    words = sum(len((text.get(language) or text.get("de", "")).split()) for text in texts)
    return words / WORDS_A_SECOND + (SECONDS_A_QUESTION if isinstance(step, AskStep) else 0)
