# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The rig itself: databases are apart, a server survives a power cut, and nothing outlives the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.servers import PostgresServer, main

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.conftest import MakeDatabase

SCHEMA = "CREATE TABLE note (id int PRIMARY KEY, at timestamptz); INSERT INTO note VALUES (1, now())"

CHILD = """
import sys
from tests.servers import PostgresServer, find_postgres
server = PostgresServer(find_postgres())
print(server.url, flush=True)
sys.stdin.read()
"""


@pytest.mark.postgres
def test_databases_from_a_template_are_apart(make_database: MakeDatabase) -> None:
    first, second = make_database(SCHEMA), make_database(SCHEMA)
    with psycopg.connect(first, autocommit=True) as connection:
        connection.execute("DELETE FROM note")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (1,)


@pytest.mark.postgres
def test_a_callable_fills_the_template_once(make_database: MakeDatabase) -> None:
    calls: list[str] = []

    def fill(url: str) -> None:
        calls.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE filled (id int)")

    for url in (make_database(fill), make_database(fill)):
        with psycopg.connect(url) as connection:
            connection.execute("SELECT id FROM filled")
    assert len(calls) == 1


@pytest.mark.postgres
def test_lotse_is_no_superuser(postgres_url: str) -> None:
    if "LOTSE_TEST_DATABASE_URL" in os.environ:
        pytest.skip("the role of LOTSE_TEST_DATABASE_URL is its owner's business")
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert row.fetchone() == (False,)


@pytest.mark.postgres
def test_a_server_comes_back_with_its_data(own_postgres: PostgresServer) -> None:
    with psycopg.connect(own_postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE kept")
    own_postgres.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(own_postgres.url)
    own_postgres.start()
    with psycopg.connect(own_postgres.url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'kept'").fetchone()
    assert found == (1,)


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres")
def test_a_server_ends_with_a_killed_test_run() -> None:
    command = [sys.executable, "-c", CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        url = child.stdout.readline().strip()
        with psycopg.connect(url) as connection:
            child.send_signal(signal.SIGKILL)
            # The end of a running query is the sign that the server went.
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT pg_sleep(60)")
    assert_removed(Path(url.partition("host=")[2]))


def assert_removed(folder: Path) -> None:
    """The guard removes the folder right after the server's end; 10 s are its limit."""
    subprocess.run(
        [
            "/bin/sh",
            "-c",
            'for i in $(seq 100); do [ -e "$0" ] || exit 0; sleep 0.1; done; exit 1',
            str(folder),
        ],
        check=True,
    )


@pytest.mark.browser
async def test_the_browser_renders(browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.set_content("<h1>Guten Tag</h1>")
    assert await page.inner_text("h1") == "Guten Tag"
    await context.close()


def test_an_unknown_part_is_refused() -> None:
    assert main("nothing") == 2
