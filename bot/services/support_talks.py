# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person reads of an offer of the support catalogue; whoever is interested gets a contact wish.

Nothing else of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.partners import Partner
from bot.ports import Conversation
from bot.services.escalate import ONE_CONVERSATION
from bot.services.visit import Visit
from dialogs.effects import Value

#: What conversations are about: `support:<number of the partner>`.
SUBJECT = "support"
DIALOG = "support_suggestion"


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """What stands on the card."""
    one = _about(visit, conversation)
    if one is None:
        return {}
    known = {
        "support_name": one.name,
        "support_offer": one.offer,
        "support_district": one.district,
        "support_contact": one.contact,
    }
    return {name: value for name, value in known.items() if value}


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it is still in the directory."""
    one = _about(visit, conversation)
    return one is not None and not one.is_retired


def ended(visit: Visit, conversation: Conversation, outcome: str) -> None:
    """A contact wish that came of it says which offer it is about."""
    del outcome
    one, source = _about(visit, conversation), f"{ONE_CONVERSATION}{conversation.id}"
    for concern in visit.uow.concerns.of_participant(visit.participant.id):
        if one is not None and concern.source == source:
            visit.uow.concerns.log(concern.id, visit.now, "said", "participant", one.name)


def _about(visit: Visit, conversation: Conversation) -> Partner | None:
    number = conversation.subject.partition(":")[2]
    one = visit.uow.casework.partners.get(int(number)) if number.isdecimal() else None
    return one if one is not None and one.agency_id == visit.agency.id else None
