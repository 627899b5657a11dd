# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Internships and the hours worked in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select, update

from bot.domain.placements import EarlyEnd, Placement, PlacementTerms, WorkedWeek
from bot.errors import NotFound
from bot.storage.link import Link, by_dialect
from bot.storage.placement_tables import placement, placement_week
from bot.storage.seals import owned

_PLACEMENT_TERMS = msgspec.json.Decoder(PlacementTerms)
_EARLY_END = msgspec.json.Decoder(EarlyEnd)

_PLACEMENT = (
    *("id", "agency_id", "participant_id", "ask_id", "terms", "made_by", "made_at", "changed_at"),
    *("contact_id", "ending"),
)
_NEW = ("agency_id", "participant_id", "made_by", "made_at")
_placements: Select[Any] = select(*(placement.c[name] for name in _PLACEMENT)).order_by(placement.c.id)
_one = _placements.where(placement.c.id == bindparam("which"))
_of_person = _placements.where(placement.c.participant_id == bindparam("person"))
_of_contact = _placements.where(placement.c.contact_id == bindparam("contact"))
_add = placement.insert().returning(placement.c.id)
_save = update(placement).where(placement.c.id == bindparam("which"))
_enter = by_dialect(
    placement_week,
    lambda new: new.on_conflict_do_update(
        index_elements=["placement_id", "week"],
        set_={name: new.excluded[name] for name in ("minutes", "entered_by", "entered_at")},
    ),
)
_worked = (
    select(
        placement_week.c.placement_id,
        placement_week.c.week,
        placement_week.c.minutes,
        placement_week.c.entered_by,
        placement_week.c.entered_at,
    )
    .where(placement_week.c.placement_id.in_(bindparam("which", expanding=True)))
    .order_by(placement_week.c.placement_id, placement_week.c.week)
)


class SqlPlacements:
    """Implements `placement_ports.Placements`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: Placement) -> int:
        """Keep a new one."""
        values = {name: getattr(new, name) for name in _NEW} | _changing(new)
        return int(self._link.execute(_add, values).scalar_one())

    def get(self, placement_id: int) -> Placement | None:
        """One internship."""
        row = self._link.execute(_one, {"which": placement_id}).first()
        return None if row is None else _to_placement(row)

    def of_participant(self, participant_id: int) -> list[Placement]:
        """All of a person, the oldest first."""
        return [_to_placement(row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def of_contact(self, staff_id: int) -> list[Placement]:
        """All for which this staff member is the firm's contact."""
        return [_to_placement(row) for row in self._link.execute(_of_contact, {"contact": staff_id})]

    def save(self, changed: Placement) -> None:
        """Write down what may change. Raises `NotFound`."""
        if self._link.execute(_save.values(_changing(changed)), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no internship {changed.id}")

    def enter(self, placement: Placement, worked: WorkedWeek) -> None:
        """Keep the hours of a week."""
        values = {
            "agency_id": placement.agency_id,
            "participant_id": placement.participant_id,
            "placement_id": placement.id,
            "week": worked.week.isoformat(),
            "minutes": owned(str(worked.minutes), placement.participant_id),
            "entered_by": worked.entered_by,
            "entered_at": worked.entered_at,
        }
        self._link.upsert(_enter, values)

    def worked(self, placement_ids: Collection[int]) -> dict[int, list[WorkedWeek]]:
        """The hours of these internships, the oldest week first."""
        found: dict[int, list[WorkedWeek]] = {}
        for number, week, minutes, by, at in self._link.execute(_worked, {"which": list(placement_ids)}):
            found.setdefault(number, []).append(WorkedWeek(date.fromisoformat(week), int(minutes), by, at))
        return found


def _changing(one: Placement) -> dict[str, Any]:
    ending = None if one.ending is None else msgspec.json.encode(one.ending).decode()
    return {
        "ask_id": one.ask_id,
        "contact_id": one.contact_id,
        "changed_at": one.changed_at,
        "terms": owned(msgspec.json.encode(one.terms).decode(), one.participant_id),
        "ending": owned(ending, one.participant_id),
    }


def _to_placement(row: Sequence[Any]) -> Placement:
    number, agency_id, person, ask_id, terms, made_by, made_at, changed_at, contact_id, ending = row
    return Placement(
        *(number, agency_id, person, ask_id, _PLACEMENT_TERMS.decode(terms)),
        *(made_by, made_at, changed_at),
        contact_id=contact_id,
        ending=None if ending is None else _EARLY_END.decode(ending),
    )
