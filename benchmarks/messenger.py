# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The messenger's side of a measurement: the Bot API as far as it is needed, and people who answer.

Runs as a process of its own, steered by JSON lines (`Order` in, `Played` out). It only counts; whether calls
are right is for the tests' strict double to say.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence

import msgspec
import uvloop

from benchmarks.plain_http import Asking, Reply, Served

_CHAT = re.compile(rb"chat_id\W+(\d+)")
_BATCH = 100
_LONGEST_WAIT_S = 60.0


class Turn(msgspec.Struct, frozen=True):
    """What everybody says (one text each, or one for all), and how many messages must come back."""

    texts: list[str]
    replies: int = 1


class Order(msgspec.Struct, frozen=True):
    """Let `people` people play `turns` with the bot of `token`, `in_flight` of them at the same moment.

    `webhook` is (host, port, path, secret); without it the bot polls. No people: wait for the bot to show up.
    """

    token: str
    people: int = 0
    turns: list[Turn] = []
    in_flight: int = 100
    webhook: tuple[str, int, str, str] | None = None


class Played(msgspec.Struct, frozen=True):
    """What came of it. `latencies` in seconds, from an update's handing over to its last reply.

    `is_stuck` says that something was never answered.
    """

    updates: int = 0
    seconds: float = 0.0
    latencies: list[float] = []
    surplus: int = 0
    refused: int = 0
    calls: dict[str, int] = {}
    is_stuck: bool = False


