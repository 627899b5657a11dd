# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse demo`: try everything on this computer, without an account, with invented people."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from bot import logs
from bot.app import App
from bot.channels.terminal.receive import read_line
from bot.channels.terminal.send import PARTICIPANT, STAFF, TerminalChannel
from bot.commands.console_io import errors, fail, kind_failures
from bot.demo import Codes, Demonstration, furnish, monday_morning
from bot.demo_story import write_past
from bot.ports import UnitOfWork
from bot.settings import Http, without_environment
from scheduler.clock import OffsetClock

_SIDES = (PARTICIPANT, STAFF)
_LOOK_AGAIN_S = 0.02
_STEPS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_HELP = """You are both sides. Lines go to Lotse as the participant; a leading ! makes you the coach.
  #2      press the second button      !#1     the same as the coach
  :h :d :w  let an hour, a day, a week pass      :q  leave"""


def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on the loopback address; 0 takes a free one.")
    ] = 8080,
    terminal: Annotated[
        bool, typer.Option("--terminal", help="Chat here instead of in the browser.")
    ] = False,
) -> None:
    """Show the main job with invented people, on a throw-away database and with a clock to turn."""
    logs.set_up("warning")
    with tempfile.TemporaryDirectory(prefix="lotse-demo-") as folder, kind_failures():
        uvloop.run(_demo(Path(folder), _free(port), terminal))


async def _demo(folder: Path, port: int, terminal: bool) -> None:
    clock = OffsetClock()
    clock.advance(monday_morning(clock.now()))
    settings = without_environment(data_dir=folder, http=Http(port=port))
    # In the terminal two people talk; what a console shows, nobody would see there.
    coach = None if terminal else await asyncio.to_thread(write_past, settings, clock.now())
    stage = Demonstration(clock)
    app = App(settings, clock=clock, demo=stage)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    screens = _screens() if terminal else ()
    for screen in screens:
        app.add_channel(screen)
    async with asyncio.TaskGroup() as group:
        up = asyncio.Event()
        group.create_task(app.run(stop, lambda _: up.set()))
        group.create_task(_tell_addresses(port, terminal))
        await up.wait()
        codes = await furnish(app, coach)
        stage.show(app, codes)
        if terminal:
            group.create_task(_talk(app, stage, screens, codes, stop))


async def _tell_addresses(port: int, terminal: bool) -> None:
    if not terminal:
        errors.print(
            f"Lotse demo: http://127.0.0.1:{port}/  (participant and coach side by side; Ctrl-C ends it)"
        )


def _screens() -> tuple[TerminalChannel, TerminalChannel]:
    def write(text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    return TerminalChannel(PARTICIPANT, "Lotse", write), TerminalChannel(STAFF, "! Staff", write)


async def _talk(
    app: App, stage: Demonstration, screens: tuple[TerminalChannel, ...], codes: Codes, stop: asyncio.Event
) -> None:
    participant, staff = screens
    errors.print(_HELP, markup=False)
    for line in (f"!/start {codes.coach.messenger_code}", f"/start {codes.participant}"):
        await _take(app, line, participant, staff)
    async for line in _lines():
        if line.strip() == ":q":
            break
        if line.startswith(":") and line.strip()[1:] in _STEPS:
            await stage.advance(_STEPS[line.strip()[1:]])
            await _printed(app)
            errors.print(f"It is now {stage.now():%A, %d.%m.%Y %H:%M} UTC.")
        else:
            await _take(app, line, participant, staff)
    stop.set()


async def _take(app: App, line: str, participant: TerminalChannel, staff: TerminalChannel) -> None:
    incoming = read_line(line, participant, staff)
    if incoming is None:
        errors.print("There is nothing to send, or no such button.")
        return
    await app.inbox.take(incoming)
    await _printed(app)


async def _printed(app: App) -> None:
    """Wait until everything that follows has been said, so that the next line sees its buttons."""
    while await app.storage.run(lambda uow: any(_waits(uow, name, app.clock.now()) for name in _SIDES)):
        await app.clock.sleep(_LOOK_AGAIN_S)


def _waits(uow: UnitOfWork, channel: str, now: datetime) -> bool:
    due = uow.outbox.next_due(channel, now)
    return due is not None and due <= now


async def _lines() -> AsyncIterator[str]:
    if stat.S_ISREG(os.fstat(sys.stdin.fileno()).st_mode):
        # A file cannot be waited for like a terminal or a pipe, and need not be.
        for line in sys.stdin.buffer:
            yield line.decode("utf-8", "replace")
        return
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        yield line.decode("utf-8", "replace")


def _free(port: int) -> int:
    for candidate in (port, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", candidate))
            return int(probe.getsockname()[1])
    return fail("there is no free port on 127.0.0.1")
