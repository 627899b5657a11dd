# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Numbers for leads and admins, the state of the ways out, and the audit log as it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, case, func, or_, select, type_coerce, union_all

from bot.domain.concerns import Event, Level, read_level
from bot.domain.delivery import SendState
from bot.domain.people import AddressState
from bot.overview_ports import Acknowledged, DatabaseFacts, LogLine, LogWish, WayOut
from bot.storage.access_tables import audit
from bot.storage.link import Link
from bot.storage.person_data import in_chunks, naming
from bot.storage.schema import HEAD
from bot.storage.tables import (
    CLOSED,
    QUEUED,
    SENDING,
    WAITING,
    address,
    concern,
    concern_event,
    outgoing,
    timer,
)

#: So many of the newest messages are looked at to see how a channel is doing.
_NEWEST = 2000
_STAFF = "staff:"

_agency: Any = bindparam("agency")
_since: Any = bindparam("since", type_=concern.c.raised_at.type)
_acts = (
    select(
        concern.c.id,
        concern.c.level,
        type_coerce(concern.c.raised_at, BigInteger).label("raised"),
        type_coerce(concern_event.c.at, BigInteger).label("taken"),
        concern_event.c.actor,
        func.row_number().over(partition_by=concern.c.id, order_by=concern_event.c.id).label("place"),
    )
    .join_from(concern, concern_event, concern_event.c.concern_id == concern.c.id)
    .where(
        concern.c.agency_id == _agency,
        concern.c.raised_at >= _since,
        # Nobody takes over what is yet to be raised: so years of older events are left out before the join.
        concern_event.c.at >= _since,
        concern_event.c.event == Event.TAKE_OVER.value,
        concern_event.c.actor.startswith(_STAFF),
    )
    .subquery()
)
_acknowledged = (
    select(
        _acts.c.level,
        func.count(),
        func.count(_acts.c.actor.distinct()),
        func.avg(_acts.c.taken - _acts.c.raised),
    )
    .where(_acts.c.place == 1)
    .group_by(_acts.c.level)
    .order_by(_acts.c.level.desc())
)
# One after the other, since each state has its own small index and both together would read every row.
_under_way = union_all(
    *(
        select(outgoing.c.channel, outgoing.c.posted_at).where(
            outgoing.c.state == state, outgoing.c.agency_id == _agency
        )
        for state in (QUEUED, SENDING)
    )
).subquery()
_waiting = select(
    _under_way.c.channel,
    func.count(),
    func.min(_under_way.c.posted_at, type_=outgoing.c.posted_at.type),
).group_by(_under_way.c.channel)
_newest = (
    select(outgoing.c.id, outgoing.c.channel, outgoing.c.state, outgoing.c.reason, outgoing.c.settled_at)
    .where(outgoing.c.agency_id == _agency)
    .order_by(outgoing.c.id.desc())
    .limit(_NEWEST)
    .subquery()
)
_settled = (
    select(
        _newest.c.channel,
        _newest.c.state,
        _newest.c.reason,
        func.max(_newest.c.settled_at, type_=outgoing.c.settled_at.type).label("at"),
    )
    .where(_newest.c.state.in_([SendState.SENT.value, SendState.FAILED.value]))
    .group_by(_newest.c.channel, _newest.c.state, _newest.c.reason)
)
_addresses = (
    select(
        address.c.channel,
        func.sum(
            case(
                (
                    and_(address.c.state == AddressState.CLOSED.value, address.c.participant_id.is_not(None)),
                    1,
                ),
                else_=0,
            )
        ),
    )
    .where(address.c.agency_id == _agency)
    .group_by(address.c.channel)
)
_log = select(audit.c.id, audit.c.at, audit.c.actor, audit.c.action, audit.c.subject)
_next_due = select(func.min(timer.c.due_at, type_=timer.c.due_at.type)).where(
    timer.c.agency_id == _agency, timer.c.kind == bindparam("kind"), timer.c.state == WAITING
)


