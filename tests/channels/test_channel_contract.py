# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What every channel promises: it sends, edits and shows buttons, and every failure is a result."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.bot_api.updates import ALLOWED_UPDATES
from bot.channels.bot_api.webhook import WebhookAddress
from bot.domain.delivery import AddressChanged, Permanent, RetryAfter, Sent
from bot.domain.messages import Body, DataClass, Key
from bot.errors import ConfigurationError
from tests.channels.conftest import BOT_API_CHANNELS, MAIL
from tests.channels.rigs import BotApiRig, Rig, Shown
from tests.doubles.bot_api import BotApiDouble, FaultKind

# The library warns of its own next version whenever it reports a limit.
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")

YES_NO = (Key("Ja", "c:1:ja"), Key("Nein", "c:1:nein"))
LATER = (Key("Später", "c:1:später"),)
NETWORK = RetryAfter(2.0, reason="network")
CLASSES = dict.fromkeys(BOT_API_CHANNELS, DataClass.APPOINTMENT) | {MAIL: DataClass.NEUTRAL}


async def test_a_text_arrives_as_it_is(rig: Rig) -> None:
    text = "Guten Tag, 1 < 2 & 3 > 2.\n<b>kein Fett</b> *auch* _nicht_ `hier`\nNotruf: 112"
    sent = await rig.send(text)
    assert isinstance(sent, Sent)
    assert rig.screen() == [Shown(sent.message, text)]


async def test_bold_is_bold_and_the_rest_stays_plain(rig: Rig) -> None:
    await rig.send("**Wichtig & neu:** a < b\n**Zwei** Sterne: 2 ** 3")
    shown = rig.screen()[0]
    assert shown.text == "Wichtig & neu: a < b\nZwei Sterne: 2 ** 3"
    assert shown.bold == ("Wichtig & neu:", "Zwei")


async def test_keys_stand_in_their_rows(bot_api: BotApiRig) -> None:
    await bot_api.send("Wie geht es?", YES_NO, LATER)
    assert bot_api.screen()[0].keys == (("Ja", "Nein"), ("Später",))


async def test_a_public_link_is_a_button_and_a_local_one_stands_in_the_text(bot_api: BotApiRig) -> None:
    await bot_api.send("Bitte", link="https://lotse.example/p/abc")
    await bot_api.send("Bitte", link="http://127.0.0.1:8080/p/abc")
    assert [(one.text, one.keys) for one in bot_api.screen()] == [
        ("Bitte", (("Zur Seite",),)),
        ("Bitte\n\nZur Seite: http://127.0.0.1:8080/p/abc", ()),
    ]


async def test_an_edit_replaces_text_and_keys(bot_api: BotApiRig) -> None:
    sent = await bot_api.send("Wie geht es?", YES_NO)
    assert isinstance(sent, Sent)
    assert await bot_api.send("Danke: Ja", edit=sent.message) == sent
    assert bot_api.screen() == [Shown(sent.message, "Danke: Ja")]


async def test_the_same_edit_again_counts_as_sent(bot_api: BotApiRig) -> None:
    sent = await bot_api.send("Wie geht es?", YES_NO)
    assert isinstance(sent, Sent)
    for _ in range(2):
        assert await bot_api.send("Danke", LATER, edit=sent.message) == sent
    assert bot_api.screen() == [Shown(sent.message, "Danke", (("Später",),))]


@pytest.mark.parametrize("gone", ["4711", "fremd", "-", "²"])
async def test_an_edit_of_what_is_gone_says_so(bot_api: BotApiRig, gone: str) -> None:
    assert await bot_api.send("Danke", edit=gone) == Permanent("edit_gone")
    assert bot_api.screen() == []


async def test_a_long_text_is_split_and_the_keys_stand_under_its_end(bot_api: BotApiRig) -> None:
    first, second = "ä" * 3000, "😀" * 1500
    sent = await bot_api.send(f"{first}\n\n{second}", YES_NO)
    shown = bot_api.screen()
    assert [(one.text, one.keys) for one in shown] == [(first, ()), (second, (("Ja", "Nein"),))]
    assert sent == Sent(shown[-1].id)


async def test_what_can_never_be_sent_is_permanent(rig: Rig) -> None:
    assert await rig.send_body(Body("  \n")) == Permanent("empty")
    assert rig.screen() == []


