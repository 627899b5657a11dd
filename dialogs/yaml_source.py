# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""YAML as a tree in which everything knows its line. Only maps, lists and texts: no anchors, no tags.

What a text means (a number, a yes) is decided by whoever reads the field, so YAML's own guesses
("no" is false, 1:30 is ninety) never get in the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from dialogs.problems import UNREADABLE, DialogError, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 30

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads YAML safely, in C where PyYAML was built with it: eight times as fast."""
#: Tabs, control characters but line ends, and halves of characters.
_UNFIT = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Scalar(msgspec.Struct):
    """A text. `quoted` tells "7" from 7; an empty unquoted one is a field without a value."""

    text: str
    quoted: bool
    line: int
    column: int


class Listing(msgspec.Struct):
    """A list."""

    items: list[Tree]
    line: int
    column: int


class Entry(msgspec.Struct):
    """One `key: value` of a map."""

    key: Scalar
    value: Tree


class Mapping(msgspec.Struct):
    """A map; keys are unique, in the file's order."""

    entries: dict[str, Entry]
    line: int
    column: int


Tree = Scalar | Listing | Mapping


class _Open(msgspec.Struct):
    """A map or list whose end has not come yet; `key` is the key that waits for its value."""

    tree: Mapping | Listing
    key: Scalar | None = None


def read_own(source: str) -> Any:
    """A file of ours as plain data; what people write is read by `read_yaml`, which knows every line."""
    return yaml.load(source, Loader=LOADER)  # noqa: S506 - a safe loader, the one in C where there is one


def read_yaml(source: str, filename: str) -> tuple[Mapping, list[Problem]]:
    """The file's top map, and problems that do not stop reading (double keys).

    Raises `DialogError` for anything that is not one plain YAML map of sane size.
    """
    problems = _unfit(source, filename)
    if problems:
        raise DialogError(problems)
    builder = _Builder(filename)
    try:
        for event in _events(source):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise DialogError([_explain(error, source, filename)]) from None
    except yaml.YAMLError:
        what, remedy = (
            "this is not readable as YAML",
            "Look for characters that do not belong in a text file.",
        )
        raise DialogError([Problem(filename, 1, 1, what, remedy, UNREADABLE)]) from None
    if not isinstance(builder.root, Mapping):
        what, remedy = "the file holds no fields", "Write the first one as 'name: value'."
        raise DialogError([*builder.problems, Problem(filename, 1, 1, what, remedy, UNREADABLE)])
    return builder.root, builder.problems


def _events(source: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(source, Loader=LOADER))


def _unfit(source: str, filename: str) -> list[Problem]:
    """What can be told before the parser begins, in words that an editor understands."""
    if len(source) > MAX_BYTES:
        what = f"the file is larger than {MAX_BYTES} characters"
        return [Problem(filename, 1, 1, what, "Split it into several files.", UNREADABLE)]
    if not _UNFIT.search(source):
        return []
    problems: list[Problem] = []
    for number, line in enumerate(source.split("\n"), start=1):
        bad = _UNFIT.search(line)
        if bad is None:
            continue
        tab = bad[0] == "\t"
        what = "there is a tab" if tab else "there is an invisible or broken character"
        remedy = "Use spaces: two for each level." if tab else "Delete it and type the text again."
        problems.append(Problem(filename, number, bad.start() + 1, what, remedy, UNREADABLE))
    return problems[:20]


class _Builder:
    """Puts events together to a tree without recursion, so that no input is too deep for it."""

    def __init__(self, filename: str) -> None:
        self.root: Tree | None = None
        self.problems: list[Problem] = []
        self._file = filename
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(line, column, "a second document begins", "Delete the line '---'.")
        self._refuse(event, line, column)
        if isinstance(event, yaml.ScalarEvent):
            self._add(Scalar(event.value, bool(event.style), line, column))
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin(Mapping({}, line, column))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin(Listing([], line, column))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._add(self._open.pop().tree)

    def _refuse(self, event: yaml.Event, line: int, column: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._stop(line, column, "'&' and '*' links are not used here", "Put the text in double quotes.")
        if getattr(event, "tag", None):
            self._stop(line, column, "'!' tags are not used here", "Put the text in double quotes.")

    def _begin(self, tree: Mapping | Listing) -> None:
        if len(self._open) >= MAX_DEPTH:
            what = f"more than {MAX_DEPTH} levels inside one another"
            self._stop(tree.line, tree.column, what, "Write it flatter.")
        if self._open and isinstance(self._open[-1].tree, Mapping) and self._open[-1].key is None:
            self._stop(tree.line, tree.column, "a field's name must be a plain text", "Write 'name: value'.")
        self._open.append(_Open(tree))

    def _add(self, tree: Tree) -> None:
        if not self._open:
            self.root = tree
            return
        top = self._open[-1]
        if isinstance(top.tree, Listing):
            top.tree.items.append(tree)
        elif top.key is None and isinstance(tree, Scalar):
            top.key = tree
        elif top.key is not None:
            self._enter(top.tree, top.key, tree)
            top.key = None

    def _enter(self, mapping: Mapping, key: Scalar, value: Tree) -> None:
        first = mapping.entries.get(key.text)
        if first is None:
            mapping.entries[key.text] = Entry(key, value)
            return
        what = f"'{key.text[:80]}' is there twice, first in line {first.key.line}"
        self.problems.append(Problem(self._file, key.line, key.column, what, "Keep one of them."))

    def _stop(self, line: int, column: int, what: str, remedy: str) -> None:
        stop = Problem(self._file, line, column, what, remedy, UNREADABLE)
        raise DialogError([*self.problems, stop])


_UNREADABLE = ("this is not readable as YAML", "Check spaces and quotes.")
_QUOTE_IT = 'Put the text in double quotes: "..."'
_SPACES = "Check the spaces at its beginning, and quotes above it."
_EXPLAINED = (
    ("mapping values are not allowed", "there is a ':' too many", _QUOTE_IT),
    ("could not find expected ':'", "a ':' is missing", "Write 'name: value', or use quotes."),
    ("did not find expected ':'", "a ':' is missing", "Write 'name: value', or use quotes."),
    ("did not find expected key", "this line does not fit those above it", _SPACES),
    ("did not find expected '-'", "this line does not fit the list above it", _SPACES),
    ("unexpected end of stream", "a quote is opened and never closed", "Close it with the same quote."),
    ("unknown escape character", "a backslash means something else here", "Use single quotes: '...'"),
    ("cannot start any token", "a text may not begin with this character", _QUOTE_IT),
)


def _explain(error: yaml.MarkedYAMLError, source: str, filename: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    last = source.rstrip("\n").count("\n") + 1
    if line > last and error.context_mark:
        line, column = error.context_mark.line + 1, error.context_mark.column + 1
    said = f"{error.context or ''} {error.problem or ''}"
    what, remedy = next((known[1:] for known in _EXPLAINED if known[0] in said), _UNREADABLE)
    return Problem(filename, min(line, last), column, what, remedy, UNREADABLE)
