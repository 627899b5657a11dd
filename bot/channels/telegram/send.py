# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The participants' bot as a channel, on aiogram."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError
from aiogram.methods import GetMe
from aiogram.types import BotCommand
from aiogram.utils.token import TokenValidationError
from aiohttp import ClientError, ClientTimeout

from bot.channels.bot_api import refusals
from bot.channels.bot_api.commands import PARTICIPANT_COMMANDS, Commands
from bot.channels.bot_api.compose import Button
from bot.channels.bot_api.delivery import Delivery, Posting
from bot.channels.bot_api.refusals import Refusal, why_not_started
from bot.channels.bot_api.updates import ALLOWED_UPDATES
from bot.channels.bot_api.webhook import WebhookAddress, check_secret
from bot.channels.telegram.errors import judge, refusal
from bot.channels.telegram.photos import Photos
from bot.channels.telegram.receive import answer_press, fetch_updates
from bot.domain.delivery import SendResult, Sent
from bot.domain.messages import DataClass, Outgoing
from bot.errors import ConfigurationError
from bot.ports import Pictures

_log = logging.getLogger(__name__)

_CALL_SECONDS = 15.0
_CALL_TIMEOUT = ClientTimeout(total=_CALL_SECONDS)
_JSON = {"Content-Type": "application/json"}
_WEBHOOK_CONNECTIONS = 100


class TelegramChannel:
    """Speaks for one bot. Raises `ConfigurationError` for a token that cannot be one.

    Without `pictures` it shows none, and says in words what there is to see.
    """

    default_class = DataClass.APPOINTMENT

    def __init__(
        self,
        token: str,
        api_url: str = "https://api.telegram.org",
        name: str = "telegram",
        commands: Commands = PARTICIPANT_COMMANDS,
        pictures: Pictures | None = None,
    ) -> None:
        self.name = name
        self._commands = commands
        self._session = AiohttpSession(api=TelegramAPIServer.from_base(api_url), timeout=_CALL_SECONDS)
        try:
            self._bot = Bot(token, session=self._session)
        except TokenValidationError:
            raise ConfigurationError([f"{name}: the token is malformed"]) from None
        self._photos = Photos(self._bot, pictures, self._post_photo) if pictures is not None else None
        self._delivery = Delivery(self._post, pictures)

    async def start(self, webhook: WebhookAddress | None = None) -> str:
        """Make the bot ready to receive, by polling unless a webhook is given. Returns its user name.

        Raises `ConfigurationError` for what an operator must mend, `ConnectionError` for what may pass.
        """
        if webhook is not None:
            check_secret(self.name, webhook.secret)
        try:
            me = await self._bot.get_me()
            if webhook is None:
                await self._bot.delete_webhook()
            else:
                await self._bot.set_webhook(
                    webhook.url,
                    secret_token=webhook.secret,
                    allowed_updates=list(ALLOWED_UPDATES),
                    max_connections=_WEBHOOK_CONNECTIONS,
                )
        except AiogramError as error:
            raise why_not_started(refusal(error), self.name) from None
        await self._show_menu()
        return me.username or ""

    async def _show_menu(self) -> None:
        # The menu is a convenience: everything in it can be typed, so a bot without it still starts.
        try:
            for language, commands in self._commands.items():
                menu = [BotCommand(command=command.name, description=command.meaning) for command in commands]
                await self._bot.set_my_commands(menu, language_code=language or None)
        except AiogramError as error:
            _log.warning("%s: the menu could not be set (%s)", self.name, type(error).__name__)

    async def fetch(self, offset: int, seconds: int) -> bytes:
        """Long-poll for updates; see `bot_api.polling.Fetch`."""
        return await fetch_updates(self._bot, self._session, offset, seconds)

    async def answer_press(self, query_id: str, toast: str) -> None:
        """Answer a pressed button; best effort, raises nothing."""
        await answer_press(self._bot, query_id, toast)

    async def send(self, message: Outgoing) -> SendResult:
        """Send or edit; every failure is a result."""
        return await self._delivery.send(message)

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _post(self, posting: Posting) -> SendResult:
        if posting.picture is not None and self._photos is not None:
            return await self._photos.post(posting, posting.picture)
        if not posting.edit:
            return await self._call("sendMessage", posting)
        return await self._call("editMessageCaption" if posting.is_caption else "editMessageText", posting)

    async def _post_photo(self, posting: Posting, photo: str) -> SendResult:
        return await self._call("sendPhoto", posting, photo)

    async def _call(self, method: str, posting: Posting, photo: str = "") -> SendResult:
        # Around the SDK's models, which cost more than all the rest of a call; its errors still speak.
        http = await self._session.create_session()
        url = self._session.api.api_url(token=self._bot.token, method=method)
        try:
            async with http.post(
                url, data=_body(posting, photo), headers=_JSON, timeout=_CALL_TIMEOUT
            ) as answer:
                content = await answer.read()
            if answer.status != HTTPStatus.OK:
                self._session.check_response(self._bot, GetMe(), answer.status, content.decode())
            return Sent("" if posting.edit else str(_SENT.decode(content).result.message_id))
        except AiogramError as error:
            return judge(error)
        except (ClientError, TimeoutError, ValueError):
            return refusals.judge(Refusal(0))


class _Message(msgspec.Struct):
    message_id: int


class _SentAnswer(msgspec.Struct):
    result: _Message


_SENT = msgspec.json.Decoder(_SentAnswer)


def _body(posting: Posting, photo: str) -> bytes:
    body: dict[str, Any] = {"chat_id": posting.chat}
    if posting.is_caption:
        body["caption"] = posting.text
    else:
        body |= {"text": posting.text, "link_preview_options": {"is_disabled": True}}
    if photo:
        body["photo"] = photo
    if posting.html:
        body["parse_mode"] = "HTML"
    if posting.edit:
        body["message_id"] = posting.edit
    if posting.rows:
        rows = [[_button(button) for button in row] for row in posting.rows]
        body["reply_markup"] = {"inline_keyboard": rows}
    return msgspec.json.encode(body)


def _button(button: Button) -> dict[str, str]:
    target = {"url": button.url} if button.url else {"callback_data": button.token}
    return {"text": button.label, **target}
