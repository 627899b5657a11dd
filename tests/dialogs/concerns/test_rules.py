# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every rule's own examples, and what happens to a rule file with a fault in it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.concerns.rule_files import RulebookError, read_folder, read_rule_file, texts_of
from dialogs.concerns.rulebook import compile_rules, rulebook
from dialogs.concerns.rules import Kind, Rule
from dialogs.scales import Level

RULES = [rule for rule in rulebook().rules if rule.kind in (Kind.RULE, Kind.TALLY, Kind.IDIOM)]


def _applies(rule: Rule, text: str) -> bool:
    """At its full level; for an idiom: its phrase is there."""
    if rule.kind is not Kind.IDIOM:
        return any(
            hit.rule == rule.id and hit.level is rule.level for hit in detect(text, rule.language).hits
        )
    book = rulebook()
    found = book.index.find(book.view(text), most=9)
    return any(book.rules[book.owners[each.phrase]].id == rule.id for each in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_applies_to_its_hits_and_not_to_its_misses(rule: Rule) -> None:
    assert rule.hits
    assert rule.misses
    assert [text for text in rule.hits if not _applies(rule, text)] == []
    assert [text for text in rule.misses if _applies(rule, text)] == []


@pytest.mark.parametrize("rule", [one for one in RULES if one.kind is Kind.IDIOM], ids=lambda rule: rule.id)
def test_an_idiom_is_no_more_than_its_level(rule: Rule) -> None:
    assert [text for text in rule.hits if detect(text, rule.language).level.rank > rule.level.rank] == []


def test_a_rule_has_a_fitting_id_and_calls_somebody() -> None:
    assert [rule.id for rule in RULES if not rule.id.startswith(f"{rule.language}.")] == []
    assert [rule.id for rule in RULES if rule.level is Level.R0 and rule.kind is not Kind.IDIOM] == []


def test_the_promised_languages_have_acute_rules() -> None:
    acute = {rule.language for rule in RULES if rule.level is Level.R3}
    assert acute == {"de", "en", "uk", "ru", "tr", "ar", "fa", "pl"}


def test_every_family_of_words_is_used() -> None:
    texts = read_folder(resources.files("dialogs.concerns").joinpath("rules"), "")
    files = [read_rule_file(name, text) for name, text in texts.items()]
    used = {
        (file.language, name)
        for file, text in zip(files, texts.values(), strict=True)
        for name in re.findall(r"\{(\w+)\}", text)
    }
    named = {(file.language, name) for file in files for name, _ in texts_of(file.families)}
    assert named - used == set()


GOOD = """\
language: de
words:
  fillers: doch
rules:
  - id: de.first
    level: R1
    patterns: ['bitte melden']
    hits: ['bitte melden']
    misses: ['ja']
"""


def test_a_sites_examples_do_not_make_a_slip_a_true_word(site_file: Path) -> None:
    site_file.write_text(SITE.replace("misses: ['drachen']", "misses: ['die brücje']"), encoding="utf-8")
    text = "ich stehe auf der brücje und springe"
    assert detect(text, "de", rulebook(site_file)) == detect(text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: R1", "level: R9", "de.yaml:5: rule de.first: Invalid enum value 'R9'"),
        ("    misses: ['ja']\n", "", "de.yaml:5: rule de.first: .*misses"),
        ("    level", "    leve: 1\n    level", "de.yaml:5: rule de.first: .*leve"),
        (
            "'bitte melden']\n    hits",
            "'bitte ( melden']\n    hits",
            "de.yaml:5: rule de.first: .*never closed",
        ),
        ("'bitte melden']\n    hits", "'{nobody}']\n    hits", "de.yaml:5: rule de.first: .*no family"),
        ("fillers: doch", "filler: doch", "de.yaml:3: words: 'filler'"),
        ("rules:", "rules: [", "de.yaml:5: not YAML"),
        ("language: de\n", "", "de.yaml:1: .*language"),
    ],
)
def test_a_fault_names_file_line_and_rule(old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(RulebookError, match=message):
        compile_rules({"de.yaml": GOOD.replace(old, new, 1)})


def test_an_id_is_used_once() -> None:
    with pytest.raises(RulebookError, match=r"b\.yaml:5: rule de\.first: the id is used twice"):
        compile_rules({"a.yaml": GOOD, "b.yaml": GOOD})


@pytest.mark.parametrize("section", ["families: {dann: morgen}", "concepts: {dann: [morgen frueh]}"])
def test_a_family_or_concept_of_a_language_is_named_once(section: str) -> None:
    first = f"{section}\n{GOOD}"
    second = first.replace("de.first", "de.second")
    with pytest.raises(
        RulebookError, match=rf"b\.yaml:1: {section.partition(':')[0]}: 'dann' is there already"
    ):
        compile_rules({"a.yaml": first, "b.yaml": second})


def test_another_language_may_have_a_family_of_the_same_name() -> None:
    first = f"families: {{dann: morgen}}\n{GOOD}"
    compile_rules(
        {"a.yaml": first, "b.yaml": first.replace("language: de", "language: en").replace("de.", "en.")}
    )


def test_each_shipped_file_is_named_after_its_language() -> None:
    folder = resources.files("dialogs.concerns").joinpath("rules")
    names = {entry.name.removesuffix(".yaml") for entry in folder.iterdir()}
    assert names == {rule.language for rule in RULES}
    for entry in folder.iterdir():
        for file in entry.iterdir() if entry.is_dir() else (entry,):
            language = read_rule_file(file.name, file.read_text(encoding="utf-8")).language
            assert entry.name.removesuffix(".yaml") == language


def test_every_concept_that_a_pattern_names_is_there() -> None:
    names = {rule.id for rule in rulebook().rules if rule.kind is Kind.CONCEPT}
    used = {
        name
        for rule in rulebook().rules
        for pattern in rule.patterns
        for name in re.findall(r"<[\w-]+>", pattern)
    }
    assert used <= names


SITE = """\
language: de
families:
  treff: werkhof|werkhaus
concepts:
  nie-mehr:
    - 'nie mehr'
rules:
  - id: site.code-word
    level: R3
    patterns: ['roter ..1 drachen', '{treff} & <nie-mehr>']
    hits: ['roter drachen']
    misses: ['drachen']
"""


@pytest.fixture
def site_file(tmp_path: Path) -> Path:
    path = tmp_path / "phrases.yaml"
    path.write_text(SITE, encoding="utf-8")
    return path


def test_a_site_adds_rules_of_its_own(site_file: Path) -> None:
    book = rulebook(site_file)
    assert detect("Hier ist roter Drachen", "de", book).level is Level.R3
    assert detect("nie mehr in den Werkhof", "de", book).hits[0].rule == "site.code-word"
    assert detect("Hier ist roter Drachen").level is Level.R0


def test_a_site_changes_nothing_that_is_there(site_file: Path) -> None:
    book = rulebook(site_file)
    for rule in RULES:
        for text in rule.hits + rule.misses:
            assert detect(text, rule.language, book) == detect(text, rule.language)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("site.code-word", "de.contact", r"phrases.yaml:8: rule de.contact: ids begin with site\."),
        ("rules:", "idioms:", r"phrases.yaml:1: idioms: a site's file may only add rules"),
        ("  treff:", "  wollen:", r"phrases.yaml:3: families: 'wollen' is there already"),
        ("  nie-mehr:", "  nicht-mehr:", r"phrases.yaml:5: concepts: 'nicht-mehr' is there already"),
        ("language: de", "words:\n  negation: drachen\nlanguage: de", "words: a site's file may only add"),
        ("level: R3", "level: R0", r"phrases.yaml:8: rule site.code-word: R0 raises nothing"),
        ("{treff}", "{niemand}", r"phrases.yaml:8: rule site.code-word: .*no family"),
        ("<nie-mehr>'", "<niemals>'", r"phrases.yaml:8: rule site.code-word: no concept is called <niemals>"),
        ("rules:", "rules: [", r"phrases.yaml:8: not YAML"),
    ],
)
def test_a_fault_in_a_sites_file_is_told_with_its_line(
    site_file: Path, old: str, new: str, message: str
) -> None:
    assert old in SITE
    site_file.write_text(SITE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=message):
        rulebook(site_file)


def test_a_sites_file_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("Größe".encode("latin-1"))
    for path, message in (
        (tmp_path / "none.yaml", r"none\.yaml: there is no such file; check the path"),
        (tmp_path, "this is a folder; name the file"),
        (latin, r"latin\.yaml: this is no text in UTF-8"),
        (latin / "x.yaml", r"x\.yaml: it cannot be read \(Not a directory\)"),
    ):
        with pytest.raises(RulebookError, match=message):
            rulebook(path)
