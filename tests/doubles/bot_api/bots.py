# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A bot as a test holds it: its account, and the people and groups around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.doubles.bot_api.accounts import Account
from tests.doubles.bot_api.chats import Chat
from tests.doubles.bot_api.people import Group, Person
from tests.doubles.bot_api.webhook import Mishaps


@dataclass(slots=True)
class Bot(Account):
    """One bot of the double. `mishaps` is what goes wrong with deliveries to it."""

    people: dict[int, Person] = field(default_factory=dict)
    mishaps: Mishaps = field(default_factory=Mishaps)

    def __post_init__(self) -> None:
        # By name: dataclasses with slots are made anew, which breaks a bare super().
        Account.__post_init__(self)
        self.updates.comes_twice = self.mishaps.comes_twice

    def person(
        self,
        user_id: int,
        first_name: str = "Mia",
        language_code: str | None = "de",
        username: str | None = None,
    ) -> Person:
        """The person with this id (positive), the same object each time; they have yet to start the bot."""
        known = self.people.get(user_id)
        if known is not None:
            return known
        user = {"id": user_id, "is_bot": False, "first_name": first_name}
        description = {"id": user_id, "type": "private", "first_name": first_name}
        if language_code is not None:
            user["language_code"] = language_code
        if username is not None:
            user["username"] = description["username"] = username
        chat = self.chats[user_id] = Chat(user_id, description)
        person = self.people[user_id] = Person(self, chat, user)
        return person

    def group(self, chat_id: int, title: str = "Gruppe") -> Group:
        """A group (negative id) in which the bot already is."""
        description = {"id": chat_id, "type": "group", "title": title}
        chat = self.chats[chat_id] = Chat(chat_id, description, is_open=True)
        return Group(self, chat)

    async def drained(self) -> None:
        """Returns once the bot has confirmed every update (what follows from them may still be under way)."""
        await self.updates.drained()

    async def polled(self) -> None:
        """Returns once a poll of the bot waits for updates: it has taken all there were."""
        await self.updates.polled()
