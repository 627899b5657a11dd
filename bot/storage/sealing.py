# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sealing: what people wrote, their names and addresses lie in the database only encrypted.

A sealed value is `format, length of the key id, key id, nonce, ciphertext with tag` (AES-256-GCM). The header
and the place of the value (`table.column`) are authenticated with it, so that a value that was moved to
another column does not open. Format 1 names a key of the installation, format 2 the key of one person
(`p17`); see `bot.storage.seals`.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ConfigurationError, SealBroken

logger = logging.getLogger(__name__)

KEY_BYTES = 32
#: Formats of a sealed value, its first byte.
INSTALLATION = 1
PERSON = 2
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
#: How often at most a process looks whether its keys have changed.
LOOK_EVERY_S = 1.0


@dataclass(frozen=True)
class KeyMaterial:
    """Keys of 32 bytes by their id, the oldest first, and the id of the one that seals.

    `fingerprints` is the key of fingerprints, once the key that it was made of may be retired.
    """

    keys: Mapping[str, bytes]
    current: str
    fingerprints: bytes = b""


class KeySource(Protocol):
    """Where keys come from, while they may change."""

    def look(self, *, is_missed: bool) -> KeyMaterial | None:
        """The keys, if they have changed; `is_missed`: a value names a key that is not known.

        It is asked once a second, and for every value that cannot be opened: it must be quick where nothing
        has changed. Raises `ConfigurationError` for keys that cannot be used.
        """


class _Ciphers:
    """What is made of key material, all at once. Raises `ConfigurationError` for unusable keys."""

    def __init__(self, material: KeyMaterial) -> None:
        problems = [
            f"key {name!r} has {len(key)} bytes, not 32"
            for name, key in material.keys.items()
            if len(key) != KEY_BYTES
        ]
        problems += [f"{name!r} is no key id" for name in material.keys if not _KEY_ID.fullmatch(name)]
        if material.current not in material.keys:
            problems.append(f"the current key {material.current!r} is missing")
        if problems:
            raise ConfigurationError(problems)
        self.of_content = {
            name.encode(): AESGCM(_derive(key, b"lotse content 1")) for name, key in material.keys.items()
        }
        self.of_backups = {name: _derive(key, b"lotse backup 1") for name, key in material.keys.items()}
        self.index_key = material.fingerprints or fingerprint_key(material)
        self.current = material.current
        self.header = header(INSTALLATION, material.current)
        self.sealer = self.of_content[material.current.encode()]


class Keyring:
    """The keys of an installation.

    Every key opens, `current` seals. Fingerprints hang on the first key of the mapping, so that they stay the
    same when a newer key becomes current. With a `source`, keys that are added to it later are noticed within
    a second. Raises `ConfigurationError` for unusable keys.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        current: str,
        *,
        fingerprints: bytes = b"",
        source: KeySource | None = None,
    ) -> None:
        self._ciphers = _Ciphers(KeyMaterial(keys, current, fingerprints))
        self._source = source
        self._looking = threading.Lock()
        self._look_at = time.monotonic() + LOOK_EVERY_S

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self._ciphers.current

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of all keys, the oldest first."""
        return tuple(self._ciphers.of_backups)

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt `text` for the place `context` (`table.column`). Two calls never give the same bytes."""
        return self._seal(to_bytes(text), context)

    def open(self, blob: bytes, context: str) -> str:
        """Decrypt what `seal` gave for the same context. Raises `SealBroken`, which names only the place."""
        return to_text(self._open(blob, context))

    def wrap(self, key: bytes, participant_id: int) -> bytes:
        """Seal the key of one person."""
        return self._seal(key, _key_of(participant_id))

    def unwrap(self, wrapped: bytes, participant_id: int) -> bytes:
        """The key of one person. Raises `SealBroken`, also for the key of another person."""
        return self._open(wrapped, _key_of(participant_id))

    def fingerprint(self, text: str, context: str) -> bytes:
        """A keyed hash (HMAC-SHA256, 32 bytes) by which a sealed value can be looked up."""
        return hmac.digest(self._ciphers.index_key, context.encode() + b"\0" + to_bytes(text), sha256)

    def backup_cipher(self, key_id: str, salt: bytes) -> AESGCM:
        """The cipher of one backup file, which no other file has. Raises `SealBroken` for an unknown key."""
        if key_id not in self._ciphers.of_backups:
            self._look(is_missed=True)
        key = self._ciphers.of_backups.get(key_id)
        if key is None:
            raise SealBroken(f"the key {key_id!r} is not among the keys of this installation")
        return AESGCM(_derive(key, b"lotse backup file 1", salt))

    def _seal(self, content: bytes, context: str) -> bytes:
        # Whoever seals with a key that is no longer the current one would keep it from being retired.
        self._look()
        ciphers = self._ciphers
        return ciphers.header + encrypt(ciphers.sealer, ciphers.header, content, context)

    def _open(self, blob: bytes, context: str) -> bytes:
        if not blob or blob[0] != INSTALLATION:
            raise SealBroken(f"no key for a value of {context}")
        name = key_id(blob)
        cipher = self._ciphers.of_content.get(name)
        if cipher is None:
            self._look(is_missed=True)
            cipher = self._ciphers.of_content.get(name)
        if cipher is None:
            raise SealBroken(f"no key for a value of {context}")
        return decrypt(cipher, blob, context)

    def _look(self, *, is_missed: bool = False) -> None:
        if self._source is None or (time.monotonic() < self._look_at and not is_missed):
            return
        with self._looking:
            self._look_at = time.monotonic() + LOOK_EVERY_S
            try:
                material = self._source.look(is_missed=is_missed)
                found = None if material is None else _Ciphers(material)
            except ConfigurationError as fault:
                logger.warning("keys: what they were changed to cannot be used (%s)", type(fault).__name__)
                return
            if found is None:
                return
            if found.index_key != self._ciphers.index_key:
                # With other fingerprints nobody's address would be found.
                logger.warning("keys: the oldest key was changed or removed, the changed keys are not used")
                return
            self._ciphers = found


def header(form: int, name: str) -> bytes:
    """What a value begins with that lies under the key of this name."""
    return bytes((form, len(name))) + name.encode()


def key_id(blob: bytes) -> bytes:
    """The name of the key that a value lies under; empty if it is too short for one."""
    return blob[2 : 2 + blob[1]] if len(blob) > 1 else b""


def to_bytes(text: str) -> bytes:
    """Text as it is sealed. Half an emoji is bad text, but it must not cost the person their message."""
    return text.encode("utf-8", "surrogatepass")


def to_text(content: bytes) -> str:
    """What `to_bytes` was given."""
    return content.decode("utf-8", "surrogatepass")


def encrypt(cipher: AESGCM, head: bytes, content: bytes, context: str) -> bytes:
    """Nonce and ciphertext: what follows the header."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, head + context.encode())


def decrypt(cipher: AESGCM, blob: bytes, context: str) -> bytes:
    """The content of a whole value. Raises `SealBroken`, which names only the place."""
    start = 2 + blob[1]
    nonce, sealed = blob[start : start + _NONCE_BYTES], blob[start + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, sealed, blob[:start] + context.encode())
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise SealBroken(f"a value of {context} cannot be opened") from None


def fingerprint_key(material: KeyMaterial) -> bytes:
    """The key of fingerprints: what is stored, or what the oldest key gives."""
    return material.fingerprints or _derive(next(iter(material.keys.values())), b"lotse fingerprint 1")


def _key_of(participant_id: int) -> str:
    return f"person_key.wrapped:{participant_id}"


def _derive(key: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(key)
