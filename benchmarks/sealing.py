# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What encryption costs on the road of a message, beside the same program that stores it readable.

    python -m benchmarks.sealing [--rounds 15] [--people 20]

Both take the same messages in the same process, in turns; medians are compared. The database is in memory and
there is no network, so the share of a real road is smaller: disk, HTTP and the messenger are not in it.
"""

from __future__ import annotations

import argparse
import statistics
import time

from bot.storage.columns import seals_of
from bot.storage.sealing import to_bytes, to_text
from bot.storage.seals import Seals
from tests.services.stage import Actor, Stage

_WORDS = "Heute war der Bus zu spät, sonst geht es mir ganz gut, danke der Nachfrage."


class Readable(Seals):
    """Stores what it is given."""

    def seal(self, text: str, context: str) -> bytes:
        del context
        return to_bytes(text)

    def open(self, blob: bytes, context: str) -> str:
        del context
        return to_text(blob)


class Rig:
    """One program with its people."""

    def __init__(self, people: int, *, is_sealed: bool) -> None:
        self._stage = Stage()
        if not is_sealed:
            dialect = self._stage.storage.engine.dialect
            dialect.lotse_seals = Readable(seals_of(dialect).keyring)  # type: ignore[attr-defined]
        coach = self._stage.staff("Berta Beispiel")
        self._people: list[Actor] = [
            self._stage.participant(coach, f"person-{number}") for number in range(people)
        ]

    def measure(self) -> float:
        """Microseconds a message: taken in, answered, the answer handed out and settled."""
        began = time.perf_counter()
        for actor in self._people:
            actor.writes(_WORDS)
        spent = time.perf_counter() - began
        for actor in self._people:
            actor.forgets()
        return spent / len(self._people) * 1e6

    def close(self) -> None:
        """Let go of the database."""
        self._stage.close()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sealing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--people", type=int, default=20)
    arguments = parser.parse_args()
    rigs = {name: Rig(arguments.people, is_sealed=name == "sealed") for name in ("readable", "sealed")}
    found: dict[str, list[float]] = {name: [] for name in rigs}
    for number in range(arguments.rounds + 1):
        for name, rig in rigs.items():
            spent = rig.measure()
            if number:
                found[name].append(spent)
    for rig in rigs.values():
        rig.close()
    medians = {name: statistics.median(rounds) for name, rounds in found.items()}
    for name, rounds in found.items():
        print(f"{name:10}{medians[name]:8.0f} us a message [{min(rounds):.0f}-{max(rounds):.0f}]")
    ratios = [sealed / readable for sealed, readable in zip(found["sealed"], found["readable"], strict=True)]
    print(f"encryption costs {100 * (statistics.median(ratios) - 1):.1f} % (median of paired rounds)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
