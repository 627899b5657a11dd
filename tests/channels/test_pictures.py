# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A picture and its words are one message; where that cannot be, the words go alone and say what it shows."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bot_api.compose import MAX_CAPTION, Composed, compose
from bot.channels.telegram.send import TelegramChannel
from bot.channels.terminal.send import TerminalChannel
from bot.domain.delivery import Permanent, RetryAfter, Sent
from bot.domain.messages import Body, Key, Kind, Outgoing
from bot.storage.pictures import PictureFolders
from tests.channels.rigs import BotApiRig, Shown
from tests.doubles.bot_api import BotApiDouble, FaultKind
from tests.doubles.playing import A_PICTURE

YES_NO = (Key("Ja", "c:1:ja"), Key("Nein", "c:1:nein"))
#: Its checksum is wrong, which only Telegram finds out.
DAMAGED = A_PICTURE[:-1] + b"\0"
LINE = "[Bild: Ein Boot]"


def body(text: str, *rows: tuple[Key, ...], picture: str = "boat.png") -> Body:
    return Body(text, rows, picture=picture, alt="Ein Boot", picture_label="Bild")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "boat.png").write_bytes(A_PICTURE)
    (tmp_path / "damaged.png").write_bytes(DAMAGED)
    return tmp_path


@pytest.fixture
async def telegram(folder: Path) -> AsyncIterator[BotApiRig]:
    """The participants' bot, with pictures."""
    async with BotApiDouble(backoff=lambda _: 0.01) as api:
        bot = api.add_bot("1:AAA", "lotse_bot")
        channel = TelegramChannel(bot.token, api.url, pictures=PictureFolders([folder]))
        rig = BotApiRig(api, bot, channel)
        await rig.mia.starts()
        yield rig
        await channel.close()
        assert api.violations == []
        assert api.disobeyed == []


def photos(rig: BotApiRig) -> list[dict[str, Any]]:
    return [call.values for call in rig.api.calls(rig.bot, "sendPhoto")]


async def test_any_channel_says_in_words_what_it_does_not_show(bot_api: BotApiRig) -> None:
    sent = await bot_api.send_body(body("Wie geht es?", YES_NO))
    assert isinstance(sent, Sent)
    assert bot_api.screen() == [Shown(sent.message, f"Wie geht es?\n\n{LINE}", (("Ja", "Nein"),))]


async def test_picture_words_and_buttons_are_one_message(telegram: BotApiRig) -> None:
    sent = await telegram.send_body(body("Das ist **Ihr** Boot & mehr.", YES_NO))
    assert isinstance(sent, Sent)
    text = f"Das ist Ihr Boot & mehr.\n\n{LINE}"
    assert telegram.screen() == [Shown(sent.message, text, (("Ja", "Nein"),), ("Ihr",), has_picture=True)]
    await telegram.mia.presses("Ja")


async def test_a_picture_is_uploaded_once(telegram: BotApiRig) -> None:
    for text in ("Eins", "**Zwei**"):
        assert isinstance(await telegram.send_body(body(text, YES_NO)), Sent)
    assert list(telegram.bot.files.values()) == [A_PICTURE]
    assert photos(telegram)[1]["photo"] == "photo-1"
    assert [(one.text, one.keys, one.has_picture) for one in telegram.screen()] == [
        (f"Eins\n\n{LINE}", (("Ja", "Nein"),), True),
        (f"Zwei\n\n{LINE}", (("Ja", "Nein"),), True),
    ]


async def test_a_picture_that_telegram_forgot_is_uploaded_again(telegram: BotApiRig) -> None:
    await telegram.send_body(body("Eins"))
    telegram.bot.files.clear()
    await telegram.send_body(body("Zwei"))
    assert list(telegram.bot.files.values()) == [A_PICTURE]
    assert [one.has_picture for one in telegram.screen()] == [True, True]


@pytest.mark.parametrize(
    ("picture", "calls"), [("missing.png", 0), ("damaged.png", 1), ("gone.png", 0), ("replaced.png", 0)]
)
async def test_without_its_picture_the_message_still_goes(folder: Path, picture: str, calls: int) -> None:
    for name in ("gone.png", "replaced.png"):
        (folder / name).write_bytes(A_PICTURE)
    async with BotApiDouble(backoff=lambda _: 0.01) as api:
        bot = api.add_bot("1:AAA", "lotse_bot")
        channel = TelegramChannel(bot.token, api.url, pictures=PictureFolders([folder]))
        (folder / "gone.png").unlink()
        (folder / "replaced.png").write_bytes(DAMAGED)
        rig = BotApiRig(api, bot, channel)
        await rig.mia.starts()
        sent = await rig.send_body(body("**Wie** geht es?", YES_NO, picture=picture))
        await channel.close()
    assert isinstance(sent, Sent)
    assert rig.screen() == [Shown(sent.message, f"Wie geht es?\n\n{LINE}", (("Ja", "Nein"),), ("Wie",))]
    assert len(photos(rig)) == calls


