# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Saying no: a clear line on standard error, exit code 2. Alone here: it loads no database."""

from __future__ import annotations

from typing import NoReturn

import typer
from rich.console import Console

errors = Console(stderr=True, soft_wrap=True, highlight=False)


def fail(*lines: str) -> NoReturn:
    """Say what is wrong, one line each, and end with exit code 2."""
    for line in lines:
        errors.print(f"lotse: {line}", markup=False)
    raise typer.Exit(2)
