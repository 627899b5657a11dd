# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every rule's own examples, and what happens to a rule file with a fault in it."""

from __future__ import annotations

from importlib import resources

import pytest

from dialogs.concerns import detect
from dialogs.concerns.normalise import split
from dialogs.concerns.rulebook import Kind, Rule, RulebookError, compile_rules, rulebook
from dialogs.scales import Level

RULES = [rule for rule in rulebook().rules if rule.kind in (Kind.RULE, Kind.IDIOM)]
HITS = [pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(rule.hits)]
MISSES = [
    pytest.param(rule, text, id=f"{rule.id}-{n}") for rule in RULES for n, text in enumerate(rule.misses)
]


def _applies(rule: Rule, text: str) -> bool:
    """At its full level; for an idiom: its phrase is there."""
    if rule.kind is Kind.RULE:
        return any(
            hit.rule == rule.id and hit.level is rule.level for hit in detect(text, rule.language).hits
        )
    book, words = rulebook(), split(text)
    found = book.index.find(words, book.index.look_up(words), most=9)
    return any(book.rules[book.owners[each.phrase]].id == rule.id for each in found)


@pytest.mark.parametrize(("rule", "text"), HITS)
def test_a_rule_applies_to_its_hits(rule: Rule, text: str) -> None:
    assert _applies(rule, text)
    if rule.kind is Kind.IDIOM:
        assert detect(text, rule.language).level.rank <= rule.level.rank


@pytest.mark.parametrize(("rule", "text"), MISSES)
def test_a_rule_does_not_apply_to_its_misses(rule: Rule, text: str) -> None:
    assert not _applies(rule, text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_examples_of_both_kinds_and_a_fitting_id(rule: Rule) -> None:
    assert rule.hits
    assert rule.misses
    assert rule.id.startswith(f"{rule.language}.")
    assert rule.kind is Kind.IDIOM or rule.level is not Level.R0


def test_the_promised_languages_have_acute_rules() -> None:
    acute = {rule.language for rule in RULES if rule.level is Level.R3}
    assert acute == {"de", "en", "uk", "ru", "tr", "ar", "fa", "pl"}


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


def test_each_shipped_file_is_named_after_its_language() -> None:
    folder = resources.files("dialogs.concerns").joinpath("rules")
    names = {entry.name for entry in folder.iterdir()}
    assert names == {f"{rule.language}.yaml" for rule in RULES}
