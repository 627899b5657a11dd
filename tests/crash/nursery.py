# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A process that has everything imported and brings forth Lotse processes by fork, each a real one to kill.

Loading the messenger libraries costs seconds; what is tested is what comes after. One order a line on
standard input: a JSON object of settings starts a process, with `only` for its roles; its process id comes
back as a line.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import uvloop

import bot.channels.telegram.send
import bot.channels.telegram_staff.send  # noqa: F401  (loaded here once, for all children)
from bot import logs, settings
from bot.app import ROLES, App
from bot.commands.run import serve
from bot.house import build_rulebook
from dialogs.book import DialogBook
from dialogs.concerns.rulebook import rulebook


def main() -> None:
    """Fork for each order until standard input ends."""
    rulebook()
    build_rulebook(settings.without_environment(), DialogBook())
    # Killed children are buried by the system; nobody waits for them here.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _live(json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _live(environment: dict[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with open(os.devnull) as nothing:  # noqa: PTH123  (a device, for its descriptor)
        os.dup2(nothing.fileno(), 0)
    roles = frozenset(filter(None, environment.pop("only", "").split(",")))
    os.environ.update(environment)
    logs.set_up("error")
    uvloop.run(serve(App(settings.load(), roles=roles or frozenset(ROLES))))
    os._exit(0)


if __name__ == "__main__":
    main()
