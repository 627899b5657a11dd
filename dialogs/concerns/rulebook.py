# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reads `rules/<language>.yaml` and compiles all languages into one index, once.

People mix languages and a participant's setting may be wrong, so every message is compared with the
rules of every language; `detect` decides which of them count.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import yaml

from dialogs.concerns.normalise import fold
from dialogs.concerns.patterns import PatternError, Phrase, parse
from dialogs.concerns.search import PhraseIndex
from dialogs.scales import Level


class Kind(StrEnum):
    """What a phrase is there for."""

    RULE = "rule"
    """A concern."""
    IDIOM = "idiom"
    """A listed phrase that means less than its words: hits inside it get its level at most."""
    PAST = "past"
    """Tells of a time long gone."""
    STILL = "still"
    """Tells that it goes on, or is back: the past does not count."""
    NO_NEGATION = "no_negation"
    """Has a negating word that negates nothing else."""


class Modifier(StrEnum):
    """What may lower a rule's level by one."""

    NEGATION = "negation"
    PAST = "past"
    OTHER = "other"


SETS = ("fillers", "negation", "conjunctions", "contrast", "first_person", "other_person", "reflexive")


class RulebookError(ValueError):
    """A rule file that cannot be used: file, line, rule and reason."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as it stands in its file.

    `hits` are messages in which the rule applies at its full level, `misses` are messages in which it does
    not; for an idiom, messages that end at its level or below, and messages that do not contain it.
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


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    language: str
    line: int
    families: dict[str, str | int] = {}
    words: dict[str, str | int] = {}
    phrases: dict[str, Any] = {}
    core: tuple[str, ...] = ()
    rules: tuple[dict[str, Any], ...] = ()
    idioms: tuple[dict[str, Any], ...] = ()


class Rulebook(msgspec.Struct, frozen=True):
    """All rules, and the index in which phrase number n belongs to `rules[owners[n]]`."""

    rules: tuple[Rule, ...]
    owners: tuple[int, ...]
    self_negating: frozenset[int]
    index: PhraseIndex


class _Loader(yaml.CSafeLoader):
    """Safe YAML whose mappings know their line."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        mapping["line"] = node.start_mark.line + 1
        return mapping


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


@cache
def rulebook() -> Rulebook:
    """The shipped rules of all languages. Raises `RulebookError`."""
    folder = resources.files(__package__).joinpath("rules")
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name
    )
    return compile_rules({entry.name: entry.read_text(encoding="utf-8") for entry in files})


def compile_rules(texts: dict[str, str]) -> Rulebook:
    """Compile rule files given as file name to text. Raises `RulebookError`."""
    files = {name: _read(name, text) for name, text in texts.items()}
    sets = _sets(files)
    rules: list[Rule] = []
    phrases: list[Phrase] = []
    owners: list[int] = []
    for name, file in files.items():
        families = {key: str(value) for key, value in file.families.items() if key != "line"}
        for rule in _rules(name, file):
            if any(rule.id == other.id for other in rules):
                raise RulebookError(f"{name}:{rule.line}: rule {rule.id}: the id is used twice")
            compiled = _phrases(name, rule, families)
            owners += [len(rules)] * len(compiled)
            phrases += compiled
            rules.append(rule)
    core = [fold(word) for file in files.values() for word in file.core]
    negating = frozenset(
        number
        for number, phrase in enumerate(phrases)
        if any(step.words & sets["negation"] for step in phrase.steps)
    )
    return Rulebook(tuple(rules), tuple(owners), negating, PhraseIndex(phrases, sets, core))


def _read(name: str, text: str) -> _File:
    try:
        return msgspec.convert(yaml.load(text, Loader=_Loader), _File)  # noqa: S506  a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(f"{name}:{line}: not YAML: {error.problem}") from error
    except msgspec.ValidationError as error:
        raise RulebookError(f"{name}:1: {error}") from error


def _sets(files: dict[str, _File]) -> dict[str, frozenset[str]]:
    sets: dict[str, frozenset[str]] = dict.fromkeys(SETS, frozenset())
    for name, file in files.items():
        for key, words in file.words.items():
            if key == "line":
                continue
            if key not in sets:
                raise RulebookError(
                    f"{name}:{file.words['line']}: words: {key!r} is none of {', '.join(SETS)}"
                )
            sets[key] |= {fold(word) for word in str(words).split()}
    return sets


def _rules(name: str, file: _File) -> list[Rule]:
    rules = [_rule(name, file, raw, Kind.RULE) for raw in file.rules]
    rules += [_rule(name, file, raw, Kind.IDIOM) for raw in file.idioms]
    line = file.phrases.get("line", 1)
    for key, patterns in file.phrases.items():
        if key != "line":
            raw = {"id": f"{file.language}.{key}", "level": "R0", "patterns": patterns, "line": line}
            rules.append(_rule(name, file, raw | {"hits": (), "misses": ()}, key))
    return rules


def _rule(name: str, file: _File, raw: dict[str, Any], kind: str) -> Rule:
    try:
        return msgspec.convert(raw | {"language": file.language, "kind": kind}, Rule)
    except msgspec.ValidationError as error:
        raise RulebookError(f"{name}:{raw['line']}: rule {raw.get('id', '?')}: {error}") from error


def _phrases(name: str, rule: Rule, families: dict[str, str]) -> list[Phrase]:
    compiled: list[Phrase] = []
    for pattern in rule.patterns:
        try:
            compiled += parse(pattern, families)
        except PatternError as error:
            raise RulebookError(
                f"{name}:{rule.line}: rule {rule.id}: pattern {pattern!r}: {error}"
            ) from error
    return compiled
