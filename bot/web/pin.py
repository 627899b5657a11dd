# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What somebody must know beside their link: hashed with argon2, compared in a time that tells nothing."""

from __future__ import annotations

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

#: 19 MiB and two passes, as OWASP recommends for argon2id.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: So many are compared at a time; more wait. Guessing cannot take the machine away from everybody else.
_AT_ONCE = 2
_LONGEST = 64
_DIGITS = 8


class Comparer:
    """Compares answers with hashes, away from the loop."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._nobodys = _HASHER.hash(secrets.token_urlsafe(16))

    async def matches(self, secret: str | None, answer: str) -> bool:
        """Whether it is the right answer. Without a secret it takes as long, and is not."""
        async with self._room:
            found = await asyncio.to_thread(_verify, secret or self._nobodys, answer[:_LONGEST])
        return found and secret is not None

    async def hash(self, answer: str) -> str:
        """What is kept of an answer."""
        async with self._room:
            return await asyncio.to_thread(hash_secret, answer)


def hash_secret(answer: str) -> str:
    """What is kept of an answer."""
    return _HASHER.hash(answer[:_LONGEST])


def new_pin() -> str:
    """A PIN that a coach can hand over."""
    return "".join(secrets.choice("0123456789") for _ in range(_DIGITS))


def _verify(secret: str, answer: str) -> bool:
    try:
        return _HASHER.verify(secret, answer.encode("utf-8", "surrogatepass"))
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
