# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person hears of a conference about their case: that it takes place, or not, and what it decided."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.conferences import Conference, ConferenceCase, ConferenceState
from bot.ports import Conversation
from bot.services.conference_sheet import is_named
from bot.services.visit import Visit
from dialogs.effects import Value
from scheduler.local_time import local, zone

#: What conversations are about: `conference:<number>`.
SUBJECT = "conference"
DIALOG = "conference"


def subject_of(conference: Conference) -> str:
    """The subject of a conversation about a conference."""
    return f"{SUBJECT}:{conference.id}"


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """How it stands, when it is, and what was decided for the person."""
    found = _about(visit, conversation)
    if found is None:
        return {}
    kept, case = found
    known: dict[str, Value] = {
        "conference_news": kept.state.value,
        "conference_day": local(kept.starts_at, zone(visit.agency.zone)).date().isoformat(),
        "conference_named": is_named(visit.uow, visit.rules, case, visit.now),
    }
    return known | ({"conference_words": case.words} if case.words else {})


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it is still news: before it begins, once it is called off, and once it is closed."""
    found = _about(visit, conversation)
    if found is None:
        return False
    kept, case = found
    if kept.state is ConferenceState.PLANNED:
        return visit.now < kept.starts_at
    return kept.state is ConferenceState.CALLED_OFF or (
        kept.state is ConferenceState.CLOSED and bool(case.words)
    )


def _about(visit: Visit, conversation: Conversation) -> tuple[Conference, ConferenceCase] | None:
    number = conversation.subject.partition(":")[2]
    cases = visit.uow.casework.conferences.of_participant(visit.participant.id)
    case = next((one for one in cases if str(one.conference_id) == number), None)
    kept = visit.uow.casework.conferences.get(case.conference_id) if case is not None else None
    return (kept, case) if kept is not None and case is not None else None
