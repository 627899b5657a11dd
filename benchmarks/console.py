# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The console of a large agency: server time of every page, its size, news on screen, many open consoles.

    python -m benchmarks.console [--people 1000] [--messages 1000000] [--concerns 5000] [--rounds 20]
                                 [--only sqlite|postgres] [--consoles 200]

Every page that the program serves is asked for by the agency's lead, who sees everybody, in this process and
without a network: what counts is the time from the request to the last byte of the answer, and beside it the
processor time, because other programs share the machine. "news" is the time from the commit of a message that
raises a concern until a console's stream is told; the browser asks for its page then. "consoles" opens that
many streams and tells how much memory they take.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import re
import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.console_fill import AGENCY, PROGRAMME, Size, fill_agency
from benchmarks.messenger import percentile
from bot import house
from bot.domain.access import Action
from bot.domain.concerns import Level
from bot.domain.messages import Incoming, IncomingKind
from bot.ports import UnitOfWork
from bot.services.invite import link_anew
from bot.services.live import STAFF
from bot.services.policies import STANDARD
from bot.services.publish import publish_shipped
from bot.storage.database import SqlStorage, open_storage
from bot.web.console.navigation import PLACEMENTS, SHARED
from bot.web.console.pages import ALL
from bot.web.console.seat import Page
from tests import servers
from tests.storage.stores import fill
from tests.web.building import KEYRING, MONDAY, Browser, Building
from tests.web.case_work import case_work

_PART = re.compile(r"(\w+)/\{(\w+)(?::int)?\}")
_FONTS = [f"/static/vendor/fira-sans/fira-sans-latin-{weight}-normal.woff2" for weight in (400, 600)]
#: Not for the team; they have one row or two.
_OF_GUESTS = (SHARED, PLACEMENTS)
_ALLOWED_MS, _ALLOWED_BYTES = 100, 100_000


@dataclass(frozen=True)
class Row:
    """What one page took."""

    path: str
    p50: float
    p95: float
    cpu: float
    size: int


def addresses(storage: SqlStorage, coach: int) -> list[tuple[str, Action | None]]:
    """Of every page with what it needs, each with a person, a case or a colleague in it."""

    def look(uow: UnitOfWork) -> dict[str, str]:
        concerns = uow.concerns.of_agency(AGENCY)
        concern = next(one for one in concerns if one.level is Level.R3)
        named = {"programmes": PROGRAMME, "dialogs": "weekly_checkin", "ladders": STANDARD}
        return {
            "concern": str(concern.id),
            "person": str(concern.participant_id),
            "staff": str(coach),
            **named,
            **case_work(uow, concern.participant_id, coach, MONDAY),
        }

    parts = storage.run_sync(look)

    def filled(found: re.Match[str]) -> str:
        place, part = found.groups()
        return f"{place}/{parts[place if part == 'name' else part]}"

    return [
        (_PART.sub(filled, page.path), page.needs)
        for page in ALL
        if isinstance(page, Page) and page.place not in _OF_GUESTS
    ]


async def signed_in(building: Building, lead: int) -> Browser:
    """The lead's browser."""
    codes = building.do(lambda uow: link_anew(uow, building.rulebook, lead, building.clock.now()))
    browser = building.browser()
    await browser.open(f"/console/enter/{codes.console_code}")
    await browser.press("Weiter")
    return browser


async def timed(client: httpx.AsyncClient, path: str, rounds: int) -> Row:
    """One page, asked for again and again; the first time does not count."""
    took, cpu, body = [], [], b""
    for _ in range(rounds + 1):
        begun, used = time.perf_counter(), time.process_time()
        answer = await client.get(path)
        body = answer.content
        took.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - used) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    took, cpu = took[1:], cpu[1:]
    return Row(
        path,
        statistics.median(took),
        percentile(took, 0.95),
        statistics.median(cpu),
        len(gzip.compress(body)),
    )


async def first_view(client: httpx.AsyncClient, path: str) -> int:
    """Bytes of a page with everything that it loads for somebody who reads German, compressed as sent."""
    page = await client.get(path)
    files = {*re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text), *_FONTS}
    total = len(gzip.compress(page.content))
    for file in files:
        content = (await client.get(file)).content
        total += len(content if file.endswith(".woff2") else gzip.compress(content))
    return total


