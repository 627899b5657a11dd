# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reads one file of rules; what is wrong in it is told with file and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from dialogs.concerns.normalise import fold
from dialogs.scales import Level
from dialogs.shapes import Shape

SITE = "site."
"""The ids of a site's own rules begin so."""


SETS = ("fillers", "negation", "conjunctions", "contrast", "first_person", "other_person", "reflexive")
"""Sets of words that each language may have. Fillers of all languages count as one; what modifies does so in
its own language alone: "no" is English for none and Bavarian for still.
"""


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
    """The sets of words that `SETS` names."""
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
    dialect_marks: str = ""
    """Small words by which a message shows that it is written in dialect."""
    dialect_sounds: str = ""
    """What is written for what in dialect, like "oa=ei"; "$" is the end of a word."""
    latin_letters: str = ""
    """What is typed for what with Latin letters, like "sh=ш"."""
    rules: tuple[dict[str, Any], ...] = ()
    idioms: tuple[dict[str, Any], ...] = ()
    signs: tuple[dict[str, Any], ...] = ()
    tallies: tuple[dict[str, Any], ...] = ()
    """Rules that apply where enough signs stand together (`tally`)."""


_FILE = Shape(RuleFile)


class _Loader(yaml.CSafeLoader):
    """Safe YAML whose mappings know their line."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        mapping["line"] = node.start_mark.line + 1
        return mapping


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_folder(folder: Traversable, prefix: str) -> dict[str, str]:
    """What stands in all files of rules in a folder, by their path in it behind the prefix."""
    found: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found |= read_folder(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            found[prefix + entry.name] = entry.read_text(encoding="utf-8")
    return found


def read_site_file(path: Path) -> str:
    """What stands in a site's own file. Raises `RulebookError` with the path and what to do."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        why = "there is no such file; check the path, or leave it out to have the shipped rules alone"
        raise RulebookError(f"{path}: {why}") from error
    except IsADirectoryError as error:
        raise RulebookError(f"{path}: this is a folder; name the file with the rules in it") from error
    except UnicodeDecodeError as error:
        raise RulebookError(f"{path}: this is no text in UTF-8; save it as UTF-8") from error
    except OSError as error:
        why = f"it cannot be read ({error.strerror}); Lotse's user needs leave to read it"
        raise RulebookError(f"{path}: {why}") from error


def read_rule_file(name: str, text: str) -> RuleFile:
    """The file of this name. Raises `RulebookError`."""
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
        return msgspec.structs.replace(_FILE.of(raw), name=name)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(f"{name}:{line}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise RulebookError(f"{name}:1: not YAML: {type(error).__name__}") from error
    except msgspec.ValidationError as error:
        raise RulebookError(f"{name}:1: {error}") from error


def texts_of(section: Mapping[str, str | int]) -> list[tuple[str, str]]:
    """The entries of a section, without the line at which it begins."""
    return [(key, str(value)) for key, value in section.items() if key != "line"]


def sets_of(files: list[RuleFile]) -> dict[str, frozenset[str]]:
    """The sets of words of all files, by their name in the index. Raises `RulebookError`."""
    languages = {file.language for file in files}
    sets = {set_of(name, language): frozenset[str]() for name in SETS for language in languages}
    for file in files:
        for key, words in texts_of(file.words):
            if key not in SETS:
                raise RulebookError(
                    f"{file.name}:{file.words['line']}: words: {key!r} is none of {', '.join(SETS)}"
                )
            sets[set_of(key, file.language)] |= {fold(word) for word in words.split()}
    return sets


def set_of(name: str, language: str) -> str:
    """What one of `SETS` is called in the index."""
    return name if name == "fillers" else f"{name} {language}"


def spelt(file: RuleFile) -> list[str]:
    """Other spellings that the file names."""
    return [other for _, others in texts_of(file.spellings) for other in others.split()]


def refuse_names_twice(files: Sequence[RuleFile]) -> None:
    """Raise `RulebookError` for a family or concept that an earlier file of the language has as well."""
    for section in ("families", "concepts"):
        known: set[tuple[str, str]] = set()
        for file in files:
            names = {(file.language, key) for key in getattr(file, section).keys() - {"line"}}
            if again := names & known:
                line, (_, name) = getattr(file, section)["line"], min(again)
                raise RulebookError(f"{file.name}:{line}: {section}: {name!r} is there already")
            known |= names


def refuse_all_but_additions(file: RuleFile) -> None:
    """Raise `RulebookError` for a site's file that does more than add rules to the shipped ones."""
    for section in (
        "words",
        "spellings",
        "phrases",
        "core",
        "true_words",
        "run_together",
        "taken_apart",
        "dialect_marks",
        "dialect_sounds",
        "latin_letters",
        "idioms",
        "signs",
        "tallies",
    ):
        if getattr(file, section):
            raise RulebookError(f"{file.name}:{file.line}: {section}: a site's file may only add rules")
    for raw in file.rules:
        where = f"{file.name}:{raw['line']}: rule {raw.get('id', '?')}"
        if not str(raw.get("id", "")).startswith(SITE):
            raise RulebookError(f"{where}: ids begin with {SITE}")
        if raw.get("level") == Level.R0:
            raise RulebookError(f"{where}: R0 raises nothing")
