# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log as a chain: each link's hash covers its row and the link before it.

Whoever changes, removes, moves or inserts a row behind the program's back breaks the chain there. That the
end was cut off shows only against a head that was written down elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

import msgspec

#: What the first link of an agency's chain hangs on.
START = b"\0" * 32
#: Who does what nobody else is named for: somebody at the operator's own keyboard.
COMMAND = "command"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Break(StrEnum):
    """What is wrong at a place of the chain."""

    CHANGED = "row_changed"  # or moved: the hash is not that of the row that is there
    ROW_GONE = "row_gone"
    LINK_GONE = "link_gone"
    NOT_OURS = "row_not_written_by_lotse"  # in no chain, and without a genuine mark
    CHECKPOINT = "checkpoint_not_genuine"
    HEAD_UNKNOWN = "end_cut_off"  # a head that was written down elsewhere is not in the chain


@dataclass(frozen=True, slots=True)
class Note:
    """A row of the audit log: ids and machine words. `mark` proves that the program wrote it."""

    id: int
    agency_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    mark: bytes = b""


@dataclass(frozen=True, slots=True)
class Link:
    """The place of a row in its agency's chain. Positions count from 1, without a gap."""

    agency_id: int
    position: int
    audit_id: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All links up to `position` were removed because they were old; `hash` is that of the last of them."""

    agency_id: int
    position: int
    hash: bytes
    at: datetime
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain; who has it can tell later whether something was cut off."""

    position: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a chain is broken. `row` is the audit row's id, 0 where none can be named."""

    agency_id: int
    what: Break
    position: int = 0
    row: int = 0


def read_head(written: str) -> Head:
    """What `str(head)` gave. Raises `ValueError`."""
    position, _, digest = written.strip().partition(":")
    if not position.isdecimal() or len(digest) != 2 * len(START):
        raise ValueError("a head looks like 17:0123... with 64 hexadecimal digits")
    return Head(int(position), bytes.fromhex(digest))


def fields_of(note: Note) -> bytes:
    """What a mark vouches for, in one form only."""
    at = (note.at - _EPOCH) // _MICROSECOND
    return msgspec.json.encode([note.agency_id, at, note.actor, note.action, note.subject])


def link_hash(previous: bytes, note: Note) -> bytes:
    """SHA-256 over the hash before, and all of the row."""
    number = msgspec.json.encode([note.id, note.mark.hex()])
    return sha256(previous + number + fields_of(note)).digest()


def lengthen(head: Head | None, notes: Iterable[Note]) -> list[Link]:
    """The links for these rows of one agency, in this order, behind `head`."""
    at = head or Head(0, START)
    links = []
    for note in notes:
        at = Head(at.position + 1, link_hash(at.hash, note))
        links.append(Link(note.agency_id, at.position, note.id, at.hash))
    return links


def first_break(before: Head, links: Iterable[tuple[Link, Note | None]]) -> Broken | None:
    """The first place that does not follow from what is before it; None if all do."""
    at = before
    for link, note in links:
        if link.position != at.position + 1:
            return Broken(link.agency_id, Break.LINK_GONE, at.position + 1)
        if note is None:
            return Broken(link.agency_id, Break.ROW_GONE, link.position, link.audit_id)
        if note.agency_id != link.agency_id or link.hash != link_hash(at.hash, note):
            return Broken(link.agency_id, Break.CHANGED, link.position, link.audit_id)
        at = Head(link.position, link.hash)
    return None
