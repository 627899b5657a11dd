# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""`lotse dialogs`: faults with their place, a dialog in the terminal, and the schema for editors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dialogs.transcripts import read
from tests.commands.conftest import Lotse
from tests.dialogs.test_transcripts import difference

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "dialogs" / "broken"
FLOWS = ROOT / "dialogs" / "flows"
GOOD = """format: 1
dialog: tea
title: {de: Tee, en: Tea}
facts: {coach: {de: Ihr Coach, en: your coach}}
steps:
  tea: {yes_no: {de: "Trinken Sie mit {coach} Tee?", en: Tea?}, timeout: {after: 1 day, repeat: 1}}
  day: {date: {de: Wann?, en: When?}}
  done: {end: completed}
"""


def test_what_ships_is_clean(lotse: Lotse) -> None:
    checked = lotse("dialogs", "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == f"{len(list(FLOWS.glob('*.yaml')))} checked, nothing found\n"
    assert lotse("dialogs", "check", "--json").stdout == "[]\n"
    assert lotse("dialogs", "check", str(FLOWS)).returncode == 0


def test_faults_are_told_with_their_place(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(GOOD, encoding="utf-8")
    broken = BROKEN / "avoided_words.yaml"
    checked = lotse("dialogs", "check", "tea.yaml", str(broken))
    assert (checked.returncode, checked.stderr) == (1, "")
    assert checked.stdout == (
        f"{broken}:12:7: 'Maßnahme' is a word to avoid. Write „Programm“, „Angebot“, or what it is.\n"
    )


def test_programs_get_all_of_a_folder(lotse: Lotse) -> None:
    checked = lotse("dialogs", "check", str(BROKEN), "--json")
    assert checked.returncode == 2, "one of the files cannot be read at all"
    found = json.loads(checked.stdout)
    assert {Path(each["file"]).stem for each in found} == {path.stem for path in BROKEN.glob("*.yaml")}
    assert all(set(each) == {"file", "line", "column", "rule", "what", "remedy"} for each in found)
    assert all(Path(each["file"]).stem == each["rule"] for each in found)


def test_the_schema_is_the_committed_one(lotse: Lotse) -> None:
    assert lotse("dialogs", "schema").stdout == (FLOWS / "dialog.schema.json").read_text(encoding="utf-8")


def test_a_play_is_kept_as_a_test_that_passes(lotse: Lotse, tmp_path: Path) -> None:
    said = "7\n#3\n:1h\nWar beim Arzt\n\n:23h\n#99\nJa, diese Woche\n"
    played = lotse(
        *("dialogs", "play", "weekly_checkin", "--save", "played.yaml", "--at", "2026-11-23T09:00"),
        *("--fact", "coach=Frau Beispiel", "--fact", "read_now=yes"),
        stdin=said,
    )
    assert (played.returncode, played.stderr) == (0, "")
    assert "          noted: answer sleep = 2 (health)\n" in played.stdout
    assert "          there is no button 99; there are 5\n" in played.stdout
    assert "          it is 24.11.2026 09:00\n" in played.stdout
    assert (
        "        #1 [Ja, heute]  #2 [Ja, diese Woche]  #3 [Nein]  #4 [Zurück]  #5 [Später]" in played.stdout
    )
    script = read((tmp_path / "played.yaml").read_text(encoding="utf-8"))
    assert script.facts == {"coach": "Frau Beispiel", "read_now": True}
    assert [line["waits"] for line in script.conversation if "waits" in line] == ["1 hour", "23 hours"]
    assert difference(script) == ""
    answered = script.conversation.index({"person": "7"})
    script.conversation[answered] = {"person": "8"}
    assert "-noted: answer mood = 7 (health)\n+noted: answer mood = 8 (health)" in difference(script)


MONTHLY = """format: 1
dialog: ill
version: 1
title: {de: Probe, en: Try}
estimated: 4 minutes
steps:
  again: {instrument: phq9}
  look: {branch: {when: own_items.mood <= 3, next: low}}
  high: {end: high}
  low: {end: low}
"""


def test_a_play_knows_scores_of_earlier_times_and_who_is_there(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "ill.yaml").write_text(MONTHLY, encoding="utf-8")
    options = ("dialogs", "play", "ill.yaml", "--save", "played.yaml", "--score", "own_items.mood=8,3")
    played = lotse(*options, "--on", "phq9", "--duty", "--at", "2026-11-23T09:00", stdin="#1\n:q\n")
    assert "noted: answer again.phq_1 = 0 (health)" in played.stdout
    script = read((tmp_path / "played.yaml").read_text(encoding="utf-8"))
    assert (script.scores, script.packs, script.duty) == ({"own_items.mood": [8, 3]}, ["phq9"], True)
    unattended = lotse("dialogs", "play", "ill.yaml", "--on", "phq9", "--score", "own_items.mood=8")
    assert "noted: phq9 is not asked: duty_unknown" in unattended.stdout
    assert "noted: end high" in unattended.stdout


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ("--score", "own_items.moood=3"),
            "there is no score 'own_items.moood'. Did you mean 'own_items.mood'?",
        ),
        (("--score", "own_items.mood=low"), "--score needs whole numbers, for example own_items.mood=5,6,4"),
        (("--score", "own_items.mood=11"), "--score: own_items.mood goes from 0 to 10"),
        (("--on", "phq10"), "--on: there is no instrument 'phq10'."),
    ],
)
def test_what_nobody_can_have_scored_is_refused(lotse: Lotse, options: tuple[str, str], line: str) -> None:
    refused = lotse("dialogs", "play", "weekly_checkin", *options)
    assert refused.returncode == 2
    assert line in refused.stderr


