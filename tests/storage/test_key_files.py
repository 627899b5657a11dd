# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Where keys lie: weak ones are refused, changes are noticed, and fingerprints never change."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path

import pytest

from bot.errors import ConfigurationError, SealBroken
from bot.storage import sealing
from bot.storage.key_files import add_key, ask_for_keyring, create_key_file, load_keyring, remove_key
from bot.storage.sealing import Keyring


def write(path: Path, **keys: bytes) -> Path:
    encoded = {name: base64.b64encode(key).decode() for name, key in keys.items()}
    path.write_text(json.dumps({"current": next(reversed(keys)), "keys": encoded}))
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        b"\xff" * 32,
        b"AAAA" * 8,
        bytes(range(32)),
        bytes(range(200, 168, -1)),
        bytes.fromhex("c7a379968604cbe1") * 4,
        b"correct horse battery staple ok!",
    ],
)
def test_weak_keys_are_refused_in_one_line_with_a_remedy(tmp_path: Path, key: bytes) -> None:
    path = write(tmp_path / "keys.json", k1=os.urandom(32), k2=key)
    with pytest.raises(ConfigurationError, match=r"k2 is weak.*openssl rand") as caught:
        load_keyring(path)
    assert len(caught.value.problems) == 1
    assert base64.b64encode(key).decode() not in str(caught.value)


def test_random_keys_are_never_called_weak(tmp_path: Path) -> None:
    for _ in range(200):
        load_keyring(write(tmp_path / "keys.json", k1=os.urandom(32)))


def test_a_new_key_seals_the_old_one_opens_and_fingerprints_stay(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    before = create_key_file(path)
    old, known = before.seal("Mia Muster", "a.b"), before.fingerprint("100", "address")
    assert add_key(path) == "k2"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    after = load_keyring(path)
    assert (after.names, after.current) == (("k1", "k2"), "k2")
    assert after.open(old, "a.b") == "Mia Muster"
    assert after.fingerprint("100", "address") == known
    remove_key(path, "k1")
    alone = load_keyring(path)
    assert alone.names == ("k2",)
    # The key of fingerprints outlives the one that it was made of, and opens nothing.
    assert alone.fingerprint("100", "address") == known
    with pytest.raises(SealBroken):
        alone.open(old, "a.b")
    assert add_key(path) == "k3"
    assert load_keyring(path).fingerprint("100", "address") == known
    assert [one.name for one in tmp_path.iterdir()] == ["keys.json"]


def test_a_running_process_opens_with_a_key_that_came_later(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    running = create_key_file(path)
    add_key(path)
    assert running.open(load_keyring(path).seal("neu", "a.b"), "a.b") == "neu"
    assert running.current == "k2"


def test_a_running_process_seals_with_a_key_that_came_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LOOK_EVERY_S", 0.0)
    path = tmp_path / "keys.json"
    running = create_key_file(path)
    add_key(path)
    assert sealing.key_id(running.seal("neu", "a.b")) == b"k2"


def test_a_file_that_is_broken_later_leaves_the_keys_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LOOK_EVERY_S", 0.0)
    path = tmp_path / "keys.json"
    running = create_key_file(path)
    sealed, known = running.seal("alt", "a.b"), running.fingerprint("100", "address")
    for content in ("", '{"current": "k1", "keys": {"k1": "AAAA"}}'):
        path.write_text(content)
        assert running.open(sealed, "a.b") == "alt"
    write(path, k7=os.urandom(32))
    # Another key of fingerprints would find nobody's address.
    assert running.open(running.seal("neu", "a.b"), "a.b") == "neu"
    assert running.fingerprint("100", "address") == known


def test_keys_from_a_command(tmp_path: Path) -> None:
    path = write(tmp_path / "keys.json", k1=os.urandom(32))
    running = ask_for_keyring(f"cat {path}")
    add_key(path)
    assert running.open(load_keyring(path).seal("neu", "a.b"), "a.b") == "neu"
    for command in ("false", "/not/there", "echo x", "'", ""):
        with pytest.raises(ConfigurationError, match="LOTSE_KEYS_COMMAND") as caught:
            ask_for_keyring(command)
        assert len(caught.value.problems) == 1


def test_a_wrapped_key_is_one_persons() -> None:
    ring = Keyring({"k": os.urandom(32)}, "k")
    key = os.urandom(32)
    assert ring.unwrap(ring.wrap(key, 17), 17) == key
    with pytest.raises(SealBroken):
        ring.unwrap(ring.wrap(key, 17), 18)
