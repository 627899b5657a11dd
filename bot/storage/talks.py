# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Conversations, answers, consents, and what came in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Text, Update, bindparam, literal_column, select, update

from bot.domain.consent import ConsentRecord, Given
from bot.domain.conversations import MOVES, ConversationState, Underway
from bot.domain.messages import Incoming, IncomingKind, Kind, Line
from bot.errors import NotFound
from bot.ports import Answer
from bot.storage import consents, strangers
from bot.storage.link import Link, Row, by_dialect
from bot.storage.seals import owned
from bot.storage.tables import ENDED, OPEN, answer, conversation, incoming, participant
from bot.storage.timeline import read_timeline

#: So many messages are enough to know what somebody is saying.
_MOST_SAID = 8
_record = by_dialect(
    incoming,
    lambda new: new.on_conflict_do_nothing(index_elements=["channel", "delivery"]).returning(incoming.c.id),
)
_said_since = (
    select(incoming.c.text)
    .where(
        incoming.c.participant_id == bindparam("participant_id"),
        incoming.c.at >= bindparam("since", type_=incoming.c.at.type),
        incoming.c.kind == literal_column(f"'{IncomingKind.TEXT.value}'", Text),
    )
    .order_by(incoming.c.id.desc())
    .limit(_MOST_SAID)
)
_open = conversation.insert().returning(conversation.c.id)
_which = conversation.c.id == bindparam("which")
_save = update(conversation).where(_which, conversation.c.state == OPEN)
_end = update(conversation).where(_which, conversation.c.state != ENDED)


def _move(target: ConversationState) -> Update:
    # A wanted one has no session yet, so it begins in a way of its own.
    sources = [state for state in MOVES if target in MOVES[state] and state is not ConversationState.WANTED]
    written_out = [literal_column(f"'{state.value}'", Text) for state in sources]
    return update(conversation).where(_which, conversation.c.state.in_(written_out))


_moves = {
    target: _move(target)
    for target in (ConversationState.OPEN, ConversationState.ASLEEP, ConversationState.PUT_BY)
}
_begin_wanted = update(conversation).where(_which, conversation.c.state == literal_column("'wanted'", Text))
_owner = select(conversation.c.participant_id).where(conversation.c.id == bindparam("id"))
_lock_owner = (
    select(participant.c.id).where(participant.c.id == bindparam("id")).with_for_update(key_share=True)
)
_not_ended = select(
    conversation.c.id,
    conversation.c.participant_id,
    conversation.c.dialog,
    conversation.c.state,
    conversation.c.session,
    conversation.c.priority,
    conversation.c.kind,
    conversation.c.expires_at,
    conversation.c.subject,
).where(conversation.c.state != ENDED)
_read = _not_ended.where(conversation.c.id == bindparam("id"))
_under_way = _not_ended.where(conversation.c.participant_id == bindparam("participant_id")).order_by(
    conversation.c.changed_at, conversation.c.id
)
_add_answers = answer.insert()
_answers = (
    select(
        answer.c.participant_id,
        answer.c.conversation_id,
        answer.c.dialog,
        answer.c.step,
        answer.c.key,
        answer.c.value,
    )
    .where(answer.c.participant_id == bindparam("participant_id"))
    .order_by(answer.c.id)
)


