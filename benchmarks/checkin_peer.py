# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The weekly check-in on aiogram-dialog, and a person who answers it, for `benchmarks.dialogs`.

Only the handling of an update is timed. Updates are built and bound to the bot before the clock starts, and
what would be sent is only remembered: the peer pays neither for reading an update nor for a call of the Bot
API.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.filters import Command
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, Message, Update
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.api.entities import NewMessage, OldMessage, ShowMode
from aiogram_dialog.test_tools import BotClient, MockMessageManager
from aiogram_dialog.test_tools.memory_storage import JsonMemoryStorage
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Back, Button, Cancel, Column, Group, Next, Row, Select
from aiogram_dialog.widgets.text import Const, Format

_CHAT = {"id": 1, "type": "private"}
_USER = {"id": 1, "is_bot": False, "first_name": "Mia"}
_SAID = {
    "ja": "today",
    "ja, heute": "today",
    "ja, diese woche": "this_week",
    "nein": "no",
    "nein danke": "no",
}
_CHOICES = (("today", "Ja, heute"), ("this_week", "Ja, diese Woche"), ("no", "Nein"))


class CheckIn(StatesGroup):
    """The questions of the weekly check-in, and its last word."""

    mood = State()
    sleep = State()
    achieved = State()
    contact = State()
    thanks = State()


