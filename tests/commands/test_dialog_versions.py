# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse dialogs publish`, `versions`, `rollback`, and what `lotse check` says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import house, settings
from bot.commands.check_published import MDR
from bot.errors import ConfigurationError
from bot.settings import InstrumentsPart, without_environment
from tests.commands.conftest import Lotse

ROOT = Path(__file__).parents[2]
STOP = ROOT / "dialogs" / "flows" / "stop.yaml"
WORDING = """format: 1
instrument: was
language: de
items:
  was_1: Erfundene Frage?
answers:
  best:
    0: gar nicht
    10: sehr gut
"""
TEA = """format: 1
dialog: tea
version: 1
title: {de: Tee, en: Tea}
steps:
  hello: {say: {de: Guten Tag., en: Hello.}}
  done: {end: completed}
"""


def told(lotse: Lotse, *arguments: str, **env: str) -> object:
    """What a command that works says to programs."""
    done = lotse("dialogs", *arguments, "--json", **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def states(lotse: Lotse, code: int = 0, **env: str) -> dict[str, str]:
    """What `lotse check` found."""
    checked = lotse("check", "--json", **env)
    assert checked.returncode == code, checked.stderr
    return {row["what"]: row["state"] for row in json.loads(checked.stdout)}


@pytest.mark.usefixtures("migrated")
def test_publish_list_and_go_back(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(TEA, encoding="utf-8")
    assert told(lotse, "publish", "tea.yaml") == [{"dialog": "tea", "version": 1, "state": "published"}]
    again = lotse("dialogs", "publish", "tea.yaml")
    assert (again.returncode, again.stderr) == (0, "Nothing has changed.\n")
    assert "in force already" in again.stdout
    (tmp_path / "tea.yaml").write_text(TEA.replace("Guten Tag", "Guten Abend"), encoding="utf-8")
    assert told(lotse, "publish", "tea.yaml") == [{"dialog": "tea", "version": 2, "state": "published"}]
    assert told(lotse, "rollback", "tea", "1") == [{"dialog": "tea", "version": 3, "state": "published"}]
    rows = told(lotse, "versions", "tea")
    assert isinstance(rows, list)
    assert [(row["version"], row["in_force"], row["origin"]) for row in rows] == [
        (1, False, "admin"),
        (2, False, "admin"),
        (3, True, "admin"),
    ]
    assert set(rows[0]) == {"dialog", "version", "in_force", "origin", "published_at"}


@pytest.mark.usefixtures("migrated")
def test_a_shipped_dialog_of_ones_own(lotse: Lotse, tmp_path: Path) -> None:
    own = STOP.read_text(encoding="utf-8").replace("Kontakt beendet", "Der Kontakt ist beendet")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "stop.yaml").write_text(own, encoding="utf-8")
    assert told(lotse, "publish", "mine") == [{"dialog": "stop", "version": 2, "state": "published"}]
    assert states(lotse)["dialog stop"] == "your version 2 is in force; the shipped version differs"
    assert told(lotse, "publish", "stop") == [{"dialog": "stop", "version": 3, "state": "published"}]
    found = states(lotse)
    assert "dialog stop" not in found
    assert found["questionnaires"] == "no clinical one is on"


@pytest.mark.usefixtures("migrated")
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_published(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(TEA, encoding="utf-8")
    bad = TEA.replace("dialog: tea", "dialog: bad") + "  lost: {end: never}\n"
    (tmp_path / "bad.yaml").write_text(bad, encoding="utf-8")
    refused = lotse("dialogs", "publish", "good.yaml", "bad.yaml")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("bad.yaml:8:3: nothing leads to the step 'lost'. ")
    refused = lotse("dialogs", "publish", "good.yaml", "bad.yaml", "--json")
    assert refused.returncode == 2
    assert [(each["file"], each["line"]) for each in json.loads(refused.stdout)] == [("bad.yaml", 8)]
    assert told(lotse, "versions") == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("publish", "nowhere.yaml"), "nowhere.yaml: cannot be read (No such file or directory)"),
        (("publish", "latin.yaml"), "latin.yaml:4:1: the file is not UTF-8. Save it"),
        (("versions", "tee"), "there is no dialog 'tee'. Nothing is published yet."),
        (("rollback", "stopp", "1"), "there is no dialog 'stopp'. Did you mean 'stop'?"),
    ],
)
@pytest.mark.usefixtures("migrated")
def test_bad_input_is_one_clear_line(
    lotse: Lotse, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "latin.yaml").write_bytes(TEA.replace("Tee", "Käse").encode("latin-1"))
    refused = lotse("dialogs", *arguments)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.usefixtures("migrated")
