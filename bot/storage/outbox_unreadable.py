# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Messages that cannot be read: each is given up by itself, so that it holds up no other.

It was changed by hand, its key is gone, or a newer version wrote it. The auditor tells who has to look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy import bindparam, select, update

from bot.domain.delivery import UNREADABLE
from bot.errors import SealBroken
from bot.storage.link import Link, Row
from bot.storage.outbox_statements import CLAIMED
from bot.storage.tables import SENDING, outgoing

T = TypeVar("T")

#: What reading a row raises if it is not what was written.
NOT_READ = (SealBroken, ValueError, msgspec.DecodeError)

# Which rows a claim took is seen only one by one where it could not give them back.
_JUST_CLAIMED = (
    select(outgoing.c.id)
    .where(
        outgoing.c.channel == bindparam("name"),
        outgoing.c.agency_id == bindparam("agency"),
        outgoing.c.state == SENDING,
        outgoing.c.wait_until == bindparam("lease"),
    )
    .order_by(outgoing.c.id)
)
_CLAIMED_ONE = select(*CLAIMED).where(outgoing.c.id == bindparam("which"))
_GIVE_UP = (
    update(outgoing)
    .where(outgoing.c.id == bindparam("which"))
    .values(state="failed", wait_until=None, reason=UNREADABLE, settled_at=bindparam("at"))
)
#: Where a message is to go, be it readable or not.
GOES_TO = select(outgoing.c.agency_id, outgoing.c.address_id, outgoing.c.participant_id).where(
    outgoing.c.id == bindparam("id")
)


def read_one_by_one(
    link: Link, wanted: Mapping[str, Any], known: Collection[int], build: Callable[[Row], T]
) -> list[T]:
    """What was claimed just now under the lease of `wanted`, without the `known`; the unreadable fails."""
    found = []
    which = {name: wanted[name] for name in ("name", "agency", "lease")}
    for number in link.execute(_JUST_CLAIMED, which).scalars().all():
        if number in known:
            continue
        try:
            found.append(build(link.execute(_CLAIMED_ONE, {"which": number}).one()))
        except NOT_READ:
            link.execute(_GIVE_UP, {"which": number, "at": wanted["at"]})
    return found