class Shown(MockMessageManager):
    """Keeps what would be sent; the test tool's own one copies it, at the peer's expense."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.last: NewMessage | None = None

    async def show_message(
        self, bot: Bot, new_message: NewMessage, old_message: OldMessage | None
    ) -> OldMessage:
        """Keep it, and say under which number it would stand."""
        del bot, old_message
        self.last_message_id += 1
        self.last = new_message
        return OldMessage(
            chat=new_message.chat,
            message_id=self.last_message_id,
            media_id=None,
            media_uniq_id=None,
            text=new_message.text,
        )

    async def remove_kbd(self, bot: Bot, show_mode: ShowMode, old_message: OldMessage | None) -> None:
        """Nothing is left on a screen that nobody has."""


def dispatcher(storage: BaseStorage, shown: Shown) -> Dispatcher:
    """The check-in on aiogram-dialog, begun by /checkin."""
    made = Dispatcher(storage=storage)
    made.message.register(_begin, Command("checkin"))
    made.include_router(
        Dialog(
            _scale(
                "mood", "1 von 4\nWie geht es Ihnen heute?\n0 = sehr schlecht, 10 = sehr gut", CheckIn.mood
            ),
            _scale(
                "sleep", "2 von 4\nWie haben Sie geschlafen?\n0 = sehr schlecht, 10 = sehr gut", CheckIn.sleep
            ),
            Window(
                Const("3 von 4\nWas ist Ihnen diese Woche gelungen?"),
                TextInput("achieved", on_success=_keep),
                _controls("achieved"),
                state=CheckIn.achieved,
            ),
            _contact(),
            Window(Format("Danke, dass Sie geantwortet haben."), state=CheckIn.thanks),
        )
    )
    setup_dialogs(made, message_manager=shown)
    return made


def _scale(key: str, text: str, state: State) -> Window:
    return Window(
        Const(text),
        Group(
            Select(
                Format("{item}"),
                id=key,
                item_id_getter=str,
                items=list(range(11)),
                type_factory=int,
                on_click=_chosen,
            ),
            width=6,
        ),
        TextInput(f"{key}_typed", type_factory=_from_0_to_10, on_success=_keep),
        _controls(key),
        state=state,
    )


def _contact() -> Window:
    return Window(
        Const("4 von 4\nSoll sich Ihr Coach bei Ihnen melden?"),
        Column(*(Button(Const(label), id=key, on_click=_pressed) for key, label in _CHOICES)),
        TextInput("contact_typed", type_factory=_one_of_the_choices, on_success=_keep),
        Row(Back(Const("Zurück")), Cancel(Const("Später"))),
        state=CheckIn.contact,
    )


def _controls(key: str) -> Row:
    skip, later = Next(Const("Überspringen")), Cancel(Const("Später"))
    return Row(skip, later) if key == "mood" else Row(Back(Const("Zurück")), skip, later)


def _from_0_to_10(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10:
        raise ValueError
    return number


def _one_of_the_choices(text: str) -> str:
    if text.casefold() not in _SAID:
        raise ValueError
    return _SAID[text.casefold()]


async def _begin(message: Message, dialog_manager: DialogManager) -> None:
    del message
    await dialog_manager.start(CheckIn.mood, mode=StartMode.RESET_STACK)


async def _keep(message: Message, widget: Any, manager: DialogManager, value: str | int) -> None:
    del message
    await _answered(manager, widget.widget_id.removesuffix("_typed"), value)


async def _chosen(callback: CallbackQuery, widget: Any, manager: DialogManager, value: int) -> None:
    del callback
    await _answered(manager, widget.widget_id, value)


async def _pressed(callback: CallbackQuery, button: Button, manager: DialogManager) -> None:
    del callback
    await _answered(manager, "contact", str(button.widget_id))


async def _answered(manager: DialogManager, key: str, value: str | int) -> None:
    manager.dialog_data[key] = value
    if (key == "mood" and isinstance(value, int) and value <= 2) or value in ("today", "this_week"):
        manager.dialog_data.setdefault("concerns", []).append(key)
    await manager.next()


class Checkins:
    """One person who does the check-in again and again.

    `how` is "memory" (aiogram-dialog on aiogram's memory storage), "json" (on the test tools' storage,
    which keeps JSON as a database would) or "aiogram" (a handler that does nothing: what the dispatching
    below costs).
    """

    def __init__(self, how: str) -> None:
        self._shown = Shown()
        self._numbers = count(1)
        self._is_dialog = how != "aiogram"
        storage = JsonMemoryStorage() if how == "json" else MemoryStorage()
        self._dispatcher = dispatcher(storage, self._shown) if self._is_dialog else _nothing(storage)
        self._client = BotClient(self._dispatcher)

    async def play(self, answers: Sequence[tuple[str, str]], pressed: bool) -> list[float]:
        """Once through; microseconds of every answer. Answers with a value have a button of that label.

        Raises `RuntimeError` if the check-in did not come to its end.
        """
        bot = self._client.bot
        found: list[float] = []
        await self._dispatcher.feed_update(bot, self._message("/checkin"))
        for words, value in answers:
            update = self._press(words) if pressed and value and self._is_dialog else self._message(words)
            before = time.perf_counter_ns()
            await self._dispatcher.feed_update(bot, update)
            found.append((time.perf_counter_ns() - before) / 1000)
        if self._is_dialog and (self._shown.last is None or "Danke" not in str(self._shown.last.text)):
            raise RuntimeError("the check-in on aiogram-dialog did not come to its end")
        return found

    def _message(self, text: str) -> Update:
        number = next(self._numbers)
        message = {
            "message_id": number,
            "date": datetime.now(UTC),
            "chat": _CHAT,
            "from": _USER,
            "text": text,
        }
        return self._bound({"update_id": number, "message": message})

    def _press(self, label: str) -> Update:
        assert self._shown.last is not None
        keyboard = getattr(self._shown.last.reply_markup, "inline_keyboard", [])
        data = next(button.callback_data for row in keyboard for button in row if button.text == label)
        asked = {
            "message_id": self._shown.last_message_id,
            "date": datetime.now(UTC),
            "chat": _CHAT,
            "text": self._shown.last.text,
        }
        number = next(self._numbers)
        callback = {"id": str(number), "from": _USER, "chat_instance": "1", "data": data, "message": asked}
        return self._bound({"update_id": number, "callback_query": callback})

    def _bound(self, update: dict[str, Any]) -> Update:
        return Update.model_validate(update, context={"bot": self._client.bot})


def _nothing(storage: BaseStorage) -> Dispatcher:
    made = Dispatcher(storage=storage)
    made.message.register(_ignore)
    return made


async def _ignore(message: Message) -> None:
    del message
