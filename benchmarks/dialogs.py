# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The dialog engine: one answer, beside aiogram-dialog in the same run; the checker; loading what ships.

    python -m benchmarks.dialogs [--rounds 20] [--json FILE]

**A step** is one answer to the open question of a dialog of 50 steps, 36 of them questions of six kinds:
the answer is understood, its concerns are found, branches walked, the next question put together with its
buttons. It is pure: nothing is received, stored or sent. "kept" begins with the session's JSON and ends
with it, as storage reads and writes it; what the step brings about is not turned into JSON.

**The check-in** is the weekly one as it ships, four answers, on both sides, in turns. aiogram-dialog runs
with its own test tools: no network, no messenger. What both do: find the person's state, take the answer,
keep it, note a concern, put the next question together with its buttons. What only Lotse does: understand
words ("sieben", "nein danke", small typos) where the peer reads `int(text)` and a list; texts in two
languages; waiting times; the guard against double taps; data classes. What only the peer does: aiogram's
dispatching of an update that is an object already (the row "aiogram" is a handler that does nothing on such
a dispatcher; "less aiogram" takes it away), a lock for each chat, and a message object for each question.
Neither pays for the JSON of an update, for a database or for a call. With "json" the peer keeps its state
as JSON, so compare it with "kept", and "memory", which is aiogram's own, with "pure".

**The checker** gets 100 dialogs of 50 steps and applies every rule. **Loading** is `dialogs.shipped` in a
new process: the import of the modules, and then reading and checking all dialogs that ship.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import logging
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.long_dialog import STEPS, long_dialog, long_script
from benchmarks.messenger import percentile
from dialogs.book import DialogBook
from dialogs.check import check
from dialogs.engine import Facts, advance, begin
from dialogs.inputs import Input, Pressed, Typed
from dialogs.parse import parse
from dialogs.session import Session, dump, load
from dialogs.shipped import shipped_dialogs

ROOT = Path(__file__).parents[1]
PEER = "aiogram_dialog"
#: The four answers to the weekly check-in: what is typed or stands on the button, and the button's value.
CHECKIN = (("7", "7"), ("6", "6"), ("Ich war zweimal spazieren.", ""), ("Nein", "no"))
DIALOGS = 100
TIMES_LOADED = 5
_IN_A_ROW = 11
_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_FACTS = Facts("de", {"coach": "Frau Beispiel"})
_WAYS = (
    ("pressed, pure", True, False),
    ("pressed, kept", True, True),
    ("typed, pure", False, False),
    ("typed, kept", False, True),
)
_LOAD = """
import time
begun = time.perf_counter()
from dialogs.shipped import shipped_dialogs
imported = time.perf_counter()
count = len(shipped_dialogs())
print(imported - begun, time.perf_counter() - imported, count)
"""

Script = Sequence[tuple[str, str]]
Figures = dict[str, dict[str, float]]


def play(book: DialogBook, name: str, script: Script, pressed: bool, kept: bool) -> list[float]:
    """Microseconds of every answer of a script.

    Raises `RuntimeError` if the dialog did not come to its end.
    """
    session = begin(book, name, _FACTS, _NOW).session
    found: list[float] = []
    for words, value in script:
        event: Input = Pressed(session.turn, value) if pressed and value else Typed(words)
        took, session = _kept(book, session, event) if kept else _pure(book, session, event)
        found.append(took)
    if session.outcome != "completed":
        raise RuntimeError(f"'{name}' did not come to its end: it stands at turn {session.turn}")
    return found


def _pure(book: DialogBook, session: Session, event: Input) -> tuple[float, Session]:
    before = time.perf_counter_ns()
    step = advance(book, session, event, _NOW, _FACTS)
    return (time.perf_counter_ns() - before) / 1000, step.session


def _kept(book: DialogBook, session: Session, event: Input) -> tuple[float, Session]:
    stored = dump(session)
    before = time.perf_counter_ns()
    step = advance(book, load(stored), event, _NOW, _FACTS)
    dump(step.session)
    return (time.perf_counter_ns() - before) / 1000, step.session


def measure_steps(rounds: int) -> Figures:
    """A step of the long dialog, by the way the answer is given; where it is typed, also by its kind."""
    book = DialogBook([parse(long_dialog("long"), "long.yaml")])
    kinds, script = zip(*((kind, (words, value)) for kind, words, value in long_script()), strict=True)
    samples: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for way, pressed, kept in _WAYS:
            took = play(book, "long", script, pressed, kept)
            if number == 0:
                continue
            for kind, (_, value), each in zip(kinds, script, took, strict=True):
                # What has no buttons is typed whatever the way; it counts as typed only.
                if value or not pressed:
                    samples.setdefault(way, []).append(each)
                if way == "typed, pure":
                    samples.setdefault(f"typed, pure: {kind}", []).append(each)
    return {name: _spread(samples[name]) for name in sorted(samples)}


