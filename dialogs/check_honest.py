# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about honesty: that something is passed on is said only where something is (promise P7)."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.check_safety import cases_taken, is_decided
from dialogs.conditions import Value
from dialogs.findings import Finding, graph, options_of
from dialogs.model import (
    AnyStep,
    AskStep,
    Branch,
    Choose,
    Concern,
    ConcernRule,
    Consent,
    Dialog,
    Finish,
    Option,
    Scale,
    Start,
    Wait,
    YesNo,
)

PASSED_ON = "passed_on"
PASSED_ON_BEFORE = "passed_on_before"
_Known = dict[str, Value | None]


def nothing_to_pass_on(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """'passed_on' comes only after an answer that raised a concern just now, never after silence."""
    paths = _Paths(dialog, book)
    for step in dialog.steps.values():
        for what, target, known in _quiet_ways(paths, step):
            for name in _starts(paths, target, known, PASSED_ON):
                told = f"{what} '{step.id}' raises no concern, and yet '{name}' says that it is passed on"
                remedy = f"Let it raise a concern, or lead it past '{name}'; '{PASSED_ON_BEFORE}' may fit."
                yield Finding(f"steps.{step.id}", told, remedy)


def nothing_passed_on_before(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """'passed_on_before' comes only after an earlier answer that raised a concern."""
    paths = _Paths(dialog, book)
    seen: set[str] = set()
    todo: list[tuple[str, _Known]] = [(dialog.first, {})]
    while todo:
        begin, known = todo.pop()
        for name in _starts(paths, begin, known, PASSED_ON_BEFORE):
            what = f"'{name}' says that something was passed on, and a way leads there that raised no concern"
            yield Finding(f"steps.{name}", what, "Let an answer before it raise a concern, or leave it out.")
        for step in _quiet_stops(paths, begin, known):
            if step.id not in seen:
                seen.add(step.id)
                todo += [(target, learnt) for _, target, learnt in _quiet_ways(paths, step)]


class _Paths:
    """A dialog, and where it stops for the person or for time, by itself or in a dialog that it starts."""

    def __init__(self, dialog: Dialog, book: DialogBook) -> None:
        self.dialog = dialog
        self._book = book

    def stops_at(self, step: AnyStep) -> bool:
        return isinstance(step, AskStep | Wait) or (isinstance(step, Start) and self.asks(step))

    def asks(self, start: Start) -> bool:
        """True if the started dialog, or one that it starts itself, asks or waits."""
        seen: set[str] = set()
        todo = [start.dialog]
        while todo:
            name = todo.pop()
            other = self._book.latest(name)
            if name in seen or other is None:
                continue
            seen.add(name)
            steps = other.steps.values()
            if any(isinstance(step, AskStep | Wait) for step in steps):
                return True
            todo += [step.dialog for step in steps if isinstance(step, Start)]
        return False


def _quiet_ways(paths: _Paths, step: AnyStep) -> Iterator[tuple[str, str, _Known]]:
    """The ways out of a question or a wait that raise no concern: what is done, where to, what is known.

    What is answered in a started dialog is not followed: it counts as an answer that raised nothing.
    """
    dialog = paths.dialog
    if isinstance(step, Wait):
        yield "the wait", _following(dialog, step), {}
    if isinstance(step, Start) and paths.asks(step):
        yield "what is answered in", _following(dialog, step), {}
    if not isinstance(step, AskStep):
        return
    after = _following(dialog, step)
    for value, option in _answers(step):
        rules = [*step.concerns, *([option.concern] if option and option.concern else [])]
        if not any(_may_hold(rule, step.key, value) for rule in rules):
            known: _Known = {} if value is None else {step.key: value}
            yield "an answer to", (option.next if option else "") or after, known
    if step.optional:
        yield "skipping", after, {step.key: None}
    if step.timeout and step.timeout.next:
        yield "no answer to", step.timeout.next, {step.key: None}


def _answers(step: AskStep) -> Iterator[tuple[Value | None, Option | None]]:
    """Every answer that can be listed; one of None stands for words, numbers and days in general."""
    match step:
        case Choose():
            yield from ((option.key, option) for option in step.options)
        case YesNo() | Consent():
            yield from ((option.key == "yes", option) for option in step.options)
        case Scale():
            labelled = {option.key: option for option in options_of(step)}
            for number in range(step.low, step.high + 1):
                yield number, labelled.get(str(number))
        case _:
            yield None, None


def _may_hold(rule: ConcernRule, key: str, value: Value | None) -> bool:
    """True unless the condition is surely wrong for this answer; nothing is assumed about other names."""
    if rule.when is None or value is None or rule.when.names() - {"value", key}:
        return True
    return rule.when.holds({"value": value, key: value}.get)


def _starts(paths: _Paths, begin: str, known: _Known, wanted: str) -> list[str]:
    """The steps that start the dialog `wanted` before anything is asked or raised."""
    return [
        step.id for step in _walk(paths, begin, known) if isinstance(step, Start) and step.dialog == wanted
    ]


def _quiet_stops(paths: _Paths, begin: str, known: _Known) -> list[AnyStep]:
    return [step for step in _walk(paths, begin, known) if paths.stops_at(step)]


def _walk(paths: _Paths, begin: str, known: _Known) -> list[AnyStep]:
    """All steps from `begin` up to and with the next questions, waits and ends, without raised concerns."""
    dialog = paths.dialog
    found: dict[str, AnyStep] = {}
    todo = [begin]
    while todo:
        name = todo.pop()
        step = dialog.steps.get(name)
        if name in found or step is None or isinstance(step, Concern):
            continue
        found[name] = step
        if isinstance(step, Branch):
            todo += cases_taken(step, known)
        decided = isinstance(step, Branch) and is_decided(step, known)
        if not (decided or isinstance(step, Finish) or paths.stops_at(step)):
            todo.append(_following(dialog, step))
    return list(found.values())


def _following(dialog: Dialog, step: AnyStep) -> str:
    """Where a step leads by itself; "" is the end of the file."""
    return step.next or next((jump.target for jump in graph(dialog)[step.id] if not jump.path), "")
