# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The words in what is sent, wherever Telegram puts them: nobody is overlooked for the form they chose."""

from __future__ import annotations

from typing import Any

from bot.channels.bot_api.wire import Message

#: What holds a formatted text together: its blocks, lists, tables and captions. One below the other.
_PARTS = (
    "summary",
    "text",
    "blocks",
    "items",
    "cells",
    "caption",
    "credit",
    "expression",
    "alternative_text",
)
#: A text with some of its words in bold is a list of pieces of one line.
_ONE_LINE = frozenset({"summary", "text", "credit"})
#: What people write on a poll, a list or a contact, and what places and files are called.
_LABELS = ("question", "description", "title", "address", "first_name", "last_name", "performer", "file_name")
_LABELLED = ("options", "explanation", "tasks")
_NAMES = (*_LABELS, *_PARTS, *_LABELLED)
#: What can be seen or heard in a formatted text, beside its words.
_MEDIA = frozenset({"animation", "audio", "document", "location", "photo", "video", "voice_note"})
_SENT = ("poll", "checklist", "venue", "contact", "document", "audio", "video", "animation")


def written(message: Message) -> str:
    """What the person wrote: the text or caption, and above it what they quote from another chat."""
    text, quoted = _typed(message), _quoted(message)
    return f"„{quoted}“\n{text}".strip() if quoted else text


def below_a_quote(message: Message) -> str | None:
    """What the person wrote themselves below a quote from another chat; None where nothing is quoted."""
    return _typed(message) if _quoted(message) else None


def _typed(message: Message) -> str:
    return message.text or message.caption or _words(message.rich_message)


def _quoted(message: Message) -> str:
    return _words(message.quote) if message.external_reply is not None else ""


def on_what_was_sent(message: Message) -> str:
    """What stands on a poll, a list, a place, a contact or a file."""
    return next(filter(None, (_words(getattr(message, name)) for name in _SENT)), "")


def is_formatted_text(message: Message) -> bool:
    """Whether it is a text with headings and the like, and nothing to be seen or heard beside its words."""
    return bool(_words(message.rich_message)) and not _holds_media(message.rich_message)


def _words(part: Any, between: str = "\n") -> str:
    try:
        return _read(part, between)
    except RecursionError:
        return ""  # nested deeper than any app shows: a human sees that something came


def _read(part: Any, between: str) -> str:
    match part:
        case str():
            return part
        case list():
            found = [_read(one, between) for one in part]
        case dict():
            found = [_read(part[key], "" if key in _ONE_LINE else "\n") for key in _NAMES if key in part]
            between = "\n"
        case _:
            return ""
    return between.join(filter(None, found))


def _holds_media(part: Any) -> bool:
    waiting = [part]
    while waiting:
        match waiting.pop():
            case dict() as block if _MEDIA & block.keys():
                return True
            case dict() as block:
                waiting += block.values()
            case list() as blocks:
                waiting += blocks
    return False