async def test_a_token_that_is_too_long_is_permanent(bot_api: BotApiRig) -> None:
    assert await bot_api.send_body(Body("?", ((Key("Ja", "ä" * 33),),))) == Permanent("token_too_long")
    assert bot_api.screen() == []


async def test_many_at_once_all_arrive(rig: Rig) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(rig.send(f"Nachricht {n}")) for n in range(40)]
    assert {one.text for one in rig.screen()} == {f"Nachricht {n}" for n in range(40)}
    results = [task.result() for task in tasks]
    assert {one.message for one in results if isinstance(one, Sent)} == {one.id for one in rig.screen()}


def test_a_channel_has_a_name_and_a_class(rig: Rig) -> None:
    assert rig.channel.default_class is CLASSES[rig.channel.name]


# --- what only the Bot API can do to us ---


async def _block(rig: BotApiRig) -> None:
    await rig.mia.blocks()


async def _nothing(rig: BotApiRig) -> None:
    del rig


Address = tuple[str, Callable[[BotApiRig], Awaitable[None]], Permanent]

DEAD: list[Address] = [
    ("500", _block, Permanent("blocked", address_dead=True)),
    ("999", _nothing, Permanent("chat_not_found", address_dead=True)),
    ("keine Zahl", _nothing, Permanent("bad_address", address_dead=True)),
    ("0", _nothing, Permanent("bad_address", address_dead=True)),
    ("9" * 30, _nothing, Permanent("bad_address", address_dead=True)),
]


@pytest.mark.parametrize(("address", "before", "result"), DEAD)
async def test_an_address_that_is_dead_is_permanent(
    bot_api: BotApiRig, address: str, before: Callable[[BotApiRig], Awaitable[None]], result: Permanent
) -> None:
    await before(bot_api)
    assert await bot_api.send_body(Body("Hallo"), address=address) == result


async def test_a_chat_that_moved_gives_its_new_address(bot_api: BotApiRig) -> None:
    bot_api.bot.group(-5).migrates(-1005)
    assert await bot_api.send_body(Body("Hallo"), address="-5") == AddressChanged("-1005")
    assert isinstance(await bot_api.send_body(Body("Hallo"), address="-1005"), Sent)


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.CLOSED_BEFORE])
async def test_a_fault_of_the_network_is_tried_again(bot_api: BotApiRig, kind: FaultKind) -> None:
    bot_api.fail(kind)
    assert await bot_api.send("Hallo") == NETWORK
    assert isinstance(await bot_api.send("Hallo"), Sent)
    assert len(bot_api.screen()) == 1


async def test_a_lost_answer_is_tried_again_for_nobody_can_know(bot_api: BotApiRig) -> None:
    bot_api.fail(FaultKind.LOST_ANSWER)
    assert await bot_api.send("Hallo") == NETWORK
    assert [one.text for one in bot_api.screen()] == ["Hallo"]


async def test_a_lost_answer_to_an_edit_does_no_harm(bot_api: BotApiRig) -> None:
    sent = await bot_api.send("Frage", YES_NO)
    assert isinstance(sent, Sent)
    bot_api.fail(FaultKind.LOST_ANSWER)
    assert await bot_api.send("Danke", edit=sent.message) == NETWORK
    assert await bot_api.send("Danke", edit=sent.message) == sent


async def test_a_limit_is_told_with_its_seconds(bot_api: BotApiRig) -> None:
    bot_api.fail(FaultKind.RETRY_CHAT, chat=500, retry_after=7)
    assert await bot_api.send("Hallo") == RetryAfter(7)
    bot_api.bot.rates.forgive()


async def test_two_chats_limited_at_once_mean_the_whole_bot(bot_api: BotApiRig) -> None:
    bot_api.fail(FaultKind.RETRY_CHAT, chat=500, times=2, retry_after=3)
    bot_api.fail(FaultKind.RETRY_CHAT, chat=501, retry_after=4)
    assert await bot_api.send("Hallo") == RetryAfter(3)
    assert await bot_api.send("Hallo") == RetryAfter(3)
    assert await bot_api.send_body(Body("Hallo"), address="501") == RetryAfter(4, whole_channel=True)
    bot_api.bot.rates.forgive()


