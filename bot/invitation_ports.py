# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for the invitations that staff made in the console. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.invitations import Card


class Invitations(Protocol):
    """Cards; the invitation behind each is `People`'s, which also counts who comes in by it."""

    def keep(self, new: Card) -> None:
        """Keep the card of an invitation that was added just now."""

    def cards(self, agency_id: int, whose: int | None, limit: int) -> list[Card]:
        """The newest first: all of the agency, or those that this staff member made or that are for them."""

    def some(self, agency_id: int, ids: Collection[int]) -> list[Card]:
        """These ones, in the order in which they were made; whatever is not there is left out."""

    def withdraw(self, card: Card, now: datetime) -> bool:
        """Let nobody in by it any more. False if it was not open any more."""
