# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Addresses: sealed, and found by a keyed fingerprint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.domain.people import Address, AddressState
from bot.storage.link import Link, by_dialect
from bot.storage.seals import owned
from bot.storage.tables import QUEUED, SENDING, address, outgoing, staff

FINGERPRINT = "address.fingerprint"

_COLUMNS = (
    address.c.id,
    address.c.channel,
    address.c.value,
    address.c.state,
    address.c.participant_id,
    address.c.staff_id,
)
_bind = by_dialect(
    address,
    lambda new: new.on_conflict_do_update(
        index_elements=["channel", "fingerprint"],
        set_={
            name: new.excluded[name] for name in ("agency_id", "participant_id", "staff_id", "state", "value")
        },
    ).returning(address.c.id),
)
_by_id = select(*_COLUMNS).where(address.c.id == bindparam("id"))
_of_team = (
    select(*_COLUMNS)
    .join_from(address, staff, staff.c.id == address.c.staff_id)
    .where(
        address.c.state == AddressState.OPEN,
        # Whoever has left the team is never called, whatever is still linked.
        staff.c.left_at.is_(None),
    )
    .order_by(address.c.id)
)
_of_staff = _of_team.where(address.c.staff_id.in_(bindparam("staff_ids", expanding=True)))
# Most often it is one person, and only a statement without a list can be prepared.
_of_one = _of_team.where(address.c.staff_id == bindparam("staff_id"))
_use = update(address).where(address.c.id == bindparam("which"))
_known = select(address.c.id).where(
    address.c.channel == bindparam("channel"), address.c.fingerprint == bindparam("fingerprint")
)
_hand_over = (
    update(outgoing)
    .where(outgoing.c.address_id == bindparam("old"), outgoing.c.state.in_([QUEUED, SENDING]))
    .values(address_id=bindparam("new"))
)


class SqlAddresses:
    """The part of `ports.People` about addresses."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add_address(
        self,
        agency_id: int,
        channel: str,
        value: str,
        *,
        participant_id: int | None = None,
        staff_id: int | None = None,
    ) -> int:
        """Bind an account to a person. A known account is opened again, and moves if it was another's."""
        values = {
            "agency_id": agency_id,
            "channel": channel,
            "value": owned(value, participant_id),
            "fingerprint": self._link.keyring.fingerprint(value, FINGERPRINT),
            "state": AddressState.OPEN,
            "participant_id": participant_id,
            "staff_id": staff_id,
        }
        return int(self._link.upsert(_bind, values).scalar_one())

    def use_address(self, address_id: int, now: datetime) -> None:
        """The person wrote from there: it is the address to answer to, and it is open."""
        self._link.execute(_use, {"which": address_id, "used_at": now, "state": AddressState.OPEN})

    def close_address(self, address_id: int) -> None:
        """Nothing can be delivered there until the person writes from it again."""
        self._link.execute(_use, {"which": address_id, "state": AddressState.CLOSED})

    def move_address(self, address_id: int, value: str) -> None:
        """The account has another name now. If that is known too, it takes over all that waits."""
        old = self.address(address_id)
        if old is None:
            return
        fingerprint = self._link.keyring.fingerprint(value, FINGERPRINT)
        known = self._link.execute(_known, {"channel": old.channel, "fingerprint": fingerprint}).scalar()
        if known is None or known == address_id:
            moved = {"value": owned(value, old.participant_id), "fingerprint": fingerprint}
            self._link.execute(_use, {"which": address_id} | moved)
            return
        owner = {
            "participant_id": old.participant_id,
            "staff_id": old.staff_id,
            "state": AddressState.OPEN,
            "value": owned(value, old.participant_id),
        }
        self._link.execute(_use, {"which": known} | owner)
        self._link.execute(_hand_over, {"old": address_id, "new": known})
        self.close_address(address_id)

    def address(self, address_id: int) -> Address | None:
        """One address."""
        row = self._link.execute(_by_id, {"id": address_id}).first()
        return None if row is None else to_address(row)

    def staff_addresses(self, staff_ids: Sequence[int]) -> list[Address]:
        """Open addresses of these staff members."""
        if len(staff_ids) == 1:
            rows: Iterable[Sequence[Any]] = self._link.read(_of_one, {"staff_id": staff_ids[0]})
        else:
            rows = self._link.execute(_of_staff, {"staff_ids": list(staff_ids)})
        return [to_address(row) for row in rows]


def to_address(row: Sequence[Any]) -> Address:
    """An address from a row of (id, channel, value, state, participant, staff member)."""
    return Address(row[0], row[1], row[2], AddressState(row[3]), row[4], row[5])
