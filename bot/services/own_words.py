# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What somebody has said themselves, and whether a human's words about it may reach them after STOPP."""

from __future__ import annotations

from bot.domain.concerns import Concern
from bot.domain.consent import Purpose
from bot.domain.people import Participant, Standing
from bot.ports import UnitOfWork
from bot.services.escalate import ONE_CONVERSATION

#: What is noted in the history of an open concern when its person ends contact.
CONTACT_ENDED = "contact_ended"
#: Sources of what the person has said themselves, beside the answers of a conversation; and the reason of
#: answers that never came.
_SAID = frozenset({"message", "dialog", "fault"})
_SILENCE = "silence"
#: How the events begin that tell of words of theirs in the history of a concern.
_SPOKEN = ("raised", "again", "message")


def was_said(concern: Concern) -> bool:
    """Whether it comes from the person's own words; of what others noticed they have reported nothing."""
    is_own = concern.source in _SAID or concern.source.startswith(ONE_CONVERSATION)
    return is_own and concern.reason != _SILENCE


def may_be_answered(uow: UnitOfWork, person: Participant, concern: Concern) -> bool:
    """Whether a human's words about this concern may go to the person (promise P4).

    After STOPP only where they have written of it since: they were told by when a human answers, and that
    must not be refused them.
    """
    if person.standing is not Standing.STOPPED:
        return True
    if not was_said(concern):
        return False
    spoken = None
    for at, event, _, _ in uow.concerns.history(concern.id):
        if event.startswith(_SPOKEN):
            spoken = at
        elif event == CONTACT_ENDED:
            spoken = None
    ends = (
        one.at for one in uow.talks.given(person.id) if one.purpose == Purpose.CONTACT and not one.granted
    )
    return spoken is not None and all(spoken >= at for at in ends)
