# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What a person says about their applications in a dialog: that their part is done, and whether to remind.

A letter or a question is a concern, which the dialog raises. No line here has content in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.applications import (
    Application,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationParty,
    Turn,
)
from bot.ports import Conversation
from bot.services.application_moves import PERSON, REMINDS, happen, today_of, wait
from bot.services.programme_tasks import who_is_asked
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from dialogs.effects import StoreAnswer, Value

#: What conversations are about: `application:<number>`.
SUBJECT = "application"
DIALOG = "application"


def subject_of(application: Application) -> str:
    """The subject of a conversation about an application."""
    return f"{SUBJECT}:{application.id}"


def facts(visit: Visit, conversation: Conversation) -> Mapping[str, Value]:
    """Until when something is to be done: no more than that stands in a reminder."""
    found = _about(visit, conversation)
    return {"application_due": found.due_on.isoformat()} if found is not None and found.due_on else {}


def fits(visit: Visit, conversation: Conversation) -> bool:
    """Whether it is still the person's turn, and the day not over."""
    found = _about(visit, conversation)
    if found is None or found.due_on is None:
        return False
    today = today_of(visit.rules, visit.agency.id, visit.now)
    return found.turn is Turn.PERSON and today <= found.due_on


def answered(visit: Visit, conversation: Conversation, answer: StoreAnswer) -> None:
    """Whoever has done their part gives the turn to the team. Every other answer changes nothing."""
    found = _about(visit, conversation)
    if found is None or (answer.step, answer.value) != ("reminder", "done"):
        return
    if found.turn is not Turn.PERSON:
        return  # they went back in the conversation and said it once more
    today = today_of(visit.rules, visit.agency.id, visit.now)
    entry = ApplicationEntry(visit.now, today, ApplicationEvent.DONE, PERSON)
    passed_on = replace(found, turn=Turn.TEAM)
    happen(visit.uow, visit.rules, passed_on, ApplicationParty.PERSON, entry)
    case = visit.participant.case_code
    people = who_is_asked(visit.uow, visit.rules, visit.participant, visit.now)
    for draft in notices(
        visit.uow,
        visit.rules,
        people,
        lambda voice: voice.say(
            "Fall {case}: Die Person hat ihren Teil bei einem Antrag erledigt. Mehr zeigt /antraege {case}.",
            case=case,
        ),
        visit.now,
    ):
        visit.send_to(draft)


def _reminders(visit: Visit, value: Value) -> None:
    """From now on, and only for what was not due before."""
    visit.remember(REMINDS, visit.now.isoformat() if value is True else False)
    for one in visit.uow.casework.applications.of_participant(visit.participant.id):
        if one.is_open:
            wait(visit.uow, visit.rules, one, visit.now)


#: By the name under which the dialog remembers it; none of it is kept as a fact under that name.
ENTRIES: Mapping[str, Callable[[Visit, Value], None]] = {"application_wish": _reminders}


def _about(visit: Visit, conversation: Conversation) -> Application | None:
    number = conversation.subject.partition(":")[2]
    found = visit.uow.casework.applications.get(int(number)) if number.isdecimal() else None
    is_own = found is not None and found.participant_id == visit.participant.id and found.is_open
    return found if is_own else None
