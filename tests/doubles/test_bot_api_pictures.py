# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The double processes photos as Telegram does: what is none is refused, and only words can be edited."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.doubles.bot_api import Bot, BotApiDouble, Person
from tests.doubles.bot_api.checks import Upload
from tests.doubles.bot_api.files import store_file
from tests.doubles.bot_api.refusals import Refusal
from tests.doubles.playing import A_PICTURE, Caller

WIDE = A_PICTURE[:16] + (21).to_bytes(4) + A_PICTURE[20:]


async def send(call: Caller, content: bytes, **values: str) -> dict[str, Any]:
    form = aiohttp.FormData({"chat_id": "500", **values})
    form.add_field("photo", content, filename="bild.png")
    async with call.session.post(f"{call.address}/sendPhoto", data=form) as response:
        answer: dict[str, Any] = await response.json()
        return answer


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "file must be non-empty"),
        (b"content", "IMAGE_PROCESS_FAILED"),
        (A_PICTURE[:-5], "IMAGE_PROCESS_FAILED"),
        (WIDE, "IMAGE_PROCESS_FAILED"),
    ],
)
async def test_what_is_no_photo_is_refused(call: Caller, mia: Person, content: bytes, why: str) -> None:
    assert (await send(call, content))["description"] == f"Bad Request: {why}"
    assert [one for one in mia.screen() if one.from_bot] == []


def test_a_photo_that_is_too_large_is_refused(bot: Bot) -> None:
    large = Upload("bild.png", A_PICTURE + bytes(10_000_000))
    with pytest.raises(Refusal, match="file is too big"):
        store_file(bot, "photo", large, {})
    assert store_file(bot, "document", large, {})["file_id"] == "document-1"


async def test_a_caption_is_short(api: BotApiDouble, call: Caller, mia: Person) -> None:
    assert (await send(call, A_PICTURE, caption="a" * 1024))["ok"]
    assert not (await send(call, A_PICTURE, caption="a" * 1025))["ok"]
    assert len(api.violations) == 1


async def test_a_caption_is_edited_as_one(api: BotApiDouble, call: Caller, mia: Person) -> None:
    photo = (await send(call, A_PICTURE, caption="Boot"))["result"]["message_id"]
    text = (await call("sendMessage", chat_id=500, text="Hallo"))["result"]["message_id"]
    refused = await call("editMessageText", chat_id=500, message_id=photo, text="Neu")
    assert refused["description"] == "Bad Request: there is no text in the message to edit"
    refused = await call("editMessageCaption", chat_id=500, message_id=text, caption="Neu")
    assert refused["description"] == "Bad Request: there is no caption in the message to edit"
    assert (await call("editMessageCaption", chat_id=500, message_id=photo, caption="Neu"))["ok"]
    assert [(one.kind, one.text) for one in mia.screen() if one.from_bot] == [
        ("photo", "Neu"),
        ("text", "Hallo"),
    ]
    assert api.violations == []
