# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What each SDK's exceptions mean for a message: one table, two libraries."""

from __future__ import annotations

import pytest
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe
from telegram import error as ptb

from bot.channels.telegram.errors import judge as judge_aiogram
from bot.channels.telegram_staff.errors import judge as judge_ptb
from bot.domain.delivery import AddressChanged, Permanent, RetryAfter, SendResult, Sent

# The library warns of its own next version whenever it reports a limit.
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")

NETWORK: SendResult = RetryAfter(2.0, reason="network")
UNAUTHORIZED = RetryAfter(60.0, whole_channel=True, reason="unauthorized")
GONE = Permanent("edit_gone")

BAD_REQUESTS: list[tuple[str, SendResult]] = [
    ("Bad Request: chat not found", Permanent("chat_not_found", address_dead=True)),
    ("Bad Request: PEER_ID_INVALID", Permanent("chat_not_found", address_dead=True)),
    ("Bad Request: message to edit not found", GONE),
    ("Bad Request: message can't be edited", GONE),
    ("Bad Request: MESSAGE_ID_INVALID", GONE),
    ("Bad Request: message is not modified: specified new message content", Sent()),
    ("Bad Request: can't parse entities", Permanent("bad_request")),
    ("Bad Request: message is too long", Permanent("bad_request")),
    ("Bad Request: BUTTON_DATA_INVALID", Permanent("bad_request")),
]
FORBIDDEN: list[tuple[str, SendResult]] = [
    ("Forbidden: bot was blocked by the user", Permanent("blocked", address_dead=True)),
    ("Forbidden: user is deactivated", Permanent("deactivated", address_dead=True)),
    ("Forbidden: bot can't initiate conversation with a user", Permanent("forbidden", address_dead=True)),
]

METHOD = GetMe()

AIOGRAM: list[tuple[AiogramError, SendResult]] = [
    *((TelegramBadRequest(METHOD, said), result) for said, result in BAD_REQUESTS),
    *((TelegramForbiddenError(METHOD, said), result) for said, result in FORBIDDEN),
    (TelegramRetryAfter(METHOD, "Too Many Requests", 7), RetryAfter(7)),
    (TelegramMigrateToChat(METHOD, "upgraded", -1001), AddressChanged("-1001")),
    (TelegramUnauthorizedError(METHOD, "Unauthorized"), UNAUTHORIZED),
    (TelegramNotFound(METHOD, "Not Found"), UNAUTHORIZED),
    (TelegramEntityTooLarge(METHOD, "Request Entity Too Large"), Permanent("too_large")),
    (TelegramServerError(METHOD, "Internal Server Error"), NETWORK),
    (RestartingTelegram(METHOD, "restart"), NETWORK),
    (TelegramConflictError(METHOD, "Conflict"), NETWORK),
    (TelegramNetworkError(METHOD, "ServerDisconnectedError"), NETWORK),
    (TelegramAPIError(METHOD, "I'm a teapot"), NETWORK),
    (ClientDecodeError("Failed to decode object", ValueError(), "<html>"), NETWORK),
]

PTB: list[tuple[ptb.TelegramError, SendResult]] = [
    *((ptb.BadRequest(said), result) for said, result in BAD_REQUESTS),
    *((ptb.Forbidden(said), result) for said, result in FORBIDDEN),
    (ptb.RetryAfter(7), RetryAfter(7)),
    (ptb.ChatMigrated(-1001), AddressChanged("-1001")),
    (ptb.InvalidToken("Unauthorized"), UNAUTHORIZED),
    (ptb.NetworkError("Internal Server Error"), NETWORK),
    (ptb.TimedOut(), NETWORK),
    (ptb.Conflict("Conflict"), NETWORK),
    (ptb.TelegramError("Invalid server response"), NETWORK),
]


@pytest.mark.parametrize(("error", "result"), AIOGRAM, ids=lambda one: type(one).__name__)
def test_aiogram(error: AiogramError, result: SendResult) -> None:
    assert judge_aiogram(error) == result


@pytest.mark.parametrize(("error", "result"), PTB, ids=lambda one: type(one).__name__)
def test_python_telegram_bot(error: ptb.TelegramError, result: SendResult) -> None:
    assert judge_ptb(error) == result
