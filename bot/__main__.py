# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The command line: `lotse`."""

from __future__ import annotations

import importlib
import sys
from typing import NamedTuple

import typer
from typer.exceptions import TyperException

_INTERRUPTED = 130
_KINDER = (
    ("Value error, ", ""),
    ("Input should be a valid integer, unable to parse string as an integer", "this is not a valid integer"),
    ("Input should be ", "must be "),
)


class Place(NamedTuple):
    """Where a command lives, and the line that help says about it."""

    module: str
    name: str
    help: str


#: Each is imported when it is asked for, and help takes its lines from here: so it is there at once.
COMMANDS = {
    "run": Place("bot.commands.run", "run", "Run Lotse until it is told to stop (Ctrl-C or SIGTERM)."),
    "check": Place(
        "bot.commands.run",
        "check",
        "Look at configuration, keys, database and dialogs without changing anything.",
    ),
    "migrate": Place(
        "bot.commands.run",
        "migrate",
        "Bring the database to the schema of this version. Nothing is lost; "
        "running it twice changes nothing.",
    ),
    "demo": Place(
        "bot.commands.demo",
        "demo",
        "Show the main job with invented people, on a throw-away database and with a clock to turn.",
    ),
    "rehearse": Place(
        "bot.commands.rehearse",
        "rehearse_programme",
        "Live through months of a programme with invented people and an invented team; nobody is written to.",
    ),
    "invite": Place(
        "bot.commands.invite", "invite", "Make invitations; each code is good for one person and thirty days."
    ),
    "audit": Place(
        "bot.commands.audit",
        "app",
        "What the last check of all promises found: ids, never content. Exit code 1 if anything is wrong.",
    ),
    "backup": Place(
        "bot.commands.backup",
        "backup",
        "Write a backup while Lotse runs: one encrypted file, and the key safe in place of the one before.",
    ),
    "restore": Place(
        "bot.commands.backup",
        "restore",
        "Put a backup into an empty database. Whoever was erased since the backup is removed from it.",
    ),
    "end": Place(
        "bot.commands.end",
        "end",
        "End a participation: nothing is begun any more, and the periods for deletion run from now on.",
    ),
    "erase": Place(
        "bot.commands.erase",
        "erase",
        "Erase everything about a person, at once and for good. What must be kept stays without a name.",
    ),
    "export": Place(
        "bot.commands.export",
        "app",
        "Copies of what is stored: about a person, for an evaluation.",
    ),
    "staff": Place("bot.commands.staff", "app", "Coaches, leads and admins."),
    "concerns": Place("bot.commands.concerns", "app", "How concerns are recognised."),
    "dialogs": Place("bot.commands.dialogs", "app", "Check, play and publish dialogs."),
    "programme": Place("bot.commands.programme", "app", "Programmes: phases, limits, and the plans in them."),
    "partners": Place(
        "bot.commands.partners", "app", "The directory of partners. No participant is ever in it."
    ),
    "page": Place("bot.commands.page", "app", "Participants' own pages: links, PINs, devices."),
    "keys": Place("bot.commands.keys", "app", "The keys of sealed content."),
    "timers": Place("bot.commands.timers", "app", "What was planned and failed too often."),
}


def build(wanted: str | None) -> typer.Typer:
    """The program with the wanted command alone; without one, with the lines of all that can be wanted."""
    program = typer.Typer(
        name="lotse",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Lotse keeps the thread between participants and their coaches.",
    )
    program.callback()(_root)
    if wanted not in COMMANDS:
        for name, place in COMMANDS.items():
            program.command(name, help=place.help)(_root)
        return program
    place = COMMANDS[wanted]
    command = getattr(importlib.import_module(place.module), place.name)
    if isinstance(command, typer.Typer):
        program.add_typer(command, name=wanted)
    else:
        program.command(wanted)(command)
    return program


def kinder(text: str) -> str:
    """What the library says about an argument, without its own words for how it looked."""
    for theirs, ours in _KINDER:
        text = text.replace(theirs, ours)
    return text


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
        what = kinder(" ".join(explain().split()))
        if what:  # without any words the help was shown already
            sys.stderr.write(f"lotse: {what} ('lotse --help' tells more)\n")
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