def measure_checkin(rounds: int) -> Figures:
    """An answer to the weekly check-in on both sides; Lotse alone if the peer is not there."""
    samples: dict[str, list[float]] = {
        f"{kind}, {way}": []
        for kind in ("lotse pure", "lotse kept", *(("memory", "json", "aiogram") if has_peer() else ()))
        for way in ("typed", "pressed")
    }
    asyncio.run(_checkins(rounds, samples))
    return {name: _spread(values) for name, values in samples.items()}


async def _checkins(rounds: int, samples: dict[str, list[float]]) -> None:
    book = shipped_dialogs()
    peers = {}
    if has_peer():
        # aiogram takes seconds to import, and is not needed by whoever measures the engine alone.
        from benchmarks.checkin_peer import Checkins

        peers = {name: Checkins(name.partition(",")[0]) for name in samples if not name.startswith("lotse")}
    for name, values in [each for _ in range(rounds) for each in samples.items()]:
        pressed = name.endswith("pressed")
        for number in range(_IN_A_ROW):
            if name in peers:
                took = await peers[name].play(CHECKIN, pressed)
            else:
                took = play(book, "weekly_checkin", CHECKIN, pressed, "kept" in name)
            # The first of a row pays for what the one before has left in the processor's caches.
            if number:
                values.extend(took)


def measure_checker() -> dict[str, float]:
    """Seconds for 100 dialogs of 50 steps; `findings` tells that it did look."""
    sources = {f"long_{number}": long_dialog(f"long_{number}") for number in range(DIALOGS)}
    begun = time.perf_counter()
    book = DialogBook([parse(source, f"{name}.yaml") for name, source in sources.items()])
    parsed = time.perf_counter()
    findings = sum(len(check(dialog, book)) for dialog in book)
    return {"parse_s": parsed - begun, "check_s": time.perf_counter() - parsed, "findings": findings}


def measure_loading() -> dict[str, float]:
    """Medians of seconds in new processes."""
    found: list[list[float]] = []
    for _ in range(TIMES_LOADED):
        done = subprocess.run(
            [sys.executable, "-c", _LOAD], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        found.append([float(word) for word in done.stdout.split()])
    imports, loads, counts = zip(*found, strict=True)
    return {"import_s": statistics.median(imports), "load_s": statistics.median(loads), "dialogs": counts[0]}


def has_peer() -> bool:
    """True if aiogram-dialog is installed (the extra `bench`)."""
    return importlib.util.find_spec(PEER) is not None


def _spread(values: list[float]) -> dict[str, float]:
    return {"p50_us": round(percentile(values, 0.5), 1), "p99_us": round(percentile(values, 0.99), 1)}


def ratios(checkin: Figures) -> dict[str, float]:
    """How many times as long the peer takes for an answer (medians); with and without what aiogram takes."""
    found: dict[str, float] = {}
    for mine, theirs in (("lotse pure", "memory"), ("lotse kept", "json")):
        for way in ("typed", "pressed"):
            if f"{theirs}, {way}" not in checkin:
                continue
            own, peer = checkin[f"{mine}, {way}"]["p50_us"], checkin[f"{theirs}, {way}"]["p50_us"]
            found[f"{theirs}, {way}"] = round(peer / own, 1)
            less = peer - checkin[f"aiogram, {way}"]["p50_us"]
            found[f"{theirs}, {way}, less aiogram"] = round(less / own, 1)
    return found


def _table(title: str, rows: Figures) -> str:
    lines = [f"{title:44}{'p50 us':>9}{'p99 us':>9}"]
    lines += [f"  {name:42}{each['p50_us']:>9.0f}{each['p99_us']:>9.0f}" for name, each in rows.items()]
    return "\n".join(lines)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dialogs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    arguments = parser.parse_args()
    logging.disable(logging.INFO)
    loading = measure_loading()
    checker = measure_checker()
    steps = measure_steps(arguments.rounds)
    checkin = measure_checkin(arguments.rounds)
    times = ratios(checkin)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {arguments.rounds} rounds")
    print(_table(f"an answer in a dialog of {STEPS} steps", steps))
    print(_table("an answer to the weekly check-in", checkin))
    for name, ratio in times.items():
        print(f"  aiogram-dialog, {name}: {ratio:.1f} times as long")
    if not has_peer():
        print("  aiogram-dialog is not installed: not compared")
    print(
        f"checker: {DIALOGS} dialogs of {STEPS} steps in {checker['check_s']:.2f} s "
        f"(parsing them: {checker['parse_s']:.2f} s, findings: {checker['findings']:.0f})"
    )
    print(
        f"loading: {loading['dialogs']:.0f} dialogs read and checked in {loading['load_s']:.3f} s "
        f"after an import of {loading['import_s']:.3f} s"
    )
    if arguments.json:
        found = {"steps": steps, "checkin": checkin, "ratios": times, "checker": checker, "loading": loading}
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