class SqlOverview:
    """Implements `overview_ports.Overview`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def open_by_age(self, agency_id: int, edges: Sequence[datetime]) -> Mapping[Level, tuple[int, ...]]:
        """How many are open, by level and age."""
        at = concern.c.raised_at
        spans = [
            at >= edges[0],
            *(and_(at < late, at >= early) for late, early in pairwise(edges)),
            at < edges[-1],
        ]
        counts = [func.sum(case((span, 1), else_=0)) for span in spans]
        wanted = (
            select(concern.c.level, *counts)
            .where(concern.c.agency_id == _agency, concern.c.state != CLOSED)
            .group_by(concern.c.level)
        )
        rows = self._link.execute(wanted, {"agency": agency_id})
        found: dict[Level, tuple[int, ...]] = {}
        for stored, *numbers in rows:
            level = read_level(stored)
            before = found.get(level, (0,) * len(numbers))
            found[level] = tuple(had + int(number) for had, number in zip(before, numbers, strict=True))
        return found

    def acknowledged(self, agency_id: int, since: datetime) -> list[Acknowledged]:
        """How long it took until a human had it, by level."""
        rows = self._link.execute(_acknowledged, {"agency": agency_id, "since": since})
        return [
            Acknowledged(read_level(level), concerns, people, timedelta(microseconds=round(mean)))
            for level, concerns, people, mean in rows
        ]

    def ways_out(self, agency_id: int) -> list[WayOut]:
        """How each channel is doing."""
        values = {"agency": agency_id}
        closed = {str(name): int(number) for name, number in self._link.execute(_addresses, values)}
        waiting = {name: (number, oldest) for name, number, oldest in self._link.execute(_waiting, values)}
        sent: dict[str, datetime] = {}
        failed: dict[str, tuple[datetime, str]] = {}
        for name, state, reason, at in self._link.execute(_settled, values):
            if state == SendState.SENT.value:
                sent[name] = max(at, sent.get(name, at))
            elif name not in failed or at > failed[name][0]:
                failed[name] = (at, reason)
        return [
            WayOut(
                name,
                waiting=waiting[name][0] if name in waiting else 0,
                oldest=waiting[name][1] if name in waiting else None,
                sent_at=sent.get(name),
                failed_at=failed[name][0] if name in failed else None,
                reason=failed[name][1] if name in failed else "",
                closed=closed.get(name, 0),
            )
            for name in sorted(closed.keys() | waiting.keys() | sent.keys() | failed.keys())
        ]

    def log(self, agency_id: int, wish: LogWish, limit: int) -> list[LogLine]:
        """Entries of the audit log, the newest first."""
        wanted = _log.where(audit.c.agency_id == agency_id).order_by(audit.c.id.desc()).limit(limit)
        for column, value in ((audit.c.actor, wish.actor), (audit.c.action, wish.action)):
            wanted = wanted.where(column == value) if value else wanted
        if wish.during is not None:
            wanted = wanted.where(audit.c.at >= wish.during[0], audit.c.at < wish.during[1])
        if wish.before:
            wanted = wanted.where(audit.c.id < wish.before)
        if wish.person is None:
            return [LogLine(*row) for row in self._link.execute(wanted)]
        found: dict[int, LogLine] = {}
        for names in in_chunks(naming(self._link, wish.person)):
            for row in self._link.execute(wanted.where(or_(*names))):
                found[row.id] = LogLine(*row)
        return [found[number] for number in sorted(found, reverse=True)[:limit]]

    def next_due(self, agency_id: int, kind: str) -> datetime | None:
        """The agency's next timer of a kind."""
        found: datetime | None = self._link.execute(_next_due, {"agency": agency_id, "kind": kind}).scalar()
        return found

    def database(self) -> DatabaseFacts:
        """Which database it is."""
        dialect = self._link.connection.dialect
        return DatabaseFacts(dialect.name, ".".join(map(str, dialect.server_version_info or ())), HEAD)
