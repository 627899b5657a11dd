# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Promise P8: logs can be followed from what came in to what went out, and never say what anybody said."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from bot import logs
from bot.domain.delivery import SendResult, Sent
from bot.domain.messages import DataClass, Incoming, IncomingKind, Outgoing
from bot.errors import StoreUnavailable
from bot.services.inbox import StorageInbox
from bot.services.pump import Pump
from scheduler.clock import FixedClock
from tests.services.stage import Actor, Stage

CANARY = "Kanarienvogel"


class Ear:
    """A channel that only listens, and may trip."""

    name = "telegram"
    default_class = DataClass.APPOINTMENT

    def __init__(self, fault: Exception | None = None) -> None:
        self.heard: list[Outgoing] = []
        self.has_heard = asyncio.Event()
        self._fault = fault

    async def send(self, message: Outgoing) -> SendResult:
        self.heard.append(message)
        self.has_heard.set()
        if self._fault is not None:
            raise self._fault
        return Sent("1")


async def pumped(stage: Stage, ear: Ear) -> None:
    """Let one real pump run until it has heard something, then stop it."""
    stop = asyncio.Event()
    pump = Pump(ear, stage.storage, lambda: stage.rules, FixedClock(stage.now), lambda receipt: None)
    async with asyncio.TaskGroup() as group:
        group.create_task(pump.run(stop))
        await ear.has_heard.wait()
        stop.set()


async def test_a_message_can_be_followed(stage: Stage, mia: Actor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    inbox = StorageInbox(stage.storage, lambda: stage.rules, FixedClock(stage.now), lambda receipt: None)
    await inbox.take(Incoming("telegram", "4711", mia.address, IncomingKind.TEXT, text=f"danke {CANARY}"))
    ear = Ear()
    await pumped(stage, ear)
    assert [message.cause for message in ear.heard] == ["telegram:4711"]
    events = [record.getMessage() for record in caplog.records]
    assert len([event for event in events if "cause=telegram:4711" in event]) == 2
    assert not [event for event in events if CANARY in event or mia.address in event]


async def test_a_fault_while_receiving_keeps_the_message_and_its_words_to_itself(
    stage: Stage, mia: Actor, berta: Actor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(*arguments: object, **named: object) -> None:
        raise ValueError(f"cannot bear {CANARY}")

    monkeypatch.setattr("bot.services.rulebook.recognise", trip)
    inbox = StorageInbox(stage.storage, lambda: stage.rules, FixedClock(stage.now), lambda receipt: None)
    await inbox.take(Incoming("telegram", "4711", mia.address, IncomingKind.TEXT, text=CANARY))
    stage.deliver()
    mia.hears("Bei mir ist etwas schiefgegangen.")
    berta.hears("Meldung R2")
    assert stage.concerns()[-1].quote == CANARY
    assert CANARY not in formatted(caplog)
    assert "ValueError at " in formatted(caplog)


async def test_a_fault_while_sending_is_tried_again(
    stage: Stage, mia: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    inbox = StorageInbox(stage.storage, lambda: stage.rules, FixedClock(stage.now), lambda receipt: None)
    await inbox.take(Incoming("telegram", "1", mia.address, IncomingKind.TEXT, text="danke"))
    await pumped(stage, Ear(RuntimeError(CANARY)))
    assert CANARY not in formatted(caplog)
    stage.pass_time(seconds=10)
    mia.hears("Gern.")


async def test_a_store_that_is_away_is_told_to_the_channel(stage: Stage, mia: Actor) -> None:
    inbox = StorageInbox(stage.storage, lambda: stage.rules, FixedClock(stage.now), lambda receipt: None)
    stage.close()
    with pytest.raises(StoreUnavailable):
        await inbox.take(Incoming("telegram", "1", mia.address, IncomingKind.TEXT, text="Hallo"))


def formatted(caplog: pytest.LogCaptureFixture) -> str:
    """The records as the program writes them."""
    formatter = logs.JsonLines()
    lines = [formatter.format(record) for record in caplog.records]
    assert all(json.loads(line)["logger"] for line in lines)
    return "\n".join(lines)
