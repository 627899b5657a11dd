# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The other side of a chat: what a person with the messenger in hand does and sees."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.bot_api.accounts import Account, Press
from tests.doubles.bot_api.chats import Chat, Content, Seen, StoredMessage
from tests.doubles.bot_api.files import keep_file
from tests.doubles.bot_api.formatting import Entity

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?")


class Unexpected(AssertionError):
    """The screen is not what the test says it should be."""


@dataclass(slots=True)
class Person:
    """A person in their private chat with one bot. Made by `BotAccount.person`."""

    account: Account
    chat: Chat
    user: dict[str, Any]
    # How many of the bot's messages `hears` has given out.
    heard: int = field(default=0)

    @property
    def user_id(self) -> int:
        """The user's id, which is the private chat's id as well."""
        return self.chat.chat_id

    # --- what they do ---

    async def starts(self, code: str = "") -> int | None:
        """Open the bot, for example by an invitation link: sends "/start CODE". Returns the update's id."""
        return await self.sends(f"/start {code}".strip())

    async def sends(self, text: str) -> int | None:
        """Write something (1 to 4096 characters, as the app allows). Returns the update's id."""
        if not 1 <= len(text.strip()) <= 4096:
            raise ValueError("the app sends 1 to 4096 characters; cut longer texts with `sends_long`")
        return self._say(Content(text.strip(), _entities_of(text.strip())))

    async def sends_long(self, text: str) -> list[int | None]:
        """A text of any length, cut into several messages as the apps do."""
        return [await self.sends(text[at : at + 4096]) for at in range(0, len(text), 4096)]

    async def sends_sticker(self) -> int | None:
        """A sticker: no words."""
        return self._attach("sticker")

    async def sends_voice(self) -> int | None:
        """A voice message."""
        return self._attach("voice")

    async def sends_photo(self, caption: str = "") -> int | None:
        """A picture, with or without a line below it."""
        return self._attach("photo", caption)

    async def sends_document(self, caption: str = "") -> int | None:
        """A file."""
        return self._attach("document", caption)

    async def edits(self, text: str, message_id: int | None = None) -> int | None:
        """Change what they wrote (their newest message unless named)."""
        own = [one for one in self.chat.messages.values() if not one.from_bot]
        wanted = [one for one in own if message_id in (None, one.message_id)]
        if not wanted:
            raise Unexpected("there is no such own message to edit")
        message = wanted[-1]
        message.content = Content(text, _entities_of(text))
        message.edit_date = self.account.now()
        return self._tell("edited_message", message)

    async def presses(
        self, label: str, *, message_id: int | None = None, older: int = 0, removed: bool = False
    ) -> Press:
        """Tap the button with this label on the newest message that has one.

        `older` takes the message so many before it, `removed` a keyboard that an edit has taken away
        meanwhile (the finger was quicker). Raises `Unexpected` where there is no such button.
        """
        found = [
            (message, button)
            for message in reversed(self.chat.messages.values())
            if message_id in (None, message.message_id)
            for button in _buttons(message, removed)
            if button["text"] == label
        ]
        if len(found) <= older:
            raise Unexpected(f"no button {label!r}; the screen shows {self._labels()}")
        message, button = found[older]
        if "callback_data" not in button:
            raise Unexpected(f"button {label!r} is not one that tells the bot")
        return self._press(message, button["callback_data"])

    async def taps_key(self, label: str) -> int | None:
        """Tap a key of the reply keyboard, which sends its label as a message."""
        keyboard = self.chat.reply_keyboard or {"keyboard": []}
        keys = [key["text"] for row in keyboard["keyboard"] for key in row]
        if label not in keys:
            raise Unexpected(f"no key {label!r}; the keyboard shows {keys}")
        return await self.sends(label)

    def link(self, label: str) -> str:
        """The address behind a link button of the newest message that has one."""
        for message in reversed(self.chat.messages.values()):
            for button in _buttons(message, removed=False):
                if button["text"] == label and "url" in button:
                    address: str = button["url"]
                    return address
        raise Unexpected(f"no link {label!r}; the screen shows {self._labels()}")

    async def blocks(self) -> int | None:
        """Block the bot."""
        return self._switch(blocked=True)

    async def unblocks(self) -> int | None:
        """Unblock the bot."""
        return self._switch(blocked=False)

    # --- what they see ---

    def screen(self) -> list[Seen]:
        """All messages in the chat as they stand now, oldest first."""
        return self.chat.screen()

    async def hears(self, n: int = 1, timeout: float = 5.0) -> list[Seen]:
        """The next n messages of the bot as they stand now: without deleted ones, edits do not count.

        Waits up to `timeout` real seconds, else raises `Unexpected`.
        """
        await self._until(lambda: len(self.chat.bot_log) >= self.heard + n, timeout, f"{n} more messages")
        ids = self.chat.bot_log[self.heard : self.heard + n]
        self.heard += n
        return [self.chat.messages[one].seen() for one in ids if one in self.chat.messages]

    def unheard(self) -> list[Seen]:
        """The bot's messages that `hears` has not given out yet."""
        waiting = self.chat.bot_log[self.heard :]
        return [self.chat.messages[one].seen() for one in waiting if one in self.chat.messages]

    async def sees(self, wanted: Callable[[list[Seen]], bool], timeout: float = 5.0) -> list[Seen]:
        """The screen, once it is as `wanted` says (for example after an edit)."""
        await self._until(lambda: wanted(self.screen()), timeout, "the screen that was wanted")
        return self.screen()

    async def is_answered(self, press: Press, timeout: float = 5.0) -> dict[str, Any]:
        """What answerCallbackQuery said to this press (the app shows a spinner until then)."""
        await self._until(lambda: press.answer is not None, timeout, "an answer to the press")
        return press.answer or {}

    async def must_hear_nothing_more(self, settled: Awaitable[object]) -> None:
        """Once `settled` (the caller knows when all work is done), no unheard message may be there."""
        await settled
        if self.unheard():
            raise Unexpected(f"too much was said: {[one.text for one in self.unheard()]}")

    # --- inside ---

    def _say(self, content: Content) -> int | None:
        if self.chat.is_blocked:
            raise Unexpected("the app lets nobody write to a bot they blocked")
        self.chat.is_open = True
        return self._tell("message", self.account.add_message(self.chat, content, self.user))

    def _attach(self, kind: str, caption: str = "") -> int | None:
        thing = keep_file(self.account, kind, b"content of the file")
        return self._say(Content(caption, (), kind, thing))

    def _tell(self, kind: str, message: StoredMessage) -> int | None:
        body = message.to_json(self.chat.description)
        return self.account.tell(kind, ("message", self.chat.chat_id), body)

    def _press(self, message: StoredMessage, data: str) -> Press:
        account = self.account
        press = Press(
            query_id=str(secrets.randbits(60)),
            chat_id=self.chat.chat_id,
            message_id=message.message_id,
            user_id=self.user_id,
            data=data,
            pressed_at=account.clock(),
        )
        account.presses[press.query_id] = press
        query = {
            "id": press.query_id,
            "from": self.user,
            "message": message.to_json(self.chat.description),
            "chat_instance": str(self.chat.chat_id),
            "data": data,
        }
        press.update_id = account.tell("callback_query", ("press", self.user_id), query)
        return press

    def _switch(self, *, blocked: bool) -> int | None:
        self.chat.is_blocked = blocked
        states = ("member", "kicked") if blocked else ("kicked", "member")
        old, new = (self._membership(one) for one in states)
        change = {
            "chat": self.chat.description,
            "from": self.user,
            "date": self.account.now(),
            "old_chat_member": old,
            "new_chat_member": new,
        }
        return self.account.tell("my_chat_member", ("member", self.chat.chat_id), change)

    def _membership(self, status: str) -> dict[str, Any]:
        member = {"user": self.account.user, "status": status}
        return {**member, "until_date": 0} if status == "kicked" else member

    async def _until(self, is_so: Callable[[], bool], timeout: float, what: str) -> None:
        try:
            async with asyncio.timeout(timeout):
                while not is_so():
                    await self.chat.changed()
        except TimeoutError:
            unheard = [one.text for one in self.unheard()]
            raise Unexpected(f"waited {timeout} s for {what}; unheard so far: {unheard}") from None

    def _labels(self) -> list[list[str]]:
        return [one.labels() for one in self.screen() if one.buttons]


def _buttons(message: StoredMessage, removed: bool) -> list[dict[str, Any]]:
    markups = message.earlier_markups[::-1] if removed else [message.markup] if message.markup else []
    return [button for markup in markups for row in markup["inline_keyboard"] for button in row]


def _entities_of(text: str) -> tuple[Entity, ...]:
    command = _COMMAND.match(text)
    return ({"type": "bot_command", "offset": 0, "length": command.end()},) if command else ()


@dataclass(slots=True)
class Group:
    """A group chat that the bot is a member of."""

    account: Account
    chat: Chat

    def migrates(self, new_chat_id: int) -> Group:
        """The group becomes a supergroup with another id; the old one refers to it from now on."""
        if not new_chat_id < 0:
            raise ValueError("ids of groups are negative")
        description = {**self.chat.description, "id": new_chat_id, "type": "supergroup"}
        moved = Chat(new_chat_id, description, is_open=True)
        self.account.chats[new_chat_id] = moved
        self.chat.moved_to = new_chat_id
        return Group(self.account, moved)

    def screen(self) -> list[Seen]:
        """All messages in the group as they stand now."""
        return self.chat.screen()
