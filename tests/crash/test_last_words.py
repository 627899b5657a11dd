# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A fault in a library's machine code leaves no exception; the operator still learns where it was."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.crash.killing import ROOT

pytestmark = pytest.mark.crash


@pytest.mark.timeout(300)
async def test_a_process_that_falls_says_where(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
    settings = {"LOTSE_DATABASE_URL": f"sqlite:///{tmp_path / 'lotse.db'}", "LOTSE_DATA_DIR": str(tmp_path)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--only", "worker"),
        cwd=ROOT,
        env=kept | settings,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    while b"Lotse is running" not in (line := await process.stderr.readline()):
        assert line, "it ended before it ran"
    os.kill(process.pid, signal.SIGSEGV)
    said = (await process.stderr.read()).decode()
    assert await process.wait() == -signal.SIGSEGV
    assert said.startswith("Fatal Python error: Segmentation fault")
    assert "bot/storage/lanes.py" in said
