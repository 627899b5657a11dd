# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A shelf with one small invented pack, to be broken in one place at a time."""

from __future__ import annotations

import re
from pathlib import Path

from dialogs.instruments import load_pack
from dialogs.problems import DialogError, Problem

PACK = """\
format: 1
instrument: demo
version: 1
title: {de: Probe, en: Trial}
status: unverified
clinical: yes
recall: 7 days
licence: EUPL-1.2
credit: Mia Muster
scales:
  often: {low: 0, high: 3}
  ten: {low: 0, high: 10, labels: ends}
  which: {options: [tea, water]}
  words: {text: yes}
items:
  first: {scale: often, loinc: 12345-6}
  second: {scale: often}
  third: {scale: ten}
  drink: {scale: which, scored: no}
  note: {scale: words, scored: no}
missing: not_computable
scores:
  total:
    weights: {first: 1, second: 1}
    bands:
      source: Muster 2020
      list:
        - {name: little, from: 0, to: 2}
        - {name: much, from: 3, to: 6}
    cutoffs:
      - {name: at_least_3, at_least: 3, source: Muster 2020}
    changes:
      - {name: real, points: 2, source: Muster 2021}
  mixed:
    weights: {first: 2, third: -1}
    reversed: [first]
    times: 3
trends:
  fall: {score: total, drop: 2, level: R1}
  low: {score: total, at_most: 1, level: R1}
safety:
  rules:
    - {item: first, when: value = 3, level: R1, reason: demo_first}
"""

GERMAN = """\
format: 1
instrument: demo
language: de-DE
intro: Eine erfundene Probe.
items:
  first: Wie oft lesen Sie?
  second: Wie oft singen Sie?
  third: Wie gern kochen Sie?
  drink: Was trinken Sie gern?
  note: Was noch?
answers:
  often: {0: nie, 1: selten, 2: oft, 3: immer}
  ten: {0: gar nicht, 10: sehr}
  which: {tea: Tee, water: Wasser}
"""


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def shelve(shelf: Path, name: str = "demo", pack: str = PACK, words: dict[str, str] | None = None) -> Path:
    """A pack with its papers on the shelf, its version not yet recorded."""
    put(shelf / name / "instrument.yaml", pack)
    put(shelf / name / "LICENSE", "Invented for tests.\n")
    put(shelf / name / "NOTICE", "Mia Muster\n")
    for language, text in ({"de": GERMAN} if words is None else words).items():
        put(shelf / name / "wording" / f"{language}.yaml", text)
    return shelf


def refusal(shelf: Path, name: str = "demo", licensed: Path | None = None) -> str:
    """What the loader says against a pack, one problem a line; "" if it takes it."""
    problems: tuple[Problem, ...] = ()
    try:
        load_pack(shelf, name, licensed)
    except DialogError as error:
        problems = error.problems
    assert all(problem.remedy for problem in problems)
    return "\n".join(map(str, problems))


def record(shelf: Path, name: str = "demo") -> Path:
    """Write the line that the loader asks for into `versions.toml`."""
    line = re.search(r"versions\.toml: (\d+ = \"[0-9a-f]{64}\")$", refusal(shelf, name))
    assert line, refusal(shelf, name)
    versions = shelf / "versions.toml"
    known = versions.read_text(encoding="utf-8") if versions.exists() else ""
    header = "" if f"[{name}]" in known else f"[{name}]\n"
    put(versions, f"{known}{header}{line[1]}\n")
    return shelf
