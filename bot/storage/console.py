# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Saved views of the queue, and who has which case open."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from bot.domain.queue_views import Looking, SavedView, Wanted
from bot.storage.console_tables import case_presence, saved_view
from bot.storage.link import Link, by_dialect
from bot.storage.tables import concern

_views = (
    select(
        saved_view.c.id,
        saved_view.c.agency_id,
        saved_view.c.staff_id,
        saved_view.c.name,
        saved_view.c.wanted,
        saved_view.c.is_default,
    )
    .where(saved_view.c.staff_id == bindparam("who"))
    .order_by(saved_view.c.id)
)
_add_view = saved_view.insert().returning(saved_view.c.id)
_change_view = update(saved_view).where(
    saved_view.c.id == bindparam("which"), saved_view.c.staff_id == bindparam("who")
)
_drop_view = delete(saved_view).where(
    saved_view.c.id == bindparam("which"), saved_view.c.staff_id == bindparam("who")
)
_FIELDS = ("agency_id", "concern_id", "staff_id", "seen_at")
_SEEN = case_presence.c.seen_at.type
_looking = (
    select(*(case_presence.c[name] for name in _FIELDS))
    .where(
        case_presence.c.concern_id == bindparam("concern"),
        case_presence.c.seen_at >= bindparam("since", type_=_SEEN),
    )
    .order_by(case_presence.c.id)
)
_look = by_dialect(
    case_presence,
    lambda new: new.on_conflict_do_update(
        index_elements=["concern_id", "staff_id"], set_={"seen_at": new.excluded.seen_at}
    ),
)
_forget = delete(case_presence).where(
    case_presence.c.agency_id == bindparam("agency"),
    case_presence.c.seen_at < bindparam("over", type_=_SEEN),
)
_person = select(concern.c.participant_id).where(concern.c.id == bindparam("concern"))


class SqlConsole:
    """Implements `console_ports.Console`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def views(self, staff_id: int) -> list[SavedView]:
        """Those of one staff member."""
        rows = self._link.execute(_views, {"who": staff_id})
        return [
            SavedView(row.id, row.agency_id, row.staff_id, row.name, Wanted.parse(row.wanted), row.is_default)
            for row in rows
        ]

    def put_view(self, new: SavedView) -> int:
        """Keep a view."""
        values = {"name": new.name, "wanted": new.wanted.query, "is_default": new.is_default}
        if new.id:
            self._link.execute(_change_view, {"which": new.id, "who": new.staff_id, **values})
            return new.id
        whose = {"agency_id": new.agency_id, "staff_id": new.staff_id}
        return int(self._link.execute(_add_view, {**whose, **values}).scalar_one())

    def drop_view(self, staff_id: int, view_id: int) -> int:
        """Forget a view."""
        return self._link.execute(_drop_view, {"which": view_id, "who": staff_id}).rowcount

    def looking(self, concern_id: int, since: datetime) -> list[Looking]:
        """Who has this case open."""
        rows = self._link.execute(_looking, {"concern": concern_id, "since": since})
        return [Looking(*row) for row in rows]

    def look(self, new: Looking, over: datetime) -> None:
        """They have it open now; others who have it open too are told after the commit if that is news."""
        known = {one.staff_id for one in self.looking(new.concern_id, over)}
        self._link.execute(_forget, {"agency": new.agency_id, "over": over})
        self._link.upsert(_look, {name: getattr(new, name) for name in _FIELDS})
        if known - {new.staff_id} and new.staff_id not in known:
            person = self._link.execute(_person, {"concern": new.concern_id}).scalar()
            if person is not None:
                self._link.signal_person(person)
