# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The schema for editors says the same as the reader: of every file, and of every small change to one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from dialogs.parse import parse
from dialogs.parse_steps import KINDS
from dialogs.problems import UNREADABLE, DialogError
from dialogs.schema import schema
from dialogs.shipped import shipped_files
from dialogs.yaml_source import Listing, Scalar, Tree, read_yaml

COMMITTED = Path(__file__).parents[2] / "dialogs" / "flows" / "dialog.schema.json"
FOLDER = Path(__file__).parent / "broken"
#: No schema can say anything about a file that is no YAML.
BROKEN = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != UNREADABLE)
#: A safe dumper, the one in C where there is one.
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
VALIDATOR = Draft7Validator(schema())

#: Every kind of step with every field that it may have.
EVERYTHING = """
format: 1
dialog: everything
version: 2
title: {de: Alles, en: All}
data: neutral
progress: yes
estimated: 2 minutes
priority: high
timeout: {after: 1 day, repeat: 1, next: o}
facts:
  coach: {de: Ihr Coach, en: your coach}
  visit: {unknown: {de: bald, en: soon}, data: appointment, kind: date}
  place:
steps:
  a:
    say: {de: Hallo, en: Hello, de-x-einfach: Hallo}
    crisis: yes
    data: health
    picture: {file: pilot_boat.png, alt: {de: Ein Boot, en: A boat}}
    next: b
  b:
    choose: {de: Was, en: What}
    key: which
    optional: yes
    remember: language
    data: appointment
    timeout: {after: 1 day, repeat: 2, next: o}
    raise: [{level: R1, reason: one, when: value = "x"}, {level: R2, reason: two}]
    options:
      x: {de: X, en: X}
      "7":
        label: {de: 7, en: seven}
        words: {de: "sieben, 7"}
        raise: {level: R3, reason: x}
        next: d
        acute: yes
  c: {scale: {de: C, en: C}, low: 1, high: 5, low_label: {de: l}, high_label: {de: h}, acute: value > 3}
  c2: {scale: {de: C, en: C}, low: -1, high: 1, labels: {-1: {de: l}, 0: {de: m}, 1: {de: h}}}
  d: {number: {de: D, en: D}, low: -1.5, high: 10, decimals: yes, raise: {level: R1, reason: x}}
  e: {text: {de: E, en: E}, longest: 100, picture: {file: pilot_boat.png, alt: {de: Ein Boot}}}
  f: {date: {de: F, en: F}, earliest: -7, latest: 7}
  g: {yes_no: {de: G, en: G}, yes: {de: Ja, en: Yes}, no: {label: {de: Nein}, next: i}}
  h: {consent: {de: H, en: H}, purpose: contact, yes: {de: Ja, en: Yes}}
  i: {branch: [{when: c < 2, next: j}, {when: d is missing, next: k}], next: l}
  j: {branch: {when: yes, next: k}}
  k: {raise_concern: {level: R2, reason: low}}
  l: {set: {one: 1, two: zwei, three: yes, four: "{coach}"}, remember: yes}
  m: {start: pause}
  n: {hand_to_human: wish}
  o: {pause: 7}
  p: {pause: "{which}"}
  r: {instrument: own_items, items: [mood, sleep], timeout: {after: 1 day}, data: health, next: s}
  s: {score: own_items}
  t: {wait: 2 days}
  q: {end: completed, return: {one: 1, two: "{which}", three: yes}}
"""
HEAD = {"format": 1, "dialog": "probe", "title": {"de": "Probe"}}


def plain(tree: Tree) -> Any:
    """The tree as an editor sees it (YAML 1.2: yes is a word)."""
    if isinstance(tree, Scalar):
        return tree.text if tree.quoted else unquoted(tree.text)
    if isinstance(tree, Listing):
        return [plain(item) for item in tree.items]
    return {key: plain(entry.value) for key, entry in tree.entries.items()}


def unquoted(text: str) -> str | int | float | bool | None:
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    return {"": None, "true": True, "false": False}.get(text, text)


def the_reader_takes(source: str) -> bool:
    """Whether the reader takes it, apart from the grammar of conditions, which no schema can know."""
    try:
        parse(source, "probe.yaml")
    except DialogError as error:
        return all(problem.what.startswith("in the condition") for problem in error.problems)
    return True


def changes(value: Any) -> Iterator[Any]:
    """The value with one field deleted, misspelt, emptied, or given something of another shape."""
    if isinstance(value, dict):
        for key, inner in value.items():
            rest = {other: kept for other, kept in value.items() if other != key}
            yield rest
            yield rest | {f"{key}_Ä": inner}
            yield from ({**value, key: other} for other in ("", "a b!", {"Ü": 1}, 10**7))
            yield from ({**value, key: changed} for changed in changes(inner))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from ([*value[:at], changed, *value[at + 1 :]] for changed in changes(inner))


def test_the_committed_copy_is_up_to_date() -> None:
    expected = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    assert COMMITTED.read_text(encoding="utf-8") == expected, "run: lotse dialogs schema > " + str(COMMITTED)


def test_it_is_a_schema_that_knows_every_kind() -> None:
    Draft7Validator.check_schema(schema())
    assert set(KINDS) <= set(schema()["definitions"])
    mapping, _ = read_yaml(EVERYTHING, "everything.yaml")
    used = {kind for step in plain(mapping)["steps"].values() for kind in step if kind in KINDS}
    assert used == set(KINDS)


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_it_takes_what_ships(path: Path) -> None:
    mapping, _ = read_yaml(path.read_text(encoding="utf-8"), path.name)
    assert [error.message for error in VALIDATOR.iter_errors(plain(mapping))] == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_of_broken_files_it_refuses_what_the_reader_refuses(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    mapping, _ = read_yaml(source, path.name)
    assert VALIDATOR.is_valid(plain(mapping)) == the_reader_takes(source)


def test_of_every_small_change_both_think_the_same() -> None:
    assert the_reader_takes(EVERYTHING)
    mapping, _ = read_yaml(EVERYTHING, "everything.yaml")
    whole = plain(mapping)
    assert VALIDATOR.is_valid(whole)
    steps = whole.pop("steps")
    documents = [whole | {"steps": {"q": steps["q"]}}]
    documents += [{**HEAD, "steps": {name: step}} for name, step in steps.items()]
    differ: list[str] = []
    for changed in (changed for document in documents for changed in changes(document)):
        source = yaml.dump(changed, Dumper=DUMPER, allow_unicode=True, sort_keys=False)
        seen, _ = read_yaml(source, "probe.yaml")
        if VALIDATOR.is_valid(plain(seen)) != the_reader_takes(source):
            differ.append(source)
    assert differ == []
