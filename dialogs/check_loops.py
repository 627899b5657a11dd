# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about circles: nothing runs for ever, and nobody is asked for ever."""

from __future__ import annotations

from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.findings import Finding, Jump, Ways, graph
from dialogs.model import AskStep, Branch, Dialog, Finish, Wait
from dialogs.walking import MAX_STEPS


def silent_loops(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """No circle without a question or a waiting time in it: it would run for ever, and ask nobody."""
    del book
    for name in _on_a_circle(_automatic(dialog)):
        what = f"the step '{name}' comes back to itself without a question or a wait"
        yield Finding(f"steps.{name}", what, "Put a question or a 'wait' into the circle, or let it end.")


def pestering_loops(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Who keeps silent is not asked for ever: a circle of timeouts has a wait or a branch in it."""
    del book
    ways: Ways = {}
    for name, jumps in graph(dialog).items():
        step = dialog.steps[name]
        if isinstance(step, AskStep):
            ways[name] = [jump for jump in jumps if jump.by_silence]
        elif not isinstance(step, Wait | Branch | Finish):
            ways[name] = jumps
    for name in _on_a_circle(ways):
        if isinstance(dialog.steps[name], AskStep):
            what = f"who does not answer '{name}' is asked again and again without end"
            remedy = "Use 'repeat', or let the timeout lead on to an end; a circle needs a 'wait'."
            yield Finding(f"steps.{name}.timeout.next", what, remedy)


def no_way_to_stop(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """From every question an end can be reached by answering, not only by keeping silent."""
    del book
    ways = graph(dialog)
    by_any = leading_to_an_end(dialog, ways)
    by_answers = leading_to_an_end(
        dialog, {name: [jump for jump in jumps if not jump.by_silence] for name, jumps in ways.items()}
    )
    for name, step in dialog.steps.items():
        if isinstance(step, AskStep) and name in by_any and name not in by_answers:
            what = f"whatever is answered to '{name}', only silence leads to an end"
            yield Finding(f"steps.{name}", what, "Let one of the answers lead to an end.")


def too_much_at_once(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Between two questions there are fewer steps than the engine takes at a time."""
    del book
    ways = _automatic(dialog)
    lengths: dict[str, int] = {}
    for name in reversed(_peeled(ways)):
        lengths[name] = 1 + max((lengths.get(jump.target, 0) for jump in ways[name]), default=0)
    longest = max(lengths, key=lambda name: lengths[name], default="")
    if longest and lengths[longest] >= MAX_STEPS:
        what = f"from '{longest}' on, {lengths[longest]} steps follow one another without a question"
        yield Finding(
            f"steps.{longest}", what, f"Ask or wait in between; at most {MAX_STEPS - 1} can follow."
        )


def leading_to_an_end(dialog: Dialog, ways: Ways) -> dict[str, None]:
    """Every step from which a step `end`, or the end of the file, can be reached."""
    ending = [name for name, step in dialog.steps.items() if isinstance(step, Finish)]
    return reach([*ending, ""], backwards(ways))


def backwards(ways: Ways) -> Ways:
    """Every way in the other direction."""
    found: Ways = {}
    for name, jumps in ways.items():
        for jump in jumps:
            found.setdefault(jump.target, []).append(Jump(name, ""))
    return found


def reach(begin: list[str], ways: Ways) -> dict[str, None]:
    """Everything that can be reached, in the order it is met."""
    found: dict[str, None] = {}
    todo = list(begin)
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = None
            todo += [jump.target for jump in ways.get(name, ())]
    return found


def _automatic(dialog: Dialog) -> Ways:
    """The steps that are taken without anybody, and the ways between them."""
    steps = dialog.steps
    return {
        name: [jump for jump in jumps if not isinstance(steps.get(jump.target), AskStep | Wait)]
        for name, jumps in graph(dialog).items()
        if not isinstance(steps[name], AskStep | Wait)
    }


def _peeled(ways: Ways) -> list[str]:
    """Steps in the order of the ways, without those that are on a circle or come after one."""
    entering = dict.fromkeys(ways, 0)
    for jumps in ways.values():
        for jump in jumps:
            if jump.target in entering:
                entering[jump.target] += 1
    todo = [name for name, count in entering.items() if count == 0]
    order: list[str] = []
    while todo:
        name = todo.pop()
        order.append(name)
        for jump in ways[name]:
            if jump.target in entering:
                entering[jump.target] -= 1
                if entering[jump.target] == 0:
                    todo.append(jump.target)
    return order


def _on_a_circle(ways: Ways) -> list[str]:
    """Steps that remain when all that cannot be part of a circle is peeled off, from both sides."""
    gone = {*_peeled(ways), *_peeled({name: [] for name in ways} | _within(backwards(ways), ways))}
    return [name for name in ways if name not in gone]


def _within(ways: Ways, names: Ways) -> Ways:
    return {name: jumps for name, jumps in ways.items() if name in names}
