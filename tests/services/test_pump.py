# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The way out: urgent first whatever waits, within the limits, each once whatever happens (P3, P4)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot import house
from bot.domain.consent import ConsentRecord, Purpose
from bot.domain.delivery import AddressChanged, Permanent, RetryAfter, SendResult, SendState
from bot.domain.messages import Body, Draft, Kind, Outgoing
from bot.domain.people import Standing
from bot.ports import UnitOfWork
from bot.services.pump import IN_FLIGHT, LEASE, Pump
from bot.settings import without_environment
from bot.storage.database import SqlStorage, open_storage
from dialogs.book import DialogBook
from scheduler.rates import SendLimits
from tests.conftest import MakeDatabase
from tests.services.pumping import SteppingClock, StrictMessenger, WatchedStorage, pass_time
from tests.storage.stores import AGENCY, KEYRING, fill

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RULES = house.build_rulebook(without_environment(public_url="https://lotse.example"), DialogBook((), {}))


def _settle(uow: UnitOfWork, agency: int, now: datetime) -> None:
    uow.ledger.ensure_agency(agency, "Muster", now)


class Post:
    """A store with people in it, a clock, a messenger, and pumps."""

    def __init__(self, storage: SqlStorage, now: datetime = NOON) -> None:
        self.clock = SteppingClock(now)
        self.store = storage
        self.storage = WatchedStorage(storage)
        self.messenger = StrictMessenger(self.clock, there_s=0.02)
        self._addresses: dict[str, tuple[int, int]] = {}
        for agency in (AGENCY, AGENCY + 1):
            self.do(partial(_settle, agency=agency, now=now))

    def do(self, use_case: Callable[[UnitOfWork], object]) -> None:
        self.store.run_sync(use_case)

    def post(
        self, texts: list[str], kind: Kind = Kind.NOTICE, *, chat: str = "", agency: int = AGENCY
    ) -> None:
        """A message for each text, to a chat of its own unless one is named."""

        def add(uow: UnitOfWork) -> None:
            drafts = []
            for text in texts:
                person, address = self._reach(uow, chat or f"chat {text}", agency)
                drafts.append(
                    Draft(agency, address, "telegram", kind, Body(text), participant_id=person, dedup=None)
                )
            uow.outbox.post(drafts, self.clock.now())

        self.do(add)

    def _reach(self, uow: UnitOfWork, chat: str, agency: int) -> tuple[int, int]:
        if chat not in self._addresses:
            person = uow.people.add_participant(agency, Standing.ACTIVE, "de", None)
            address = uow.people.add_address(agency, "telegram", chat, participant_id=person)
            agreed = ConsentRecord(
                person, Purpose.CONTACT, True, "Ja", "1", "de", "telegram", self.clock.now()
            )
            uow.talks.add_consent(agency, agreed)
            self._addresses[chat] = (person, address)
        return self._addresses[chat]

    def pump(self, *, limited: bool = True, look_every_s: float = 1.0) -> Pump:
        limits = SendLimits() if limited else None
        return Pump(
            self.messenger,
            self.storage,
            lambda: RULES,
            self.clock,
            lambda receipt: None,
            limits,
            look_every_s=look_every_s,
        )

    @asynccontextmanager
    async def running(self, *pumps: Pump) -> AsyncIterator[None]:
        """The pumps run, and are stopped in the end."""
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for pump in pumps:
                group.create_task(pump.run(stop))
            await self.storage.settle()
            yield
            stop.set()
            await pass_time(self.clock, self.storage, lambda: len(group._tasks) == 0)

    async def until(self, is_over: Callable[[], bool], within_s: float = 1200.0) -> None:
        await pass_time(self.clock, self.storage, is_over, within_s)

    async def until_arrived(self, count: int) -> None:
        await self.until(lambda: len(self.messenger.arrived) >= count)

    async def pass_time(self, seconds: float) -> None:
        end = self.clock.monotonic() + seconds
        await self.until(lambda: self.clock.monotonic() >= end, seconds + 1000.0)

    def depth(self) -> int:
        return sum(self.store.run_sync(lambda uow: uow.outbox.depth()).values())

    def states(self) -> Counter[SendState]:
        found = [
            self.store.run_sync(lambda uow, n=n: uow.outbox.draft_of(n))  # type: ignore[misc]
            for n in range(1, 400)
        ]
        return Counter(one[1] for one in found if one is not None)


@contextmanager
def opened(url: str) -> Iterator[Post]:
    storage = open_storage(url, KEYRING)
    try:
        yield Post(storage)
    finally:
        storage.close()


