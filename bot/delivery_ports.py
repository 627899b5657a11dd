# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What the use cases need from the store for messages on their way out, as a protocol."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from bot.domain.delivery import SendState
from bot.domain.messages import Draft, Outgoing
from bot.domain.people import Address


class Outbox(Protocol):
    """Messages on their way out: written with the state they belong to, and sent after the commit."""

    def post(self, drafts: Iterable[Draft], now: datetime) -> None: ...
    def claim(
        self,
        channel: str,
        now: datetime,
        limit: int,
        lease_until: datetime,
        *,
        urgent: int = 0,
        after_agency: int = 0,
    ) -> list[Outgoing]:
        """Take due messages, the most urgent first; for each address one at a time, in order.

        `limit` of any kind, and up to `urgent` more of the urgent kinds. Of what is equally urgent every
        agency gets the same share, beginning with the one after `after_agency`. Nothing whose end has come.
        """

    def expire(self, channel: str, now: datetime, limit: int) -> list[tuple[int, Draft]]:
        """Cancel as "too_late" what waits although its end has come, and return it with its numbers.

        At most `limit` at once; what is being sent just now is not touched.
        """

    def settle(self, results: Iterable[tuple[int, SendState, str, datetime | None]], now: datetime) -> None:
        """Write down results: (id, state, the messenger's message id or reason, next attempt)."""

    def release(self, channel: str) -> int:
        """Put back what a process that died had claimed; only for the one speaker of the channel."""

    def next_due(self, channel: str, now: datetime) -> datetime | None: ...
    def cancel_for(self, participant_id: int, spare: Iterable[str]) -> int:
        """Cancel what waits for a person, except the kinds in `spare`."""

    def cancel_needing(self, participant_id: int, need: str) -> int:
        """Cancel what waits for a person and needs this consent (see `Draft`), whatever its kind."""

    def cancel_calls(self, concern_id: int) -> int:
        """Cancel the calls (see `CALL`) for a concern that were not sent yet: somebody has it now."""

    def cancel_to(self, address_id: int) -> int:
        """Cancel what waits for an address: nobody is there any more whom it is for."""

    def fail_for(self, address_id: int, reason: str, now: datetime) -> list[tuple[int, Draft]]:
        """Give up what waits for an address, in its order; what is being sent just now is not touched."""

    def waiting_for(self, address_id: int) -> list[tuple[int, Draft]]:
        """What waits for an address, with its numbers, in its order."""

    def posted_with(self, outgoing_id: int) -> set[int]:
        """The addresses of a staff member to which a message went, all in one unit of work."""

    def is_called_elsewhere(self, outgoing_id: int) -> bool:
        """Whether a call of the same unit of work has arrived at another address, or may: of one concern."""

    def is_lost(self, outgoing_id: int) -> bool:
        """Whether a message to staff has come to none of the addresses to which it went, and will not."""

    def sent_message(self, concern_id: int) -> list[tuple[Address, str]]:
        """Where calls (see `CALL`) for a concern were delivered: address and the messenger's message id."""

    def concern_of(self, address_id: int, message: str) -> int | None:
        """The concern that a message we sent to this address (by the messenger's message id) was about."""

    def newest_case(self, address_id: int) -> int | None:
        """The concern of the last message at this address that is about one, as far as it is there by now."""

    def draft_of(self, outgoing_id: int) -> tuple[Draft, SendState] | None: ...
    def draft_if_readable(self, outgoing_id: int) -> tuple[Draft, SendState] | None:
        """Like `draft_of`; None also for what cannot be read any more."""

    def goes_to(self, outgoing_id: int) -> tuple[int, int, int | None] | None:
        """The agency, the address and the participant of a message, be it readable or not."""

    def depth(self) -> dict[str, int]:
        """Messages not yet settled, by channel."""
