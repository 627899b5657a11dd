# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How often a regular question calls somebody to their own page who does not open it: not without end.

To the person all these lines are the same, whatever waits there. After enough of them it is quiet: the
question stays on the page, and that nobody has answered for long is noticed elsewhere (`long_silence`).
"""

from __future__ import annotations

from datetime import time, timedelta

from bot.domain.messages import Kind
from bot.domain.own_page import LINE, MOST_LINES
from bot.services.person_dates import zone_of
from bot.services.repeat_questions import check_in_of
from bot.services.visit import Visit
from scheduler.local_time import at_wall, local
from scheduler.plans import Counted, OnDates


def is_regular(visit: Visit, kind: Kind, subject: str) -> bool:
    """Whether a line is about what we ask again and again; not what has its own day, as after a crisis."""
    check_in = check_in_of(visit, subject) if kind is Kind.REMINDER else None
    return check_in is not None and not isinstance(check_in.plan.rhythm, OnDates | Counted)


def were_enough(visit: Visit) -> bool:
    """Whether the person was called often enough this week, since they looked at their page last."""
    where = zone_of(visit.participant, visit.agency)
    today = local(visit.now, where).date()
    since = at_wall(today - timedelta(days=today.weekday()), time.min, where)
    page, person = visit.uow.own_page, visit.participant.id
    since = max([since, *(session.seen_at for session in page.sessions(person))])
    return page.lines_since(person, since) >= MOST_LINES


def key_of(visit: Visit) -> str:
    """The dedup key by which such a line is known afterwards."""
    return f"{LINE}{visit.participant.id}:{int(visit.now.timestamp())}"
