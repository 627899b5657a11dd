# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Secrets come from the environment, from files or from `lotse.toml`, and are never said again."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr

from bot.errors import ConfigurationError
from bot.settings import Settings, load
from bot.storage.sealing import Keyring
from tests.commands.conftest import Lotse

WORD = "Kanarienvogel"
#: Settings that hold a secret, as environment variables.
SECRETS = {
    "LOTSE_DATABASE_URL": f"postgresql://lotse:{WORD}@127.0.0.1:9/lotse",
    "LOTSE_TELEGRAM__TOKEN": f"1:{WORD}",
    "LOTSE_TELEGRAM__SECRET": f"{WORD}-1",
    "LOTSE_TELEGRAM_STAFF__TOKEN": f"2:{WORD}",
    "LOTSE_TELEGRAM_STAFF__SECRET": f"{WORD}-2",
    "LOTSE_MAIL__SMTP_URL": f"smtps://lotse:{WORD}@mail.example",
    "LOTSE_OIDC__CLIENT_SECRET": f"{WORD}-3",
}
#: What has to be set beside them.
BESIDE = {"LOTSE_PUBLIC_URL": "https://lotse.example", "LOTSE_MAIL__SENDER": "lotse@amt.example"}
#: What a house's sign-in needs beside its secret; without the secret it would be a fault itself.
BESIDE_A_HOUSE = {
    "LOTSE_OIDC__ISSUER": "https://haus.example",
    "LOTSE_OIDC__CLIENT_ID": "lotse",
    "LOTSE_OIDC__LABEL": "Haus Beispiel",
}
#: Not secret by themselves, but somebody may put one into them.
MAY_HOLD_ONE = {
    "LOTSE_HEARTBEAT_URL": f"https://watch.example/{WORD}",
    "LOTSE_KEYS_COMMAND": f"fetch --token {WORD}",
}
#: Names that sound like secrets and are none.
_NO_SECRETS = {"keys_file", "keys_command", "shortest_password"}
_SOUNDS_SECRET = ("token", "secret", "password", "smtp_url", "database_url", "key")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    for name in os.environ:
        if name.startswith("LOTSE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    for name, value in BESIDE.items():
        monkeypatch.setenv(name, value)
    yield tmp_path
    # Reading a secret from a file sets its variable; what is undone afterwards must not find it there.
    for name in [name for name in os.environ if name.startswith("LOTSE_")]:
        del os.environ[name]


def leaves(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from leaves(kind, (*path, name))
        else:
            yield (*path, name), kind


def test_every_setting_that_sounds_like_a_secret_is_one() -> None:
    secret = {
        "LOTSE_" + "__".join(path).upper()
        for path, kind in leaves(Settings)
        if any(word in path[-1] for word in _SOUNDS_SECRET) and path[-1] not in _NO_SECRETS
    }
    assert secret == set(SECRETS)
    hidden = {
        "LOTSE_" + "__".join(path).upper()
        for path, kind in leaves(Settings)
        if kind is SecretStr or (isinstance(kind, UnionType) and SecretStr in get_args(kind))
    }
    assert hidden == set(SECRETS)


def test_they_are_never_shown(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (SECRETS | MAY_HOLD_ONE | BESIDE_A_HOUSE).items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.telegram.token is not None
    assert WORD in settings.telegram.token.get_secret_value()
    assert WORD not in repr(settings)
    assert WORD not in str(settings)
    assert WORD not in repr(settings.mail.server)


@pytest.mark.parametrize("name", [name for name in SECRETS if name != "LOTSE_DATABASE_URL"])
def test_a_faulty_one_is_not_quoted(environment: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, f"{WORD} ://\u00fc\n{WORD}")
    monkeypatch.setenv("LOTSE_TELEGRAM__MODE", "webhook")
    monkeypatch.setenv("LOTSE_HTTP__PORT", "none")
    with pytest.raises(ConfigurationError) as refused:
        load()
    assert WORD not in str(refused.value)


@pytest.mark.parametrize("name", SECRETS)
def test_each_may_be_a_file(environment: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    file = environment / "secret"
    file.write_text(f"{SECRETS[name]}\n", encoding="utf-8")
    monkeypatch.setenv(f"{name}_FILE", str(file))
    monkeypatch.delenv(name, raising=False)
    if name.startswith("LOTSE_OIDC__"):
        for beside, value in BESIDE_A_HOUSE.items():
            monkeypatch.setenv(beside, value)
    settings: Any = load()
    for part in name.removeprefix("LOTSE_").lower().split("__"):
        settings = getattr(settings, part)
    assert settings.get_secret_value() == SECRETS[name]


def test_a_file_of_secrets_is_never_quoted(environment: Path) -> None:
    (environment / "lotse.toml").write_text(f'[telegram]\ntoken = "{WORD}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load()
    assert WORD not in str(refused.value)


def test_what_is_looked_at_before_a_start_says_none(lotse: Lotse, tmp_path: Path) -> None:
    """`lotse check`, with everything switched on and a database that is not there."""
    environment = SECRETS | BESIDE | BESIDE_A_HOUSE
    for words in (("check",), ("check", "--json")):
        looked = lotse(*words, LOTSE_DATA_DIR=str(tmp_path), LOTSE_LOG_LEVEL="debug", **environment)
        assert WORD not in looked.stdout + looked.stderr
        assert "Traceback" not in looked.stderr


def test_keys_are_never_shown(lotse: Lotse, tmp_path: Path) -> None:
    ring = Keyring({"k1": b"Kanarienvogel-32-Bytes-lang-----"}, "k1")
    assert WORD not in repr(ring) + str(ring)
    assert lotse("migrate", LOTSE_DATA_DIR=str(tmp_path)).returncode == 0
    file = tmp_path / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = lotse("keys", "list", "--json", LOTSE_DATA_DIR=str(tmp_path))
    assert listed.returncode == 0
    for part in file.read_text(encoding="utf-8").split('"'):
        if len(part) == 44:
            assert part not in listed.stdout + listed.stderr