def test_a_file_of_ones_own_is_played_and_its_faults_are_told(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(GOOD + "  lost: {end: never}\n", encoding="utf-8")
    played = lotse("dialogs", "play", "tea.yaml", "--at", "2026-11-23T09:00", stdin="ja\n:q\n")
    assert played.returncode == 0
    assert played.stdout.startswith(
        "lotse:  Trinken Sie mit Ihr Coach Tee?\n        #1 [Ja]  #2 [Nein]  #3 [Später]\n"
    )
    assert "noted: answer tea = True (neutral)" in played.stdout
    assert (
        played.stderr
        == "tea.yaml:9:3: nothing leads to the step 'lost'. Let a 'next' name it, or delete it.\n"
    )


def test_silence_is_played_too(lotse: Lotse, tmp_path: Path) -> None:
    (tmp_path / "tea.yaml").write_text(GOOD, encoding="utf-8")
    played = lotse("dialogs", "play", "tea.yaml", "--language", "en", stdin=":3d\n")
    assert played.stdout.count("Tea?") == 2
    assert "noted: end expired" in played.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "nowhere.yaml"), "nowhere.yaml: cannot be read (No such file or directory)"),
        (("check", "empty"), "empty: there is no dialog file in this folder"),
        (("play", "weekly_chekin"), "there is no dialog 'weekly_chekin'. Did you mean 'weekly_checkin'?"),
        (("play", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("play", "stop", "--fact", "coach"), "--fact needs name=value"),
        (("play", "stop", "--fact", "zone=Nirgends"), "the fact 'zone' is no time zone"),
        (("play", "stop", "--at", "morgen"), "--at is no moment"),
        (("play", "stop", "--language", "?"), "--language is no language"),
        (("play", "stop", "--save", "there.yaml"), "there.yaml: exists already"),
        (("play", "stop", "--save", "no/where.yaml"), "no/where.yaml: there is no such folder"),
    ],
)
def test_bad_input_is_one_clear_line(
    lotse: Lotse, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "there.yaml").write_text("mine", encoding="utf-8")
    refused = lotse("dialogs", *arguments)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"lotse: {words}"), refused.stderr
    assert refused.stderr.count("\n") == 1
    assert (tmp_path / "there.yaml").read_text(encoding="utf-8") == "mine"


def test_a_file_that_cannot_be_read_is_not_played(lotse: Lotse) -> None:
    refused = lotse("dialogs", "play", str(BROKEN / "unreadable.yaml"))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.endswith(
        "unreadable.yaml:10:42: this is not readable as YAML. Check spaces and quotes.\n"
    )
