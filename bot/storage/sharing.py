# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What people are asked to let go to a partner, and what went there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.domain.sharing import SharingAsk
from bot.storage.link import Link
from bot.storage.seals import owned
from bot.storage.sharing_tables import sharing_ask

_SEALED = frozenset({"partner", "what", "why"})
_add = sharing_ask.insert().returning(sharing_ask.c.id)
_wanted = select(
    sharing_ask.c.id,
    sharing_ask.c.agency_id,
    sharing_ask.c.participant_id,
    sharing_ask.c.partner,
    sharing_ask.c.what,
    sharing_ask.c.why,
    sharing_ask.c.asked_by,
    sharing_ask.c.asked_at,
    sharing_ask.c.contact_id,
    sharing_ask.c.handed,
    sharing_ask.c.concern_id,
    sharing_ask.c.handed_at,
).order_by(sharing_ask.c.id)
_one = _wanted.where(sharing_ask.c.id == bindparam("which"))
_of_person = _wanted.where(sharing_ask.c.participant_id == bindparam("person"))
_of_contact = _wanted.where(
    sharing_ask.c.contact_id == bindparam("contact"), sharing_ask.c.handed_at.is_not(None)
)
_hand = update(sharing_ask).where(sharing_ask.c.id == bindparam("which"))


class SqlSharing:
    """Implements `rights_ports.Sharing`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: SharingAsk) -> int:
        """Keep what a person is asked."""
        values: dict[str, Any] = {
            name: getattr(new, name) for name in ("agency_id", "participant_id", "asked_by", "asked_at")
        }
        values |= {name: owned(getattr(new, name), new.participant_id) for name in _SEALED}
        return int(self._link.execute(_add, values | {"contact_id": new.contact_id}).scalar_one())

    def get(self, ask_id: int) -> SharingAsk | None:
        """One of them."""
        return next(_read(self._link.execute(_one, {"which": ask_id})), None)

    def of_participant(self, participant_id: int) -> list[SharingAsk]:
        """Everything that a person was asked, the oldest first."""
        return list(_read(self._link.execute(_of_person, {"person": participant_id})))

    def handed_to(self, staff_id: int) -> list[SharingAsk]:
        """What was given to this contact, the oldest first."""
        return list(_read(self._link.execute(_of_contact, {"contact": staff_id})))

    def hand(self, ask: SharingAsk, words: str, concern_id: int | None, now: datetime) -> None:
        """This was given to the contact, in place of what was before."""
        values = {
            "which": ask.id,
            "handed": owned(words, ask.participant_id),
            "concern_id": concern_id,
            "handed_at": now,
        }
        self._link.execute(_hand, values)


def _read(rows: Iterable[Any]) -> Iterator[SharingAsk]:
    for row in rows:
        *asked, handed, concern_id, handed_at = row
        yield SharingAsk(*[*asked, handed or "", concern_id, handed_at])
