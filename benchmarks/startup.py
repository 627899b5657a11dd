# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How long it takes from starting a process until it is of use.

    python -m benchmarks.startup [--times 5]

`lotse --help` until it ends; `lotse demo` until its page is answered; `lotse run` on a new database until
/readyz says ready, without a messenger and with the participants' bot against a stand-in for the Bot API.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.contenders import ROOT, Lotse, free_port

_LONGEST_WAIT_S = 60.0


def main() -> int:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    with _messenger() as api_url:
        for name, measure in (
            ("lotse --help", _help),
            ("lotse demo, page answered", _demo),
            ("lotse run, ready, no messenger", lambda: _run("")),
            ("lotse run, ready, Telegram", lambda: _run(api_url)),
        ):
            seconds = [measure() for _ in range(times)]
            print(f"{name:34}{statistics.median(seconds):6.2f} s  [{min(seconds):.2f}-{max(seconds):.2f}]")
    return 0


def _help() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def _demo() -> float:
    port = free_port()
    return _until_answered(["demo", "--port", str(port)], f"http://127.0.0.1:{port}/", dict(os.environ))


def _run(api_url: str) -> float:
    with tempfile.TemporaryDirectory(prefix="lotse-bench-") as folder:
        lotse = Lotse("lotse", "polling", folder=Path(folder))
        environment = lotse.environment(api_url)
        if not api_url:
            environment = {n: v for n, v in environment.items() if not n.startswith("LOTSE_TELEGRAM")}
        return _until_answered(["run"], f"http://127.0.0.1:{lotse.port}/readyz", environment)


def _until_answered(words: list[str], url: str, environment: dict[str, str]) -> float:
    """Seconds until `url` is answered with 200. Raises `RuntimeError` if it never is."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - began < _LONGEST_WAIT_S and process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url):
                return time.perf_counter() - began
            time.sleep(0.02)
    finally:
        process.terminate()
        process.wait()
    raise RuntimeError(f"{' '.join(words)}: {url} was never answered")


@contextlib.contextmanager
def _messenger() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.messenger"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    raise SystemExit(main())
