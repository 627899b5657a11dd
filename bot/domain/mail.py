# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Mail to staff: addresses, the one-time links in it, and what one mail says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CHANNEL = "mail"

# What mail servers really take (RFC 5321, without quoted names), so that nothing else reaches a header.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST_NAME = 64
_LONGEST = 254


class LinkPurpose(StrEnum):
    """What a link in a mail is for."""

    OPEN = "open"  # the console, at one case or at the queue
    CONFIRM = "confirm"  # this mail address is really theirs


@dataclass(frozen=True, slots=True)
class MailLink:
    """A one-time link for one staff member. `outgoing_id` is the mail that it stands in."""

    id: int
    agency_id: int
    staff_id: int
    address_id: int
    purpose: LinkPurpose
    expires_at: datetime
    concern_id: int | None = None
    outgoing_id: int | None = None
    used_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """True while it was neither used nor has expired."""
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Letter:
    """What one mail says, in the reader's language: no name of a participant, no content.

    `link` is its one button. Mails with the same `thread` belong together; empty for one that stands alone.
    `sender` is the name and the address it comes from, both empty for the installation's.
    """

    subject: str
    text: str
    language: str = "de"
    link: str = ""
    link_label: str = ""
    note: str = ""
    thread: str = ""
    sender: tuple[str, str] = ("", "")


def mail_address(text: str) -> str:
    """The address as mail servers take it (the domain small, umlauts in it encoded); empty if it is none."""
    name, _, domain = text.strip().rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        return ""
    found = f"{name}@{host}"
    return found if len(found) <= _LONGEST else ""
