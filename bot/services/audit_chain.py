# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Lengthens the chains of the audit log, and walks along them to see that nothing was changed.

Rows are written on the road without waiting for each other; one step after the other, the auditor's, puts
them into the chain (docs/adr/0025-access.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot.domain.ledger_chain import START, Break, Broken, Head, Link, Note, first_break, lengthen
from bot.ports import UnitOfWork

#: So many rows join a chain in one commit, and are read at once.
AT_ONCE = 500


def seal(uow: UnitOfWork) -> int:
    """Put rows that wait into their agencies' chains. How many; fewer than `AT_ONCE` if none is left."""
    uow.audit_chain.lock()
    by_agency: dict[int, list[Note]] = {}
    waiting = uow.audit_chain.waiting(AT_ONCE)
    for note in waiting:
        by_agency.setdefault(note.agency_id, []).append(note)
    for agency_id, notes in by_agency.items():
        uow.audit_chain.append(lengthen(uow.audit_chain.head(agency_id), notes))
    return len(waiting)


def heads(uow: UnitOfWork) -> Mapping[int, Head]:
    """The end of every agency's chain. Whoever writes it down elsewhere can see later that it was cut off."""
    found = {agency_id: uow.audit_chain.head(agency_id) for agency_id in uow.audit_chain.agencies()}
    return {agency_id: head for agency_id, head in found.items() if head is not None}


def verify(uow: UnitOfWork, written_down: Iterable[Head] = ()) -> list[Broken]:
    """The first broken place of every agency; empty if all is as it was written.

    `written_down` are heads that were kept elsewhere: each must be in one of the chains, unless it was
    removed because it was old.
    """
    found = []
    expected = set(written_down)
    oldest: list[int] = []
    for agency_id in uow.audit_chain.agencies():
        before, fault = _beginning(uow, agency_id)
        oldest.append(before.position)
        fault = fault or first_break(before, _walk(uow, agency_id, before.position, expected))
        expected.discard(before)
        if fault is not None:
            found.append(fault)
    strange = {note.agency_id: note for note in reversed(uow.audit_chain.forged())}
    known = {one.agency_id for one in found}
    found += [Broken(at, Break.NOT_OURS, 0, note.id) for at, note in strange.items() if at not in known]
    if not found:
        gone = [head for head in expected if not any(head.position < position for position in oldest)]
        found += [Broken(0, Break.HEAD_UNKNOWN, head.position) for head in gone]
    return sorted(found, key=lambda one: (one.agency_id, one.position))


def verify_newest(uow: UnitOfWork, agency_id: int, limit: int) -> tuple[int, Broken | None]:
    """How many of an agency's newest links were walked along, at most `limit`, and the first broken place.

    For a look in between: what is older, and whether the end was cut off, only `verify` sees.
    """
    head, cut = uow.audit_chain.head(agency_id), uow.audit_chain.checkpoint(agency_id)
    if head is None:
        return 0, None
    before = Head(cut.position, cut.hash) if cut is not None else Head(0, START)
    skipped = max(before.position, head.position - limit)
    if skipped > before.position:
        [(link, _)] = uow.audit_chain.read(agency_id, skipped - 1, 1)
        before = Head(link.position, link.hash)
    return head.position - before.position, first_break(before, _walk(uow, agency_id, before.position, set()))


def _beginning(uow: UnitOfWork, agency_id: int) -> tuple[Head, Broken | None]:
    cut = uow.audit_chain.checkpoint(agency_id)
    if cut is None:
        return Head(0, START), None
    fault = None if uow.audit_chain.is_genuine(cut) else Broken(agency_id, Break.CHECKPOINT, cut.position)
    return Head(cut.position, cut.hash), fault


def _walk(
    uow: UnitOfWork, agency_id: int, after: int, expected: set[Head]
) -> Iterator[tuple[Link, Note | None]]:
    """Every link behind a position; what comes by is no longer expected."""
    while True:
        part = uow.audit_chain.read(agency_id, after, AT_ONCE)
        for link, note in part:
            expected.discard(Head(link.position, link.hash))
            yield link, note
        if len(part) < AT_ONCE:
            return
        after = part[-1][0].position


def cut(uow: UnitOfWork, agency_id: int, before: datetime, now: datetime) -> int:
    """Remove what is older from the beginning of an agency's chain; a signed checkpoint stays. How many."""
    uow.audit_chain.lock()
    return uow.audit_chain.cut(agency_id, before, now)
