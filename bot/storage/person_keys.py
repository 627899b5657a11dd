# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The keys of people, as rows."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import LargeBinary, bindparam, cast, literal, select, update

from bot.storage.key_tables import ERASED, person_key
from bot.storage.link import Link, by_dialect
from bot.storage.owners import RAW, owner_of, seal_anew, sealed_tables
from bot.storage.tables import participant

# As bytes, whatever SQLite has taken: see `columns.Sealed`.
_wrapped = cast(person_key.c.wrapped, LargeBinary)
_load = select(_wrapped).where(person_key.c.participant_id == bindparam("id"))
_load_many = select(person_key.c.participant_id, _wrapped).where(
    person_key.c.participant_id.in_(bindparam("people", expanding=True))
)
_own = select(
    participant.c.id, participant.c.agency_id, bindparam("wrapped", type_=LargeBinary).label("wrapped")
).where(participant.c.id == bindparam("id"))
_keep = by_dialect(
    person_key,
    lambda new: new.from_select(["participant_id", "agency_id", "wrapped"], _own).on_conflict_do_nothing(
        index_elements=["participant_id"]
    ),
)
_shred = (
    update(person_key)
    .where(person_key.c.participant_id == bindparam("id"))
    .values(wrapped=literal(ERASED, LargeBinary))
)


class SqlPersonKeys:
    """Implements `seals.PersonKeys`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def load(self, participant_id: int) -> bytes | None:
        """The wrapped key, empty for somebody who was erased; None if there is none."""
        row = self._link.read_one(_load, {"id": participant_id})
        return None if row is None else bytes(row[0])

    def load_many(self, people: Collection[int]) -> None:
        """Have the keys of these people at hand, with one statement for those that are not yet."""
        missing = self._link.seals.unknown(people)
        rows = self._link.execute(_load_many, {"people": missing}) if missing else ()
        self._link.seals.learn({int(person): bytes(wrapped) for person, wrapped in rows})

    def keep(self, participant_id: int, wrapped: bytes) -> bytes | None:
        """Keep a wrapped key unless there is one; the one that is there now. None: no such person."""
        self._link.write(_keep, {"id": participant_id, "wrapped": wrapped})
        return self.load(participant_id)

    def shred(self, participant_id: int) -> None:
        """Destroy the key. What is left of the person in the tables is sealed with our own key before.

        Raises `SealBroken` if anything that is left cannot be opened.
        """
        connection = self._link.connection
        for table, columns in sealed_tables():
            owner = owner_of(table)
            if owner is None:
                continue
            theirs = owner == literal(participant_id)
            for column in columns:
                left = select(table.c.id, cast(column, RAW)).where(theirs, column.is_not(None))
                rows = [(number, value, None) for number, value in connection.execute(left)]
                seal_anew(connection, column, rows)
        self._link.execute(_shred, {"id": participant_id})
        self._link.seals.forget(participant_id)
