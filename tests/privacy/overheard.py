# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What somebody could overhear who sees logs, numbers and locked phones, but no page and no chat."""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

#: What a locked phone shows of a message.
PREVIEW = 40
#: In every canary, whatever its place.
CANARY = "kanari"


def canary(place: str) -> str:
    """The word for one place: name, answer, note ..."""
    return f"Kanari{place}"


@dataclass
class Overheard:
    """What was found out so far, each piece under the name of where it came from."""

    written: io.StringIO
    faults: list[Exception] = field(default_factory=list)
    pieces: list[tuple[str, str]] = field(default_factory=list)

    def add(self, where: str, text: str) -> None:
        """One more piece."""
        self.pieces.append((where, text))

    def everything(self) -> list[tuple[str, str]]:
        """All pieces, with the logs, the program's exceptions, and what the system shows of the process."""
        logs = [("log", line) for line in self.written.getvalue().splitlines()]
        faults = [
            (type(one).__name__, " ".join([str(one), repr(one.args), *getattr(one, "__notes__", ())]))
            for one in self.faults
        ]
        return [*self.pieces, *logs, *faults, *process_names()]

    def hits(self, *words: str) -> list[str]:
        """Where one of the words stands, in capitals or not."""
        wanted = [word.casefold() for word in words]
        return [
            f"{where}: {text[:300]}"
            for where, text in self.everything()
            if any(word in text.casefold() for word in wanted)
        ]


def process_names() -> list[tuple[str, str]]:
    """The titles of the process and of its threads, as others on the machine see them."""
    found = []
    for path in (Path("/proc/self/cmdline"), *Path("/proc/self/task").glob("*/comm")):
        with suppress(OSError):  # a thread may have ended meanwhile
            found.append(("process", path.read_text(errors="replace").replace("\0", " ")))
    return found


class Wire:
    """A watch outside that keeps every byte it is sent."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one heartbeat."""
        self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
