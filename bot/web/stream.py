# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Live events to a browser: that something changed, never what."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from bot.web.office import Office

#: Keeps proxies from closing a quiet connection, and finds out that a browser has gone.
HEARTBEAT_S = 15.0
#: Then the browser connects anew, and is asked again who it is: an hour of quiet.
_BEATS = 240


def stream(office: Office, topic: str) -> StreamingResponse:
    """Server-sent events of one topic."""
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_events(office, topic), media_type="text/event-stream", headers=headers)


async def _events(office: Office, topic: str) -> AsyncIterator[bytes]:
    with office.live.listen(topic) as changed:
        yield b"retry: 3000\n\n"
        for _ in range(_BEATS):
            if await office.clock.wait(changed, HEARTBEAT_S):
                changed.clear()
                yield b"event: changed\ndata: 1\n\n"
            else:
                yield b": still here\n\n"
