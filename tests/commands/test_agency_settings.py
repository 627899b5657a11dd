# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Several agencies in `lotse.toml`: what is wrong is named, and commands are about the one that is meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Lotse

TWO = '[agency]\nname = "Havelland"\n[agency.mk]\nname = "Musterkreis"\nholidays = "NW"\n'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[agency.mk]\nholidays = "NW"', ["[agency.mk] name: Field required"]),
        ('[agency.mk]\nname = "A"\nholidays = "XX"', ["[agency.mk]: unknown state"]),
        ('[agency.Mk-1]\nname = "A"', ["is no key word for an agency"]),
        ('[agency.default]\nname = "A"', ["is no key word for an agency"]),
        ('[agency.mk]\nname = "Lotse"', ["two agencies are named 'Lotse'"]),
        (
            '[agency.mk]\nname = "A"\nmail_sender = "Lotse"',
            ["[agency.mk] mail_sender: is not a mail address"],
        ),
        (
            (
                '[agency.mk]\nname = "A"\nzone = "Moon"\n'
                '[agency.mk.telegram]\nmode = "pigeon"\nx = 1\n[agency.b]\n'
            ),
            [
                "[agency.mk] zone: is not a known time zone",
                "[agency.mk.telegram] mode",
                "[agency.mk.telegram] x",
                "[agency.b] name: Field required",
            ],
        ),
        (
            '[agency.mk]\nname = "A"\n[agency.mk.telegram]\ntoken = "1:A"\nmode = "webhook"',
            [
                "[agency.mk.telegram]: webhook mode needs a secret",
                "[agency.mk.telegram]: public_url is missing",
            ],
        ),
        (
            (
                'public_url = "https://x.example"\n[telegram]\ntoken = "1:A"\n'
                '[agency.mk]\nname = "A"\n[agency.mk.telegram_staff]\ntoken = "1:A"'
            ),
            ["telegram and [agency.mk.telegram_staff] have the same token: they must be two bots"],
        ),
        (
            '[agency.mk]\nname = "A"\n[agency.mk.telegram]\ntoken = "1:A"\ntoken_file = "t"',
            ["token and token_file are both set"],
        ),
        (
            '[agency.mk]\nname = "A"\n[agency.mk.telegram]\ntoken_file = "nowhere"',
            ["[agency.mk] telegram: token_file: the file cannot be read"],
        ),
    ],
)
def test_faults_are_named_with_their_table(
    lotse: Lotse, tmp_path: Path, content: str, words: list[str]
) -> None:
    (tmp_path / "lotse.toml").write_text(content, encoding="utf-8")
    refused = lotse("check")
    assert refused.returncode == 2
    for each in words:
        assert each in refused.stderr, refused.stderr
    assert "Traceback" not in refused.stderr


def test_variables_of_an_agency(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "lotse.toml").write_text(f'public_url = "https://x.example"\n{TWO}', encoding="utf-8")
    (tmp_path / "token").write_text("3:CCC\n")
    checked = lotse("check", "--json", LOTSE_AGENCY__MK__TELEGRAM__TOKEN_FILE="token")
    states = {row["what"]: row["state"] for row in json.loads(checked.stdout)}
    assert states["[agency.mk.telegram]"] == "on, polling"
    assert states["telegram"] == states["[agency.mk.telegram_staff]"] == "off: no token"
    refused = lotse("check", LOTSE_AGENCY__MK__TELEGRAM__TOKN="3:CCC", LOTSE_AGENCY__NAMEE="x")
    assert "LOTSE_AGENCY__MK__TELEGRAM__TOKN is not a setting" in refused.stderr
    assert "LOTSE_AGENCY__NAMEE is not a setting" in refused.stderr


def test_the_example_is_good(lotse: Lotse, tmp_path: Path) -> None:
    text = (ROOT / "docs/examples/two-agencies.toml").read_text(encoding="utf-8")
    for number, name in enumerate(
        ("telegram", "telegram_staff", "telegram_mk", "telegram_staff_mk"), start=1
    ):
        (tmp_path / name).write_text(f"{number}:AAA")
    (tmp_path / "lotse.toml").write_text(text.replace("/run/secrets/", ""), encoding="utf-8")
    checked = lotse("check", "--json")
    assert checked.returncode == 0, checked.stderr
    on = [row["what"] for row in json.loads(checked.stdout) if row["state"] == "on, polling"]
    assert on == ["telegram", "telegram_staff", "[agency.mk.telegram]", "[agency.mk.telegram_staff]"]
    refused = lotse("run", "--only", "telegram@xy")
    assert refused.returncode == 2
    assert "telegram@default" in refused.stderr
    assert "telegram-staff@mk" in refused.stderr


@pytest.mark.usefixtures("migrated")
def test_commands_are_about_the_agency_that_is_named(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "lotse.toml").write_text(TWO, encoding="utf-8")
    (tmp_path / "places.csv").write_text("art;name;bezirk\nBeratung;Haus am Ring;Mitte\n", encoding="utf-8")
    there = json.loads(lotse("staff", "add", "--name", "Fritz Fremd", "--agency", "mk", "--json").stdout)
    lotse("staff", "add", "--name", "Berta Beispiel")
    lotse("partners", "import", "places.csv", "--agency", "mk")
    lotse("programme", "install", "gecko", "--agency", "Musterkreis")
    for agency, staff, places, version in (("mk", "Fritz Fremd", 1, 1), ("", "Berta Beispiel", 0, None)):
        which = ("--agency", agency) if agency else ()
        assert [one["name"] for one in json.loads(lotse("staff", "list", "--json", *which).stdout)] == [staff]
        assert len(json.loads(lotse("partners", "list", "--json", *which).stdout)) == places
        rows = json.loads(lotse("programme", "list", "--json", *which).stdout)
        assert {row["programme"]: row["version"] for row in rows}["gecko"] == version
    figures = lotse("export", "statistics", "--agency", "mk", "--json")
    assert {row["programme"] for row in json.loads(figures.stdout)} == {"gecko"}
    study = ("export", "evaluation", "--programme", "gecko", "--until", "2026-01-31", "--out", "study")
    assert "there is no programme 'gecko' installed" in lotse(*study).stderr
    assert lotse(*study, "--agency", "mk").returncode == 0
    # Another agency's pseudonyms cannot be told from this key.
    keys = tmp_path / "lotse-data" / "evaluation-keys"
    assert [one.name for one in keys.iterdir()] == ["mk.gecko.key"]
    # The coach's agency counts: there the programme is installed.
    invited = lotse("invite", "--coach", str(there["id"]), "--programme", "gecko", "--json")
    assert invited.returncode == 0, invited.stderr
    unknown = lotse("staff", "add", "--name", "A", "--agency", "xy")
    assert unknown.returncode == 2
    assert (
        unknown.stderr == "lotse: there is no agency 'xy'; there is default (Havelland), mk (Musterkreis)\n"
    )
