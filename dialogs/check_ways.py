# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about the ways through a dialog: every step is reached, and every way ends."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.check_loops import backwards, leading_to_an_end, reach
from dialogs.findings import Finding, Jump, graph
from dialogs.model import AskStep, Dialog, Hand, Start
from dialogs.problems import did_you_mean


def unknown_targets(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Every `next` names a step of this dialog, every `start` a dialog."""
    for ways in graph(dialog).values():
        for jump in ways:
            if jump.path and jump.target not in dialog.steps:
                yield Finding(
                    jump.path, f"there is no step '{jump.target}'", did_you_mean(jump.target, dialog.steps)
                )
    others = {other.id for other in book} | {dialog.id}
    for step in dialog.steps.values():
        if isinstance(step, Start) and step.dialog not in others:
            remedy = did_you_mean(step.dialog, others)
            yield Finding(f"steps.{step.id}.start", f"there is no dialog '{step.dialog}'", remedy)


def unreachable(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Every step can be reached from the first."""
    del book
    reached = reach([dialog.first], graph(dialog))
    for name in dialog.steps:
        if name not in reached:
            what, remedy = f"nothing leads to the step '{name}'", "Let a 'next' name it, or delete it."
            yield Finding(f"steps.{name}", what, remedy)


def dead_ends(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """From every step an `end` can be reached, and no way runs off the last line."""
    del book
    ways = graph(dialog)
    for name, jumps in ways.items():
        if any(jump.target == "" and not jump.path for jump in jumps):
            what = f"after the step '{name}' nothing follows"
            yield Finding(f"steps.{name}", what, "Add 'next', or a step 'end: completed' below it.")
    good = leading_to_an_end(dialog, ways)
    for name in reach([dialog.first], ways):
        if name in dialog.steps and name not in good:
            what = f"from the step '{name}' no way leads to an end"
            yield Finding(f"steps.{name}", what, "Let one of the ways lead to a step 'end: completed'.")


def circles_of_dialogs(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """No dialog starts itself, directly or through others."""
    if not any(isinstance(step, Start) for step in dialog.steps.values()):
        return
    newest = {other.id: other for other in book if book.latest(other.id) is other}
    newest[dialog.id] = dialog
    starts = {
        name: [Jump(step.dialog, "") for step in other.steps.values() if isinstance(step, Start)]
        for name, other in newest.items()
    }
    for step in dialog.steps.values():
        if isinstance(step, Start) and dialog.id in reach([step.dialog], starts):
            what = f"'{step.dialog}' leads back to this dialog, which would never end"
            yield Finding(f"steps.{step.id}.start", what, "Use 'next' to go back inside a dialog.")


def question_after_hand(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Where a person talks, the dialog asks nothing more."""
    del book
    ways = graph(dialog)
    asking = [name for name, step in dialog.steps.items() if isinstance(step, AskStep | Start)]
    before = reach(asking, backwards(ways))
    for step in dialog.steps.values():
        if isinstance(step, Hand) and any(jump.target in before for jump in ways[step.id]):
            what = f"after '{step.id}' a person talks, and yet a question follows"
            yield Finding(f"steps.{step.id}", what, "Let it lead to an end.")
