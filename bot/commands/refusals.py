# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What every command has: saying no, in a clear line and with exit code 2, and the option for one agency.

Alone here: it loads no database.
"""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer
from rich.console import Console

errors = Console(stderr=True, soft_wrap=True, highlight=False)
#: An option of every command that is about one agency.
AgencyOption = Annotated[
    str, typer.Option("--agency", help="Key word or name of the agency; the default one if left out.")
]


def fail(*lines: str) -> NoReturn:
    """Say what is wrong, one line each, and end with exit code 2."""
    for line in lines:
        errors.print(f"lotse: {line}", markup=False)
    raise typer.Exit(2)
