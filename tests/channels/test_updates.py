# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Reading updates: the few fields that matter, whatever comes."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bot_api import words
from bot.channels.bot_api.updates import Update, read, read_batch
from bot.channels.bot_api.wire import Service
from bot.domain.messages import Incoming, IncomingKind
from tests.doubles import bot_api

CHAT = {"id": 77, "type": "private", "first_name": "Mia"}
USER = {"id": 77, "is_bot": False, "first_name": "Mia", "language_code": "de"}
GROUP = {"id": -5, "type": "group", "title": "Gruppe"}


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 12, "date": 1, "chat": CHAT, "from": USER, **fields}


def press(**fields: Any) -> dict[str, Any]:
    under = {"message_id": 9, "chat": CHAT, "date": 0}
    return {"id": "q1", "from": USER, "chat_instance": "x", "message": under, "data": "c:1", **fields}


def membership(status: str, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    return {"chat": chat, "from": USER, "date": 1, "new_chat_member": {"status": status, "user": USER}}


def raw(**update: Any) -> bytes:
    return json.dumps({"update_id": 41, **update}).encode()


def of(kind: IncomingKind, language: str = "de", **fields: Any) -> Incoming:
    return Incoming("telegram", "41", "77", kind, language=language, **fields)


TEXT, START, ATTACHMENT, PRESS = (
    IncomingKind.TEXT,
    IncomingKind.START,
    IncomingKind.ATTACHMENT,
    IncomingKind.PRESS,
)

UNDERSTOOD = [
    (raw(message=message(text="Guten Tag")), of(TEXT, text="Guten Tag")),
    (raw(message=message(text="/start")), of(START)),
    (raw(message=message(text="/start AbC-12_x")), of(START, text="AbC-12_x")),
    (raw(message=message(text="/start@lotse_bot AbC")), of(START, text="AbC")),
    (raw(message=message(text="/Start\nAbC")), of(START, text="AbC")),
    (raw(message=message(text="/starten")), of(TEXT, text="/starten")),
    (raw(message=message(text="/stopp")), of(TEXT, text="/stopp")),
    (raw(message=message(text="/stopp@lotse_bot")), of(TEXT, text="/stopp")),
    (raw(message=message(text="/a@b.example")), of(TEXT, text="/a@b.example")),
    (raw(message=message(text="x /start AbC")), of(TEXT, text="x /start AbC")),
    (raw(message=message(text="❤️")), of(TEXT, text="❤️")),
    (raw(message=message(text="ja", reply_to_message=message(text="?"))), of(TEXT, text="ja", message="12")),
    (
        raw(message=message(photo=[{"file_id": "f"}], caption="Bild")),
        of(TEXT, text="Bild", attachment="photo"),
    ),
    (raw(message=message(text="ja", **{"from": {"id": 77}})), of(TEXT, text="ja", language="")),
    (raw(edited_message=message(text="doch", edit_date=2)), of(TEXT, text="doch", edited=True)),
    (raw(edited_message=message(text="/start AbC", edit_date=2)), of(TEXT, text="/start AbC", edited=True)),
    (raw(callback_query=press()), of(PRESS, press="c:1", message="9")),
    (raw(my_chat_member=membership("kicked")), of(IncomingKind.BLOCKED)),
    (raw(my_chat_member=membership("member")), of(IncomingKind.UNBLOCKED)),
    *(
        (raw(message=message(**{kind: content})), of(ATTACHMENT, attachment=kind))
        for kind, content in (
            ("sticker", {"file_id": "f"}),
            ("voice", {"file_id": "f", "duration": 3}),
            ("photo", [{"file_id": "f"}]),
            ("document", {"file_id": "f"}),
            ("video", {"file_id": "f"}),
            ("audio", {"file_id": "f"}),
            ("video_note", {"file_id": "f"}),
            ("location", {"latitude": 1.5, "longitude": 2.5}),
            ("contact", {"phone_number": "1"}),
            ("dice", {"emoji": "x", "value": 1}),
            ("poll", {"id": "1"}),
        )
    ),
    *(
        (raw(message=message(**{kind: {}})), of(ATTACHMENT, attachment="other"))
        for kind in ("gift", "unique_gift", "web_app_data", "live_photo", "rich_message", "of_tomorrow")
    ),
    (raw(message=message()), of(ATTACHMENT, attachment="other")),
    (raw(message=message(of_tomorrow={}, caption="Da")), of(TEXT, text="Da", attachment="other")),
    (raw(message=message(text="ja", **{"from": None})), of(TEXT, text="ja", language="")),
    (raw(callback_query=press(**{"from": None})), of(PRESS, language="", press="c:1", message="9")),
    (
        raw(message=message(animation={"file_id": "f"}, document={"file_id": "f"})),
        of(ATTACHMENT, attachment="animation"),
    ),
]


@pytest.mark.parametrize(("body", "incoming"), UNDERSTOOD)
def test_what_comes_is_understood(body: bytes, incoming: Incoming) -> None:
    query = "q1" if incoming.kind is PRESS else ""
    assert read(body, "telegram") == Update(41, incoming, "77", query)


NO_EFFECT = [
    raw(message=message(text="Hallo", chat=GROUP)),
    raw(callback_query=press(message={"message_id": 1, "chat": GROUP, "date": 1})),
    raw(callback_query=press(message=None)),
    raw(callback_query=press(data="")),
    raw(my_chat_member=membership("member", GROUP)),
    raw(my_chat_member=membership("restricted")),
    raw(message=message(pinned_message=message(text="x"))),
    raw(message=message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})),
    raw(message=message(chat_background_set={"type": {}})),
    raw(message=message(write_access_allowed={})),
    raw(message=message(write_access_allowed={}, **{"from": {"language_code": None}})),
    raw(message=message(successful_payment={"currency": "XTR"})),
    raw(message=message(users_shared={"request_id": 1, "users": []})),
    raw(message=message(chat_shared={"request_id": 1, "chat_id": 2})),
    raw(message=message(boost_added={"boost_count": 1})),
    raw(message=message(forum_topic_created={"name": "x", "icon_color": 1})),
    raw(message=message(of_tomorrow={}, chat=GROUP)),
    raw(edited_message=message(of_tomorrow={})),
    raw(edited_message=message(location={"latitude": 1.0, "longitude": 2.0})),
    raw(channel_post=message(text="x")),
    raw(of_a_later_version={"chat": 5}),
    raw(),
]


