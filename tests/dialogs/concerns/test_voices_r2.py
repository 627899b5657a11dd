# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Heavy and worn-out days, told in passing and in the words of daily life, by another hand than the rules."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level

VOICES = Path(__file__).parent / "voices_r2.tsv"


@pytest.mark.parametrize(("level", "share"), [(Level.R2, 0.90), (Level.R1, 0.80)])
def test_most_are_found_at_their_level(level: Level, share: float) -> None:
    with VOICES.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["level"] == level]
    found = [row for row in rows if detect(row["text"], row["lang"]).level.rank >= level.rank]
    assert len(found) / len(rows) >= share
