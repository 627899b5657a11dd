# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Invitations. Only a keyed fingerprint of the code is kept: who reads the database cannot use it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.domain.people import Invitation
from bot.storage.invitation_tables import invitation_card
from bot.storage.link import Link
from bot.storage.tables import invitation

FINGERPRINT = "invitation.fingerprint"

_add = invitation.insert().returning(invitation.c.id)
_by_code = (
    select(
        invitation.c.id,
        invitation.c.agency_id,
        invitation.c.language,
        invitation.c.programme,
        invitation.c.coach_id,
        invitation.c.staff_id,
        invitation.c.participant_id,
        invitation.c.expires_at,
        invitation.c.used_at,
    )
    .where(invitation.c.fingerprint == bindparam("fingerprint"))
    .with_for_update(key_share=True)
)
_use = update(invitation).where(invitation.c.id == bindparam("which"))
_count = (
    update(invitation_card)
    .where(invitation_card.c.invitation_id == bindparam("which"))
    .values(opened=invitation_card.c.opened + 1)
    .returning(invitation_card.c.opened < invitation_card.c.most)
)
_empty = update(invitation_card).where(invitation_card.c.invitation_id == bindparam("which"))


_FIELDS = ("agency_id", "language", "programme", "coach_id", "staff_id", "participant_id", "expires_at")


class SqlInvitations:
    """The part of `ports.People` about invitations."""

    __slots__ = ()
    _link: Link

    def add_invitation(self, code: str, new: Invitation) -> int:
        """Keep an invitation."""
        values = {name: getattr(new, name) for name in _FIELDS}
        values["fingerprint"] = self._link.keyring.fingerprint(code, FINGERPRINT)
        return int(self._link.execute(_add, values).scalar_one())

    def find_invitation(self, code: str) -> Invitation | None:
        """The invitation of a code, used or not; locked."""
        fingerprint = self._link.keyring.fingerprint(code, FINGERPRINT)
        row = self._link.execute(_by_code, {"fingerprint": fingerprint}).first()
        return None if row is None else Invitation(*row)

    def use_invitation(self, invitation_id: int, now: datetime) -> None:
        """Mark it as used; an open door only when as many have come in as could."""
        stays_open = self._link.execute(_count, {"which": invitation_id}).scalar()
        if stays_open:
            return
        if stays_open is not None:
            self._link.execute(_empty, {"which": invitation_id, "code": ""})
        self._link.execute(_use, {"which": invitation_id, "used_at": now})
