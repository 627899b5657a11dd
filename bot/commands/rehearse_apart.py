# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse rehearse` for the program itself: it steps back behind everything else, and ends with its parent.

Not for the keyboard: `python -m bot.commands.rehearse_apart` with the arguments of `lotse rehearse`. Its own
process group is killed when its standard input ends, which it does when the parent dies, however that is.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import threading
from pathlib import Path

import typer

from bot.commands.rehearse import rehearse_programme

#: Of each of its processes, in bytes of address space and seconds of CPU.
MOST_MEMORY, MOST_CPU_S = 2 << 30, 1800
#: The exit code if that memory was not enough; 2 is what the command itself says about bad input.
TOO_LARGE = 3
_LAST_IN_LINE = 19


def _step_back() -> None:
    os.nice(_LAST_IN_LINE)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    # Where the machine itself runs out of memory, this goes first, and not what people talk to.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        continue
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    _step_back()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        typer.run(rehearse_programme)
    except MemoryError:
        sys.exit(TOO_LARGE)
