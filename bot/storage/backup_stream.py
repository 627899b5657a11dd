# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Encrypted files that are written and read as a stream, in memory of one piece.

A file is `LOTSE1`, a line of JSON (the head), then pieces: four bytes with the length, then the ciphertext of
at most 64 KiB (AES-256-GCM). The key is derived for this file alone, from a key of the installation and a
salt. The nonce of a piece is its number and whether it is the last one; the head is authenticated with every
piece. So nothing can be changed, swapped, left out, cut off or added without being noticed.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from datetime import datetime
from typing import IO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import LotseError
from bot.storage.sealing import Keyring

_MAGIC = b"LOTSE1\n"
_PIECE = 65_536
_TAG = 16
_LENGTH = 4
_LONGEST_HEAD = 4096
_SALT_BYTES = 32


class BackupBroken(LotseError):
    """A file cannot be read: not one of ours, cut off, changed, or under a key that is not here."""


class Head(msgspec.Struct, frozen=True):
    """What stands readable at the front of a file. `holds` is `data` or `keys`."""

    holds: str
    schema: str
    made_at: datetime
    key: str
    salt: str


_HEAD = msgspec.json.Decoder(Head)


class Writer:
    """Writes one file. Only `finish` makes it whole."""

    def __init__(self, file: IO[bytes], keyring: Keyring, holds: str, schema: str, made_at: datetime) -> None:
        salt = os.urandom(_SALT_BYTES)
        head = Head(holds, schema, made_at, keyring.current, base64.b64encode(salt).decode())
        self._file = file
        self._head = msgspec.json.encode(head)
        self._cipher = keyring.backup_cipher(head.key, salt)
        self._number = 0
        self._waiting = bytearray()
        file.write(_MAGIC + self._head + b"\n")

    def write(self, content: bytes) -> None:
        """One more message of any length."""
        self._waiting += len(content).to_bytes(_LENGTH, "big") + content
        while len(self._waiting) > _PIECE:
            self._put(bytes(self._waiting[:_PIECE]), is_last=False)
            del self._waiting[:_PIECE]

    def finish(self) -> None:
        """The last piece, and everything on the disk."""
        self._put(bytes(self._waiting), is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _put(self, content: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last=is_last), content, self._head)
        self._number += 1
        self._file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)


def read_head(file: IO[bytes]) -> tuple[Head, bytes]:
    """The head, and its bytes as they are authenticated later. Raises `BackupBroken`."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupBroken("this is no backup of Lotse")
    line = file.readline(_LONGEST_HEAD)
    try:
        return _HEAD.decode(line), line.removesuffix(b"\n")
    except msgspec.DecodeError:
        raise BackupBroken("the head of the file cannot be read") from None


def read_messages(file: IO[bytes], head: Head, line: bytes, keyring: Keyring) -> Iterator[bytes]:
    """The messages, in their order. What came before a fault has been given by then: keep nothing of it.

    Raises `BackupBroken`, and `SealBroken` for a key that is not here.
    """
    cipher = keyring.backup_cipher(head.key, _salt(head))
    waiting = bytearray()
    for piece in _pieces(file, cipher, line):
        waiting += piece
        while len(waiting) >= _LENGTH:
            end = _LENGTH + int.from_bytes(waiting[:_LENGTH], "big")
            if len(waiting) < end:
                break
            yield bytes(waiting[_LENGTH:end])
            del waiting[:end]
    if waiting:
        raise BackupBroken("the file ends in the middle")


def _pieces(file: IO[bytes], cipher: AESGCM, line: bytes) -> Iterator[bytes]:
    number, is_last = 0, False
    while not is_last:
        length = int.from_bytes(file.read(_LENGTH), "big")
        sealed = file.read(length) if _TAG <= length <= _PIECE + _TAG else b""
        if not sealed or len(sealed) < length:
            raise BackupBroken("the file is cut off or was changed")
        # Nothing follows the last piece, so what the nonce says about it can be told beforehand.
        is_last = not file.peek(1) if hasattr(file, "peek") else False
        try:
            yield cipher.decrypt(_nonce(number, is_last=is_last), sealed, line)
        except InvalidTag:
            raise BackupBroken("the file is cut off, was changed, or lies under another key") from None
        number += 1


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((is_last,))


def _salt(head: Head) -> bytes:
    try:
        return base64.b64decode(head.salt, validate=True)
    except ValueError:
        raise BackupBroken("the head of the file cannot be read") from None
