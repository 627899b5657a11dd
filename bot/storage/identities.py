# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom another house vouches for. Of who they are there only a keyed hash is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.identity import Identity, IdentityOffer
from bot.errors import AlreadyTaken
from bot.storage.link import Link, by_dialect
from bot.storage.sign_in_tables import staff_identity

_bound = select(staff_identity.c.id).where(
    staff_identity.c.staff_id == bindparam("person"), staff_identity.c.mark.is_not(None)
)
_owner = select(staff_identity.c.staff_id).where(staff_identity.c.mark == bindparam("who"))
_offer = by_dialect(
    staff_identity,
    lambda new: new.on_conflict_do_update(
        index_elements=["staff_id"],
        set_={name: new.excluded[name] for name in ("link_mark", "link_until")},
    ),
)
_offered = (
    select(staff_identity.c.agency_id, staff_identity.c.staff_id, staff_identity.c.link_until)
    .where(staff_identity.c.link_mark == bindparam("code"))
    .with_for_update(key_share=True)
)
_bind = update(staff_identity).where(staff_identity.c.staff_id == bindparam("person"))
_unbind = delete(staff_identity).where(staff_identity.c.staff_id == bindparam("person"))
_TAKEN = "this account is bound to another staff member"


class SqlIdentities:
    """Implements `sign_in_ports.Identities`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def is_bound(self, staff_id: int) -> bool:
        """Whether they can sign in with the house."""
        return self._link.execute(_bound, {"person": staff_id}).first() is not None

    def bound_to(self, identity: Identity) -> int | None:
        """The staff member whom this identity is bound to."""
        found = self._link.execute(_owner, {"who": self._identity_mark(identity)}).scalar()
        return None if found is None else int(found)

    def offer_identity(self, offer: IdentityOffer, code: str) -> None:
        """Keep a link to bind with; an older one opens nothing."""
        values = {
            "agency_id": offer.agency_id,
            "staff_id": offer.staff_id,
            "link_mark": self._mark(code, "identity_link"),
            "link_until": offer.until,
        }
        self._link.upsert(_offer, values)

    def identity_offer(self, code: str) -> IdentityOffer | None:
        """What the link with this code offers, whether it is still open or not; locked."""
        row = self._link.execute(_offered, {"code": self._mark(code, "identity_link")}).first()
        return None if row is None else IdentityOffer(*row)

    def bind_identity(self, staff_id: int, identity: Identity, now: datetime) -> None:
        """This identity from now on; the link is used up. Raises `AlreadyTaken` for a colleague's."""
        if self.bound_to(identity) not in (None, staff_id):
            raise AlreadyTaken(_TAKEN)
        values = {
            "person": staff_id,
            "mark": self._identity_mark(identity),
            "since": now,
            "link_mark": None,
            "link_until": None,
        }
        try:
            self._link.execute(_bind, values)
        except IntegrityError:
            raise AlreadyTaken(_TAKEN) from None

    def unbind_identity(self, staff_id: int) -> bool:
        """Neither identity nor link any more. False if there was none."""
        return bool(self._link.execute(_unbind, {"person": staff_id}).rowcount)

    def _identity_mark(self, identity: Identity) -> bytes:
        return self._mark(f"{identity.issuer}\0{identity.subject}", "identity")

    def _mark(self, text: str, what: str) -> bytes:
        return self._link.keyring.fingerprint(text, f"sign_in.{what}")
