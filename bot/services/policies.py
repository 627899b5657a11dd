# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Read the ladders from YAML, with file, line and remedy for everything that is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.domain.concerns import Level
from bot.domain.escalation import (
    MOST_REPEATS,
    Draft,
    Drafts,
    Policies,
    Policy,
    Repeat,
    Rung,
    Target,
    Way,
    faults,
)
from dialogs.problems import DialogError, Problem, did_you_mean
from dialogs.yaml_source import Listing, Mapping, Scalar, Tree, read_yaml

#: The programme whose ladders count wherever another has none of its own.
STANDARD = "standard"
#: What files of ladders say that they are written in.
FORMAT = "1"
_PLANS = "_plans"
_UNITS = {"minute": 1, "minutes": 1, "hour": 60, "hours": 60, "day": 1440, "days": 1440}
_DURATION = re.compile(r"(\d{1,4}) (minutes?|hours?|days?)")
_FIELDS = {"rungs", "again_after", "choose_step_within", "tell_after", "out_of_hours"}
_RUNG_FIELDS = {"after", "call", "clock", "where", "repeat", "every"}
_CLOCKS = {"working", "wall"}
_NONE = timedelta()

Word = TypeVar("Word", bound=StrEnum)


def texts_of(folder: Path) -> dict[str, str]:
    """The files of ladders in `folder`, by the file's name without its ending.

    Files of plans (`NAME_plans.yaml`) are left alone.
    """
    paths = [path for path in sorted(folder.glob("*.yaml")) if not path.stem.endswith(_PLANS)]
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def read_folder(folder: Path) -> dict[str, Policies]:
    """The ladders of every programme whose file lies in `folder`; see `texts_of`.

    Raises `DialogError` with all problems of all files.
    """
    found: dict[str, Policies] = {}
    problems: list[Problem] = []
    for name, text in texts_of(folder).items():
        try:
            found[name] = read_policies(text, f"{name}.yaml")
        except DialogError as error:
            problems += error.problems
    if problems:
        raise DialogError(problems)
    return found


def read_policies(source: str, filename: str) -> Policies:
    """The ladders of a file, as a concern climbs them. Raises as `read_drafts` does."""
    return {level: draft.climbed() for level, draft in read_drafts(source, filename).items()}


def read_drafts(source: str, filename: str) -> Drafts:
    """The ladders of a file, as they are written. Raises `DialogError` with all its problems.

    A ladder that could leave anybody without a human who can be reached is refused; see
    `bot.domain.escalation.faults`.
    """
    root, problems = read_yaml(source, filename)
    reader = _Reader(filename, problems)
    drafts = reader.drafts(root)
    if reader.problems:
        raise DialogError(reader.problems)
    return drafts


@dataclass(frozen=True, slots=True)
class _Written:
    """A rung where it stands in the file."""

    rung: Rung
    tree: Tree
    repeat: Repeat | None = None


