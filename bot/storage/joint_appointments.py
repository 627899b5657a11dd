# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What belongs to an appointment with others: who comes along, who visits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Select, bindparam, select

from bot.domain.accompaniment import Accompaniment, AccompanimentState, Companion
from bot.domain.home_visits import HomeVisit
from bot.storage.joint_tables import accompaniment, home_visit
from bot.storage.link import Link, by_dialect
from bot.storage.seals import owned

_COMPANION = msgspec.json.Decoder(Companion)

_ACCOMPANIMENT = (
    *("agency_id", "participant_id", "appointment_id", "state", "changed_at", "companion", "staff_id"),
    "promised_for",
)
_PROMISED = ("asked", "offered", "confirmed")
_some: BindParameter[Any] = bindparam("some", expanding=True)
_accompaniments: Select[Any] = select(*(accompaniment.c[name] for name in _ACCOMPANIMENT))
_accompaniments_of = _accompaniments.where(accompaniment.c.appointment_id.in_(_some))
_promised_by = _accompaniments.where(
    accompaniment.c.staff_id == bindparam("staff"), accompaniment.c.state.in_(_PROMISED)
).order_by(accompaniment.c.appointment_id)
_keep_accompaniment = by_dialect(
    accompaniment,
    lambda new: new.on_conflict_do_update(
        index_elements=["appointment_id"],
        set_={
            name: new.excluded[name]
            for name in ("state", "changed_at", "companion", "staff_id", "promised_for")
        },
    ),
)
_HOME_VISIT = (
    *("agency_id", "participant_id", "appointment_id", "staff_id", "second_id"),
    *("asked_at", "told_at", "back_at"),
)
_home_visits_of = select(*(home_visit.c[name] for name in _HOME_VISIT)).where(
    home_visit.c.appointment_id.in_(_some)
)
_keep_home_visit = by_dialect(
    home_visit,
    lambda new: new.on_conflict_do_update(
        index_elements=["appointment_id"],
        set_={
            name: new.excluded[name] for name in ("staff_id", "second_id", "asked_at", "told_at", "back_at")
        },
    ),
)


class SqlJointAppointments:
    """Implements `joint_ports.JointAppointments`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def accompaniments(self, appointment_ids: Iterable[int]) -> Mapping[int, Accompaniment]:
        """Who comes along to each."""
        some = sorted(set(appointment_ids))
        rows = self._link.execute(_accompaniments_of, {"some": some}) if some else ()
        return {one.appointment_id: one for one in map(_to_accompaniment, rows)}

    def keep_accompaniment(self, one: Accompaniment) -> None:
        """Write it down."""
        companion = msgspec.json.encode(one.companion).decode()
        values = {name: getattr(one, name) for name in _ACCOMPANIMENT} | {
            "state": one.state.value,
            "companion": owned(companion, one.participant_id),
        }
        self._link.write(_keep_accompaniment, values)

    def promised_by(self, staff_id: int) -> list[Accompaniment]:
        """What this staff member has promised or is asked for."""
        return [_to_accompaniment(row) for row in self._link.execute(_promised_by, {"staff": staff_id})]

    def home_visits(self, appointment_ids: Iterable[int]) -> Mapping[int, HomeVisit]:
        """Who goes to each, and whether they are back."""
        some = sorted(set(appointment_ids))
        rows = self._link.execute(_home_visits_of, {"some": some}) if some else ()
        return {one.appointment_id: one for one in (HomeVisit(*row) for row in rows)}

    def keep_home_visit(self, one: HomeVisit) -> None:
        """Write it down."""
        self._link.write(_keep_home_visit, {name: getattr(one, name) for name in _HOME_VISIT})


def _to_accompaniment(row: Sequence[Any]) -> Accompaniment:
    agency_id, person, appointment_id, state, changed_at, companion, *rest = row
    return Accompaniment(
        *(agency_id, person, appointment_id, AccompanimentState(state), changed_at),
        _COMPANION.decode(companion),
        *rest,
    )
