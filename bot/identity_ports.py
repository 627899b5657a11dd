# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Port for the house that vouches for staff. Beside `ports`: only the web side speaks to it."""

from __future__ import annotations

from typing import Protocol

from bot.domain.identity import Identity, NotVouched, Passage

#: Where a house sends people back to, behind the public URL: its operator registers this address.
HOUSE_BACK = "/console/login/house/back"


class IdentityProvider(Protocol):
    """A house that signs its own people in. Nothing here raises what a network can do."""

    @property
    def label(self) -> str:
        """What people call it, for the button: "Mit ... anmelden"."""

    async def way_there(self, passage: Passage) -> str | None:
        """The address to send a browser to; None while the house cannot be reached."""

    async def vouch(self, passage: Passage, answer: dict[str, str]) -> Identity | NotVouched:
        """Who came back with this answer (the fields of the address), or why that is nobody.

        That the answer's `state` is the passage's has been looked at already.
        """
