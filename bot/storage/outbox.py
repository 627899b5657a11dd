# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The outbox: what is to be sent, and the record of what was."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from bot.domain.delivery import ANSWERED, NO_CONSENT, NO_FAILURE, TOO_LATE, SendState
from bot.domain.messages import LEAST_URGENT, URGENT, Draft, Kind, Outgoing
from bot.domain.people import Address
from bot.storage import outbox_sent
from bot.storage import outbox_statements as statements
from bot.storage.addresses import to_address
from bot.storage.bodies import dump_body, load_body
from bot.storage.link import Link, Row
from bot.storage.outbox_unreadable import GOES_TO, NOT_READ, read_one_by_one
from bot.storage.seals import owned


class SqlOutbox:
    """Implements `ports.Outbox`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def post(self, drafts: Iterable[Draft], now: datetime) -> None:
        """Put messages on their way. One whose dedup key was ever used disappears."""
        cause = self._link.cause
        rows = [_row(draft, now, self._owner(draft)) | {"cause": cause} for draft in drafts]
        if rows:
            self._link.write(statements.POST, rows)
            for channel in {row["channel"] for row in rows}:
                self._link.signal_out(channel)

    def _owner(self, draft: Draft) -> int | None:
        """Whose content it is: that of the person it goes to or is about."""
        if draft.participant_id is not None:
            return draft.participant_id
        about = {"concern": draft.concern_id or 0, "address": draft.address_id}
        owner: int | None = self._link.read(statements.OWNER, about)[0][0]
        return owner

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
        """Take due messages, the most urgent first, and as many of each agency where they are equally urgent.

        At most one for each address, none for an address that a message is being sent to, and none before an
        earlier one of the same address that waits for another attempt. What is past its end stays: `expire`.
        """
        # Two claimers at once could not see each other's choice for an address.
        self._link.alone(zlib.crc32(channel.encode()) >> 1)
        woken = self._link.write(statements.WAKE, {"name": channel, "at": now})
        if woken == statements.WOKEN_AT_ONCE:
            self._link.write(statements.WAKE_URGENT, {"name": channel, "at": now})
        claimed: list[Outgoing] = []
        while True:
            least = LEAST_URGENT if len(claimed) < limit else URGENT
            heads = self._heads(channel, least, now)
            best = min((priority for _, priority in heads), default=least)
            room = limit - len(claimed) + (urgent if best <= URGENT else 0)
            if not heads or room <= 0:
                break
            if len(heads) > 1:
                least = best
            elif best <= URGENT:
                # Nobody is there to share with, so that one statement may go through several classes.
                least = URGENT
            in_turn = _in_turn((agency for agency, priority in heads if priority == best), after_agency)
            wanted = {"name": channel, "least": least, "lease": lease_until, "at": now}
            taken = self._share(in_turn, room, wanted, {message.id for message in claimed})
            if not taken:
                break  # somebody else is just changing these rows
            claimed += taken
        return sorted(claimed, key=lambda message: (message.kind.priority, message.id))

    def _heads(self, channel: str, least: int, now: datetime) -> list[tuple[int, int]]:
        """Agencies that have something to claim, with the priority of the most urgent."""
        found = self._link.read(statements.HEADS, {"name": channel, "least": least, "at": now})
        return [(agency, priority) for agency, priority in found if priority is not None]

    def _share(
        self, agencies: list[int], room: int, wanted: dict[str, Any], known: set[int]
    ) -> list[Outgoing]:
        """Claim the same number for each agency; where it does not come out even the first get one more."""
        taken: list[Outgoing] = []
        for place, agency in enumerate(agencies[:room]):
            rows = -(-(room - len(taken)) // (len(agencies) - place))
            taken += self._take(wanted | {"agency": agency, "rows": rows}, known)
        return taken

    def _take(self, wanted: dict[str, Any], known: set[int]) -> list[Outgoing]:
        build = partial(_outgoing, wanted["name"])
        try:
            return [build(row) for row in self._link.read(statements.CLAIM, wanted)]
        except NOT_READ:
            return read_one_by_one(self._link, wanted, known, build)

    def expire(self, channel: str, now: datetime, limit: int) -> list[tuple[int, Draft]]:
        """Cancel what waits although its end has come; it is returned with its numbers, the oldest first."""
        values = {"name": channel, "at": now, "rows": limit, "why": TOO_LATE}
        numbers = sorted(row[0] for row in self._link.read(statements.EXPIRE, values))
        return self._readable(numbers)

    def settle(self, results: Iterable[tuple[int, SendState, str, datetime | None]], now: datetime) -> None:
        """Write down what became of messages. A final state stays, whatever comes after it."""
        rows = [
            {
                "which": number,
                "outcome": state,
                "sent_as": said if state is SendState.SENT else "",
                "why": "" if state is SendState.SENT else said,
                "counted": int(state is not SendState.QUEUED or said not in NO_FAILURE),
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
        """When the next claim or `expire` can find something; not after `now` if it would already."""
        if self._heads(channel, LEAST_URGENT, now):
            return now
        (moments,) = self._link.read(statements.NEXT_WAKE, {"name": channel})
        return min((moment for moment in moments if moment is not None), default=None)

    def cancel_for(self, participant_id: int, spare: Iterable[str]) -> int:
        """Cancel what waits for a person; what is being sent just now gets no further attempt."""
        who = {"who": participant_id, "spared": list(spare)}
        self._link.execute(statements.REVOKE, who)
        return self._link.execute(statements.CANCEL, who).rowcount

    def cancel_needing(self, participant_id: int, need: str) -> int:
        """Cancel what waits for a person and needs this consent; see `cancel_for`."""
        who = {"who": participant_id, "need": f"% {need} %", "why": NO_CONSENT}
        self._link.execute(statements.REVOKE_NEEDING, who)
        return self._link.execute(statements.CANCEL_NEEDING, who).rowcount

    def cancel_calls(self, concern_id: int) -> int:
        """Cancel the calls for a concern that still wait; one being sent just now gets no further attempt."""
        which = {"about": concern_id, "why": ANSWERED}
        self._link.execute(statements.REVOKE_CALLS, which)
        return self._link.execute(statements.CANCEL_CALLS, which).rowcount

    def cancel_to(self, address_id: int) -> int:
        """Cancel what waits for an address; what is being sent just now gets no further attempt."""
        where = {"where": address_id}
        self._link.execute(statements.REVOKE_TO, where)
        return self._link.execute(statements.CANCEL_TO, where).rowcount

    def fail_for(self, address_id: int, reason: str, now: datetime) -> list[tuple[int, Draft]]:
        """Give up what waits for an address. Returns it with its numbers, in the order of sending."""
        numbers = self._waiting(address_id)
        # Read while they still say how long they were to be held.
        found = self._readable(numbers)
        if numbers:
            self._link.execute(statements.FAIL_ALL, {"where": address_id, "why": reason, "at": now})
        return found

    def waiting_for(self, address_id: int) -> list[tuple[int, Draft]]:
        """What waits for an address and can be read, with its numbers, in the order of sending."""
        return self._readable(self._waiting(address_id))

    def _waiting(self, address_id: int) -> list[int]:
        return list(self._link.execute(statements.WAITING_FOR, {"where": address_id}).scalars())

    def _readable(self, numbers: Iterable[int]) -> list[tuple[int, Draft]]:
        found = [(number, self.draft_if_readable(number)) for number in numbers]
        return [(number, draft[0]) for number, draft in found if draft is not None]

    def posted_with(self, outgoing_id: int) -> set[int]:
        """The addresses of a staff member to which a message went, all in one unit of work."""
        return set(self._link.execute(outbox_sent.POSTED_WITH, {"id": outgoing_id}).scalars())

    def is_called_elsewhere(self, outgoing_id: int) -> bool:
        """Whether one of the others of a call has arrived, or may yet."""
        return self._link.execute(outbox_sent.CALLED_ELSEWHERE, {"id": outgoing_id}).first() is not None

    def is_lost(self, outgoing_id: int) -> bool:
        """Whether a message to staff has come to none of the addresses to which it went, and will not."""
        states = {row.state for row in self._link.execute(outbox_sent.POSTED_WITH, {"id": outgoing_id})}
        return not states & {SendState.QUEUED, SendState.SENDING, SendState.SENT}

    def sent_message(self, concern_id: int) -> list[tuple[Address, str]]:
        """Where calls for a concern were delivered, the oldest first."""
        rows = self._link.execute(outbox_sent.SENT_ALERTS, {"about": concern_id})
        return [(to_address(row), row[6]) for row in rows]

    def concern_of(self, address_id: int, message: str) -> int | None:
        """The concern that a message sent to this address was about, by the messenger's id of the message."""
        values = {"address_id": address_id, "message": message}
        found: int | None = self._link.execute(outbox_sent.CONCERN_OF, values).scalar()
        return found

    def newest_case(self, address_id: int) -> int | None:
        """The concern of the last message at this address that is about one, as far as it is there by now."""
        found: int | None = self._link.execute(outbox_sent.NEWEST_CASE, {"address_id": address_id}).scalar()
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
            row.expires_at,
            row.subject,
            tuple(row.needs.split()),
        )
        return draft, SendState(row.state)

    def draft_if_readable(self, outgoing_id: int) -> tuple[Draft, SendState] | None:
        """Like `draft_of`; None also for what cannot be read any more."""
        try:
            return self.draft_of(outgoing_id)
        except NOT_READ:
            return None

    def goes_to(self, outgoing_id: int) -> tuple[int, int, int | None] | None:
        """The agency, the address and the participant of a message, be it readable or not."""
        row = self._link.execute(GOES_TO, {"id": outgoing_id}).first()
        return (row[0], row[1], row[2]) if row is not None else None

    def depth(self) -> dict[str, int]:
        """Messages not yet settled, by channel."""
        return {row[0]: row[1] for row in self._link.execute(statements.DEPTH)}


