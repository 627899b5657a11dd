# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The chain of the audit log, and the marks that its rows carry from the moment they are written."""

from __future__ import annotations

import hmac
import itertools
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, union

from bot.domain.ledger_chain import Checkpoint, Head, Link, Note, fields_of
from bot.storage.access_tables import audit, audit_checkpoint, audit_link
from bot.storage.link import Link as Database
from bot.storage.link import by_dialect
from bot.storage.sealing import Keyring
from bot.storage.tables import fact

_CHAINING = 3
_NONCE = 8
_MARK, _SIGNATURE, _BEGINNING = "audit.mark", "audit_checkpoint.signature", "audit.beginning"
#: Where the rows end that are older than marks, and the program's word for it.
_FACT = "audit_beginning"
#: So far back a row may lie that was committed after others with a higher number.
_LATE = 10_000
_SHOWN = 100
#: Rows that are not ours stay where they are and must not keep others from joining.
_SPARE = 4

_note = (
    audit.c.id,
    audit.c.agency_id,
    audit.c.at,
    audit.c.actor,
    audit.c.action,
    audit.c.subject,
    audit.c.mark,
)
_unlinked = (
    select(*_note)
    .join_from(audit, audit_link, audit_link.c.audit_id == audit.c.id, isouter=True)
    .where(audit_link.c.audit_id.is_(None), audit.c.id > bindparam("after", type_=audit.c.id.type))
    .order_by(audit.c.id)
)
_newest_linked = select(func.max(audit_link.c.audit_id))
_newest = select(func.max(audit.c.id))
_agencies = union(select(audit_link.c.agency_id), select(audit_checkpoint.c.agency_id))
_head = (
    select(audit_link.c.position, audit_link.c.hash)
    .where(audit_link.c.agency_id == bindparam("agency_id"))
    .order_by(audit_link.c.position.desc())
    .limit(1)
)
_append = audit_link.insert()
_read = (
    select(audit_link.c.agency_id, audit_link.c.position, audit_link.c.audit_id, audit_link.c.hash, *_note)
    .join_from(audit_link, audit, audit.c.id == audit_link.c.audit_id, isouter=True)
    .where(audit_link.c.agency_id == bindparam("agency_id"), audit_link.c.position > bindparam("after"))
    .order_by(audit_link.c.position)
    .limit(bindparam("limit"))
)
_checkpoint = (
    select(
        audit_checkpoint.c.agency_id,
        audit_checkpoint.c.position,
        audit_checkpoint.c.hash,
        audit_checkpoint.c.at,
        audit_checkpoint.c.signature,
    )
    .where(audit_checkpoint.c.agency_id == bindparam("agency_id"))
    .order_by(audit_checkpoint.c.position.desc())
    .limit(1)
)
_keep_checkpoint = audit_checkpoint.insert()
_first_kept = (
    select(func.min(audit_link.c.position))
    .join_from(audit_link, audit, audit.c.id == audit_link.c.audit_id)
    .where(
        audit_link.c.agency_id == bindparam("agency_id"),
        audit.c.at >= bindparam("before", type_=audit.c.at.type),
    )
)
_at_position = select(audit_link.c.hash).where(
    audit_link.c.agency_id == bindparam("agency_id"), audit_link.c.position == bindparam("position")
)
_old_links = (audit_link.c.agency_id == bindparam("which")) & (audit_link.c.position <= bindparam("upto"))
_cut_rows = delete(audit).where(audit.c.id.in_(select(audit_link.c.audit_id).where(_old_links)))
_cut_links = delete(audit_link).where(_old_links)
_fact = select(fact.c.value).where(fact.c.name == _FACT)
_set_fact = by_dialect(fact, lambda new: new.on_conflict_do_nothing(index_elements=["name"]))


def mark(keyring: Keyring, note: Note) -> bytes:
    """A mark for a row that is about to be written: only this installation can make one, and each is one."""
    nonce = os.urandom(_NONCE)
    return nonce + _vouch(keyring, note, nonce)


def _vouch(keyring: Keyring, note: Note, nonce: bytes) -> bytes:
    return keyring.fingerprint(f"{nonce.hex()}{fields_of(note).decode()}", _MARK)


