# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about texts, names, options and data classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.book import DialogBook
from dialogs.conditions import Condition
from dialogs.findings import Finding, kind_of, known_names, options_of, step_texts, texts_of
from dialogs.model import AnyStep, AskStep, Branch, Choose, Date, Dialog, Number, Rest, Say, Scale, Set
from dialogs.problems import did_you_mean
from dialogs.rendering import PLACEHOLDER

LANGUAGES = ("de", "en")
MOST_TEXT = 4000
MOST_QUESTION = 3500
MOST_LABEL = 60
MOST_POINTS = 21
OPTION_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}", re.ASCII)


def missing_translations(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Every text is there in German and English."""
    del book
    for path, texts in texts_of(dialog):
        for language in LANGUAGES:
            if language not in texts:
                yield Finding(path, f"the text in '{language}' is missing", f"Add a line '{language}: ...'.")


def long_texts(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Texts fit into one message, a question with room for a second try, a label on a button."""
    del book
    labels = {
        f"steps.{step.id}.{'options.' if isinstance(step, Choose) else ''}{option.key}"
        for step in dialog.steps.values()
        for option in options_of(step)
    }
    asked = {f"steps.{s.id}.{kind_of(s)}" for s in dialog.steps.values() if isinstance(s, AskStep)}
    for path, texts in texts_of(dialog):
        most = MOST_LABEL if path in labels else MOST_QUESTION if path in asked else MOST_TEXT
        for language, text in texts.items():
            if len(text) > most:
                what = f"this text in '{language}' has {len(text)} characters, {most} are possible"
                yield Finding(f"{path}.{language}", what, "Write it shorter, or as two steps.")


def unfilled_names(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Values are filled into what is said and asked, not into labels, titles and words for the unknown."""
    del book
    filled = {f"steps.{s.id}.{kind_of(s)}" for s in dialog.steps.values() if isinstance(s, Say | AskStep)}
    copied = {f"steps.{s.id}.set" for s in dialog.steps.values() if isinstance(s, Set)}
    for path, texts in texts_of(dialog):
        if path in filled or path.rpartition(".")[0] in copied:
            continue
        for language, text in texts.items():
            name = PLACEHOLDER.search(text)
            if name:
                what = f"'{name[0]}' would be shown just like that: no values are filled in here"
                yield Finding(f"{path}.{language}", what, "Write it without, and use the value in the text.")


def broken_braces(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """A brace in a text belongs to a {name}."""
    del book
    for path, texts in texts_of(dialog):
        for language, text in texts.items():
            if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
                yield Finding(f"{path}.{language}", "a brace stands alone", "Write {name}, or ( and ).")


def unknown_names(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Conditions and texts use names that exist. `dialog.key` may name an answer of another dialog."""
    known = known_names(dialog)
    unsure = [use for use in _used_names(dialog) if use[1] not in known and use[1] not in use[2]]
    if not unsure:
        return
    for other in book:
        known.update(f"{other.id}.{name}" for name in known_names(other))
    for path, name, more in unsure:
        if name not in known:
            yield _unknown(path, name, known | more)


def _used_names(dialog: Dialog) -> Iterator[tuple[str, str, set[str]]]:
    """Every use of a name: where, which, and what else is known there."""
    for path, texts in texts_of(dialog):
        for language, text in texts.items():
            for name in PLACEHOLDER.findall(text):
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
            where = f"{path}.options" if isinstance(step, Choose) else path
            yield f"{where}.{option.key}.raise.when", option.concern.when, {"value"}


def double_names(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """No two questions keep their answer under one name, and none takes a fact's."""
    del book
    seen: dict[str, str] = {}
    for step in dialog.steps.values():
        names = (
            [step.key] if isinstance(step, AskStep) else list(step.values) if isinstance(step, Set) else []
        )
        for name in names:
            if name in dialog.facts or (isinstance(step, AskStep) and name in seen):
                other = "a fact" if name in dialog.facts else f"the answer of '{seen[name]}'"
                what = f"the answer of '{step.id}' would overwrite {other}"
                yield Finding(f"steps.{step.id}", what, f"Give it a name of its own, not '{name}'.")
            seen.setdefault(name, step.id)


def _names_given(step: AnyStep) -> list[str]:
    if isinstance(step, AskStep):
        return [step.key]
    return list(step.values) if isinstance(step, Set) else []


def bad_options(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Options can be sent as buttons, and ranges hold something."""
    del book
    for step in dialog.steps.values():
        path = f"steps.{step.id}"
        for option in options_of(step):
            if not OPTION_KEY.fullmatch(option.key):
                what = f"the option '{option.key[:40]}' has no usable name"
                yield Finding(
                    f"{path}.options.{option.key}", what, "Use at most 32 of a-z, A-Z, 0-9, _ and -."
                )
        if isinstance(step, Choose) and len(step.options) < 2:
            yield Finding(f"{path}.options", "there is nothing to choose", "Write at least two options.")
        if isinstance(step, Scale) and not 1 <= step.high - step.low < MOST_POINTS:
            what = f"a scale from {step.low} to {step.high} cannot be shown"
            yield Finding(f"{path}.scale", what, f"Use 2 to {MOST_POINTS} points, or 'number'.")
        if (isinstance(step, Number) and step.low > step.high) or (
            isinstance(step, Date) and step.earliest > step.latest
        ):
            yield Finding(path, "no answer is possible", "Make the lower limit smaller than the upper.")


def low_classes(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """No step is below the dialog's class, and no text shows an answer of a class above its own."""
    del book
    classes = {name: fact.data for name, fact in dialog.facts.items()}
    classes |= {step.key: step.data for step in dialog.steps.values() if isinstance(step, AskStep)}
    for step in dialog.steps.values():
        path = f"steps.{step.id}"
        if isinstance(step, Say | AskStep) and step.data.rank < dialog.data.rank:
            what = f"this step is '{step.data}', but the dialog is marked '{dialog.data}'"
            yield Finding(f"{path}.data", what, "Raise the step, or lower the dialog and mark single steps.")
        for where, texts in step_texts(step):
            for name in sorted({name for text in texts.values() for name in PLACEHOLDER.findall(text)}):
                if name in classes and classes[name].rank > step.data.rank:
                    what = (
                        f"this text shows '{name}', which is '{classes[name]}', but the step is '{step.data}'"
                    )
                    yield Finding(where, what, f"Add 'data: {classes[name]}' to the step.")
