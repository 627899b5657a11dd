# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for the texts that staff keep ready. Part of `ports`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.canned_replies import ReplyText


class CannedReplies(Protocol):
    """An agency's own texts, one for each name and language."""

    def put(self, agency_id: int, new: ReplyText, now: datetime) -> None:
        """Keep a text, in place of the one of that name and language."""

    def drop(self, agency_id: int, name: str, language: str = "") -> int:
        """Forget a text, or all languages of a name. Returns how many there were."""

    def of_agency(self, agency_id: int) -> list[ReplyText]:
        """All of them, by name and language."""
