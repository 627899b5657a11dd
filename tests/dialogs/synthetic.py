# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Dialogs that nobody wrote: every kind of step in any order, none with a fault for the checker."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from dialogs.book import DialogBook
from dialogs.check import ADVICE, check
from dialogs.model import Dialog
from dialogs.shipped import shipped_dialogs
from tests.dialogs.probe import dialog

BOTH = "{de: Was, en: What}"
HEAD = """facts:
  coach: {de: Ihr Coach, en: your coach}
  met_on: {kind: date, unknown: {de: neulich, en: lately}}
"""

#: One line of YAML for a step, from its name and the names of the steps below it.
_KINDS: dict[str, Callable[[str, str], str]] = {
    "say": lambda name, after: (
        "say: {de: 'Hallo, {coach}, {met_on}.', en: 'Hi {coach: one # | other #}'}, data: health"
    ),
    "crisis": lambda name, after: f"say: {BOTH}, crisis: yes",
    "picture": lambda name, after: f"say: {BOTH}, picture: {{file: pilot_boat.png, alt: {BOTH}}}",
    "choose": lambda name, after: (
        f"choose: {BOTH}, timeout: {{after: 1 hour, repeat: 1, next: {after}}}, "
        f"options: {{a: {{label: {{de: Eins, en: One}}, next: {after}}}, b: {{de: Zwei, en: Two}}}}"
    ),
    "scale": lambda name, after: (
        f"scale: {BOTH}, data: health, raise: {{level: R1, reason: low, when: value <= 2}}"
    ),
    "labels": lambda name, after: (
        f"scale: {BOTH}, low: 0, high: 1, optional: yes, "
        "labels: {0: {de: null, en: nil}, 1: {de: alles, en: all}}"
    ),
    "number": lambda name, after: f"number: {BOTH}, low: 1, high: 9, decimals: yes",
    "text": lambda name, after: f"text: {BOTH}, remember: note, timeout: {{after: 1 day}}",
    "date": lambda name, after: f"date: {BOTH}, earliest: -3, latest: 9, optional: yes",
    "yes_no": lambda name, after: (
        f"yes_no: {BOTH}, yes: {{raise: {{level: R2, reason: said_yes}}, next: {after}}}"
    ),
    "consent": lambda name, after: f"consent: {BOTH}, purpose: contact",
    "branch": lambda name, after: (
        "branch: [{when: time < 12:00 and weekday = 'mon' or days since met_on > 3 or phq4.total > 2, "
        f"next: {after}}}]"
    ),
    "raise": lambda name, after: "raise_concern: {level: R1, reason: seen}",
    "set": lambda name, after: f"set: {{kept_{name}: '{{coach}}', number_{name}: 3}}, remember: yes",
    "start": lambda name, after: "start: inner",
    "pause": lambda name, after: "pause: 3",
    "wait": lambda name, after: "wait: 2 days",
    "own_items": lambda name, after: "instrument: own_items, items: [mood, achieved, contact]",
    "phq9": lambda name, after: "instrument: phq9, timeout: {after: 1 day, repeat: 1}",
    "phq4": lambda name, after: "instrument: phq4, items: [gad_1, phq_1, phq_2]",
    "score": lambda name, after: "score: own_items",
    "loop": lambda name, after: f"yes_no: {BOTH}, yes: {{next: back_{name}}}, next: {after}",
}
KINDS = tuple(_KINDS)

INNER = dialog(
    "  word: {text: {de: Wort, en: Word}, optional: yes}\n"
    "  done: {end: told, return: {word: '{word}', sure: yes}}\n",
    name="inner",
)

#: Every questionnaire that asks about death says afterwards when somebody reads.
WHEN_READ = [each for each in shipped_dialogs() if each.id == "when_read"]


def written(kinds: list[str], progress: bool) -> str:
    """The steps of a dialog with these kinds, one below the other."""
    lines: list[str] = []
    for number, kind in enumerate(kinds):
        name, after = f"s{number}", f"s{number + 1}" if number + 1 < len(kinds) else "done"
        lines.append(f"  {name}: {{{_KINDS[kind](name, after)}}}\n")
        if kind == "loop":
            # Around and around, with a pause in between, until somebody says no.
            lines.append(f"  back_{name}: {{wait: 1 day, next: {name}}}\n")
    head = f"{HEAD}estimated: 1 hour\nprogress: {'yes' if progress else 'no'}\n"
    return head + "steps:\n" + "".join(lines) + "  done: {end: completed}\n"


def built(kinds: list[str], progress: bool) -> tuple[DialogBook, Dialog]:
    """The dialog, and a book that has everything it needs."""
    head, _, steps = written(kinds, progress).partition("steps:\n")
    probe = dialog(steps, name="synthetic", head=head)
    return DialogBook([INNER, *WHEN_READ, probe]), probe


def faults(book: DialogBook, probe: Dialog) -> list[str]:
    """What the checker says, apart from advice."""
    return [str(problem) for problem in check(probe, book) if problem.rule not in ADVICE]


synthetic = st.builds(built, st.lists(st.sampled_from(KINDS), min_size=1, max_size=8), st.booleans())
