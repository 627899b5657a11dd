# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The staff bot as a channel, on python-telegram-bot: only its calls, types and errors."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.bot_api.commands import STAFF_COMMANDS, Commands
from bot.channels.bot_api.compose import Button
from bot.channels.bot_api.delivery import Delivery, Posting
from bot.channels.bot_api.refusals import why_not_started
from bot.channels.bot_api.updates import ALLOWED_UPDATES
from bot.channels.bot_api.webhook import WebhookAddress, check_secret
from bot.channels.telegram_staff.errors import judge, refusal
from bot.channels.telegram_staff.receive import answer_press, fetch_updates
from bot.domain.delivery import SendResult, Sent
from bot.domain.messages import DataClass, Outgoing
from bot.errors import ConfigurationError

# Measured: httpx needs 1.6 ms of CPU a call at 8 at once, 6.7 ms at 32.
_AT_ONCE = 8
_log = logging.getLogger(__name__)

_CALL_SECONDS = 15.0
_CONNECT_SECONDS = 5.0
_WEBHOOK_CONNECTIONS = 40


class TelegramStaffChannel:
    """Speaks for one bot. Raises `ConfigurationError` for a token that cannot be one."""

    default_class = DataClass.APPOINTMENT

    def __init__(
        self,
        token: str,
        api_url: str = "https://api.telegram.org",
        name: str = "telegram_staff",
        commands: Commands = STAFF_COMMANDS,
    ) -> None:
        _keep_libraries_quiet()
        self.name = name
        self._commands = commands
        # One connection more than calls at once, for answers to presses in a busy hour.
        self._calls = _request(_AT_ONCE + 1)
        self._polls = _request(1)
        try:
            self._bot = Bot(
                token,
                base_url=f"{api_url.rstrip('/')}/bot",
                request=self._calls,
                get_updates_request=self._polls,
            )
        except InvalidToken:
            raise ConfigurationError([f"{name}: the token is malformed"]) from None
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._delivery = Delivery(self._post)

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
                    allowed_updates=ALLOWED_UPDATES,
                    max_connections=_WEBHOOK_CONNECTIONS,
                )
        except TelegramError as error:
            raise why_not_started(refusal(error), self.name) from None
        await self._show_menu()
        return me.username or ""

    async def _show_menu(self) -> None:
        # The menu is a convenience: everything in it can be typed, so a bot without it still starts.
        try:
            for language, commands in self._commands.items():
                menu = [BotCommand(command.name, command.meaning) for command in commands]
                await self._bot.set_my_commands(menu, language_code=language or None)
        except TelegramError as error:
            _log.warning("%s: the menu could not be set (%s)", self.name, type(error).__name__)

    async def fetch(self, offset: int, seconds: int) -> bytes:
        """Long-poll for updates; see `bot_api.polling.Fetch`."""
        return await fetch_updates(self._bot, self._polls, offset, seconds)

    async def answer_press(self, query_id: str, toast: str) -> None:
        """Answer a pressed button; best effort, raises nothing."""
        await answer_press(self._bot, query_id, toast)

    async def send(self, message: Outgoing) -> SendResult:
        """Send or edit; every failure is a result."""
        return await self._delivery.send(message)

    async def close(self) -> None:
        """Close the connections."""
        await self._calls.shutdown()
        await self._polls.shutdown()

    async def _post(self, posting: Posting) -> SendResult:
        mode = ParseMode.HTML if posting.html else None
        preview = LinkPreviewOptions(is_disabled=True)
        keyboard = _keyboard(posting.rows)
        try:
            async with self._room:
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
        except TelegramError as error:
            return judge(error)
        return Sent(str(sent.message_id))


def _request(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=_CALL_SECONDS,
        write_timeout=_CALL_SECONDS,
        connect_timeout=_CONNECT_SECONDS,
        pool_timeout=_CALL_SECONDS,
    )


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.label, url=button.url or None, callback_data=button.token or None)
                for button in row
            ]
            for row in rows
        ]
    )


def _keep_libraries_quiet() -> None:
    """httpx logs every address, with the token in it; the library logs texts. Neither may reach our logs."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.WARNING)
    # At ERROR it logs answers that are not JSON, whatever they hold.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
