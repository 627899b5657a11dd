# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From an acute message to the first words and to the alert in the coach's messenger, with and without load.

    python -m benchmarks.alert_latency [--acute 100] [--waiting 10000] [--concerns 1000] [--inbound 5]
                                       [--only sqlite postgresql]

Lotse runs as a process of its own with the usual limits (30 messages a second for a bot). One person after
the other writes an acute message, and the time runs until the double of the messenger has the crisis text for
that person, and until it has the staff bot's alert for the coach. First with nothing else to do; then with
`--waiting` ordinary messages to send, `--concerns` open concerns whose ladders go on within the next quarter
of an hour, and `--inbound` ordinary messages of other people a second.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.messenger import percentile
from benchmarks.timers import database
from bot.domain.concerns import Concern, Level, State
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Role, Standing
from bot.house import DEFAULT_AGENCY, build_rulebook, prepare_database
from bot.ports import UnitOfWork
from bot.services.escalate import TIMER_KIND, timer_key
from bot.services.ladder import snapshot
from bot.services.rulebook import Rulebook
from bot.settings import without_environment
from bot.storage.database import open_storage
from dialogs.book import DialogBook
from scheduler.clock import SystemClock
from tests.doubles.bot_api import Bot, BotApiDouble, Person

ACUTE = "Ich will nicht mehr leben"
ORDINARY = "Danke, dann bis morgen um zehn."
TOKENS = {"TELEGRAM": "1:AAA", "TELEGRAM_STAFF": "2:BBB"}
#: Telegram ids: participants from here on, coaches from there on, and those who only get reminders.
PARTICIPANTS, COACHES, WAITING = 10_000, 20_000, 100_000
#: Those who have an open concern or write ordinary messages, and who cares for them.
OTHERS, OTHER_COACHES = 30_000, 40_000
_CHATTING = 200
_PEOPLE_EACH = 25
_AT_ONCE = 500
_LADDERS_WITHIN_S = 900


@dataclass(frozen=True)
class Load:
    """What there is to do besides: messages that wait, open concerns, ordinary messages a second."""

    waiting: int = 0
    concerns: int = 0
    inbound: float = 0.0


@dataclass(frozen=True)
class Times:
    """Seconds from each acute message to the first words, and to the coach's alert."""

    words: list[float]
    alerts: list[float]


def _person(uow: UnitOfWork, coach: int, telegram_id: int, now: datetime) -> int:
    person = uow.people.add_participant(DEFAULT_AGENCY, Standing.ACTIVE, "de", coach)
    address = uow.people.add_address(DEFAULT_AGENCY, "telegram", str(telegram_id), participant_id=person)
    uow.people.use_address(address, now)
    agreed = ConsentRecord(person, Purpose.CONTACT, True, "Ja", "1", "de", "telegram", now)
    uow.talks.add_consent(DEFAULT_AGENCY, agreed)
    return person


def _coach(uow: UnitOfWork, telegram_id: int, role: Role = Role.COACH) -> int:
    coach = uow.people.add_staff(DEFAULT_AGENCY, f"Berta {telegram_id}", role, "", "de")
    uow.people.add_address(DEFAULT_AGENCY, "telegram_staff", str(telegram_id), staff_id=coach)
    return coach


def enrol(uow: UnitOfWork, pairs: int) -> list[int]:
    """So many participants with a coach of their own, all reachable; the coaches of all others."""
    now = SystemClock().now()
    uow.ledger.ensure_agency(DEFAULT_AGENCY, "Lotse", now)
    for number in range(pairs):
        _person(uow, _coach(uow, COACHES + number), PARTICIPANTS + number, now)
    _coach(uow, OTHER_COACHES, Role.LEAD)
    return [_coach(uow, OTHER_COACHES + 1 + number) for number in range(_PEOPLE_EACH)]


def others(uow: UnitOfWork, numbers: range, coaches: Sequence[int], open_ones: int, rules: Rulebook) -> None:
    """Further people; the first `open_ones` have an open concern for which somebody was called."""
    now = SystemClock().now()
    for number in numbers:
        coach = coaches[number % len(coaches)]
        person = _person(uow, coach, OTHERS + number, now)
        if number >= open_ones:
            continue
        level = (Level.R1, Level.R2, Level.R3)[number % 3]
        due = now + timedelta(seconds=_LADDERS_WITHIN_S * (number + 1) / open_ones)
        raised = Concern(0, DEFAULT_AGENCY, person, level, "message", "strain", State.OPEN, now, coach, due)
        new = uow.concerns.add(replace(raised, policy=snapshot(rules.policies[level]), rung=1))
        uow.concerns.log(new, now, "raised", "system", "strain")
        uow.concerns.log(new, now, "called", "system", "1")
        uow.timers.set(DEFAULT_AGENCY, TIMER_KIND, new, due, timer_key(new))


def queue(uow: UnitOfWork, numbers: range) -> None:
    """Ordinary messages, each to somebody else."""
    drafts = []
    for number in numbers:
        address = uow.people.add_address(DEFAULT_AGENCY, "telegram", str(WAITING + number))
        body = Body("Morgen ist Ihr Termin.")
        drafts.append(Draft(DEFAULT_AGENCY, address, "telegram", Kind.REMINDER, body))
    uow.outbox.post(drafts, SystemClock().now())


