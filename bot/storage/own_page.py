# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Locks and sessions of the participants' own page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update

from bot.domain.delivery import SendState
from bot.domain.own_page import LINE, Factor, PageLock, PageSession
from bot.domain.people import Address, AddressState
from bot.storage.addresses import to_address
from bot.storage.delivery_tables import outgoing
from bot.storage.link import Link, by_dialect
from bot.storage.own_page_tables import page_lock, page_session
from bot.storage.seals import owned
from bot.storage.tables import address, invitation

_lock = select(
    page_lock.c.agency_id,
    page_lock.c.participant_id,
    page_lock.c.factor,
    page_lock.c.secret,
    page_lock.c.set_at,
).where(page_lock.c.participant_id == bindparam("person"))
_set_lock = by_dialect(
    page_lock,
    lambda new: new.on_conflict_do_update(
        index_elements=["participant_id"],
        set_={name: new.excluded[name] for name in ("factor", "secret", "set_at")},
    ),
)
_tries = select(invitation.c.tries).where(invitation.c.id == bindparam("which"))
_count = (
    update(invitation)
    .where(invitation.c.id == bindparam("which"))
    .values(tries=invitation.c.tries + 1)
    .returning(invitation.c.tries)
)
_revoke = update(invitation).where(
    invitation.c.participant_id == bindparam("person"), invitation.c.used_at.is_(None)
)
_begin = by_dialect(
    page_session,
    lambda new: new.on_conflict_do_update(
        index_elements=["address_id"],
        set_={
            name: new.excluded[name]
            for name in ("agency_id", "participant_id", "opened_at", "seen_at", "is_strong")
        },
    ),
)
_SESSION = (
    page_session.c.address_id,
    page_session.c.agency_id,
    page_session.c.participant_id,
    page_session.c.opened_at,
    page_session.c.seen_at,
    page_session.c.is_strong,
)
_session = select(*_SESSION).where(page_session.c.address_id == bindparam("where"))
_sessions = (
    select(*_SESSION)
    .join_from(page_session, address, address.c.id == page_session.c.address_id)
    .where(page_session.c.participant_id == bindparam("person"), address.c.state == AddressState.OPEN)
    .order_by(page_session.c.seen_at.desc(), page_session.c.id.desc())
)
_messenger = (
    select(
        address.c.id,
        address.c.channel,
        address.c.value,
        address.c.state,
        address.c.participant_id,
        address.c.staff_id,
    )
    .where(
        address.c.participant_id == bindparam("person"),
        address.c.state == AddressState.OPEN,
        address.c.channel.in_(bindparam("channels", expanding=True)),
    )
    .order_by(address.c.used_at.desc(), address.c.id.desc())
    .limit(1)
)
_lines = (
    select(func.count())
    .select_from(outgoing)
    .where(
        outgoing.c.participant_id == bindparam("person"),
        outgoing.c.posted_at >= bindparam("since"),
        outgoing.c.dedup.startswith(LINE, autoescape=True),
        outgoing.c.state.not_in((SendState.CANCELLED, SendState.FAILED)),
    )
)
_see = update(page_session).where(page_session.c.address_id == bindparam("where"))
_end = delete(page_session).where(page_session.c.address_id == bindparam("where"))
_end_all = delete(page_session).where(page_session.c.participant_id == bindparam("person"))
_FIELDS = ("address_id", "agency_id", "participant_id", "opened_at", "seen_at", "is_strong")


class SqlOwnPage:
    """Implements `page_ports.OwnPage`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def lock(self, participant_id: int) -> PageLock | None:
        """What this person must know."""
        row = self._link.execute(_lock, {"person": participant_id}).first()
        return None if row is None else PageLock(row[0], row[1], Factor(row[2]), row[3], row[4])

    def set_lock(self, new: PageLock) -> None:
        """Keep it, in place of an earlier one."""
        values = {
            "agency_id": new.agency_id,
            "participant_id": new.participant_id,
            "factor": new.factor,
            "secret": owned(new.secret, new.participant_id),
            "set_at": new.set_at,
        }
        self._link.upsert(_set_lock, values)

    def count_try(self, invitation_id: int) -> int:
        """One more try of a link."""
        return int(self._link.execute(_count, {"which": invitation_id}).scalar_one())

    def tries(self, invitation_id: int) -> int:
        """How often a link was tried."""
        return int(self._link.execute(_tries, {"which": invitation_id}).scalar() or 0)

    def begin(self, new: PageSession) -> None:
        """Keep a session."""
        self._link.upsert(_begin, {name: getattr(new, name) for name in _FIELDS})

    def session(self, address_id: int) -> PageSession | None:
        """The session of a browser."""
        row = self._link.execute(_session, {"where": address_id}).first()
        return None if row is None else PageSession(*row)

    def see(self, address_id: int, now: datetime) -> None:
        """The session was used."""
        self._link.execute(_see, {"where": address_id, "seen_at": now})

    def sessions(self, participant_id: int) -> list[PageSession]:
        """Those whose address is open."""
        return [PageSession(*row) for row in self._link.execute(_sessions, {"person": participant_id})]

    def end(self, address_id: int) -> None:
        """Remove the session of a browser."""
        self._link.execute(_end, {"where": address_id})

    def end_all(self, participant_id: int) -> None:
        """Remove the sessions of a person."""
        self._link.execute(_end_all, {"person": participant_id})

    def messenger(self, participant_id: int, channels: Collection[str]) -> Address | None:
        """Where the person can be written to in a messenger."""
        values = {"person": participant_id, "channels": sorted(channels)}
        row = self._link.execute(_messenger, values).first()
        return None if row is None else to_address(row)

    def lines_since(self, participant_id: int, since: datetime) -> int:
        """Those that were neither cancelled nor given up."""
        return int(self._link.execute(_lines, {"person": participant_id, "since": since}).scalar_one())

    def revoke_links(self, participant_id: int, now: datetime) -> int:
        """Close what was not used yet."""
        return self._link.execute(_revoke, {"person": participant_id, "used_at": now}).rowcount
