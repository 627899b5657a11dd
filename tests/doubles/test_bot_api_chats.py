# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Chats, edits and presses behave as they do at Telegram."""

from __future__ import annotations

import pytest

from tests.doubles.bot_api import Bot, BotApiDouble, Person, Unexpected
from tests.doubles.playing import YES_NO, Caller, MovableClock, one_button


async def test_only_who_started_the_bot_can_be_written_to(api: BotApiDouble, bot: Bot, call: Caller) -> None:
    bernd = bot.person(600, "Bernd")
    for chat in (600, 999, "@bernd"):
        answer = await call("sendMessage", chat_id=chat, text="Hallo")
        assert answer["description"] == "Bad Request: chat not found"
    await bernd.starts()
    assert (await call("sendMessage", chat_id=600, text="Hallo"))["ok"]
    assert api.violations == []


async def test_who_blocks_the_bot_is_out_of_reach_until_they_come_back(call: Caller, mia: Person) -> None:
    await mia.blocks()
    answer = await call("sendMessage", chat_id=500, text="Hallo")
    assert (answer["error_code"], answer["description"]) == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    with pytest.raises(Unexpected):
        await mia.sends("Hallo")
    await mia.unblocks()
    assert (await call("sendMessage", chat_id=500, text="Hallo"))["ok"]


async def test_a_group_that_moved_names_its_new_address(bot: Bot, call: Caller) -> None:
    group = bot.group(-10)
    assert (await call("sendMessage", chat_id=-10, text="Hallo"))["ok"]
    moved = group.migrates(-100_500)
    answer = await call("sendMessage", chat_id=-10, text="Hallo")
    assert answer["parameters"] == {"migrate_to_chat_id": -100_500}
    assert (await call("sendMessage", chat_id=-100_500, text="Hallo"))["ok"]
    assert [one.text for one in moved.screen()] == ["Hallo"]


async def test_edits(call: Caller, mia: Person) -> None:
    sent = (await call("sendMessage", chat_id=500, text="Frage", reply_markup=YES_NO))["result"]
    here = {"chat_id": 500, "message_id": sent["message_id"]}
    same = await call("editMessageText", **here, text="<b></b>Frage", parse_mode="HTML", reply_markup=YES_NO)
    assert same["description"].startswith("Bad Request: message is not modified")
    assert (await call("editMessageText", **here, text="Danke"))["result"]["text"] == "Danke"
    # The edit named no keyboard, so it is gone; taking it away once more changes nothing.
    assert mia.screen()[-1].buttons == ()
    assert "not modified" in (await call("editMessageReplyMarkup", **here))["description"]
    for wrong in ({"chat_id": 500, "message_id": 77}, {"chat_id": 500, "message_id": 1}, {"chat_id": 500}):
        answer = await call("editMessageText", **wrong, text="x")
        assert answer["error_code"] == 400
    assert (await call("deleteMessage", **here))["ok"]
    assert (await call("deleteMessage", **here))["description"] == (
        "Bad Request: message to delete not found"
    )


async def test_a_message_with_a_reply_keyboard_can_never_be_edited(call: Caller, mia: Person) -> None:
    keyboard = {"keyboard": [[{"text": "Pause"}]]}
    sent = (await call("sendMessage", chat_id=500, text="Menü", reply_markup=keyboard))["result"]
    answer = await call("editMessageText", chat_id=500, message_id=sent["message_id"], text="x")
    assert answer["description"] == "Bad Request: message can't be edited"
    await mia.taps_key("Pause")
    assert mia.screen()[-1].text == "Pause"


async def test_message_ids_rise_in_a_chat(call: Caller, mia: Person) -> None:
    for text in ("a", "b", "c"):
        await call("sendMessage", chat_id=500, text=text)
    ids = [one.message_id for one in mia.screen()]
    assert ids == sorted(set(ids))
    assert [one.text for one in await mia.hears(3)] == ["a", "b", "c"]


