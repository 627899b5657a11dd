# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Rehearsals from the console: asked for by people, carried out one after another by the program.

Whoever carries one out holds it for a while and says again and again that they still do. A rehearsal that
nobody holds any more is begun once more; then it has failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.people import Staff
from bot.domain.rehearsals import (
    MOST_MONTHS,
    MOST_PEOPLE,
    MOST_PERSON_MONTHS,
    MOST_STAFF,
    MOST_TRIES,
    MOST_WAITING,
    Rehearsal,
    RehearsalEvent,
    RehearsalFault,
    RehearsalState,
    RehearsalWish,
)
from bot.ports import UnitOfWork
from bot.services.appointment_dates import EntryFault
from bot.texts import mark
from dialogs.shipped import shipped_programmes


@dataclass(frozen=True, slots=True)
class Job:
    """A rehearsal in somebody's hand. `source` is the text of the programme's version."""

    rehearsal: Rehearsal
    source: str


def programmes(uow: UnitOfWork, agency_id: int) -> Mapping[str, int]:
    """What can be rehearsed: the version in force of each programme, 0 for one that is not installed."""
    versions = dict.fromkeys(shipped_programmes(), 0)
    return versions | {one.name: one.version for one in uow.programmes.editions(agency_id)}


def ask(uow: UnitOfWork, wish: RehearsalWish, staff: Staff, now: datetime) -> int:
    """Let something be rehearsed as soon as nothing else is. Returns its number. Raises `EntryFault`."""
    if programmes(uow, staff.agency_id).get(wish.programme) != wish.version:
        raise EntryFault(mark("Dieses Programm gibt es hier nicht mehr. Bitte wählen Sie eines aus."))
    for value, most in ((wish.people, MOST_PEOPLE), (wish.months, MOST_MONTHS), (wish.staff, MOST_STAFF)):
        if not 1 <= value <= most:
            raise EntryFault(
                mark("Möglich sind bis zu {people} Menschen, {months} Monate und {staff} Coaches."),
                people=MOST_PEOPLE,
                months=MOST_MONTHS,
                staff=MOST_STAFF,
            )
    if not 0 <= wish.against_staff <= MOST_STAFF:
        raise EntryFault(mark("Zum Vergleich sind bis zu {staff} Coaches möglich."), staff=MOST_STAFF)
    if not wish.is_small_enough:
        raise EntryFault(
            mark(
                "Das ist zu viel auf einmal: Menschen mal Monate darf höchstens {most} sein. "
                "Schlüssel und Zeiten zeigen sich schon mit 60 Menschen und 3 Monaten."
            ),
            most=MOST_PERSON_MONTHS,
        )
    waiting = [
        one for one in uow.casework.rehearsals.of_agency(staff.agency_id) if one.state is RehearsalState.ASKED
    ]
    if len(waiting) >= MOST_WAITING:
        raise EntryFault(
            mark("Es warten schon {count} Probeläufe. Bitte kommen Sie wieder, wenn einer davon fertig ist."),
            count=len(waiting),
        )
    number = uow.casework.rehearsals.add(Rehearsal(0, staff.agency_id, staff.id, now, wish))
    uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "rehearsal_asked", f"rehearsal:{number}")
    return number


def drop(uow: UnitOfWork, rehearsal_id: int, staff: Staff, now: datetime) -> bool:
    """Remove one of the own agency; one that runs is stopped soon. False if there is none."""
    if not uow.casework.rehearsals.drop(staff.agency_id, rehearsal_id):
        return False
    subject = f"rehearsal:{rehearsal_id}"
    uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "rehearsal_removed", subject)
    return True


def claim(uow: UnitOfWork, now: datetime, lease: timedelta) -> Job | None:
    """Take the next one in hand for so long; None if there is none, or another one runs, wherever."""
    kept = uow.casework.rehearsals
    kept.alone()
    waiting = kept.unfinished()
    for one in waiting:
        if one.state is not RehearsalState.RUNNING:
            continue
        # No lease is longer: beyond it lies only what a clock wrote that was set back since.
        if one.lease_until is not None and now < one.lease_until <= now + lease:
            return None
        if one.tries < MOST_TRIES:
            return _begin(uow, one, RehearsalEvent.BEGIN_AGAIN, now + lease, now)
        fail(uow, one, RehearsalFault.STOPPED, now)
    asked = next((one for one in waiting if one.state is RehearsalState.ASKED), None)
    return None if asked is None else _begin(uow, asked, RehearsalEvent.BEGIN, now + lease, now)


def hold(uow: UnitOfWork, mine: Rehearsal, now: datetime, lease: timedelta) -> bool:
    """Keep it in hand for so long again. False if it was removed, or somebody else has it now."""
    return uow.casework.rehearsals.save(replace(mine, lease_until=now + lease), mine.tries)


def finish(uow: UnitOfWork, mine: Rehearsal, report: str, now: datetime) -> bool:
    """Keep the report. False as for `hold`."""
    done = replace(mine, state=mine.after(RehearsalEvent.FINISH), lease_until=None, ended_at=now)
    return uow.casework.rehearsals.save(done, mine.tries, report)


def fail(uow: UnitOfWork, mine: Rehearsal, why: RehearsalFault, now: datetime) -> bool:
    """There will be no report. False as for `hold`."""
    state = mine.after(RehearsalEvent.FAIL)
    changed = replace(mine, state=state, lease_until=None, ended_at=now, fault=why)
    return uow.casework.rehearsals.save(changed, mine.tries)


def give_back(uow: UnitOfWork, mine: Rehearsal) -> bool:
    """Let another process begin it, or this one after a new start; that was no fault of the rehearsal's."""
    state = mine.after(RehearsalEvent.GIVE_BACK)
    changed = replace(mine, state=state, tries=mine.tries - 1, lease_until=None, began_at=None)
    return uow.casework.rehearsals.save(changed, mine.tries)


def _begin(
    uow: UnitOfWork, one: Rehearsal, event: RehearsalEvent, until: datetime, now: datetime
) -> Job | None:
    wish = one.wish
    mine = replace(one, state=one.after(event), tries=one.tries + 1, lease_until=until, began_at=now)
    uow.casework.rehearsals.save(mine, one.tries)
    edition = uow.programmes.edition(one.agency_id, wish.programme, wish.version) if wish.version else None
    source = edition.source if edition is not None else shipped_programmes().get(wish.programme, "")
    if not source:
        # Another version of Lotse asked for what this one does not bring along.
        fail(uow, mine, RehearsalFault.PROGRAMME, now)
        return None
    return Job(mine, source)
