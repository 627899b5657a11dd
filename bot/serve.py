# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The HTTP server, told to stop by us and not by signals of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator

import uvicorn

from bot.errors import ConfigurationError


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are handled once, by the command that runs everything."""
        yield


class WebServer:
    """Listens as soon as it is made, so that a taken port is told before anything else happens.

    Port 0 takes any free one; `address` says which. Raises `ConfigurationError` if it cannot listen.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise ConfigurationError([f"cannot listen on {host}:{port}: {error.strerror}"]) from None
        self.address = f"http://{host}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            app,
            http="httptools",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; requests under way are answered."""
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(self._server.serve(sockets=[self._socket]))
            await stop.wait()
            self._server.should_exit = True
            await serving

    def close(self) -> None:
        """Let go of the port, also if it was never served."""
        self._socket.close()
