# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The program as somebody at a shell runs it, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

ROOT = Path(__file__).parents[2]
Lotse = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Nursery:
    """See `tests.commands.nursery`: where orders go, and where exit codes come from."""

    orders: IO[str]
    codes: IO[str]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """One for all commands of a session."""
    reading, writing = os.pipe()
    with (
        subprocess.Popen(
            [sys.executable, "-m", "tests.commands.nursery", str(reading)],
            cwd=ROOT,
            text=True,
            pass_fds=(reading,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        ) as process,
        open(writing, "w", encoding="utf-8") as orders,  # noqa: PTH123  (a descriptor)
    ):
        os.close(reading)
        assert process.stdout is not None
        yield Nursery(orders, process.stdout)


@pytest.fixture
def lotse(nursery: Nursery, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Lotse:
    """Run `lotse` with these arguments; `env` and `stdin` by name."""
    streams = tmp_path_factory.mktemp("streams")
    files = {name: streams / name for name in ("stdin", "stdout", "stderr")}

    def run(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        files["stdin"].write_text(stdin, encoding="utf-8")
        order = {
            "arguments": arguments,
            "folder": str(tmp_path),
            "environment": inherited | {"COLUMNS": "200"} | env,
            **{name: str(file) for name, file in files.items()},
        }
        nursery.orders.write(json.dumps(order) + "\n")
        nursery.orders.flush()
        code = int(nursery.codes.readline())
        said = (files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(list(arguments), code, *said)

    return run
