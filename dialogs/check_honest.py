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
    del book
    for step in dialog.steps.values():
        for what, target, known in _quiet_ways(dialog, step):
            for name in _starts(dialog, target, known, PASSED_ON):
                told = f"{what} '{step.id}' raises no concern, and yet '{name}' says that it is passed on"
                remedy = f"Let it raise a concern, or lead it past '{name}'; '{PASSED_ON_BEFORE}' may fit."
                yield Finding(f"steps.{step.id}", told, remedy)


def nothing_passed_on_before(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """'passed_on_before' comes only after an earlier answer that raised a concern."""
    del book
    seen: set[str] = set()
    todo: list[tuple[str, _Known]] = [(dialog.first, {})]
    while todo:
        begin, known = todo.pop()
        for name in _starts(dialog, begin, known, PASSED_ON_BEFORE):
            what = f"'{name}' says that something was passed on, and a way leads there that raised no concern"
            yield Finding(f"steps.{name}", what, "Let an answer before it raise a concern, or leave it out.")
        for step in _quiet_stops(dialog, begin, known):
            if step.id not in seen:
                seen.add(step.id)
                todo += [(target, learnt) for _, target, learnt in _quiet_ways(dialog, step)]


def _quiet_ways(dialog: Dialog, step: AnyStep) -> Iterator[tuple[str, str, _Known]]:
    """The ways out of a question or a wait that raise no concern: what is done, where to, what is known."""
    if isinstance(step, Wait):
        yield "the wait", _following(dialog, step), {}
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


def _starts(dialog: Dialog, begin: str, known: _Known, wanted: str) -> list[str]:
    """The steps that start the dialog `wanted` before anything is asked or raised."""
    met = (dialog.steps.get(name) for name in _walk(dialog, begin, known))
    return [step.id for step in met if isinstance(step, Start) and step.dialog == wanted]


def _quiet_stops(dialog: Dialog, begin: str, known: _Known) -> list[AskStep | Wait]:
    met = (dialog.steps.get(name) for name in _walk(dialog, begin, known))
    return [step for step in met if isinstance(step, AskStep | Wait)]


def _walk(dialog: Dialog, begin: str, known: _Known) -> dict[str, None]:
    """All steps from `begin` up to and with the next questions, waits and ends, without raised concerns."""
    found: dict[str, None] = {}
    todo = [begin]
    while todo:
        name = todo.pop()
        step = dialog.steps.get(name)
        if name in found or step is None or isinstance(step, Concern):
            continue
        found[name] = None
        if isinstance(step, Branch):
            todo += cases_taken(step, known)
        if not isinstance(step, AskStep | Wait | Finish) and not (
            isinstance(step, Branch) and is_decided(step, known)
        ):
            todo.append(_following(dialog, step))
    return found


def _following(dialog: Dialog, step: AnyStep) -> str:
    """Where a step leads by itself; "" is the end of the file."""
    return step.next or next((jump.target for jump in graph(dialog)[step.id] if not jump.path), "")
