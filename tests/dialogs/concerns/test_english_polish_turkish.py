# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""English, Polish and Turkish messages, written and used while the rules were written.

They prove that what was found stays found; what other hands write is measured in unseen/.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogs.concerns import detect
from dialogs.scales import Level

LANGUAGES = ["en", "pl", "tr"]

with (Path(__file__).parent / "dev_en_pl_tr.tsv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines, delimiter="\t", quotechar='"'))


def _share(language: str, levels: set[Level], is_right: Callable[[Level], bool]) -> float:
    chosen = [row for row in ROWS if row["lang"] == language and row["level"] in levels]
    return sum(is_right(detect(row["text"], language).level) for row in chosen) / len(chosen)


def test_the_set_is_whole() -> None:
    assert len(ROWS) == len({row["text"] for row in ROWS}) == 820
    assert {row["lang"] for row in ROWS} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_grave_messages_reach_a_person_the_same_day(language: str) -> None:
    assert _share(language, {Level.R3, Level.R2}, lambda level: level.rank >= 2) >= 0.98


@pytest.mark.parametrize("language", LANGUAGES)
def test_everyday_messages_bring_nobody_running(language: str) -> None:
    assert _share(language, {Level.R0}, lambda level: level.rank < 2) >= 0.98


@pytest.mark.parametrize("row", [row for row in ROWS if row["lang"] == "en"], ids=lambda row: row["id"])
def test_the_level_does_not_hang_on_the_setting(row: dict[str, str]) -> None:
    own, other = detect(row["text"], "en").level, detect(row["text"], "tr").level
    assert own == other or max(own.rank, other.rank) < 2


@pytest.mark.parametrize(
    ("harmless", "grave"),
    [
        ("In the film the murderer killed his brother", "I watched a film and now I want to die"),
        ("My wife is going to kill me haha", "He will kill me if I leave"),
        ("The doctor stopped my tablets", "The doctor said no so I swallowed all the pills"),
        ("After running I could not breathe", "I fell down the stairs and cannot breathe"),
        ("I don't want to live near the city", "I don't want to live with this pain anymore"),
        ("umieram z ciekawości", "obejrzałam film i chcę się zabić"),
        ("nie mogę żyć bez kawy", "nie chcę żyć bez niej"),
        ("ten test mnie zabije haha", "zabije mnie jak odejdę"),
        ("film izledik, katil kardeşini öldürdü", "film izledim kendimi öldürmek istiyorum"),
        ("iki ay önce sigarayı bıraktım", "alkolü bıraktım titriyorum"),
        ("bu sınav beni öldürdü", "kocam duyarsa beni öldürür"),
    ],
)
def test_an_idiom_hides_nothing_grave_that_looks_like_it(harmless: str, grave: str) -> None:
    assert detect(harmless, "en").level.rank < 2
    assert detect(grave, "en").level.rank >= 2
