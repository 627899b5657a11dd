# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A pack is taken whole and sound, or refused with the place and the remedy."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from dialogs.instruments import load_pack, load_packs, shipped_packs
from dialogs.instruments.model import Citation, Drop, LowRow, Status
from dialogs.problems import DialogError
from tests.dialogs.instruments.shelves import GERMAN, PACK, put, record, refusal, shelve

FREE = {"own_items", "phq2", "phq4", "phq8", "phq9", "gad2", "gad7"}
METADATA_ONLY = {"auditc", "pss4", "spe", "swemwbs", "ucla3", "wai", "was", "wsas"}


def test_what_ships() -> None:
    packs = shipped_packs()
    assert packs.keys() == FREE | METADATA_ONLY | {"who5"}
    assert {name for name in packs if not packs[name].can_be_asked} == METADATA_ONLY
    assert {name for name in packs if packs[name].is_on_by_default} == {"own_items", "who5"}
    assert all(packs[name].original for name in METADATA_ONLY)
    assert all("Spitzer" in packs[name].credit for name in FREE - {"own_items"})
    assert shipped_packs() is packs


def test_without_who5_as_in_the_default_wheel_all_others_load(tmp_path: Path) -> None:
    shelf = tmp_path / "instruments"
    copytree(Path(__file__).parents[3] / "dialogs" / "instruments", shelf, ignore=ignore_patterns("who5"))
    assert load_packs(shelf).keys() == FREE | METADATA_ONLY


def test_a_sound_pack_is_understood(tmp_path: Path) -> None:
    pack = load_pack(record(shelve(tmp_path)), "demo")
    assert (pack.id, pack.version, pack.status, pack.recall_days) == ("demo", 1, Status.UNVERIFIED, 7)
    assert (pack.is_clinical, pack.is_on_by_default, pack.can_be_asked) == (True, False, True)
    assert pack.items["first"].loinc == "12345-6"
    mixed, total = pack.rules["mixed"], pack.rules["total"]
    assert (mixed.low, mixed.high) == (-30, 18)
    assert total.bands_from == Citation("Muster 2020", is_checked=False)
    assert isinstance(pack.trends["fall"], Drop)
    assert isinstance(pack.trends["low"], LowRow)


