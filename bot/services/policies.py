# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Read the ladders from YAML, with file, line and remedy for everything that is wrong with them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from bot.domain.concerns import Level
from bot.domain.escalation import Policies, Policy, Rung, Target
from dialogs.problems import DialogError, Problem
from dialogs.yaml_source import Listing, Mapping, Scalar, Tree, read_yaml

STANDARD = Path("programmes") / "standard.yaml"
_UNITS = {"minute": 1, "minutes": 1, "hour": 60, "hours": 60, "day": 1440, "days": 1440}
_DURATION = re.compile(r"(\d{1,4}) (minutes?|hours?|days?)")
_FIELDS = {"rungs", "again_after", "choose_step_within", "tell_after"}


def read_policies(source: str, filename: str) -> Policies:
    """The ladders of a file. Raises `DialogError` with all its problems.

    A ladder that could leave a concern without a next moment is refused: every level from R1 on needs rungs,
    the first at once, and a time after which the ladder begins again.
    """
    root, problems = read_yaml(source, filename)
    reader = _Reader(filename, problems)
    policies = reader.policies(root)
    if reader.problems:
        raise DialogError(reader.problems)
    return policies


class _Reader:
    def __init__(self, filename: str, problems: list[Problem]) -> None:
        self.filename = filename
        self.problems = problems

    def policies(self, root: Mapping) -> Policies:
        self._known(root, {"format", "policies"})
        found: Policies = {}
        levels = self._mapping(root, "policies", root)
        for name, entry in levels.entries.items():
            if name not in ("R1", "R2", "R3") or not isinstance(entry.value, Mapping):
                self._fault(entry.key, f"'{name}' is not a level", "Use R1, R2 or R3.")
                continue
            found[Level(name)] = self._policy(Level(name), entry.value)
        for level in (Level.R1, Level.R2, Level.R3):
            if level not in found and not self.problems:
                self._fault(levels, f"there is no ladder for {level}", f"Add '{level}:' with its rungs.")
        return found

    def _policy(self, level: Level, tree: Mapping) -> Policy:
        self._known(tree, _FIELDS)
        rungs = self._rungs(tree)
        if rungs and rungs[0].after:
            self._fault(
                tree, "the first rung waits", "Begin with 'after: 0 minutes': somebody is called at once."
            )
        again = self._duration(tree, "again_after")
        if not again:
            self._fault(
                tree, "the ladder ends", "Add 'again_after', for example '2 hours': it must begin again."
            )
        return Policy(
            level=level,
            rungs=rungs,
            again_after=again,
            choose_step_within=self._duration(tree, "choose_step_within"),
            tell_after=self._duration(tree, "tell_after") if "tell_after" in tree.entries else None,
        )

    def _rungs(self, tree: Mapping) -> tuple[Rung, ...]:
        entry = tree.entries.get("rungs")
        if entry is None or not isinstance(entry.value, Listing) or not entry.value.items:
            self._fault(
                tree,
                "there are no rungs",
                "Add 'rungs:' with at least one '- {after: 0 minutes, call: [owner]}'.",
            )
            return ()
        return tuple(self._rung(item) for item in entry.value.items)

    def _rung(self, tree: Tree) -> Rung:
        if not isinstance(tree, Mapping):
            self._fault(tree, "this is not a rung", "Write '- {after: 15 minutes, call: [deputy]}'.")
            return Rung(timedelta(), ())
        self._known(tree, {"after", "call", "clock"})
        clock = tree.entries.get("clock")
        word = clock.value.text if clock and isinstance(clock.value, Scalar) else "working"
        if word not in ("working", "wall"):
            self._fault(tree, f"'{word}' is not a clock", "Use 'working' or 'wall'.")
        return Rung(self._duration(tree, "after"), self._targets(tree), word == "working")

    def _targets(self, tree: Mapping) -> tuple[Target, ...]:
        entry = tree.entries.get("call")
        items = entry.value.items if entry and isinstance(entry.value, Listing) else []
        names = [item.text for item in items if isinstance(item, Scalar)]
        unknown = [name for name in names if name not in set(Target)]
        if unknown or not names:
            self._fault(
                tree, f"unknown or missing 'call': {', '.join(unknown)}", "Use owner, deputy or lead."
            )
            return ()
        return tuple(Target(name) for name in names)

    def _duration(self, tree: Mapping, field: str) -> timedelta:
        entry = tree.entries.get(field)
        text = entry.value.text if entry and isinstance(entry.value, Scalar) else ""
        match = _DURATION.fullmatch(text)
        if match is None:
            place = entry.key if entry else tree
            self._fault(
                place, f"'{field}' is not a time", "Write it like '15 minutes', '2 hours' or '1 day'."
            )
            return timedelta()
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
