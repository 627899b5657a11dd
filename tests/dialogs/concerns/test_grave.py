# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Grave messages that name neither death nor danger outright: farewells, decisions, few words, lay words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level

GRAVE = Path(__file__).parent / "grave.tsv"


@pytest.mark.parametrize(("level", "share"), [(Level.R3, 0.93), (Level.R2, 0.94)])
def test_most_are_found_at_their_level(level: Level, share: float) -> None:
    with GRAVE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["level"] == level]
    found = [row for row in rows if detect(row["text"], row["lang"]).level.rank >= level.rank]
    assert len(found) / len(rows) >= share
