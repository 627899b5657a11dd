# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is measured: Lotse as `lotse run`, and the echo bot; each a process of its own."""

from __future__ import annotations

import itertools
import json
import os
import socket
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.messenger import Turn

ROOT = Path(__file__).parents[1]
SECRET = "measured"
_INVITATIONS_AT_ONCE = 500
_STOP_S = 20

#: From the first word to the first question of the first check-in, as the welcome dialog has it.
ENROLMENT = (Turn(["ja"]), Turn(["ja"]), Turn(["ja"], 2))
#: The check-in word; it begins the dialog and is not measured.
BEGIN = (Turn(["checkin"]),)
#: The four questions of the weekly check-in.
ANSWERS = (Turn(["7"]), Turn(["6"]), Turn(["Ich war zweimal spazieren."]), Turn(["nein"]))

_numbers = itertools.count(1)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Contender:
    """A bot that can be started and talked to."""

    name: str
    mode: str
    token: str = field(default_factory=lambda: f"{next(_numbers)}:bench-token-that-is-nobodys")
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def webhook(self) -> tuple[str, int, str, str] | None:
        """Where its updates are delivered; None if it polls."""
        return None

    def prepare(self, api_url: str, people: int) -> list[Turn]:
        """Make everything ready, and say what the people have to say first."""
        del api_url, people
        return []

    def start(self, api_url: str) -> None:
        """Start the process."""
        raise NotImplementedError

    def stop(self) -> None:
        """End it in an orderly way."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(_STOP_S)
            self.process = None

    def check(self, answers: int, updates: int) -> str:
        """What is wrong with what it kept; empty if nothing is, or nothing had to be kept."""
        del answers, updates
        return ""

    def last_words(self) -> str:
        """The end of its log, if it has one."""
        return ""

    def cpu_seconds(self) -> float:
        """CPU time of the process so far."""
        assert self.process is not None
        # After the name, which stands in brackets, user and system time are the 12th and 13th field.
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """Resident memory."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass
class Echo(Contender):
    """The echo bot on aiogram. Its mode is `in-answer`, `background` or `polling`."""

    @property
    def webhook(self) -> tuple[str, int, str, str] | None:
        """See `Contender`."""
        return None if self.mode == "polling" else ("127.0.0.1", self.port, "/webhook", SECRET)

    def start(self, api_url: str) -> None:
        """See `Contender`."""
        program = [sys.executable, "-m", "benchmarks.echo_bot"]
        self.process = subprocess.Popen([*program, api_url, self.token, str(self.port), self.mode], cwd=ROOT)


@dataclass
class Lotse(Contender):
    """`lotse run` on a database of its own, with rate limits so high that they are not what is measured."""

    folder: Path = Path()
    database: str = ""

    @property
    def webhook(self) -> tuple[str, int, str, str] | None:
        """See `Contender`."""
        return None if self.mode == "polling" else ("127.0.0.1", self.port, "/webhook/telegram", SECRET)

    def prepare(self, api_url: str, people: int) -> list[Turn]:
        """Hire a coach and invite everybody."""
        coach = self._command(api_url, "staff", "add", "--name", "Berta Beispiel")["id"]
        codes: list[str] = []
        while len(codes) < people:
            count = str(min(people - len(codes), _INVITATIONS_AT_ONCE))
            made = self._command(api_url, "invite", "--coach", str(coach), "--count", count)
            codes += [one["code"] for one in made]
        return [Turn([f"/start {code}" for code in codes], 3), *ENROLMENT]

    def start(self, api_url: str) -> None:
        """See `Contender`."""
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=ROOT, env=self.environment(api_url), stderr=log
            )

    def last_words(self) -> str:
        """See `Contender`."""
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def check(self, answers: int, updates: int) -> str:
        """Nothing lost, nothing doubled, nothing unsent."""
        found = {
            "answers": (self._count("SELECT count(*) FROM answer"), answers),
            "updates kept": (self._count("SELECT count(*) FROM incoming"), updates),
            "messages not sent": (self._count("SELECT count(*) FROM outgoing WHERE state <> 'sent'"), 0),
        }
        wrong = [f"{what}: {is_now}, not {due}" for what, (is_now, due) in found.items() if is_now != due]
        return "; ".join(wrong)

    def _count(self, query: str) -> int:
        if self.database:
            with psycopg.connect(self.database) as connection:
                row = connection.execute(query.encode()).fetchone()
        else:
            file = sqlite3.connect(self.folder / "lotse.db")
            row = file.execute(query).fetchone()
            file.close()
        assert row is not None
        return int(row[0])

    def _command(self, api_url: str, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words, "--json"],
            cwd=ROOT,
            env=self.environment(api_url),
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout)

    def environment(self, api_url: str) -> dict[str, str]:
        """What the process is told."""
        mine = {
            "LOTSE_DATA_DIR": str(self.folder),
            "LOTSE_HTTP__PORT": str(self.port),
            "LOTSE_TELEGRAM__TOKEN": self.token,
            "LOTSE_TELEGRAM__API_URL": api_url,
            "LOTSE_TELEGRAM__MODE": "polling" if self.mode == "polling" else "webhook",
            "LOTSE_TELEGRAM__SECRET": SECRET,
            "LOTSE_TELEGRAM__MESSAGES_PER_SECOND": "100000",
            "LOTSE_TELEGRAM__MESSAGES_PER_CHAT": "1000",
        }
        if self.database:
            mine["LOTSE_DATABASE_URL"] = self.database
        others = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        return others | mine
