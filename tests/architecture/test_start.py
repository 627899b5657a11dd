# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The messengers' SDKs cost seconds and a hundred megabytes: only a channel that is switched on loads one."""

from __future__ import annotations

import subprocess
import sys

import pytest

SDKS = {"aiogram", "aiosmtplib", "httpx", "joserfc", "telegram"}


@pytest.mark.parametrize("module", ["bot.__main__", "bot.app", "bot.commands.run"])
def test_no_sdk_is_loaded_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert SDKS & set(done.stdout.split()) == set()