def _parts(count: int) -> Iterator[range]:
    for start in range(0, count, _AT_ONCE):
        yield range(start, min(start + _AT_ONCE, count))


def fill(url: str, folder: Path, acute: int, load: Load) -> None:
    """A database in which everybody is enrolled and everything waits."""
    settings = without_environment(database_url=url, data_dir=folder, public_url="https://lotse.example")
    rules = build_rulebook(settings, DialogBook())
    storage = open_storage(url, prepare_database(settings))
    coaches = storage.run_sync(partial(enrol, pairs=acute))
    for part in _parts(load.concerns + _CHATTING):
        use = partial(others, numbers=part, coaches=coaches, open_ones=load.concerns, rules=rules)
        storage.run_sync(use)
    for part in _parts(load.waiting):
        storage.run_sync(partial(queue, numbers=part))
    storage.close()


async def measure(url: str, folder: Path, acute: int, load: Load) -> Times:
    """How long each acute message took."""
    fill(url, folder, acute, load)
    async with BotApiDouble() as api:
        participants = api.add_bot(TOKENS["TELEGRAM"], "lotse_bot")
        staff = api.add_bot(TOKENS["TELEGRAM_STAFF"], "lotse_staff_bot")
        pairs = list(
            zip(_people(participants, PARTICIPANTS, acute), _people(staff, COACHES, acute), strict=True)
        )
        everybody = _people(participants, WAITING, load.waiting)
        chatting = _people(participants, OTHERS + load.concerns, _CHATTING)
        _people(participants, OTHERS, load.concerns)
        _people(staff, OTHER_COACHES, _PEOPLE_EACH + 1)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            env=_environment(url, folder, api.url),
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            # The flood has begun when its first message is here; and somebody has been answered.
            if everybody:
                await everybody[0].hears(1, 60)
            await chatting[-1].sends(ORDINARY)
            await chatting[-1].hears(1, 60)
            chatter = asyncio.create_task(_chat(chatting, load.inbound))
            took = [await _one(*pair) for pair in pairs]
            chatter.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await chatter
            return Times(*map(list, zip(*took, strict=True)))
        finally:
            process.terminate()
            await process.wait()


def _people(bot: Bot, first: int, count: int) -> list[Person]:
    people = [bot.person(first + number, "Mia") for number in range(count)]
    for person in people:
        person.chat.is_open = True
    return people


async def _chat(people: list[Person], a_second: float) -> None:
    """Ordinary messages at a steady rate, until cancelled."""
    number = 0
    while a_second:
        await people[number % len(people)].sends(ORDINARY)
        number += 1
        await asyncio.sleep(1 / a_second)


async def _one(mia: Person, berta: Person) -> tuple[float, float]:
    began = time.perf_counter()
    await mia.sends(ACUTE)

    async def since(person: Person) -> tuple[float, str]:
        (message,) = await person.hears(1, 30)
        return time.perf_counter() - began, message.text

    (words, _), (alert, text) = await asyncio.gather(since(mia), since(berta))
    assert text.startswith("Meldung R3"), text
    return words, alert


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


def _row(name: str, took: list[float], alone: list[float] | None) -> str:
    p50, p99 = _percentiles(took)
    row = f"  {name:12}p50 {p50:5.0f} ms   p99 {p99:5.0f} ms   the first {took[0] * 1000:5.0f} ms"
    if alone is None:
        return row
    p50_alone, p99_alone = _percentiles(alone)
    return f"{row}   ratio {p50 / p50_alone:.2f} / {p99 / p99_alone:.2f}"


def _percentiles(took: list[float]) -> tuple[float, float]:
    """Milliseconds. The first one after a start has a figure of its own: much is done for the first time."""
    later = sorted(took[1:])
    return percentile(later, 0.5) * 1000, percentile(later, 0.99) * 1000


def compare(kind: str, asked: argparse.Namespace) -> None:
    """Print the times without load and with it, on one kind of database."""
    full = Load(asked.waiting, asked.concerns, asked.inbound)
    before: Times | None = None
    with tempfile.TemporaryDirectory(prefix="lotse-alert-") as folder, database(kind, Path(folder)) as place:
        for name, load in (("alone", Load()), ("load", full)):
            own = Path(folder) / name
            own.mkdir()
            url = f"sqlite:///{own}/lotse.db" if isinstance(place, Path) else place.make()
            times = asyncio.run(measure(url, own, asked.acute, load))
            print(f"{kind}, {asked.acute} acute messages, {load}")
            print(_row("first words", times.words, before.words if before else None))
            print(_row("alert", times.alerts, before.alerts if before else None), flush=True)
            before = times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--acute", type=int, default=100)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--concerns", type=int, default=1_000)
    parser.add_argument("--inbound", type=float, default=5.0, help="ordinary messages a second")
    kinds = ("sqlite", "postgresql")
    parser.add_argument("--only", nargs="+", choices=kinds, default=kinds)
    asked = parser.parse_args()
    for kind in asked.only:
        compare(kind, asked)


if __name__ == "__main__":
    main()
