# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From an acute message to the alert in the coach's messenger, while 10,000 ordinary messages wait.

`python -m benchmarks.alert_latency [--waiting 10000] [--acute 100]`: Lotse runs as a process of its own on a
SQLite file with the usual limits (30 messages a second for a bot); one person after the other writes an acute
message, and the time runs until the staff bot's call has arrived at the double of the messenger.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Role, Standing
from bot.house import DEFAULT_AGENCY, prepare_database
from bot.ports import UnitOfWork
from bot.settings import without_environment
from bot.storage.database import open_storage
from scheduler.clock import SystemClock
from tests.doubles.bot_api import BotApiDouble, Person

ACUTE = "Ich will nicht mehr leben"
TOKENS = {"TELEGRAM": "1:AAA", "TELEGRAM_STAFF": "2:BBB"}
#: Telegram ids: participants from here on, coaches from there on, and those who only get reminders.
PARTICIPANTS, COACHES, WAITING = 10_000, 20_000, 100_000


def enrol(uow: UnitOfWork, pairs: int) -> None:
    """So many participants, each with a coach of their own, all reachable."""
    now = SystemClock().now()
    uow.ledger.ensure_agency(DEFAULT_AGENCY, "Lotse", now)
    for number in range(pairs):
        coach = uow.people.add_staff(DEFAULT_AGENCY, f"Coach {number}", Role.COACH, "", "de")
        uow.people.add_address(DEFAULT_AGENCY, "telegram_staff", str(COACHES + number), staff_id=coach)
        person = uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", coach)
        address = uow.people.add_address(
            DEFAULT_AGENCY, "telegram", str(PARTICIPANTS + number), participant_id=person
        )
        uow.people.use_address(address, now)
        agreed = ConsentRecord(person, Purpose.CONTACT, True, "Ja", "1", "de", "telegram", now)
        uow.talks.add_consent(DEFAULT_AGENCY, agreed)


def queue(uow: UnitOfWork, numbers: range) -> None:
    """Ordinary messages, each to somebody else."""
    drafts = []
    for number in numbers:
        address = uow.people.add_address(DEFAULT_AGENCY, "telegram", str(WAITING + number))
        body = Body("Morgen ist Ihr Termin.")
        drafts.append(Draft(DEFAULT_AGENCY, address, "telegram", Kind.REMINDER, body))
    uow.outbox.post(drafts, SystemClock().now())


async def measure(folder: Path, waiting: int, acute: int) -> list[float]:
    """Seconds from each acute message to its alert."""
    url = f"sqlite:///{folder / 'lotse.db'}"
    settings = without_environment(database_url=url, data_dir=folder, public_url="https://lotse.example")
    storage = open_storage(url, prepare_database(settings))
    storage.run_sync(partial(enrol, pairs=acute))
    for start in range(0, waiting, 500):
        storage.run_sync(partial(queue, numbers=range(start, min(start + 500, waiting))))
    storage.close()
    async with BotApiDouble() as api:
        participants = api.add_bot(TOKENS["TELEGRAM"], "lotse_bot")
        staff = api.add_bot(TOKENS["TELEGRAM_STAFF"], "lotse_staff_bot")
        pairs = [
            (participants.person(PARTICIPANTS + number, "Mia"), staff.person(COACHES + number, "Berta"))
            for number in range(acute)
        ]
        everybody = [participants.person(WAITING + number, "Ole") for number in range(waiting)]
        for person in [*everybody, *(one for pair in pairs for one in pair)]:
            person.chat.is_open = True
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            env=_environment(url, folder, api.url),
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            # The flood has begun when its first message is here.
            await everybody[0].hears(1, 60)
            return [await _one(*pair) for pair in pairs]
        finally:
            process.terminate()
            await process.wait()


async def _one(mia: Person, berta: Person) -> float:
    began = time.perf_counter()
    await mia.sends(ACUTE)
    (alert,) = await berta.hears(1, 30)
    took = time.perf_counter() - began
    assert alert.text.startswith("Meldung R3"), alert
    return took


def _environment(url: str, folder: Path, api_url: str) -> dict[str, str]:
    own = {
        "LOTSE_DATABASE_URL": url,
        "LOTSE_DATA_DIR": str(folder),
        "LOTSE_PUBLIC_URL": "https://lotse.example",
        "LOTSE_HTTP__PORT": "0",
    }
    for bot, token in TOKENS.items():
        own |= {f"LOTSE_{bot}__TOKEN": token, f"LOTSE_{bot}__API_URL": api_url}
    return {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")} | own


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--acute", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        took = sorted(asyncio.run(measure(Path(folder), asked.waiting, asked.acute)))
    p50, p99 = statistics.median(took), took[max(0, round(len(took) * 0.99) - 1)]
    print(
        f"{len(took)} acute messages, {asked.waiting} ordinary ones waiting: "
        f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, slowest {took[-1] * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
