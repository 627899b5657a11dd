# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Telegram's HTML: what a text looks like once its tags are read.

Rules and messages follow the behaviour of Telegram's server: only its own tags, properly nested, every
tag closed; `&lt; &gt; &amp; &quot;` and numeric entities are decoded, anything else after `&` stays as it is.
Markdown modes are refused: the double does not read them, and Lotse sends HTML only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.doubles.bot_api.refusals import Violation

Entity = dict[str, Any]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));?")
# The rest of a tag may hold ">" inside quotes.
_MARKUP = re.compile(r"""<(/?)([^\s>]*)((?:[^>"']|"[^"]*"|'[^']*')*)(>?)""")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+))(?=\s|$)""")
# Attributes that stand alone.
_BARE = re.compile(r"\s*(expandable)(?=\s|$)")
MAX_RAW_BYTES = 1 << 15


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as people see it, with its entities (offsets and lengths in UTF-16 units)."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    attributes: dict[str, str]
    start: int


def read(raw: str, mode: str | None) -> Formatted:
    """Read `raw` in the given parse mode. Raises `Violation` for what Telegram cannot parse."""
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_RAW_BYTES:
        raise Violation("text is too long")
    if not mode:
        return Formatted(raw.strip())
    if mode.lower() != "html":
        raise Violation("unsupported parse_mode")
    if "<" not in raw and "&" not in raw:
        return Formatted(raw.strip())
    return _read_html(raw)


def _read_html(raw: str) -> Formatted:
    parts: list[str] = []
    length = 0
    stack: list[_Open] = []
    found: list[tuple[int, int, _Open]] = []
    at = 0
    for tag in _MARKUP.finditer(raw):
        plain = _decode(raw[at : tag.start()])
        parts.append(plain)
        length += len(plain)
        at = tag.end()
        if tag[1]:
            opened = _close(tag, stack, raw)
            if length > opened.start:
                found.append((opened.start, length, opened))
        else:
            stack.append(_open(tag, length, raw))
    if stack:
        raise _unreadable(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    parts.append(_decode(raw[at:]))
    return _trim("".join(parts), found)


def _open(tag: re.Match[str], start: int, raw: str) -> _Open:
    offset = _offset(raw, tag.start())
    if not tag[4]:
        raise _unreadable(f"Unclosed start tag at byte offset {offset}")
    name = tag[2].lower()
    if name not in _KINDS:
        raise _unreadable(f'Unsupported start tag "{name}" at byte offset {offset}')
    attributes: dict[str, str] = {}
    at = 0
    text = tag[3].rstrip()
    while at < len(text):
        pair = _ATTRIBUTE.match(text, at)
        bare = _BARE.match(text, at) if pair is None and name == "blockquote" else None
        step = pair or bare
        if step is None:
            why = "Expected equal sign in declaration of an attribute of the tag"
            raise _unreadable(f'{why} "{name}" at byte offset {offset}')
        values = [value for value in step.groups()[1:] if value is not None]
        attributes[step[1].lower()] = _decode(values[0]) if values else ""
        at = step.end()
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    return _Open(name, attributes, start)


def _close(tag: re.Match[str], stack: list[_Open], raw: str) -> _Open:
    offset = _offset(raw, tag.start())
    if not stack:
        raise _unreadable(f"Unexpected end tag at byte offset {offset}")
    if not tag[4] or tag[3].strip():
        raise _unreadable(f"Unclosed end tag at byte offset {offset}")
    opened = stack.pop()
    name = tag[2].lower()
    if name and name != opened.name:
        raise _unreadable(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened.name}>", found "</{name}>"'
        )
    return opened


def _trim(text: str, found: list[tuple[int, int, _Open]]) -> Formatted:
    left = len(text) - len(text.lstrip())
    shown = text.strip()
    entities: list[Entity] = []
    for start, end, opened in found:
        first, last = max(start - left, 0), min(end - left, len(shown))
        if first >= last:
            continue
        label = shown[first:last]
        entity = _entity(opened, label)
        if entity is not None:
            entity["offset"], entity["length"] = utf16(shown[:first]), utf16(label)
            entities.append(entity)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"], entity["type"]))
    return Formatted(shown, tuple(entities))


def _entity(opened: _Open, label: str) -> Entity | None:
    entity: Entity = {"type": _KINDS[opened.name]}
    if opened.name == "a":
        url = opened.attributes.get("href") or label
        if "." not in url and "://" not in url:
            # Telegram shows such a link as plain text.
            return None
        entity["url"] = url
    elif opened.name == "tg-emoji":
        identifier = opened.attributes.get("emoji-id", "")
        if not identifier.isdecimal():
            raise _unreadable("Invalid custom emoji identifier specified")
        entity["custom_emoji_id"] = identifier
    elif opened.name == "blockquote" and "expandable" in opened.attributes:
        entity["type"] = "expandable_blockquote"
    return entity


def _decode(text: str) -> str:
    return _CHARACTER.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    code = int(found[2]) if found[2] else int(found[3], 16)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else found[0]


def utf16(text: str) -> int:
    """Length in UTF-16 units, the unit of Telegram's offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _offset(raw: str, index: int) -> int:
    return len(raw[:index].encode())


def _unreadable(why: str) -> Violation:
    return Violation(f"can't parse entities: {why}")
