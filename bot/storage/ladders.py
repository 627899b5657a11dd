# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ladders that agencies put in force themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select

from bot.domain.editions import Origin
from bot.domain.escalation import LadderEdition
from bot.storage.link import Link
from bot.storage.programme_tables import ladder_version

_EDITION = ("agency_id", "name", "version", "digest", "source", "origin", "published_at", "actor")
_agency: BindParameter[Any] = bindparam("agency_id")
_editions: Select[Any] = (
    select(*(ladder_version.c[name] for name in _EDITION))
    .where(ladder_version.c.agency_id == _agency, ladder_version.c.name == bindparam("name"))
    .order_by(ladder_version.c.version)
)
_one_edition = _editions.where(ladder_version.c.version == bindparam("version"))
_in_force = (
    select(ladder_version.c.name, func.max(ladder_version.c.version))
    .where(ladder_version.c.agency_id == _agency)
    .group_by(ladder_version.c.name)
)


class SqlLadders:
    """Implements `ladder_ports.Ladders`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def publish(self, edition: LadderEdition) -> None:
        """Keep a version for ever."""
        values = {name: getattr(edition, name) for name in _EDITION} | {"origin": edition.origin.value}
        self._link.execute(ladder_version.insert(), values)

    def versions_in_force(self, agency_id: int) -> dict[str, int]:
        """The newest version of each set."""
        rows = self._link.read(_in_force, {"agency_id": agency_id})
        return {str(name): int(version) for name, version in rows}

    def edition(self, agency_id: int, name: str, version: int) -> LadderEdition | None:
        """One version."""
        values = {"agency_id": agency_id, "name": name, "version": version}
        row = self._link.execute(_one_edition, values).first()
        return None if row is None else _to_edition(row)

    def editions(self, agency_id: int, name: str) -> list[LadderEdition]:
        """All versions of a set, the oldest first."""
        rows = self._link.execute(_editions, {"agency_id": agency_id, "name": name})
        return [_to_edition(row) for row in rows]


def _to_edition(row: Sequence[Any]) -> LadderEdition:
    agency_id, name, version, digest, source, origin, published_at, actor = row
    return LadderEdition(agency_id, name, version, digest, source, Origin(origin), published_at, actor)
