# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The heartbeat: a GET to a watch outside, which raises the alarm itself when it no longer comes.

Nothing is sent but the URL that the operator gave. One request needs no library.
"""

from __future__ import annotations

import asyncio
import ssl
from http import HTTPStatus
from urllib.parse import urlsplit

_LIMIT_S = 5.0
_PORTS = {"http": 80, "https": 443}


class Heartbeat:
    """Pings one URL. Raises `ValueError` for one that is not http(s) with a host."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("must begin with https:// (or http://) and name a host")
        self._host = parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        path = parts.path or "/"
        where = f"{path}?{parts.query}" if parts.query else path
        name = parts.netloc.rpartition("@")[2]
        self._request = (
            f"GET {where} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: lotse\r\nConnection: close\r\n\r\n"
        ).encode("ascii")

    async def ping(self) -> bool:
        """True if the watch took it within 5 seconds. Raises nothing that a network can do."""
        try:
            async with asyncio.timeout(_LIMIT_S):
                return await self._get()
        except (OSError, TimeoutError, ValueError):
            return False

    async def _get(self) -> bool:
        """Raises `OSError`, and `ValueError` for an answer that is none."""
        reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        try:
            writer.write(self._request)
            await writer.drain()
            protocol, status, *_ = [*(await reader.readline()).split(), b"", b""]
        finally:
            writer.close()
        code = int(status or 0)
        return protocol.startswith(b"HTTP/1.") and HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES
