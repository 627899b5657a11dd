# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whole messages with the level that people gave them.

examples.tsv is the published seed set. dev.tsv, learned.tsv and the files of other languages were used while
the rules were written, heldout.tsv has been read since: they prove that what was found stays found. What the
rules have never seen is in unseen/, by another hand: nobody who writes rules may open it. When that has
happened, move the lines to learned.tsv and write new ones. plain*.tsv hold ordinary messages as a fair tester
would choose them, the others there were written to be hard. `python -m tests.dialogs.concerns.report` prints
tables.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level

HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quotechar='"'))


EXAMPLES, DEV, HELD_OUT, LEARNED = _rows("examples"), _rows("dev"), _rows("heldout"), _rows("learned")
UNSEEN_ELSEWHERE = _rows("unseen/other_languages")
PLAIN, PLAIN_ELSEWHERE = _rows("plain"), _rows("plain_other_languages")
UNSEEN_PLAIN = [row for part in ("x", "y", "u3", "u5", "w1") for row in _rows(f"unseen/plain_{part}")]
UNSEEN_PLAIN_ELSEWHERE = [
    row for part in ("v", "z", "u1", "u2", "u4", "w2") for row in _rows(f"unseen/plain_{part}")
]
UNSEEN = [row for level in Level for row in _rows(f"unseen/de_{level.value.lower()}")]


def _level(row: dict[str, str]) -> Level:
    return detect(row["text"], row["lang"]).level


def _share(rows: list[dict[str, str]], level: Level, is_right: Callable[[Level], bool]) -> float:
    chosen = [row for row in rows if row["level"] == level]
    return sum(is_right(_level(row)) for row in chosen) / len(chosen)


def test_the_sets_are_whole() -> None:
    assert (len(EXAMPLES), len(DEV), len(HELD_OUT), len(LEARNED)) == (115, 1379, 203, 826)
    texts = [row["text"] for row in EXAMPLES + DEV + HELD_OUT + LEARNED]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    "row", [row for row in EXAMPLES if row["level"] == Level.R3], ids=lambda row: row["id"]
)
def test_every_acute_seed_message_is_acute(row: dict[str, str]) -> None:
    assert _level(row) is Level.R3


@pytest.mark.parametrize("rows", [EXAMPLES, DEV, LEARNED], ids=["examples", "dev", "learned"])
def test_serious_messages_reach_a_coach_the_same_day(rows: list[dict[str, str]]) -> None:
    assert _share(rows, Level.R2, lambda level: level.rank >= 2) >= 0.95


@pytest.mark.parametrize("rows", [EXAMPLES, DEV, LEARNED], ids=["examples", "dev", "learned"])
def test_strain_and_wishes_for_contact_are_seen(rows: list[dict[str, str]]) -> None:
    assert _share(rows, Level.R1, lambda level: level.rank >= 1) >= 0.95


@pytest.mark.parametrize("rows", [EXAMPLES, DEV, LEARNED], ids=["examples", "dev", "learned"])
def test_everyday_messages_raise_nothing(rows: list[dict[str, str]]) -> None:
    assert _share(rows, Level.R0, lambda level: level is Level.R0) >= 0.98


@pytest.mark.parametrize("rows", [DEV, LEARNED], ids=["dev", "learned"])
def test_acute_messages_used_while_writing_the_rules(rows: list[dict[str, str]]) -> None:
    assert _share(rows, Level.R3, lambda level: level is Level.R3) >= 0.95


# The second part of heldout.tsv (H126 on) was written after the first rules; the first part before them, in
# the same sitting and by the same hand, and flatters them.
FLOORS = [
    (Level.R3, Level.R3, 0.83),
    (Level.R3, Level.R2, 0.83),
    (Level.R2, Level.R2, 0.95),
    (Level.R1, Level.R1, 0.8),
]


