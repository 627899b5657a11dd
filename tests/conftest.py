# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rig that all tests share: real servers, a browser, and a summary that hides no skipped test."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.async_api import Browser, async_playwright

from tests.servers import (
    CHROMIUM_ARGS,
    NO_CHROMIUM,
    NO_POSTGRES,
    Databases,
    Fill,
    PostgresServer,
    find_chromium,
    find_postgres,
)

MakeDatabase = Callable[..., str]

#: Folders whose files take from half a minute to two, and then those of many middling ones.
LONGEST_FIRST = {
    name: place
    for place, name in enumerate(
        ("crash", "e2e", "simulation", "contract", "commands", "rehearsal", "services", "storage", "web")
    )
}

# How long an example takes says more about the machine than about Lotse.
settings.register_profile("lotse", deadline=None, print_blob=True)
settings.load_profile("lotse")


def pytest_configure(config: pytest.Config) -> None:
    """Forget the settings of whoever runs the tests, so that they mean the same everywhere."""
    del config
    for name in [
        name for name in os.environ if name.startswith("LOTSE_") and not name.startswith("LOTSE_TEST_")
    ]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: none of them may begin when the other workers have run out of work."""
    items.sort(key=lambda item: LONGEST_FIRST.get(item.path.parent.name, len(LONGEST_FIRST)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say loudly, below everything else, what was not tested and why."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"NOT TESTED: {len(skipped)} skipped", sep="!", red=True, bold=True)
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"{report.nodeid}: {reason}", red=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A real PostgreSQL server for the whole session; `make(fill)` gives databases on it."""
    if given := os.environ.get("LOTSE_TEST_DATABASE_URL"):
        databases = Databases(given)
        yield databases
        databases.close()
        return
    server = _start_postgres()
    try:
        yield Databases(server.url)
    finally:
        server.close()


@pytest.fixture
def make_database(postgres: Databases) -> Iterator[MakeDatabase]:
    """Gives URLs of fresh databases, `make_database(fill)` or empty ones; they are removed after the test."""
    made: list[str] = []

    def make(fill: Fill | None = None) -> str:
        made.append(postgres.make(fill))
        return made[-1]

    yield make
    for url in made:
        postgres.drop(url)


@pytest.fixture
def postgres_url(make_database: MakeDatabase) -> str:
    """The URL of a fresh, empty database."""
    return make_database()


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server of the test's own, to be stopped and started at will."""
    server = _start_postgres()
    try:
        yield server
    finally:
        server.close()


def _start_postgres() -> PostgresServer:
    programs = find_postgres()
    if programs is None:
        pytest.skip(NO_POSTGRES)
    return PostgresServer(programs)


@dataclass(frozen=True)
class Chromium:
    """A browser's program and what it must be started with."""

    path: Path
    args: tuple[str, ...] = CHROMIUM_ARGS


@pytest.fixture(scope="session")
def chromium() -> Chromium:
    """The browser that was found on this machine."""
    path = find_chromium()
    if path is None:
        pytest.skip(NO_CHROMIUM)
    return Chromium(path)


@pytest.fixture(scope="session")
async def browser(chromium: Chromium) -> AsyncIterator[Browser]:
    """A running browser. Each test opens a context of its own, and closes it."""
    playwright = await async_playwright().start()
    running = await playwright.chromium.launch(executable_path=chromium.path, args=list(chromium.args))
    yield running
    # A browser that does not end is a failure to be told, not a run that never ends.
    async with asyncio.timeout(30):
        await running.close()
        await playwright.stop()
