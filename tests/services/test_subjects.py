# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A conversation about something: its dialog knows it, and it learns what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.domain.conversations import ConversationState
from bot.ports import Conversation
from bot.services import subjects
from bot.services.subjects import SubjectKind, rest_of
from bot.services.visit import Visit
from dialogs.effects import StoreAnswer, Value
from tests.services.floor_dialogs import add_dialogs, under_way, want
from tests.services.stage import Actor, Stage


class Things:
    """A kind of subject that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self.kind = SubjectKind(facts=self.facts, begun=self.begun, answered=self.answered, ended=self.ended)

    def facts(self, visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
        del visit
        return {"thing": f"Ding {rest_of(conversation)}"}

    def begun(self, visit: Visit, conversation: Conversation) -> None:
        assert visit.conversation == conversation
        self.told.append(("begun", rest_of(conversation)))

    def answered(self, visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
        del visit
        self.told.append(("answered", rest_of(conversation), answer.key, str(answer.value)))

    def ended(self, visit: Visit, conversation: Conversation, outcome: str) -> None:
        assert visit.conversation is None or visit.conversation.id != conversation.id
        self.told.append(("ended", rest_of(conversation), outcome))


@pytest.fixture
def things(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Things:
    add_dialogs(stage)
    things = Things()
    monkeypatch.setattr(subjects, "_KINDS", {"thing": things.kind})
    return things


def test_one_dialog_about_two_things_is_two_conversations(stage: Stage, mia: Actor, things: Things) -> None:
    assert want(stage, "thing", subject="thing:1")
    mia.hears("Ist Ding 1 da, Berta Beispiel?")
    assert want(stage, "thing", subject="thing:2")
    assert not want(stage, "thing", subject="thing:1")
    assert not want(stage, "thing", subject="thing:2")
    assert [(row.subject, row.state) for row in under_way(stage)] == [
        ("thing:1", ConversationState.OPEN),
        ("thing:2", ConversationState.WANTED),
    ]
    mia.presses("Ja")
    mia.hears("thing ist fertig.", "Ist Ding 2 da, Berta Beispiel?")
    mia.presses("Nein")
    mia.hears("thing ist fertig.")
    assert things.told == [
        ("begun", "1"),
        ("answered", "1", "ask", "True"),
        ("ended", "1", "completed"),
        ("begun", "2"),
        ("answered", "2", "ask", "False"),
        ("ended", "2", "completed"),
    ]


def test_the_thing_is_known_after_a_restart(stage: Stage, mia: Actor, things: Things) -> None:
    want(stage, "thing", subject="thing:1")
    mia.hears("Ist Ding 1 da, Berta Beispiel?")
    stage.renew_rules()
    add_dialogs(stage)
    mia.writes("weiß nicht")
    (asked_again,) = mia.hears("Ist Ding 1 da, Berta Beispiel?")
    assert asked_again.keys
    assert things.told == [("begun", "1")]


def test_what_never_began_is_over_as_well(stage: Stage, mia: Actor, things: Things) -> None:
    want(stage, "letter")
    mia.hears("Ist der Brief da?")
    want(stage, "thing", keep_for=timedelta(hours=1), subject="thing:1")
    stage.pass_time(hours=2)
    assert things.told == [("ended", "1", "expired")]


def test_stop_ends_all_things(stage: Stage, mia: Actor, things: Things) -> None:
    want(stage, "thing", subject="thing:1")
    mia.hears("Ist Ding 1 da, Berta Beispiel?")
    want(stage, "thing", subject="thing:2")
    mia.writes("STOPP")
    assert sorted(things.told)[1:] == [("ended", "1", "stopped"), ("ended", "2", "stopped")]
