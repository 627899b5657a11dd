# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Many runs at once: `python -m tests.simulation --seeds 10000 --workers 2`, or one: `--seed 4711`.

A large one, with the time until somebody took over: `--seed 1 --days 365 --people 120 --staff 8`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable
from functools import partial

from tests.simulation.promptness import Wait, table
from tests.simulation.world import Outcome, Size, simulate


def main() -> int:
    """Run, print what was broken and one line at the end; the exit code says whether anything was."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--workers", type=int, default=2, help="processes side by side")
    parser.add_argument("--days", type=int, help="days with trouble in each; drawn if not given")
    parser.add_argument("--people", type=int, help="how many participants; a few if not given")
    parser.add_argument("--staff", type=int, help="how many staff; a few if not given")
    given = parser.parse_args()
    began = time.monotonic()
    run = partial(simulate, size=Size(given.days, given.people, given.staff))
    if given.seed is not None:
        outcomes: Iterable[Outcome] = [run(given.seed)]
        return _report(outcomes, began)
    seeds = range(given.first, given.first + given.seeds)
    with multiprocessing.get_context("spawn").Pool(given.workers, maxtasksperchild=500) as pool:
        return _report(pool.imap_unordered(run, seeds, chunksize=5), began)


def _report(outcomes: Iterable[Outcome], began: float) -> int:
    seeds = steps = 0
    days = 0.0
    broken: Counter[str] = Counter()
    trouble: Counter[str] = Counter()
    waits: list[Wait] = []
    for outcome in outcomes:
        seeds, steps, days = seeds + 1, steps + outcome.steps, days + outcome.days
        trouble.update(outcome.counts)
        waits += outcome.waits
        if outcome.broken:
            broken.update({each.promise for each in outcome.broken[:1]})
            print(outcome, flush=True)
        if not seeds % 100:
            print(f"{seeds} seeds, broken {broken.total()}", file=sys.stderr, flush=True)
    print("trouble:", ", ".join(f"{name} {count}" for name, count in sorted(trouble.items())))
    print(table(waits))
    print(
        f"seeds {seeds}, steps {steps}, simulated days {days:.0f}, promises broken {broken.total()}"
        f"{' ' + str(dict(broken)) if broken else ''}, wall time {time.monotonic() - began:.0f} s"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
