# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From a body to what the Bot API takes: pieces of text, and rows of buttons under the last."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

import msgspec

from bot.domain.messages import Body

#: Telegram's limit for one message, after markup is read. We count UTF-16 units, its strictest reading.
MAX_TEXT = 4096
#: The same for the text under a picture.
MAX_CAPTION = 1024
MAX_TOKEN_BYTES = 64
# Telegram shows no more entities than this in one message.
_MAX_BOLD = 100

_BOLD = re.compile(r"\*\*(?=\S)([^*\n]*[^*\s])\*\*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One message's text; `html` says that it is escaped and holds tags."""

    text: str
    html: bool = False


class Button(msgspec.Struct, frozen=True):
    """A button that brings back `token`, or that opens `url`."""

    label: str
    token: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """What to send: at least one piece. The rows belong under the last one.

    `fits_caption` says that all of it can stand under a picture, as one message.
    """

    pieces: tuple[Piece, ...]
    rows: tuple[tuple[Button, ...], ...] = ()
    fits_caption: bool = False


def compose(body: Body) -> Composed | str:
    """Turn a body into pieces and rows, or say in a short machine word why it cannot be sent.

    `**words**` become bold, everything else is shown as it is. A link becomes a button where Telegram
    accepts it as one, else it stands in the text. Telegram knows no alternative text for pictures, so
    what a picture shows is the text's last line, for whoever cannot see it.
    """
    rows = [tuple(Button(key.label, token=key.token) for key in row) for row in body.keys if row]
    if any(len(button.token.encode("utf-8", "replace")) > MAX_TOKEN_BYTES for row in rows for button in row):
        return "token_too_long"
    text = body.text
    if body.link and _fits_button(body.link):
        rows.append((Button(body.link_label or body.link, url=body.link),))
    elif body.link:
        line = f"{body.link_label}: {body.link}" if body.link_label else body.link
        text = f"{text}\n\n{line}"
    if body.picture_in_words:
        text = f"{text}\n\n{body.picture_in_words}"
    plain, bold = _read_bold(_well_formed(text))
    pieces = tuple(_piece(plain, bold, start, end) for start, end in _cuts(plain))
    return Composed(pieces, tuple(rows), _units(plain.strip()) <= MAX_CAPTION) if pieces else "empty"


def _fits_button(link: str) -> bool:
    """Telegram refuses buttons to hosts that only this machine or network knows."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "https" or "." not in host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return True


def _well_formed(text: str) -> str:
    """Without halves of surrogate pairs, which no encoding can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _read_bold(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without markers, and where it is bold (start, end)."""
    if "**" not in text:
        return text, []
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    at = length = 0
    for found in _BOLD.finditer(text):
        before, words = text[at : found.start()], found[1]
        parts += (before, words)
        length += len(before)
        spans.append((length, length + len(words)))
        length += len(words)
        at = found.end()
    parts.append(text[at:])
    return "".join(parts), spans


def _piece(plain: str, bold: list[tuple[int, int]], start: int, end: int) -> Piece:
    spans = [(max(a, start), min(b, end)) for a, b in bold if a < end and b > start][:_MAX_BOLD]
    if not spans:
        return Piece(plain[start:end])
    parts: list[str] = []
    at = start
    for a, b in spans:
        parts += (escape(plain[at:a], quote=False), "<b>", escape(plain[a:b], quote=False), "</b>")
        at = b
    parts.append(escape(plain[at:end], quote=False))
    return Piece("".join(parts), html=True)


def _cuts(plain: str) -> list[tuple[int, int]]:
    """Where to cut, without the space around: at a paragraph, a line or a word, the best that is near."""
    cuts: list[tuple[int, int]] = []
    start, stop = _skip_space(plain, 0), len(plain.rstrip())
    while start < stop:
        end = min(_window_end(plain, start), stop)
        if end < stop:
            end = _boundary(plain, start, end)
        cuts.append((start, start + len(plain[start:end].rstrip())))
        start = _skip_space(plain, end)
    return cuts


def _skip_space(plain: str, at: int) -> int:
    while at < len(plain) and plain[at].isspace():
        at += 1
    return at


def _window_end(plain: str, start: int) -> int:
    end = min(start + MAX_TEXT, len(plain))
    wide = _units(plain[start:end]) - MAX_TEXT
    while wide > 0:
        # Each character counts one or two units, so half of the surplus is always safe to drop.
        end -= (wide + 1) // 2
        wide = _units(plain[start:end]) - MAX_TEXT
    return end


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _boundary(plain: str, start: int, end: int) -> int:
    middle = start + (end - start) // 2
    for mark in ("\n\n", "\n", " "):
        # A boundary may lie right behind the window: then the window is used to its end.
        at = plain.rfind(mark, middle, end + len(mark))
        if at > start:
            return at
    at = max(plain.rfind(mark, start, end) for mark in ("\n", " "))
    return at if at > start else end
