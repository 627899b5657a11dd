# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Updates as Telegram delivers them, read down to the few fields that matter.

Receiving is not left to the SDKs: they confirm updates before these are handled. Reading only what is
needed is also many times faster than building their model trees.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.channels.bot_api import words
from bot.channels.bot_api.wire import Answer, Membership, Message, OnlyId, Press, Service, User, WireUpdate
from bot.domain.messages import Incoming, IncomingKind

#: What Telegram is asked to deliver; everything else stays with it.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_log = logging.getLogger(__name__)


# An animation also carries a document and a venue a location: the more telling name comes first.
_ATTACHMENTS = (
    "photo",
    "voice",
    "sticker",
    "video",
    "video_note",
    "animation",
    "audio",
    "document",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "checklist",
    "paid_media",
)
# What somebody sent that has no name here, perhaps because it is newer than this: a human should see it.
_OTHER = "other"
_SERVICE = Service.__struct_fields__
_MEMBERSHIPS = {"kicked": IncomingKind.BLOCKED, "member": IncomingKind.UNBLOCKED}
# A command may name its bot; in a chat with that bot it means nothing.
_COMMAND = re.compile(r"\A(/\w+)@\w+(?!\S)")
_START = re.compile(r"/start(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
# Without these an update still has an effect; words that are no text are none.
_SPARE, _WORDS = ("from", "reply_to_message", "date"), ("text", "caption", "data")

_UPDATE = msgspec.json.Decoder(WireUpdate)
_ID = msgspec.json.Decoder(OnlyId)
_ANSWER = msgspec.json.Decoder(Answer)


@dataclass(frozen=True, slots=True)
class Update:
    """One update. `incoming` is None where nothing follows from it; it is confirmed all the same.

    `person` says whose it is, to keep order; `query_id` names the press that waits for an answer.
    """

    update_id: int
    incoming: Incoming | None = None
    person: str = ""
    query_id: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What getUpdates answered: updates in Telegram's order, or the `code` of its refusal (else 0).

    `unreadable` counts updates without even an id. `retry_after` is in seconds, 0 if not said.
    """

    updates: Sequence[Update] = ()
    code: int = 0
    retry_after: int = 0
    webhook_is_set: bool = False
    unreadable: int = 0


def read(raw: bytes | msgspec.Raw, channel: str) -> Update:
    """Read one update. What is odd about it is left out; if nothing can be made of it, it has no effect.

    Of either only the id and the kind of fault are logged.

    Raises `ValueError` where not even an id can be read.
    """
    try:
        return _understand(_UPDATE.decode(raw), channel)
    except (ValueError, RecursionError):
        return _rescue(_loads(bytes(raw)), channel)


def read_batch(body: bytes, channel: str) -> Batch:
    """Read the answer to getUpdates, whatever its status was. One bad update does not spoil the others.

    Raises `ValueError` for what is no answer of the Bot API at all.
    """
    try:
        answer = _ANSWER.decode(body)
    except (ValueError, RecursionError):
        return _rescue_batch(body, channel)
    if answer.ok:
        return Batch([_understand(wire, channel) for wire in answer.result])
    return Batch(
        code=answer.error_code,
        retry_after=answer.parameters.retry_after if answer.parameters else 0,
        webhook_is_set="webhook" in answer.description,
    )


def _rescue_batch(body: bytes, channel: str) -> Batch:
    answer = _loads(body)
    if not isinstance(answer, dict) or not isinstance(answer.get("result"), list):
        raise ValueError("no answer of the Bot API")  # noqa: TRY004  (one class for all that is unreadable)
    updates, unreadable = [], 0
    for item in answer["result"]:
        try:
            updates.append(_rescue(item, channel))
        except ValueError:
            unreadable += 1
    return Batch(updates, unreadable=unreadable)


def _rescue(item: Any, channel: str) -> Update:
    try:
        return _understand(_UPDATE.decode(_mend(item)), channel)
    except msgspec.ValidationError as odd:
        number, fault = _ID.decode(_mend(item)).update_id, type(odd).__name__
    try:
        update = _understand(_UPDATE.decode(_mend(_bare(item))), channel)
    except msgspec.ValidationError:
        update = Update(number)
    how = "not understood" if update.incoming is None else "understood only in part"
    _log.warning("%s: update %d was %s: %s", channel, number, how, fault)
    return update


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    """The chat, the words and the kinds of what was sent: whoever wrote has to be heard even so."""
    return {
        name: {key: value for key, value in part.items() if not _is_odd(key, value)}
        if isinstance(part, dict)
        else part
        for name, part in item.items()
    }


def _is_odd(key: str, value: Any) -> bool:
    return key in _SPARE or (key in _WORDS and not isinstance(value, str))


def _loads(raw: bytes) -> Any:
    """Lenient: broken UTF-8 and halves of surrogate pairs, which the fast reader refuses, pass here."""
    try:
        return json.loads(raw.decode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _mend(item: Any) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode("utf-8", "replace")


def _understand(wire: WireUpdate, channel: str) -> Update:
    if wire.message is not None:
        return _of_message(wire.update_id, wire.message, channel, edited=False)
    if wire.callback_query is not None:
        return _of_press(wire.update_id, wire.callback_query, channel)
    if wire.edited_message is not None:
        return _of_message(wire.update_id, wire.edited_message, channel, edited=True)
    if wire.my_chat_member is not None:
        return _of_membership(wire.update_id, wire.my_chat_member, channel)
    return Update(wire.update_id)


def _of_message(update_id: int, message: Message, channel: str, *, edited: bool) -> Update:
    text = words.written(message)
    attachment = "" if message.text else _attachment(message)
    # A live location "edits" its message every few seconds: an edit without words says nothing new.
    if message.chat.type != "private" or not (text or (attachment and not edited)):
        return Update(update_id)
    kind = IncomingKind.TEXT if text else IncomingKind.ATTACHMENT
    text = text or words.on_what_was_sent(message)
    if text.startswith("/"):
        text = _COMMAND.sub(r"\1", text)
        start = None if edited or attachment else _START.fullmatch(text)
        if start is not None:
            kind, text = IncomingKind.START, (start[1] or "").strip()
    address, own = str(message.chat.id), words.below_a_quote(message)
    incoming = Incoming(
        channel=channel,
        delivery=str(update_id),
        address=address,
        kind=kind,
        text=text,
        attachment=attachment,
        message=str(message.reply_to_message.message_id) if message.reply_to_message else "",
        language=_language(message.sender),
        edited=edited,
        own=_COMMAND.sub(r"\1", own) if own is not None else None,
        # That of an edit is the moment of what it replaces.
        written=0 if edited else message.date,
    )
    return Update(update_id, incoming, address)


def _attachment(message: Message) -> str:
    known = next((name for name in _ATTACHMENTS if getattr(message, name) is not None), "")
    is_report = any(getattr(message, name) is not None for name in _SERVICE)
    if known or is_report or words.is_formatted_text(message):
        return known
    return _OTHER


def _language(sender: User | None) -> str:
    return sender.language_code if sender else ""


def _of_press(update_id: int, press: Press, channel: str) -> Update:
    anchor = press.message
    if anchor is None or anchor.chat.type != "private" or not press.data:
        return Update(update_id, query_id=press.id)
    address = str(anchor.chat.id)
    incoming = Incoming(
        channel=channel,
        delivery=str(update_id),
        address=address,
        kind=IncomingKind.PRESS,
        press=press.data,
        message=str(anchor.message_id),
        language=_language(press.sender),
    )
    return Update(update_id, incoming, address, press.id)


def _of_membership(update_id: int, membership: Membership, channel: str) -> Update:
    kind = _MEMBERSHIPS.get(membership.new_chat_member.status)
    if kind is None or membership.chat.type != "private":
        return Update(update_id)
    address = str(membership.chat.id)
    language = _language(membership.sender)
    incoming = Incoming(channel, str(update_id), address, kind, language=language)
    return Update(update_id, incoming, address)
