# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for the links in mails to staff. Part of `ports`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.mail import MailLink


class MailLinks(Protocol):
    """Signed one-time links: only a keyed hash is kept of what stands in the mail."""

    def make(self, new: MailLink) -> str:
        """Keep a link, whose own `id` is ignored, and return its code. Seconds are its finest time."""

    def code_in(self, outgoing_id: int, now: datetime) -> str:
        """The code of the link in this mail that still opens; empty if none does."""

    def find(self, code: str) -> MailLink | None:
        """The link of a code, locked for this unit of work, used or not. None if it was not made here."""

    def asked(self, staff_id: int) -> str:
        """The mail address that was named last as theirs, confirmed or not; empty if none ever was."""

    def use(self, link_id: int, now: datetime) -> None: ...
