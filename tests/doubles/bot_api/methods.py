# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What each method does, after its parameters passed the table. Handlers are plain functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.doubles.bot_api.accounts import Account
from tests.doubles.bot_api.chats import Chat, Content, Markup, StoredMessage
from tests.doubles.bot_api.files import SHAPES, get_file, store_file
from tests.doubles.bot_api.formatting import Entity, Formatted, utf16
from tests.doubles.bot_api.refusals import Violation, bad_request
from tests.doubles.bot_api.table import Arguments, Method

Handler = Callable[[Account, Arguments], Any]

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DELETE_SECONDS = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_PROFILE = {
    "getmycommands": ("setmycommands", "commands", []),
    "getmyname": ("setmyname", None, {"name": ""}),
    "getmydescription": ("setmydescription", None, {"description": ""}),
    "getmyshortdescription": ("setmyshortdescription", None, {"short_description": ""}),
}
# Nothing in this double depends on them: a well-formed call succeeds.
_EMPTY_SUCCESS = ("set", "delete", "pin", "unpin", "remove", "log", "close")


def perform(account: Account, method: Method, arguments: Arguments) -> Any:
    """Carry out a checked call; the `result` of the answer. Raises `Refusal`."""
    name = method.name.lower()
    handler = HANDLERS.get(name)
    if handler is not None:
        return handler(account, arguments)
    if name in _PROFILE:
        return _read_profile(account, name, arguments)
    if not name.startswith(_EMPTY_SUCCESS):
        raise Violation(f"{method.name} is not modelled by this double")
    if "chat_id" in arguments.values:
        account.writable(arguments.values["chat_id"])
    account.profile[name, arguments.values.get("language_code", "")] = arguments.values
    return True


def _read_profile(account: Account, name: str, arguments: Arguments) -> Any:
    setter, part, empty = _PROFILE[name]
    stored = account.profile.get((setter, arguments.values.get("language_code", "")))
    if stored is None:
        return empty
    return stored[part] if part else {key: stored.get(key, "") for key in empty}


