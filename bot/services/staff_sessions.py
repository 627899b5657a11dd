# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Sessions of staff in a browser. A session is an address of the console; here is how long it is one.

Whoever signs in gets a new secret each time. The storage knows only a hash of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.people import AddressState, Staff
from bot.domain.sign_in import TOUCH_EVERY, How, Session
from bot.ports import UnitOfWork
from bot.services.rulebook import Rulebook

CHANNEL = "console"


def begin_session(
    uow: UnitOfWork, rules: Rulebook, staff: Staff, account: str, way: tuple[How, str], now: datetime
) -> None:
    """Sign a browser in; `account` is its own, `way` how and on which device. What is over is put away."""
    how, device = way
    for old in uow.sign_ins.sessions(staff.id):
        if not old.is_open(now):
            _end(uow, old, now)
    login = uow.sign_ins.login_of(staff.id)
    comes_back = (login is not None and login.password) or uow.sign_ins.is_bound(staff.id)
    limits = rules.sign_in.comes_back if comes_back else rules.sign_in.needs_links
    address = uow.people.add_address(staff.agency_id, CHANNEL, account, staff_id=staff.id)
    new = Session(
        *(0, staff.agency_id, staff.id, address, how, device, now, now, limits.idle, now + limits.whole)
    )
    uow.sign_ins.add_session(new)
    note = how.value if how is not How.LINK else CHANNEL
    uow.ledger.note(staff.agency_id, now, f"staff:{staff.id}", "console_opened", note)


def whose(uow: UnitOfWork, account: str, now: datetime) -> tuple[Staff, Session] | None:
    """Whose browser this is; None if nobody's: never signed in, signed out, over, or not in the team.

    Looking counts as use only if `use` follows.
    """
    found = uow.people.find_staff(CHANNEL, account) if account else None
    if found is None or found[1].state is not AddressState.OPEN:
        return None
    session = uow.sign_ins.session(found[1].id)
    if session is None or not session.is_open(now) or session.staff_id != found[0].id:
        return None
    return found[0], session


def who(uow: UnitOfWork, account: str, now: datetime) -> Staff | None:
    """The staff member whose browser this is; None as for `whose`."""
    found = whose(uow, account, now)
    return found[0] if found else None


def elsewhere(
    uow: UnitOfWork, account: str, others: Sequence[str], now: datetime
) -> tuple[str, Staff] | None:
    """The first of `others` in which somebody is signed in with another agency than in `account`.

    It is for before the unit of work serves one agency.
    """
    here = who(uow, account, now)
    for other in others:
        staff = who(uow, other, now)
        if here is not None and staff is not None and staff.agency_id != here.agency_id:
            return other, staff
    return None


def leave(uow: UnitOfWork, account: str, now: datetime) -> None:
    """Sign this browser out."""
    found = whose(uow, account, now)
    if found is not None:
        staff, session = found
        end_session(uow, staff.id, session.id, f"staff:{staff.id}", now)


def use(uow: UnitOfWork, session: Session, now: datetime) -> None:
    """Somebody did something in it."""
    if now - session.seen_at >= TOUCH_EVERY:
        uow.sign_ins.touch_session(session.id, now)


def sessions_of(uow: UnitOfWork, staff_id: int, now: datetime) -> list[Session]:
    """The sessions that can be used now, the one used last first."""
    found = [one for one in uow.sign_ins.sessions(staff_id) if one.is_open(now)]
    return sorted(found, key=lambda one: one.seen_at, reverse=True)


def end_session(uow: UnitOfWork, staff_id: int, session_id: int, actor: str, now: datetime) -> bool:
    """Sign one browser of this staff member out. False if it is none of theirs."""
    for one in uow.sign_ins.sessions(staff_id):
        if one.id == session_id:
            _end(uow, one, now)
            uow.ledger.note(one.agency_id, now, actor, "session_ended", f"staff:{staff_id}")
            return True
    return False


def end_sessions(uow: UnitOfWork, staff: Staff, actor: str, now: datetime, besides: int | None = None) -> int:
    """Sign all browsers of a staff member out, except that of the session `besides`. How many were open."""
    open_ones = [one for one in uow.sign_ins.sessions(staff.id) if one.id != besides]
    for one in open_ones:
        _end(uow, one, now)
    if open_ones:
        uow.ledger.note(staff.agency_id, now, actor, "sessions_ended", f"staff:{staff.id}")
    return sum(one.is_open(now) for one in open_ones)


def _end(uow: UnitOfWork, session: Session, now: datetime) -> None:
    uow.sign_ins.end_session(session.id, now)
    uow.people.close_address(session.address_id)