@pytest.mark.parametrize("body", NO_EFFECT)
def test_what_is_not_for_us_has_no_effect(body: bytes) -> None:
    update = read(body, "telegram")
    assert update.incoming is None
    assert update.update_id == 41
    assert update.query_id == ("q1" if b"callback_query" in body else "")


def test_reports_are_named_as_telegram_names_them() -> None:
    text = (Path(bot_api.__file__).parent / "data" / "telegram_bot_api.json").read_text(encoding="utf-8")
    older = {"user_shared"}
    assert set(Service.__struct_fields__) - older <= set(json.loads(text)["types"]["Message"])


SECRET = "Geheimnis von Mia Muster"

ODD_SHAPES = [
    raw(message=5),
    raw(message={"text": SECRET}),
    raw(message=message(text=SECRET, chat={"id": "77", "type": "private"})),
    raw(message=message(text={"a": SECRET}, chat=GROUP)),
    raw(callback_query={"id": 5, "data": SECRET}),
    raw(my_chat_member={"new_chat_member": SECRET}),
]


@pytest.mark.parametrize("body", ODD_SHAPES)
def test_an_odd_shape_has_no_effect_and_is_logged_without_content(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert read(body, "telegram") == Update(41)
    assert "telegram: update 41 was not understood" in caplog.text
    assert SECRET not in caplog.text


ODD_IN_PART = [
    (raw(message=message(text=SECRET, **{"from": 5})), of(TEXT, "", text=SECRET)),
    (raw(message=message(text=SECRET, **{"from": {"language_code": None}})), of(TEXT, "", text=SECRET)),
    (raw(message=message(text=SECRET, reply_to_message=[])), of(TEXT, "", text=SECRET)),
    (
        raw(message=message(text=None, caption=SECRET, photo=[])),
        of(TEXT, "", text=SECRET, attachment="photo"),
    ),
    (raw(message=message(text=None, caption=[SECRET])), of(ATTACHMENT, "", attachment="other")),
    (raw(message=message(text={"a": SECRET})), of(ATTACHMENT, "", attachment="other")),
    (raw(message=message(voice=SECRET, caption=None)), of(ATTACHMENT, "", attachment="voice")),
    (raw(callback_query=press(**{"from": SECRET})), of(PRESS, "", press="c:1", message="9")),
]


@pytest.mark.parametrize(("body", "incoming"), ODD_IN_PART)
def test_what_a_person_sent_is_heard_though_something_about_it_is_odd(
    body: bytes, incoming: Incoming, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert read(body, "telegram").incoming == incoming
        assert read_batch(b'{"ok":true,"result":[' + body + b"]}", "telegram").updates[0].incoming == incoming
    assert "telegram: update 41 was understood only in part" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"update_id":"41"}',
        b'{"update_id":1.5}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_what_is_no_update_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(body, "telegram")


def test_a_very_long_text_passes_through() -> None:
    text = "ä" * 100_000
    assert read(raw(message=message(text=text)), "telegram").incoming == of(TEXT, text=text)


def test_broken_characters_are_mended_not_lost() -> None:
    broken = raw(message=message(text="a\ud83dz"))
    assert read(broken, "telegram").incoming == of(TEXT, text="a?z")
    wrong_bytes = raw(message=message(text="a#z")).replace(b"#", b"\xff")
    assert read(wrong_bytes, "telegram").incoming == of(TEXT, text="a\ufffdz")


def test_raw_slices_are_read_as_well() -> None:
    slices = msgspec.json.decode(b"[" + raw(message=message(text="Hallo")) + b"]", type=list[msgspec.Raw])
    assert read(slices[0], "telegram").incoming == of(TEXT, text="Hallo")


def test_one_bad_update_does_not_spoil_the_batch(caplog: pytest.LogCaptureFixture) -> None:
    items = [
        raw(message=message(text="eins")),
        raw(message=5),
        b'{"no":"id"}',
        raw(message=message(text="a\ud83d")),
    ]
    batch = read_batch(b'{"ok":true,"result":[' + b",".join(items) + b"]}", "telegram")
    assert [update.incoming and update.incoming.text for update in batch.updates] == ["eins", None, "a?"]
    assert batch.unreadable == 1
    assert "update 41" in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"ok":true,"result":5}', b'{"result":null}', b"\xff"]
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_batch(body, "telegram")


