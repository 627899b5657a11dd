# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The commands that an operator types: data on standard output, one clear line for whatever is wrong."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.commands.conftest import Lotse


def test_the_first_day_of_an_operator(lotse: Lotse, tmp_path: Path) -> None:
    assert lotse("migrate").returncode == 0
    hired = json.loads(lotse("staff", "add", "--name", "Berta Beispiel", "--role", "coach", "--json").stdout)
    assert set(hired) == {"id", "telegram_code", "telegram_link", "console_link"}
    assert hired["console_link"].startswith("http://127.0.0.1:8080/console/enter/")
    made = lotse("invite", "--coach", str(hired["id"]), "--count", "2", "--qr", "codes", "--json")
    invitations = json.loads(made.stdout)
    assert [set(invitation) for invitation in invitations] == [{"code", "telegram_link", "page_link"}] * 2
    assert len({invitation["code"] for invitation in invitations}) == 2
    assert all(len(invitation["code"]) <= 64 for invitation in invitations)
    assert [path.name for path in sorted((tmp_path / "codes").iterdir())] == [
        "invitation-001.svg",
        "invitation-002.svg",
    ]
    team = json.loads(lotse("staff", "list", "--json").stdout)
    assert [person["name"] for person in team] == ["Berta Beispiel"]
    checked = lotse("check", "--json")
    assert checked.returncode == 0
    assert {finding["what"]: finding["state"] for finding in json.loads(checked.stdout)}["database"] == "ok"


def test_the_database_and_the_keys_are_for_their_owner(lotse: Lotse, tmp_path: Path) -> None:
    lotse("staff", "add", "--name", "Berta Beispiel")
    keys = tmp_path / "lotse-data" / "keys.json"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.parent.stat().st_mode) == 0o700
    with sqlite3.connect(tmp_path / "lotse-data" / "lotse.db") as database:
        assert database.execute("SELECT count(*) FROM staff").fetchone() == (1,)
    assert b"Berta" not in (tmp_path / "lotse-data" / "lotse.db").read_bytes()


def test_lost_keys_are_never_replaced(lotse: Lotse, tmp_path: Path) -> None:
    lotse("staff", "add", "--name", "Berta Beispiel")
    (tmp_path / "lotse-data" / "keys.json").unlink()
    refused = lotse("staff", "list")
    assert refused.returncode == 2
    assert "the key file is missing, and the database holds sealed content" in refused.stderr
    assert not (tmp_path / "lotse-data" / "keys.json").exists()


def test_migrating_twice_changes_nothing(lotse: Lotse) -> None:
    assert [lotse("migrate").returncode for _ in range(2)] == [0, 0]


def test_a_check_makes_nothing(lotse: Lotse, tmp_path: Path) -> None:
    assert lotse("check").returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("staff", "add", "--name", "  "), "--name is empty"),
        (("staff", "add", "--name", "A", "--role", "boss"), "'--role': 'boss' is not one of"),
        (("staff", "add", "--name", "A", "--language", "xx"), "there is no language 'xx'"),
        (("staff", "code", "9" * 30), "must be less than or equal to"),
        (("erase", "9" * 30, "--reason", "wish"), "there is nobody with"),
        (("erase", "1", "--reason", "foo"), "'--reason': 'foo' is not one of 'wish', 'ended', 'mistake'."),
        (("staff", "add", "--name", "A", "--agency", "Mars"), "there is no agency 'Mars'"),
        (("staff", "add", "--name", "A", "--deputy-of", "9"), "there is no staff member 9"),
        (("staff", "list"), "there is nobody yet"),
        (("invite", "--coach", "9"), "there is no staff member 9"),
        (("invite", "--coach", "x"), "not a valid integer|valid integer"),
        (("invite", "--coach", "1", "--language", "xx"), "there is no language 'xx'"),
        (("invite", "--coach", "1", "--count", "0"), "greater than or equal to 1"),
        (("run", "--only", "webb"), "unknown role: webb"),
        (("fly",), "No such command 'fly'"),
    ],
)
@pytest.mark.usefixtures("migrated")
def test_wrong_arguments(lotse: Lotse, arguments: tuple[str, ...], words: str) -> None:
    refused = lotse(*arguments)
    assert refused.returncode == 2
    assert any(part in refused.stderr for part in words.split("|")), refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""