#: For each rule: what is replaced in the sound pack, by what, and what the loader says about which line.
BROKEN = {
    "format": ("format: 1\n", "format: 2\n", ":1: the format is not known"),
    "no version": ("version: 1\n", "\n", ":1: the field 'version' is missing"),
    "unknown field": ("credit:", "colour: red\ncredit:", ":9: unknown field 'colour'"),
    "unknown field of an item": (
        "{scale: often, loinc",
        "{scale: often, color: red, loinc",
        ":16: unknown field",
    ),
    "double key": ("recall: 7 days\n", "recall: 7 days\nrecall: 8 days\n", ":8: 'recall' is there twice"),
    "other folder": ("instrument: demo", "instrument: other", ":1: the folder's name is 'demo'"),
    "no licence": ("licence: EUPL-1.2\n", "\n", ":1: the field 'licence' is missing"),
    "no credit": ("credit: Mia Muster\n", "\n", ":1: the field 'credit' is missing"),
    "clinical not said": ("clinical: yes\n", "\n", ":1: the field 'clinical' is missing"),
    "missing answers not said": ("missing: not_computable\n", "\n", ":1: the field 'missing' is missing"),
    "missing answers filled": ("missing: not_computable", "missing: mean", ":21: 'mean' is not possible"),
    "status": ("status: unverified", "status: good", ":5: 'good' is not possible"),
    "no LOINC code": ("12345-6", "12345", ":16: this is not a LOINC code"),
    "scale upside down": ("{low: 0, high: 3}", "{low: 3, high: 0}", ":11: 'low' is not below 'high'"),
    "scale without end": ("{low: 0, high: 3}", "{low: 0}", ":11: the field 'high' is missing"),
    "unknown scale": ("second: {scale: often}", "second: {scale: offen}", ":17: there is no scale 'offen'"),
    "weights missing": (
        "    weights: {first: 1, second: 1}\n",
        "",
        ":24: the field 'weights' is missing",
    ),
    "weights empty": ("{first: 1, second: 1}", "{}", ":24: there are no weights"),
    "a weight missing": ("{first: 1, second: 1}", "{first: 1, second: }", ":24: 'second' is empty"),
    "a weight of zero": ("{first: 1, second: 1}", "{first: 1, second: 0}", ":24: 'second' weighs nothing"),
    "a weight of a half": (
        "{first: 1, second: 1}",
        "{first: 1, second: 0.5}",
        ":24: 'second' is not a whole",
    ),
    "an item without weight": (
        "{first: 1, second: 1}",
        "{first: 1}",
        ":17: the item 'second' has no weight in any score",
    ),
    "weight of no item": ("{first: 1, second: 1}", "{first: 1, sekond: 1}", ":24: there is no item 'sekond'"),
    "weight of words": (
        "{first: 2, third: -1}",
        "{first: 2, third: -1, note: 1}",
        ":35: 'note' has no numbers",
    ),
    "weight of what is not scored": (
        "third: {scale: ten}",
        "third: {scale: ten, scored: no}",
        ":18: the item",
    ),
    "reversed without weight": ("reversed: [first]", "reversed: [second]", ":36: 'reversed' is not a list"),
    "bands overlap": (
        "{name: much, from: 3",
        "{name: much, from: 2",
        ":29: the band 'much' does not begin at 3",
    ),
    "bands leave a gap": (
        "{name: much, from: 3",
        "{name: much, from: 4",
        ":29: the band 'much' does not begin",
    ),
    "bands begin late": (
        "{name: little, from: 0",
        "{name: little, from: 1",
        ":28: the band 'little' does not",
    ),
    "bands begin early": ("{name: little, from: 0", "{name: little, from: -1", ":28: the band 'little' does"),
    "bands end early": ("to: 6}", "to: 5}", ":26: the bands end at 5, but the highest score is 6"),
    "bands end late": ("to: 6}", "to: 7}", ":26: the bands end at 7, but the highest score is 6"),
    "a band ends before it begins": ("from: 0, to: 2", "from: 0, to: -1", ":28: the band 'little' does not"),
    "bands of one name": ("{name: much", "{name: little", ":26: two bands have the same name"),
    "a band without end": ("from: 3, to: 6}", "from: 3}", ":29: the field 'to' is missing"),
    "bands without citation": (
        "      source: Muster 2020\n      list",
        "      list",
        ":26: the field 'source' is missing",
    ),
    "cut-off without citation": (
        "at_least: 3, source: Muster 2020}",
        "at_least: 3}",
        ":31: the field 'source' is missing",
    ),
    "cut-off outside": ("at_least: 3,", "at_least: 7,", ":31: 'at_least' is not a number from 0 to 6"),
    "cut-off without side": ("at_least: 3, ", "", ":31: a cut-off has one side"),
    "cut-off with two sides": ("at_least: 3,", "at_least: 3, at_most: 2,", ":31: a cut-off has one side"),
    "change without citation": ("points: 2, source: Muster 2021}", "points: 2}", ":33: the field 'source'"),
    "trend of no score": ("fall: {score: total", "fall: {score: totals", ":39: there is no score 'totals'"),
    "trend without level": ("drop: 2, level: R1", "drop: 2", ":39: the field 'level' is missing"),
    "trend of level 0": ("drop: 2, level: R1", "drop: 2, level: R0", ":39: 'R0' is not possible"),
    "trend without figure": ("at_most: 1, ", "", ":40: the field 'at_most' is missing"),
    "median of an even number": ("drop: 2,", "drop: 2, of_last: 4,", ":39: the median of an even number"),
    "safety of no item": ("{item: first", "{item: firts", ":43: there is no item 'firts'"),
    "safety without condition": ("when: value = 3, ", "", ":43: the field 'when' is missing"),
    "safety looks elsewhere": ("when: value = 3", "when: total = 3", ":43: the condition looks at more than"),
    "death without safety": (
        "{scale: often, loinc: 12345-6}",
        "{scale: often, loinc: 44260-8}",
        ":42: 'first'",
    ),
    "metadata without about": (
        "status: unverified",
        "status: metadata-only\noriginal: Muster Verlag",
        ":17: the item 'first' may not ship its wording and says nothing else",
    ),
    "metadata without original": ("status: unverified", "status: metadata-only", ":1: it is not said where"),
    "a tab": ("recall: 7 days", "recall:\t7 days", ":7: there is a tab"),
    "an alias": ("recall: 7 days", "recall: &x 7 days", ":7: '&' and '*' links are not used here"),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_pack_is_refused_with_its_line(rule: str, tmp_path: Path) -> None:
    old, new, said = BROKEN[rule]
    assert PACK.count(old) == 1
    refused = refusal(shelve(tmp_path, pack=PACK.replace(old, new)))
    assert f"demo/instrument.yaml{said}" in refused


OFFER = """\
  offer:
    hours_before_closing: 2
    friday_until: 12
    before_holidays: no
    on_call_deputy: yes
"""
GRAVE = (
    PACK.replace("12345-6", "44260-8").replace(
        "    - {item: first, when: value = 3, level: R1, reason: demo_first}\n",
        "    - {item: first, when: value >= 1, level: R2, reason: demo, crisis_card: yes}\n"
        "    - {item: first, when: value = 3, level: R3, reason: demo, crisis_card: yes}\n",
    )
    + OFFER
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value >= 1, level: R2", "value >= 2, level: R2"),
        ("value >= 1, level: R2", "value >= 1, level: R1"),
        ("value = 3, level: R3", "value = 3, level: R2"),
        ("level: R2, reason: demo, crisis_card: yes", "level: R2, reason: demo"),
        ("hours_before_closing: 2", "hours_before_closing: 1"),
        ("friday_until: 12", "friday_until: 13"),
        ("before_holidays: no", "before_holidays: yes"),
        ("on_call_deputy: yes", "on_call_deputy: no"),
        (OFFER, ""),
    ],
)
def test_a_question_about_death_is_asked_with_all_its_safety_or_not_at_all(
    old: str, new: str, tmp_path: Path
) -> None:
    assert "is not recorded" in refusal(shelve(tmp_path / "sound", pack=GRAVE))
    assert GRAVE.count(old) == 1
    assert "thoughts of death" in refusal(shelve(tmp_path / "weak", pack=GRAVE.replace(old, new)))


