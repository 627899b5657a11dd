# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the operator's documents say about the program is so: tables, keys, staff, tests, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.setting_parts import RetentionPart
from bot.storage.owners import owner_of, sealed_columns
from bot.storage.tables import metadata

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "betrieb"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
TABLES = {table.name: table for table in metadata.sorted_tables}
#: Where somebody's doing stands without a reference to their row.
_DOER = "actor"
#: What only a lawyer can confirm. Articles that merely name a kind of document are no statement.
LAW = re.compile(r"§ ?\d+[a-z]?|Erwägungsgrund \d+|MDCG|Art\. (?:9|36|50)\b|Regel 11")
_RULE = re.compile(r"^\| (L\d+) \| (.+?) \| (.*?) \|", re.MULTILINE)
_KEPT = re.compile(r"^\| `(\w+)` \| ([^|]+) \| (Person|Stelle|–) \| (L\d+) \|$", re.MULTILINE)
_PERIOD = re.compile(r"^\| L\d+ \| [^|]+ \| (\d+) (\w+) \|.*\| `LOTSE_RETENTION__(\w+)` \|$", re.MULTILINE)
_FIRST_CELL = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def rows() -> list[tuple[str, str, str]]:
    """Table, key and rule, as the deletion concept has them."""
    return [(name, key, rule) for name, _, key, rule in _KEPT.findall(PAGES["loeschkonzept.md"])]


def test_every_table_is_in_the_deletion_concept_once() -> None:
    assert sorted(name for name, _, _ in rows()) == sorted(TABLES)


def test_every_table_follows_a_rule_that_is_there() -> None:
    rules = [rule for rule, _, _ in _RULE.findall(PAGES["loeschkonzept.md"])]
    assert len(rules) == len(set(rules))
    assert {rule for _, _, rule in rows()} <= set(rules)


def test_every_period_is_that_of_the_program() -> None:
    """A period with a setting is what the setting is by default, and every setting has its rule."""
    found = {}
    for amount, unit, name in _PERIOD.findall(PAGES["loeschkonzept.md"]):
        assert name.endswith({"Tage": "_DAYS", "Monate": "_MONTHS"}[unit]), name
        assert found.setdefault(name.lower(), int(amount)) == int(amount), name
    assert found == {name: field.default for name, field in RetentionPart.model_fields.items()}


def test_what_names_a_person_has_an_end() -> None:
    endless = {
        rule for rule, _, period in _RULE.findall(PAGES["loeschkonzept.md"]) if period.startswith("keine")
    }
    of_people = {
        name
        for name, table in TABLES.items()
        if owner_of(table) is not None or refers_to(name, "participant") or refers_to(name, "staff")
    }
    assert endless
    assert of_people - {name for name, _, rule in rows() if rule not in endless} == set()


@pytest.mark.parametrize(("name", "key", "rule"), rows(), ids=[name for name, _, _ in rows()])
def test_the_key_of_each_table_is_named_rightly(name: str, key: str, rule: str) -> None:
    del rule
    table = TABLES[name]
    expected = "Person" if owner_of(table) is not None else "Stelle"
    assert key == (expected if sealed_columns(table) else "–")


def test_every_table_about_staff_is_in_the_note_for_their_council() -> None:
    about = {name for name, table in TABLES.items() if refers_to(name, "staff") or _DOER in table.c}
    named = _FIRST_CELL.findall(PAGES["personalrat.md"])
    assert about | {"staff"} <= set(named)
    assert set(named) <= set(TABLES)


def test_no_number_is_kept_of_a_single_colleague() -> None:
    labels = re.findall(r'_gauge\(\s*"lotse_\w+",\s*"[^"]*",\s*((?:"\w+",?\s*)+)\)', source("bot/metrics.py"))
    assert {word for group in labels for word in re.findall(r"\w+", group)} == {
        "agency",
        "channel",
        "level",
        "role",
        "fault",
    }


def test_what_the_record_of_processing_names_is_there() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGES["verzeichnis.md"]))
    assert named <= set(TABLES)
    people = {name for name, table in TABLES.items() if "participant_id" in table.c and sealed_columns(table)}
    assert people - named == {"broken_glass"}, "broken glasses are in the note for the council"


@pytest.mark.parametrize("page", PAGES)
def test_every_test_and_file_that_is_named_is_there(page: str) -> None:
    named = re.findall(r"`((?:tests|bot|dialogs|docs)/[\w./*-]+)`", PAGES[page])
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGES[page]) if "://" not in link]
    assert [one for one in named if not (ROOT / one).exists()] == []
    assert [one for one in linked if not (FOLDER / one).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_law_is_never_told_for_certain(page: str) -> None:
    """Statements on law come from memory or from others, and say so."""
    blocks = re.split(r"\n(?=[|#>\n-])", PAGES[page])
    certain = [one for one in blocks if LAW.search(one) and not re.search(r"[Pp]rüfen|\[[^\]]+\]", one)]
    assert certain == []


@pytest.mark.parametrize("page", [name for name in PAGES if name not in ("README.md", "einwilligungen.md")])
def test_each_page_leaves_the_operator_what_only_they_know(page: str) -> None:
    assert re.search(r"\[[^\]]+\](?!\()", PAGES[page]) or "Noch nicht vorhanden" in PAGES[page]


def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def refers_to(name: str, target: str) -> bool:
    return any(key.column.table.name == target for key in TABLES[name].foreign_keys)
