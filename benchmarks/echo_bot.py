# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The peer: a bot on aiogram that keeps nothing and sends back what it gets, each way as fast as it can.

python -m benchmarks.echo_bot API_URL TOKEN PORT in-answer|background|polling
"""

from __future__ import annotations

import asyncio
import logging
import sys

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

SECRET = "measured"


async def _answer(message: Message) -> None:
    await message.answer(message.text or "")


async def _answer_in_response(message: Message) -> SendMessage:
    return message.answer(message.text or "")


async def _run(api_url: str, token: str, port: int, way: str) -> None:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url)))
    dispatcher = Dispatcher()
    dispatcher.message.register(_answer_in_response if way == "in-answer" else _answer)
    if way == "polling":
        await dispatcher.start_polling(bot, handle_signals=False)
        return
    app = web.Application()
    handler = SimpleRequestHandler(
        dispatcher, bot, handle_in_background=way == "background", secret_token=SECRET
    )
    handler.register(app, "/webhook")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}/webhook", secret_token=SECRET)
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.disable(logging.INFO)
    uvloop.run(_run(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
