# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the tests of the double share: a clock to move, and calls that no library would make."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp

from tests.doubles.bot_api import Bot, BotApiDouble

#: One grey pixel.
A_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg=="
)
YES_NO = {"inline_keyboard": [[{"text": "Ja", "callback_data": "j"}, {"text": "Nein", "callback_data": "n"}]]}


class MovableClock:
    """Seconds since 1970 that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


class Caller:
    """Plain JSON calls, so that wrong ones can be made that no library would make."""

    def __init__(self, api: BotApiDouble, bot: Bot, session: aiohttp.ClientSession) -> None:
        self.address = f"{api.url}/bot{bot.token}"
        self.session = session

    async def __call__(self, method: str, **values: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.address}/{method}", json=values) as response:
            answer: dict[str, Any] = await response.json()
            assert answer.get("error_code", 200) == response.status
            return answer


def one_button(**fields: Any) -> dict[str, Any]:
    """An inline keyboard of a single button."""
    return {"inline_keyboard": [[fields]]}
