# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The seals of one engine: content of a person lies under that person's key, the rest under our own.

The key of a person is random, lies in the database wrapped by a key of the installation, and is destroyed
when the person is erased: whatever copy of the content is left somewhere can then not be opened by anybody.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import SealBroken
from bot.storage.sealing import (
    KEY_BYTES,
    PERSON,
    Keyring,
    decrypt,
    encrypt,
    header,
    key_id,
    to_bytes,
    to_text,
)

#: How many people's keys a process holds in memory, and for how long: a process that is not told of an
#: erasure forgets the key by itself.
HELD = 4096
_HELD_S = 60.0
#: `p` and as many digits as a row number has at most, so that it is one for every database.
_LONGEST = 19


class Owned(str):
    """Content that belongs to one participant: it is sealed with that person's key."""

    __slots__ = ("participant_id",)

    participant_id: int

    def __new__(cls, text: str, participant_id: int) -> Owned:
        """The text, with whose it is."""
        made = super().__new__(cls, text)
        made.participant_id = participant_id
        return made


def owned(text: str | None, participant_id: int | None) -> str | None:
    """Content of this person; of the installation, if there is no person."""
    return text if text is None or participant_id is None else Owned(text, participant_id)


class PersonKeys(Protocol):
    """Where the wrapped keys lie, on the connection of one unit of work."""

    def load(self, participant_id: int) -> bytes | None:
        """The wrapped key, empty for somebody who was erased; None if there is none."""

    def keep(self, participant_id: int, wrapped: bytes) -> bytes | None:
        """Keep a wrapped key unless there is one already; the one that is there now. None: no such person."""


@dataclass(frozen=True, slots=True)
class _Held:
    cipher: AESGCM
    until: float


class _OnThread(threading.local):
    """What belongs to the transaction of one thread: an engine has at most one connection in each."""

    keys: PersonKeys | None = None
    learned: dict[int, AESGCM] | None = None


class Seals:
    """Seals and opens for all connections of one engine.

    What a transaction learns about keys is shared with others only after its commit: a key that was made in a
    transaction that is rolled back never existed, and its person's number may be given to somebody else.
    """

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._lock = threading.Lock()
        self._here = _OnThread()

    def begin(self, keys: PersonKeys) -> None:
        """A transaction begins on this thread, or starts again: what the last one learned is forgotten."""
        self._here.keys = keys
        self._here.learned = {}

    def committed(self) -> None:
        """The transaction of this thread is kept: what it learned holds for all."""
        learned = self._here.learned
        if not learned:
            return
        until = time.monotonic() + _HELD_S
        with self._lock:
            for participant_id, cipher in learned.items():
                self._held[participant_id] = _Held(cipher, until)
                self._held.move_to_end(participant_id)
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        self._here.learned = {}

    def forget(self, participant_id: int) -> None:
        """The key of this person is gone."""
        with self._lock:
            self._held.pop(participant_id, None)
        if self._here.learned is not None:
            self._here.learned.pop(participant_id, None)

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt a text for its place, with its owner's key if it is `Owned`.

        Raises `SealBroken` if there is no such person.
        """
        if not isinstance(text, Owned):
            return self.keyring.seal(text, context)
        cipher = self._cipher(text.participant_id, context, may_make=True)
        if cipher is None:
            # What must be kept of somebody who was erased, or is noted about it, is no longer theirs.
            return self.keyring.seal(text, context)
        head = header(PERSON, f"p{text.participant_id}")
        return head + encrypt(cipher, head, to_bytes(text), context)

    def open(self, blob: bytes, context: str) -> str:
        """Decrypt what `seal` gave for the same context. Raises `SealBroken`, which names only the place."""
        if not blob or blob[0] != PERSON:
            return self.keyring.open(blob, context)
        name = key_id(blob)
        if name[:1] != b"p" or not name[1:].isdigit() or len(name) > _LONGEST:
            raise SealBroken(f"no key for a value of {context}")
        cipher = self._cipher(int(name[1:]), context, may_make=False)
        if cipher is None:
            raise SealBroken(f"no key for a value of {context}: the person was erased")
        return to_text(decrypt(cipher, blob, context))

    def ensure(self, participant_id: int) -> None:
        """The person has a key afterwards. Raises `SealBroken` if there is no such person."""
        self._cipher(participant_id, "person_key.wrapped", may_make=True)

    def unknown(self, people: Iterable[int]) -> list[int]:
        """Those of these people whose keys this transaction would have to look up."""
        learned = self._here.learned or {}
        return sorted(one for one in people if one not in learned and self._remembered(one) is None)

    def learn(self, wrapped: Mapping[int, bytes]) -> None:
        """Keys that were read together: nothing looks them up again. What cannot be opened is left out."""
        if self._here.learned is None:
            return
        for participant_id, key in wrapped.items():
            # That somebody was erased, or that a key is broken, is found out where their content is opened.
            with suppress(SealBroken):
                self._here.learned[participant_id] = AESGCM(self.keyring.unwrap(key, participant_id))

    def _cipher(self, participant_id: int, context: str, *, may_make: bool) -> AESGCM | None:
        """None for somebody who was erased. Raises `SealBroken` for somebody who is not there."""
        learned = self._here.learned
        cipher = learned.get(participant_id) if learned is not None else None
        cipher = cipher or self._remembered(participant_id)
        if cipher is not None:
            return cipher
        keys = self._here.keys
        if keys is None or learned is None:
            raise SealBroken(f"no key for a value of {context}: not within a unit of work")
        wrapped = keys.load(participant_id)
        if wrapped is None and may_make:
            wrapped = keys.keep(participant_id, self.keyring.wrap(os.urandom(KEY_BYTES), participant_id))
        if wrapped is None:
            raise SealBroken(f"no key for a value of {context}")
        if not wrapped:
            return None
        try:
            learned[participant_id] = AESGCM(self.keyring.unwrap(wrapped, participant_id))
        except SealBroken:
            raise SealBroken(f"no key for a value of {context}: the person's cannot be opened") from None
        return learned[participant_id]

    def _remembered(self, participant_id: int) -> AESGCM | None:
        with self._lock:
            held = self._held.get(participant_id)
            if held is None:
                return None
            if held.until < time.monotonic():
                del self._held[participant_id]
                return None
            self._held.move_to_end(participant_id)
            return held.cipher
