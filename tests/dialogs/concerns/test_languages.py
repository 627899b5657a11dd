# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is in no language of the rules is left to a human; what is in one of them is not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dialogs.concerns.languages import UNREAD, is_unread, recognise
from dialogs.concerns.rulebook import rulebook
from dialogs.scales import Level

HERE = Path(__file__).parent


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_messages_in_other_languages_are_left_to_a_human() -> None:
    given = rows(HERE / "unread.tsv")
    missed = [row["text"] for row in given if not is_unread(row["text"])]
    assert len(missed) <= len(given) // 20, missed
    spoken = [row["text"] for row in given if not is_unread(row["text"], row["lang"])]
    assert len(spoken) <= len(given) // 20, spoken


def test_messages_in_languages_with_rules_are_not() -> None:
    """Of everyday messages: what is graver is found by rules first."""
    given = [row for path in HERE.glob("*.tsv") for row in rows(path) if row.get("level") in ("R0", "R1")]
    taken = [row["text"] for row in given if is_unread(row["text"], row["lang"])]
    assert len(given) > 1000
    assert len(taken) <= len(given) // 200, taken


@pytest.mark.parametrize(
    "text", ["", "Ja", "5", "12:30", "😊", "Ciao", "Nadja", "Mia Muster", "Café", "𝐇𝐚𝐥𝐥𝐨", "…"]
)
def test_short_answers_and_names_are_read(text: str) -> None:
    assert not is_unread(text)
    assert not is_unread(text, "ro")


def test_whoever_speaks_another_language_is_believed() -> None:
    assert is_unread("Abgal xaas maqan", "so-SO")
    assert not is_unread("Abgal xaas maqan", "de")
    assert not is_unread("Ich weiß nicht weiter", "so")


def test_rules_come_first_and_what_is_unread_is_r1() -> None:
    book = rulebook()
    unread = recognise("Nu mai pot", "de", book)
    assert (unread.level, unread.hits[0].rule, unread.hits[0].span) == (Level.R1, UNREAD, (0, 10))
    assert recognise("Ich will nicht mehr leben", "ro", book).level is Level.R3
    assert recognise("Heute war ein guter Tag", "de", book).hits == ()


def test_a_long_message_costs_no_more_than_its_beginning() -> None:
    assert is_unread("je ne sais pas " * 10_000)
    assert not is_unread("ich weiß nicht " * 10_000)
