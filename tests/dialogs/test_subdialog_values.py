# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Dialogs that start others: what they give back, and to whom."""

from __future__ import annotations

import pytest

from dialogs.book import DialogBook
from dialogs.effects import SetFact, StoreAnswer
from dialogs.inputs import Typed
from dialogs.scales import DataClass
from tests.dialogs.probe import dialog, play, said

ASK_CONTACT = dialog(
    """
  contact:
    choose: {de: Wann?, en: When?}
    options: {today: {de: Heute, en: Today}, "no": {de: Nie, en: Never}}
  count: {set: {times: 2}}
  wish: {branch: {when: contact = "no", next: none}}
  done: {end: wanted, return: {wish: "{contact}", times: "{times}", said: "Wunsch: {contact}", sure: yes}}
  none: {end: unwanted, return: {wish: "{nothing}"}}
""",
    name="ask_contact",
)
CALLER = dialog(
    """
  other: {start: ask_contact}
  keep: {set: {kept: "{other.wish}"}, remember: yes}
  look:
    branch:
      - {when: other = "wanted" and other.wish = "today" and other.times = 2 and other.sure, next: wanted}
      - {when: other = "unwanted" and other.wish is missing, next: unwanted}
  lost: {end: lost}
  wanted: {say: {de: "{other.said}, {other.times}", en: x}, next: done}
  unwanted: {say: {de: Keiner., en: None.}}
  done: {end: completed}
""",
    name="caller",
)
BOOK = DialogBook([ASK_CONTACT, CALLER])


@pytest.mark.parametrize(("answer", "told"), [("heute", "Wunsch: Heute, 2"), ("nie", "Keiner.")])
def test_outcome_and_values_come_back(answer: str, told: str) -> None:
    step = play(Typed(answer), book=BOOK, name="caller")
    assert said(step) == told
    assert step.session.outcome == "completed"


def test_a_value_that_was_given_back_can_be_kept_as_a_fact() -> None:
    effects = play(Typed("heute"), book=BOOK, name="caller").effects
    assert effects[:2] == (
        StoreAnswer("ask_contact", "contact", "contact", "today", DataClass.NEUTRAL),
        SetFact("kept", "today"),
    )


def test_what_is_given_back_counts_as_health_where_it_is_shown() -> None:
    """Nothing in the dialog that shows it says how sensitive it is, so the safe side."""
    sent = play(Typed("heute"), book=BOOK, name="caller").effects[2]
    assert getattr(sent, "data_class", None) is DataClass.HEALTH


def test_a_dialog_that_is_started_twice_does_not_remember_its_first_time() -> None:
    twice = dialog(
        """
  first: {start: inner}
  second: {start: inner}
  done: {end: completed}
""",
        name="twice",
    )
    inner = dialog(
        """
  known: {branch: {when: note is not missing, next: old}}
  note: {text: {de: Was?, en: What?}}
  fresh: {end: fresh, return: {note: "{note}"}}
  old: {end: old}
""",
        name="inner",
    )
    book = DialogBook([twice, inner])
    session = play(Typed("eins"), Typed("zwei"), book=book, name="twice").session
    values = {name: value for name, value in session.values.items() if name.startswith("twice.")}
    assert values == {
        "twice.first": "fresh",
        "twice.first.note": "eins",
        "twice.second": "fresh",
        "twice.second.note": "zwei",
    }


def test_a_dialog_on_its_own_gives_back_to_nobody() -> None:
    step = play(Typed("heute"), book=BOOK, name="ask_contact")
    assert step.session.outcome == "wanted"
