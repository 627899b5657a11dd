# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A million timers: adding, waking, firing and restarting, beside APScheduler's own SQLAlchemyJobStore.

    python -m benchmarks.timers [--rows 1000000] [--due 20000] [--jobs 100000] [--jobs-due 2000]
                                [--only sqlite postgresql] [--json FILE]

Each store has a process of its own. Its rows are written in bulk; most are due in the next two weeks, some
are due now.

- add: one more timer, committed durably before the next; that takes as long as the disk does, so the CPU says
  more. "by 100": a hundred at the same time.
- wake: looking when nothing is due, and finding out when to look again (median of 50).
- fire: all that are due, each timer's effect committed with its removal. The timer does nothing else, so this
  is the floor. "ladder" is a real one: a rung of a concern's ladder, with its message to the coach and the
  next timer. "stall": the longest time for which the event loop had no turn to give.
- restart: from opening the store until the first due timer has fired.
- peak: the most memory that the process ever had, libraries and the filling included.

The peer removes a job when it has handed it over, before it has run, and a job does nothing here either. It
gets fewer rows (`--jobs`), because more take it minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import servers

ROOT = Path(__file__).parents[1]
_ROWS = (
    ("add_ms", "add, ms", True),
    ("add_cpu_us", "add, us of CPU", True),
    ("add_ms_100", "add by 100, ms", True),
    ("wake_ms", "wake, ms", True),
    ("fire_per_s", "fire, a second", False),
    ("fire_cpu_us", "fire, us of CPU", True),
    ("fire_stall_ms", "fire, stall ms", True),
    ("ladder_per_s", "ladder, a second", False),
    ("ladder_stall_ms", "ladder, stall ms", True),
    ("restart_s", "restart, s", True),
    ("peak_mb", "peak, MB", True),
    ("file_mb", "file, MB", True),
)
Figures = dict[str, float]


def measure(store: str, url: str, rows: int, due: int) -> Figures:
    """One store in its own process. Raises `RuntimeError` if it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.timer_stores", store, url, str(rows), str(due)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{store} failed: {done.stderr[-2000:]}")
    found: Figures = json.loads(done.stdout)
    return found


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[servers.Databases | Path]:
    """Where databases can be made: a folder for SQLite, a durable server for PostgreSQL."""
    if kind == "sqlite":
        yield folder
        return
    programs = servers.find_postgres()
    if programs is None:
        raise RuntimeError(servers.NO_POSTGRES)
    # The tests' server forgoes safety against power cuts, and sweeping; here both are measured too.
    servers.SERVER_OPTIONS.update(fsync="on", full_page_writes="on", shared_buffers="128MB", autovacuum="on")
    server = servers.PostgresServer(programs)
    try:
        yield servers.Databases(server.url)
    finally:
        server.close()


def run(asked: argparse.Namespace) -> dict[str, dict[str, Figures]]:
    """Figures by database and store."""
    found: dict[str, dict[str, Figures]] = {}
    sizes = {"lotse": (asked.rows, asked.due), "apscheduler": (asked.jobs, asked.jobs_due)}
    with tempfile.TemporaryDirectory(prefix="lotse-timers-") as folder:
        for kind in asked.only:
            with database(kind, Path(folder)) as place:
                for store, (rows, due) in sizes.items():
                    url = f"sqlite:///{place}/{store}.db" if isinstance(place, Path) else place.make()
                    sys.stderr.write(f"{kind}: {store}, {rows} rows, {due} due\n")
                    found.setdefault(kind, {})[store] = measure(store, url, rows, due)
    return found


def table(kind: str, stores: dict[str, Figures]) -> str:
    """Figures and ratios; above 1 Lotse is the better one."""
    lotse, peer = stores["lotse"], stores["apscheduler"]
    lines = [f"{kind:20}{'Lotse':>12}{'APScheduler':>14}{'ratio':>10}"]
    for name, label, less_is_better in _ROWS:
        if name not in lotse:
            continue
        line = f"{label:20}{lotse[name]:>12.2f}"
        if name in peer:
            ratio = peer[name] / lotse[name] if less_is_better else lotse[name] / peer[name]
            line += f"{peer[name]:>14.2f}{ratio:>10.2f}"
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=100_000, help="rows of the peer")
    parser.add_argument("--jobs-due", type=int, default=2000)
    parser.add_argument(
        "--only", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"]
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    asked = parser.parse_args()
    found = run(asked)
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores; Lotse {asked.rows} rows, {asked.due} "
        f"due; APScheduler {asked.jobs} rows, {asked.jobs_due} due"
    )
    for kind, stores in found.items():
        print("\n" + table(kind, stores))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
