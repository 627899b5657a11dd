# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the checker's rules have in common: naming a place in the file, and what stands in the dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import msgspec

from dialogs.book import DialogBook
from dialogs.conditions import Value
from dialogs.model import (
    AnyStep,
    AskStep,
    Branch,
    Choose,
    Consent,
    Dialog,
    Finish,
    Offer,
    Option,
    Position,
    Say,
    Scale,
    Set,
    Start,
    Texts,
    YesNo,
)
from dialogs.plurals import FORM, forms
from dialogs.problems import Problem
from dialogs.rendering import PLACEHOLDER

_T = TypeVar("_T")


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
    """A way from one step to another; `path` is where it is written, "" for simply the next line.

    `by_silence`: it is taken when no answer came.
    """

    target: str
    path: str
    by_silence: bool = False


Rule = Callable[[Dialog, DialogBook], Iterator[Finding]]
Ways = dict[str, list[Jump]]


def options_of(step: AnyStep) -> tuple[Option, ...]:
    """The options of a step that has some."""
    return step.options if isinstance(step, Choose | YesNo | Consent | Scale) else ()


def options_path(step: AnyStep) -> str:
    """Where the options of a step are written."""
    below = {Choose: ".options", Scale: ".labels"}.get(type(step), "")
    return f"steps.{step.id}{below}"


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
    found += [Jump(option.next, f"{options_path(step)}.{option.key}.next") for option in named]
    if isinstance(step, Offer):
        found.append(Jump(step.past, f"{path}.past"))
    if isinstance(step, AskStep) and step.timeout and step.timeout.next:
        found.append(Jump(step.timeout.next, f"{path}.timeout.next", by_silence=True))
    return found


def _may_be_skipped(step: AnyStep) -> bool:
    return isinstance(step, AskStep) and step.optional


class _Once(Generic[_T]):
    """What was worked out for the dialog that was looked at last: one rule after another asks for it."""

    def __init__(self, work_out: Callable[[Dialog], _T]) -> None:
        self._work_out = work_out
        self._last: tuple[Dialog, _T] | None = None

    def __call__(self, dialog: Dialog) -> _T:
        last = self._last
        if last is None or last[0] is not dialog:
            last = self._last = (dialog, self._work_out(dialog))
        return last[1]


def graph(dialog: Dialog) -> Ways:
    """Every step with its ways out."""
    return _graph(dialog)


def texts_of(dialog: Dialog) -> list[tuple[str, Texts]]:
    """Every text of the dialog with its path."""
    return _texts(dialog)


@_Once
def _graph(dialog: Dialog) -> Ways:
    ids = list(dialog.steps)
    after = dict(zip(ids, [*ids[1:], ""], strict=True))
    return {name: jumps(step, after[name]) for name, step in dialog.steps.items()}


@_Once
def _texts(dialog: Dialog) -> list[tuple[str, Texts]]:
    found = [("title", dialog.title)]
    found += [(f"facts.{name}", fact.unknown) for name, fact in dialog.facts.items() if fact.unknown]
    for step in dialog.steps.values():
        found += step_texts(step)
    return found


def step_texts(step: AnyStep) -> Iterator[tuple[str, Texts]]:
    """Every text of a step with its path."""
    path = f"steps.{step.id}"
    if isinstance(step, Say | AskStep):
        yield f"{path}.{kind_of(step)}", step.text
        if step.picture:
            yield f"{path}.picture.alt", step.picture.alt
    for label in ("low_label", "high_label"):
        if getattr(step, label, None):
            yield f"{path}.{label}", getattr(step, label)
    for option in options_of(step):
        if option.label or not isinstance(step, YesNo | Consent):
            yield f"{options_path(step)}.{option.key}", option.label
    for name, value in _copied(step).items():
        if isinstance(value, str) and "{" in value:
            yield f"{path}.{name}", {"de": value, "en": value}


def _copied(step: AnyStep) -> dict[str, Value]:
    """Values that may be filled with others, by where they are written in the step."""
    match step:
        case Set():
            return {f"set.{name}": value for name, value in step.values.items()}
        case Finish():
            return {f"return.{name}": value for name, value in step.returns.items()}
        case Consent():
            return {"object": step.object}
        case _:
            return {}


def kind_of(step: AnyStep) -> str:
    """The step's kind as it is written in files."""
    return str(type(step).__struct_config__.tag)


def names_in(text: str) -> list[str]:
    """The names whose values are filled into a text, {name} and {name: one ... | other ...}."""
    if "{" not in text:
        return []
    return [*PLACEHOLDER.findall(text), *(form["counted"] for form in FORM.finditer(text))]


def without_names(text: str) -> str:
    """The text without all that values are filled into."""
    return FORM.sub("", PLACEHOLDER.sub("", text)) if "{" in text else text


def with_longest_forms(text: str) -> str:
    """The text with the longest of its plural forms: "{n: one ein Tag | other # Tage}" as "ein Tag"."""
    return FORM.sub(lambda form: max(forms(form["forms"]).values(), key=len), text) if "{" in text else text


def names_given(step: AnyStep) -> list[str]:
    """The names that have a value once the step is done."""
    match step:
        case Set(values=values):
            return list(values)
        case Start(id=name):
            return [name]
        case Offer(asked=asked):
            return [asked] if asked else []
        case _:
            return [step.key] if isinstance(step, AskStep) else []
