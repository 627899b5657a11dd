# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What is known about a person beyond one conversation: facts, scores, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from bot.domain.scores import ScoreRecord
from bot.storage.link import Link, by_dialect
from bot.storage.seals import owned
from bot.storage.tables import answer, consent, participant_fact, score


class _Found(msgspec.Struct, frozen=True):
    """How a computed score lies in its sealed column."""

    value: int
    band: str = ""
    cutoffs: tuple[str, ...] = ()


_FOUND = msgspec.json.Decoder(_Found)
_ITEMS = msgspec.json.Decoder(tuple[str, ...])
SCORE = ("participant_id", "conversation_id", "rule", "version", "value", "reason", "items", "at")
_set_fact = by_dialect(
    participant_fact,
    lambda new: new.on_conflict_do_update(
        index_elements=["participant_id", "name"],
        set_={"value": new.excluded["value"], "at": new.excluded.at},
    ),
)
_facts = (
    select(participant_fact.c.name, participant_fact.c.value)
    .where(participant_fact.c.participant_id == bindparam("participant_id"))
    .order_by(participant_fact.c.name)
)
_add_scores = score.insert()
_newest = (
    select(score.c.id)
    .where(
        score.c.participant_id == bindparam("person"),
        score.c.conversation_id == bindparam("conversation"),
        score.c.rule == bindparam("counted_by"),
    )
    .order_by(score.c.id.desc())
    .limit(1)
)
_drop_score = score.delete().where(score.c.id == _newest.scalar_subquery())
# A score without the answers that it was made of proves nothing: when they are deleted, it no longer counts.
_answered = select(answer.c.conversation_id).where(answer.c.participant_id == bindparam("participant_id"))
_scores = (
    select(*(score.c[name] for name in SCORE))
    .where(
        score.c.participant_id == bindparam("participant_id"),
        score.c.rule == bindparam("rule"),
        score.c.version == bindparam("version"),
        score.c.conversation_id.in_(_answered),
    )
    .order_by(score.c.id.desc())
    .limit(bindparam("at_most"))
)
_first_consent = (
    select(consent.c.at)
    .where(
        consent.c.participant_id == bindparam("participant_id"),
        consent.c.purpose == bindparam("purpose"),
        consent.c.granted.is_(True),
    )
    .order_by(consent.c.id)
    .limit(1)
)
_last_answer = (
    select(answer.c.at)
    .where(answer.c.participant_id == bindparam("participant_id"))
    .order_by(answer.c.id.desc())
    .limit(1)
)


class SqlMemory:
    """Implements `ports.Memory`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def set_fact(self, agency_id: int, participant_id: int, name: str, value: str, now: datetime) -> None:
        """Remember a fact, in place of what it was."""
        values = {
            "agency_id": agency_id,
            "participant_id": participant_id,
            "name": name,
            "value": owned(value, participant_id),
            "at": now,
        }
        self._link.upsert(_set_fact, values)

    def facts(self, participant_id: int) -> Mapping[str, str]:
        """Everything that dialogs remember about a person."""
        rows = self._link.execute(_facts, {"participant_id": participant_id})
        return {row.name: row.value for row in rows}

    def add_scores(self, agency_id: int, scores: Iterable[ScoreRecord]) -> None:
        """Keep scores, in their order."""
        rows = [_row(agency_id, record) for record in scores]
        if rows:
            self._link.execute(_add_scores, rows)

    def drop_score(self, replaced: ScoreRecord) -> None:
        """Drop the newest score of that person, conversation and rule, because an answer was changed."""
        values = {
            "person": replaced.participant_id,
            "conversation": replaced.conversation_id,
            "counted_by": replaced.rule,
        }
        self._link.execute(_drop_score, values)

    def scores(self, participant_id: int, rule: str, version: int, limit: int = 20) -> list[ScoreRecord]:
        """The newest scores by that rule of that version whose answers are kept, the oldest first."""
        values = {"participant_id": participant_id, "rule": rule, "version": version, "at_most": limit}
        return [to_score(*row) for row in reversed(self._link.execute(_scores, values).all())]

    def first_consent_at(self, participant_id: int, purpose: str) -> datetime | None:
        """When the person first gave this consent, whether or not it still stands."""
        return self._moment(_first_consent, {"participant_id": participant_id, "purpose": purpose})

    def last_answer_at(self, participant_id: int) -> datetime | None:
        """When the person last answered or skipped a question of a dialog."""
        return self._moment(_last_answer, {"participant_id": participant_id})

    def _moment(self, statement: Any, values: Mapping[str, Any]) -> datetime | None:
        at: datetime | None = self._link.execute(statement, values).scalar()
        return at


def _row(agency_id: int, record: ScoreRecord) -> dict[str, Any]:
    found = None
    if record.value is not None:
        found = msgspec.json.encode(_Found(record.value, record.band, record.cutoffs)).decode()
    return {
        "agency_id": agency_id,
        "participant_id": record.participant_id,
        "conversation_id": record.conversation_id,
        "rule": record.rule,
        "version": record.version,
        "value": owned(found, record.participant_id),
        "reason": record.reason,
        "items": owned(msgspec.json.encode(record.items).decode(), record.participant_id),
        "at": record.at,
    }


def value_of(text: str) -> int:
    """The number in the sealed column of a score that was computed."""
    return _FOUND.decode(text).value


def to_score(*row: Any) -> ScoreRecord:
    """The score in a row of `SCORE`."""
    participant_id, conversation_id, rule, version, value, reason, items, at = row
    found = None if value is None else _FOUND.decode(value)
    return ScoreRecord(
        participant_id,
        conversation_id,
        rule,
        version,
        at,
        value=found.value if found else None,
        band=found.band if found else "",
        cutoffs=found.cutoffs if found else (),
        reason=reason,
        items=_ITEMS.decode(items),
    )
