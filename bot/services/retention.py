# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""What has been kept long enough goes by itself, every night, in pieces. Open concerns are never touched.

One timer an agency. While there is more to do it comes back after a moment, so that a day's deletion never
stands in anybody's way.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.domain.messages import Kind
from bot.domain.people import Participant, Standing
from bot.domain.retention import DataKind
from bot.ports import Receipt, UnitOfWork
from bot.services import audit_chain
from bot.services.enrolments import close_all
from bot.services.erase_person import ERASED, Reason
from bot.services.group_facts import days as days_of_group
from bot.services.group_facts import starts
from bot.services.rulebook import Rulebook
from scheduler.local_time import at_wall, local, zone
from scheduler.timers import Timer

TIMER_KIND = "retention"
#: At night, in the agency's zone.
AT = time(3, 30)
#: In one transaction: rows, and people, of whom every table is looked through.
ROWS, PEOPLE = 200, 2
_SOON = timedelta(seconds=5)


def end_retention(uow: UnitOfWork, agency_id: int) -> None:
    """No deletion any more: there is no such agency now, and nobody in it."""
    uow.timers.cancel(_dedup(agency_id))


def ensure_retention(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> None:
    """Let deletion begin next night. Safe at every start: there is one timer an agency."""
    _set(uow, agency_id, _next_night(rules, agency_id, now))


def retention_due(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """One piece; the next one soon, or when all is done next night."""
    is_done = sweep(uow, rules, timer.agency_id, now)
    _set(uow, timer.agency_id, _next_night(rules, timer.agency_id, now) if is_done else now + _SOON)
    return Receipt()


def sweep(uow: UnitOfWork, rules: Rulebook, agency_id: int, now: datetime) -> bool:
    """Remove one piece of what has been kept long enough. Returns whether that was all of it."""
    where = zone(rules.agencies[agency_id].zone)
    today = local(now, where).date()
    days = {kind: rules.periods.kept_since(kind, today) for kind in DataKind}
    since = {kind: at_wall(day, time.min, where) for kind, day in days.items()}
    retention = uow.retention
    found = [
        retention.drop_messages(agency_id, since[DataKind.MESSAGES], ROWS),
        retention.drop_concerns(agency_id, since[DataKind.CONCERNS], ROWS),
        retention.drop_technical(agency_id, since[DataKind.TECHNICAL], ROWS),
        retention.forget(agency_id, since[DataKind.CONSENTS], ROWS),
        retention.drop_duties(agency_id, since[DataKind.STAFF], days[DataKind.STAFF], ROWS),
        _drop_groups(uow, agency_id, since[DataKind.STAFF]),
    ]
    people = retention.ended(agency_id, since[DataKind.ANSWERS], PEOPLE)
    for number in people:
        _erase(uow, number, now)
    gone = retention.left_team(agency_id, since[DataKind.STAFF], PEOPLE)
    for number in gone:
        _clear(uow, rules, number, now)
    audit_chain.cut(uow, agency_id, since[DataKind.AUDIT], now)
    return max(found) < ROWS and max(len(people), len(gone)) < PEOPLE


def end_participation(uow: UnitOfWork, person: Participant, actor: str, now: datetime) -> None:
    """The participation is over: nothing is begun any more, and from now on the periods run."""
    uow.plans.lock(person.id)
    uow.outbox.cancel_for(person.id, (Kind.CRISIS,))
    changes = {"standing": Standing.LEFT, "left_at": now, "paused_until": None, "human_until": None}
    uow.people.change_participant(person.id, **changes)
    close_all(uow, person, actor, now)
    uow.ledger.note(person.agency_id, now, actor, "participation_ended", person.case_code)


def _erase(uow: UnitOfWork, number: int, now: datetime) -> None:
    """Everything but the proofs: consents, and every concern for its own period."""
    person = uow.plans.lock(number)
    if person is None or uow.concerns.of_participant(number):
        return  # they have written just now
    kept = [concern.id for concern in uow.concerns.of_participant(number, open_only=False)]
    uow.rights.erase(person, kept)
    uow.ledger.note(person.agency_id, now, "system", ERASED, f"{person.case_code} {Reason.ENDED.value}")
    uow.people.shred(number)


def _drop_groups(uow: UnitOfWork, agency_id: int, before: datetime) -> int:
    """Groups that met for the last time before then, once nobody who came is kept any more."""
    groups = uow.casework.groups
    over = [
        group.id
        for group in groups.of_agency(agency_id)
        if group.made_at < before and all(starts(group, day) < before for day in days_of_group(group))
    ]
    return groups.drop(over[:ROWS])


def _clear(uow: UnitOfWork, rules: Rulebook, staff_id: int, now: datetime) -> None:
    """Somebody who left the team: histories go on naming a number, and that number nobody any more."""
    staff = uow.people.staff(staff_id)
    if staff is None:
        return
    uow.retention.clear_staff(staff_id, rules.voice(staff.language).say("Ehemals im Team"), now)
    uow.ledger.note(staff.agency_id, now, "system", "staff_cleared", f"staff:{staff_id}")


def _next_night(rules: Rulebook, agency_id: int, now: datetime) -> datetime:
    where = zone(rules.agencies[agency_id].zone)
    today = local(now, where).date()
    moment = at_wall(today, AT, where)
    return moment if moment > now else at_wall(today + timedelta(days=1), AT, where)


def _set(uow: UnitOfWork, agency_id: int, at: datetime) -> None:
    uow.timers.set(agency_id, TIMER_KIND, agency_id, at, _dedup(agency_id))


def _dedup(agency_id: int) -> str:
    return f"retention:{agency_id}"
