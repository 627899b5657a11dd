# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Long polling: confirmed only after the commit, order kept for each person, trouble waited out."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.channels.bot_api.polling import Poller
from bot.errors import ConfigurationError
from tests.channels.receiving import (
    Answered,
    Inbox,
    Script,
    SkippingClock,
    answer,
    press_update,
    refusal,
    running,
    text_update,
)


class Bench:
    """A poller with all its surroundings."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.script = Script(list(answers))
        self.inbox = Inbox()
        self.answered = Answered()
        self.clock = SkippingClock()
        self.poller = Poller("telegram", self.script.fetch, self.inbox, self.answered, self.clock)

    async def run_through(self) -> None:
        """Until the script is at its end."""
        async with running(self.poller.run), asyncio.timeout(10):
            await self.script.idle.wait()


async def test_updates_are_confirmed_only_after_the_commit() -> None:
    bench = Bench(answer(text_update(1, "eins"), text_update(2, "zwei", person=78)))
    gate = bench.inbox.hold("eins")
    async with running(bench.poller.run):
        await bench.inbox.until(lambda: bench.inbox.texts == ["zwei"])
        assert bench.script.offsets == [0]
        gate.set()
        await bench.script.idle.wait()
    assert bench.script.offsets == [0, 3]


async def test_one_person_is_taken_in_order_and_others_do_not_wait() -> None:
    bench = Bench(
        answer(
            text_update(1, "a1", 1), text_update(2, "b1", 2), text_update(3, "a2", 1), text_update(4, "b2", 2)
        )
    )
    gate = bench.inbox.hold("a1")
    async with running(bench.poller.run):
        await bench.inbox.until(lambda: bench.inbox.texts == ["b1", "b2"])
        assert [incoming.text for incoming in bench.inbox.begun] == ["a1", "b1", "b2"]
        gate.set()
        await bench.script.idle.wait()
    assert bench.inbox.texts == ["b1", "b2", "a1", "a2"]


async def test_what_the_store_cannot_take_is_fetched_again_from_there_on() -> None:
    first = [
        text_update(1, "eins", 1),
        text_update(2, "zwei", 2),
        text_update(3, "drei", 3),
        text_update(4, "vier", 2),
    ]
    bench = Bench(answer(*first), answer(*first[1:]))
    bench.inbox.broken = {"zwei": 1}
    await bench.run_through()
    assert bench.script.offsets == [0, 2, 5]
    # "vier" had to wait for "zwei"; "drei" comes twice, with the same delivery id.
    committed = [(one.text, one.delivery) for one in bench.inbox.committed]
    assert committed[:2] == [("eins", "1"), ("drei", "3")]
    assert sorted(committed[2:]) == [("drei", "3"), ("vier", "4"), ("zwei", "2")]
    assert committed.index(("zwei", "2")) < committed.index(("vier", "4"))
    assert bench.clock.pauses == [1.0]


async def test_a_store_that_stays_away_is_waited_for_ever_longer() -> None:
    body = answer(text_update(1, "eins"))
    bench = Bench(*[body] * 8)
    bench.inbox.broken = {"eins": 7}
    await bench.run_through()
    assert bench.clock.pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert bench.script.offsets == [0] + [1] * 7 + [2]
    assert bench.inbox.texts == ["eins"]
    assert bench.poller.trouble == ""


async def test_a_second_delivery_has_the_same_id() -> None:
    bench = Bench(answer(text_update(1, "eins")), answer(text_update(1, "eins"), text_update(2, "zwei")))
    await bench.run_through()
    assert [one.delivery for one in bench.inbox.committed] == ["1", "1", "2"]


async def test_presses_are_answered_beside_the_next_batch() -> None:
    bench = Bench(answer(press_update(1, "c:1")), answer(text_update(2, "danach")))
    bench.answered.gate = asyncio.Event()
    async with running(bench.poller.run):
        await bench.inbox.until(lambda: bench.inbox.texts == ["", "danach"])
        assert bench.answered.presses == []
        bench.answered.gate.set()
    assert bench.answered.presses == [("q1", "Notiert")]


async def test_a_press_that_is_not_committed_is_not_answered() -> None:
    bench = Bench(answer(press_update(1, "c:1")))
    bench.inbox.broken = {"": 1}
    await bench.run_through()
    assert bench.answered.presses == []


async def test_a_flood_of_presses_does_not_pile_up() -> None:
    bench = Bench(
        *[answer(*[press_update(n, "c:1", person=n) for n in range(m, m + 100)]) for m in range(1, 1001, 100)]
    )
    bench.answered.gate = asyncio.Event()
    async with running(bench.poller.run):
        await bench.inbox.until(lambda: len(bench.inbox.committed) == 1000)
        await bench.script.idle.wait()
        bench.answered.gate.set()
    assert 100 < len(bench.answered.presses) < 600


TROUBLES = [
    (ConnectionError("ClientConnectorError"), "no connection (ClientConnectorError)", 1.0),
    (b"<html>Bad Gateway</html>", "the answer is not the Bot API's", 1.0),
    (refusal(500, "Internal Server Error"), "Telegram answers 500", 1.0),
    (refusal(429, "Too Many Requests", retry_after=17), "Telegram answers 429", 17.0),
    (refusal(409, "Conflict: terminated by other getUpdates request"), "another process polls this bot", 1.0),
    (refusal(409, "Conflict: can't use getUpdates while webhook is active"), "a webhook is set", 1.0),
    (b'{"ok":true,"result":[{"no":"id"}]}', "the updates have no ids", 1.0),
]


@pytest.mark.parametrize(("trouble", "said", "pause"), TROUBLES)
async def test_trouble_is_said_once_and_waited_out(
    trouble: bytes | Exception, said: str, pause: float, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(trouble, trouble, trouble, answer(text_update(1, "eins")))
    with caplog.at_level(logging.INFO):
        await bench.run_through()
    assert bench.inbox.texts == ["eins"]
    assert bench.clock.pauses == [pause, max(pause, 2.0), max(pause, 4.0)]
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert len(lines) == 2
    assert lines[0].startswith("telegram: nothing is received: ")
    assert said in lines[0]
    assert lines[1] == "telegram: receiving again"


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_ends_it_with_a_clear_word(code: int) -> None:
    bench = Bench(refusal(code, "Unauthorized"))
    with pytest.raises(ConfigurationError, match="telegram: Telegram refuses the token"):
        await bench.poller.run(asyncio.Event())


async def test_a_malformed_update_is_confirmed_and_does_not_stop_the_loop() -> None:
    bench = Bench(answer({"update_id": 1, "message": 5}, text_update(2, "zwei")))
    await bench.run_through()
    assert bench.inbox.texts == ["zwei"]
    assert bench.script.offsets == [0, 3]


async def test_stop_ends_a_long_poll_at_once() -> None:
    bench = Bench()
    stop = asyncio.Event()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(bench.poller.run(stop))
        await bench.script.idle.wait()
        stop.set()


async def test_stop_lets_the_batch_in_hand_finish() -> None:
    bench = Bench(answer(text_update(1, "eins"), text_update(2, "zwei")))
    gate = bench.inbox.hold("eins")
    stop = asyncio.Event()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(bench.poller.run(stop))
        await bench.inbox.until(lambda: len(bench.inbox.begun) == 1)
        stop.set()
        gate.set()
    assert bench.inbox.texts == ["eins", "zwei"]


async def test_a_broken_promise_of_the_inbox_is_not_hidden() -> None:
    class Careless(Inbox):
        async def take(self, incoming: object) -> object:  # type: ignore[override]
            raise LookupError

    bench = Bench(answer(text_update(1, "eins")))
    poller = Poller("telegram", bench.script.fetch, Careless(), bench.answered, bench.clock)  # type: ignore[arg-type]
    with pytest.raises(ExceptionGroup) as caught:
        await poller.run(asyncio.Event())
    assert caught.group_contains(LookupError)
