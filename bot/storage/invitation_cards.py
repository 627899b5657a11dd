# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations that staff made in the console. Their codes lie sealed, and only while they open something."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select, update

from bot.domain.invitations import Card
from bot.storage.invitation_tables import invitation_card
from bot.storage.link import Link, Row
from bot.storage.tables import invitation

_REST = (
    *("agency_id", "made_by", "coach_id", "language", "programme", "code", "note", "most", "opened"),
    *("made_at", "expires_at", "withdrawn_at"),
)
_add = invitation_card.insert()
_cards: Select[Any] = select(
    invitation_card.c.invitation_id, *(invitation_card.c[name] for name in _REST)
).where(invitation_card.c.agency_id == bindparam("agency"))
_newest = _cards.order_by(invitation_card.c.id.desc()).limit(bindparam("limit"))
_some = _cards.where(invitation_card.c.invitation_id.in_(bindparam("ids", expanding=True))).order_by(
    invitation_card.c.id
)
_withdraw = update(invitation_card).where(
    invitation_card.c.invitation_id == bindparam("which"),
    invitation_card.c.withdrawn_at.is_(None),
    invitation_card.c.opened < invitation_card.c.most,
)
_shut = update(invitation).where(invitation.c.id == bindparam("which"), invitation.c.used_at.is_(None))


class SqlInvitationCards:
    """Implements `invitation_ports.Invitations`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def keep(self, new: Card) -> None:
        """Keep a card."""
        self._link.execute(_add, {"invitation_id": new.id, **{name: getattr(new, name) for name in _REST}})

    def cards(self, agency_id: int, whose: int | None, limit: int) -> list[Card]:
        """The newest first."""
        wanted = _newest
        if whose is not None:
            wanted = wanted.where(
                or_(invitation_card.c.made_by == whose, invitation_card.c.coach_id == whose)
            )
        return [_to_card(row) for row in self._link.execute(wanted, {"agency": agency_id, "limit": limit})]

    def some(self, agency_id: int, ids: Collection[int]) -> list[Card]:
        """These ones."""
        rows = self._link.execute(_some, {"agency": agency_id, "ids": list(ids)}) if ids else ()
        return [_to_card(row) for row in rows]

    def withdraw(self, card: Card, now: datetime) -> bool:
        """Shut the door."""
        # The invitation first, as whoever comes in by it does: so nobody waits for the other in a circle.
        self._link.execute(_shut, {"which": card.id, "used_at": now})
        changed = {"which": card.id, "withdrawn_at": now, "code": ""}
        return bool(self._link.execute(_withdraw, changed).rowcount)


def _to_card(row: Row) -> Card:
    return Card(*row)
