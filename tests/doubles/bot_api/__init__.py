# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A strict double of Telegram's Bot API. How to use it: NOTICE.md beside this file."""

from tests.doubles.bot_api.accounts import Press
from tests.doubles.bot_api.bots import Bot
from tests.doubles.bot_api.chats import Seen
from tests.doubles.bot_api.faults import Fault, FaultKind
from tests.doubles.bot_api.people import Group, Person, Unexpected
from tests.doubles.bot_api.records import Call
from tests.doubles.bot_api.server import BotApiDouble

__all__ = [
    "Bot",
    "BotApiDouble",
    "Call",
    "Fault",
    "FaultKind",
    "Group",
    "Person",
    "Press",
    "Seen",
    "Unexpected",
]
