# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""HTTP/1.1 as small as it can be, both sides: the measuring must cost less than what is measured."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import httptools

#: Gives the JSON body of the answer back to whoever asked; it may be called later.
Reply = Callable[[bytes], None]
#: `(path, body, reply)` for each request.
Serve = Callable[[bytes, bytes, Reply], None]


class Served(asyncio.Protocol):
    """A connection to our server: one request after the other, kept alive."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._parser = httptools.HttpRequestParser(self)
        self._path = b""
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._path, self._body = url, b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self._serve(self._path, self._body, self._reply)

    def _reply(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


class Asking(asyncio.Protocol):
    """A connection of ours to somebody's server, for one request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""
        self.is_open = True
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def open(cls, host: str, port: int) -> Asking:
        _, protocol = await asyncio.get_running_loop().create_connection(cls, host, port)
        return protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up") if exc is None else exc)

    async def post(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Send a request (its head ends before Content-Length) and wait for status and body."""
        self._answer = asyncio.get_running_loop().create_future()
        self._body = b""
        self._transport.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return await self._answer

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        assert self._answer is not None
        self._answer.set_result((self._parser.get_status_code(), self._body))
        # One parser serves one response where a server ends it in its own way.
        self._parser = httptools.HttpResponseParser(self)