def test_a_grave_questionnaire_needs_a_deputy_and_comes_with_a_notice(lotse: Lotse) -> None:
    on = {"LOTSE_INSTRUMENTS__ON": "phq9"}
    words = "LOTSE_INSTRUMENTS__ON: phq9 needs a deputy on call, and no coach has one"
    lotse("staff", "add", "--name", "Berta Beispiel", **on)
    for arguments in (("run", "--only", "worker"), ("dialogs", "publish", "stop")):
        refused = lotse(*arguments, **on)
        assert refused.returncode == 2
        assert words in refused.stderr
    checked = states(lotse, 1, **on)
    assert checked["deputy on call"].startswith(words)
    assert MDR in checked["questionnaire phq9"]
    lotse("staff", "add", "--name", "Dirk Dreher", "--deputy-of", "1", **on)
    assert lotse("dialogs", "publish", "stop", **on).returncode == 0


def test_settings_that_name_no_questionnaire(tmp_path: Path) -> None:
    (tmp_path / "wia").mkdir()
    part = InstrumentsPart(on=["phq99", "wai", "who5", "phq4"], licensed_dir=tmp_path)
    with pytest.raises(ConfigurationError) as refused:
        house.load_instruments(without_environment(instruments=part))
    assert [problem.partition(": ")[2] for problem in refused.value.problems] == [
        "there is no questionnaire 'phq99'. Did you mean 'phq9'?",
        "wai has no wording that may ship: put yours below LOTSE_INSTRUMENTS__LICENSED_DIR",
        "who5 is not clinical: it is on without being named, leave it out",
        "wia: there is no questionnaire 'wia'. Did you mean 'was'?",
    ]
    part = InstrumentsPart(licensed_dir=tmp_path / "nowhere")
    with pytest.raises(ConfigurationError, match="there is no folder"):
        house.load_instruments(without_environment(instruments=part))


def test_wording_that_a_site_has_a_licence_for(tmp_path: Path) -> None:
    (tmp_path / "was" / "wording").mkdir(parents=True)
    (tmp_path / "was" / "LICENSE").write_text("Invented, for this test.", encoding="utf-8")
    (tmp_path / "was" / "wording" / "de.yaml").write_text(WORDING, encoding="utf-8")
    part = InstrumentsPart(licensed_dir=tmp_path)
    packs = house.load_instruments(without_environment(instruments=part))
    assert packs["was"].can_be_asked
    assert not house.load_instruments(without_environment())["was"].can_be_asked
    (tmp_path / "was" / "LICENSE").unlink()
    with pytest.raises(ConfigurationError, match="was/LICENSE"):
        house.load_instruments(without_environment(instruments=part))


@pytest.mark.parametrize("written", ["phq9,gad7", " phq9 , gad7 ", '["phq9", "gad7"]', "[phq9,gad7]"])
def test_questionnaires_are_named_as_json_or_with_commas(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("LOTSE_INSTRUMENTS__ON", written)
    assert settings.load().instruments.on == ["phq9", "gad7"]


def test_a_crisis_text_names_the_emergency_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTSE_AGENCY__CRISIS_TEXT", '{"de": "Rufen Sie 112 an.", "en": "Call us."}')
    with pytest.raises(ConfigurationError, match="the text for 'en' does not name 112"):
        settings.load()
