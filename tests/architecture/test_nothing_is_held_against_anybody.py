# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Nothing that a person does not do is kept, counted, exported or shown as a refusal (promise P4).

Names and texts are looked at, for there such a thing begins: a column, a counter, a line for staff.
What may stay is listed with its reason; a reason that nothing needs any more has to go.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po

import bot
from bot.storage.tables import metadata
from dialogs.findings import options_of, texts_of
from dialogs.model import AskStep, Concern, Finish
from dialogs.shipped import shipped_dialogs

ROOT = Path(__file__).parents[2]
#: Of names that machines read.
NAMES = re.compile(
    r"refus|declin|reject|no_?show|missed|sanction|non_?response|unanswered|not_answered|not_attended|absent"
    r"|unexcused|uncooperat|complian|adheren|penalt|breach|verweiger|abgelehnt|versaeum|fehlzeit|unentschuldigt"
    r"|silen|expired",
    re.IGNORECASE,
)
#: Of texts that people read.
TEXTS = re.compile(
    r"refus|declin|\bno.show|\bmissed\b|sanction|did not (answer|respond|come|appear)"
    r"|has not (answered|responded)"
    r"|uncooperat|unexcused|non.?respon|complian"
    r"|verweiger|abgelehnt|lehnt .{0,40}\bab\b|versäum|sanktion|nicht (geantwortet|reagiert|erschienen)"
    r"|unentschuldigt|mitwirkungspflicht|fehltermin|keine antwort|nicht gemeldet|\bno (answer|reply)\b",
    re.IGNORECASE,
)
_STAFF = "about staff and their own duty, never about a participant"
_MESSENGER = "a messenger's server answers a call of ours with an error"
_OWN_ANSWER = "the person's own answer to a proposed time; it stands with the appointment"
_CARE = "somebody may be in danger: a human looks at once, and it is closed with the concern"
_ANNOUNCED = "the person was told beforehand that somebody then looks whether all is well; no number is kept"
_QUESTION = "a question of ours whose time was over; it says so of the question, and no export has it"
KEPT: Mapping[str, str] = {
    "column reach_test.missed_at": _STAFF,
    "field ReachTest.missed_at": _STAFF,
    "value SwapEvent.DECLINE=decline": _STAFF,
    "value SwapState.DECLINED=declined": _STAFF,
    "value _E.DECLINE=decline": _STAFF,
    "field Refusal.code": _MESSENGER,
    "field Refusal.description": _MESSENGER,
    "field Refusal.migrated_to": _MESSENGER,
    "field Refusal.retry_after": _MESSENGER,
    "value AppointmentEvent.DECLINE=decline": _OWN_ANSWER,
    "reason appointment_moved: new_time_declined": _OWN_ANSWER,
    "Auf den Vorschlag gibt es noch keine Antwort.": _OWN_ANSWER,
    "There is no answer to the proposal yet.": _OWN_ANSWER,
    "reason help_now: help_now_unanswered": _CARE,
    "Hat „Hilfe sofort“ gewählt, dann keine Antwort": _CARE,
    "Chose “Help now”, then gave no answer": _CARE,
    "reason after_crisis: silence_after_crisis": _ANNOUNCED,
    "Keine Antwort nach einer schweren Zeit": _ANNOUNCED,
    "No answer after a hard time": _ANNOUNCED,
    "Nach der Klinik: keine Antwort auf die Frage, ob es gerade geht": _ANNOUNCED,
    "After the hospital: no answer to the question how things are": _ANNOUNCED,
    "dialog long_silence": _ANNOUNCED,
    "reason long_silence: silence": _ANNOUNCED,
    "Hat sich länger nicht gemeldet": _ANNOUNCED,
    "outcome after_crisis: expired": _QUESTION,
    "outcome long_silence: expired": _QUESTION,
}


def tables() -> Iterator[str]:
    for table in metadata.sorted_tables:
        yield f"table {table.name}"
        yield from (f"column {table.name}.{column.name}" for column in table.columns)


