# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Timers that failed too often: set aside, told to a human, tried again when the human says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.ledger_chain import COMMAND
from bot.domain.messages import Body, Draft, Kind
from bot.domain.people import Address, Role
from bot.ports import Receipt, UnitOfWork
from bot.services.rulebook import Rulebook
from scheduler.timers import Timer, Unparked

TIMER_KIND = "parked_notice"
#: Told at once, and what is parked within an hour after that in one message more.
TELL_EVERY = timedelta(hours=1)
#: So many are shown and counted at most.
SHOWN = 1000


def park(uow: UnitOfWork, timer: Timer, now: datetime, error_name: str) -> None:
    """Set a claimed timer aside, and see to it that an admin or a lead learns of it."""
    if uow.timers.park(timer, now, error_name) and timer.kind != TIMER_KIND:
        told_at = uow.ledger.fact(_told_key(timer.agency_id))
        free_at = datetime.fromisoformat(told_at) + TELL_EVERY if told_at else now
        # A clock that ran ahead must not keep the next notice back for longer than any other.
        _tell_at(uow, timer.agency_id, min(max(now, free_at), now + TELL_EVERY))


def tell_parked(uow: UnitOfWork, rules: Rulebook, timer: Timer, now: datetime) -> Receipt:
    """One notice with the number of parked timers, and nothing of what they were for."""
    found = sum(1 for each in uow.timers.all_parked(SHOWN) if each.agency_id == timer.agency_id)
    if not found:
        return Receipt()
    addresses = _whom(uow, timer.agency_id)
    if not addresses:
        _tell_at(uow, timer.agency_id, now + TELL_EVERY)
        return Receipt()
    uow.ledger.set_fact(_told_key(timer.agency_id), now.isoformat())
    uow.outbox.post([_notice(uow, rules, timer.agency_id, address, found) for address in addresses], now)
    return Receipt("", frozenset(address.channel for address in addresses))


def retry_parked(
    uow: UnitOfWork, timer_ids: Sequence[int] | None, now: datetime, actor: str = COMMAND
) -> list[tuple[int, Unparked]]:
    """Let these parked timers, or all (None), be due now; what became of each. The audit log keeps it.

    Of several that had the same place the newest is tried again.
    """
    agencies = {each.id: each.agency_id for each in uow.timers.all_parked(SHOWN)}
    done = []
    for timer_id in sorted(agencies if timer_ids is None else timer_ids, reverse=True):
        outcome = uow.timers.unpark(timer_id, now)
        if outcome is not Unparked.UNKNOWN and timer_id in agencies:
            uow.ledger.note(agencies[timer_id], now, actor, "retry_timer", f"{timer_id} {outcome.value}")
        done.append((timer_id, outcome))
    return done


def _whom(uow: UnitOfWork, agency_id: int) -> list[Address]:
    team = uow.people.all_staff(agency_id)
    for role in (Role.ADMIN, Role.LEAD):
        addresses = uow.people.staff_addresses([person.id for person in team if person.role is role])
        if addresses:
            return addresses
    return []


def _notice(uow: UnitOfWork, rules: Rulebook, agency_id: int, address: Address, found: int) -> Draft:
    person = uow.people.staff(address.staff_id) if address.staff_id else None
    text = rules.voice(person.language if person else "de").say(
        "Etwas Geplantes ist mehrmals fehlgeschlagen und wartet jetzt, bis jemand nachsieht. "
        "Anzahl: {count}. "
        "Bitte geben Sie das an Ihre Technik weiter: „lotse timers parked“ zeigt, was es ist.",
        count=found,
    )
    return Draft(
        agency_id,
        address.id,
        address.channel,
        Kind.STAFF_NOTICE,
        Body(text),
        staff_id=address.staff_id,
    )


def _tell_at(uow: UnitOfWork, agency_id: int, at: datetime) -> None:
    uow.timers.set(agency_id, TIMER_KIND, agency_id, at, f"{TIMER_KIND}:{agency_id}")


def _told_key(agency_id: int) -> str:
    return f"timers_told:{agency_id}"
