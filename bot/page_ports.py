# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for the participants' own page. Part of `ports`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.own_page import PageLock, PageSession
from bot.domain.people import Address


class OwnPage(Protocol):
    """What must be known beside a link, and the browsers in which the page is open."""

    def lock(self, participant_id: int) -> PageLock | None: ...
    def set_lock(self, new: PageLock) -> None:
        """Keep it, in place of an earlier one."""

    def count_try(self, invitation_id: int) -> int:
        """Somebody tries what must be known beside this link. How often that was by now."""

    def tries(self, invitation_id: int) -> int: ...
    def begin(self, new: PageSession) -> None:
        """Keep a session; one that has the same address begins anew."""

    def session(self, address_id: int) -> PageSession | None: ...
    def see(self, address_id: int, now: datetime) -> None:
        """The session was used."""

    def sessions(self, participant_id: int) -> list[PageSession]:
        """Those whose address is open, the newest first."""

    def end(self, address_id: int) -> None:
        """Somebody signed out there: nothing tells any more whose browser it was."""

    def end_all(self, participant_id: int) -> None:
        """The same for all browsers of a person, also those that nobody has used for too long."""

    def messenger(self, participant_id: int, channels: Collection[str]) -> Address | None:
        """The open address on one of these channels that the person has used last."""

    def lines_since(self, participant_id: int, since: datetime) -> int:
        """How many lines about regular questions have called the person here since then, or still will."""

    def revoke_links(self, participant_id: int, now: datetime) -> int:
        """Links of this person that were not used yet open nothing any more. How many there were."""
