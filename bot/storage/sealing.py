# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sealing: what people wrote, their names and addresses lie in the database only encrypted.

A sealed value is `format, length of the key id, key id, nonce, ciphertext with tag` (AES-256-GCM). The header
and the place of the value (`table.column`) are authenticated with it, so that a value that was moved to
another column does not open. The key id in the header lets old and new keys live side by side; a later format
may name a key of one person there.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ConfigurationError, SealBroken

KEY_BYTES = 32
_FORMAT = 1
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class KeyFile(msgspec.Struct, frozen=True):
    """The key file: keys in base64 by their id, the oldest first, and the id of the one that seals."""

    current: str
    keys: dict[str, str]


class Keyring:
    """The keys of an installation.

    Every key opens, `current` seals. Fingerprints hang on the first key of the mapping, so that they stay the
    same when a newer key becomes current. Raises `ConfigurationError` for unusable keys.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        problems = [
            f"key {name!r} has {len(key)} bytes, not 32"
            for name, key in keys.items()
            if len(key) != KEY_BYTES
        ]
        problems += [f"{name!r} is no key id" for name in keys if not _KEY_ID.fullmatch(name)]
        if current not in keys:
            problems.append(f"the current key {current!r} is missing")
        if problems:
            raise ConfigurationError(problems)
        self._ciphers = {
            name.encode(): AESGCM(_derive(key, b"lotse content 1")) for name, key in keys.items()
        }
        self._index_key = _derive(next(iter(keys.values())), b"lotse fingerprint 1")
        self._header = bytes((_FORMAT, len(current))) + current.encode()
        self._sealer = self._ciphers[current.encode()]

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt `text` for the place `context` (`table.column`). Two calls never give the same bytes."""
        nonce = os.urandom(_NONCE_BYTES)
        # surrogatepass: half an emoji is bad text, but it must not cost the person their message.
        content = text.encode("utf-8", "surrogatepass")
        return self._header + nonce + self._sealer.encrypt(nonce, content, self._header + context.encode())

    def open(self, blob: bytes, context: str) -> str:
        """Decrypt what `seal` gave for the same context. Raises `SealBroken`, which names only the place."""
        start = 2 + blob[1] if len(blob) > 1 else 0
        cipher = self._ciphers.get(blob[2:start])
        if cipher is None or blob[0] != _FORMAT:
            raise SealBroken(f"no key for a value of {context}")
        nonce, sealed = blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :]
        try:
            content = cipher.decrypt(nonce, sealed, blob[:start] + context.encode())
        except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
            raise SealBroken(f"a value of {context} cannot be opened") from None
        return content.decode("utf-8", "surrogatepass")

    def fingerprint(self, text: str, context: str) -> bytes:
        """A keyed hash (HMAC-SHA256, 32 bytes) by which a sealed value can be looked up."""
        message = context.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._index_key, message, sha256)


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def create_key_file(path: Path) -> Keyring:
    """Write a key file with one fresh key, readable by its owner alone, and return its keyring.

    Raises `ConfigurationError` if the file exists: keys are never overwritten.
    """
    content = KeyFile("k1", {"k1": base64.b64encode(os.urandom(KEY_BYTES)).decode()})
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError([f"{path}: exists already; keys are never overwritten"]) from None
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be written ({error.strerror})"]) from None
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return load_keyring(path)


def load_keyring(path: Path) -> Keyring:
    """Read a key file. Raises `ConfigurationError` if it is missing, malformed or readable by others."""
    try:
        mode = path.stat().st_mode
        content = msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except OSError as error:
        raise ConfigurationError([f"{path}: the key file cannot be read ({error.strerror})"]) from None
    except msgspec.DecodeError:
        raise ConfigurationError(
            [f'{path}: not a key file ({{"current": ID, "keys": {{ID: base64}}}})']
        ) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError([f"{path}: others may read the keys; run chmod 600 {path}"])
    try:
        keys = {name: base64.b64decode(key, validate=True) for name, key in content.keys.items()}
    except binascii.Error:
        raise ConfigurationError([f"{path}: a key is not base64"]) from None
    try:
        return Keyring(keys, content.current)
    except ConfigurationError as error:
        raise ConfigurationError([f"{path}: {problem}" for problem in error.problems]) from None