class SqlTalks:
    """Implements `ports.Talks`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def record_incoming(
        self, incoming: Incoming, agency_id: int, participant_id: int | None, now: datetime
    ) -> int | None:
        """Keep what came in. None if this delivery was already recorded."""
        values = {
            "agency_id": agency_id,
            "participant_id": participant_id,
            "channel": incoming.channel,
            "delivery": incoming.delivery,
            "kind": incoming.kind,
            "text": owned(incoming.text or None, participant_id),
            "press": owned(incoming.press or None, participant_id),
            "attachment": owned(incoming.attachment or None, participant_id),
            "at": incoming.said_at(now),
        }
        self._link.cause = f"{incoming.channel}:{incoming.delivery}"
        row = self._link.read_one(_record, values)
        return None if row is None else int(row[0])

    def said_since(self, participant_id: int, since: datetime) -> list[str]:
        """The last messages that came in words since then, the oldest first."""
        rows = self._link.read(_said_since, {"participant_id": participant_id, "since": since})
        return [row[0] or "" for row in reversed(rows)]

    def said_by_stranger(self, address_id: int, since: datetime) -> list[str]:
        """The same of somebody whom we do not know, as far as it was answered: not what comes just now."""
        return strangers.said_by(self._link, address_id, since)

    def open_conversation(
        self, agency_id: int, participant_id: int, dialog: str, session: str, now: datetime
    ) -> int:
        """Begin a conversation. The database refuses a second open one of the same person."""
        values = {
            "agency_id": agency_id,
            "participant_id": participant_id,
            "dialog": dialog,
            "session": owned(session, participant_id),
            "started_at": now,
            "changed_at": now,
        }
        return self._begin(values)

    def save_conversation(self, conversation_id: int, session: str, now: datetime) -> None:
        """Keep where an open conversation stands. Raises `NotFound` if it is not open."""
        values = {"which": conversation_id, "session": session, "changed_at": now}
        self._change(_save, values)

    def want_conversation(self, agency_id: int, wanted: Underway, now: datetime) -> int:
        """Keep a conversation that has not begun yet; its own `id`, `state` and `session` are ignored."""
        values = {
            "agency_id": agency_id,
            "participant_id": wanted.participant_id,
            "dialog": wanted.dialog,
            "session": owned("", wanted.participant_id),
            "started_at": now,
            "changed_at": now,
            "state": ConversationState.WANTED.value,
            "priority": wanted.priority,
            "kind": wanted.kind.value,
            "expires_at": wanted.expires_at,
            "subject": wanted.subject,
        }
        return self._begin(values)

    def _begin(self, values: Mapping[str, Any]) -> int:
        (row,) = self._link.read(_open, values)
        self._link.talk_owners[row[0]] = values["participant_id"]
        return int(row[0])

    def begin_wanted(self, conversation_id: int, session: str, now: datetime) -> None:
        """Open a wanted conversation. Raises `NotFound` for any other; see `open_conversation`."""
        values = {
            "which": conversation_id,
            "state": ConversationState.OPEN.value,
            "session": session,
            "started_at": now,
            "changed_at": now,
        }
        self._change(_begin_wanted, values)

    def move_conversation(
        self, conversation_id: int, state: ConversationState, session: str, now: datetime
    ) -> None:
        """Open it again, put it by, or let it sleep. Raises `NotFound` for what `MOVES` does not have."""
        if state not in _moves:
            raise NotFound(f"a way to {state.value}")
        values = {"which": conversation_id, "state": state.value, "session": session, "changed_at": now}
        self._change(_moves[state], values)

    def end_conversation(
        self, conversation_id: int, session: str, outcome: str, now: datetime, partial: bool = False
    ) -> None:
        """Close a conversation for good, wherever it stood. Raises `NotFound` if it has ended."""
        values = {
            "which": conversation_id,
            "session": session,
            "changed_at": now,
            "ended_at": now,
            "outcome": outcome,
            "state": ConversationState.ENDED.value,
            "partial": partial,
        }
        self._change(_end, values)

    def _change(self, statement: Update, values: Mapping[str, Any]) -> None:
        number = values["which"]
        if number not in self._link.talk_owners:
            row = self._link.read_one(_owner, {"id": number})
            # Where there is no such conversation, the statement finds none either.
            self._link.talk_owners[number] = row[0] if row else 0
        session = owned(values["session"], self._link.talk_owners[number] or None)
        if not self._link.write(statement, {**values, "session": session}):
            raise NotFound(f"conversation {values['which']} in the state for this")

    def conversation(self, conversation_id: int) -> Underway | None:
        """The conversation, if it has not ended; its participant is locked."""
        key = {"id": conversation_id}
        if self._link.has_row_locks:
            # Lock first, read afterwards: see SqlPeople.find_contact.
            self._link.execute(_lock_owner, {"id": self._link.execute(_owner, key).scalar()})
        row = self._link.execute(_read, key).first()
        return None if row is None else _to_underway(row)

    def under_way(self, participant_id: int) -> list[Underway]:
        """What has not ended; what has stood as it stands for longest comes first."""
        return [_to_underway(row) for row in self._link.read(_under_way, {"participant_id": participant_id})]

    def add_answers(self, agency_id: int, answers: Iterable[Answer], now: datetime) -> None:
        """Keep answers, in their order."""
        rows = [
            {
                "agency_id": agency_id,
                "participant_id": given.participant_id,
                "conversation_id": given.conversation_id,
                "dialog": given.dialog,
                "step": given.step,
                "key": given.key,
                "value": owned(given.value, given.participant_id),
                "at": now,
            }
            for given in answers
        ]
        if rows:
            self._link.write(_add_answers, rows)

    def answers(self, participant_id: int) -> list[Answer]:
        """All answers of a person, the oldest first."""
        return [Answer(*row) for row in self._link.execute(_answers, {"participant_id": participant_id})]

    def add_consent(self, agency_id: int, record: ConsentRecord) -> None:
        """Keep an agreement or a withdrawal; earlier ones stay."""
        consents.add(self._link, agency_id, record)

    def given(self, participant_id: int) -> list[Given]:
        """What decides about a person's consents, the oldest first."""
        return consents.given(self._link, participant_id)

    def given_by(self, people: Collection[int]) -> Mapping[int, list[Given]]:
        """The same of several people; whoever has none is not there."""
        return consents.given_by(self._link, people)

    def consent_records(self, participant_id: int) -> list[ConsentRecord]:
        """All records of a person with their texts, the oldest first."""
        return consents.records(self._link, participant_id)

    def timeline(self, participant_id: int, limit: int = 200) -> list[Line]:
        """The last lines in both directions, oldest first."""
        return read_timeline(self._link, participant_id, limit)


def _to_underway(row: Row) -> Underway:
    number, person, dialog, state, session, priority, kind, expires_at, subject = row
    return Underway(
        number, person, dialog, ConversationState(state), session, priority, Kind(kind), expires_at, subject
    )
