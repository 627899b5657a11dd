# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The participants' bot as a channel, on aiogram."""

from __future__ import annotations

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from aiogram.utils.token import TokenValidationError

from bot.channels.bot_api.commands import PARTICIPANT_COMMANDS, Commands
from bot.channels.bot_api.compose import Button
from bot.channels.bot_api.delivery import Delivery, Posting
from bot.channels.bot_api.refusals import why_not_started
from bot.channels.bot_api.updates import ALLOWED_UPDATES
from bot.channels.bot_api.webhook import WebhookAddress, check_secret
from bot.channels.telegram.errors import judge, refusal
from bot.channels.telegram.receive import answer_press, fetch_updates
from bot.domain.delivery import SendResult, Sent
from bot.domain.messages import DataClass, Outgoing
from bot.errors import ConfigurationError

_CALL_SECONDS = 15.0
_WEBHOOK_CONNECTIONS = 100


class TelegramChannel:
    """Speaks for one bot. Raises `ConfigurationError` for a token that cannot be one."""

    default_class = DataClass.APPOINTMENT

    def __init__(
        self,
        token: str,
        api_url: str = "https://api.telegram.org",
        name: str = "telegram",
        commands: Commands = PARTICIPANT_COMMANDS,
    ) -> None:
        self.name = name
        self._commands = commands
        self._session = AiohttpSession(api=TelegramAPIServer.from_base(api_url), timeout=_CALL_SECONDS)
        try:
            self._bot = Bot(token, session=self._session)
        except TokenValidationError:
            raise ConfigurationError([f"{name}: the token is malformed"]) from None
        self._delivery = Delivery(self._post)

    async def start(self, webhook: WebhookAddress | None = None) -> str:
        """Make the bot ready to receive, by polling unless a webhook is given. Returns its user name.

        Raises `ConfigurationError` for what an operator must mend, `ConnectionError` for what may pass.
        """
        if webhook is not None:
            check_secret(self.name, webhook.secret)
        try:
            me = await self._bot.get_me()
            for language, commands in self._commands.items():
                menu = [BotCommand(command=command.name, description=command.meaning) for command in commands]
                await self._bot.set_my_commands(menu, language_code=language or None)
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
        return me.username or ""

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
        mode = ParseMode.HTML if posting.html else None
        preview = LinkPreviewOptions(is_disabled=True)
        keyboard = _keyboard(posting.rows)
        try:
            if posting.edit:
                await self._bot.edit_message_text(
                    posting.text,
                    chat_id=posting.chat,
                    message_id=posting.edit,
                    parse_mode=mode,
                    link_preview_options=preview,
                    reply_markup=keyboard,
                )
                return Sent()
            sent = await self._bot.send_message(
                posting.chat,
                posting.text,
                parse_mode=mode,
                link_preview_options=preview,
                reply_markup=keyboard,
            )
        except AiogramError as error:
            return judge(error)
        return Sent(str(sent.message_id))


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(
                    text=button.label, url=button.url or None, callback_data=button.token or None
                )
                for button in row
            ]
            for row in rows
        ]
    )