def kept_words() -> Iterator[str]:
    """What may be stored or exported under a name: fields of all records, values of all enums."""
    for found in pkgutil.walk_packages(bot.__path__, "bot."):
        # The simulation's people and faults are invented, and nothing of them is kept.
        if any(part in found.name for part in (".simulation", ".migrations", ".telegram", ".__main__")):
            continue
        module = importlib.import_module(found.name)
        for name, thing in vars(module).items():
            if not isinstance(thing, type) or thing.__module__ != module.__name__:
                continue
            if issubclass(thing, Enum):
                yield from (f"value {name}.{member.name}={member.value}" for member in thing)
            elif is_dataclass(thing):
                yield from (f"field {name}.{field.name}" for field in fields(thing))
            elif issubclass(thing, msgspec.Struct):
                yield from (f"field {name}.{field}" for field in thing.__struct_fields__)


def dialog_words() -> Iterator[str]:
    """Outcomes, answers, reasons of concerns: all of it is stored as a word."""
    for dialog in shipped_dialogs():
        yield f"dialog {dialog.id}"
        for step in dialog.steps.values():
            if isinstance(step, Finish):
                yield f"outcome {dialog.id}: {step.outcome}"
            if isinstance(step, Concern):
                yield f"reason {dialog.id}: {step.reason}"
            if isinstance(step, AskStep):
                yield f"answer {dialog.id}: {step.key}"
                rules = [*step.concerns, *(o.concern for o in options_of(step) if o.concern)]
                yield from (f"reason {dialog.id}: {rule.reason}" for rule in rules)
                yield from (f"option {dialog.id}: {option.key}" for option in options_of(step))


def metrics() -> Iterator[str]:
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for name in re.findall(r"\blotse_[a-z_]+", path.read_text(encoding="utf-8")):
            yield f"metric {name}"


def literals() -> Iterator[str]:
    """The German texts in the code, as the catalogues take them up."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in ("say", "mark") and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield text.value


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def translations() -> Iterator[str]:
    for path in sorted((ROOT / "locales").glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as source:
            yield from (str(message.string) for message in read_po(source) if message.id)


def dialog_texts() -> Iterator[str]:
    for dialog in shipped_dialogs():
        for _, texts in texts_of(dialog):
            yield from texts.values()


def word_of(name: str) -> str:
    """The word itself: where it stands in a dialog is no part of it."""
    return name.rpartition(": ")[2]


NAMED = sorted({*tables(), *kept_words(), *dialog_words(), *metrics()})
SAID = sorted({*literals(), *translations(), *dialog_texts()})


def test_everything_is_looked_at() -> None:
    kinds = {name.partition(" ")[0] for name in NAMED}
    code, talks = {"table", "column", "field", "value", "metric"}, {"dialog", "outcome", "answer", "option"}
    assert kinds == code | talks | {"reason"}
    assert len(NAMED) > 600
    assert len(SAID) > 500


@pytest.mark.parametrize("name", [name for name in NAMED if NAMES.search(word_of(name))])
def test_no_name_stands_for_a_refusal(name: str) -> None:
    assert name in KEPT, "what a person does not do is not kept"


@pytest.mark.parametrize("text", [text for text in SAID if TEXTS.search(text)])
def test_no_text_speaks_of_a_refusal(text: str) -> None:
    assert text in KEPT, "nobody is told what a person did not do"


def test_every_exception_is_still_needed() -> None:
    assert set(KEPT) <= {*NAMED, *SAID}
    assert all(KEPT.values())


@pytest.mark.parametrize(
    "name", ["column consent.refused_at", "metric lotse_no_shows_total", "value Outcome.DECLINED=declined"]
)
def test_the_words_would_be_found(name: str) -> None:
    assert NAMES.search(name)


@pytest.mark.parametrize("text", ["Hat dreimal nicht geantwortet", "Termin versäumt", "The person refused"])
def test_the_texts_would_be_found(text: str) -> None:
    assert TEXTS.search(text)
