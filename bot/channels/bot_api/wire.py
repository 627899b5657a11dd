# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The few fields of Telegram's objects that are read. Whatever else they hold is skipped, not parsed."""

from __future__ import annotations

from typing import Any

import msgspec


class User(msgspec.Struct, gc=False):
    """Who wrote or pressed; `language_code` is that of their app."""

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


class Service(msgspec.Struct, kw_only=True):
    """What Telegram reports in the place of a message: nobody has said or sent anything.

    Only the presence counts here too. Reports on suggested posts are left out: they never come to a person.
    """

    boost_added: Any = None
    channel_chat_created: Any = None
    chat_background_set: Any = None
    chat_owner_changed: Any = None
    chat_owner_left: Any = None
    chat_shared: Any = None
    checklist_tasks_added: Any = None
    checklist_tasks_done: Any = None
    community_chat_added: Any = None
    community_chat_joined: Any = None
    community_chat_removed: Any = None
    connected_website: Any = None
    delete_chat_photo: Any = None
    direct_message_price_changed: Any = None
    forum_topic_closed: Any = None
    forum_topic_created: Any = None
    forum_topic_edited: Any = None
    forum_topic_reopened: Any = None
    general_forum_topic_hidden: Any = None
    general_forum_topic_unhidden: Any = None
    giveaway_completed: Any = None
    giveaway_created: Any = None
    group_chat_created: Any = None
    left_chat_member: Any = None
    managed_bot_created: Any = None
    message_auto_delete_timer_changed: Any = None
    migrate_from_chat_id: Any = None
    migrate_to_chat_id: Any = None
    new_chat_members: Any = None
    new_chat_photo: Any = None
    new_chat_title: Any = None
    paid_message_price_changed: Any = None
    pinned_message: Any = None
    poll_option_added: Any = None
    poll_option_deleted: Any = None
    proximity_alert_triggered: Any = None
    refunded_payment: Any = None
    successful_payment: Any = None
    supergroup_chat_created: Any = None
    user_shared: Any = None
    users_shared: Any = None
    video_chat_ended: Any = None
    video_chat_participants_invited: Any = None
    video_chat_scheduled: Any = None
    video_chat_started: Any = None
    write_access_allowed: Any = None


class Message(Service):
    """A message from a person, or a report in its place."""

    chat: Chat
    sender: User | None = msgspec.field(name="from", default=None)
    text: str = ""
    caption: str = ""
    date: int = 0
    reply_to_message: ReplyTo | None = None
    # A text with headings, lists and pictures; what is replied to in another chat, and what of it is quoted.
    rich_message: Any = None
    external_reply: Any = None
    quote: Any = None
    # What people attach. Beside its presence only the words that stand on it count, see `words`.
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
    sender: User | None = msgspec.field(name="from", default=None)
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
