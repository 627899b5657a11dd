# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Chats and their messages: what the server keeps, and what a person sees of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.bot_api.formatting import Entity

Markup = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it stands on the person's screen. `buttons` are the labels, row by row."""

    message_id: int
    from_bot: bool
    text: str
    kind: str
    buttons: tuple[tuple[str, ...], ...]
    entities: tuple[Entity, ...]
    edited: bool

    def labels(self) -> list[str]:
        """All button labels from top left to bottom right."""
        return [label for row in self.buttons for label in row]


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says. `kind` is "text" or the name of the attached thing ("photo", "voice" ...)."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    kind: str = "text"
    attachment: Any = None


@dataclass(slots=True)
class StoredMessage:
    """One message of a chat."""

    message_id: int
    from_bot: bool
    sender: dict[str, Any]
    date: int
    content: Content
    markup: Markup | None = None
    # Sent with a reply keyboard (or its removal): such a message can never be edited.
    locked: bool = False
    edit_date: int | None = None
    # Keyboards it had before, so that a finger that was quicker than an edit can be played.
    earlier_markups: list[Markup] = field(default_factory=list)

    def to_json(self, chat: dict[str, Any]) -> dict[str, Any]:
        """The Message object of the Bot API."""
        message: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": chat,
            "date": self.date,
        }
        content = self.content
        word, marks = ("text", "entities") if content.kind == "text" else ("caption", "caption_entities")
        if content.kind != "text":
            message[content.kind] = content.attachment
        if content.text:
            message[word] = content.text
        if content.entities:
            message[marks] = content.entities
        if self.markup is not None:
            message["reply_markup"] = self.markup
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        return message

    def seen(self) -> Seen:
        """The message as its reader sees it."""
        rows = self.markup["inline_keyboard"] if self.markup else []
        labels = tuple(tuple(button["text"] for button in row) for row in rows)
        return Seen(
            self.message_id,
            self.from_bot,
            self.content.text,
            self.content.kind,
            labels,
            self.content.entities,
            self.edit_date is not None,
        )


@dataclass(slots=True)
class Chat:
    """One chat of one bot. Message ids rise by one within it."""

    chat_id: int
    description: dict[str, Any]
    # A private chat opens when the person starts the bot; before that it does not exist for the bot.
    is_open: bool = False
    is_blocked: bool = False
    moved_to: int | None = None
    messages: dict[int, StoredMessage] = field(default_factory=dict)
    last_message_id: int = 0
    reply_keyboard: Markup | None = None
    # Ids of the bot's messages in the order of sending, deleted ones included.
    bot_log: list[int] = field(default_factory=list)
    _watchers: set[asyncio.Future[None]] = field(default_factory=set)

    def add(self, message: StoredMessage) -> None:
        """Append a message whose id came from `next_id`."""
        self.messages[message.message_id] = message
        if message.from_bot:
            self.bot_log.append(message.message_id)
        self.wake()

    def next_id(self) -> int:
        """The id of the message that is about to be added."""
        self.last_message_id += 1
        return self.last_message_id

    def wake(self) -> None:
        """Tell everyone who watches this chat that it changed."""
        watchers, self._watchers = self._watchers, set()
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    def changed(self) -> asyncio.Future[None]:
        """Done at the next change of the chat."""
        watcher = asyncio.get_running_loop().create_future()
        self._watchers.add(watcher)
        return watcher

    def screen(self) -> list[Seen]:
        """All messages that were not deleted, oldest first."""
        return [message.seen() for message in self.messages.values()]
