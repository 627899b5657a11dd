# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Who wrote without an invitation, and what they said before we kept them: nobody's, found for a minute."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, exists, or_, select

from bot.domain.messages import IncomingKind
from bot.domain.people import Standing
from bot.storage.link import Link
from bot.storage.programme_tables import enrolment
from bot.storage.tables import consent, incoming, outgoing, participant

#: So many messages are enough to know what somebody is saying.
_MOST_SAID = 8
#: A minute's answers to people whom nobody knows, and what colleagues hear that is about nobody.
_MOST_ANSWERED = 500
# What strangers say is kept as nobody's; but each of it is answered, and the answer names its cause.
_to_nobody = (
    select(outgoing.c.id, outgoing.c.cause, outgoing.c.address_id, outgoing.c.posted_at)
    .where(outgoing.c.participant_id.is_(None))
    .order_by(outgoing.c.id.desc())
    .limit(_MOST_ANSWERED)
    .subquery()
)
_answered = (
    select(_to_nobody.c.cause)
    .where(_to_nobody.c.address_id == bindparam("address_id"), _to_nobody.c.posted_at >= bindparam("since"))
    .order_by(_to_nobody.c.id.desc())
    .limit(_MOST_SAID)
)
_said_as_nobody = select(incoming.c.text).where(
    incoming.c.channel == bindparam("channel"),
    incoming.c.delivery == bindparam("delivery"),
    incoming.c.participant_id.is_(None),
    incoming.c.kind == IncomingKind.TEXT.value,
    incoming.c.at >= bindparam("since"),
)


#: Who came without an invitation, also after a STOPP: they agreed to nothing, and take part in nothing.
IS_VISITOR = or_(
    participant.c.standing == Standing.VISITOR,
    and_(
        participant.c.standing == Standing.STOPPED,
        ~exists().where(consent.c.participant_id == participant.c.id),
        ~exists().where(enrolment.c.participant_id == participant.c.id),
    ),
)


def said_by(link: Link, address_id: int, since: datetime) -> list[str]:
    """See `SqlTalks.said_by_stranger`."""
    causes = link.execute(_answered, {"address_id": address_id, "since": since}).scalars().all()
    said: list[str | None] = []
    for cause in reversed(causes):
        channel, _, delivery = cause.rpartition(":")
        key = {"channel": channel, "delivery": delivery, "since": since}
        said += link.execute(_said_as_nobody, key).scalars()
    return [text or "" for text in said]
