# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversations that began under an older version of the program go on under this one.

`sessions_of_part_1.json` was written by the engine of commit 1e8c39b: the dialogs as they were published
then, and sessions in every state that they can have.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dialogs.book import DialogBook
from dialogs.effects import End, Send, StoreAnswer
from dialogs.engine import Facts, advance
from dialogs.inputs import Repeat, TimedOut
from dialogs.model import Consent
from dialogs.parse import parse
from dialogs.session import Frame, Session, Sleep, dump, load
from tests.dialogs.playing import play_on, question_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WRITTEN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "sessions_of_part_1.json").read_text(encoding="utf-8")
)
BOOK = DialogBook(parse(source, name) for name, source in WRITTEN["dialogs"].items())
SESSIONS: list[dict[str, Any]] = WRITTEN["sessions"]
FACTS = {"coach": "Frau Beispiel", "channel_kind": "messenger"}


def facts_of(session: Session) -> Facts:
    return Facts(session.language, FACTS)


def resumed(written: dict[str, Any]) -> Session:
    return load(json.dumps(written["session"]))


def test_every_dialog_with_a_question_and_every_state_is_there() -> None:
    asking = {dialog.id for dialog in BOOK if dialog.id != "stop"}
    assert {each["dialog"] for each in SESSIONS} == asking
    states = {"fresh", "second try", "third try", "history", "subdialog", "consent shown", "reminded"}
    assert states <= {each["state"] for each in SESSIONS}


@pytest.mark.parametrize("high", [True, False], ids=["high", "low"])
@pytest.mark.parametrize("written", SESSIONS, ids=lambda each: f"{each['dialog']}-{each['state']}")
def test_it_goes_on_to_its_end(written: dict[str, Any], high: bool) -> None:
    session = resumed(written)
    versions = {frame.version for frame in session.frames}
    question = question_of(BOOK, session)
    assert question is not None
    ended, effects = play_on(BOOK, session, facts_of(session), NOW, high)
    assert ended.is_over
    assert ended.outcome not in ("broken", "postponed", "expired")
    assert isinstance(effects[-1], End)
    assert not effects[-1].partial
    assert versions == {1}
    stored = {effect.step for effect in effects if isinstance(effect, StoreAnswer)}
    assert question.id in stored or isinstance(question, Consent)


@pytest.mark.parametrize("written", SESSIONS, ids=lambda each: f"{each['dialog']}-{each['state']}")
def test_its_open_question_is_asked_with_the_same_turn_and_keeps_what_was_answered(
    written: dict[str, Any],
) -> None:
    session = resumed(written)
    (asked,) = advance(BOOK, session, Repeat(), NOW, facts_of(session)).effects
    assert isinstance(asked, Send)
    assert asked.turn == session.turn == written["session"]["turn"]
    assert session.values == written["session"].get("values", {})
    assert (session.sleep, session.postponed) == (Sleep.AWAKE, False)


def test_a_session_is_the_same_after_a_restart_whatever_it_holds() -> None:
    asleep = Session(
        (Frame("probe", 2, "later"),),
        "de-x-einfach",
        values={"probe.mood": 3, "probe.phq4.total": None, "probe.agreed": True, "probe.half": 2.5},
        turn=4,
        sleep=Sleep.WAIT,
        postponed=True,
        asked_at=NOW,
    )
    assert load(dump(asleep)) == asleep
    assert asleep.is_asleep
    assert not asleep.is_over


def test_a_waiting_time_of_an_older_question_stays_silent_after_the_restart() -> None:
    for written in SESSIONS:
        session = resumed(written)
        step = advance(BOOK, session, TimedOut(session.turn - 1), NOW, facts_of(session))
        assert (step.session, step.effects) == (session, ())
