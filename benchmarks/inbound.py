# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How many updates a second Lotse takes in durably, beside a bot that keeps nothing, in the same run.

    python -m benchmarks.inbound [--rounds 5] [--people 300] [--only polling/sqlite ...]

One answered question is: an update received, the session saved, the answer stored, the next question sent.
All bots run all the time; they are measured in turns, round after round, and medians are compared.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.contenders import ANSWERS, BEGIN, ROOT, Contender, Echo, Lotse
from benchmarks.messenger import Order, Played, Turn, percentile
from tests import servers

_COLUMNS = ("CPU us", "p50 ms", "p99 ms", "RSS MB", "ratio", "by CPU", "to best")
#: What Lotse is compared with, by the way updates come in: the echo bot that makes a call for each reply, as
#: one must to know that it was sent; and its fastest setting, in which it cannot know.
PEERS = {"webhook": "aiogram background", "polling": "aiogram polling"}
FASTEST = {"webhook": "aiogram in-answer", "polling": "aiogram polling"}


@dataclass
class Figures:
    """What was measured of one contender, one entry a round."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    def summary(self) -> dict[str, float]:
        """Medians of the rounds."""
        return {
            "updates_per_s": round(statistics.median(self.rates)),
            "slowest": round(min(self.rates)),
            "fastest": round(max(self.rates)),
            "cpu_us": round(statistics.median(self.cpu)),
            "p50_ms": round(percentile(self.latencies, 0.5) * 1000, 1),
            "p99_ms": round(percentile(self.latencies, 0.99) * 1000, 1),
            "rss_mb": round(self.megabytes),
        }


class Rig:
    """The messenger's process and the contenders, while they run."""

    def __init__(self, people: int, in_flight: int) -> None:
        self._people = people
        self._in_flight = in_flight
        self._messenger = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.messenger"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.api_url = f"http://127.0.0.1:{json.loads(self._read())['port']}"
        self._answers: dict[str, int] = {}
        self._updates: dict[str, int] = {}

    def close(self) -> None:
        """End the messenger's process."""
        self._messenger.terminate()
        self._messenger.wait()

    def warm_up(self, contender: Contender) -> None:
        """Start it, wait until it listens, and let everybody enrol and play once."""
        said_first = contender.prepare(self.api_url, self._people)
        contender.start(self.api_url)
        self._order(contender, [], 0)
        if said_first:
            self._order(contender, said_first, self._people)
        self._order(contender, list(ANSWERS), self._people)
        self._answers[contender.token] = self._people * len(ANSWERS)

    def measure(self, contender: Contender, figures: Figures) -> None:
        """One round. Raises `RuntimeError` if a message was lost, doubled or refused."""
        self._order(contender, list(BEGIN), self._people)
        before = contender.cpu_seconds()
        played = self._order(contender, list(ANSWERS), self._people)
        spent = contender.cpu_seconds() - before
        self._answers[contender.token] += played.updates
        figures.rates.append(played.updates / played.seconds)
        figures.cpu.append(spent / played.updates * 1e6)
        figures.latencies += played.latencies
        figures.megabytes = contender.megabytes()

    def check(self, contender: Contender) -> str:
        """End it, and compare what it kept with what it was given."""
        contender.stop()
        return contender.check(self._answers[contender.token], self._updates[contender.token])

    def _order(self, contender: Contender, turns: list[Turn], people: int) -> Played:
        order = Order(contender.token, people, turns, self._in_flight, contender.webhook)
        assert self._messenger.stdin is not None
        self._messenger.stdin.write(msgspec.json.encode(order) + b"\n")
        self._messenger.stdin.flush()
        played = msgspec.json.decode(self._read(), type=Played)
        if played.is_stuck:
            raise RuntimeError(f"{contender.name} does not answer\n{contender.last_words()}")
        if played.surplus or played.refused:
            raise RuntimeError(
                f"{contender.name}: {played.surplus} messages too many, {played.refused} refusals"
            )
        self._updates[contender.token] = self._updates.get(contender.token, 0) + played.updates
        return played

    def _read(self) -> bytes:
        assert self._messenger.stdout is not None
        line = self._messenger.stdout.readline()
        if not line:
            raise RuntimeError("the messenger's process has ended")
        return line


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure everybody. Raises `RuntimeError` if anything was lost, doubled or refused."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lotse-bench-")))
        contenders = _contenders(arguments.only, folder, stack)
        rig = Rig(arguments.people, arguments.in_flight)
        stack.callback(rig.close)
        for contender in contenders:
            stack.callback(contender.stop)
            rig.warm_up(contender)
            _say(f"ready: {contender.name}")
        figures = {contender.name: Figures() for contender in contenders}
        for number in range(1, arguments.rounds + 1):
            for contender in contenders:
                rig.measure(contender, figures[contender.name])
            _say(f"round {number} of {arguments.rounds}")
        faults = [f"{c.name}: {fault}" for c in contenders if (fault := rig.check(c))]
        if faults:
            raise RuntimeError("\n".join(faults))
    return {name: found.summary() for name, found in figures.items()}


