# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The conversation about an internship: what was arranged, whether it fits, and whether the firm may see it.

That a person has not answered is written down nowhere. What the firm may see is a consent of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.placements import Placement
from bot.ports import Conversation
from bot.services.help_plan_facts import day_of
from bot.services.person_dates import zone_of
from bot.services.placement_words import days_text, hours_text, place_text
from bot.services.sharing_talks import is_held
from bot.services.visit import Visit
from dialogs.effects import Value
from scheduler.local_time import local

#: What conversations are about: `placement:<number>`.
SUBJECT = "placement"
DIALOG = "internship"
#: That it ends earlier, or does not take place.
ENDED_DIALOG = "internship_ended"


def subject_of(placement: Placement) -> str:
    """The subject of a conversation about an internship."""
    return f"{SUBJECT}:{placement.id}"


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """What was arranged; and what the question about the firm names, where somebody there uses Lotse."""
    placement = _about(visit, conversation)
    ask = visit.uow.sharing.get(placement.ask_id) if placement is not None else None
    if placement is None or ask is None:
        return {}
    found: dict[str, Value] = {
        "internship_employer": place_text(placement.terms),
        "internship_days": days_text(visit.voice, placement.terms),
        "internship_hours": hours_text(visit.voice, placement.terms),
        "partner": ask.partner,
        "shared_what": ask.what,
        "shared_why": ask.why,
    }
    if placement.ending is not None:
        last = placement.over_on - timedelta(days=1)
        if last < placement.terms.first_day:
            found["internship_off"] = True
        else:
            found["internship_last_day"] = day_of(visit.voice, last)
    if placement.contact_id is not None and not is_held(visit.uow, visit.rules, ask, visit.now):
        found["internship_asks"] = True
    return found


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it is still ahead or going on, or the news are that it ends early."""
    placement = _about(visit, conversation)
    today = local(visit.now, zone_of(visit.participant, visit.agency)).date()
    return placement is not None and (placement.goes_on(today) or placement.ending is not None)


def _about(visit: Visit, conversation: Conversation) -> Placement | None:
    number = conversation.subject.partition(":")[2]
    found = visit.uow.casework.placements.get(int(number)) if number.isdecimal() else None
    return found if found is not None and found.participant_id == visit.participant.id else None
