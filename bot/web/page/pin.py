# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What somebody must know beside their link: hashed like a password, compared in steady time."""

from __future__ import annotations

import asyncio
import secrets

from bot.services.sign_in_secrets import hash_password, is_password

#: So many are compared at a time; more wait. Guessing cannot take the machine away from everybody else.
_AT_ONCE = 2
_LONGEST = 64
_DIGITS = 8


class Comparer:
    """Compares answers with hashes, away from the loop."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def matches(self, secret: str | None, answer: str) -> bool:
        """Whether it is the right answer. Without a secret it takes as long, and is not."""
        async with self._room:
            return await asyncio.to_thread(is_password, answer[:_LONGEST], secret or "")

    async def hash(self, answer: str) -> str:
        """What is kept of an answer."""
        async with self._room:
            return await asyncio.to_thread(hash_secret, answer)


def hash_secret(answer: str) -> str:
    """What is kept of an answer."""
    return hash_password(answer[:_LONGEST])


def new_pin() -> str:
    """A PIN that a coach can hand over."""
    return "".join(secrets.choice("0123456789") for _ in range(_DIGITS))