def _get_me(account: Account, _: Arguments) -> Any:
    return {
        **account.user,
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _formatted(arguments: Arguments, name: str, marks: str) -> Formatted:
    shown = arguments.formatted.get(name, Formatted(""))
    given = arguments.values.get(marks)
    if not given or arguments.values.get("parse_mode"):
        return shown
    length = utf16(arguments.values[name])
    for entity in given:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > length:
            raise Violation("entity beyond the end of the text")
    entities: tuple[Entity, ...] = tuple(given)
    return Formatted(shown.text, entities)


def _send(account: Account, arguments: Arguments, content: Content) -> dict[str, Any]:
    values = arguments.values
    chat = account.writable(values["chat_id"])
    reply = values.get("reply_parameters") or {}
    if (
        "message_id" in reply
        and reply["message_id"] not in chat.messages
        and not reply.get("allow_sending_without_reply")
    ):
        raise bad_request("message to be replied not found")
    message = account.add_message(chat, content)
    _dress(chat, message, values.get("reply_markup"))
    return message.to_json(chat.description)


def _dress(chat: Chat, message: StoredMessage, markup: Markup | None) -> None:
    if markup is None:
        return
    if "inline_keyboard" in markup:
        message.markup = _keyboard(markup)
        return
    message.locked = True
    if "keyboard" in markup:
        chat.reply_keyboard = markup
    elif "remove_keyboard" in markup:
        chat.reply_keyboard = None


def _keyboard(markup: Markup | None) -> Markup | None:
    rows = [row for row in markup["inline_keyboard"] if row] if markup else []
    return {"inline_keyboard": rows} if rows else None


def _send_message(account: Account, arguments: Arguments) -> Any:
    shown = _formatted(arguments, "text", "entities")
    return _send(account, arguments, Content(shown.text, shown.entities))


def _send_attachment(kind: str) -> Handler:
    def handler(account: Account, arguments: Arguments) -> Any:
        shown = _formatted(arguments, "caption", "caption_entities")
        attachment = store_file(account, kind, arguments.values[kind], arguments.files)
        return _send(account, arguments, Content(shown.text, shown.entities, kind, attachment))

    return handler


def _edit_text(account: Account, arguments: Arguments) -> Any:
    chat, message = account.own_message(arguments.values)
    if "text" not in arguments.values:
        raise bad_request("message text is empty")
    if message.content.kind != "text":
        raise bad_request("there is no text in the message to edit")
    shown = _formatted(arguments, "text", "entities")
    content = Content(shown.text, shown.entities)
    return _edit(account, chat, message, content, arguments)


def _edit_caption(account: Account, arguments: Arguments) -> Any:
    chat, message = account.own_message(arguments.values)
    if message.content.kind == "text":
        raise bad_request("there is no caption in the message to edit")
    shown = _formatted(arguments, "caption", "caption_entities")
    content = replace(message.content, text=shown.text, entities=shown.entities)
    return _edit(account, chat, message, content, arguments)


def _edit_markup(account: Account, arguments: Arguments) -> Any:
    chat, message = account.own_message(arguments.values)
    return _edit(account, chat, message, message.content, arguments)


def _edit(
    account: Account, chat: Chat, message: StoredMessage, content: Content, arguments: Arguments
) -> dict[str, Any]:
    # An edit that names no keyboard takes the keyboard away.
    markup = _keyboard(arguments.values.get("reply_markup"))
    if content == message.content and markup == message.markup:
        raise bad_request(_NOT_MODIFIED)
    if message.markup is not None:
        message.earlier_markups.append(message.markup)
    message.content, message.markup, message.edit_date = content, markup, account.now()
    chat.wake()
    return message.to_json(chat.description)


def _delete(account: Account, arguments: Arguments) -> Any:
    chat = account.writable(arguments.values["chat_id"])
    message = chat.messages.get(arguments.values["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if account.now() > message.date + _DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message.message_id]
    chat.wake()
    return True


def _delete_many(account: Account, arguments: Arguments) -> Any:
    chat = account.writable(arguments.values["chat_id"])
    for message_id in arguments.values["message_ids"]:
        chat.messages.pop(message_id, None)
    chat.wake()
    return True


def _chat_action(account: Account, arguments: Arguments) -> Any:
    if arguments.values["action"] not in _ACTIONS:
        raise Violation("wrong parameter action in request")
    account.writable(arguments.values["chat_id"])
    return True


def _answer_press(account: Account, arguments: Arguments) -> Any:
    press = account.open_press(arguments.values["callback_query_id"])
    press.answer = arguments.values
    account.chats[press.chat_id].wake()
    return True


def _set_commands(account: Account, arguments: Arguments) -> Any:
    commands = arguments.values["commands"]
    if len(commands) > 100:
        raise Violation("BOT_COMMANDS_TOO_MUCH")
    if not all(_COMMAND.fullmatch(one["command"]) for one in commands):
        raise Violation("BOT_COMMAND_INVALID")
    account.profile["setmycommands", arguments.values.get("language_code", "")] = arguments.values
    return True


def _get_chat(account: Account, arguments: Arguments) -> Any:
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    return {
        **account.chat(arguments.values["chat_id"]).description,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


HANDLERS: dict[str, Handler] = {
    "getme": _get_me,
    "sendmessage": _send_message,
    **{f"send{kind}": _send_attachment(kind) for kind in SHAPES},
    "editmessagetext": _edit_text,
    "editmessagecaption": _edit_caption,
    "editmessagereplymarkup": _edit_markup,
    "deletemessage": _delete,
    "deletemessages": _delete_many,
    "sendchataction": _chat_action,
    "answercallbackquery": _answer_press,
    "setmycommands": _set_commands,
    "getfile": get_file,
    "getchat": _get_chat,
}
