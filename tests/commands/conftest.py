# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The program as somebody at a shell runs it, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Lotse = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """See `tests.commands.nursery`."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.commands.nursery"],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield process


@pytest.fixture
def lotse(nursery: subprocess.Popen[str], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Lotse:
    """Run `lotse` with these arguments; `env` and `stdin` by name."""
    streams = tmp_path_factory.mktemp("streams")
    files = {name: streams / name for name in ("stdin", "stdout", "stderr")}
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    orders, codes = nursery.stdin, nursery.stdout

    def run(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        files["stdin"].write_text(stdin, encoding="utf-8")
        order = {
            "arguments": arguments,
            "folder": str(tmp_path),
            "environment": inherited | {"COLUMNS": "200"} | env,
            **{name: str(file) for name, file in files.items()},
        }
        orders.write(json.dumps(order) + "\n")
        orders.flush()
        code = int(codes.readline())
        said = (files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(list(arguments), code, *said)

    return run
