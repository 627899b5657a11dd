# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Two real clients of the Bot API talk to the double, and understand its answers as Telegram's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.doubles.bot_api import Bot, BotApiDouble, FaultKind, Person
from tests.doubles.playing import A_PICTURE

if TYPE_CHECKING:
    import aiogram
    import telegram


@pytest.fixture
async def aiogram_bot(api: BotApiDouble, bot: Bot) -> AsyncIterator[aiogram.Bot]:
    # Costs seconds, so it is imported only where it is used.
    from aiogram import Bot as Client
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
    async with Client(bot.token, session=session) as client:
        yield client


@pytest.fixture
async def telegram_bot(api: BotApiDouble, bot: Bot) -> AsyncIterator[telegram.Bot]:
    from telegram import Bot as Client

    async with Client(bot.token, base_url=f"{api.url}/bot") as client:
        yield client


async def test_aiogram_asks_edits_and_answers(
    api: BotApiDouble, aiogram_bot: aiogram.Bot, mia: Person
) -> None:
    from aiogram.enums import ParseMode
    from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

    keys = [
        [
            InlineKeyboardButton(text="Ja", callback_data="j"),
            InlineKeyboardButton(text="Nein", callback_data="n"),
        ]
    ]
    assert (await aiogram_bot.get_me()).username == "lotse_bot"
    sent = await aiogram_bot.send_message(
        500,
        "<b>Wie geht es?</b> 1 &lt; 2",
        parse_mode=ParseMode.HTML,
        reply_markup=InlineKeyboardMarkup(inline_keyboard=keys),
    )
    assert (sent.text, sent.chat.id) == ("Wie geht es? 1 < 2", 500)
    heard = (await mia.hears())[0]
    assert heard.buttons == (("Ja", "Nein"),)
    press = await mia.presses("Ja")
    update = (await aiogram_bot.get_updates(timeout=1))[-1]
    assert update.callback_query is not None
    assert (update.callback_query.data, update.callback_query.from_user.first_name) == ("j", "Mia")
    assert await aiogram_bot.answer_callback_query(update.callback_query.id, text="Danke")
    assert (await mia.is_answered(press))["text"] == "Danke"
    edited = await aiogram_bot.edit_message_text("Danke", chat_id=500, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.reply_markup is None
    await aiogram_bot.send_chat_action(500, "typing")
    await aiogram_bot.set_my_commands([BotCommand(command="hilfe", description="Hilfe sofort")])
    assert (await aiogram_bot.get_my_commands())[0].command == "hilfe"
    picture = BufferedInputFile(A_PICTURE, "verlauf.png")
    photo = await aiogram_bot.send_photo(500, picture, caption="Verlauf")
    assert photo.photo
    assert (await aiogram_bot.get_chat(500)).first_name == "Mia"
    assert await aiogram_bot.delete_message(500, sent.message_id)
    assert [one.text for one in mia.screen()] == ["/start abc", "Verlauf"]
    assert (await aiogram_bot.get_webhook_info()).pending_update_count == 2
    assert api.violations == []


async def test_aiogram_understands_refusals(
    api: BotApiDouble, bot: Bot, aiogram_bot: aiogram.Bot, mia: Person
) -> None:
    from aiogram import exceptions

    api.fail_next(bot, "sendMessage", kind=FaultKind.RETRY_CHAT, retry_after=3)
    with pytest.raises(exceptions.TelegramRetryAfter) as later:
        await aiogram_bot.send_message(500, "Hallo")
    assert later.value.retry_after == 3
    await bot.person(600).starts()
    await bot.person(600).blocks()
    with pytest.raises(exceptions.TelegramForbiddenError):
        await aiogram_bot.send_message(600, "Hallo")
    bot.group(-7).migrates(-100_7)
    with pytest.raises(exceptions.TelegramMigrateToChat) as moved:
        await aiogram_bot.send_message(-7, "Hallo")
    assert moved.value.migrate_to_chat_id == -100_7
    with pytest.raises(exceptions.TelegramBadRequest, match="chat not found"):
        await aiogram_bot.send_message(999, "Hallo")
    with pytest.raises(exceptions.TelegramBadRequest, match="query is too old"):
        await aiogram_bot.answer_callback_query("1")
    assert api.violations == []
    await bot.person(700).starts()
    with pytest.raises(exceptions.TelegramBadRequest, match="can't parse entities"):
        await aiogram_bot.send_message(700, "<b>Hallo", parse_mode="HTML")
    assert len(api.violations) == 1
    api.fail_next(kind=FaultKind.SERVER_ERROR)
    with pytest.raises(exceptions.TelegramServerError):
        await aiogram_bot.get_me()
    api.fail_next(kind=FaultKind.LOST_ANSWER)
    with pytest.raises(exceptions.TelegramNetworkError):
        await aiogram_bot.get_me()
    await aiogram_bot.set_webhook("https://lotse.example/webhook/telegram", secret_token="geheim")
    with pytest.raises(exceptions.TelegramConflictError):
        await aiogram_bot.get_updates()


async def test_python_telegram_bot_asks_edits_and_answers(
    api: BotApiDouble, telegram_bot: telegram.Bot, mia: Person
) -> None:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup
    from telegram.constants import ParseMode

    keys = [
        [
            InlineKeyboardButton("Übernehmen", callback_data="t"),
            InlineKeyboardButton("Öffnen", url="https://lotse.example/c/1"),
        ]
    ]
    assert telegram_bot.username == "lotse_bot"
    sent = await telegram_bot.send_message(
        500, "<i>Neue Meldung</i>", parse_mode=ParseMode.HTML, reply_markup=InlineKeyboardMarkup(keys)
    )
    assert sent.text == "Neue Meldung"
    assert mia.link("Öffnen") == "https://lotse.example/c/1"
    press = await mia.presses("Übernehmen")
    await mia.sends_voice()
    updates = await telegram_bot.get_updates(timeout=1)
    query = updates[1].callback_query
    assert query is not None
    assert query.data == "t"
    assert updates[2].message is not None
    assert updates[2].message.voice is not None
    assert await query.answer("Sie sind dran")
    assert (await mia.is_answered(press))["text"] == "Sie sind dran"
    await query.edit_message_text("Übernommen", reply_markup=None)
    assert mia.screen()[1].text == "Übernommen"
    assert mia.screen()[1].buttons == ()
    await telegram_bot.send_document(500, b"content", caption="Plan", filename="plan.pdf")
    await telegram_bot.set_my_commands([("hilfe", "Hilfe")])
    assert (await telegram_bot.get_webhook_info()).url == ""
    assert api.violations == []


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_python_telegram_bot_understands_refusals(
    api: BotApiDouble, bot: Bot, telegram_bot: telegram.Bot, mia: Person
) -> None:
    from telegram import error

    api.fail_next(bot, "sendMessage", kind=FaultKind.RETRY_BOT, retry_after=1)
    with pytest.raises(error.RetryAfter):
        await telegram_bot.send_message(500, "Hallo")
    bot.rates.forgive()
    await mia.blocks()
    with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
        await telegram_bot.send_message(500, "Hallo")
    bot.group(-7).migrates(-100_7)
    with pytest.raises(error.ChatMigrated) as moved:
        await telegram_bot.send_message(-7, "Hallo")
    assert moved.value.new_chat_id == -100_7
    with pytest.raises(error.BadRequest, match=r"[Cc]hat not found"):
        await telegram_bot.send_message(999, "Hallo")
    for kind in (FaultKind.LOST_ANSWER, FaultKind.CLOSED_BEFORE, FaultKind.SERVER_ERROR):
        api.fail_next(kind=kind)
        with pytest.raises(error.NetworkError):
            await telegram_bot.get_me()
    await telegram_bot.set_webhook("https://lotse.example/webhook/telegram-staff", secret_token="geheim")
    with pytest.raises(error.Conflict):
        await telegram_bot.get_updates()
    assert api.violations == []
