# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Signing in with a password and a second factor, and the one-time link that sets both.

Answers to whoever is not let in are all the same, and come after the same work: nobody learns which names
there are. Nobody can lock anybody out: waiting belongs to one account on one network, and devices on which
somebody has signed in before wait only for their own tries.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ledger_chain import COMMAND
from bot.domain.people import Staff
from bot.domain.sign_in import (
    How,
    Login,
    PasswordFault,
    counted_for_pair,
    counted_in_budget,
    login_name,
    network_of,
    password_fault,
    wait_of_budget,
    wait_of_pair,
)
from bot.errors import NotFound
from bot.ports import UnitOfWork
from bot.services import sign_in_secrets as secrets_of
from bot.services.rulebook import Rulebook
from bot.services.staff_sessions import begin_session, end_sessions

_WHOLE = "all"
_FORGET_AFTER = timedelta(days=2)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a browser sent. `host` is where it comes from, `device` the secret of a device, or empty."""

    name: str
    password: str
    code: str
    host: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What is to be compared now, outside of any unit of work; or how long to wait first.

    `kept` is the hash, empty for a name that nobody has.
    """

    wait: timedelta
    kept: str = ""
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The browser that signs in: its new account, the secret of its device, and what it is."""

    account: str
    device: str
    label: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a link: recovery codes to write down, or why the words were not taken."""

    codes: tuple[str, ...] = ()
    fault: PasswordFault | None = None
    is_code_wrong: bool = False


def begin(uow: UnitOfWork, rules: Rulebook, agency_id: int, attempt: Attempt, now: datetime) -> Begun:
    """Count a try before anybody knows how it ends, so that many at once are as slow as one after another.

    Who must wait is not counted: hammering makes nothing worse, for nobody.
    """
    name = login_name(attempt.name)[:_LONGEST_NAME]
    login = uow.sign_ins.login(name)
    knows = login is not None and bool(attempt.device)
    budgets: tuple[tuple[str, int], ...] = ()
    if login is not None and knows and uow.sign_ins.is_known_device(login.staff_id, attempt.device):
        pair = f"device:{login.staff_id}:{attempt.device}"
    else:
        network = network_of(attempt.host)
        pair = f"pair:{network}:{name}"
        limits = rules.sign_in
        budgets = ((f"network:{network}", limits.network_tries), (_WHOLE, limits.all_tries))
    tries = uow.sign_ins.tries(pair)
    seen = [(what, budget, uow.sign_ins.tries(what)) for what, budget in budgets]
    waits = [wait_of_budget(one, budget, now) for _, budget, one in seen]
    wait = max([wait_of_pair(tries, rules.sign_in, now), *waits])
    if wait:
        return Begun(wait)
    uow.sign_ins.keep_tries(agency_id, pair, counted_for_pair(tries, now))
    for what, _, one in seen:
        uow.sign_ins.keep_tries(agency_id, what, counted_in_budget(one, now))
    uow.sign_ins.forget_tries_before(now - _FORGET_AFTER)
    return Begun(timedelta(), login.password if login else "", pair)


def compare(attempt: Attempt, begun: Begun) -> bool:
    """Whether the password fits; as slow for a name that nobody has. Not inside a unit of work."""
    return secrets_of.is_password(attempt.password, begun.kept)


def finish(
    uow: UnitOfWork, rules: Rulebook, attempt: Attempt, begun: Begun, arrival: Arrival, now: datetime
) -> Staff | None:
    """Let somebody in whose password fitted (`compare` said so). None if the second factor does not fit.

    Also None if they have left the team, or the password was changed in the meantime.
    """
    login = uow.sign_ins.login(login_name(attempt.name)[:_LONGEST_NAME])
    staff = uow.people.staff(login.staff_id) if login is not None else None
    if login is None or staff is None or not begun.kept or login.password != begun.kept:
        return None
    if staff.left_at is not None or not _second(uow, login, attempt.code, now):
        uow.ledger.note(login.agency_id, now, f"staff:{login.staff_id}", "sign_in_refused", "second_factor")
        return None
    uow.sign_ins.forget_tries(begun.pair)
    uow.sign_ins.know_device(staff.agency_id, staff.id, arrival.device, now)
    begin_session(uow, rules, staff, arrival.account, (How.PASSWORD, arrival.label), now)
    return staff