def _in_turn(agencies: Iterable[int], after: int) -> list[int]:
    """The agencies in a ring, from the one that comes after the one that was served last."""
    return sorted(agencies, key=lambda agency: (agency <= after, agency))


def _outgoing(channel: str, row: Row) -> Outgoing:
    _, number, address_id, value, kind, body, *rest = row
    attempts, edit, cause, agency_id, zone, participant_id, needs, subject = rest
    return Outgoing(
        *(number, address_id, value, channel, Kind(kind), load_body(body)),
        *(attempts, edit, cause, agency_id, zone or "", participant_id),
        needs=tuple(needs.split()),
        subject=subject,
    )


def _row(draft: Draft, now: datetime, owner: int | None) -> dict[str, Any]:
    return {
        "agency_id": draft.agency_id,
        "address_id": draft.address_id,
        "channel": draft.channel,
        "kind": draft.kind,
        "priority": draft.kind.priority,
        "body": owned(dump_body(draft.body), owner),
        "edit": draft.edit,
        "participant_id": draft.participant_id,
        "concern_id": draft.concern_id,
        "staff_id": draft.staff_id,
        "dedup": draft.dedup,
        "wait_until": draft.not_before,
        "posted_at": now,
        "expires_at": draft.not_after,
        "subject": draft.subject,
        # With blanks on both sides, so that a name is found without being part of another.
        "needs": f" {' '.join(draft.needs)} " if draft.needs else "",
        "own": draft.own,
    }
