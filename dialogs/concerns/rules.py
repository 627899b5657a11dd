# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a rule is, and the rules that stand in a file."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from dialogs.concerns.rule_files import RulebookError, RuleFile
from dialogs.scales import Level
from dialogs.shapes import Shape


class Kind(StrEnum):
    """What a phrase is there for."""

    RULE = "rule"
    """A concern."""
    IDIOM = "idiom"
    """A listed phrase that means less than its words: hits inside it get its level at most."""
    CONCEPT = "concept"
    """A phrase that other phrases know by a name."""
    PAST = "past"
    """Tells of a time long gone."""
    STILL = "still"
    """Tells that it goes on, or is back: the past does not count."""
    NO_NEGATION = "no_negation"
    """Has a negating word that negates nothing else."""
    SIGN = "sign"
    """Counts for a tally, and raises nothing alone."""
    TALLY = "tally"
    """A concern because of several signs together; has no phrase of its own."""


class Modifier(StrEnum):
    """What may lower a rule's level by one."""

    NEGATION = "negation"
    PAST = "past"
    OTHER = "other"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as it stands in its file.

    `hits` are messages in which the rule applies at its full level, `misses` are messages in which it does
    not; for an idiom, messages that end at its level or below, and messages that do not contain it.
    `points` are what a sign counts, or what a tally needs; a tally may need one of certain signs as well.
    """

    id: str
    level: Level
    patterns: tuple[str, ...]
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    line: int
    not_lowered_by: tuple[Modifier, ...] = ()
    language: str = ""
    kind: Kind = Kind.RULE
    points: int = 0
    needs: tuple[str, ...] = ()


_RULE = Shape(Rule)
_UNLEVELLED = {"level": "R0", "hits": (), "misses": ()}


def rules_of(file: RuleFile) -> list[Rule]:
    """Every rule of the file, those without a name and level of their own as well. Raises `RulebookError`."""
    rules = [_rule(file, raw, Kind.RULE) for raw in file.rules]
    rules += [_rule(file, raw, Kind.IDIOM) for raw in file.idioms]
    rules += [_rule(file, _UNLEVELLED | raw, Kind.SIGN) for raw in file.signs]
    rules += [_rule(file, {"patterns": ()} | raw, Kind.TALLY) for raw in file.tallies]
    rules += [_nameless(file, f"{file.language}.{key}", key, file.phrases) for key in _keys(file.phrases)]
    rules += [_nameless(file, f"<{key}>", Kind.CONCEPT, file.concepts) for key in concepts_of(file)]
    return rules


def concepts_of(file: RuleFile) -> list[str]:
    """The names of the phrases that other phrases know by a name."""
    return _keys(file.concepts)


def _keys(section: dict[str, Any]) -> list[str]:
    return [key for key in section if key != "line"]


def _nameless(file: RuleFile, name: str, kind: str, section: dict[str, Any]) -> Rule:
    patterns = section[name.strip("<>") if kind == Kind.CONCEPT else kind]
    raw = {"id": name, "level": "R0", "patterns": patterns, "line": section["line"], "hits": (), "misses": ()}
    return _rule(file, raw, kind)


def _rule(file: RuleFile, raw: dict[str, Any], kind: str) -> Rule:
    try:
        return _RULE.of(raw | {"language": file.language, "kind": kind})
    except msgspec.ValidationError as error:
        raise RulebookError(f"{file.name}:{raw['line']}: rule {raw.get('id', '?')}: {error}") from error
