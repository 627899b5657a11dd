# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What each side expects, by topic, and sheets for joint talks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, delete, select, update

from bot.domain.expectations import (
    Agreement,
    Said,
    Sheet,
    SheetTopic,
    Side,
    SideKind,
    Topic,
    TopicState,
    in_order,
)
from bot.errors import NotFound
from bot.storage.expectation_tables import expectation_sheet, expectation_side, expectation_topic
from bot.storage.link import Link
from bot.storage.seals import owned

_AGREEMENT = msgspec.json.Decoder(Agreement)
_SAID = msgspec.json.Decoder(Said)
_TOPICS = msgspec.json.Decoder(tuple[SheetTopic, ...])

_TOPIC = (
    *("id", "agency_id", "participant_id", "state", "headline", "made_by", "made_at", "changed_at"),
    *("agreement", "appointment_id"),
)
_SIDE = ("id", "agency_id", "participant_id", "topic_id", "side", "said", "noted_by", "noted_at")
_SHEET = ("id", "agency_id", "participant_id", "ask_id", "topics", "made_by", "made_at")
_topics: Select[Any] = select(*(expectation_topic.c[name] for name in _TOPIC)).order_by(
    expectation_topic.c.id
)
_one = _topics.where(expectation_topic.c.id == bindparam("which"))
_of_person = _topics.where(expectation_topic.c.participant_id == bindparam("person"))
_add = expectation_topic.insert().returning(expectation_topic.c.id)
_save = update(expectation_topic).where(expectation_topic.c.id == bindparam("which"))
_remove = delete(expectation_topic).where(expectation_topic.c.id == bindparam("which"))
_remove_sides = delete(expectation_side).where(expectation_side.c.topic_id == bindparam("which"))
_sides: Select[Any] = select(*(expectation_side.c[name] for name in _SIDE)).where(
    expectation_side.c.topic_id.in_(bindparam("which", expanding=True))
)
_put = expectation_side.insert().returning(expectation_side.c.id)
_change = update(expectation_side).where(expectation_side.c.id == bindparam("which"))
_take = delete(expectation_side).where(expectation_side.c.id == bindparam("which"))
_sheets: Select[Any] = (
    select(*(expectation_sheet.c[name] for name in _SHEET))
    .where(expectation_sheet.c.participant_id == bindparam("person"))
    .order_by(expectation_sheet.c.id)
)
_add_sheet = expectation_sheet.insert().returning(expectation_sheet.c.id)


class SqlExpectations:
    """Implements `expectation_ports.Expectations`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: Topic) -> int:
        """Keep a new topic."""
        names = ("agency_id", "participant_id", "made_by", "made_at", "appointment_id")
        values = {name: getattr(new, name) for name in names} | _changing(new)
        return int(self._link.execute(_add, values).scalar_one())

    def get(self, topic_id: int) -> Topic | None:
        """One topic."""
        row = self._link.execute(_one, {"which": topic_id}).first()
        return None if row is None else _to_topic(row)

    def of_participant(self, participant_id: int) -> list[Topic]:
        """All of a person, the oldest first."""
        return [_to_topic(row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def save(self, changed: Topic) -> None:
        """Write down what may change. Raises `NotFound`."""
        if self._link.execute(_save.values(_changing(changed)), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no topic {changed.id}")

    def remove(self, topic_id: int) -> None:
        """Take a topic away, with all its sides."""
        for statement in (_remove_sides, _remove):
            self._link.execute(statement, {"which": topic_id})

    def put(self, side: Side) -> int:
        """Keep a side, or change the one with this `id`. Raises `NotFound`."""
        said = msgspec.json.encode(side.said).decode()
        values = {
            "side": side.kind.value,
            "said": owned(said, side.participant_id),
            "noted_by": side.noted_by,
            "noted_at": side.noted_at,
        }
        if side.id:
            if self._link.execute(_change.values(values), {"which": side.id}).rowcount != 1:
                raise NotFound(f"there is no side {side.id}")
            return side.id
        names = ("agency_id", "participant_id", "topic_id")
        row = self._link.execute(_put, {name: getattr(side, name) for name in names} | values)
        return int(row.scalar_one())

    def take(self, side_id: int) -> None:
        """Take one side away."""
        self._link.execute(_take, {"which": side_id})

    def sides(self, topic_ids: Collection[int]) -> dict[int, list[Side]]:
        """The sides of these topics, in the order in which they are shown."""
        found: dict[int, list[Side]] = {}
        for row in self._link.execute(_sides, {"which": list(topic_ids)}):
            side = _to_side(row)
            found.setdefault(side.topic_id, []).append(side)
        return {number: in_order(sides) for number, sides in found.items()}

    def add_sheet(self, new: Sheet) -> int:
        """Keep a sheet."""
        names = ("agency_id", "participant_id", "ask_id", "made_by", "made_at")
        topics = owned(msgspec.json.encode(new.topics).decode(), new.participant_id)
        values = {name: getattr(new, name) for name in names} | {"topics": topics}
        return int(self._link.execute(_add_sheet, values).scalar_one())

    def sheets(self, participant_id: int) -> list[Sheet]:
        """All of a person, the oldest first."""
        return [_to_sheet(row) for row in self._link.execute(_sheets, {"person": participant_id})]


def _changing(one: Topic) -> dict[str, Any]:
    agreement = None if one.agreement is None else msgspec.json.encode(one.agreement).decode()
    return {
        "state": one.state.value,
        "headline": owned(one.headline, one.participant_id),
        "agreement": owned(agreement, one.participant_id),
        "changed_at": one.changed_at,
    }


def _to_topic(row: Sequence[Any]) -> Topic:
    number, agency_id, person, state, headline, made_by, made_at, changed_at, *rest = row
    agreement, appointment_id = rest
    return Topic(
        *(number, agency_id, person, TopicState(state), headline, made_by, made_at, changed_at),
        agreement=None if agreement is None else _AGREEMENT.decode(agreement),
        appointment_id=appointment_id,
    )


def _to_side(row: Sequence[Any]) -> Side:
    number, agency_id, person, topic_id, kind, said, noted_by, noted_at = row
    kept = _SAID.decode(said)
    return Side(number, agency_id, person, topic_id, SideKind(kind), kept, noted_by, noted_at)


def _to_sheet(row: Sequence[Any]) -> Sheet:
    number, agency_id, person, ask_id, topics, made_by, made_at = row
    kept = _TOPICS.decode(topics)
    return Sheet(number, agency_id, person, ask_id, kept, made_by, made_at)