def test_refusals_are_read() -> None:
    flood = b'{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":7}}'
    assert (read_batch(flood, "t").code, read_batch(flood, "t").retry_after) == (429, 7)
    webhook = (
        b'{"ok":false,"error_code":409,"description":"Conflict: can\'t use ... while webhook is active"}'
    )
    assert (read_batch(webhook, "t").code, read_batch(webhook, "t").webhook_is_set) == (409, True)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "chat",
        "from",
        "text",
        "data",
        "id",
        "type",
    ]
)
NEARLY = st.recursive(
    ANY_JSON | st.just(CHAT) | st.just(USER) | st.just(message(text="x")) | st.just(press()),
    lambda inner: st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(FIELDS, NEARLY, max_size=3), st.integers(0, 2**31))
def test_any_object_with_an_id_is_read(update: dict[str, Any], update_id: int) -> None:
    found = read(json.dumps({**update, "update_id": update_id}).encode(), "telegram")
    assert found.update_id == update_id


@given(st.binary(max_size=200) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for reader in (read, read_batch):
        try:
            reader(body, "telegram")
        except ValueError:
            continue


def test_when_it_was_written_is_read_but_for_corrections() -> None:
    said, odd = message(text="Ja", date=17), message(text="Ja", date="gestern")
    found = [read(raw(message=said), "telegram"), read(raw(edited_message=said), "telegram")]
    assert [one.incoming.written for one in found if one.incoming] == [17, 0]
    strange = read(raw(message=odd), "telegram").incoming
    assert strange is not None
    assert (strange.text, strange.written) == ("Ja", 0)


def rich(*blocks: Any) -> dict[str, Any]:
    return message(rich_message={"blocks": list(blocks)})


def paragraph(text: Any) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


BOLD = {"type": "bold", "text": ["nicht", " mehr"]}
LIST = {"type": "list", "items": [{"label": "1.", "blocks": [paragraph("leben")]}]}
PHOTO = {"type": "photo", "photo": [{"file_id": "f"}], "caption": {"text": "Bild", "credit": "von mir"}}
TABLE = {"type": "table", "cells": [[{"align": "left", "text": "a"}, {"align": "left"}]], "caption": "Tafel"}
FOLDED = {"type": "details", "summary": "Mehr", "blocks": [paragraph("dazu")]}
LINK = {"type": "url", "text": "hier", "url": "https://x.example"}
POLL = {"id": "1", "question": "Soll ich?", "options": [{"text": "Ja", "voter_count": 0}, {"text": "Nein"}]}
CHECKLIST = {"title": "Heute", "tasks": [{"id": 1, "text": "Aufstehen"}]}
PLACE = {"location": {"latitude": 1.5, "longitude": 2.5}, "title": "Klinik", "address": "Weg 1"}
WORDS = [
    (rich(paragraph(["ich will ", BOLD]), LIST), of(TEXT, text="ich will nicht mehr\nleben")),
    (rich(PHOTO), of(TEXT, text="Bild\nvon mir", attachment="other")),
    (
        rich({"type": "collage", "blocks": [PHOTO]}, TABLE),
        of(TEXT, text="Bild\nvon mir\na\nTafel", attachment="other"),
    ),
    (rich(FOLDED, paragraph([LINK])), of(TEXT, text="Mehr\ndazu\nhier")),
    (rich({"type": "divider"}), of(ATTACHMENT, attachment="other")),
    (rich(5, None, {"text": 5}, [[]]), of(ATTACHMENT, attachment="other")),
    (message(rich_message=[{"text": "a"}]), of(TEXT, text="a")),
    (message(poll=POLL), of(ATTACHMENT, attachment="poll", text="Soll ich?\nJa\nNein")),
    (message(checklist=CHECKLIST), of(ATTACHMENT, attachment="checklist", text="Heute\nAufstehen")),
    (
        message(venue=PLACE, location=PLACE["location"]),
        of(ATTACHMENT, attachment="venue", text="Klinik\nWeg 1"),
    ),
    (
        message(contact={"first_name": "Oma", "phone_number": "1"}),
        of(ATTACHMENT, attachment="contact", text="Oma"),
    ),
    (message(document={"file_name": "Brief.pdf"}), of(ATTACHMENT, attachment="document", text="Brief.pdf")),
    (message(document={"file_name": 5}), of(ATTACHMENT, attachment="document")),
    (message(document={"file_name": "/start"}), of(ATTACHMENT, attachment="document", text="/start")),
    (message(document={"file_name": "a.pdf"}, caption="Hier"), of(TEXT, attachment="document", text="Hier")),
    (
        message(text="Er droht", external_reply={}, quote={"text": "Ich komme"}),
        of(TEXT, text="„Ich komme“\nEr droht", own="Er droht"),
    ),
    (
        message(text="/stopp@lotse_bot", external_reply={}, quote={"text": "Ich komme"}),
        of(TEXT, text="„Ich komme“\n/stopp@lotse_bot", own="/stopp"),
    ),
    (
        message(voice={}, external_reply={}, quote={"text": "Stop"}),
        of(TEXT, text="„Stop“", attachment="voice", own=""),
    ),
    (message(text="ja", quote={"text": "Wie geht es Ihnen?"}), of(TEXT, text="ja")),
]


@pytest.mark.parametrize(("sent", "incoming"), WORDS)
def test_words_are_read_wherever_telegram_puts_them(sent: dict[str, Any], incoming: Incoming) -> None:
    assert read(raw(message=sent), "telegram").incoming == incoming


def test_names_of_fields_with_words_are_telegrams() -> None:
    text = (Path(bot_api.__file__).parent / "data" / "telegram_bot_api.json").read_text(encoding="utf-8")
    types = json.loads(text)["types"]
    assert {"rich_message", "external_reply", "quote"} <= types["Message"].keys()
    in_rich = {name for name in types if name.startswith(("RichBlock", "RichText"))}
    fields = {field for name in in_rich for field in types[name]}
    labelled = ("Poll", "PollOption", "Checklist", "ChecklistTask", "Venue", "Contact", "Audio", "Document")
    assert set(words._PARTS) <= fields
    assert fields >= words._MEDIA
    assert {*words._LABELS, *words._LABELLED} <= {field for name in labelled for field in types[name]}


def test_what_is_nested_deeper_than_any_app_shows_is_seen_by_a_human() -> None:
    part = '{"text":' * 400 + '"x"' + "}" * 400
    deep = raw(message=message(rich_message=7)).replace(
        b'"rich_message": 7', f'"rich_message": {part}'.encode()
    )
    assert read(deep, "telegram").incoming is not None
