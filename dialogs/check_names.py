# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about names: what texts and conditions use exists, and nothing has the name of something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dialogs.book import DialogBook
from dialogs.conditions import BUILT_IN, Condition
from dialogs.findings import Finding, names_given, names_in, options_of, options_path, texts_of
from dialogs.instruments import Pack
from dialogs.model import AnyStep, AskStep, Branch, Dialog, Finish, Rest, Scale, Set, Start
from dialogs.problems import did_you_mean

RESERVED = BUILT_IN | {"value", "and", "or", "not", "in", "is", "missing", "yes", "no", "true", "false"}
"""Names that mean something of their own in every condition."""


def unknown_names(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Conditions and texts use names that exist. `dialog.key` may name an answer of another dialog."""
    known = known_names(dialog, book)
    unsure = [use for use in _used_names(dialog) if use[1] not in known and use[1] not in use[2]]
    if not unsure:
        return
    for other in book:
        known.update(f"{other.id}.{name}" for name in _own_names(other))
    for path, name, more in unsure:
        if name not in known:
            yield _unknown(path, name, known | more)


def known_names(dialog: Dialog, book: DialogBook) -> set[str]:
    """Names that conditions and texts of a dialog may use, apart from answers of other dialogs.

    Its answers and facts, what it sets, outcomes and values of dialogs that it starts, what is always known,
    and every score and trend.
    """
    found = _own_names(dialog) | BUILT_IN | score_names(book.packs)
    for step in dialog.steps.values():
        if isinstance(step, Start):
            other = dialog if step.dialog == dialog.id else book.latest(step.dialog)
            found.update(f"{step.id}.{name}" for name in _returned(other))
    return found


def score_names(packs: Mapping[str, Pack]) -> set[str]:
    """Every score and every trend: "phq4.total", "own_items.mood_drop"."""
    return {f"{pack.id}.{rule}" for pack in packs.values() for rule in (*pack.rules, *pack.trends)}


def _own_names(dialog: Dialog) -> set[str]:
    return set(dialog.facts).union(*map(names_given, dialog.steps.values()))


def _returned(dialog: Dialog | None) -> Iterator[str]:
    for step in dialog.steps.values() if dialog else ():
        if isinstance(step, Finish):
            yield from step.returns


def _used_names(dialog: Dialog) -> Iterator[tuple[str, str, set[str]]]:
    """Every use of a name: where, which, and what else is known there."""
    for path, texts in texts_of(dialog):
        for language, text in texts.items():
            for name in names_in(text):
                yield f"{path}.{language}", name, set()
    for step in dialog.steps.values():
        for path, condition, more in _conditions(step):
            for name in sorted(condition.names()):
                yield path, name, more
        if isinstance(step, Rest) and isinstance(step.days, str):
            yield f"steps.{step.id}.pause", step.days, set()


def _unknown(path: str, name: str, known: set[str]) -> Finding:
    otherwise = "Ask for it, set it, or list it under 'facts'; a text to compare with needs quotes."
    return Finding(path, f"nothing here is called '{name}'", did_you_mean(name, known, otherwise))


def _conditions(step: AnyStep) -> Iterator[tuple[str, Condition, set[str]]]:
    path = f"steps.{step.id}"
    if isinstance(step, Branch):
        for number, case in enumerate(step.cases, start=1):
            yield f"{path}.branch.{number}.when", case.when, set()
    if isinstance(step, AskStep):
        for number, rule in enumerate(step.concerns, start=1):
            if rule.when:
                yield f"{path}.raise.{number}.when", rule.when, {"value"}
    if isinstance(step, Scale) and step.acute:
        yield f"{path}.acute", step.acute, {"value"}
    for option in options_of(step):
        if option.concern and option.concern.when:
            yield f"{options_path(step)}.{option.key}.raise.when", option.concern.when, {"value"}


def double_names(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """No two steps keep what they found under one name, and none takes a fact's; only `set` may set again."""
    del book
    seen: dict[str, str] = {}
    for step in dialog.steps.values():
        for name in names_given(step):
            if name in dialog.facts or (name in seen and not isinstance(step, Set)):
                other = "a fact" if name in dialog.facts else f"the answer of '{seen[name]}'"
                what = f"the answer of '{step.id}' would overwrite {other}"
                yield Finding(f"steps.{step.id}", what, f"Give it a name of its own, not '{name}'.")
            seen.setdefault(name, step.id)


def reserved_names(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Nothing has a name that means something else in every condition."""
    del book
    named = [(f"facts.{name}", name) for name in dialog.facts]
    named += [(f"steps.{step.id}", name) for step in dialog.steps.values() for name in names_given(step)]
    for path, name in named:
        if name in RESERVED:
            what = f"'{name}' already means something in conditions, so this value could never be used there"
            yield Finding(path, what, "Give it another name, for a question with 'key: ...'.")
