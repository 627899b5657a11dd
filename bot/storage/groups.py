# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Group offers with their seats, and what is counted of each day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, delete, literal, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.groups import Feeling, Group, GroupContent, GroupState, Meeting, Seat, SeatState
from bot.errors import NotFound
from bot.storage.group_tables import group_day, group_offer, group_seat, group_visit
from bot.storage.link import ByDialect, Link, by_dialect

_GROUP_CONTENT = msgspec.json.Decoder(GroupContent)

_GROUP = (
    *("id", "agency_id", "state", "capacity", "led_by", "made_by", "made_at", "content"),
    *("partner_id", "freed_at"),
)
_CHANGING = ("capacity", "led_by", "partner_id", "freed_at")
_SEAT = (
    *("id", "agency_id", "group_id", "participant_id", "state", "since"),
    *("place", "asked_at", "held_until", "series_id"),
)
_SEAT_CHANGING = ("place", "asked_at", "held_until", "series_id")
_groups: Select[Any] = select(*(group_offer.c[name] for name in _GROUP))
_one = _groups.where(group_offer.c.id == bindparam("which"))
_locked = (
    select(group_offer.c.id).where(group_offer.c.id == bindparam("which")).with_for_update(key_share=True)
)
_of_agency = _groups.where(group_offer.c.agency_id == bindparam("agency")).order_by(group_offer.c.id.desc())
_add = group_offer.insert().returning(group_offer.c.id)
_save = update(group_offer).where(group_offer.c.id == bindparam("which"))
_seats: Select[Any] = select(*(group_seat.c[name] for name in _SEAT)).order_by(group_seat.c.id)
_seats_in = _seats.where(group_seat.c.group_id == bindparam("group"))
_seats_of = _seats.where(group_seat.c.participant_id == bindparam("person"))
_all_seats = _seats.where(group_seat.c.agency_id == bindparam("agency"))
_seat_of_series = _seats.where(group_seat.c.series_id == bindparam("series"))
_sit = by_dialect(group_seat, lambda new: new.on_conflict_do_nothing().returning(group_seat.c.id))
_save_seat = update(group_seat).where(group_seat.c.id == bindparam("which"))
_stand_up = delete(group_seat).where(group_seat.c.id == bindparam("which"))
_of_day = (
    group_visit.c.group_id == bindparam("group"),
    group_visit.c.day == bindparam("on"),
)
_visited = select(group_visit.c.participant_id).where(*_of_day)
_forget = delete(group_visit).where(*_of_day)
_visits_of = (
    select(group_visit.c.group_id, group_visit.c.day)
    .where(group_visit.c.participant_id == bindparam("person"))
    .order_by(group_visit.c.day, group_visit.c.group_id)
)
_count = by_dialect(
    group_day,
    lambda new: new.on_conflict_do_update(
        index_elements=["group_id", "day"], set_={"came": new.excluded.came}
    ),
)


def _one_more(how: Feeling) -> ByDialect:
    counted = group_day.c[how.value]
    return by_dialect(
        group_day,
        lambda new: new.values({counted.name: literal(1)}).on_conflict_do_update(
            index_elements=["group_id", "day"], set_={counted.name: counted + 1}
        ),
    )


_feel = {how: _one_more(how) for how in Feeling}
_meetings = (
    select(group_day.c.day, group_day.c.came, *(group_day.c[how.value] for how in Feeling))
    .where(group_day.c.group_id == bindparam("group"))
    .order_by(group_day.c.day)
)


