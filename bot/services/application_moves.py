# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What moves an application, whoever does it: its row, its history, the audit log and its one timer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.domain.applications import (
    Application,
    ApplicationEntry,
    ApplicationEvent,
    ApplicationParty,
    Turn,
)
from bot.domain.appointments import HOUR_BEFORE, HOUR_ON_THE_DAY
from bot.domain.people import Participant
from bot.ports import UnitOfWork
from bot.services.person_dates import zone_of
from bot.services.remembered import decode_value
from bot.services.rulebook import Rulebook
from scheduler.local_time import at_wall, local, zone

TIMER_KIND = "application"
#: So long before its day staff are asked to look, and the person is reminded who wants that: long enough to
#: find a paper or to write one.
AHEAD = timedelta(days=3)
#: So often it comes back once its day is over, and so long one without a day may stay as it is.
AGAIN, PATIENCE = timedelta(days=7), timedelta(days=28)
PERSON, SYSTEM = "participant", "system"
#: That the person wants to be reminded. With a dot, so that no dialog can remember it by itself.
REMINDS = "application.reminds"


def timer_key(application_id: int) -> str:
    """The one timer of an application."""
    return f"application:{application_id}"


def happen(
    uow: UnitOfWork,
    rules: Rulebook,
    application: Application,
    party: ApplicationParty,
    entry: ApplicationEntry,
) -> Application:
    """Let something happen to an application. Raises `UnknownTransition` for what cannot."""
    changed = application.after(entry.event, party, entry.at)
    uow.casework.applications.save(changed)
    uow.casework.applications.log(changed, entry)
    person = _person(uow, changed)
    action = f"application_{entry.event.value}"
    uow.ledger.note(changed.agency_id, entry.at, entry.actor, action, f"{changed.id}:{person.case_code}")
    wait(uow, rules, changed, entry.at)
    return changed


def wait(uow: UnitOfWork, rules: Rulebook, application: Application, now: datetime) -> None:
    """Set the timer for what comes next; there is none once it is closed."""
    coming = next_of(uow, rules, application, now)
    if coming is None:
        uow.timers.cancel(timer_key(application.id))
    else:
        uow.timers.set(
            application.agency_id, TIMER_KIND, application.id, coming[0], timer_key(application.id)
        )


def next_of(
    uow: UnitOfWork, rules: Rulebook, application: Application, now: datetime
) -> tuple[datetime, ApplicationEvent] | None:
    """What time will do to an application, and when; that may have come already.

    Staff are asked to look some days before its day, on the day, and then every week; where nobody has set
    a day, when nothing has changed for `PATIENCE`.
    """
    if not application.is_open:
        return None
    history = uow.casework.applications.history(application.id)
    staff = _for_staff(rules, application, history), ApplicationEvent.REMIND
    own = _for_person(uow, rules, application, history, now)
    return min(staff, (own, ApplicationEvent.TELL)) if own is not None else staff


def reminds_since(uow: UnitOfWork, participant_id: int) -> datetime | None:
    """Since when the person wants to be reminded of what is theirs to do; None if they do not."""
    kept = uow.memory.facts(participant_id).get(REMINDS)
    since = decode_value(kept) if kept is not None else None
    return datetime.fromisoformat(since) if isinstance(since, str) else None


def today_of(rules: Rulebook, agency_id: int, now: datetime) -> date:
    """The agency's day."""
    return local(now, zone(rules.agencies[agency_id].zone)).date()


def _for_staff(rules: Rulebook, application: Application, history: Sequence[ApplicationEntry]) -> datetime:
    due, where = application.due_on, zone(rules.agencies[application.agency_id].zone)
    last = _last(application, history, ApplicationEvent.REMIND)
    if due is None:
        at = last + PATIENCE
    else:
        before, then = at_wall(due - AHEAD, HOUR_ON_THE_DAY, where), at_wall(due, HOUR_ON_THE_DAY, where)
        at = next((moment for moment in (before, then) if moment > last), max(last, then) + AGAIN)
    return rules.hours[application.agency_id].next_open(at)


def _for_person(
    uow: UnitOfWork,
    rules: Rulebook,
    application: Application,
    history: Sequence[ApplicationEntry],
    now: datetime,
) -> datetime | None:
    """Once for each state of things, while there is time; None where it is not wanted or not theirs to do."""
    since, due = reminds_since(uow, application.participant_id), application.due_on
    if application.turn is not Turn.PERSON or due is None or since is None:
        return None
    where = zone_of(_person(uow, application), rules.agencies[application.agency_id])
    at, is_over = at_wall(due - AHEAD, HOUR_BEFORE, where), local(now, where).date() > due
    known = max(since, _last(application, history, ApplicationEvent.TELL))
    return at if at > known and not is_over else None


def _last(application: Application, history: Sequence[ApplicationEntry], event: ApplicationEvent) -> datetime:
    """When it was changed, or `event` happened if that was later."""
    return max((application.changed_at, *(entry.at for entry in history if entry.event is event)))


def _person(uow: UnitOfWork, application: Application) -> Participant:
    return uow.people.participants_by([application.participant_id])[application.participant_id]
