# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigurationError, SealBroken
from bot.storage.key_files import create_key_file, load_keyring
from bot.storage.sealing import Keyring

OLD = b"o" * 32
NEW = b"n" * 32
RING = Keyring({"old": OLD, "new": NEW}, "new")
# Half an emoji included: it is bad text, but people's telephones send it.
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@given(ANY_TEXT, st.text(max_size=20))
def test_what_was_sealed_opens(text: str, context: str) -> None:
    assert RING.open(RING.seal(text, context), context) == text


@given(st.text(max_size=50), st.data())
def test_a_changed_byte_does_not_open(text: str, data: st.DataObject) -> None:
    blob = bytearray(RING.seal(text, "answer.value"))
    place = data.draw(st.integers(0, len(blob) - 1))
    blob[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        RING.open(bytes(blob), "answer.value")


@given(st.binary(max_size=80))
def test_foreign_bytes_do_not_open(blob: bytes) -> None:
    with pytest.raises(SealBroken):
        RING.open(blob, "answer.value")


@given(st.text(min_size=1, max_size=50), st.integers(0, 30))
def test_a_cut_value_does_not_open(text: str, left: int) -> None:
    with pytest.raises(SealBroken):
        RING.open(RING.seal(text, "answer.value")[:left], "answer.value")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(SealBroken, match=r"participant\.name"):
        RING.open(RING.seal("Mia Muster", "answer.value"), "participant.name")


def test_two_seals_of_one_text_are_different() -> None:
    assert len({RING.seal("ja", "answer.value") for _ in range(100)}) == 100


def test_the_error_tells_no_content() -> None:
    with pytest.raises(SealBroken) as caught:
        RING.open(RING.seal("geheim", "answer.value")[:-1], "answer.value")
    assert "geheim" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_an_older_key_still_opens_and_finds() -> None:
    before = Keyring({"old": OLD}, "old")
    assert RING.open(before.seal("Mia Muster", "participant.name"), "participant.name") == "Mia Muster"
    assert RING.fingerprint("100", "address") == before.fingerprint("100", "address")
    with pytest.raises(SealBroken):
        before.open(RING.seal("Mia Muster", "participant.name"), "participant.name")


def test_a_wrong_key_of_the_same_name_does_not_open() -> None:
    with pytest.raises(SealBroken):
        Keyring({"new": OLD}, "new").open(RING.seal("ja", "answer.value"), "answer.value")


def test_fingerprints_depend_on_text_place_and_key() -> None:
    other = Keyring({"new": NEW}, "new")
    prints = [
        RING.fingerprint("100", "address"),
        RING.fingerprint("101", "address"),
        RING.fingerprint("100", "invitation"),
        RING.fingerprint("", "address\x00100"),
        other.fingerprint("100", "address"),
    ]
    assert len(set(prints)) == len(prints)
    assert all(len(one) == 32 for one in prints)


@pytest.mark.parametrize(
    ("keys", "current", "problem"),
    [
        ({"k": b"short"}, "k", "5 bytes"),
        ({"k": OLD}, "other", "missing"),
        ({}, "k", "missing"),
        ({"a b": OLD}, "a b", "no key id"),
        ({"k" * 33: OLD}, "k" * 33, "no key id"),
    ],
)
def test_unusable_keys_are_refused(keys: dict[str, bytes], current: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        Keyring(keys, current)


def test_a_key_file_is_private_and_opens_what_it_sealed(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = create_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keyring(path).open(made.seal("ja", "a.b"), "a.b") == "ja"
    with pytest.raises(ConfigurationError, match="never overwritten"):
        create_key_file(path)
    with pytest.raises(ConfigurationError, match="cannot be written"):
        create_key_file(tmp_path / "missing" / "keys.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_key_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_keyring(path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "not a key file"),
        ("{}", "not a key file"),
        ('{"current": "k", "keys": {"k": 3}}', "not a key file"),
        ('{"current": "k", "keys": {"k": "!!"}}', "not base64"),
        (json.dumps({"current": "k", "keys": {"k": "a2V5"}}), "3 bytes"),
    ],
)
def test_a_malformed_key_file_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match=problem) as caught:
        load_keyring(path)
    assert all(str(path) in line for line in caught.value.problems)


def test_a_missing_key_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_keyring(tmp_path / "keys.json")
