# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A process that has the program imported and runs commands by fork, each in a real process of its own.

Importing everything takes seconds, and the tests run hundreds of commands. Its one argument is a descriptor
with one order a line: a JSON object with `arguments`, `folder`, `environment` and the files for `stdin`,
`stdout` and `stderr`; the exit code comes back as a line. Nobody reads standard input here, so a child finds
it fresh.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from typing import Any

from bot import __main__ as program
from bot.house import build_rulebook
from bot.settings import without_environment
from dialogs.book import DialogBook
from dialogs.concerns.rulebook import rulebook


def main() -> None:
    """Fork for each order until there are no more."""
    for place in program.COMMANDS.values():
        importlib.import_module(place.module)
    # The second is loaded late, by whoever migrates.
    for name in ("bot.app", "alembic.command"):
        importlib.import_module(name)
    rulebook()
    build_rulebook(without_environment(), DialogBook())
    # A child's interpreter takes itself apart at its end: a second, if it looked at all that was loaded here.
    gc.freeze()
    with open(int(sys.argv[1]), encoding="utf-8") as orders:  # noqa: PTH123  (a descriptor)
        for line in orders:
            child = os.fork()
            if child == 0:
                _run(json.loads(line))
            _, status = os.waitpid(child, 0)
            sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
            sys.stdout.flush()


def _run(order: dict[str, Any]) -> None:
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC if descriptor else os.O_RDONLY
        os.dup2(os.open(order[name], flags, 0o600), descriptor)
    sys.argv = ["lotse", *order["arguments"]]
    program.main()


if __name__ == "__main__":
    main()
