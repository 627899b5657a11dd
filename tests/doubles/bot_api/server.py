# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The double itself: an HTTP server on a loopback port that answers as Telegram's Bot API does."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

import aiohttp
import msgspec
from aiohttp import web

from tests.doubles.bot_api import receiving, table
from tests.doubles.bot_api.accounts import Clock
from tests.doubles.bot_api.bots import Bot
from tests.doubles.bot_api.checks import Upload
from tests.doubles.bot_api.control import answer_control
from tests.doubles.bot_api.faults import Fault, FaultKind, Faults
from tests.doubles.bot_api.methods import perform
from tests.doubles.bot_api.records import Call, Records
from tests.doubles.bot_api.refusals import Refusal, Violation, server_error
from tests.doubles.bot_api.table import Arguments, Method
from tests.doubles.bot_api.webhook import Backoff, telegram_backoff
from tests.doubles.bot_api.wire import read_call

_MAX_BODY_BYTES = 50 * 2**20
# These cost of the limit; reading, answering presses and deleting do not.
_COUNTED = ("send", "edit", "copy", "forward")
# Telegram ignores these in the answer to a delivery.
_NOT_IN_REPLY = ("get", "setwebhook", "deletewebhook", "close", "logout")


class BotApiDouble:
    """A strict stand-in for Telegram's server.

    `limits` switches Telegram's rates on, `clock` gives seconds since 1970 (for the age of presses and the
    rates), `backoff` the seconds between webhook attempts. Port 0 takes a free one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        limits: bool = False,
        clock: Clock = time.time,
        backoff: Backoff = telegram_backoff,
    ) -> None:
        self.bots: dict[str, Bot] = {}
        self.records = Records()
        self.faults = Faults()
        # Faults ordered through the control API, which names them by number.
        self.ordered_faults: list[Fault] = []
        self.backoff = backoff
        self.clock = clock
        self.url = ""
        self._limits = limits
        self._port = port
        self._table = table.load()
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.ServerRunner | None = None
        self._closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        # A poll ends when its bot is gone.
        server = web.Server(
            self._handle, access_log=None, request_factory=_Request, handler_cancellation=True
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=1024)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        for bot in self.bots.values():
            bot.updates.close()
            if bot.webhook is not None:
                await bot.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()

    # --- for tests ---

    def add_bot(self, token: str, username: str) -> Bot:
        """Register a bot. The token is a number, a colon and anything ("1:AAA")."""
        if not token.partition(":")[0].isdecimal():
            raise ValueError("a token begins with the bot's id and a colon")
        bot = self.bots[token] = Bot(token, username, self.clock)
        bot.rates.enforced = self._limits
        return bot

    def bot(self, username: str) -> Bot:
        """The bot of that name. Raises `LookupError`."""
        for bot in self.bots.values():
            if bot.username == username:
                return bot
        raise LookupError(f"no bot {username!r}")

    def calls(self, bot: Bot | None = None, method: str | None = None, since: int = 0) -> list[Call]:
        """The calls so far (getUpdates excepted), oldest first."""
        return self.records.select(bot.username if bot else None, method, since)

    def count(self, bot: Bot, method: str) -> int:
        """How often the bot called a method (exact name), getUpdates included."""
        return self.records.counts[bot.username, method]

    @property
    def violations(self) -> list[Call]:
        """Calls that no correct bot makes. Tests assert that there is none."""
        return self.records.violations

    @property
    def disobeyed(self) -> list[tuple[str, int | None]]:
        """Bot and chat (None: all chats) of calls that came before a `retry_after` had passed."""
        return [(bot.username, chat) for bot in self.bots.values() for chat in bot.rates.disobeyed]

    def fail_next(
        self,
        bot: Bot | None = None,
        method: str | None = None,
        chat: int | None = None,
        *,
        kind: FaultKind,
        times: int = 1,
        retry_after: int = 1,
    ) -> Fault:
        """Let the next matching calls fail; the fault tells when it struck, and releases a slow answer."""
        username = bot.username if bot else None
        return self.faults.order(Fault(kind, username, method, chat, times, retry_after))

    def soak(self, seed: int, odds: Mapping[FaultKind, float], duplicate: float = 0.0) -> None:
        """Faults by chance from now on; `duplicate` is the share of updates that come twice."""
        self.faults.soak(seed, dict(odds))
        for bot in self.bots.values():
            bot.mishaps.duplicate_odds = duplicate
            bot.mishaps.dice = random.Random(f"{seed} {bot.username}")

    # --- the server ---

    @property
    def session(self) -> aiohttp.ClientSession:
        """Connections to the bots' webhooks. Raises `RuntimeError` outside `async with`."""
        if self._session is None:
            raise RuntimeError("the double is not running")
        return self._session

    async def call_in_reply(self, bot: Bot, method: str, values: dict[str, Any]) -> None:
        """Carry out a call that came as the answer to a webhook delivery; nobody hears its result."""
        if method.lower().startswith(_NOT_IN_REPLY):
            return
        known = self._table.find(method)
        call = self.records.open(bot.username, known.name if known else method, values, self.clock())
        await self._answer(bot, known, call, {}, None)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.raw_path
        if path.startswith("/bot"):
            return await self._handle_call(request, path)
        if path.startswith("/control/"):
            return await answer_control(self, request)
        if path.startswith("/file/bot"):
            return self._handle_file(path)
        return web.Response(status=404)

    async def _handle_call(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        address, _, query = path[4:].partition("?")
        token, _, name = unquote(address).partition("/")
        bot = self.bots.get(token)
        if bot is None:
            return _response(401, Refusal(401, "Unauthorized").body())
        known = self._table.find(name)
        call = self.records.open(bot.username, known.name if known else name, {}, self.clock())
        try:
            call.values, files = await read_call(request, query)
        except Violation as refused:
            return _response(400, self._refuse(call, refused))
        fault = self.faults.pick(bot.username, call.method, call.chat_id)
        if fault is not None:
            call.fault = fault.kind
            if fault.kind == FaultKind.CLOSED_BEFORE:
                return _cut(request)
        body = await self._answer(bot, known, call, files, fault)
        if fault is not None and fault.kind == FaultKind.LOST_ANSWER:
            return _cut(request)
        if fault is not None and fault.kind == FaultKind.SLOW_ANSWER:
            await self._first(fault.release, self._closing)
        return _response(call.code, body)

    async def _answer(
        self, bot: Bot, known: Method | None, call: Call, files: Mapping[str, Upload], fault: Fault | None
    ) -> dict[str, Any]:
        try:
            if known is None:
                raise Violation("method not found")
            arguments = known.check(call.values, files)
            call.values = arguments.values
            _strike(bot, call, fault)
            call.result = await self._perform(bot, known, arguments)
        except Refusal as refused:
            return self._refuse(call, refused, unknown=known is None)
        call.code = 200
        self.records.codes[200] += 1
        return {"ok": True, "result": call.result}

    async def _perform(self, bot: Bot, known: Method, arguments: Arguments) -> Any:
        receive = receiving.HANDLERS.get(known.name.lower())
        if receive is not None:
            return await receive(self, bot, arguments)
        chat_id = arguments.values.get("chat_id")
        if isinstance(chat_id, int) and known.name.startswith(_COUNTED):
            bot.rates.spend(chat_id)
        return perform(bot, known, arguments)

    def _refuse(self, call: Call, refused: Refusal, unknown: bool = False) -> dict[str, Any]:
        call.code = 404 if unknown else refused.code
        call.description = refused.description
        self.records.codes[call.code] += 1
        if isinstance(refused, Violation):
            self.records.violations.append(call)
        body = refused.body()
        if unknown:
            body.update(error_code=404, description="Not Found: method not found")
        return body

    def _handle_file(self, path: str) -> web.Response:
        token, _, file_id = unquote(path.removeprefix("/file/bot")).partition("/")
        bot = self.bots.get(token)
        content = bot.files.get(file_id) if bot is not None else None
        return web.Response(status=404) if content is None else web.Response(body=content)

    @staticmethod
    async def _first(*events: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in events]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _strike(bot: Bot, call: Call, fault: Fault | None) -> None:
    """The faults that refuse a call instead of carrying it out."""
    if fault is None:
        return
    if fault.kind == FaultKind.SERVER_ERROR:
        raise server_error()
    if fault.kind == FaultKind.RETRY_BOT:
        raise bot.rates.impose(None, fault.retry_after)
    if fault.kind == FaultKind.RETRY_CHAT and call.chat_id is not None:
        raise bot.rates.impose(call.chat_id, fault.retry_after)


def _response(code: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=code, body=msgspec.json.encode(body), content_type="application/json")


def _cut(request: web.BaseRequest) -> web.Response:
    """Close the connection as a broken network does: nothing more is written."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


class _Request(web.BaseRequest):
    """A request whose body may be as large as a file that bots send."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts, asyncio.get_running_loop(), client_max_size=_MAX_BODY_BYTES)  # type: ignore[misc, arg-type]
