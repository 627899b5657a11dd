# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The heartbeat against a watch that answers well, badly, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot import heartbeat
from bot.errors import ConfigurationError
from bot.heartbeat import Heartbeat
from bot.settings import load


@dataclass
class Watch:
    """Answers each connection with these bytes, or waits until it is gone (None)."""

    port: int = 0
    answer: bytes | None = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
    heard: list[bytes] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(await reader.readuntil(b"\r\n\r\n"))
        if self.answer is None:
            await reader.read()
        else:
            writer.write(self.answer)
            await writer.drain()
        writer.close()


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    built = Watch()
    async with await asyncio.start_server(built.take, "127.0.0.1", 0) as server:
        built.port = server.sockets[0].getsockname()[1]
        yield built


async def test_a_ping_says_nothing_but_its_url(watch: Watch) -> None:
    assert await Heartbeat(f"http://127.0.0.1:{watch.port}/ping/abc?x=1#there").ping()
    lines = watch.heard[0].decode().split("\r\n")
    assert lines[0] == "GET /ping/abc?x=1 HTTP/1.1"
    assert set(lines[1:]) == {f"Host: 127.0.0.1:{watch.port}", "User-Agent: lotse", "Connection: close", ""}


@pytest.mark.parametrize(
    ("answer", "is_taken"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", True),
        (b"HTTP/1.0 200\r\n", True),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", False),
        (b"HTTP/1.1 302 Found\r\n\r\n", False),
        (b"HTTP/1.1 abc\r\n\r\n", False),
        (b"200 OK\r\n\r\n", False),
        (b"", False),
        (b"x" * 200_000, False),
    ],
)
async def test_only_a_watch_that_took_it_counts(watch: Watch, answer: bytes, is_taken: bool) -> None:
    watch.answer = answer
    assert await Heartbeat(f"http://127.0.0.1:{watch.port}").ping() is is_taken


async def test_a_watch_that_never_answers_is_given_up(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_LIMIT_S", 0.05)
    watch.answer = None
    assert not await Heartbeat(f"http://127.0.0.1:{watch.port}/").ping()


async def test_nobody_there(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_LIMIT_S", 0.5)
    assert not await Heartbeat("http://127.0.0.1:1/").ping()
    # TLS is asked for, and spoken to somebody who does not know it.
    assert not await Heartbeat(f"https://127.0.0.1:{watch.port}/").ping()
    assert not await Heartbeat("http://nowhere.invalid/").ping()


@pytest.mark.parametrize(
    "url", ["ftp://watch.example", "https://", "https://watch.example:99999", "watch", "http://ü"]
)
def test_a_url_that_cannot_be_asked_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_HEARTBEAT_URL", url)
    with pytest.raises(ConfigurationError, match="heartbeat_url"):
        load()


def test_a_url_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_HEARTBEAT_URL", "https://watch.example:8443/ping/abc?x=1")
    assert load().heartbeat_url == "https://watch.example:8443/ping/abc?x=1"
