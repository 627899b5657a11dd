# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the checker's rules have in common: naming a place in the file, and the dialog as a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from dialogs.book import DialogBook
from dialogs.model import (
    AnyStep,
    AskStep,
    Branch,
    Choose,
    Consent,
    Dialog,
    Finish,
    Option,
    Position,
    Say,
    Set,
    Start,
    Texts,
    YesNo,
)
from dialogs.problems import Problem


class Finding(msgspec.Struct, frozen=True):
    """A fault at a path of the file, for example "steps.mood.next"."""

    path: str
    what: str
    remedy: str

    def problem(self, dialog: Dialog, rule: str) -> Problem:
        """With the rule's id, and the line of the path or of the nearest one above it that was written."""
        path = self.path
        while path and path not in dialog.positions:
            path = path.rpartition(".")[0]
        at = dialog.positions.get(path, Position(1, 1))
        return Problem(dialog.file or dialog.id, at.line, at.column, self.what, self.remedy, rule)


class Jump(msgspec.Struct, frozen=True):
    """A way from one step to another; `path` is where it is written, "" for simply the next line."""

    target: str
    path: str


Rule = Callable[[Dialog, DialogBook], Iterator[Finding]]


def options_of(step: AnyStep) -> tuple[Option, ...]:
    """The options of a step that has some."""
    return step.options if isinstance(step, Choose | YesNo | Consent) else ()


def jumps(step: AnyStep, after: str) -> list[Jump]:
    """Every way out of a step. A target of "" is the end of the file."""
    path = f"steps.{step.id}"
    if isinstance(step, Finish):
        return []
    found = [Jump(step.next, f"{path}.next") if step.next else Jump(after, "")]
    if isinstance(step, Branch):
        found += [Jump(case.next, f"{path}.branch.{n}.next") for n, case in enumerate(step.cases, start=1)]
    named = [option for option in options_of(step) if option.next]
    if named and len(named) == len(options_of(step)) and not _may_be_skipped(step):
        found.clear()
    where = f"{path}.options" if isinstance(step, Choose) else path
    found += [Jump(option.next, f"{where}.{option.key}.next") for option in named]
    if isinstance(step, AskStep) and step.timeout and step.timeout.next:
        found.append(Jump(step.timeout.next, f"{path}.timeout.next"))
    return found


def _may_be_skipped(step: AnyStep) -> bool:
    return isinstance(step, AskStep) and step.optional


def graph(dialog: Dialog) -> dict[str, list[Jump]]:
    """Every step with its ways out."""
    ids = list(dialog.steps)
    after = dict(zip(ids, [*ids[1:], ""], strict=True))
    return {name: jumps(step, after[name]) for name, step in dialog.steps.items()}


def texts_of(dialog: Dialog) -> Iterator[tuple[str, Texts]]:
    """Every text of the dialog with its path."""
    yield "title", dialog.title
    for name, fact in dialog.facts.items():
        if fact.unknown:
            yield f"facts.{name}", fact.unknown
    for step in dialog.steps.values():
        yield from step_texts(step)


def step_texts(step: AnyStep) -> Iterator[tuple[str, Texts]]:
    """Every text of a step with its path."""
    path = f"steps.{step.id}"
    if isinstance(step, Say | AskStep):
        yield f"{path}.{kind_of(step)}", step.text
    for label in ("low_label", "high_label"):
        if getattr(step, label, None):
            yield f"{path}.{label}", getattr(step, label)
    where = f"{path}.options" if isinstance(step, Choose) else path
    for option in options_of(step):
        if option.label or isinstance(step, Choose):
            yield f"{where}.{option.key}", option.label
    if isinstance(step, Set):
        for name, value in step.values.items():
            if isinstance(value, str) and "{" in value:
                yield f"{path}.set.{name}", {"de": value, "en": value}


def kind_of(step: AnyStep) -> str:
    """The step's kind as it is written in files."""
    return str(type(step).__struct_config__.tag)


def known_names(dialog: Dialog) -> set[str]:
    """Names that conditions and texts of this dialog may use: its answers, what it sets, its facts."""
    found = set(dialog.facts)
    for step in dialog.steps.values():
        if isinstance(step, AskStep):
            found.add(step.key)
        elif isinstance(step, Set):
            found.update(step.values)
        elif isinstance(step, Start):
            found.add(step.id)
    return found