class SqlAuditChain:
    """Implements `access_ports.AuditChain`."""

    __slots__ = ("_link",)

    def __init__(self, link: Database) -> None:
        self._link = link

    def lock(self) -> None:
        """Until the end of the transaction nobody else lengthens or cuts a chain."""
        self._link.alone(_CHAINING)

    def agencies(self) -> list[int]:
        """Every agency with a chain."""
        return sorted(self._link.execute(_agencies).scalars())

    def waiting(self, limit: int) -> list[Note]:
        """Rows that are in no chain yet and that the program wrote, the oldest first."""
        self._begin()
        newest = int(self._link.execute(_newest_linked).scalar() or 0)
        rows = self._link.execute(_unlinked.limit(_SPARE * limit), {"after": newest - _LATE})
        unmarked = self._unmarked_until()
        ours = (note for row in rows if self._is_ours(note := _to_note(row), unmarked))
        return list(itertools.islice(ours, limit))

    def forged(self) -> list[Note]:
        """Rows in no chain that the program did not write."""
        unmarked = self._unmarked_until()
        found: list[Note] = []
        for row in self._link.execute(_unlinked, {"after": 0}):
            note = _to_note(row)
            if not self._is_ours(note, unmarked):
                found.append(note)
            if len(found) == _SHOWN:
                break
        return found

    def head(self, agency_id: int) -> Head | None:
        """The end of the chain, which a checkpoint may be."""
        row = self._link.execute(_head, {"agency_id": agency_id}).first()
        if row is not None:
            return Head(row[0], bytes(row[1]))
        cut = self.checkpoint(agency_id)
        return Head(cut.position, cut.hash) if cut else None

    def append(self, links: Sequence[Link]) -> None:
        """Lengthen a chain."""
        if links:
            rows = [
                {
                    "agency_id": one.agency_id,
                    "position": one.position,
                    "audit_id": one.audit_id,
                    "hash": one.hash,
                }
                for one in links
            ]
            self._link.execute(_append, rows)

    def read(self, agency_id: int, after: int, limit: int) -> list[tuple[Link, Note | None]]:
        """The links behind a position with their rows."""
        rows = self._link.execute(_read, {"agency_id": agency_id, "after": after, "limit": limit})
        return [
            (Link(row[0], row[1], row[2], bytes(row[3])), None if row[4] is None else _to_note(row[4:]))
            for row in rows
        ]

    def checkpoint(self, agency_id: int) -> Checkpoint | None:
        """Behind which place the chain begins by now."""
        row = self._link.execute(_checkpoint, {"agency_id": agency_id}).first()
        return None if row is None else Checkpoint(row[0], row[1], bytes(row[2]), row[3], bytes(row[4]))

    def is_genuine(self, checkpoint: Checkpoint) -> bool:
        """Whether the program signed it."""
        return hmac.compare_digest(checkpoint.signature, self._sign(checkpoint))

    def cut(self, agency_id: int, before: datetime, now: datetime) -> int:
        """Remove the rows before this moment from the beginning of the chain."""
        values = {"agency_id": agency_id}
        first = self._link.execute(_first_kept, values | {"before": before}).scalar()
        head = self.head(agency_id)
        last = int(first) - 1 if first is not None else head.position if head else 0
        hash_ = self._link.execute(_at_position, values | {"position": last}).scalar()
        if hash_ is None:
            return 0
        new = Checkpoint(agency_id, last, bytes(hash_), now)
        signed = {"position": new.position, "hash": new.hash, "at": new.at, "signature": self._sign(new)}
        self._link.execute(_keep_checkpoint, values | signed)
        which = {"which": agency_id, "upto": last}
        self._link.execute(_cut_rows, which)
        return int(self._link.execute(_cut_links, which).rowcount)

    def _sign(self, checkpoint: Checkpoint) -> bytes:
        words = (checkpoint.agency_id, checkpoint.position, checkpoint.hash.hex(), checkpoint.at.isoformat())
        return self._link.keyring.fingerprint(":".join(map(str, words)), _SIGNATURE)

    def _is_ours(self, note: Note, unmarked_until: int) -> bool:
        if not note.mark:
            return note.id <= unmarked_until
        nonce, vouched = note.mark[:_NONCE], note.mark[_NONCE:]
        return hmac.compare_digest(vouched, _vouch(self._link.keyring, note, nonce))

    def _begin(self) -> None:
        """The first step vouches for what lies there from before there were marks."""
        if self._link.execute(_fact).scalar() is not None or self.agencies():
            return
        newest = int(self._link.execute(_newest).scalar() or 0)
        self._link.upsert(_set_fact, {"name": _FACT, "value": f"{newest}:{self._vouch_for(newest)}"})

    def _unmarked_until(self) -> int:
        number, _, vouched = str(self._link.execute(_fact).scalar() or "").partition(":")
        genuine = number.isdecimal() and hmac.compare_digest(vouched, self._vouch_for(int(number)))
        return int(number) if genuine else 0

    def _vouch_for(self, newest: int) -> str:
        return self._link.keyring.fingerprint(str(newest), _BEGINNING).hex()


def _to_note(row: Sequence[Any]) -> Note:
    number, agency_id, at, actor, action, subject, proof = row
    return Note(number, agency_id, at, actor, action, subject, bytes(proof or b""))
