# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where the keys of an installation lie: in a file that its owner alone may read, or behind a command.

The command is for a key management system: its standard output is what the file would hold. Lotse changes
only the file.
"""

from __future__ import annotations

import base64
import binascii
import os
import shlex
import stat
import subprocess
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec

from bot.errors import ConfigurationError
from bot.storage.sealing import KEY_BYTES, LOOK_EVERY_S, KeyMaterial, Keyring, fingerprint_key

_COMMAND_LIMIT_S = 20.0
#: 32 random bytes hold about 30 different ones; fewer than this never happens by chance.
_LEAST_DIFFERENT = 16


class KeyFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """The key file: keys in base64 by their id, the oldest first, and the id of the one that seals.

    `fingerprints`: the key of fingerprints, which outlives the key that it was made of.
    """

    current: str
    keys: dict[str, str]
    fingerprints: str = ""


_KEY_FILE = msgspec.json.Decoder(KeyFile)


class _WatchedFile:
    """A key file that may be replaced while the program runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()

    def look(self, *, is_missed: bool) -> KeyMaterial | None:
        """The keys, if the file is another one than the one that was read last."""
        del is_missed
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        material = read_key_file(self._path)
        self._seen = stamp
        return material

    def _stamp(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0, 0)
        return found.st_mtime_ns, found.st_ino, found.st_size


class _WatchedCommand:
    """A command that gives the keys; it is asked again only for a key that is missing."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._not_before = 0.0

    def look(self, *, is_missed: bool) -> KeyMaterial | None:
        """The keys, if one is missing; at most once a second, because somebody may store broken values."""
        if not is_missed or time.monotonic() < self._not_before:
            return None
        self._not_before = time.monotonic() + LOOK_EVERY_S
        return _run(self._command)


def create_key_file(path: Path) -> Keyring:
    """Write a key file with one fresh key, readable by its owner alone, and return its keyring.

    Raises `ConfigurationError` if the file exists: keys are never overwritten.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError([f"{path}: exists already; keys are never overwritten"]) from None
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be written ({error.strerror})"]) from None
    _fill(handle, KeyMaterial({"k1": os.urandom(KEY_BYTES)}, "k1"))
    return load_keyring(path)


def load_keyring(path: Path) -> Keyring:
    """Read a key file. Raises `ConfigurationError` if it is missing, malformed, weak or readable by others.

    Keys that are added to the file later are noticed.
    """
    source = _WatchedFile(path)
    return _keyring(read_key_file(path), source, str(path))


def ask_for_keyring(command: str) -> Keyring:
    """The keys that a command prints. Raises `ConfigurationError`, which tells nothing of its output."""
    return _keyring(_run(command), _WatchedCommand(command), "LOTSE_KEYS_COMMAND")


def read_key_file(path: Path) -> KeyMaterial:
    """What a key file holds. Raises `ConfigurationError`; whether the keys fit is the keyring's business."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{path}: the key file cannot be read ({error.strerror})"]) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError([f"{path}: others may read the keys; run chmod 600 {path}"])
    return _decode(content, str(path))


def add_key(path: Path) -> str:
    """Add a fresh key to a key file and make it the current one; the file is replaced whole.

    Returns its id. Raises `ConfigurationError`.
    """
    material = read_key_file(path)
    numbers = [int(name[1:]) for name in material.keys if name[:1] == "k" and name[1:].isdecimal()]
    name = f"k{max(numbers, default=0) + 1}"
    keys = {**material.keys, name: os.urandom(KEY_BYTES)}
    replace_key_file(path, replace(material, keys=keys, current=name))
    return name


def remove_key(path: Path, name: str) -> None:
    """Remove a key from a key file; what fingerprints hang on stays. Raises `ConfigurationError`."""
    material = read_key_file(path)
    keys = {known: key for known, key in material.keys.items() if known != name}
    replace_key_file(path, replace(material, keys=keys))


def replace_key_file(path: Path, material: KeyMaterial) -> None:
    """Write a key file in place of the old one, whole or not at all. Raises `ConfigurationError`."""
    kept = replace(material, fingerprints=fingerprint_key(read_key_file(path)))
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        _fill(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), kept)
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be written ({error.strerror})"]) from None


def sync_folder(folder: Path) -> None:
    """A file that was renamed there keeps its new name after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fill(handle: int, material: KeyMaterial) -> None:
    fingerprints = base64.b64encode(material.fingerprints).decode()
    keys = {name: base64.b64encode(key).decode() for name, key in material.keys.items()}
    content = KeyFile(material.current, keys, fingerprints)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content)) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _run(command: str) -> KeyMaterial:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command
            shlex.split(command), capture_output=True, timeout=_COMMAND_LIMIT_S, check=False
        )
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        fault = f"LOTSE_KEYS_COMMAND: cannot be carried out ({type(error).__name__})"
        raise ConfigurationError([fault]) from None
    if done.returncode:
        raise ConfigurationError([f"LOTSE_KEYS_COMMAND: ended with code {done.returncode}, no keys came"])
    return _decode(done.stdout, "LOTSE_KEYS_COMMAND")


def _decode(content: bytes, where: str) -> KeyMaterial:
    try:
        found = _KEY_FILE.decode(content)
    except msgspec.DecodeError:
        raise ConfigurationError(
            [f'{where}: not a key file ({{"current": ID, "keys": {{ID: base64}}}})']
        ) from None
    try:
        keys = {name: base64.b64decode(key, validate=True) for name, key in found.keys.items()}
        fingerprints = base64.b64decode(found.fingerprints, validate=True)
    except binascii.Error:
        raise ConfigurationError([f"{where}: a key is not base64"]) from None
    weak = sorted(name for name, key in keys.items() if len(key) == KEY_BYTES and _is_weak(key))
    if weak or (fingerprints and (len(fingerprints) != KEY_BYTES or _is_weak(fingerprints))):
        which = ", ".join(weak) or "of fingerprints"
        hint = "a key is 32 random bytes, as `openssl rand -base64 32` prints them"
        raise ConfigurationError([f"{where}: the key {which} is weak: {hint}"])
    return KeyMaterial(keys, found.current, fingerprints)


def _is_weak(key: bytes) -> bool:
    # Typed by hand, counted up, or one byte again and again: nothing of that happens by chance.
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    return len(set(key)) < _LEAST_DIFFERENT or len(steps) < _LEAST_DIFFERENT or _is_typed(key)


def _is_typed(key: bytes) -> bool:
    return all(32 <= byte < 127 for byte in key)


def _keyring(material: KeyMaterial, source: _WatchedFile | _WatchedCommand, where: str) -> Keyring:
    try:
        return Keyring(material.keys, material.current, fingerprints=material.fingerprints, source=source)
    except ConfigurationError as error:
        raise ConfigurationError([f"{where}: {problem}" for problem in error.problems]) from None
