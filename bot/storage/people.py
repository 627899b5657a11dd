# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Participants and staff. Addresses and invitations have their own modules; `SqlPeople` joins the three."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, select, update

from bot.domain.people import Address, AddressState, Participant, Role, Staff, Standing
from bot.errors import NotFound, StoreUnavailable
from bot.ports import Contact, Conversation
from bot.storage.addresses import FINGERPRINT, SqlAddresses
from bot.storage.invitations import SqlInvitations
from bot.storage.link import Link, Row, by_dialect
from bot.storage.person_keys import SqlPersonKeys
from bot.storage.seals import owned
from bot.storage.tables import OPEN, address, conversation, participant, staff

# Without vowels (no words arise) and without what looks alike: 0 O, 1 I, 2 Z, 5 S, 8 B, U V.
_ALPHABET = "CDFGHJKLMNPQRTVWXY34679"
_CODE_LENGTH = 5
_CODE_TRIES = 50

#: The columns of a participant, as `to_participant` reads them.
PERSON = (
    participant.c.id,
    participant.c.agency_id,
    participant.c.case_code,
    participant.c.standing,
    participant.c.language,
    participant.c.coach_id,
    participant.c.paused_until,
    participant.c.human_until,
    participant.c.zone,
    participant.c.programme,
)
_STAFF = (
    staff.c.id,
    staff.c.agency_id,
    staff.c.name,
    staff.c.role,
    staff.c.language,
    staff.c.deputy_id,
    staff.c.focus,
    staff.c.left_at,
)
_PARTICIPANT_COLUMNS = frozenset(
    {
        "standing",
        "language",
        "coach_id",
        "paused_until",
        "human_until",
        "zone",
        "programme",
        "left_at",
        "name",
    }
)
_STAFF_COLUMNS = frozenset({"name", "mail", "role", "language", "deputy_id", "focus", "left_at"})

_contact: Select[Any] = (
    select(
        *PERSON,
        address.c.id,
        address.c.channel,
        address.c.value,
        address.c.state,
        staff.c.name,
        conversation.c.id,
        conversation.c.session,
        conversation.c.subject,
    )
    .join_from(address, participant, participant.c.id == address.c.participant_id)
    .outerjoin(staff, staff.c.id == participant.c.coach_id)
    .outerjoin(
        conversation,
        (conversation.c.participant_id == participant.c.id) & (conversation.c.state == OPEN),
    )
)
_contact_by_address = _contact.where(
    address.c.channel == bindparam("channel"), address.c.fingerprint == bindparam("fingerprint")
)
_contact_by_id = (
    _contact.where(participant.c.id == bindparam("id"), address.c.state == AddressState.OPEN)
    .order_by(func.coalesce(address.c.used_at, 0).desc(), address.c.id.desc())
    .limit(1)
)
# Not the strongest lock: rows that refer to the person can still be added by others.
_lock_owner = (
    select(participant.c.id)
    .join_from(address, participant, participant.c.id == address.c.participant_id)
    .where(address.c.channel == bindparam("channel"), address.c.fingerprint == bindparam("fingerprint"))
    .with_for_update(key_share=True, of=participant)
)
_lock_participant = (
    select(participant.c.id).where(participant.c.id == bindparam("id")).with_for_update(key_share=True)
)
_name_of = select(participant.c.name).where(participant.c.id == bindparam("id"))
_participants = (
    select(*PERSON).where(participant.c.agency_id == bindparam("agency_id")).order_by(participant.c.id)
)
_participants_by = select(*PERSON).where(participant.c.id.in_(bindparam("numbers", expanding=True)))
_add_participant = by_dialect(
    participant,
    lambda new: new.on_conflict_do_nothing(index_elements=["agency_id", "case_code"]).returning(
        participant.c.id
    ),
)
_change_participant = update(participant).where(participant.c.id == bindparam("which"))
_change_staff = update(staff).where(staff.c.id == bindparam("which"))
_add_staff = staff.insert().returning(staff.c.id)
_staff_by_id = select(*_STAFF).where(staff.c.id == bindparam("id"))
_all_staff = select(*_STAFF).where(staff.c.agency_id == bindparam("agency_id")).order_by(staff.c.id)
_staff_by_address = (
    select(*_STAFF, address.c.id, address.c.channel, address.c.value, address.c.state)
    .join_from(address, staff, staff.c.id == address.c.staff_id)
    .where(
        address.c.channel == bindparam("channel"),
        address.c.fingerprint == bindparam("fingerprint"),
        staff.c.left_at.is_(None),
    )
    .with_for_update(key_share=True, of=staff)
)


