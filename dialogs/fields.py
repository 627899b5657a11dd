# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reading typed fields out of a YAML map, collecting every problem instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from dialogs.condition_syntax import ConditionError, read_condition
from dialogs.conditions import Condition, Literal, Value
from dialogs.model import Position, Texts
from dialogs.problems import Problem, did_you_mean
from dialogs.yaml_source import Listing, Mapping, Scalar, Tree

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MAX_SECONDS = 366 * 86400

DURATION = re.compile(r"(\d{1,6}) *(second|minute|hour|day|week)s?", re.ASCII)

_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


class Notes:
    """What is collected while one file is read: its problems, and where everything stands."""

    def __init__(self, file: str, problems: Iterable[Problem] = ()) -> None:
        self.file = file
        self.problems = list(problems)
        self.positions: dict[str, Position] = {}

    def problem(self, at: Tree, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, at.line, at.column, what, remedy))


class Fields:
    """One map of the file. Fields that nobody asked for are reported by `finish`."""

    def __init__(self, mapping: Mapping, path: str, notes: Notes) -> None:
        self.mapping, self.path, self.notes = mapping, path, notes
        self._asked: set[str] = set()
        for key, entry in mapping.entries.items():
            notes.positions[f"{path}.{key}" if path else key] = Position(entry.key.line, entry.key.column)

    def finish(self) -> None:
        """Report every field that nobody asked for."""
        for key, entry in self.mapping.entries.items():
            if key not in self._asked:
                self.notes.problem(entry.key, f"unknown field '{key[:80]}'", did_you_mean(key, self._asked))

    def has(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.mapping.entries

    def tree(self, key: str, required: str = "") -> Tree | None:
        """The field's value; `required` is the remedy if it is not there."""
        self._asked.add(key)
        entry = self.mapping.entries.get(key)
        if entry is not None:
            return entry.value
        if required:
            self.notes.problem(self.mapping, f"the field '{key}' is missing", required)
        return None

    def nested(self, key: str, required: str = "") -> Fields | None:
        """A map inside this one."""
        tree = self.tree(key, required)
        if tree is None:
            return None
        if isinstance(tree, Mapping):
            return Fields(tree, f"{self.path}.{key}" if self.path else key, self.notes)
        self.notes.problem(tree, f"'{key}' needs fields of its own", "Write them below it, indented.")
        return None

    def many(self, key: str) -> list[Fields]:
        """A list of maps; a single map counts as a list of one."""
        tree = self.tree(key)
        items = tree.items if isinstance(tree, Listing) else [tree] if tree is not None else []
        found: list[Fields] = []
        for number, item in enumerate(items, start=1):
            if isinstance(item, Mapping):
                found.append(Fields(item, f"{self.path}.{key}.{number}", self.notes))
            else:
                self.notes.problem(item, f"'{key}' needs fields of its own", "Write '- name: value'.")
        return found

    def either(self, keys: frozenset[str], long: Callable[[Fields], _T], short: Callable[[Fields], _T]) -> _T:
        """One thing that can be written in two ways: `long` with at least one of `keys`, else `short`."""
        return long(self) if self.mapping.entries.keys() & keys else short(self)

    def is_empty(self, key: str) -> bool:
        """True for a field that is there without a value."""
        tree = self.tree(key)
        return isinstance(tree, Scalar) and not tree.text

    def scalar(self, key: str, required: str = "") -> Scalar | None:
        """A single value, not empty."""
        tree = self.tree(key, required)
        if tree is None:
            return None
        if isinstance(tree, Scalar) and tree.text.strip():
            return tree
        what = f"'{key}' is empty" if isinstance(tree, Scalar) else f"'{key}' takes a single value"
        self.notes.problem(tree, what, required or "Give it a value or delete the line.")
        return None

    def name(self, key: str, required: str = "") -> str:
        """A machine name: small letters, digits and _; "" if it is not there."""
        found = self.scalar(key, required)
        if found is None or NAME.fullmatch(found.text):
            return found.text if found else ""
        what = f"'{found.text[:80]}' is not a name"
        self.notes.problem(found, what, "Use small letters a-z, digits and _, at most 40, a letter first.")
        return ""

    def names(self, key: str) -> tuple[str, ...]:
        """A list of machine names; a single one counts as a list of one."""
        tree = self.tree(key)
        items = tree.items if isinstance(tree, Listing) else [tree] if tree is not None else []
        found = [item.text for item in items if isinstance(item, Scalar) and NAME.fullmatch(item.text)]
        if tree is not None and len(found) < max(1, len(items)):
            self.notes.problem(
                tree, f"'{key}' is not a list of names", f"Write for example {key}: [mood, sleep]."
            )
        return tuple(found)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        found = self.scalar(key)
        if found is None:
            return default
        if not _NUMBER.fullmatch(found.text) or not low <= float(found.text) <= high:
            what = f"'{key}' is not a number from {low:g} to {high:g}"
            self.notes.problem(found, what, "Write digits only, for example 3.")
            return default
        return float(found.text)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        number = float(self.number(key, default, low, high))
        if number.is_integer():
            return int(number)
        found = self.tree(key)
        if found is not None:
            self.notes.problem(found, f"'{key}' is not a whole number", "Write it without a decimal point.")
        return default

    def flag(self, key: str) -> bool:
        """yes or no; no if it is not there."""
        found = self.scalar(key)
        if found is None:
            return False
        if found.text not in _FLAGS:
            self.notes.problem(found, f"'{key}' is neither yes nor no", "Write yes or no.")
        return _FLAGS.get(found.text, False)

    def one_of(self, key: str, kind: type[_E], default: _E, required: str = "") -> _E:
        found = self.scalar(key, required)
        if found is None:
            return default
        known = [member.value for member in kind if not required or member != default]
        if found.text not in known:
            remedy = did_you_mean(found.text, known, f"Possible here: {', '.join(known)}.")
            self.notes.problem(found, f"'{found.text[:80]}' is not possible for '{key}'", remedy)
            return default
        return kind(found.text)

    def seconds(self, key: str, required: str = "") -> int:
        """A length of time, as "2 days"; 0 if it is not there."""
        found = self.scalar(key, required)
        if found is None:
            return 0
        seconds = read_duration(found.text)
        if not seconds:
            what = f"'{found.text[:80]}' is not a length of time"
            self.notes.problem(found, what, "Write for example: 90 seconds, 15 minutes, 2 hours, 3 days.")
        return seconds

    def condition(self, key: str, required: str = "") -> Condition | None:
        found = self.scalar(key, required)
        if found is None:
            return None
        try:
            return read_condition(found.text)
        except ConditionError as error:
            column = found.column + error.column - 1 + (1 if found.quoted else 0)
            what, remedy = f"in the condition: {error.what}", f"{_upper(error.remedy)}."
            self.notes.problems.append(Problem(self.notes.file, found.line, column, what, remedy))
            return Condition("yes", Literal(True)) if required else None

    def texts(self, key: str, required: str = "") -> Texts:
        """A text in several languages."""
        fields = self.nested(key, required)
        if fields is None:
            return {}
        return fields.languages()

    def languages(self) -> Texts:
        """This map itself as language: text."""
        found: Texts = {}
        for tag, entry in self.mapping.entries.items():
            self._asked.add(tag)
            if not LANGUAGE.fullmatch(tag):
                remedy = "Write one line for each language, for example de: ... and en: ..."
                self.notes.problem(entry.key, f"'{tag[:80]}' is not a language", remedy)
            elif not isinstance(entry.value, Scalar) or not entry.value.text.strip():
                self.notes.problem(entry.key, f"the text for '{tag}' is missing", "Write it after the colon.")
            else:
                found[tag] = entry.value.text.strip()
        return found


def read_duration(text: str) -> int:
    """Seconds in a length of time such as "2 days", at most a year; 0 if it is none."""
    match = DURATION.fullmatch(text)
    seconds = int(match[1]) * _SECONDS[match[2]] if match else 0
    return seconds if seconds <= MAX_SECONDS else 0


def read_value(text: str) -> Value:
    """What an unquoted value means: 7 is a number, yes and no are yes and no, all else is a text."""
    if re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"-?\d{1,12}\.\d{1,6}", text, re.ASCII):
        return float(text)
    return _FLAGS.get(text, text)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
