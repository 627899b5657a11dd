# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Whether what a plan asks still fits the person: their consents, and the plan's own condition."""

from __future__ import annotations

from bot.services.follow_plans import may_ask
from bot.services.read_plans import CheckIn
from bot.services.restrict import is_restricted
from bot.services.visit import Visit
from dialogs.run import Run
from dialogs.session import Frame, Session


def still_fits(visit: Visit, check_in: CheckIn) -> bool:
    """Looked at when a plan's moment has come, and once more just before its dialog begins (promise P4)."""
    if not may_ask(check_in, visit.participant, visit.consents):
        return False
    if is_restricted(visit.uow, visit.participant.id):
        # No question of ours either that needs no consent but the one to contact.
        return False
    return check_in.condition is None or check_in.condition.holds(_outside(visit, check_in).lookup)


def _outside(visit: Visit, check_in: CheckIn) -> Run:
    """Names mean the same as in the dialog, before its first step."""
    latest = visit.rules.book.latest(check_in.dialog)
    frame = Frame(check_in.dialog, latest.version if latest else 0, "")
    session = Session(frames=(frame,), language=visit.participant.language)
    return Run(visit.rules.book, visit.facts(), visit.now, session)