class SqlGroups:
    """Implements `group_ports.Groups`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: Group) -> int:
        """Keep a new one."""
        values = {
            **{name: getattr(new, name) for name in (*_CHANGING, "agency_id", "made_by", "made_at")},
            **_words(new),
        }
        return int(self._link.execute(_add, values).scalar_one())

    def get(self, group_id: int) -> Group | None:
        """One group."""
        row = self._link.execute(_one, {"which": group_id}).first()
        return None if row is None else _to_group(row)

    def lock(self, group_id: int) -> Group | None:
        """One group, that nobody else changes meanwhile."""
        # Lock first, read afterwards: what is read must be what the other has left.
        if self._link.has_row_locks:
            self._link.execute(_locked, {"which": group_id})
        return self.get(group_id)

    def of_agency(self, agency_id: int) -> list[Group]:
        """All of an agency, the newest first."""
        return [_to_group(row) for row in self._link.execute(_of_agency, {"agency": agency_id})]

    def save(self, changed: Group) -> None:
        """Write down what may change. Raises `NotFound`."""
        values = {name: getattr(changed, name) for name in _CHANGING} | _words(changed)
        if self._link.execute(_save.values(values), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no group {changed.id}")

    def seats(self, group_id: int) -> list[Seat]:
        """Everybody who comes or waits."""
        return [_to_seat(row) for row in self._link.execute(_seats_in, {"group": group_id})]

    def seats_of(self, participant_id: int) -> list[Seat]:
        """All of a person."""
        return [_to_seat(row) for row in self._link.execute(_seats_of, {"person": participant_id})]

    def all_seats(self, agency_id: int) -> list[Seat]:
        """Those of all groups of an agency."""
        return [_to_seat(row) for row in self._link.execute(_all_seats, {"agency": agency_id})]

    def seat_of_series(self, series_id: int) -> Seat | None:
        """Whose appointments these are."""
        row = self._link.execute(_seat_of_series, {"series": series_id}).first()
        return None if row is None else _to_seat(row)

    def sit(self, new: Seat) -> int | None:
        """Keep a new seat."""
        values = {name: getattr(new, name) for name in _SEAT if name != "id"} | {"state": new.state.value}
        row = self._link.upsert(_sit, values).first()
        return None if row is None else int(row[0])

    def save_seat(self, changed: Seat) -> bool:
        """Write down what may change."""
        values = {name: getattr(changed, name) for name in _SEAT_CHANGING} | {"state": changed.state.value}
        try:
            with self._link.connection.begin_nested():
                self._link.execute(_save_seat.values(values), {"which": changed.id})
        except IntegrityError:
            return False
        return True

    def stand_up(self, seat: Seat) -> None:
        """Remove a seat."""
        self._link.execute(_stand_up, {"which": seat.id})

    def visited(self, group_id: int, day: date) -> frozenset[int]:
        """Who was there on this day."""
        found = self._link.execute(_visited, {"group": group_id, "on": day.isoformat()})
        return frozenset(found.scalars())

    def visits_of(self, participant_id: int) -> list[tuple[int, date]]:
        """Where and when a person was."""
        rows = self._link.execute(_visits_of, {"person": participant_id})
        return [(group_id, date.fromisoformat(day)) for group_id, day in rows]

    def enter_visits(self, group: Group, day: date, who: Collection[int]) -> None:
        """These people were there."""
        on = day.isoformat()
        self._link.execute(_forget, {"group": group.id, "on": on})
        about = {"agency_id": group.agency_id, "group_id": group.id, "day": on}
        if who:
            rows = [about | {"participant_id": person} for person in sorted(who)]
            self._link.execute(group_visit.insert(), rows)
        self._link.upsert(_count, about | {"came": len(who)})

    def felt(self, group: Group, day: date, how: Feeling) -> None:
        """One more felt like this."""
        about = {"agency_id": group.agency_id, "group_id": group.id, "day": day.isoformat()}
        self._link.upsert(_feel[how], about)

    def meetings(self, group_id: int) -> list[Meeting]:
        """What is known of each day."""
        rows = self._link.execute(_meetings, {"group": group_id})
        return [
            Meeting(date.fromisoformat(day), came, dict(zip(Feeling, counts, strict=True)))
            for day, came, *counts in rows
        ]

    def drop(self, group_ids: Collection[int]) -> int:
        """Remove those that nobody has anything to do with, with their counts."""
        held = select(group_seat.c.group_id).union(select(group_visit.c.group_id))
        wanted = select(group_offer.c.id).where(
            group_offer.c.id.in_(group_ids), group_offer.c.id.not_in(held)
        )
        numbers = list(self._link.execute(wanted.order_by(group_offer.c.id)).scalars())
        self._link.execute(delete(group_day).where(group_day.c.group_id.in_(numbers)))
        self._link.execute(delete(group_offer).where(group_offer.c.id.in_(numbers)))
        return len(numbers)


def _words(group: Group) -> dict[str, str]:
    return {"state": group.state.value, "content": msgspec.json.encode(group.content).decode()}


def _to_group(row: Sequence[Any]) -> Group:
    number, agency_id, state, capacity, led_by, made_by, made_at, content, partner_id, freed_at = row
    return Group(
        *(number, agency_id, GroupState(state), capacity, led_by, made_by, made_at),
        _GROUP_CONTENT.decode(content),
        partner_id=partner_id,
        freed_at=freed_at,
    )


def _to_seat(row: Sequence[Any]) -> Seat:
    number, agency_id, group_id, person, state, *rest = row
    return Seat(number, agency_id, group_id, person, SeatState(state), *rest)
