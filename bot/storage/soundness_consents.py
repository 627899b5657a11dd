# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which waiting messages the person does not want, or has not agreed to. Part of `soundness_statements`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select

from bot.domain.consent import Purpose
from bot.domain.messages import BEGUN_BY_US, Kind
from bot.domain.people import Standing
from bot.storage.tables import consent, outgoing, participant

_now = bindparam("now", type_=outgoing.c.wait_until.type)


def _not_agreed_to(purpose: Purpose) -> Any:
    """Never agreed to, or taken back. What the present texts mean is looked at when a message is sent."""
    newest = (
        select(consent.c.granted)
        .where(consent.c.participant_id == outgoing.c.participant_id, consent.c.purpose == purpose.value)
        .order_by(consent.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, literal_column("false")).is_(False)


_begun_by_us = and_(
    outgoing.c.kind.in_(sorted(kind.value for kind in BEGUN_BY_US)), outgoing.c.staff_id.is_(None)
)
_in_pause = and_(
    participant.c.paused_until > _now,
    or_(outgoing.c.wait_until.is_(None), outgoing.c.wait_until < participant.c.paused_until),
)
_is_begun_without = and_(
    _begun_by_us,
    or_(participant.c.standing != Standing.ACTIVE.value, _in_pause, _not_agreed_to(Purpose.CONTACT)),
)
# A partner is an object of its own: nothing is sent to a person that would need a consent to sharing.
_needs = [purpose for purpose in Purpose if purpose not in (Purpose.CONTACT, Purpose.SHARING)]
_lacks_a_need = and_(
    outgoing.c.needs != "",
    outgoing.c.kind != Kind.CRISIS.value,
    or_(*(and_(outgoing.c.needs.like(f"% {need} %"), _not_agreed_to(need)) for need in _needs)),
)

#: Of a message that waits, beside its participant. The moment is `now`.
IS_UNWANTED = or_(_is_begun_without, _lacks_a_need)
