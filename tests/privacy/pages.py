# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Every route that the program serves, walked from its own table: a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.ports import UnitOfWork
from bot.storage.tables import metadata
from bot.web.deliveries import Deliveries
from tests.web.building import Building

#: What stands in the place of a part of a path, by the type of the part.
_NUMBER, _WORD = "1", "x" * 43


def routes(building: Building) -> list[Route]:
    """All of them; what is mounted (files that are the same for everybody) is not among them."""
    app: Any = building.app
    while isinstance(app, Deliveries) or not isinstance(app, Starlette):
        app = app._app
    assert [one.path for one in app.routes if isinstance(one, Mount)] == ["/static"]
    return [one for one in app.routes if isinstance(one, Route)]


def path_of(route: Route) -> str:
    """An address that leads to this route."""
    return re.sub(r"\{(\w+)(:int)?\}", lambda part: _NUMBER if part[2] else _WORD, route.path)


def walks(building: Building, method: str) -> Iterator[tuple[str, str]]:
    """Path as it is declared, and one that leads there, for every route with this method."""
    for route in routes(building):
        if method in (route.methods or ()):
            yield route.path, path_of(route)


def rows(building: Building) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database, but for the log of who looked at what: a page that is refused is a look."""

    def read(uow: UnitOfWork) -> dict[str, list[tuple[Any, ...]]]:
        connection: Any = uow.connection  # type: ignore[attr-defined]
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
            if not table.name.startswith("audit")
        }

    return building.do(read)
