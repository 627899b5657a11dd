# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rules of the house that no linter knows. What is allowed to break one stands here by name."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "dialogs", "scheduler")
SOURCES = sorted(path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
OWN_CODE = sorted(
    path.relative_to(ROOT)
    for folder in (*PACKAGES, "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)

MAX_LINES = 300
#: Modules that may be longer, each with its reason.
LONGER: dict[str, str] = {}

#: Where one failing item must not stop all others, or every fault belongs to somebody else.
MAY_CATCH_EVERYTHING = {
    "bot/auditor.py": "one check that fails must not blind the others: it is a finding of its own",
    "bot/services/inbox.py": "a fault must not cost a message: it is set aside for a human",
    "bot/services/pump.py": "a message that trips a fault must not hold up the others: retried, then told",
    "bot/storage/lanes.py": "whatever a use case raises goes to the one who asked for it",
    "scheduler/worker.py": "one poisoned row must not hold up the others: it is tried again, then parked",
}

#: Functions may only break a budget (statements, branches, arguments ...) in these modules.
OVER_BUDGET = {
    "bot/commands/dialogs.py": "a command has one parameter for each option",
    "bot/commands/export_evaluation.py": "a command has one parameter for each option",
    "bot/commands/rehearse.py": "a command has one parameter for each option",
    "bot/commands/staff.py": "a command has one parameter for each option that the design names",
    "bot/services/pump.py": "the loop is put together from what it needs, all by name",
}
BUDGET_RULES = re.compile(r"noqa:[^#]*\b(C901|PLR0911|PLR0912|PLR0913|PLR0915|PLR0917|PLR1702)\b")

VAGUE_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "misc",
    "shared",
    "base",
}

HEADER = "# SPDX-FileCopyrightText: 2026 The Lotse authors\n# SPDX-License-Identifier: EUPL-1.2\n"


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def names(paths: Iterable[Path]) -> set[str]:
    return {path.as_posix() for path in paths}


def test_the_rules_look_at_something() -> None:
    assert {"bot/app.py", "dialogs/engine.py", "scheduler/worker.py"} <= names(SOURCES)


def test_a_module_fits_into_one_head() -> None:
    assert names(path for path in SOURCES if read(path).count("\n") > MAX_LINES) == set(LONGER)


def test_every_file_says_whose_it_is() -> None:
    assert names(path for path in OWN_CODE if not read(path).startswith(HEADER)) == set()


def test_nothing_catches_everything_but_the_loops() -> None:
    assert names(path for path in SOURCES if _catches_everything(read(path))) == set(MAY_CATCH_EVERYTHING)


def _catches_everything(source: str) -> bool:
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.ExceptHandler) and _is_blanket(node.type) for node in nodes)


def _is_blanket(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_is_blanket(one) for one in kind.elts)
    return kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})


def test_what_is_read_has_met_its_type_before_any_thread_runs() -> None:
    """Two threads in which msgspec meets a type at the same moment end the process (ADR 42)."""
    assert names(path for path in SOURCES if _meets_types_late(read(path))) == {"dialogs/shapes.py"}


def _meets_types_late(source: str) -> bool:
    tree = ast.parse(source)
    calls = {node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    late = {call for call in calls & inside if ast.unparse(call.func) == "msgspec.json.Decoder"}
    named = {call for call in calls if any(word.arg == "type" for word in call.keywords)}
    read_at_once = {call for call in named if ast.unparse(call.func).endswith(".decode")}
    made = {call for call in calls if ast.unparse(call.func) == "msgspec.convert"}
    return bool(late | read_at_once | made)


def test_budgets_are_only_broken_by_name() -> None:
    assert names(path for path in SOURCES if BUDGET_RULES.search(read(path))) == set(OVER_BUDGET)


def test_no_name_is_vague() -> None:
    assert names(path for path in OWN_CODE if VAGUE_NAMES & {*path.with_suffix("").parts}) == set()


def test_every_channel_stands_in_the_contract_that_keeps_channels_apart() -> None:
    channels = {path.parent.name for path in (ROOT / "bot" / "channels").glob("*/__init__.py")}
    contracts = tomllib.loads(read(Path("pyproject.toml")))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "channels")
    named = {name.strip("() ") for layer in layers for name in layer.split("|")}
    assert channels <= named