async def test_a_long_text_goes_on_where_it_stopped(bot_api: BotApiRig) -> None:
    body = Body(f"{'a' * 3000}\n\n{'b' * 3000}\n\n{'c' * 3000}", (YES_NO,))
    bot_api.api.fail_next(bot_api.bot, "sendMessage", kind=FaultKind.SLOW_ANSWER).release.set()
    bot_api.fail(FaultKind.SERVER_ERROR)
    assert await bot_api.send_body(body, number=900) == NETWORK
    assert isinstance(await bot_api.send_body(body, number=900), Sent)
    assert [one.text[0] for one in bot_api.screen()] == ["a", "b", "c"]
    # Another message starts at its beginning.
    assert isinstance(await bot_api.send_body(body, number=901), Sent)
    assert len(bot_api.screen()) == 6


async def test_no_token_no_text_and_no_address_in_the_logs(
    bot_api: BotApiRig, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await bot_api.telegram.start()
        await bot_api.send("Geheimnis", (Key("Heimlich", "c:1"),))
        bot_api.fail(FaultKind.LOST_ANSWER)
        await bot_api.send("Geheimnis")
        await bot_api.telegram.fetch(0, 0)
        await bot_api.telegram.answer_press("unbekannt", "Notiert")
    said = "\n".join(record.getMessage() for record in caplog.records)
    for secret in ("AAA", "Geheimnis", "Heimlich"):
        assert secret not in said


async def test_presses_are_answered_and_a_stale_one_does_no_harm(bot_api: BotApiRig) -> None:
    await bot_api.send("Frage", YES_NO)
    press = await bot_api.mia.presses("Ja")
    await bot_api.telegram.answer_press(press.query_id, "N" * 300)
    assert (await bot_api.mia.is_answered(press))["text"] == "N" * 200
    press = await bot_api.mia.presses("Nein")
    await bot_api.telegram.answer_press(press.query_id, "")
    assert not (await bot_api.mia.is_answered(press)).get("text")
    await bot_api.telegram.answer_press("unbekannt", "")
    bot_api.fail(FaultKind.CLOSED_BEFORE)
    await bot_api.telegram.answer_press(press.query_id, "")


# --- starting ---


async def test_start_gives_the_name_sets_the_menu_and_clears_a_webhook(bot_api: BotApiRig) -> None:
    channel, api, bot = bot_api.telegram, bot_api.api, bot_api.bot
    address = WebhookAddress(f"{api.url}/nobody", "Geheim-1_x")
    assert await channel.start(address) == "lotse_bot"
    settings = [one.settings for one in (bot.webhook,) if one]
    assert [(one.url, one.secret) for one in settings] == [(address.url, address.secret)]
    assert bot.updates.allowed == frozenset(ALLOWED_UPDATES)
    assert await channel.start() == "lotse_bot"
    assert bot.webhook is None
    menus = {
        call.values.get("language_code", ""): call.values["commands"]
        for call in api.calls(bot, "setMyCommands")
    }
    assert set(menus) == {"", "en"}
    assert all(menu[-1]["command"] == "start" for menu in menus.values())


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.CLOSED_BEFORE])
async def test_start_without_a_network_can_be_tried_again(bot_api: BotApiRig, kind: FaultKind) -> None:
    bot_api.fail(kind)
    with pytest.raises(ConnectionError):
        await bot_api.telegram.start()
    assert await bot_api.telegram.start() == "lotse_bot"


@pytest.mark.parametrize("make", BOT_API_CHANNELS.values(), ids=str)
@pytest.mark.parametrize("token", ["7:fremd", "ohne Doppelpunkt", ""])
async def test_a_wrong_token_is_a_fault_of_the_configuration(make: type, token: str) -> None:
    async def begin(api_url: str) -> None:
        channel = make(token, api_url)
        try:
            await channel.start()
        finally:
            await channel.close()

    async with BotApiDouble() as api:
        with pytest.raises(ConfigurationError) as caught:
            await begin(api.url)
        assert "token" in str(caught.value)
        assert not token or token not in str(caught.value)


async def test_a_bad_webhook_secret_is_refused_before_any_call(bot_api: BotApiRig) -> None:
    for secret in ("", "mit Leerzeichen"):
        with pytest.raises(ConfigurationError):
            await bot_api.telegram.start(WebhookAddress("https://lotse.example/webhook/telegram", secret))
    assert bot_api.api.calls(bot_api.bot) == []
