# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""An application's timer: staff are asked to look at what is due, and the person is reminded who wants that.

Neither line names a carrier or what was applied for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.applications import Application, ApplicationEntry, ApplicationEvent, ApplicationParty
from bot.domain.messages import Kind
from bot.domain.people import Participant
from bot.ports import Receipt, UnitOfWork
from bot.services import floor
from bot.services.application_moves import PATIENCE, SYSTEM, happen, next_of, today_of, wait
from bot.services.application_talks import DIALOG, subject_of
from bot.services.help_plan_facts import day_of
from bot.services.programme_tasks import who_is_asked
from bot.services.rulebook import Rulebook
from bot.services.staff_notices import notices
from bot.services.visit import Visit
from bot.texts import Voice
from scheduler.timers import Timer

#: So long a reminder waits for its opportunity; what is due is over soon after.
_KEEP_FOR = timedelta(days=3)


def application_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """Let the timer of an application take effect, and set it for what comes next."""
    application = uow.casework.applications.get(timer.subject)
    person = uow.plans.lock(application.participant_id) if application is not None else None
    found = next_of(uow, rules, application, now) if application is not None else None
    if application is None or person is None or found is None:
        return Receipt()
    at, event = found
    contact = uow.people.contact_of(person.id)
    if at > now or (event is ApplicationEvent.TELL and contact is None):
        wait(uow, rules, application, now)
        return Receipt()
    today = today_of(rules, application.agency_id, now)
    entry = ApplicationEntry(now, today, event, SYSTEM)
    happen(uow, rules, application, ApplicationParty.TIME, entry)
    if event is ApplicationEvent.TELL and contact is not None:
        woken = _tell(Visit(uow, rules, contact, now), application)
    else:
        woken = _remind(uow, rules, application, person, now)
    return Receipt("", woken, frozenset({person.id}))


def _tell(visit: Visit, application: Application) -> frozenset[str]:
    floor.want(visit, DIALOG, Kind.REMINDER, _KEEP_FOR, subject_of(application))
    visit.finish()
    return frozenset(visit.woken)


def _remind(
    uow: UnitOfWork, rules: Rulebook, application: Application, person: Participant, now: datetime
) -> frozenset[str]:
    say = _words(application, person.case_code)
    drafts = notices(uow, rules, who_is_asked(uow, rules, person, now), say, now)
    uow.outbox.post(drafts, now)
    return frozenset(draft.channel for draft in drafts)


def _words(application: Application, case: str) -> Callable[[Voice], str]:
    def say(voice: Voice) -> str:
        if application.due_on is None:
            return voice.say(
                "Fall {case}: Ein Antrag steht seit {days} Tagen auf demselben Stand. "
                "Bitte sehen Sie nach: /antraege {case}.",
                case=case,
                days=PATIENCE.days,
            )
        return voice.say(
            "Fall {case}: Bei einem Antrag ist etwas vorgesehen bis {day}. "
            "Bitte sehen Sie nach: /antraege {case}.",
            case=case,
            day=day_of(voice, application.due_on),
        )

    return say
