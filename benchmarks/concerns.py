# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The detection of concerns: time for one message by its length, and growth up to 100,000 characters.

    python -m benchmarks.concerns [--rounds 5] [--json FILE]

Messages are put together from the example messages of the tests: "everyday" from those that raise nothing,
"mixed" from all, so that nearly every sentence hits several rules (nobody writes so; it is the worst case).
"plain" are the tests' plain messages as they were written, half of them grave. All are timed `rounds` times
in turns and each one's fastest time counts, in processor time of this thread, as other programs share the
machine. The growth rows tell time for each character, which should stay level.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import random
import time
from pathlib import Path

from benchmarks.messenger import percentile
from dialogs.concerns import detect

EXAMPLES = Path(__file__).parents[1] / "tests" / "dialogs" / "concerns"
LENGTHS = (30, 100, 300, 1_000)
MESSAGES = 200
GROWTH = (1_000, 10_000, 100_000)
HOSTILE = ("a ", "ich will nicht mehr ", "umbringen ", "a.a_", "💊", "nicht mehr leben. ")
_SEED = 20261122


def _texts(level: str, *names: str) -> list[str]:
    texts: list[str] = []
    for name in names or ("examples.tsv", "dev.tsv"):
        with (EXAMPLES / name).open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quotechar='"')
            texts += [row["text"] for row in rows if level in ("", row["level"]) and row["lang"] == "de"]
    return texts


def _messages(texts: list[str], length: int) -> list[str]:
    dice = random.Random(_SEED)
    found: list[str] = []
    for _ in range(MESSAGES):
        message = dice.choice(texts)
        while len(message) < length:
            message += dice.choice((". ", ", ", "\n")) + dice.choice(texts)
        found.append(message[:length])
    return found


def _microseconds(messages: list[str], rounds: int) -> list[float]:
    fastest = [float("inf")] * len(messages)
    for _ in range(rounds):
        for place, message in enumerate(messages):
            begun = time.thread_time()
            detect(message)
            fastest[place] = min(fastest[place], time.thread_time() - begun)
    return [seconds * 1e6 for seconds in fastest]


def _row(kind: str, characters: object, messages: list[str], rounds: int) -> dict[str, object]:
    times = sorted(_microseconds(messages, rounds))
    found = {"p50": round(percentile(times, 0.5)), "p99": round(percentile(times, 0.99))}
    return {"kind": kind, "characters": characters, **found}


def by_length(rounds: int) -> list[dict[str, object]]:
    """Rows of kind, length, p50 and p99 in microseconds."""
    rows = [_row("plain", "as written", _texts("", "plain.tsv"), rounds)]
    for kind, level in (("everyday", "R0"), ("mixed", "")):
        texts = _texts(level)
        rows += [_row(kind, length, _messages(texts, length), rounds) for length in LENGTHS]
    return rows


def growth(rounds: int) -> list[dict[str, object]]:
    """Rows of unit, length and nanoseconds a character."""
    return [
        {
            "unit": unit,
            "characters": length,
            "ns_each": round(1000 * _microseconds([(unit * length)[:length]], rounds)[0] / length),
        }
        for unit in HOSTILE
        for length in GROWTH
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    detect("")
    found = {
        "python": platform.python_version(),
        "by_length": by_length(options.rounds),
        "growth": growth(options.rounds),
    }
    for row in found["by_length"]:
        print(row)
    for row in found["growth"]:
        print(row)
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