def refused(uow: UnitOfWork, agency_id: int, attempt: Attempt, now: datetime) -> None:
    """Write down that a password did not fit; a name that nobody has is not repeated, but costs the same."""
    login = uow.sign_ins.login(login_name(attempt.name)[:_LONGEST_NAME])
    actor = f"staff:{login.staff_id}" if login is not None else "nobody"
    # Who works elsewhere is not in this agency's book.
    where = login.agency_id if login is not None else agency_id
    uow.ledger.note(where, now, actor, "sign_in_refused", "password")


def offer(
    uow: UnitOfWork, rules: Rulebook, staff_id: int, name: str, now: datetime, actor: str = COMMAND
) -> str:
    """The code of a one-time link with which somebody sets password and second factor, the first or new ones.

    What they had goes on working until then; an older link does not. An empty `name` keeps the one they have.
    Raises `NotFound` for somebody not in the team or without a name yet, `AlreadyTaken` for a colleague's.
    """
    staff = uow.people.staff(staff_id)
    if staff is None or staff.left_at is not None:
        raise NotFound(f"there is no staff member {staff_id}")
    old = uow.sign_ins.login_of(staff_id)
    wanted = login_name(name)[:_LONGEST_NAME] or (old.name if old else "")
    if not wanted:
        raise NotFound(f"staff member {staff_id} has no login name yet: give one with --name")
    code, until = rules.new_code(), now + rules.sign_in.link_lives
    new = Login(*(0, staff.agency_id, staff_id, wanted, "", "", 0, secrets_of.new_secret(), until))
    uow.sign_ins.offer(new, code)
    uow.ledger.note(staff.agency_id, now, actor, "password_offered", f"staff:{staff_id}")
    return code


def behind(uow: UnitOfWork, code: str, now: datetime) -> tuple[Login, Staff] | None:
    """What a link offers, and to whom; uses nothing up. None if it opens nothing."""
    login = uow.sign_ins.login_by_link(code)
    if login is None or not login.offers(now):
        return None
    staff = uow.people.staff(login.staff_id)
    return None if staff is None or staff.left_at is not None else (login, staff)


def fault_of(rules: Rulebook, login: Login, staff: Staff, password: str) -> PasswordFault | None:
    """Why a password is not taken."""
    own_words = (login.name, *staff.name.split(), "Lotse")
    return password_fault(password, own_words, rules.sign_in.shortest_password)


def accept(uow: UnitOfWork, code: str, kept: str, typed: str, now: datetime) -> Taken | None:
    """Set the password whose hash is `kept`, and the second factor whose code was `typed`; once.

    Everything from before is over: sessions, recovery codes, known devices. None if the link opens nothing.
    """
    found = behind(uow, code, now)
    if found is None:
        return None
    login, staff = found
    step = secrets_of.step_of_code(login.next_secret, typed, now)
    if step is None:
        return Taken(is_code_wrong=True)
    uow.sign_ins.take_up(replace(login, password=kept, secret=login.next_secret, step=step))
    codes = secrets_of.new_recovery_codes()
    uow.sign_ins.keep_recovery(login.agency_id, login.staff_id, codes)
    uow.sign_ins.forget_devices(login.staff_id)
    end_sessions(uow, staff, f"staff:{staff.id}", now)
    uow.ledger.note(login.agency_id, now, f"staff:{staff.id}", "password_set", f"staff:{staff.id}")
    return Taken(tuple(codes))


def _second(uow: UnitOfWork, login: Login, typed: str, now: datetime) -> bool:
    step = secrets_of.step_of_code(login.secret, typed, now)
    if step is not None:
        # A code opens once (RFC 6238, 5.2), so one that was seen over a shoulder is worth nothing.
        if step <= login.step:
            return False
        uow.sign_ins.use_step(login.id, step)
        return True
    return uow.sign_ins.use_recovery(login.staff_id, secrets_of.recovery_code(typed), now)
