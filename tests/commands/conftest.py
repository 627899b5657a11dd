# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The program as somebody at a shell runs it, in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Lotse = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def lotse(tmp_path: Path) -> Lotse:
    """Run `lotse` with these arguments; `env` and `stdin` by name."""

    def run(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env=inherited | {"COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parents[2])} | env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