@pytest.mark.parametrize("paper", ["LICENSE", "NOTICE"])
@pytest.mark.parametrize("text", [None, " \n"], ids=["missing", "empty"])
def test_a_pack_without_its_papers_is_refused(paper: str, text: str | None, tmp_path: Path) -> None:
    shelf = record(shelve(tmp_path))
    (shelf / "demo" / paper).unlink()
    if text is not None:
        put(shelf / "demo" / paper, text)
    assert f"demo/{paper}:1: the file is missing or empty" in refusal(shelf)


def test_a_folder_without_a_pack_and_a_file_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    assert "demo/instrument.yaml:1: the file is missing" in refusal(tmp_path)
    shelve(tmp_path)
    (tmp_path / "demo" / "instrument.yaml").write_bytes(b"format: 1\ntitle: \xfc")
    assert "demo/instrument.yaml:2: the file is not UTF-8" in refusal(tmp_path)


def test_a_pack_of_a_version_that_is_not_recorded_is_refused(tmp_path: Path) -> None:
    assert "version 1 is not recorded. Write under [demo] in versions.toml: 1 =" in refusal(shelve(tmp_path))
    put(tmp_path / "versions.toml", "[demo\n")
    assert "versions.toml:1: this is not readable as TOML" in refusal(tmp_path)
    put(tmp_path / "versions.toml", "demo = 1\n")
    assert "is not recorded" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "instrument.yaml",
            "0, to: 2}\n        - {name: much, from: 3",
            "0, to: 3}\n        - {name: much, from: 4",
        ),
        ("instrument.yaml", "times: 3", "times: 4"),
        ("instrument.yaml", "points: 2", "points: 3"),
        (
            "instrument.yaml",
            "second: {scale: often}\n  third: {scale: ten}",
            "third: {scale: ten}\n  second: {scale: often}",
        ),
        ("wording/de.yaml", "Wie oft lesen Sie?", "Wie oft lasen Sie?"),
        ("wording/de.yaml", "3: immer", "3: meist"),
        ("wording/de.yaml", "intro: Eine", "intro: Keine"),
    ],
)
def test_a_pack_that_changed_under_its_version_is_refused(
    file: str, old: str, new: str, tmp_path: Path
) -> None:
    shelf = record(shelve(tmp_path))
    text = (shelf / "demo" / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    put(shelf / "demo" / file, text.replace(old, new))
    assert "the pack has changed, but is still version 1" in refusal(shelf)


def test_a_changed_pack_with_a_higher_version_is_taken(tmp_path: Path) -> None:
    shelf = record(shelve(tmp_path))
    shelve(shelf, pack=PACK.replace("version: 1", "version: 2").replace("times: 3", "times: 4"))
    pack = load_pack(record(shelf), "demo")
    assert (pack.version, pack.rules["mixed"].times) == (2, 4)


def test_comments_and_spacing_are_no_change(tmp_path: Path) -> None:
    shelf = record(shelve(tmp_path))
    shelve(shelf, pack="# Ein Satz dazu\n" + PACK.replace("{low: 0, high: 3}", "{ low: 0,  high: 3 }"))
    assert refusal(shelf) == ""


def test_all_packs_of_a_shelf_are_read_and_all_their_faults_told(tmp_path: Path) -> None:
    record(shelve(tmp_path))
    (tmp_path / "__pycache__").mkdir()
    assert list(load_packs(tmp_path)) == ["demo"]
    for name in ("other", "third"):
        shelve(tmp_path, name, PACK, {"de": GERMAN})
    with pytest.raises(DialogError) as caught:
        load_packs(tmp_path)
    assert {problem.file for problem in caught.value.problems} == {
        "other/instrument.yaml",
        "third/instrument.yaml",
    }
