# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""One bot's account at Telegram: its name, chats, updates, webhook and open presses."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.bot_api.chats import Chat, Content, StoredMessage
from tests.doubles.bot_api.rates import Rates
from tests.doubles.bot_api.refusals import bad_request, blocked, migrated
from tests.doubles.bot_api.updates import QueueKey, UpdateQueue
from tests.doubles.bot_api.webhook import Webhook

# A press must be answered within about this time.
ANSWER_SECONDS = 15.0

Clock = Callable[[], float]


@dataclass(slots=True)
class Press:
    """A tap on an inline button. `answer` is what the bot answered, once it did."""

    query_id: str
    chat_id: int
    message_id: int
    user_id: int
    data: str
    pressed_at: float
    update_id: int | None = None
    answer: dict[str, Any] | None = None


@dataclass(slots=True)
class Account:
    """Everything the server knows about one bot."""

    token: str
    username: str
    clock: Clock = time.time
    chats: dict[int, Chat] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    # What set... methods stored, by method and language.
    profile: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    updates: UpdateQueue = field(init=False)
    rates: Rates = field(init=False)
    webhook: Webhook | None = None

    def __post_init__(self) -> None:
        self.updates = UpdateQueue(self.clock)
        self.rates = Rates(self.clock)

    @property
    def user(self) -> dict[str, Any]:
        """The bot as a User object."""
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": self.username,
            "username": self.username,
        }

    def now(self) -> int:
        """Whole seconds since 1970, as in messages."""
        return int(self.clock())

    def chat(self, chat_id: int | str) -> Chat:
        """The chat as the bot may see it. Raises 400 "chat not found" or the group's new address."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or not chat.is_open:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            raise migrated(chat.moved_to)
        return chat

    def writable(self, chat_id: int | str) -> Chat:
        """The chat, if the bot may write there now."""
        chat = self.chat(chat_id)
        if chat.is_blocked:
            raise blocked()
        return chat

    def own_message(self, values: Mapping[str, Any]) -> tuple[Chat, StoredMessage]:
        """The message that an edit means. Raises 400 where it cannot be edited."""
        if "chat_id" not in values or "message_id" not in values:
            raise bad_request("message identifier is not specified")
        chat = self.writable(values["chat_id"])
        message = chat.messages.get(values["message_id"])
        if message is None:
            raise bad_request("message to edit not found")
        if not message.from_bot or message.locked:
            raise bad_request("message can't be edited")
        return chat, message

    def open_press(self, query_id: str) -> Press:
        """The press that waits for its answer. Raises 400 where it is unknown or too old."""
        press = self.presses.get(query_id)
        if press is None or self.clock() > press.pressed_at + ANSWER_SECONDS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return press

    def add_message(
        self, chat: Chat, content: Content, sender: dict[str, Any] | None = None
    ) -> StoredMessage:
        """Put a message into the chat; without a sender it is the bot's own."""
        message = StoredMessage(
            message_id=chat.next_id(),
            from_bot=sender is None,
            sender=sender or self.user,
            date=self.now(),
            content=content,
        )
        chat.add(message)
        return message

    def tell(self, kind: str, queue: QueueKey, content: dict[str, Any]) -> int | None:
        """Hand an update to the bot, by whatever way it receives."""
        return self.updates.put(kind, queue, content)
