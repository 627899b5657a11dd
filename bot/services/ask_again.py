# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Ask once more, by ourselves and once, for what was agreed to when the text meant something else."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.messages import Kind
from bot.services import floor, sharing_talks
from bot.services.consent_talks import DIALOG, still_to_ask, subject_of
from bot.services.visit import Visit

#: So long the question waits for its opportunity; if none comes, the next moment of a plan wants it again.
_KEEP_FOR = timedelta(days=14)


def ask_again(visit: Visit) -> None:
    """Want the question that is to be asked next. Meanwhile what the consent covers stands still.

    Called at the moment at which a plan would write to the person, so it costs them no message more.
    """
    if all(visit.consents.values()) or visit.rules.book.latest(DIALOG) is None:
        return
    due = still_to_ask(visit)
    for purpose in due[:1]:
        floor.want(visit, DIALOG, Kind.CONSENT, _KEEP_FOR, subject_of(purpose))
    for ask in sharing_talks.still_to_ask(visit)[:1] if not due else ():
        subject = sharing_talks.subject_of(ask)
        floor.want(visit, sharing_talks.DIALOG, Kind.CONSENT, _KEEP_FOR, subject)
