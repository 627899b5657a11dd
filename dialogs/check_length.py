# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about length: a text with its values filled in, and the time that a dialog takes."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.check_contents import most_characters
from dialogs.check_names import score_names
from dialogs.conditions import BUILT_IN, Value
from dialogs.findings import (
    Finding,
    graph,
    kind_of,
    names_given,
    names_in,
    options_of,
    with_longest_forms,
    without_names,
)
from dialogs.model import AnyStep, AskStep, Choose, Date, Dialog, Finish, Say, Scale, Set, Start, Text
from dialogs.plurals import FORM, forms
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
    givers = _Givers(book)
    for step in dialog.steps.values():
        if not isinstance(step, Say | AskStep):
            continue
        for language, text in step.text.items():
            names, most = names_in(text), most_characters(step, language)
            longest = {name: givers.longest(dialog, name, language) for name in names}
            if (
                not names
                or len(with_longest_forms(text)) > most
                or (filled := _filled(text, longest)) <= most
            ):
                continue
            name = max(names, key=lambda each: longest[each])
            what = f"with '{name}' filled in, this text can have {filled} characters, {most} are possible"
            remedy = f"Write it shorter, or limit '{name}' (a question for text takes 'longest')."
            yield Finding(f"steps.{step.id}.{kind_of(step)}.{language}", what, remedy)


def _filled(text: str, longest: dict[str, int]) -> int:
    """Characters of a text with the longest values, and of plural forms the longest one."""
    whole = len(without_names(text)) + sum(longest[name] for name in PLACEHOLDER.findall(text))
    for form in FORM.finditer(text):
        number = longest[form["counted"]]
        whole += max(len(each) + each.count("#") * (number - 1) for each in forms(form["forms"]).values())
    return whole


def longest_value(dialog: Dialog, book: DialogBook, name: str, language: str) -> int:
    """How many characters a value may plausibly have where it is shown; 0 for a name that nobody knows."""
    return _Givers(book).longest(dialog, name, language)


class _Givers:
    """Which steps give which value, searched once for each dialog."""

    def __init__(self, book: DialogBook) -> None:
        self._book = book
        self._scores = score_names(book.packs)
        self._steps: dict[tuple[str, int], dict[str, list[AnyStep]]] = {}

    def longest(self, dialog: Dialog, name: str, language: str, copies: int = 0) -> int:
        """See `longest_value`; a value that is a copy of a copy of a copy ... is followed so far."""
        steps = self._of(dialog)
        if name in dialog.facts:
            unknown = dialog.facts[name].unknown
            return max([LONGEST_FACT, *map(len, unknown.values())])
        if name in steps:
            return max(self._given(dialog, step, name, language, copies) for step in steps[name])
        if name in self._scores or name in BUILT_IN:
            return LONGEST_NUMBER
        other, _, key = name.rpartition(".")
        found = self._book.latest(other) if other else None
        if found is None:
            return self._returned(steps.get(other, []), key, language, copies)
        return self.longest(found, key, language, copies)

    def _of(self, dialog: Dialog) -> dict[str, list[AnyStep]]:
        found = self._steps.get((dialog.id, dialog.version))
        if found is None:
            found = self._steps[dialog.id, dialog.version] = {}
            for step in dialog.steps.values():
                for name in names_given(step):
                    found.setdefault(name, []).append(step)
        return found

    def _given(self, dialog: Dialog, step: AnyStep, name: str, language: str, copies: int) -> int:
        if isinstance(step, AskStep):
            return _longest_answer(step, language)
        return (
            self._copied(dialog, step.values[name], language, copies)
            if isinstance(step, Set)
            else LONGEST_OTHER
        )

    def _copied(self, dialog: Dialog, value: Value, language: str, copies: int) -> int:
        copied = PLACEHOLDER.fullmatch(str(value))
        if not copied or copies >= _MOST_COPIES:
            return len(str(value))
        return self.longest(dialog, copied[1], language, copies + 1)

    def _returned(self, starting: list[AnyStep], key: str, language: str, copies: int) -> int:
        """A value that a dialog gives back to the step that started it."""
        lengths = [0]
        for start in starting:
            other = self._book.latest(start.dialog) if isinstance(start, Start) else None
            if other is None:
                continue
            given = [step.returns.get(key) for step in other.steps.values() if isinstance(step, Finish)]
            lengths += [self._copied(other, value, language, copies) for value in given if value is not None]
        return max(lengths)


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