@pytest.fixture
def office() -> Iterator[Post]:
    with opened("sqlite://") as post:
        yield post


def numbered(name: str, count: int) -> list[str]:
    return [f"{name} {number}" for number in range(count)]


async def test_a_flood_goes_out_at_the_limit_and_never_above(office: Post) -> None:
    office.post(numbered("Flut", 300))
    async with office.running(office.pump()):
        await office.until_arrived(300)
    times = [at for at, _ in office.messenger.arrived]
    assert office.messenger.refused == []
    assert office.messenger.busiest() <= 30
    assert 299 / (times[-1] - times[0]) >= 0.98 * 30
    assert office.states() == {SendState.SENT: 300}


@pytest.mark.parametrize("kind", [Kind.CRISIS, Kind.STAFF_ALERT])
async def test_something_urgent_overtakes_a_flood_within_a_second(office: Post, kind: Kind) -> None:
    office.post(numbered("Flut", 400))
    pump = office.pump()
    async with office.running(pump):
        await office.until_arrived(100)
        posted = office.clock.monotonic()
        office.post(["Hilfe"], kind)
        pump.wake()
        await office.until(lambda: "Hilfe" in office.messenger.texts())
        (arrived,) = [at for at, one in office.messenger.arrived if one.body.text == "Hilfe"]
        assert arrived - posted < 1.0
        assert len(office.messenger.arrived) < 110


async def test_something_urgent_goes_out_while_all_hands_are_full(office: Post) -> None:
    office.post(numbered("Flut", 100))
    hanging = asyncio.Event()
    pump = office.pump(limited=False)
    send = office.messenger.send

    async def hang(message: Outgoing) -> SendResult:
        if message.kind is Kind.NOTICE:
            await hanging.wait()
        return await send(message)

    office.messenger.send = hang  # type: ignore[method-assign]
    office.messenger.answer = lambda message: None if message.kind is Kind.CRISIS else Permanent("no")
    async with office.running(pump):
        await office.storage.settle()
        assert office.states()[SendState.SENDING] == IN_FLIGHT
        office.post(["Hilfe"], Kind.CRISIS)
        pump.wake()
        await office.until_arrived(1)
        assert office.messenger.texts() == ["Hilfe"]
        hanging.set()


async def test_a_burst_of_one_agency_does_not_hold_up_another(office: Post) -> None:
    office.post(numbered("viel", 300))
    pump = office.pump()
    async with office.running(pump):
        await office.until_arrived(60)
        office.post(numbered("wenig", 10), agency=AGENCY + 1)
        pump.wake()
        await office.until(lambda: "wenig 9" in office.messenger.texts())
        # Those that were in our hands already, and then one of each in turn.
        assert len(office.messenger.arrived) <= 60 + 2 * 10 + 25


async def test_a_chat_gets_its_messages_in_order_and_no_faster_than_it_may(office: Post) -> None:
    texts = numbered("Mia", 8)
    office.post(texts, chat="mia")
    async with office.running(office.pump()):
        await office.until_arrived(8)
    assert office.messenger.texts() == texts
    assert office.messenger.refused == []


async def test_a_retry_after_is_obeyed_to_the_second_by_all(office: Post) -> None:
    refusals = [RetryAfter(7.0, whole_channel=True)]
    office.messenger.answer = lambda message: refusals.pop() if refusals else None
    office.post(numbered("Flut", 60))
    async with office.running(office.pump()):
        await office.until_arrived(60)
        times = [at for at, _ in office.messenger.arrived]
        # Two were on their way with the one that was refused.
        assert [at for at in times if 0.1 < at < 7.0] == []
    assert office.states() == {SendState.SENT: 60}


async def test_a_chat_that_must_wait_holds_up_nobody_else(office: Post) -> None:
    refusals = [RetryAfter(30.0)]
    office.messenger.answer = lambda m: refusals.pop() if m.address == "mia" and refusals else None
    office.post(["Mia 1", "Mia 2"], chat="mia")
    office.post(numbered("andere", 20))
    async with office.running(office.pump()):
        await office.until_arrived(22)
    when = {message.body.text: at for at, message in office.messenger.arrived}
    assert max(at for text, at in when.items() if text.startswith("andere")) < 2.0
    assert 30.0 <= when["Mia 1"] < 31.5
    assert when["Mia 1"] < when["Mia 2"]


async def test_a_person_who_cannot_be_read_ends_no_process_and_holds_up_nobody_in_need(office: Post) -> None:
    office.post(["r"], kind=Kind.REMINDER)
    office.post(["c"], kind=Kind.CRISIS)

    def spoil(uow: Any) -> None:
        uow.connection.execute(sql("UPDATE participant SET standing = 'other' WHERE id = 1"))

    office.do(spoil)
    async with office.running(office.pump()):
        await office.until_arrived(1)
    assert office.messenger.texts() == ["c"]


