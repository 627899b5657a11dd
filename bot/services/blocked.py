# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""A person has blocked the bot, or is there again."""

from __future__ import annotations

from bot.domain.concerns import Level
from bot.domain.messages import IncomingKind
from bot.domain.people import Standing
from bot.services.escalate import raise_concern
from bot.services.own_words import may_be_answered
from bot.services.visit import Visit


def open_again(visit: Visit) -> None:
    """Who writes can be reached again, whatever the messenger said before."""
    visit.uow.people.add_address(
        visit.agency.id, visit.address.channel, visit.address.value, participant_id=visit.participant.id
    )


def note(visit: Visit, kind: IncomingKind) -> None:
    """Nothing goes there any more, and a human learns that the person is not reached here."""
    if kind is IncomingKind.UNBLOCKED:
        return
    visit.uow.people.close_address(visit.address.id)
    person = visit.participant
    held = visit.uow.concerns.of_participant(person.id)
    # Whoever said STOPP and then blocks the bot is left alone; not if somebody means to answer them here.
    if person.standing is Standing.ACTIVE or any(may_be_answered(visit.uow, person, one) for one in held):
        raise_concern(visit, Level.R1, "delivery", "not_reachable_here")