async def test_generic_methods_keep_what_they_set(call: Caller) -> None:
    assert (await call("getMyCommands"))["result"] == []
    await call("setMyCommands", commands=[{"command": "hilfe", "description": "Hilfe"}], language_code="de")
    await call("setMyDescription", description="Ein Programm")
    assert (await call("getMyCommands", language_code="de"))["result"][0]["command"] == "hilfe"
    assert (await call("getMyDescription"))["result"] == {"description": "Ein Programm"}


async def test_a_press_reaches_the_bot_and_wants_an_answer(call: Caller, mia: Person, bot: Bot) -> None:
    await call("sendMessage", chat_id=500, text="Frage", reply_markup=YES_NO)
    press = await mia.presses("Nein")
    updates = (await call("getUpdates"))["result"]
    assert updates[-1]["callback_query"]["data"] == "n"
    assert updates[-1]["callback_query"]["message"]["text"] == "Frage"
    assert (await call("answerCallbackQuery", callback_query_id=press.query_id, text="Ok"))["ok"]
    assert (await mia.is_answered(press))["text"] == "Ok"


async def test_a_late_or_unknown_answer_is_refused(
    api: BotApiDouble, call: Caller, mia: Person, clock: MovableClock
) -> None:
    await call("sendMessage", chat_id=500, text="Frage", reply_markup=YES_NO)
    press = await mia.presses("Ja")
    clock.seconds += 16
    for query_id in (press.query_id, "12345"):
        answer = await call("answerCallbackQuery", callback_query_id=query_id)
        assert answer["description"].startswith("Bad Request: query is too old")
    assert api.violations == []


async def test_old_presses_are_forgotten_and_old_messages_kept(
    call: Caller, mia: Person, clock: MovableClock, bot: Bot
) -> None:
    await call("sendMessage", chat_id=500, text="Frage", reply_markup=YES_NO)
    press = await mia.presses("Ja")
    clock.seconds += 151
    kinds = [key for one in (await call("getUpdates"))["result"] for key in one if key != "update_id"]
    assert kinds == ["message"]
    assert bot.updates.forgotten == [press.update_id]
    clock.seconds += 86_400
    assert (await call("getUpdates"))["result"] == []


async def test_fingers_find_old_and_vanished_buttons(call: Caller, mia: Person) -> None:
    first = (await call("sendMessage", chat_id=500, text="Eins", reply_markup=YES_NO))["result"]["message_id"]
    second = (await call("sendMessage", chat_id=500, text="Zwei", reply_markup=YES_NO))["result"][
        "message_id"
    ]
    assert (await mia.presses("Ja")).message_id == second
    assert (await mia.presses("Ja", older=1)).message_id == first
    assert (await mia.presses("Ja", message_id=first)).message_id == first
    await call("editMessageReplyMarkup", chat_id=500, message_id=first)
    with pytest.raises(Unexpected):
        await mia.presses("Ja", message_id=first)
    assert (await mia.presses("Ja", message_id=first, removed=True)).message_id == first
    with pytest.raises(Unexpected, match="no button 'Vielleicht'"):
        await mia.presses("Vielleicht")


async def test_links_are_opened_not_pressed(call: Caller, mia: Person) -> None:
    await call(
        "sendMessage",
        chat_id=500,
        text="?",
        reply_markup=one_button(text="Öffnen", url="https://lotse.example/p/1"),
    )
    assert mia.link("Öffnen") == "https://lotse.example/p/1"
    with pytest.raises(Unexpected):
        await mia.presses("Öffnen")


async def test_people_see_texts_without_their_markup(call: Caller, mia: Person) -> None:
    await call("sendMessage", chat_id=500, text="<b>Hallo</b> &amp; Tschüss", parse_mode="HTML")
    bold = {"type": "bold", "offset": 0, "length": 5}
    await call("sendMessage", chat_id=500, text="Hallo Mia", entities=[bold])
    heard = await mia.hears(2)
    assert [one.text for one in heard] == ["Hallo & Tschüss", "Hallo Mia"]
    assert [one.entities for one in heard] == [(bold,), (bold,)]
    beyond = await call("sendMessage", chat_id=500, text="Hi", entities=[bold])
    assert "entity beyond the end" in beyond["description"]