async def test_a_refused_token_stops_all_tries_until_it_is_looked_at_again(office: Post) -> None:
    tries: list[float] = []

    def refuse(message: Outgoing) -> SendResult:
        tries.append(office.clock.monotonic())
        return RetryAfter(60.0, whole_channel=True, reason="unauthorized")

    office.messenger.answer = refuse
    office.post(numbered("Flut", 60))
    async with office.running(office.pump()):
        await office.pass_time(50.0)
        assert len(tries) <= 10
        assert office.states() == {SendState.QUEUED: 60}


async def test_a_moved_group_is_followed(office: Post) -> None:
    office.post(["Hallo"], chat="-4711")
    office.messenger.answer = lambda m: AddressChanged("-1004711") if m.address == "-4711" else None
    async with office.running(office.pump()):
        await office.until_arrived(1)
    assert office.messenger.arrived[0][1].address == "-1004711"


async def test_an_answer_of_the_store_that_is_lost_doubles_nothing(office: Post) -> None:
    office.post(numbered("einmal", 40))
    async with office.running(office.pump()):
        for count in (5, 15, 25):
            await office.until_arrived(count)
            office.storage.answers_to_lose = 2
        # A claim whose answer was lost is found again when its lease has run out.
        await office.until_arrived(40)
        await office.pass_time(5.0)
    assert Counter(office.messenger.texts()) == Counter(numbered("einmal", 40))
    assert office.states() == {SendState.SENT: 40}


async def test_a_lease_that_runs_out_in_the_middle_of_a_sending_doubles_nothing(office: Post) -> None:
    office.post(["langsam"])
    send = office.messenger.send

    async def slow(message: Outgoing) -> SendResult:
        await office.clock.sleep(LEASE.total_seconds() * 2.5)
        return await send(message)

    office.messenger.send = slow  # type: ignore[method-assign]
    async with office.running(office.pump()):
        await office.pass_time(LEASE.total_seconds() * 6)
    assert office.messenger.texts() == ["langsam"]
    assert office.states() == {SendState.SENT: 1}


async def test_the_end_finishes_what_is_begun_and_gives_back_the_rest(office: Post) -> None:
    office.post(numbered("Flut", 100))
    async with office.running(office.pump()):
        await office.until_arrived(20)
    arrived = len(office.messenger.arrived)
    assert office.states() == {SendState.SENT: arrived, SendState.QUEUED: 100 - arrived}
    async with office.running(office.pump()):
        await office.until_arrived(100)
    assert Counter(office.messenger.texts()) == Counter(numbered("Flut", 100))


async def test_what_lay_there_during_an_outage_disturbs_nobody_at_night(office: Post) -> None:
    night = NOON + timedelta(hours=14)
    office.post(["Erinnerung"], Kind.REMINDER, chat="mia")
    office.post(["Antwort"], Kind.REPLY, chat="bernd")
    office.clock.advance(night - NOON)
    async with office.running(office.pump(look_every_s=600.0)):
        await office.until_arrived(1)
        await office.pass_time(3600.0)
        assert office.messenger.texts() == ["Antwort"]
        await office.pass_time(5 * 3600.0)
        assert office.messenger.texts() == ["Antwort", "Erinnerung"]
    local = office.messenger.arrived[1][0] / 3600 + 13  # Berlin, in winter
    assert local % 24 == pytest.approx(8.0, abs=0.01)


@pytest.mark.postgres
@pytest.mark.parametrize("limited", [True, False])
async def test_two_pumps_on_one_postgres_send_nothing_twice(
    make_database: MakeDatabase, limited: bool
) -> None:
    with opened(make_database(fill)) as office:
        office.messenger = StrictMessenger(office.clock, there_s=0.02, per_second=1000)
        pumps = [office.pump(limited=limited), office.pump(limited=limited)]
        async with office.running(*pumps):
            for part in range(4):
                office.post([f"{part} {number}" for number in range(50)], chat="" if part else "mia")
                for pump in pumps:
                    pump.wake()
                await office.storage.settle()
            await office.until(lambda: not office.depth())
        assert Counter(office.messenger.texts()) == Counter(
            f"{part} {number}" for part in range(4) for number in range(50)
        )
        to_mia = [m.body.text for _, m in office.messenger.arrived if m.address == "mia"]
        assert to_mia == [f"0 {number}" for number in range(50)]
