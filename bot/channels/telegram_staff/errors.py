# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""python-telegram-bot's exceptions in neutral form."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.bot_api import refusals
from bot.channels.bot_api.refusals import Refusal
from bot.domain.delivery import SendResult

# BadRequest is a NetworkError there; only the classes named here are refusals, all others are network faults.
_CODES: tuple[tuple[type[TelegramError], int], ...] = (
    (BadRequest, 400),
    (Forbidden, 403),
    (InvalidToken, 401),
)


def refusal(error: TelegramError) -> Refusal:
    """What Telegram said; code 0 for network faults, faults of its server and unreadable answers."""
    if isinstance(error, RetryAfter):
        pause = error.retry_after
        return Refusal(429, retry_after=pause.total_seconds() if isinstance(pause, timedelta) else pause)
    if isinstance(error, ChatMigrated):
        return Refusal(400, migrated_to=error.new_chat_id)
    for kind, code in _CODES:
        if isinstance(error, kind):
            return Refusal(code, error.message)
    return Refusal(0)


def judge(error: TelegramError) -> SendResult:
    """What the exception means for the message that was to be sent."""
    return refusals.judge(refusal(error))
