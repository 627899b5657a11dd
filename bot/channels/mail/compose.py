# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""From a letter to a mail: plain text, simple HTML with the same words, and headers that machines read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from bot.domain.mail import Letter

_BOLD = re.compile(r"\*\*(?=\S)([^*\n]*[^*\s])\*\*")
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#171a2b;color:#ffffff;"
    "text-decoration:none;font-weight:bold"
)
_PAGE = "font-family:sans-serif;font-size:16px;line-height:1.5;color:#171a2b"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who mails come from where the letter does not say. `host` is this installation's name, in ids."""

    name: str
    address: str
    host: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where one mail goes. `number` is its number in the outbox: sent twice, it has the same Message-ID."""

    to: str
    number: int
    date: datetime


def compose(letter: Letter, sender: Sender, envelope: Envelope) -> bytes:
    """The mail as it goes over the wire."""
    mail = EmailMessage(policy=SMTP)
    name, address = sender_of(letter, sender)
    mail["From"] = Address(one_line(name), addr_spec=address)
    mail["To"] = Address(addr_spec=envelope.to)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = envelope.date
    mail["Message-ID"] = f"<{message_id(envelope.number)}@{sender.host}>"
    if letter.thread:
        # All mails of a case answer one that was never sent, so that they stand together.
        mail["In-Reply-To"] = mail["References"] = f"<{letter.thread}@{sender.host}>"
    mail["Auto-Submitted"] = "auto-generated"
    # The same in the words of Exchange: no notes about holidays in return.
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = letter.language
    # Seven bits, so that no server on the way has a reason to change or refuse anything.
    mail.set_content(_plain(letter), cte="quoted-printable")
    mail.add_alternative(_html(letter), subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def sender_of(letter: Letter, sender: Sender) -> tuple[str, str]:
    """Name and address that a mail comes from: its own, or the installation's."""
    return letter.sender if letter.sender[1] else (sender.name, sender.address)


def message_id(number: int) -> str:
    """What the outbox keeps of a mail."""
    return f"out-{number}"


def one_line(text: str) -> str:
    """A text that fits into a header: nothing in it can begin another one."""
    shown = (char if char.isprintable() else " " for char in _well_formed(text))
    return " ".join("".join(shown).split())


def _plain(letter: Letter) -> str:
    parts = [_BOLD.sub(r"\1", letter.text.strip())]
    if letter.link:
        parts.append(f"{letter.link_label}:\n{letter.link}" if letter.link_label else letter.link)
    if letter.note:
        # The customary line above what is no part of the message.
        parts.append(f"-- \n{letter.note}")
    return _well_formed("\n\n".join(parts) + "\n")


def _html(letter: Letter) -> str:
    words = _BOLD.sub(r"<strong>\1</strong>", escape(letter.text.strip()))
    paragraphs = [f"<p>{part.replace(chr(10), '<br>')}</p>" for part in words.split("\n\n")]
    if letter.link:
        label = escape(letter.link_label or letter.link)
        paragraphs.append(f'<p><a href="{escape(letter.link)}" style="{_BUTTON}">{label}</a></p>')
    if letter.note:
        paragraphs.append(f'<p style="font-size:14px">{escape(letter.note)}</p>')
    body = "\n".join(paragraphs)
    return _well_formed(
        f'<!doctype html>\n<html lang="{escape(letter.language)}">\n<head><meta charset="utf-8">'
        f'<title>{escape(one_line(letter.subject))}</title></head>\n<body style="{_PAGE}">\n'
        f"{body}\n</body>\n</html>\n"
    )


def _well_formed(text: str) -> str:
    """Without halves of surrogate pairs, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode()
