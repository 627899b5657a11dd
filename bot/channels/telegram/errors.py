# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""aiogram's exceptions in neutral form."""

from __future__ import annotations

from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.channels.bot_api import refusals
from bot.channels.bot_api.refusals import Refusal
from bot.domain.delivery import SendResult

_CODES: tuple[tuple[type[TelegramAPIError], int], ...] = (
    (TelegramBadRequest, 400),
    (TelegramForbiddenError, 403),
    (TelegramUnauthorizedError, 401),
    (TelegramNotFound, 404),
    (TelegramEntityTooLarge, 413),
)


def refusal(error: AiogramError) -> Refusal:
    """What Telegram said; code 0 for network faults, faults of its server and unreadable answers."""
    if isinstance(error, TelegramRetryAfter):
        return Refusal(429, retry_after=error.retry_after)
    if isinstance(error, TelegramMigrateToChat):
        return Refusal(400, migrated_to=error.migrate_to_chat_id)
    for kind, code in _CODES:
        if isinstance(error, kind):
            return Refusal(code, error.message)
    return Refusal(0)


def judge(error: AiogramError) -> SendResult:
    """What the exception means for the message that was to be sent."""
    return refusals.judge(refusal(error))
