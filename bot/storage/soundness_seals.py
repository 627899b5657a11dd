# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Open concerns whose words, or whose person's name, cannot be opened any more; and the sessions that can.

Whoever would be called for such a concern is not: what moves it on fails when it reads it.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import bindparam, func, select
from sqlalchemy import cast as as_type

from bot.audit_ports import Broken
from bot.errors import SealBroken
from bot.storage.columns import Sealed
from bot.storage.link import Link
from bot.storage.owners import RAW, sealed_columns
from bot.storage.person_keys import SqlPersonKeys
from bot.storage.soundness_statements import SESSIONS_OF
from bot.storage.tables import CLOSED, concern, conversation, participant

#: So many concerns are opened in one cycle: that costs more than all other checks of a row.
PART = 500

_CONTENT = [*sealed_columns(concern), *sealed_columns(participant)]
_PLACES = [cast("Sealed", column.type).context for column in _CONTENT]
_SESSION = cast("Sealed", conversation.c.session.type).context
_after = bindparam("after", type_=concern.c.id.type)
_part = (
    select(concern.c.id)
    .where(concern.c.state != CLOSED, concern.c.id > _after)
    .order_by(concern.c.id)
    .limit(PART)
    .subquery()
)
_rows = (
    select(
        concern.c.agency_id,
        concern.c.id,
        concern.c.participant_id,
        *(as_type(column, RAW) for column in _CONTENT),
    )
    .join_from(concern, participant, participant.c.id == concern.c.participant_id)
    .where(concern.c.id.in_(select(_part.c.id)))
    .order_by(concern.c.id)
)
#: As in `soundness_statements`.
PART_END: tuple[Any, int] = (select(func.max(_part.c.id), func.count()), PART)


def closed_to_all(link: Link, after: int) -> list[Broken]:
    """The next open concerns that cannot be read whole."""
    rows = link.execute(_rows, {"after": after}).all()
    SqlPersonKeys(link).load_many({row[2] for row in rows})
    return [(row[0], row[1]) for row in rows if not _opens(link, row[3:])]


def sessions(link: Link, after: int) -> list[tuple[int, int, str | None]]:
    """The next conversations that have not ended; None for a session that cannot be opened."""
    rows = link.execute(SESSIONS_OF, {"after": after}).all()
    SqlPersonKeys(link).load_many({row[2] for row in rows})
    return [(row[0], row[1], _opened(link, row[3], _SESSION)) for row in rows]


def _opens(link: Link, values: Any) -> bool:
    there = [(place, value) for place, value in zip(_PLACES, values, strict=True) if value is not None]
    return all(_opened(link, value, place) is not None for place, value in there)


def _opened(link: Link, value: Any, place: str) -> str | None:
    try:
        return link.seals.open(bytes(value), place)
    except (SealBroken, ValueError):  # ValueError: what was sealed is no text
        return None