@pytest.mark.parametrize(
    ("length", "has_picture"), [(MAX_CAPTION - len(LINE) - 2, True), (MAX_CAPTION - len(LINE) - 1, False)]
)
async def test_words_that_do_not_fit_under_it_go_without(
    telegram: BotApiRig, length: int, has_picture: bool
) -> None:
    text = "😀" * (length // 2) + "." * (length % 2)
    assert isinstance(await telegram.send_body(body(text, YES_NO)), Sent)
    (shown,) = telegram.screen()
    assert (shown.text, shown.keys) == (f"{text}\n\n{LINE}", (("Ja", "Nein"),))
    assert shown.has_picture is has_picture


async def test_very_long_words_go_in_pieces_without_it(telegram: BotApiRig) -> None:
    assert isinstance(await telegram.send_body(body("Wort " * 1000, YES_NO)), Sent)
    assert [(one.has_picture, one.keys) for one in telegram.screen()] == [
        (False, ()),
        (False, (("Ja", "Nein"),)),
    ]
    assert telegram.screen()[-1].text.endswith(LINE)


@pytest.mark.parametrize("known", [False, True], ids=["upload", "known"])
async def test_faults_are_tried_again_and_lose_nothing(telegram: BotApiRig, known: bool) -> None:
    if known:
        await telegram.send_body(body("Vorher"))
    telegram.fail(FaultKind.SERVER_ERROR)
    assert await telegram.send_body(body("Hallo"), number=9) == RetryAfter(2.0, reason="network")
    telegram.fail(FaultKind.RETRY_CHAT, chat=500, retry_after=7)
    assert await telegram.send_body(body("Hallo"), number=9) == RetryAfter(7)
    telegram.bot.rates.forgive()
    assert isinstance(await telegram.send_body(body("Hallo"), number=9), Sent)
    assert [one.text for one in telegram.screen()][-1:] == [f"Hallo\n\n{LINE}"]
    assert len(telegram.screen()) == 1 + known


async def test_a_person_who_is_gone_is_asked_once(telegram: BotApiRig) -> None:
    await telegram.mia.blocks()
    assert await telegram.send_body(body("Hallo")) == Permanent("blocked", address_dead=True)
    assert len(photos(telegram)) == 1
    assert telegram.api.calls(telegram.bot, "sendMessage") == []


async def test_an_edit_keeps_the_picture_and_changes_the_words(telegram: BotApiRig) -> None:
    sent = await telegram.send_body(body("Wie geht es?", YES_NO))
    assert isinstance(sent, Sent)
    assert await telegram.send_body(body("**Danke**"), edit=sent.message) == sent
    assert telegram.screen() == [Shown(sent.message, f"Danke\n\n{LINE}", (), ("Danke",), has_picture=True)]
    assert telegram.api.calls(telegram.bot, "editMessageText") == []
    assert len(photos(telegram)) == 1


async def test_an_edit_finds_out_what_it_edits(telegram: BotApiRig) -> None:
    photo, text = await telegram.send_body(body("Bild")), await telegram.send("Text")
    assert isinstance(photo, Sent)
    assert isinstance(text, Sent)
    for _ in range(2):
        assert await telegram.send("Ohne", YES_NO, edit=photo.message) == photo
        assert await telegram.send_body(body("Mit"), edit=text.message) == text
    assert [(one.text, one.keys, one.has_picture) for one in telegram.screen()] == [
        ("Ohne", (("Ja", "Nein"),), True),
        (f"Mit\n\n{LINE}", (), False),
    ]


async def test_no_words_in_the_logs(telegram: BotApiRig, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for picture in ("boat.png", "damaged.png", "missing.png"):
            await telegram.send_body(body("Geheimnis" * 3, picture=picture))
        await telegram.send_body(body("Geheimnis" * 300))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "Geheimnis" not in said
    assert "Ein Boot" not in said
    assert said.count("left out") == 2
    assert said.count("missing") == 1


def test_only_a_picture_has_a_line_for_it() -> None:
    assert Body("Hallo", alt="Ein Boot", picture_label="Bild").picture_in_words == ""
    assert Body("Hallo", picture="boat.png").picture_in_words == ""
    assert compose(Body("Hallo")) == compose(Body("Hallo", picture="boat.png"))


@given(st.text(st.sampled_from("a😀* \n"), max_size=1100), st.text("ä<", min_size=1, max_size=40))
def test_what_is_said_to_fit_fits(text: str, alt: str) -> None:
    found = compose(Body(text, picture="boat.png", alt=alt, picture_label="Bild"))
    assert isinstance(found, Composed)
    plain = text.replace("**", "")
    units = len(f"{plain.strip()}\n\n[Bild: {alt}]".strip().encode("utf-16-le")) // 2
    assert found.fits_caption or units + 2 * text.count("**") > MAX_CAPTION
    if found.fits_caption:
        assert len(found.pieces) == 1


async def test_the_terminal_says_it_in_words() -> None:
    written: list[str] = []
    channel = TerminalChannel("terminal", "Lotse", written.append)
    await channel.send(Outgoing(1, 1, "here", "terminal", Kind.REPLY, body("Guten Tag", YES_NO)))
    assert written == [f"   Lotse | Guten Tag\n         | {LINE}", "         | [1] Ja  [2] Nein"]
