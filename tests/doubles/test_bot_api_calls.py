# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The double must refuse what Telegram refuses: else every test that stands on it proves nothing."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.doubles.bot_api import BotApiDouble, Person, formatting, table
from tests.doubles.bot_api.refusals import Violation
from tests.doubles.playing import A_PICTURE, Caller, one_button

TABLE = table.load()


@pytest.mark.parametrize(
    ("method", "values", "why"),
    [
        ("sendMessage", {"text": "Hallo"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 500}, "message text is empty"),
        ("sendMessage", {"chat_id": 500, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": 500, "text": " \n "}, "message text is empty"),
        ("sendMessage", {"chat_id": 500, "text": "x", "parse_mod": "HTML"}, 'unknown parameter "parse_mod"'),
        ("sendMessage", {"chat_id": 500, "text": 7}, "sendMessage.text must be of type String"),
        ("sendMessage", {"chat_id": "fünf", "text": "x"}, "must be a valid Integer"),
        ("sendMessage", {"chat_id": True, "text": "x"}, "must be of type Integer"),
        ("sendMessage", {"chat_id": 500, "text": "x", "protect_content": "ja"}, "must be true or false"),
        ("sendMessage", {"chat_id": 500, "text": "x", "reply_markup": "{"}, "can't parse"),
        ("sendMessage", {"chat_id": 500, "text": "x", "reply_markup": []}, "object expected"),
        (
            "sendMessage",
            {"chat_id": 500, "text": "x", "reply_markup": {"inline_keyboard": [{"text": "Ja"}]}},
            "expected an Array",
        ),
        ("sendMessage", {"chat_id": 500, "text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        ("sendMessage", {"chat_id": 500, "text": "x", "parse_mode": "Blume"}, "unsupported parse_mode"),
        ("sendMessage", {"chat_id": 500, "text": "x" * 40_000}, "text is too long"),
        ("answerCallbackQuery", {}, 'parameter "callback_query_id" is required'),
        ("sendChatAction", {"chat_id": 500, "action": "thinking"}, "wrong parameter action"),
        ("setMyCommands", {"commands": [{"command": "Hilfe!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "hilfe"}]}, "can't find field"),
        ("setWebhook", {"url": "https://lotse.example/x", "secret_token": "ä"}, "unallowed characters"),
        ("setWebhook", {"url": "http://lotse.example/x"}, "HTTPS URL must be provided"),
        ("setWebhook", {"url": "https://lotse.example:9000/x"}, "only on ports"),
        ("setWebhook", {"url": "lotse"}, "invalid webhook URL"),
        ("sendPoll", {"chat_id": 500, "question": "?", "options": [{"text": "a"}]}, "not modelled"),
    ],
)
async def test_a_wrong_call_is_refused_and_recorded(
    api: BotApiDouble, call: Caller, mia: Person, method: str, values: dict[str, Any], why: str
) -> None:
    answer = await call(method, **values)
    assert answer["error_code"] == 400
    assert why in answer["description"]
    assert [one.description for one in api.violations] == [answer["description"]]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"text": "Ja"}, "text buttons are unallowed"),
        ({"callback_data": "x"}, "can't find field"),
        ({"text": " ", "callback_data": "x"}, "needs a text"),
        ({"text": "Ja", "callback_data": "x", "url": "https://lotse.example"}, "exactly one action"),
        ({"text": "Ja", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "Ja", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "Ja", "callback_data": "ä" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "Ja", "url": "javascript:x"}, "Wrong HTTP URL"),
        ({"text": "Ja", "callback_dat": "x"}, "unknown field"),
    ],
)
async def test_a_wrong_button_is_refused(call: Caller, mia: Person, fields: dict[str, Any], why: str) -> None:
    answer = await call("sendMessage", chat_id=500, text="Frage", reply_markup=one_button(**fields))
    assert why in answer["description"]


@pytest.mark.parametrize(
    ("text", "mode", "fits"),
    [
        ("x" * 4096, None, True),
        ("x" * 4097, None, False),
        # Measured as people see it: after the tags are read, without the blanks around it.
        ("<b>" + "x" * 4096 + "</b>", "HTML", True),
        ("&amp;" * 4096, "HTML", True),
        ("&amp;" * 4097, "HTML", False),
        ("  " + "x" * 4096 + "\n", None, True),
        ("<b></b>", "HTML", False),
    ],
)
async def test_texts_are_measured_as_they_are_seen(
    call: Caller, mia: Person, text: str, mode: str | None, fits: bool
) -> None:
    more = {"parse_mode": mode} if mode else {}
    answer = await call("sendMessage", chat_id=500, text=text, **more)
    assert answer["ok"] is fits


async def test_button_data_is_measured_in_bytes(call: Caller, mia: Person) -> None:
    answer = await call(
        "sendMessage", chat_id=500, text="?", reply_markup=one_button(text="Ja", callback_data="ä" * 32)
    )
    assert answer["ok"]


LIMITED = {
    f"{method.name}.{known.name}": (method, known)
    for method in TABLE.methods.values()
    for known in method.fields.values()
    if known.limit and known.kind == "String"
}
SAMPLES: dict[str, Any] = {
    "Integer": 1,
    "Integer|String": 1,
    "String": "a",
    "InputFile|String": "https://lotse.example/a",
    "InputStoryContent": {"type": "photo", "photo": "attach://a"},
    "[InputPollOption]": [{"text": "a"}],
    "[LabeledPrice]": [],
    "[InputPaidMedia]": [],
    "[InputSticker]": [],
}


@pytest.mark.parametrize("where", sorted(LIMITED))
def test_every_limit_of_the_table_is_enforced(where: str) -> None:
    method, known = LIMITED[where]
    assert known.limit is not None
    low, high, _ = known.limit
    values = {
        key: SAMPLES[field.kind]
        for key, field in method.fields.items()
        if field.required and key != known.name
    }
    method.check({**values, known.name: "a" * high}, {})
    with pytest.raises(Violation):
        method.check({**values, known.name: "a" * (high + 1)}, {})
    if low:
        with pytest.raises(Violation):
            method.check({**values, known.name: ""}, {})


async def test_unknown_token_and_unknown_method(api: BotApiDouble, call: Caller) -> None:
    assert (await call("sendMesage", chat_id=1, text="x"))["description"] == "Not Found: method not found"
    assert api.violations[-1].code == 404
    async with call.session.get(f"{api.url}/bot9:ZZZ/getMe") as response:
        assert response.status == 401


async def test_parameters_may_come_in_the_address_as_form_or_as_parts(call: Caller, mia: Person) -> None:
    values = {"chat_id": "500", "text": "Hallo", "disable_notification": "true"}
    async with call.session.get(f"{call.address}/sendMessage", params=values) as response:
        assert response.status == 200
    async with call.session.post(f"{call.address}/sendmessage", data=values) as response:
        assert response.status == 200
    form = aiohttp.FormData()
    form.add_field("chat_id", "500")
    form.add_field("photo", "attach://bild")
    form.add_field("bild", A_PICTURE, filename="bild.png")
    async with call.session.post(f"{call.address}/sendPhoto", data=form) as response:
        assert response.status == 200
    assert [one.kind for one in await mia.hears(3)] == ["text", "text", "photo"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
async def test_an_unreadable_body_is_refused(api: BotApiDouble, call: Caller, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with call.session.post(f"{call.address}/getMe", data=body, headers=headers) as response:
        assert response.status == 400
    assert len(api.violations) == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("<b>Hallo", 'Can\'t find end tag corresponding to start tag "b"'),
        ("Hallo</b>", "Unexpected end tag at byte offset 5"),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("<div>x</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("ä<br/>", 'Unsupported start tag "br/" at byte offset 2'),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("a < b > c", 'Unsupported start tag "" at byte offset 2'),
        ("<b x>y</b>", "Expected equal sign"),
        ("<span>x</span>", 'must have class "tg-spoiler"'),
        ("<b>x</b", "Unclosed end tag"),
        ('<a href="x>y</a>', "Unclosed start tag"),
        ("<!-- x -->", 'Unsupported start tag "!--"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji"),
    ],
)
async def test_html_that_telegram_cannot_read(call: Caller, mia: Person, raw: str, why: str) -> None:
    answer = await call("sendMessage", chat_id=500, text=raw, parse_mode="HTML")
    assert answer["description"].startswith("Bad Request: can't parse entities: ")
    assert why in answer["description"]
    assert mia.unheard() == []


@pytest.mark.parametrize(
    ("raw", "seen", "marks"),
    [
        ("<b>Hallo</b> Mia", "Hallo Mia", [("bold", 0, 5)]),
        ("😀<I>x</I>", "😀x", [("italic", 2, 1)]),
        ("<b>a<u>b</u></b>", "ab", [("bold", 0, 2), ("underline", 1, 1)]),
        ("1 &lt; 2 &amp;&amp; 3 &#62; 2 &nbsp; &", "1 < 2 && 3 > 2 &nbsp; &", []),
        ("  <b> x </b> ", "x", [("bold", 0, 1)]),
        ("<a href='https://lotse.example/?a=1&amp;b=2'>hier</a>", "hier", [("text_link", 0, 4)]),
        ("<span class=tg-spoiler>x</span>", "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<code></code>x", "x", []),
        ("<b>x</>", "x", [("bold", 0, 1)]),
    ],
)
def test_html_as_people_see_it(raw: str, seen: str, marks: list[tuple[str, int, int]]) -> None:
    shown = formatting.read(raw, "HTML")
    assert shown.text == seen
    assert [(one["type"], one["offset"], one["length"]) for one in shown.entities] == marks


@given(st.text(max_size=200))
def test_escaped_text_always_arrives_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert formatting.read(f"<b>{escaped}</b>", "HTML").text == text.strip()


@given(st.text(alphabet="<>/ab&;\"'= \n😀", max_size=40))
def test_any_text_is_read_or_refused(raw: str) -> None:
    with contextlib.suppress(Violation):
        shown = formatting.read(raw, "HTML")
        assert not re.search(r"</?[ab]>", shown.text)
        for entity in shown.entities:
            assert entity["offset"] + entity["length"] <= formatting.utf16(shown.text)
