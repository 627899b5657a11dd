# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What was said, in both directions. The outbox is also the record of what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from bot.domain.messages import Direction, IncomingKind, Kind, Line
from bot.storage.bodies import load_body
from bot.storage.link import Link
from bot.storage.tables import address, incoming, outgoing

_before = bindparam("before", type_=incoming.c.at.type)
_in = (
    select(
        incoming.c.id,
        incoming.c.at,
        incoming.c.kind,
        incoming.c.text,
        incoming.c.press,
        incoming.c.attachment,
    )
    .where(incoming.c.participant_id == bindparam("participant_id"))
    .order_by(incoming.c.id.desc())
    .limit(bindparam("limit"))
)
_addressee = select(address.c.staff_id).where(address.c.id == outgoing.c.address_id).scalar_subquery()
# What went to staff about the person is not part of what was said to them. Asked row by row, from the newest
# on: as a join, row policies make PostgreSQL compare all of the person's messages with all addresses.
_out = (
    select(
        outgoing.c.id,
        outgoing.c.posted_at,
        outgoing.c.kind,
        outgoing.c.body,
        outgoing.c.staff_id,
        outgoing.c.state,
    )
    .where(
        outgoing.c.participant_id == bindparam("participant_id"),
        _addressee.is_(None),
        outgoing.c.kind.not_in([Kind.STAFF_ALERT, Kind.STAFF_NOTICE]),
    )
    .order_by(outgoing.c.id.desc())
    .limit(bindparam("limit"))
)


# For staff: what belongs to the person's own conversation is not there.
_in_before = _in.where(incoming.c.at < _before, ~incoming.c.own)
_out_before = _out.where(outgoing.c.posted_at < _before, ~outgoing.c.own)


def read_timeline(link: Link, participant_id: int, limit: int) -> list[Line]:
    """The last `limit` lines, the oldest first; an answer comes after what it answers."""
    return _read(link, (_out, _in), {"participant_id": participant_id, "limit": limit})


def read_lines_before(link: Link, participant_id: int, before: datetime, limit: int) -> list[Line]:
    """The same of what was said before that moment, as far as staff see it."""
    who = {"participant_id": participant_id, "limit": limit, "before": before}
    return _read(link, (_out_before, _in_before), who)


def _read(link: Link, statements: tuple[Select[Any], Select[Any]], who: Mapping[str, Any]) -> list[Line]:
    said = [_out_line(row) for row in link.execute(statements[0], who)]
    # A pressed button is shown by its label, as the person saw it.
    labels = {key.token: key.label for line in reversed(said) for row in line.keys for key in row}
    heard = [_in_line(row, labels) for row in link.execute(statements[1], who)]
    lines = sorted(heard + said, key=lambda line: (line.at, line.direction is Direction.OUT, line.id))
    return lines[-who["limit"] :]


def _in_line(row: Sequence[Any], labels: dict[str, str]) -> Line:
    number, at, kind, text, press, attachment = row
    if kind == IncomingKind.START:
        # The code of an invitation is nobody's to read.
        text = ""
    return Line(number, Direction.IN, at, text or labels.get(press, "") or attachment or "", kind)


def _out_line(row: Sequence[Any]) -> Line:
    number, at, kind, body, staff_id, state = row
    said = load_body(body)
    return Line(
        id=number,
        direction=Direction.OUT,
        at=at,
        text=said.text,
        kind=kind,
        staff_id=staff_id,
        state=state,
        keys=said.keys,
        link=said.link,
        link_label=said.link_label,
        picture=said.picture,
        alt=said.alt,
    )
