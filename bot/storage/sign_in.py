# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""How staff sign in. What a browser or a person must show is kept as a keyed hash only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.sign_in import How, Login, Session, Tries
from bot.errors import AlreadyTaken
from bot.storage.identities import SqlIdentities
from bot.storage.link import Row, by_dialect
from bot.storage.sign_in_tables import known_device, recovery_code, sign_in_try, staff_login, staff_session

_SESSION = (
    *(staff_session.c.id, staff_session.c.agency_id, staff_session.c.staff_id, staff_session.c.address_id),
    *(staff_session.c.how, staff_session.c.device, staff_session.c.since, staff_session.c.seen_at),
    *(staff_session.c.idle_s, staff_session.c.ends_at, staff_session.c.ended_at),
)
_SESSION_VALUES = ("staff_id", "how", "device", "since", "seen_at", "idle_s", "ends_at", "ended_at")
_add_session = by_dialect(
    staff_session,
    lambda new: new.on_conflict_do_update(
        index_elements=["address_id"],
        set_={name: new.excluded[name] for name in ("agency_id", *_SESSION_VALUES)},
    ).returning(staff_session.c.id),
)
_session = select(*_SESSION).where(staff_session.c.address_id == bindparam("address_id"))
_sessions = (
    select(*_SESSION)
    .where(staff_session.c.staff_id == bindparam("staff_id"), staff_session.c.ended_at.is_(None))
    .order_by(staff_session.c.id)
)
_change_session = update(staff_session).where(staff_session.c.id == bindparam("which"))

_LOGIN = (
    *(staff_login.c.id, staff_login.c.agency_id, staff_login.c.staff_id, staff_login.c.name),
    *(staff_login.c.password, staff_login.c.secret, staff_login.c.step, staff_login.c.next_secret),
    staff_login.c.link_until,
)
_logins = select(*_LOGIN).with_for_update(key_share=True)
_by_name = _logins.where(staff_login.c.name_mark == bindparam("mark"))
_by_link = _logins.where(staff_login.c.link_mark == bindparam("mark"))
_by_staff = _logins.where(staff_login.c.staff_id == bindparam("staff_id"))
_offer = by_dialect(
    staff_login,
    lambda new: new.on_conflict_do_update(
        index_elements=["staff_id"],
        set_={
            name: new.excluded[name]
            for name in ("name", "name_mark", "next_secret", "link_mark", "link_until")
        },
    ),
)
_name_owner = select(staff_login.c.staff_id).where(staff_login.c.name_mark == bindparam("mark"))
_change_login = update(staff_login).where(staff_login.c.id == bindparam("which"))

_add_codes = recovery_code.insert()
_drop_codes = delete(recovery_code).where(recovery_code.c.staff_id == bindparam("person"))
_use_code = (
    update(recovery_code)
    .where(
        recovery_code.c.staff_id == bindparam("person"),
        recovery_code.c.mark == bindparam("code"),
        recovery_code.c.used_at.is_(None),
    )
    .values(used_at=bindparam("now", type_=recovery_code.c.used_at.type))
)
_add_device = by_dialect(
    known_device, lambda new: new.on_conflict_do_nothing(index_elements=["staff_id", "mark"])
)
_device = select(known_device.c.id).where(
    known_device.c.staff_id == bindparam("person"), known_device.c.mark == bindparam("device")
)
_drop_devices = delete(known_device).where(known_device.c.staff_id == bindparam("person"))
_tries = (
    select(sign_in_try.c.tries, sign_in_try.c.since, sign_in_try.c.at)
    .where(sign_in_try.c.mark == bindparam("what"))
    .with_for_update()
)
_keep_tries = by_dialect(
    sign_in_try,
    lambda new: new.on_conflict_do_update(
        index_elements=["mark"], set_={name: new.excluded[name] for name in ("tries", "since", "at")}
    ),
)
_drop_tries = delete(sign_in_try).where(sign_in_try.c.mark == bindparam("what"))
_drop_old_tries = delete(sign_in_try).where(
    sign_in_try.c.at < bindparam("moment", type_=sign_in_try.c.at.type)
)