class Account:
    """One bot: its calls, its updates, and the replies that people wait for."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.shown = asyncio.Event()
        self.surplus = 0
        self.next_update = 1
        self._messages = 0
        self._unconfirmed: deque[tuple[int, bytes]] = deque()
        self._poll: Reply | None = None
        self._awaited: dict[int, tuple[int, asyncio.Future[None]]] = {}

    def call(self, method: str, body: bytes, reply: Reply) -> None:
        """One call of the bot's."""
        self.calls[method] += 1
        match method:
            case "sendMessage":
                self._messages += 1
                chat = self.said_to(body)
                reply(
                    b'{"ok":true,"result":{"message_id":%d,"date":1700000000,"text":"...",'
                    b'"chat":{"id":%d,"type":"private","first_name":"Mia"}}}' % (self._messages, chat)
                )
            case "getUpdates":
                self._answer_poll(body, reply)
            case "getMe":
                reply(b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"B","username":"bench_bot"}}')
            case _:
                if method == "setWebhook":
                    self.shown.set()
                reply(b'{"ok":true,"result":true}')

    def said_to(self, body: bytes) -> int:
        """Count a message to the chat that `body` names."""
        found = _CHAT.search(body)
        chat = int(found[1]) if found else 0
        left, waiter = self._awaited.get(chat, (0, None))
        if waiter is None:
            self.surplus += 1
        elif left > 1:
            self._awaited[chat] = (left - 1, waiter)
        else:
            del self._awaited[chat]
            waiter.set_result(None)
        return chat

    def expect(self, chat: int, replies: int) -> asyncio.Future[None]:
        """Done when so many messages to `chat` have arrived."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited[chat] = (replies, waiter)
        return waiter

    def update(self, chat: int, text: str) -> bytes:
        """A new update in which the person of `chat` writes `text`."""
        number = self.next_update
        self.next_update += 1
        said = msgspec.json.encode(text)
        return (
            b'{"update_id":%d,"message":{"message_id":%d,"date":1700000000,"text":%b,'
            b'"chat":{"id":%d,"type":"private","first_name":"Mia"},'
            b'"from":{"id":%d,"is_bot":false,"first_name":"Mia","language_code":"de"}}}'
            % (number, number, said, chat, chat)
        )

    def queue(self, update: bytes) -> None:
        """Let a polling bot fetch it."""
        self._unconfirmed.append((self.next_update - 1, update))
        if self._poll is not None and len(self._unconfirmed) == 1:
            # A turn of the loop later, so that what arrives together is fetched together.
            asyncio.get_running_loop().call_soon(self._flush)

    def _answer_poll(self, body: bytes, reply: Reply) -> None:
        self.shown.set()
        found = re.search(rb"offset\W+(\d+)", body)
        offset = int(found[1]) if found else 0
        while self._unconfirmed and self._unconfirmed[0][0] < offset:
            self._unconfirmed.popleft()
        self._poll = reply
        if self._unconfirmed:
            self._flush()
            return
        wanted = re.search(rb"(?<!\w)timeout\W+(\d+)", body)
        asyncio.get_running_loop().call_later(int(wanted[1]) if wanted else 0, self._flush, reply)

    def _flush(self, only: Reply | None = None) -> None:
        if self._poll is None or (only is not None and only != self._poll):
            return
        reply, self._poll = self._poll, None
        batch = [update for _, update in list(self._unconfirmed)[:_BATCH]]
        reply(b'{"ok":true,"result":[%b]}' % b",".join(batch))


class Crowd:
    """People who write to one bot, each waiting for the replies before writing again."""

    def __init__(self, account: Account, order: Order) -> None:
        self._account = account
        self._order = order
        # Everybody says the first thing before anybody says the second.
        self._to_say = iter(
            [
                (turn, person, turn.texts[person % len(turn.texts)])
                for turn in order.turns
                for person in range(order.people)
            ]
        )
        self._turns = [asyncio.Lock() for _ in range(order.people)]
        self._latencies: list[float] = []
        self._refused = 0

    async def play(self) -> Played:
        """Returns when everything was said and answered. Raises `TimeoutError` if nothing comes any more."""
        before, surplus = Counter(self._account.calls), self._account.surplus
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(self._order.in_flight):
                group.create_task(self._talk())
        seconds = time.perf_counter() - began
        return Played(
            len(self._latencies),
            seconds,
            self._latencies,
            self._account.surplus - surplus,
            self._refused,
            dict(self._account.calls - before),
        )

    async def _talk(self) -> None:
        line: Asking | None = None
        for turn, person, text in self._to_say:
            async with self._turns[person], asyncio.timeout(_LONGEST_WAIT_S):
                chat = 1000 + person
                began = time.perf_counter()
                waiter = self._account.expect(chat, turn.replies)
                update = self._account.update(chat, text)
                if self._order.webhook is None:
                    self._account.queue(update)
                else:
                    line = await self._deliver(self._order.webhook, line, update)
                await waiter
                self._latencies.append(time.perf_counter() - began)
        if line is not None:
            line.close()

    async def _deliver(
        self, webhook: tuple[str, int, str, str], line: Asking | None, update: bytes
    ) -> Asking:
        host, port, path, secret = webhook
        if line is None or not line.is_open:
            # The server may end a connection that was idle for some seconds.
            line = await Asking.open(host, port)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
        ).encode()
        status, body = await line.post(head, update)
        self._refused += status != 200
        if b"sendMessage" in body:
            # The reply may come as a call inside the answer.
            self._account.calls["sendMessage in the answer"] += 1
            self._account.said_to(body)
        return line


class Messenger:
    """All bots of a measurement."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def account(self, token: str) -> Account:
        """The bot of a token."""
        return self._accounts.setdefault(token, Account())

    def serve(self, path: bytes, body: bytes, reply: Reply) -> None:
        """One request: /bot<token>/<method>."""
        token, _, method = path.decode().removeprefix("/bot").partition("?")[0].partition("/")
        self.account(token).call(method, body, reply)

    async def obey(self, order: Order) -> Played:
        """Carry out one order."""
        account = self.account(order.token)
        try:
            async with asyncio.timeout(_LONGEST_WAIT_S):
                await account.shown.wait()
            return await Crowd(account, order).play() if order.people else Played()
        except* (TimeoutError, ConnectionError):
            pass
        return Played(is_stuck=True)


async def _main() -> None:
    messenger = Messenger()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Served(messenger.serve), "127.0.0.1", 0)
    _put({"port": server.sockets[0].getsockname()[1]})
    orders = asyncio.StreamReader(limit=2**26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        _put(await messenger.obey(msgspec.json.decode(line, type=Order)))


def _put(answer: Played | dict[str, int]) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of `values` lie; 0.0 if there are none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


if __name__ == "__main__":
    uvloop.run(_main())
