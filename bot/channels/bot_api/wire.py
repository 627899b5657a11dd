# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The few fields of Telegram's objects that are read. Whatever else they hold is skipped, not parsed."""

from __future__ import annotations

from typing import Any

import msgspec


class User(msgspec.Struct, gc=False):
    """Who wrote or pressed; `language_code` is that of their app."""

    id: int
    language_code: str = ""


class Chat(msgspec.Struct, gc=False):
    """`type` is "private" for people, else some group or channel."""

    id: int
    type: str = ""


class Anchor(msgspec.Struct, gc=False):
    """The message under a button, perhaps so old that only its id is left."""

    message_id: int
    chat: Chat


class ReplyTo(msgspec.Struct, gc=False):
    """The message that is replied to."""

    message_id: int


class Message(msgspec.Struct):
    """A message from a person."""

    message_id: int
    chat: Chat
    sender: User | None = msgspec.field(name="from", default=None)
    text: str = ""
    caption: str = ""
    reply_to_message: ReplyTo | None = None
    # What people attach. Only its presence counts, the content is never looked at.
    animation: Any = None
    audio: Any = None
    checklist: Any = None
    contact: Any = None
    dice: Any = None
    document: Any = None
    game: Any = None
    location: Any = None
    paid_media: Any = None
    photo: Any = None
    poll: Any = None
    sticker: Any = None
    story: Any = None
    venue: Any = None
    video: Any = None
    video_note: Any = None
    voice: Any = None


class Press(msgspec.Struct):
    """A pressed button. `id` is what the answer refers to."""

    id: str
    sender: User = msgspec.field(name="from")
    data: str = ""
    message: Anchor | None = None


class Member(msgspec.Struct, gc=False):
    """The bot's standing in a chat: "member", "kicked" (blocked) and others."""

    status: str


class Membership(msgspec.Struct):
    """The bot's standing has changed."""

    chat: Chat
    new_chat_member: Member
    sender: User | None = msgspec.field(name="from", default=None)


class WireUpdate(msgspec.Struct):
    """At most one of the optional fields is there."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None


class OnlyId(msgspec.Struct, gc=False):
    """An update of which only the id can be relied on."""

    update_id: int


class Parameters(msgspec.Struct, gc=False):
    """What a refusal adds; `retry_after` in seconds."""

    retry_after: int = 0


class Answer(msgspec.Struct):
    """The answer to getUpdates, updates or refusal."""

    ok: bool
    result: list[WireUpdate] = []
    error_code: int = 0
    description: str = ""
    parameters: Parameters | None = None