def draw_case_code() -> str:
    """Five characters that can be said on the telephone."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))


class SqlPeople(SqlAddresses, SqlInvitations):
    """Implements `ports.People`."""

    __slots__ = ("_draw",)

    def __init__(self, link: Link, draw: Callable[[], str] = draw_case_code) -> None:
        super().__init__(link)
        self._draw = draw

    def find_contact(self, channel: str, address: str) -> Contact | None:
        """The participant with this account, whether it is open or closed; locked."""
        account = {"channel": channel, "fingerprint": self._link.keyring.fingerprint(address, FINGERPRINT)}
        if not self._link.has_row_locks:
            return self._read_contact(account)
        while True:
            # A statement sees what was committed when it began. One that waits for a lock would then read the
            # conversation as it was before the wait; so the lock comes first, and the reading after it.
            owner = self._link.read_one(_lock_owner, account)
            contact = self._read_contact(account)
            # Otherwise the account was bound to another person in between.
            if contact is None or (owner is not None and contact.participant.id == owner[0]):
                return contact

    def _read_contact(self, account: dict[str, Any]) -> Contact | None:
        row = self._link.read_one(_contact_by_address, account)
        return self._to_contact(row)

    def contact_of(self, participant_id: int) -> Contact | None:
        """The person with the open address they used last; locked. None if no address is open."""
        if self._link.has_row_locks:
            self._link.read(_lock_participant, {"id": participant_id})
        return self._to_contact(self._link.read_one(_contact_by_id, {"id": participant_id}))

    def _to_contact(self, row: Row | None) -> Contact | None:
        if row is None:
            return None
        found = _to_contact(row)
        if found.conversation is not None:
            self._link.talk_owners[found.conversation.id] = found.participant.id
        return found

    def name_of(self, participant_id: int) -> str:
        """The name, empty if unknown. Raises `NotFound`."""
        row = self._link.execute(_name_of, {"id": participant_id}).first()
        if row is None:
            raise NotFound(f"participant {participant_id}")
        return str(row[0])

    def add_participant(
        self, agency_id: int, standing: Standing, language: str, coach_id: int | None, name: str = ""
    ) -> int:
        """A new participant with a fresh case code."""
        values = {
            "agency_id": agency_id,
            "standing": standing,
            "language": language,
            "coach_id": coach_id,
            "name": "",
        }
        for _ in range(_CODE_TRIES):
            row = self._link.upsert(_add_participant, values | {"case_code": self._draw()}).first()
            if row is not None:
                # Only now the person has a number, and with it a key.
                self.change_participant(int(row[0]), name=name)
                return int(row[0])
        raise StoreUnavailable("no free case code was found")

    def change_participant(self, participant_id: int, **changes: Any) -> None:
        """Set columns. Raises `ValueError` for any other column, and `NotFound`."""
        _refuse_unknown(changes, _PARTICIPANT_COLUMNS)
        if "name" in changes:
            changes["name"] = owned(changes["name"], participant_id)
        if (
            changes
            and not self._link.execute(_change_participant, changes | {"which": participant_id}).rowcount
        ):
            raise NotFound(f"participant {participant_id}")

    def shred(self, participant_id: int) -> None:
        """Destroy the person's key, when everything of theirs is gone that need not be kept: last of all.

        What is left lies under the installation's key afterwards; copies elsewhere can never be opened again.
        """
        SqlPersonKeys(self._link).shred(participant_id)

    def participants(self, agency_id: int) -> list[Participant]:
        """All participants of an agency, the oldest first."""
        return [to_participant(row) for row in self._link.execute(_participants, {"agency_id": agency_id})]

    def participants_by(self, numbers: Collection[int]) -> dict[int, Participant]:
        """Those participants, by number; not locked."""
        rows = self._link.execute(_participants_by, {"numbers": sorted(numbers)}) if numbers else ()
        return {row[0]: to_participant(row) for row in rows}

    def add_staff(self, agency_id: int, name: str, role: Role, mail: str, language: str) -> int:
        """A new staff member."""
        values = {"agency_id": agency_id, "name": name, "role": role, "mail": mail, "language": language}
        return int(self._link.execute(_add_staff, values).scalar_one())

    def change_staff(self, staff_id: int, **changes: Any) -> None:
        """Set columns. Raises `ValueError` for any other column, and `NotFound`."""
        _refuse_unknown(changes, _STAFF_COLUMNS)
        if changes and not self._link.execute(_change_staff, changes | {"which": staff_id}).rowcount:
            raise NotFound(f"staff {staff_id}")

    def staff(self, staff_id: int) -> Staff | None:
        """One staff member."""
        row = self._link.read_one(_staff_by_id, {"id": staff_id})
        return None if row is None else _to_staff(row)

    def all_staff(self, agency_id: int) -> list[Staff]:
        """All staff of an agency, the oldest first."""
        return [_to_staff(row) for row in self._link.read(_all_staff, {"agency_id": agency_id})]

    def find_staff(self, channel: str, address: str) -> tuple[Staff, Address] | None:
        """The staff member with this account, unless they have left the team; locked."""
        account = {"channel": channel, "fingerprint": self._link.keyring.fingerprint(address, FINGERPRINT)}
        row = self._link.execute(_staff_by_address, account).first()
        if row is None:
            return None
        number, name, value, state = row[8:]
        return _to_staff(row), Address(number, name, value, AddressState(state), staff_id=row[0])


def _refuse_unknown(changes: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := changes.keys() - known:
        raise ValueError(f"columns that cannot be changed: {', '.join(sorted(unknown))}")


def to_participant(row: Sequence[Any]) -> Participant:
    """The participant in a row that begins with `PERSON`."""
    return Participant(row[0], row[1], row[2], Standing(row[3]), *row[4:10])


def _to_staff(row: Sequence[Any]) -> Staff:
    return Staff(row[0], row[1], row[2], Role(row[3]), row[4], row[5], row[6], row[7])


def _to_contact(row: Sequence[Any]) -> Contact:
    number, channel, value, state, coach, talk, session, subject = row[10:]
    return Contact(
        to_participant(row),
        Address(number, channel, value, AddressState(state), participant_id=row[0]),
        coach or "",
        None if talk is None else Conversation(talk, session, subject),
    )
