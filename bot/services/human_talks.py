# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Which conversations with a human go on, as the histories of concerns tell. Only looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.concerns import Concern
from bot.ports import UnitOfWork
from bot.services.escalate import raised_since
from bot.services.own_words import CONTACT_ENDED

#: A staff member has written to the person; and no conversation goes on any more.
REPLIED, ENDED = "replied", "talk_ended"
#: What ends a conversation: somebody or a silence, or the person with all contact.
_OVER = frozenset({ENDED, CONTACT_ENDED})
_STAFF = "staff:"


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks with the person about a concern, and when they wrote last."""

    concern: Concern
    staff_id: int
    last_words: datetime


def talk_about(uow: UnitOfWork, concern: Concern) -> Talk | None:
    """Who talks with the person about this concern; None if nobody does, or not any more."""
    for at, event, actor, _ in reversed(uow.concerns.history(concern.id)):
        if event in _OVER:
            return None
        if event == REPLIED and actor.startswith(_STAFF):
            return Talk(concern, int(actor.removeprefix(_STAFF)), at)
    return None


def last_writer(uow: UnitOfWork, concern: Concern) -> int | None:
    """Who has written to the person about this concern last, whether or not that goes on."""
    for _, event, actor, _ in reversed(uow.concerns.history(concern.id)):
        if event == REPLIED and actor.startswith(_STAFF):
            return int(actor.removeprefix(_STAFF))
    return None


def newest_talk(uow: UnitOfWork, participant_id: int) -> Talk | None:
    """The conversation with a person that goes on, about whichever open concern; None if there is none."""
    return max(talks_of(uow, participant_id), key=lambda talk: talk.last_words, default=None)


def talks_of(uow: UnitOfWork, participant_id: int) -> list[Talk]:
    """All that go on with a person, about open concerns."""
    concerns = uow.concerns.of_participant(participant_id)
    return [talk for each in concerns if (talk := talk_about(uow, each)) is not None]


def has_written_since(uow: UnitOfWork, concern: Concern) -> bool:
    """Whether a human has written to the person since this was raised, whichever case they had in hand.

    Then nobody may be told that no human has been in touch, even if nobody has taken this over yet.
    """
    since = raised_since(uow, concern)
    everything = uow.concerns.of_participant(concern.participant_id, open_only=False)
    return any(
        event == REPLIED and at >= since
        for each in everything
        for at, event, _, _ in uow.concerns.history(each.id)
    )
