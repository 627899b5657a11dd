# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The texts that staff keep ready."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.domain.canned_replies import ReplyText
from bot.storage.canned_tables import canned_reply
from bot.storage.link import Link, by_dialect

_put = by_dialect(
    canned_reply,
    lambda new: new.on_conflict_do_update(
        index_elements=["agency_id", "name", "language"],
        set_={"text": new.excluded["text"], "changed_at": new.excluded.changed_at},
    ),
)
_of_agency = (
    select(canned_reply.c.name, canned_reply.c.language, canned_reply.c.text)
    .where(canned_reply.c.agency_id == bindparam("agency"))
    .order_by(canned_reply.c.name, canned_reply.c.language)
)
_drop_all = delete(canned_reply).where(
    canned_reply.c.agency_id == bindparam("agency"), canned_reply.c.name == bindparam("which")
)
_drop_one = _drop_all.where(canned_reply.c.language == bindparam("tongue"))


class SqlCannedReplies:
    """Implements `ports.CannedReplies`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def put(self, agency_id: int, new: ReplyText, now: datetime) -> None:
        """Keep a text, in place of the one of that name and language."""
        values = {
            "agency_id": agency_id,
            "name": new.name,
            "language": new.language,
            "text": new.text,
            "changed_at": now,
        }
        self._link.upsert(_put, values)

    def drop(self, agency_id: int, name: str, language: str = "") -> int:
        """Forget a text, or all languages of a name. Returns how many there were."""
        values = {"agency": agency_id, "which": name}
        if language:
            return self._link.execute(_drop_one, {**values, "tongue": language}).rowcount
        return self._link.execute(_drop_all, values).rowcount

    def of_agency(self, agency_id: int) -> list[ReplyText]:
        """All of them, by name and language."""
        return [ReplyText(*row) for row in self._link.execute(_of_agency, {"agency": agency_id})]
