# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse --help` has its lines from a table, so that it need not import what the commands need."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest
import typer

from bot.__main__ import COMMANDS
from tests.commands.conftest import Lotse

HEAVY = {"alembic", "cryptography", "holidays", "pydantic", "sqlalchemy", "starlette", "uvicorn"}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_line_of_the_help_is_what_the_command_says_about_itself(name: str) -> None:
    place = COMMANDS[name]
    command = getattr(importlib.import_module(place.module), place.name)
    own = command.info.help if isinstance(command, typer.Typer) else command.__doc__
    assert place.help == str(own).split("\n\n")[0]


def test_help_imports_nothing_that_a_command_needs() -> None:
    code = (
        "import sys; sys.argv = ['lotse', '--help']; from bot.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    shown, loaded = done.stdout.rsplit("\n", maxsplit=2)[:2]
    assert all(name in shown for name in COMMANDS)
    assert HEAVY & set(loaded.split()) == set()


def test_without_words_the_help_is_all_that_is_said(lotse: Lotse) -> None:
    for words in ((), ("staff",)):
        done = lotse(*words)
        assert (done.returncode, done.stderr) == (2, "")
        assert "--help" in done.stdout
