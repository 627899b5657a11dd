# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What Lotse depends on is declared with a lower bound, used, and explained in docs/dependencies.md."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DISTRIBUTIONS = packages_distributions()

#: What a running Lotse may import: all but tests and measuring.
USED = ("core", "evaluation", "oidc", "telegram", "telegram-staff")
#: Needed without being imported by name: drivers, time zones, parts of uvicorn and of Starlette's forms.
INDIRECT = {"psycopg", "tzdata", "httptools", "uvloop", "python-multipart"}

# | `name` | reason | licence |
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*groups: str) -> dict[str, Requirement]:
    lines = list(PROJECT["dependencies"]) if "core" in groups else []
    for group in groups:
        lines += PROJECT["optional-dependencies"].get(group, [])
    return {canonical(one.name): one for one in map(Requirement, lines) if canonical(one.name) != "lotse"}


def imported(folder: str) -> set[str]:
    """Distributions that the modules below a folder import, at the top or inside a function."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    outside = found - set(sys.stdlib_module_names) - {"bot", "dialogs", "scheduler", "locales"}
    return {canonical(DISTRIBUTIONS.get(name, [name])[0]) for name in outside}


def used() -> set[str]:
    return imported("bot") | imported("dialogs") | imported("scheduler")


def test_what_is_imported_is_declared() -> None:
    assert used() - set(declared(*USED)) == set()


def test_what_is_declared_is_used() -> None:
    assert set(declared(*USED)) - INDIRECT - used() == set()


def test_every_dependency_has_a_lower_bound() -> None:
    groups = ("core", *PROJECT["optional-dependencies"])
    unbound = [
        name
        for name, one in declared(*groups).items()
        if not any(s.operator in {">=", "~="} for s in one.specifier)
    ]
    assert unbound == []


def test_every_dependency_is_explained_once() -> None:
    rows = ROW.findall((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"))
    explained = [canonical(name) for name, _, _ in rows if name != "Package"]
    assert sorted(explained) == sorted(declared("core", *PROJECT["optional-dependencies"]))


def test_the_staff_bot_never_takes_the_extras_that_push_aiogram_back() -> None:
    assert declared("telegram-staff")["python-telegram-bot"].extras.isdisjoint(
        {"all", "ext", "callback-data"}
    )
