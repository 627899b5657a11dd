# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What has been kept long enough is removed, in pieces, so that nothing else waits for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Table,
    delete,
    exists,
    func,
    literal,
    select,
    type_coerce,
    update,
)

from bot.domain.delivery import SendState
from bot.storage.access_tables import broken_glass
from bot.storage.columns import metadata
from bot.storage.invitation_tables import invitation_card
from bot.storage.key_tables import ERASED, person_key
from bot.storage.mail_tables import mail_link
from bot.storage.owners import owner_of
from bot.storage.programme_tables import rehearsal
from bot.storage.seals import owned
from bot.storage.staff_retention import SqlStaffRetention, drop_rows
from bot.storage.strangers import IS_VISITOR
from bot.storage.tables import (
    CLOSED,
    ENDED,
    answer,
    concern,
    concern_event,
    conversation,
    incoming,
    invitation,
    outgoing,
    participant,
    score,
)
from bot.storage.time_tables import appointment_entry

#: A sealed empty text is shorter than this, a sealed session never: it begins with names of its parts.
_BLANK_BYTES = 50
_SETTLED = (SendState.SENT, SendState.FAILED, SendState.CANCELLED)
_has_open_concern = exists().where(concern.c.id == outgoing.c.concern_id, concern.c.state != CLOSED)
_has_answers = exists().where(answer.c.conversation_id == conversation.c.id) | exists().where(
    score.c.conversation_id == conversation.c.id
)


class SqlRetention(SqlStaffRetention):
    """Implements `rights_ports.Retention`."""

    __slots__ = ()

    def drop_messages(self, agency_id: int, before: datetime, limit: int) -> int:
        """Messages in both directions, and what ended conversations held."""
        is_over = (conversation.c.state == ENDED) & (conversation.c.ended_at < before)
        settled = outgoing.c.state.in_(_SETTLED) & (outgoing.c.posted_at < before) & ~_has_open_concern
        done = self._drop(incoming, agency_id, incoming.c.at < before, limit)
        done += self._drop(outgoing, agency_id, settled, limit - done)
        done += self._drop(conversation, agency_id, is_over & ~_has_answers, limit - done)
        # Answers outlive their conversation, and they refer to it: then it is only emptied.
        lies = type_coerce(conversation.c.session, LargeBinary)
        filled = (
            select(conversation.c.id, conversation.c.participant_id)
            .where(conversation.c.agency_id == agency_id, is_over, func.length(lies) > _BLANK_BYTES)
            .order_by(conversation.c.id)
            .limit(max(0, limit - done))
        )
        rows = self._link.execute(filled).all()
        for number, person in rows:
            emptied = update(conversation).where(conversation.c.id == number)
            self._link.execute(emptied.values(session=owned("", person)))
        return done + len(rows)

    def drop_concerns(self, agency_id: int, before: datetime, limit: int) -> int:
        """Closed concerns about which nothing was done since, with all that belongs to them."""
        is_recent = exists().where(concern_event.c.concern_id == concern.c.id, concern_event.c.at >= before)
        wanted = (
            select(concern.c.id)
            .where(
                concern.c.agency_id == agency_id,
                concern.c.state == CLOSED,
                concern.c.raised_at < before,
                ~is_recent,
            )
            .order_by(concern.c.id)
            .limit(limit)
        )
        numbers = list(self._link.execute(wanted).scalars())
        if numbers:
            for table in (mail_link, outgoing, concern_event):
                self._link.execute(delete(table).where(table.c.concern_id.in_(numbers)))
            self._link.execute(delete(concern).where(concern.c.id.in_(numbers)))
        return len(numbers) + self._drop(broken_glass, agency_id, broken_glass.c.until < before, limit)

    def drop_technical(self, agency_id: int, before: datetime, limit: int) -> int:
        """Codes and links that are no longer valid, entries that were never finished, old rehearsals."""
        columns: tuple[Column[Any], ...] = (
            invitation.c.expires_at,
            invitation_card.c.expires_at,
            mail_link.c.expires_at,
            appointment_entry.c.at,
            rehearsal.c.asked_at,
        )
        return sum(self._drop(column.table, agency_id, column < before, limit) for column in columns)

    def ended(self, agency_id: int, before: datetime, limit: int) -> list[int]:
        """People whose participation ended before then, without an open concern, not yet erased.

        Who came without an invitation ends nothing: what counts is when they were last in touch.
        """
        has_open = exists().where(concern.c.participant_id == participant.c.id, concern.c.state != CLOSED)
        erased = exists().where(
            person_key.c.participant_id == participant.c.id,
            person_key.c.wrapped == literal(ERASED, LargeBinary),
        )
        wrote = exists().where(incoming.c.participant_id == participant.c.id, incoming.c.at >= before)
        was_helped = (
            exists()
            .where(concern_event.c.at >= before)
            .where(concern.c.id == concern_event.c.concern_id, concern.c.participant_id == participant.c.id)
        )
        is_over = (participant.c.left_at < before) | (IS_VISITOR & ~wrote & ~was_helped)
        wanted = select(participant.c.id).where(
            participant.c.agency_id == agency_id, is_over, ~has_open, ~erased
        )
        return list(self._link.execute(wanted.order_by(participant.c.id).limit(limit)).scalars())

    def forget(self, agency_id: int, before: datetime, limit: int) -> int:
        """Remove people who are erased and ended before then, with their consents, if no concern is left."""
        wanted = (
            select(participant.c.id)
            .join(person_key, person_key.c.participant_id == participant.c.id)
            .where(
                participant.c.agency_id == agency_id,
                # Who came without an invitation has ended nothing, and agreed to nothing.
                (participant.c.left_at < before) | participant.c.left_at.is_(None),
                person_key.c.wrapped == literal(ERASED, LargeBinary),
                ~exists().where(concern.c.participant_id == participant.c.id),
            )
        )
        numbers = list(self._link.execute(wanted.order_by(participant.c.id).limit(limit)).scalars())
        for table in reversed(metadata.sorted_tables) if numbers else ():
            owner = owner_of(table)
            if owner is not None:
                self._link.execute(delete(table).where(owner.in_(numbers)))
        return len(numbers)

    def _drop(self, table: Table, agency_id: int, old: ColumnElement[bool], limit: int) -> int:
        return drop_rows(self._link, table, agency_id, old, limit)
