# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which run finds a sabotage soonest, so that tests need not live through those that find nothing.

Only an order: all other runs are tried as well when it finds nothing. Whatever changes a conversation
or what staff do changes the runs; then write the order anew (minutes): `python -m tests.simulation.soonest`.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

from tests.simulation.sabotage import BREAKS, Break
from tests.simulation.world import simulate

#: So many runs must be enough, of so many days with trouble each.
PATIENCE, DAYS = 40, 4
_ORDER = Path(__file__).with_name("soonest.toml")
_HEAD = """# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

# The seed that finds each sabotage soonest; written by tests.simulation.soonest.
"""
#: A run that finds it so soon is quick enough; after so much searching any will do.
_QUICK_S, _ENOUGH_S = 0.7, 12.0


def seeds_for(sabotage: str) -> list[int]:
    """All seeds, the one that is known to find it first."""
    first: int = tomllib.loads(_ORDER.read_text(encoding="utf-8")).get(sabotage, 1)
    return [first, *(seed for seed in range(1, PATIENCE + 1) if seed != first)]


def soonest(break_it: Break, promise: str) -> int:
    """The seed whose run finds this promise broken quickest, among the first that do; 1 if none does."""
    took: dict[float, int] = {}
    searched = 0.0
    for seed in range(1, PATIENCE + 1):
        with pytest.MonkeyPatch.context() as patch:
            break_it(patch)
            began = time.process_time()
            found = promise in {each.promise for each in simulate(seed, DAYS).broken}
            spent = time.process_time() - began
        searched += spent
        if found:
            took[spent] = seed
        if took and (min(took) < _QUICK_S or searched > _ENOUGH_S):
            break
    return took[min(took)] if took else 1


def main() -> None:
    """Write the order anew."""
    lines = [f"{break_it.__name__} = {soonest(break_it, promise)}\n" for break_it, promise in BREAKS]
    _ORDER.write_text("".join([_HEAD, "\n", *lines]), encoding="utf-8")


if __name__ == "__main__":
    main()
