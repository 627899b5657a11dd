# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The configuration: every fault is named, all at once, before anything happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Lotse


def test_all_faults_at_once(lotse: Lotse) -> None:
    refused = lotse(
        "run",
        LOTSE_TELEGRAM_TOKEN="1:A",
        LOTSE_TELEGRAM__MODE="carrier-pigeon",
        LOTSE_HTTP__PORT="99999",
        LOTSE_AGENCY__ZONE="Europe/Atlantis",
        LOTSE_AGENCY__QUIET="at night",
        LOTSE_PUBLIC_URL_FILE="/nowhere/url",
    )
    assert refused.returncode == 2
    for words in (
        "LOTSE_TELEGRAM_TOKEN is not a setting",
        "LOTSE_TELEGRAM__MODE",
        "LOTSE_HTTP__PORT",
        "LOTSE_AGENCY__ZONE",
        "LOTSE_AGENCY__QUIET",
        "LOTSE_PUBLIC_URL_FILE: the file cannot be read",
    ):
        assert words in refused.stderr, refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"LOTSE_TELEGRAM__TOKEN": "1:A"}, "public_url is missing"),
        (
            {
                "LOTSE_TELEGRAM__TOKEN": "1:A",
                "LOTSE_TELEGRAM__MODE": "webhook",
                "LOTSE_PUBLIC_URL": "https://x.example",
            },
            "webhook mode needs a secret",
        ),
        (
            {
                "LOTSE_TELEGRAM__TOKEN": "1:A",
                "LOTSE_TELEGRAM_STAFF__TOKEN": "1:A",
                "LOTSE_PUBLIC_URL": "https://x.example",
            },
            "must be two bots",
        ),
        ({"LOTSE_PUBLIC_URL": "x.example"}, "public_url must begin with https://"),
        ({"LOTSE_AGENCY__HOLIDAYS": "XX"}, "unknown state"),
        ({"LOTSE_AGENCY__HOURS": '{"mon": "16:00-08:00"}'}, "must end after they begin"),
        ({"LOTSE_AGENCY__HOURS": "{}"}, "LOTSE_AGENCY__HOURS"),
        ({"LOTSE_DATABASE_URL": "mysql://x"}, "mysql"),
        ({"LOTSE_TIME_FACTOR": "0"}, "LOTSE_TIME_FACTOR"),
    ],
)
def test_what_contradicts_itself(lotse: Lotse, env: dict[str, str], words: str) -> None:
    refused = lotse("run", **env)
    assert refused.returncode == 2
    assert words in refused.stderr, refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_token_is_never_shown(lotse: Lotse) -> None:
    env = {"LOTSE_TELEGRAM__TOKEN": "12345:SECRETSECRET", "LOTSE_TELEGRAM__MODE": "x"}
    assert "SECRETSECRET" not in lotse("run", **env).stderr


def test_a_secret_may_be_a_file(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("12345:FROMFILE\n")
    checked = lotse(
        "check", "--json", LOTSE_TELEGRAM__TOKEN_FILE="token", LOTSE_PUBLIC_URL="https://x.example"
    )
    assert '"telegram", "state": "on, polling"' in checked.stdout


def test_a_secret_given_twice_is_refused(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1:A")
    refused = lotse("check", LOTSE_TELEGRAM__TOKEN_FILE="token", LOTSE_TELEGRAM__TOKEN="2:B")
    assert refused.returncode == 2
    assert "are both set: keep one of them" in refused.stderr


def test_the_file_and_the_environment(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "lotse.toml").write_text(
        'public_url = "https://file.example"\n[agency]\nname = "Aus der Datei"\n'
    )
    named = lotse("staff", "add", "--name", "A", "--agency", "Aus der Datei", "--json")
    assert '"console_link": "https://file.example/' in named.stdout
    other = lotse("staff", "add", "--name", "A", "--json", LOTSE_PUBLIC_URL="https://env.example")
    assert '"console_link": "https://env.example/' in other.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("agency = [", "lotse.toml cannot be read"),
        ("[agency]\nnmae = 'x'", "LOTSE_AGENCY__NMAE"),
        ("x = 1", "LOTSE_X"),
    ],
)
def test_a_file_with_faults(lotse: Lotse, tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "lotse.toml").write_text(content)
    refused = lotse("check")
    assert refused.returncode == 2
    assert words in refused.stderr, refused.stderr
