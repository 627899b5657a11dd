# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The double as its own process: `python -m tests.doubles.bot_api --bot 1:AAA:lotse_bot`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys

import uvloop

from tests.doubles.bot_api.server import BotApiDouble
from tests.doubles.bot_api.webhook import telegram_backoff


async def serve(options: argparse.Namespace) -> None:
    """Run until SIGTERM or SIGINT; the first line on standard output is {"url": ...}."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    fixed: float | None = options.retry_seconds
    backoff = telegram_backoff if fixed is None else lambda _: fixed
    async with BotApiDouble(port=options.port, limits=options.limits, backoff=backoff) as api:
        for bot in options.bot:
            token, _, username = bot.rpartition(":")
            api.add_bot(token, username)
        sys.stdout.write(json.dumps({"url": api.url}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="tests.doubles.bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port (0: a free one)")
    parser.add_argument("--bot", action="append", default=[], metavar="ID:SECRET:USERNAME", help="a bot")
    parser.add_argument("--limits", action="store_true", help="enforce Telegram's rates")
    parser.add_argument("--retry-seconds", type=float, help="fixed time between webhook attempts")
    uvloop.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
