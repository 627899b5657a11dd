# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The command line: `lotse`."""

from __future__ import annotations

import importlib
import sys

import typer
from typer.exceptions import TyperException

_INTERRUPTED = 130

#: Command -> module and name. Each is only imported when it is asked for, so that help is there at once.
_COMMANDS = {
    "run": ("bot.commands.run", "run"),
    "check": ("bot.commands.run", "check"),
    "migrate": ("bot.commands.run", "migrate"),
    "demo": ("bot.commands.demo", "demo"),
    "staff": ("bot.commands.staff", "app"),
    "invite": ("bot.commands.invite", "invite"),
    "concerns": ("bot.commands.concerns", "app"),
    "dialogs": ("bot.commands.dialogs", "app"),
    "programme": ("bot.commands.programme", "app"),
    "timers": ("bot.commands.timers", "app"),
    "audit": ("bot.commands.audit", "audit"),
}


def build(wanted: str | None) -> typer.Typer:
    """The program with all its commands, or with the wanted one alone."""
    program = typer.Typer(
        name="lotse",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Lotse keeps the thread between participants and their coaches.",
    )
    program.callback()(_root)
    for name, (module, attribute) in _COMMANDS.items():
        if wanted in _COMMANDS and name != wanted:
            continue
        command = getattr(importlib.import_module(module), attribute)
        if isinstance(command, typer.Typer):
            program.add_typer(command, name=name)
        else:
            program.command(name)(command)
    return program


def _root() -> None:
    """Lotse keeps the thread between participants and their coaches."""


def main() -> None:
    """Entry point of the `lotse` script."""
    program = build(next((word for word in sys.argv[1:] if not word.startswith("-")), None))
    try:
        code = program(prog_name="lotse", standalone_mode=False)
    except typer.Abort:
        code = _INTERRUPTED
    except TyperException as error:
        # One line, as for everything else that is wrong, instead of a box with the usage.
        explain = getattr(error, "format_message", error.__str__)
        what = " ".join(explain().split())
        sys.stderr.write(f"lotse: {what} ('lotse --help' tells more)\n")
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