def _contenders(only: list[str], folder: Path, stack: contextlib.ExitStack) -> list[Contender]:
    found: list[Contender] = [
        Echo("aiogram in-answer", "in-answer"),
        Echo("aiogram background", "background"),
        Echo("aiogram polling", "polling"),
    ]
    wanted = [f"{mode}/{database}" for mode in PEERS for database in ("sqlite", "postgresql")]
    databases = stack.enter_context(_postgres()) if not only or "postgresql" in " ".join(only) else None
    for name in wanted:
        mode, _, kind = name.partition("/")
        if (only and name not in only) or (kind == "postgresql" and databases is None):
            continue
        own = folder / name.replace("/", "-")
        own.mkdir()
        url = databases.make() if databases is not None and kind == "postgresql" else ""
        found.append(Lotse(f"lotse {name}", mode, folder=own, database=url))
    modes = {name.partition("/")[0] for name in only} or set(PEERS)
    peers = {peers[mode] for mode in modes for peers in (PEERS, FASTEST)}
    return [one for one in found if isinstance(one, Lotse) or one.name in peers]


@contextlib.contextmanager
def _postgres() -> Iterator[servers.Databases | None]:
    programs = servers.find_postgres()
    if programs is None:
        _say(servers.NO_POSTGRES)
        yield None
        return
    # The tests' server forgoes safety against power cuts; durable is what is measured here.
    servers.SERVER_OPTIONS.update(fsync="on", full_page_writes="on", shared_buffers="128MB")
    server = servers.PostgresServer(programs)
    try:
        yield servers.Databases(server.url)
    finally:
        server.close()


def _table(summary: dict[str, dict[str, float]]) -> str:
    lines = [f"{'':24}{'updates/s':>10}{'[range]':>16}" + "".join(f"{name:>8}" for name in _COLUMNS)]
    for name, found in summary.items():
        span = f"[{found['slowest']:.0f}-{found['fastest']:.0f}]"
        line = f"{name:24}{found['updates_per_s']:>10.0f}{span:>16}{found['cpu_us']:>8.0f}"
        line += f"{found['p50_ms']:>8.1f}{found['p99_ms']:>8.1f}{found['rss_mb']:>8.0f}"
        if name.startswith("lotse"):
            mode = name.removeprefix("lotse ").partition("/")[0]
            peer, fastest = summary[PEERS[mode]], summary[FASTEST[mode]]
            line += f"{found['updates_per_s'] / peer['updates_per_s']:>8.2f}"
            line += f"{peer['cpu_us'] / found['cpu_us']:>8.2f}"
            line += f"{found['updates_per_s'] / fastest['updates_per_s']:>8.2f}"
        lines.append(line)
    return "\n".join(lines)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> int:
    """Measure and print; 1 if anything was lost, doubled or refused."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inbound", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--in-flight", type=int, default=100)
    parser.add_argument("--only", nargs="*", default=[], help="for example webhook/sqlite polling/postgresql")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    arguments = parser.parse_args()
    try:
        summary = run(arguments)
    except RuntimeError as fault:
        _say(f"NOT VALID: {fault}")
        return 1
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {arguments.people} people, "
        f"{arguments.in_flight} in flight, median of {arguments.rounds} rounds; CPU: the bot's process only"
    )
    print(_table(summary))
    if arguments.json:
        arguments.json.write_text(json.dumps(summary, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