async def news(building: Building, rounds: int) -> list[float]:
    """Milliseconds from a grave message until an open console is told; its commit is a part of them."""
    found = []
    inbox = building.office().inbox
    # Read once, as the program does when it starts.
    building.rulebook.recognise("", "de")
    for number in range(rounds):
        with building.live.listen(STAFF) as told:
            text = "Ich will nicht mehr leben."
            said = Incoming("web_chat", f"news-{number}", f"mia-{number}", IncomingKind.TEXT, text=text)
            begun = time.perf_counter()
            await inbox.take(said)
            await told.wait()
            found.append((time.perf_counter() - begun) * 1000)
    return found


async def consoles(building: Building, browser: Browser, count: int) -> float:
    """Megabytes that so many open streams take in the server, sockets not counted."""
    headers = {"cookie": "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())}
    stop = asyncio.Event()

    async def one() -> None:
        async def receive() -> dict[str, object]:
            await stop.wait()
            return {"type": "http.disconnect"}

        async def send(_: object) -> None:
            """Whoever looks at it is not in this process."""

        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "GET", "path": "/console/stream", "headers": raw}
        rest = {
            "query_string": b"",
            "http_version": "1.1",
            "scheme": "https",
            "server": ("lotse.example", 443),
        }
        await building.app(scope | rest, receive, send)

    before = _resident()
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(one())
        while building.live.count < count:
            await asyncio.sleep(0.01)
        taken = _resident() - before
        stop.set()
    return taken


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


async def measure(name: str, url: str, args: argparse.Namespace) -> None:
    """Fill one store, and ask for everything."""
    storage = open_storage(url, KEYRING)
    building = Building()
    building.storage.real.close()
    building.storage.real = storage
    storage.run_sync(lambda uow: uow.ledger.ensure_agency(AGENCY, "Lotse", MONDAY))
    storage.run_sync(lambda uow: publish_shipped(uow, sources=house.dialog_sources(), now=MONDAY))
    begun = time.perf_counter()
    size = Size(args.people, args.messages, args.concerns)
    lead, coaches = fill_agency(storage, building.rulebook, size)
    print(f"{name}: filled in {time.perf_counter() - begun:.0f} s")
    browser, coach = await signed_in(building, lead), await signed_in(building, coaches[0])
    for path, needs in addresses(storage, coaches[0]):
        # The lead sees everybody and so breaks no glass.
        asks = coach if needs is Action.BREAK_GLASS else browser
        row = await timed(asks.client, path, args.rounds)
        took = f"p50 {row.p50:7.1f}  p95 {row.p95:7.1f}  cpu {row.cpu:7.1f} ms"
        print(f"{row.path:40} {took}  {row.size:7,} B{' <' if row.p95 > _ALLOWED_MS else ''}", flush=True)
    view = await first_view(browser.client, "/console/")
    print(f"first view of the queue: {view:,} bytes of {_ALLOWED_BYTES:,}")
    told = await news(building, 20)
    print(f"news: p50 {statistics.median(told):.0f} ms, p95 {percentile(told, 0.95):.0f} ms")
    print(f"{args.consoles} consoles: {await consoles(building, browser, args.consoles):.1f} MB more")
    for one in (browser, coach):
        await one.close()
    storage.close()


def main() -> None:
    """Both stores, one after the other."""
    parser = argparse.ArgumentParser()
    for name, value in (("people", 1000), ("messages", 1_000_000), ("concerns", 5000)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--consoles", type=int, default=200)
    parser.add_argument("--only", choices=["sqlite", "postgres"], default="")
    args = parser.parse_args()
    if args.only != "postgres":
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'lotse.db'}"
            fill(url)
            asyncio.run(measure("SQLite", url, args))
    programs = servers.find_postgres()
    if args.only == "sqlite" or programs is None:
        return
    servers.SERVER_OPTIONS.update(fsync="on", full_page_writes="on", shared_buffers="128MB", autovacuum="on")
    server = servers.PostgresServer(programs)
    try:
        asyncio.run(measure("PostgreSQL", servers.Databases(server.url).make(fill), args))
    finally:
        server.close()


if __name__ == "__main__":
    main()
