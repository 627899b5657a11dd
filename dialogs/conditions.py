# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conditions in dialogs: `mood <= 2 and not contact = "no"`.

A small language of its own, so that a dialog file can compare but never run anything. A name that
has no value yet makes every comparison false; `name is missing` asks for just that. Names are answers,
values that were set, facts, scores (`phq4.total`), trends (`own_items.mood_drop`, yes or no), and what is
always known: `language`, `today`, `time` (compared with 9:30) and `weekday` (mon to sun).
`days since discharge >= 14` and `days until start < 3` count calendar days.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import msgspec

Value = str | int | float | bool
_T = TypeVar("_T", str, float)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
Lookup = Callable[[str], Value | None]


class Literal(msgspec.Struct, frozen=True, tag="literal"):
    """A number, a text in quotes, or yes/no."""

    value: Value


class Name(msgspec.Struct, frozen=True, tag="name"):
    """The answer to a question, a value that was set, or a fact."""

    name: str


class Compare(msgspec.Struct, frozen=True, tag="compare"):
    """`left op right`; op is one of = != < <= > >=."""

    op: str
    left: Node
    right: Node


class Among(msgspec.Struct, frozen=True, tag="among"):
    """`left in (a, b, c)`."""

    left: Node
    options: tuple[Node, ...]


class Missing(msgspec.Struct, frozen=True, tag="missing"):
    """`name is missing`: not asked yet, skipped, or unknown."""

    name: str


class Days(msgspec.Struct, frozen=True, tag="days"):
    """`days since name` or, with `ahead`, `days until name`: calendar days between that day and today."""

    name: str
    ahead: bool


class Not(msgspec.Struct, frozen=True, tag="not"):
    """True where `inner` is not."""

    inner: Node


class And(msgspec.Struct, frozen=True, tag="and"):
    """True if every part is."""

    parts: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True, tag="or"):
    """True if any part is."""

    parts: tuple[Node, ...]


Node = Literal | Name | Days | Compare | Among | Missing | Not | And | Or

BUILT_IN = frozenset({"language", "today", "time", "weekday"})
"""Names that have a value in every dialog."""


class Condition(msgspec.Struct, frozen=True):
    """A condition as it was written, and as it is understood."""

    source: str
    tree: Node

    def holds(self, lookup: Lookup) -> bool:
        """Evaluate. Total: what cannot be compared is false."""
        return _truth(self.tree, lookup)

    def names(self) -> frozenset[str]:
        """Every name the condition looks at."""
        found: set[str] = set()
        todo: list[Node] = [self.tree]
        while todo:
            match todo.pop():
                case Name(name) | Missing(name) | Days(name):
                    found.add(name)
                case Compare(left=left, right=right):
                    todo += (left, right)
                case Among(left=left, options=options):
                    todo += (left, *options)
                case Not(inner):
                    todo.append(inner)
                case And(parts) | Or(parts):
                    todo += parts
                case Literal():
                    pass
        return frozenset(found)


def _truth(node: Node, lookup: Lookup) -> bool:
    match node:
        case And(parts):
            return all(_truth(part, lookup) for part in parts)
        case Or(parts):
            return any(_truth(part, lookup) for part in parts)
        case Not(inner):
            return not _truth(inner, lookup)
        case Missing(name):
            return lookup(name) is None
        case Compare(op, left, right):
            return _compare(op, _value(left, lookup), _value(right, lookup))
        case Among(left, options):
            value = _value(left, lookup)
            return any(_compare("=", value, _value(option, lookup)) for option in options)
        case _:
            return bool(_value(node, lookup))


def _value(node: Node, lookup: Lookup) -> Value | None:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Name):
        return lookup(node.name)
    if isinstance(node, Days):
        there, today = day_of(lookup(node.name)), day_of(lookup("today"))
        if there is None or today is None:
            return None
        return (there - today).days if node.ahead else (today - there).days
    return _truth(node, lookup)


def day_of(value: Value | None) -> date | None:
    """The calendar day of an ISO date, or of a moment that begins with one."""
    if not isinstance(value, str) or not _ISO_DAY.match(value):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def number_of(value: Value) -> float | None:
    """Numbers, and texts that are one: the keys of options are texts even where they read 7."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value) if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value, re.ASCII) else None
    return float(value) if abs(value) <= 1e300 else None


def _compare(op: str, left: Value | None, right: Value | None) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(op, left, right)
    if isinstance(left, bool) and isinstance(right, bool):
        return (left == right) == (op == "=") if op in ("=", "!=") else False
    a, b = number_of(left), number_of(right)
    if a is None or b is None:
        return op == "!="
    return _ordered(op, a, b)


def _ordered(op: str, left: _T, right: _T) -> bool:
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right