class _Reader:
    def __init__(self, filename: str, problems: list[Problem]) -> None:
        self.filename = filename
        self.problems = problems

    def drafts(self, root: Mapping) -> Drafts:
        self._known(root, {"format", "policies"})
        self._format(root)
        found: Drafts = {}
        levels = self._mapping(root, "policies", root)
        for name, entry in levels.entries.items():
            if name not in ("R1", "R2", "R3") or not isinstance(entry.value, Mapping):
                self._fault(entry.key, f"'{name}' is not a level", "Use R1, R2 or R3.")
                continue
            found[Level(name)] = self._draft(Level(name), entry.value)
        for level in (Level.R1, Level.R2, Level.R3):
            if level not in found and not self.problems:
                self._fault(levels, f"there is no ladder for {level}", f"Add '{level}:' with its rungs.")
        return found

    def _format(self, root: Mapping) -> None:
        """A later format may mean something else by the same words: it is not read as this one."""
        entry = root.entries.get("format")
        text = entry.value.text if entry and isinstance(entry.value, Scalar) else ""
        if entry is not None and text != FORMAT:
            self._fault(entry.key, f"format '{text}' is not known here", f"Write 'format: {FORMAT}'.")

    def _draft(self, level: Level, tree: Mapping) -> Draft:
        self._known(tree, _FIELDS)
        before = len(self.problems)
        written = self._rungs(tree)
        repeats = tuple(each.repeat for each in written)
        policy = Policy(
            level=level,
            rungs=tuple(each.rung for each in written),
            again_after=self._duration(tree, "again_after"),
            choose_step_within=self._duration(tree, "choose_step_within"),
            tell_after=self._duration(tree, "tell_after") if "tell_after" in tree.entries else None,
            out_of_hours=self._words(tree, "out_of_hours", Target),
        )
        if len(self.problems) == before:
            for fault in faults(policy, repeats):
                place = tree if fault.rung is None else written[fault.rung].tree
                self._fault(place, fault.what, fault.remedy)
        return Draft(policy, repeats)

    def _rungs(self, tree: Mapping) -> list[_Written]:
        entry = tree.entries.get("rungs")
        if entry is None or not isinstance(entry.value, Listing) or not entry.value.items:
            self._fault(
                tree,
                "there are no rungs",
                "Add 'rungs:' with at least one '- {after: 0 minutes, call: [owner]}'.",
            )
            return []
        return [self._rung(item) for item in entry.value.items]

    def _rung(self, tree: Tree) -> _Written:
        if not isinstance(tree, Mapping):
            self._fault(tree, "this is not a rung", "Write '- {after: 15 minutes, call: [deputy]}'.")
            return _Written(Rung(_NONE, ()), tree)
        self._known(tree, _RUNG_FIELDS)
        targets = self._words(tree, "call", Target)
        if not targets and "call" not in tree.entries:
            self._fault(tree, "this rung calls nobody", "Add 'call: [owner]', or whom it should call.")
        rung = Rung(
            self._duration(tree, "after"),
            targets,
            self._text(tree, "clock", "working", _CLOCKS) == "working",
            self._words(tree, "where", Way),
        )
        is_repeated = "every" in tree.entries
        times = self._times(tree, has_every=is_repeated)
        return _Written(rung, tree, Repeat(self._duration(tree, "every"), times) if is_repeated else None)

    def _times(self, tree: Mapping, *, has_every: bool) -> int:
        """How often a rung is called again at most; without a number, as long as the next one waits."""
        if "repeat" not in tree.entries:
            return MOST_REPEATS if has_every else 0
        choices = {str(number) for number in range(1, MOST_REPEATS + 1)}
        text = self._text(tree, "repeat", "1", choices)
        if not has_every:
            place = tree.entries["repeat"].key
            self._fault(place, "'repeat' does not say how often", "Add 'every', for example '5 minutes'.")
        return int(text)

    def _words(self, tree: Mapping, field: str, kind: type[Word]) -> tuple[Word, ...]:
        """A list of known words; empty if the field is missing."""
        entry = tree.entries.get(field)
        if entry is None:
            return ()
        items = entry.value.items if isinstance(entry.value, Listing) else []
        known = {each.value: each for each in kind}
        found = []
        for item in items:
            name = item.text if isinstance(item, Scalar) else ""
            if name not in known:
                self._fault(item, f"'{name}' is not possible in '{field}'", did_you_mean(name, known))
            elif known[name] not in found:
                found.append(known[name])
        if not items:
            self._fault(entry.key, f"'{field}' is empty", f"Write '{field}: [{next(iter(known))}]'.")
        return tuple(found)

    def _text(self, tree: Mapping, field: str, otherwise: str, choices: set[str]) -> str:
        entry = tree.entries.get(field)
        if entry is None:
            return otherwise
        text = entry.value.text if isinstance(entry.value, Scalar) else ""
        if text in choices:
            return text
        remedy = f"Possible here: {', '.join(sorted(choices, key=lambda word: (len(word), word)))}."
        self._fault(entry.key, f"'{text}' is not possible for '{field}'", remedy)
        return otherwise

    def _duration(self, tree: Mapping, field: str) -> timedelta:
        entry = tree.entries.get(field)
        text = entry.value.text if entry and isinstance(entry.value, Scalar) else ""
        match = _DURATION.fullmatch(text)
        if match is None:
            place = entry.key if entry else tree
            self._fault(
                place, f"'{field}' is not a time", "Write it like '15 minutes', '2 hours' or '1 day'."
            )
            return _NONE
        return timedelta(minutes=int(match[1]) * _UNITS[match[2]])

    def _mapping(self, tree: Mapping, field: str, otherwise: Mapping) -> Mapping:
        entry = tree.entries.get(field)
        if entry is None or not isinstance(entry.value, Mapping):
            self._fault(otherwise, f"there is no '{field}:'", f"Add '{field}:' with R1, R2 and R3 below it.")
            return Mapping(entries={}, line=otherwise.line, column=otherwise.column)
        return entry.value

    def _known(self, tree: Mapping, fields: set[str]) -> None:
        for name, entry in tree.entries.items():
            if name not in fields:
                self._fault(entry.key, f"unknown field '{name}'", f"Known here: {', '.join(sorted(fields))}.")

    def _fault(self, place: Tree, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.filename, place.line, place.column, what, remedy))