class SqlSignIns(SqlIdentities):
    """Implements `ports.SignIns`."""

    __slots__ = ()

    def add_session(self, new: Session) -> int:
        """Keep a session; one that its address had before is replaced."""
        values = {
            "agency_id": new.agency_id,
            "staff_id": new.staff_id,
            "address_id": new.address_id,
            "how": new.how,
            "device": new.device,
            "since": new.since,
            "seen_at": new.seen_at,
            "idle_s": int(new.idle.total_seconds()),
            "ends_at": new.ends_at,
            "ended_at": new.ended_at,
        }
        return int(self._link.upsert(_add_session, values).scalar_one())

    def session(self, address_id: int) -> Session | None:
        """The session of a console address, over or not."""
        row = self._link.execute(_session, {"address_id": address_id}).first()
        return None if row is None else _to_session(row)

    def sessions(self, staff_id: int) -> list[Session]:
        """Those that nobody has ended, the oldest first."""
        return [_to_session(row) for row in self._link.execute(_sessions, {"staff_id": staff_id})]

    def touch_session(self, session_id: int, now: datetime) -> None:
        """It was used."""
        self._link.execute(_change_session, {"which": session_id, "seen_at": now})

    def end_session(self, session_id: int, now: datetime) -> None:
        """It is over."""
        self._link.execute(_change_session, {"which": session_id, "ended_at": now})

    def login(self, name: str) -> Login | None:
        """The login of a name."""
        return self._login(_by_name, {"mark": self._mark(name, "name")})

    def login_of(self, staff_id: int) -> Login | None:
        """The login of a staff member."""
        return self._login(_by_staff, {"staff_id": staff_id})

    def login_by_link(self, code: str) -> Login | None:
        """The login whose link has this code."""
        return self._login(_by_link, {"mark": self._mark(code, "link")})

    def offer(self, new: Login, code: str) -> None:
        """Keep what the link offers. Raises `AlreadyTaken` for a colleague's name."""
        mark = self._mark(new.name, "name")
        owner = self._link.execute(_name_owner, {"mark": mark}).scalar()
        if owner is not None and owner != new.staff_id:
            raise AlreadyTaken("this login name belongs to another staff member")
        values = {
            "agency_id": new.agency_id,
            "staff_id": new.staff_id,
            "name": new.name,
            "name_mark": mark,
            "password": "",
            "secret": "",
            "next_secret": new.next_secret,
            "link_mark": self._mark(code, "link"),
            "link_until": new.link_until,
        }
        try:
            self._link.upsert(_offer, values)
        except IntegrityError:
            raise AlreadyTaken("this login name belongs to another staff member") from None

    def take_up(self, login: Login) -> None:
        """Keep what somebody signs in with from now on; the link is used up."""
        values = {
            "which": login.id,
            "password": login.password,
            "secret": login.secret,
            "step": login.step,
            "next_secret": "",
            "link_mark": None,
            "link_until": None,
        }
        self._link.execute(_change_login, values)

    def use_step(self, login_id: int, step: int) -> None:
        """The code of this time step was used."""
        self._link.execute(_change_login, {"which": login_id, "step": step})

    def keep_recovery(self, agency_id: int, staff_id: int, codes: Sequence[str]) -> None:
        """These are the recovery codes from now on."""
        self._link.execute(_drop_codes, {"person": staff_id})
        rows = [
            {"agency_id": agency_id, "staff_id": staff_id, "mark": self._mark(code, "recovery")}
            for code in codes
        ]
        if rows:
            self._link.execute(_add_codes, rows)

    def use_recovery(self, staff_id: int, code: str, now: datetime) -> bool:
        """Use a code up. False if it is none, or was used."""
        values = {"person": staff_id, "code": self._mark(code, "recovery"), "now": now}
        return bool(self._link.execute(_use_code, values).rowcount)

    def know_device(self, agency_id: int, staff_id: int, device: str, now: datetime) -> None:
        """Somebody has signed in on this device."""
        values = {
            "agency_id": agency_id,
            "staff_id": staff_id,
            "mark": self._mark(device, "device"),
            "since": now,
        }
        self._link.upsert(_add_device, values)

    def is_known_device(self, staff_id: int, device: str) -> bool:
        """Whether they have signed in on it."""
        values = {"person": staff_id, "device": self._mark(device, "device")}
        return self._link.execute(_device, values).first() is not None

    def forget_devices(self, staff_id: int) -> None:
        """None is known any more."""
        self._link.execute(_drop_devices, {"person": staff_id})

    def tries(self, what: str) -> Tries | None:
        """How often it was tried; locked."""
        row = self._link.execute(_tries, {"what": self._mark(what, "try")}).first()
        return None if row is None else Tries(*row)

    def keep_tries(self, agency_id: int, what: str, tries: Tries) -> None:
        """In place of what was known."""
        values = {
            "agency_id": agency_id,
            "mark": self._mark(what, "try"),
            "tries": tries.count,
            "since": tries.since,
            "at": tries.at,
        }
        self._link.upsert(_keep_tries, values)

    def forget_tries(self, what: str) -> None:
        """It was done."""
        self._link.execute(_drop_tries, {"what": self._mark(what, "try")})

    def forget_tries_before(self, moment: datetime) -> None:
        """Nobody waits for them any more."""
        self._link.execute(_drop_old_tries, {"moment": moment})

    def _login(self, statement: Any, values: dict[str, Any]) -> Login | None:
        row = self._link.execute(statement, values).first()
        return None if row is None else Login(*row)


def _to_session(row: Row) -> Session:
    number, agency, person, address, how, device, since, seen, idle_s, ends, ended = row
    idle = timedelta(seconds=idle_s)
    return Session(number, agency, person, address, How(how), device, since, seen, idle, ends, ended)
