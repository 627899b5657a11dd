# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The program as somebody at a shell runs it, in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

ROOT = Path(__file__).parents[2]
#: Where Lotse keeps its data if nobody says otherwise.
DATA = "lotse-data"
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


@dataclass(frozen=True)
class Shell:
    """Runs `lotse` with these arguments in a folder; `env` and `stdin` by name."""

    nursery: Nursery
    folder: Path
    streams: Path

    def __call__(self, *arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        files = {name: self.streams / name for name in ("stdin", "stdout", "stderr")}
        # What is no text comes in as Python writes it: "\\udcf6" is the byte F6.
        files["stdin"].write_text(stdin, encoding="utf-8", errors="surrogateescape")
        order = {
            "arguments": arguments,
            "folder": str(self.folder),
            "environment": inherited | {"COLUMNS": "200"} | env,
            **{name: str(file) for name, file in files.items()},
        }
        self.nursery.orders.write(json.dumps(order) + "\n")
        self.nursery.orders.flush()
        code = int(self.nursery.codes.readline())
        said = (files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(list(arguments), code, *said)


@pytest.fixture
def lotse(nursery: Nursery, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Lotse:
    """A shell in the test's own folder, where nothing is yet."""
    return Shell(nursery, tmp_path, tmp_path_factory.mktemp("streams"))


@pytest.fixture(scope="session")
def first_folder(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `lotse migrate` leaves where nothing was: keys, and a database with tables. Made once."""
    folder = tmp_path_factory.mktemp("migrated")
    done = Shell(nursery, folder, tmp_path_factory.mktemp("streams"))("migrate")
    assert done.returncode == 0, done.stderr
    return folder / DATA


@pytest.fixture
def migrated(first_folder: Path, tmp_path: Path) -> None:
    """For tests that are not about a first start: the test's own folder is as `lotse migrate` leaves it."""
    shutil.copytree(first_folder, tmp_path / DATA)
