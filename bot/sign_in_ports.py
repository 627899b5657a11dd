# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ports for how staff sign in. Part of `ports`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.identity import Identity, IdentityOffer
from bot.domain.sign_in import Login, Session, Tries


class Identities(Protocol):
    """Whom another house vouches for; of who they are there only a keyed hash is kept."""

    def is_bound(self, staff_id: int) -> bool:
        """Whether they can sign in with the house."""

    def bound_to(self, identity: Identity) -> int | None:
        """The staff member whom this identity is bound to."""

    def offer_identity(self, offer: IdentityOffer, code: str) -> None:
        """Keep a link to bind with; an older one opens nothing. What is bound stays as it is."""

    def identity_offer(self, code: str) -> IdentityOffer | None:
        """What the link with this code offers, whether it is still open or not; locked."""

    def bind_identity(self, staff_id: int, identity: Identity, now: datetime) -> None:
        """From now on this identity in place of another; the link is used up.

        Raises `AlreadyTaken` for a colleague's.
        """

    def unbind_identity(self, staff_id: int) -> bool:
        """Neither identity nor link any more. False if there was none."""


class SignIns(Identities, Protocol):
    """Sessions, logins, and tries. Of secrets that a browser or a person holds only keyed hashes are kept."""

    def add_session(self, new: Session) -> int:
        """Keep a session, whose own `id` is ignored; one that its address had before is replaced."""

    def session(self, address_id: int) -> Session | None:
        """The session of a console address, over or not."""

    def sessions(self, staff_id: int) -> list[Session]:
        """Those of a staff member that nobody has ended, the oldest first."""

    def touch_session(self, session_id: int, now: datetime) -> None: ...
    def end_session(self, session_id: int, now: datetime) -> None: ...

    def login(self, name: str) -> Login | None:
        """The login of a name in its `login_name` form, locked for this unit of work."""

    def login_of(self, staff_id: int) -> Login | None:
        """The login of a staff member."""

    def login_by_link(self, code: str) -> Login | None:
        """The login whose link has this code, whether it is still open or not; locked."""

    def offer(self, new: Login, code: str) -> None:
        """Keep the name, `next_secret` and `link_until` of a login, with the code of its link.

        What the person signs in with stays as it is. Raises `AlreadyTaken` for a colleague's name.
        """

    def take_up(self, login: Login) -> None:
        """Keep `password`, `secret` and `step`; its link opens nothing any more."""

    def use_step(self, login_id: int, step: int) -> None: ...

    def keep_recovery(self, agency_id: int, staff_id: int, codes: Sequence[str]) -> None:
        """These are the recovery codes from now on; older ones open nothing."""

    def use_recovery(self, staff_id: int, code: str, now: datetime) -> bool:
        """Use a code up. False if it is none, or was used."""

    def know_device(self, agency_id: int, staff_id: int, device: str, now: datetime) -> None:
        """Somebody has signed in on this device, which is named by a secret of its own."""

    def is_known_device(self, staff_id: int, device: str) -> bool: ...
    def forget_devices(self, staff_id: int) -> None: ...

    def tries(self, what: str) -> Tries | None:
        """How often `what` was tried; locked."""

    def keep_tries(self, agency_id: int, what: str, tries: Tries) -> None: ...
    def forget_tries(self, what: str) -> None: ...
    def forget_tries_before(self, moment: datetime) -> None: ...