@pytest.mark.parametrize(("level", "reached", "floor"), FLOORS)
def test_messages_the_rules_were_not_written_for(level: Level, reached: Level, floor: float) -> None:
    assert _share(HELD_OUT[125:], level, lambda found: found.rank >= reached.rank) >= floor


def test_everyday_messages_the_rules_were_not_written_for() -> None:
    assert _share(HELD_OUT, Level.R0, lambda found: found is Level.R0) >= 0.97


def test_the_first_part_held_out() -> None:
    early = HELD_OUT[:125]
    assert _share(early, Level.R3, lambda level: level is Level.R3) >= 0.95
    assert _share(early, Level.R2, lambda level: level.rank >= 2) >= 0.95
    assert _share(early, Level.R0, lambda level: level is Level.R0) >= 0.95


@pytest.mark.parametrize("rows", [PLAIN, PLAIN_ELSEWHERE], ids=["German", "others"])
def test_grave_plain_messages_used_while_writing_the_rules(rows: list[dict[str, str]]) -> None:
    assert _share(rows, Level.R3, lambda level: level.rank >= 2) >= 0.98
    assert _share(rows, Level.R2, lambda level: level.rank >= 2) >= 0.98


# The aims: .95 of what is grave, and no more than 2 % of what is everyday.
def test_plain_grave_messages_nobody_has_seen_who_writes_rules() -> None:
    grave = [row for row in UNSEEN_PLAIN if row["level"] in {Level.R2, Level.R3}]
    assert sum(_level(row).rank >= 2 for row in grave) / len(grave) >= 0.95
    assert _share(UNSEEN_PLAIN, Level.R3, lambda level: level is Level.R3) >= 0.95


def test_everyday_plain_messages_nobody_has_seen_who_writes_rules() -> None:
    everyday = [row for row in UNSEEN_PLAIN if row["category"] == "everyday"]
    assert _share(everyday, Level.R0, lambda level: level.rank < 2) >= 0.98


# Reached so far, on hard texts that the rules have never seen: docs/detection.md. The floors lie a little
# below what is reached; whoever makes the rules better raises them.
UNSEEN_FLOORS = [
    (Level.R3, Level.R3, 0.71),
    (Level.R3, Level.R2, 0.82),
    (Level.R2, Level.R2, 0.82),
    (Level.R1, Level.R1, 0.57),
]


@pytest.mark.parametrize(("level", "reached", "floor"), UNSEEN_FLOORS)
def test_messages_nobody_has_seen_who_writes_rules(level: Level, reached: Level, floor: float) -> None:
    assert _share(UNSEEN, level, lambda found: found.rank >= reached.rank) >= floor


def test_everyday_messages_nobody_has_seen_who_writes_rules() -> None:
    assert _share(UNSEEN, Level.R0, lambda found: found is Level.R0) >= 0.93


@pytest.mark.parametrize("level", [Level.R3, Level.R2])
def test_plain_grave_messages_in_other_languages_that_nobody_has_seen(level: Level) -> None:
    assert _share(UNSEEN_PLAIN_ELSEWHERE, level, lambda found: found.rank >= 2) >= 0.95


@pytest.mark.parametrize(("category", "floor"), [("everyday", 0.98), ("lookalike", 0.85)])
def test_harmless_plain_messages_in_other_languages_that_nobody_has_seen(category: str, floor: float) -> None:
    harmless = [row for row in UNSEEN_PLAIN_ELSEWHERE if row["category"] == category]
    assert _share(harmless, Level.R0, lambda found: found.rank < 2) >= floor


@pytest.mark.parametrize("level", [Level.R3, Level.R2])
def test_grave_messages_in_other_languages_that_nobody_has_seen(level: Level) -> None:
    assert _share(UNSEEN_ELSEWHERE, level, lambda found: found.rank >= 2) >= 0.85


def test_everyday_messages_in_other_languages_that_nobody_has_seen() -> None:
    assert _share(UNSEEN_ELSEWHERE, Level.R0, lambda found: found is Level.R0) >= 0.95
