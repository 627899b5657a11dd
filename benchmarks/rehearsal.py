# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a rehearsal costs: CPU and memory by size, and a message's share; each size in a process of its own.

    python -m benchmarks.rehearsal [--programme gecko] [--sizes 60x3x3 120x6x5]

A size is people x months x coaches. Beginning (imports, rules, dialogs) is measured with one person and one
month, and taken off before the cost of a message is reckoned.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys


def measure(programme: str, people: int, months: int, staff: int) -> tuple[float, float, int]:
    """Seconds of CPU, megabytes at the peak, and messages to people."""
    size = ("--participants", str(people), "--months", str(months), "--staff", str(staff))
    command = [sys.executable, "-m", "bot", "rehearse", programme, *size, "--json", "--from", "2027-01-04"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"lotse rehearse {programme} ended with {process.returncode}")
    (found,) = json.loads(printed)["rehearsals"]
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, found["messages"]


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--programme", default="gecko")
    parser.add_argument("--sizes", nargs="+", default=["60x3x3", "120x6x5"])
    wanted = parser.parse_args()
    start, _, _ = measure(wanted.programme, 1, 1, 1)
    sys.stdout.write(f"beginning: {start:.1f} s of CPU\n")
    for size in wanted.sizes:
        people, months, staff = map(int, size.split("x"))
        seconds, peak, messages = measure(wanted.programme, people, months, staff)
        each = 1000 * (seconds - start) / messages
        sys.stdout.write(
            f"{size}: {seconds:.1f} s of CPU, {peak:.0f} MB, {messages} messages, {each:.2f} ms each\n"
        )


if __name__ == "__main__":
    main()