@pytest.mark.usefixtures("migrated")
def test_a_failed_hire_leaves_nobody_behind(lotse: Lotse) -> None:
    lotse("staff", "add", "--name", "A", "--deputy-of", "9")
    assert "nobody yet" in lotse("staff", "list").stderr


def test_an_unreachable_database_is_said(lotse: Lotse) -> None:
    refused = lotse("staff", "list", LOTSE_DATABASE_URL="postgresql://127.0.0.1:1/lotse")
    assert refused.returncode == 2
    assert "the database cannot be reached" in refused.stderr


@pytest.mark.parametrize(
    "command", [(), ("run",), ("staff",), ("staff", "add"), ("invite",), ("demo",), ("concerns",)]
)
def test_help_is_there_at_once(lotse: Lotse, command: tuple[str, ...]) -> None:
    shown = lotse(*command, "--help")
    assert shown.returncode == 0
    assert "Usage" in shown.stdout


def test_rules_that_are_not_there_are_named_with_a_remedy(lotse: Lotse) -> None:
    told = lotse("concerns", "explain", "--rules", "fehlt.yaml", stdin="Guten Morgen\n")
    assert (told.returncode, told.stdout) == (2, "")
    [line] = told.stderr.splitlines()
    assert "--rules: fehlt.yaml: there is no such file; check the path" in line


def test_concerns_are_explained_line_by_line(lotse: Lotse) -> None:
    told = lotse("concerns", "explain", "--json", stdin="Ich will nicht mehr leben\n\nSchönes Wetter heute\n")
    acute, empty, everyday = [json.loads(line) for line in told.stdout.splitlines()]
    assert acute["level"] == "R3"
    assert acute["rules"][0]["level"] == "R3"
    start, end = acute["rules"][0]["span"]
    assert 0 <= start < end <= len("Ich will nicht mehr leben")
    assert empty == everyday == {"level": "R0", "rules": []}


def test_what_no_rule_can_read_is_explained_as_what_a_human_reads(lotse: Lotse) -> None:
    words = "Nu mai vreau să trăiesc așa cum este acum"
    told = lotse("concerns", "explain", "--json", stdin=f"{words}\n")
    [found] = [json.loads(line) for line in told.stdout.splitlines()]
    assert found == {
        "level": "R1",
        "rules": [{"id": "language.unread", "span": [0, len(words)], "level": "R1"}],
    }


def test_messages_that_are_no_text_are_told_by_line(lotse: Lotse) -> None:
    mixed = "\ufeffIch will sterben\r\nIch m\udcf6chte sterben\n"
    for locale in ("C.UTF-8", "de_DE.UTF-8"):
        told = lotse("concerns", "explain", "--json", stdin=mixed, LC_ALL=locale)
        [first] = [json.loads(line) for line in told.stdout.splitlines()]
        assert first["rules"][0]["span"] == [0, len("Ich will sterben")]
        [line] = told.stderr.splitlines()
        assert "line 2 of standard input is no text in UTF-8; save it as UTF-8" in line
        assert told.returncode == 2


def test_a_talk_in_the_terminal(lotse: Lotse) -> None:
    """The main job without a browser and without an account, typed as a person would."""
    lines = [
        "ja",
        "ja",
        "2",
        "5",
        "Überspringen",
        "Ja, heute",
        "!#1",
        "!#1",
        "!Ich rufe um drei an.",
        "danke",
        "STOPP",
        ":q",
    ]
    talk = lotse("demo", "--terminal", "--port", "0", stdin="\n".join(lines) + "\n")
    assert talk.returncode == 0, talk.stderr
    for words in (
        "Ich bin ein Programm",
        "Wie geht es Ihnen heute?",
        "Meldung R1",
        "Meldung R2",
        "hat Ihre Meldung gesehen und übernommen",
        "Berta Beispiel: Ich rufe um drei an.",
        "Neue Nachricht",
        "Ab jetzt schreibe ich Ihnen nicht mehr.",
    ):
        assert words in talk.stdout, talk.stdout
