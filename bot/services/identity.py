# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signing in with another house: a one-time link binds a staff member to who they are there, once.

Nobody is ever found by a mail address: houses give addresses to somebody else when people leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.identity import Identity, IdentityOffer, NotVouched
from bot.domain.ledger_chain import COMMAND
from bot.domain.people import Staff
from bot.domain.sign_in import How, Tries, counted_in_budget, network_of, wait_of_budget
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook
from bot.services.sign_in import Arrival
from bot.services.staff_sessions import begin_session, end_sessions


class Bound(StrEnum):
    """What became of a link to bind with."""

    DONE = "done"
    OVER = "over"  # used, too old, or its person has left
    TAKEN = "taken"  # this account is a colleague's already


@dataclass(frozen=True, slots=True)
class Return:
    """A browser that comes back from the house: with which state, and from which address of the network."""

    state: str
    host: str


def offer_identity(
    uow: UnitOfWork, rules: Rulebook, staff_id: int, now: datetime, actor: str = COMMAND
) -> str:
    """The code of a one-time link to bind with. What is bound goes on working until it is used.

    Raises `NotFound` for somebody not in the team.
    """
    staff = _present(uow, staff_id)
    if staff is None:
        raise NotFound(f"there is no staff member {staff_id}")
    code = rules.new_code()
    uow.sign_ins.offer_identity(
        IdentityOffer(staff.agency_id, staff_id, now + rules.sign_in.link_lives), code
    )
    uow.ledger.note(staff.agency_id, now, actor, "identity_offered", f"staff:{staff_id}")
    return code


def remove_identity(uow: UnitOfWork, staff_id: int, now: datetime, actor: str = COMMAND) -> bool:
    """The house vouches for them no more; every browser is signed out. False if it did not before.

    Raises `NotFound` for somebody unknown.
    """
    staff = uow.people.staff(staff_id)
    if staff is None:
        raise NotFound(f"there is no staff member {staff_id}")
    if not uow.sign_ins.unbind_identity(staff_id):
        return False
    end_sessions(uow, staff, actor, now)
    uow.ledger.note(staff.agency_id, now, actor, "identity_removed", f"staff:{staff_id}")
    return True


def offered_to(uow: UnitOfWork, code: str, now: datetime) -> Staff | None:
    """Whom a link is for; uses nothing up. None if it opens nothing."""
    offer = uow.sign_ins.identity_offer(code)
    return None if offer is None or now >= offer.until else _present(uow, offer.staff_id)


def came_back(
    uow: UnitOfWork, rules: Rulebook, agency_id: int, back: Return, now: datetime
) -> timedelta | None:
    """Let a browser come back once. Returns how long it must wait first; None if it was back already.

    Counted apart from passwords: whoever floods this way hinders nobody on the other.
    """
    seen, budget = f"passage:{back.state}", f"house:{network_of(back.host)}"
    if uow.sign_ins.tries(seen) is not None:
        return None
    tries = uow.sign_ins.tries(budget)
    wait = wait_of_budget(tries, rules.sign_in.network_tries, now)
    if not wait:
        uow.sign_ins.keep_tries(agency_id, budget, counted_in_budget(tries, now))
        uow.sign_ins.keep_tries(agency_id, seen, Tries(1, now, now))
    return wait


def enter(
    uow: UnitOfWork, rules: Rulebook, agency_id: int, identity: Identity, arrival: Arrival, now: datetime
) -> Staff | None:
    """Sign in whom the house vouches for. None if nobody here is bound to them, or they left."""
    staff_id = uow.sign_ins.bound_to(identity)
    staff = None if staff_id is None else _present(uow, staff_id)
    if staff is None:
        actor = "nobody" if staff_id is None else f"staff:{staff_id}"
        uow.ledger.note(agency_id, now, actor, "sign_in_refused", "house")
        return None
    uow.sign_ins.know_device(staff.agency_id, staff.id, arrival.device, now)
    begin_session(uow, rules, staff, arrival.account, (How.HOUSE, arrival.label), now)
    return staff


def refused(uow: UnitOfWork, agency_id: int, why: NotVouched, now: datetime) -> None:
    """Write down that the house vouched for nobody."""
    uow.ledger.note(agency_id, now, "nobody", "sign_in_refused", f"house:{why.value}")


def bind(uow: UnitOfWork, code: str, identity: Identity, now: datetime) -> Bound:
    """Bind whom a link is for to who they are there. Every browser from before is signed out."""
    staff = offered_to(uow, code, now)
    if staff is None:
        return Bound.OVER
    if uow.sign_ins.bound_to(identity) not in (None, staff.id):
        uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "identity_refused", f"staff:{staff.id}")
        return Bound.TAKEN
    uow.sign_ins.bind_identity(staff.id, identity, now)
    end_sessions(uow, staff, f"staff:{staff.id}", now)
    uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "identity_bound", f"staff:{staff.id}")
    return Bound.DONE


def _present(uow: UnitOfWork, staff_id: int) -> Staff | None:
    staff = uow.people.staff(staff_id)
    return None if staff is None or staff.left_at is not None else staff
