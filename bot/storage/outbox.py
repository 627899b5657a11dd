# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The outbox: what is to be sent, and the record of what was."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.domain.delivery import SendState
from bot.domain.messages import Draft, Kind, Outgoing
from bot.domain.people import Address
from bot.storage import outbox_statements as statements
from bot.storage.addresses import to_address
from bot.storage.bodies import dump_body, load_body
from bot.storage.link import Link


class SqlOutbox:
    """Implements `ports.Outbox`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def post(self, drafts: Iterable[Draft], now: datetime) -> None:
        """Put messages on their way. One whose dedup key was ever used disappears."""
        rows = [_row(draft, now) | {"cause": self._link.cause} for draft in drafts]
        if rows:
            self._link.write(statements.POST, rows)

    def claim(self, channel: str, now: datetime, limit: int, lease_until: datetime) -> list[Outgoing]:
        """Take due messages, the most urgent first.

        At most one for each address, none for an address that a message is being sent to, and none before an
        earlier one of the same address that waits for another attempt.
        """
        # Two claimers at once could not see each other's choice for an address.
        self._link.alone(zlib.crc32(channel.encode()) >> 1)
        self._link.write(statements.WAKE, {"name": channel, "at": now})
        wanted = {"name": channel, "rows": limit, "lease": lease_until}
        claimed = sorted(self._link.read(statements.CLAIM, wanted), key=lambda row: (row[0], row[1]))
        return [
            Outgoing(number, address_id, value, channel, Kind(kind), load_body(body), attempts, edit, cause)
            for _, number, address_id, value, kind, body, attempts, edit, cause in claimed
        ]

    def settle(self, results: Iterable[tuple[int, SendState, str, datetime | None]], now: datetime) -> None:
        """Write down what became of messages. A final state stays, whatever comes after it."""
        rows = [
            {
                "which": number,
                "outcome": state,
                "sent_as": said if state is SendState.SENT else "",
                "why": "" if state is SendState.SENT else said,
                "again": again if state is SendState.QUEUED else None,
                "at": None if state is SendState.QUEUED else now,
            }
            for number, state, said, again in results
        ]
        if rows:
            self._link.write(statements.SETTLE, rows)

    def release(self, channel: str) -> int:
        """Put back what a process that died had claimed."""
        return self._link.execute(statements.RELEASE, {"name": channel}).rowcount

    def next_due(self, channel: str, now: datetime) -> datetime | None:
        """When the next claim can find something; `now` if it would already."""
        if self._link.read_one(statements.IS_READY, {"name": channel}) is not None:
            return now
        found = self._link.read_one(statements.NEXT_WAKE, {"name": channel})
        moment: datetime | None = found[0] if found else None
        return moment

    def cancel_for(self, participant_id: int, spare: Iterable[str]) -> int:
        """Cancel what waits for a person; what is being sent just now gets no further attempt."""
        who = {"who": participant_id, "spared": list(spare)}
        self._link.execute(statements.REVOKE, who)
        return self._link.execute(statements.CANCEL, who).rowcount

    def sent_message(self, concern_id: int) -> list[tuple[Address, str]]:
        """Where alerts of a concern were delivered, the oldest first."""
        rows = self._link.execute(statements.SENT_ALERTS, {"concern_id": concern_id})
        return [(to_address(row), row[6]) for row in rows]

    def concern_of(self, address_id: int, message: str) -> int | None:
        """The concern that a message sent to this address was about, by the messenger's id of the message."""
        values = {"address_id": address_id, "message": message}
        found: int | None = self._link.execute(statements.CONCERN_OF, values).scalar()
        return found

    def draft_of(self, outgoing_id: int) -> tuple[Draft, SendState] | None:
        """What was posted under this number, and how it stands."""
        row = self._link.execute(statements.DRAFT, {"id": outgoing_id}).first()
        if row is None:
            return None
        held = row.wait_until if row.state == SendState.QUEUED else None
        draft = Draft(
            row.agency_id,
            row.address_id,
            row.channel,
            Kind(row.kind),
            load_body(row.body),
            row.participant_id,
            row.concern_id,
            row.staff_id,
            row.edit,
            held,
            row.dedup,
        )
        return draft, SendState(row.state)

    def depth(self) -> dict[str, int]:
        """Messages not yet settled, by channel."""
        return {row[0]: row[1] for row in self._link.execute(statements.DEPTH)}


def _row(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "agency_id": draft.agency_id,
        "address_id": draft.address_id,
        "channel": draft.channel,
        "kind": draft.kind,
        "priority": draft.kind.priority,
        "body": dump_body(draft.body),
        "edit": draft.edit,
        "participant_id": draft.participant_id,
        "concern_id": draft.concern_id,
        "staff_id": draft.staff_id,
        "dedup": draft.dedup,
        "wait_until": draft.not_before,
        "posted_at": now,
    }
