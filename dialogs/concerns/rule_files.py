# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reads one file of rules; what is wrong in it is told with file and line."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml


class RulebookError(ValueError):
    """A rule file that cannot be used: file, line, rule and reason."""


class RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file as it stands there. All files of one language share `families`, `concepts` and `words`."""

    language: str
    line: int
    name: str = ""
    families: dict[str, str | int] = {}
    """Parts of patterns, by name."""
    concepts: dict[str, Any] = {}
    """Lists of patterns, by name."""
    words: dict[str, str | int] = {}
    """The sets of words that `rulebook.SETS` names."""
    spellings: dict[str, str | int] = {}
    """Other spellings of a word, also those of dialects."""
    phrases: dict[str, Any] = {}
    """Lists of patterns that modify, by kind."""
    core: tuple[str, ...] = ()
    """Words recognised when misspelt."""
    true_words: str = ""
    """Words that look like misspelt ones and are not."""
    run_together: str = ""
    """Words looked for in words run together."""
    taken_apart: str = ""
    """Words that people take apart."""
    rules: tuple[dict[str, Any], ...] = ()
    idioms: tuple[dict[str, Any], ...] = ()
    signs: tuple[dict[str, Any], ...] = ()
    tallies: tuple[dict[str, Any], ...] = ()
    """Rules that apply where enough signs stand together (`tally`)."""


class _Loader(yaml.CSafeLoader):
    """Safe YAML whose mappings know their line."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        mapping["line"] = node.start_mark.line + 1
        return mapping


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_rule_file(name: str, text: str) -> RuleFile:
    """The file of this name. Raises `RulebookError`."""
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
        return msgspec.structs.replace(msgspec.convert(raw, RuleFile), name=name)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(f"{name}:{line}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise RulebookError(f"{name}:1: not YAML: {type(error).__name__}") from error
    except msgspec.ValidationError as error:
        raise RulebookError(f"{name}:1: {error}") from error
