# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages of danger now by another hand, found at their level or at least as serious.

Rules were written against them: these shares show that nothing is lost, not how well a new message is read.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level

VOICES = Path(__file__).parent / "voices_r3.tsv"


@pytest.mark.parametrize(("level", "share"), [(Level.R3, 0.92), (Level.R2, 0.95)])
def test_most_are_found(level: Level, share: float) -> None:
    with VOICES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    found = [row for row in rows if detect(row["text"], row["lang"]).level.rank >= level.rank]
    assert len(found) / len(rows) >= share
