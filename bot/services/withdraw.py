# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The end of contact, however it was said: by one word, or by a no to the question about it (promise P4)."""

from __future__ import annotations

from bot.domain.messages import Kind
from bot.domain.people import Standing
from bot.services.follow_plans import leave_all
from bot.services.visit import Visit


def end_contact(visit: Visit) -> None:
    """Nothing more is begun by ourselves: what waits to be sent is cancelled, and so is the rhythm.

    Crisis texts that are under way still go out. Conversations are the caller's.
    """
    visit.uow.outbox.cancel_for(visit.participant.id, (Kind.CRISIS,))
    leave_all(visit)
    visit.change(standing=Standing.STOPPED, paused_until=None, human_until=None)
    visit.uow.ledger.note(visit.agency.id, visit.now, "participant", "stop", visit.participant.case_code)
