# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rules about texts: every language, their length, what is filled in, pictures, and data classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from dialogs.book import DialogBook
from dialogs.check_names import score_names
from dialogs.findings import (
    Finding,
    kind_of,
    names_in,
    options_of,
    options_path,
    step_texts,
    texts_of,
    with_longest_forms,
    without_names,
)
from dialogs.model import AnyStep, AskStep, Consent, Dialog, Finish, Say, Set
from dialogs.plurals import FORM, forms, needed
from dialogs.problems import did_you_mean
from dialogs.scales import DataClass

LANGUAGES = ("de", "en")
MOST_TEXT = 4000
MOST_QUESTION = 3500
MOST_CAPTION = 1024
"""Characters under a picture, what it shows included (Telegram's limit for captions)."""
MOST_LABEL = 60
_AROUND_ALT = len("\n\n[Picture: ]")

_needed = cache(needed)


def most_characters(step: Say | AskStep, language: str) -> int:
    """How long the text of a step may be: a message, with room for a second try under a question."""
    most = MOST_QUESTION if isinstance(step, AskStep) else MOST_TEXT
    if step.picture is None:
        return most
    alt = step.picture.alt.get(language) or step.picture.alt.get("de", "")
    return min(most, MOST_CAPTION - len(alt) - _AROUND_ALT)


def missing_translations(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Every text is there in German and English."""
    del book
    for path, texts in texts_of(dialog):
        for language in LANGUAGES:
            if language not in texts:
                yield Finding(path, f"the text in '{language}' is missing", f"Add a line '{language}: ...'.")


def long_texts(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Texts fit into one message, under a picture into its caption, a label on a button."""
    del book
    steps = dialog.steps.values()
    labels = {f"{options_path(step)}.{option.key}" for step in steps for option in options_of(step)}
    said = {f"steps.{s.id}.{kind_of(s)}": s for s in steps if isinstance(s, Say | AskStep)}
    for path, texts in texts_of(dialog):
        step = said.get(path)
        for language, text in texts.items():
            most = MOST_LABEL if path in labels else most_characters(step, language) if step else MOST_TEXT
            if (length := len(with_longest_forms(text))) > most:
                what = f"this text in '{language}' has {length} characters, {most} are possible"
                yield Finding(f"{path}.{language}", what, "Write it shorter, or as two steps.")


def unfilled_names(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Values are filled into what is said and asked, not into labels, titles and words for the unknown."""
    del book
    filled = {f"steps.{s.id}.{kind_of(s)}" for s in dialog.steps.values() if isinstance(s, Say | AskStep)}
    filled |= {f"steps.{s.id}.object" for s in dialog.steps.values() if isinstance(s, Consent)}
    copied = {f"steps.{s.id}.set" for s in dialog.steps.values() if isinstance(s, Set)}
    copied |= {f"steps.{s.id}.return" for s in dialog.steps.values() if isinstance(s, Finish)}
    for path, texts in texts_of(dialog):
        if path in filled or path.rpartition(".")[0] in copied:
            continue
        for language, text in texts.items():
            names = names_in(text)
            if names:
                what = f"'{{{names[0]}}}' would be shown just like that: no values are filled in here"
                yield Finding(f"{path}.{language}", what, "Write it without, and use the value in the text.")


def broken_braces(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """A brace in a text belongs to a {name}, or to {name: one ... | other ...}."""
    del book
    remedy = "Write {name}, or {name: one ... | other ...} for plural forms, or ( and )."
    for path, texts in texts_of(dialog):
        for language, text in texts.items():
            if ("{" in text or "}" in text) and re.search(r"[{}]", without_names(text)):
                yield Finding(f"{path}.{language}", "a brace stands alone", remedy)


def missing_plurals(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """Plural forms are those of the text's language: one and other in German, one, few and many in Polish."""
    del book
    for path, texts in texts_of(dialog):
        for language, text in texts.items():
            for form in FORM.finditer(text) if "{" in text else ():
                written, wanted = forms(form["forms"]), _needed(language)
                for missing in sorted(wanted - written.keys()):
                    what = f"for '{form['counted']}' the plural form '{missing}' is missing in '{language}'"
                    yield Finding(f"{path}.{language}", what, f"Add '| {missing} ...' before the brace.")
                for odd in sorted(written.keys() - wanted - {"other"}):
                    what = f"'{language}' has no plural form '{odd}'"
                    yield Finding(f"{path}.{language}", what, f"Possible here: {', '.join(sorted(wanted))}.")


def unknown_pictures(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """A picture is one that ships, or the operator has it."""
    del book
    for step in dialog.steps.values():
        if isinstance(step, Say | AskStep) and step.picture and step.picture.file not in _shipped_pictures():
            what = f"the picture '{step.picture.file}' does not come with Lotse"
            otherwise = "Put it into the folder 'pictures' of the data folder before this is published."
            remedy = did_you_mean(step.picture.file, _shipped_pictures(), otherwise)
            yield Finding(f"steps.{step.id}.picture.file", what, remedy)


@cache
def _shipped_pictures() -> frozenset[str]:
    folder = files("dialogs").joinpath("pictures")
    return frozenset(entry.name for entry in folder.iterdir() if not entry.name.endswith(".license"))


def low_classes(dialog: Dialog, book: DialogBook) -> Iterator[Finding]:
    """No step is below the dialog's class, and no text shows an answer of a class above its own.

    Crisis texts go everywhere, so they may be below; scores are health, and a value that was copied has the
    class of the step that copied it.
    """
    classes = _classes(dialog) | dict.fromkeys(score_names(book.packs), DataClass.HEALTH)
    for step in dialog.steps.values():
        path = f"steps.{step.id}"
        if isinstance(step, Say | AskStep) and step.data.rank < dialog.data.rank and not _is_crisis(step):
            what = f"this step is '{step.data}', but the dialog is marked '{dialog.data}'"
            yield Finding(f"{path}.data", what, "Raise the step, or lower the dialog and mark single steps.")
        # A value that is given back counts as health in the dialog that gets it.
        for where, texts in () if isinstance(step, Finish) else step_texts(step):
            for name in sorted({name for text in texts.values() for name in names_in(text)}):
                if name in classes and classes[name].rank > step.data.rank:
                    what = (
                        f"this text shows '{name}', which is '{classes[name]}', but the step is '{step.data}'"
                    )
                    yield Finding(where, what, f"Add 'data: {classes[name]}' to the step.")


def _is_crisis(step: AnyStep) -> bool:
    return isinstance(step, Say) and step.crisis


def _classes(dialog: Dialog) -> dict[str, DataClass]:
    """The class of every fact, answer and value that was set, the highest where there are several."""
    found = {name: fact.data for name, fact in dialog.facts.items()}
    for step in dialog.steps.values():
        names = [step.key] if isinstance(step, AskStep) else step.values if isinstance(step, Set) else ()
        for name in names:
            found[name] = max(step.data, found.get(name, step.data), key=lambda each: each.rank)
    return found
