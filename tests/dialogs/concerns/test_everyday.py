# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Everyday messages stay quiet, and what is said in jest never hides what is meant.

everyday.tsv: EV001 to EV447 were written before anybody looked at what they raise, EV448 on after the
rules had been mended for the first part. Both have been used for the rules since.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level

EVERYDAY = Path(__file__).with_name("everyday.tsv")


def _levels() -> list[Level]:
    with EVERYDAY.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quotechar='"'))
    return [detect(row["text"], row["lang"]).level for row in rows]


def test_everyday_messages_stay_quiet() -> None:
    levels = _levels()
    assert sum(level is Level.R0 for level in levels) / len(levels) >= 0.91
    assert sum(level.rank >= 2 for level in levels) / len(levels) <= 0.04


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Akku stirbt, und ich auch", Level.R2),
        ("Handy tot, ich bald auch", Level.R2),
        ("Ich lese ein Buch und will sterben", Level.R3),
        ("Im Krimi wurde er erwürgt, ich will auch sterben", Level.R3),
        ("Ich springe unter die Dusche und dann vor den Zug", Level.R3),
        ("Ich gebe nicht auf, mich umzubringen", Level.R3),
        ("Nach dem Tatort hat er mich bedroht", Level.R2),
        ("Beim Putzen hat er mich geschlagen", Level.R2),
        ("Beim Basteln habe ich mich absichtlich geschnitten", Level.R2),
        ("Das Thema ist gestorben, ich will nicht mehr leben", Level.R3),
        ("Ich sterbe vor Spannung und bringe mich danach um", Level.R3),
        ("Der Kerl bringt mich um", Level.R2),
    ],
)
def test_an_idiom_hides_nothing_that_stands_beside_it(text: str, least: Level) -> None:
    assert detect(text).level.rank >= least.rank
