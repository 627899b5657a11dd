# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Referrals to partners with their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select, update

from bot.domain.referrals import Referral, ReferralEntry, ReferralEvent, ReferralResult, ReferralState
from bot.errors import NotFound
from bot.storage.link import Link
from bot.storage.referral_tables import referral, referral_event
from bot.storage.seals import owned
from bot.storage.tables import CLOSED

_REFERRAL_RESULT = msgspec.json.Decoder(ReferralResult)

_REFERRAL = (
    *("id", "agency_id", "participant_id", "ask_id", "state", "made_by", "made_at", "changed_at"),
    *("partner_id", "appointment_id", "result"),
)
_NEW = ("agency_id", "participant_id", "ask_id", "made_by", "made_at", "changed_at", "partner_id")
_CHANGING = ("changed_at", "appointment_id")
_GOES_ON = referral.c.state != CLOSED
_referrals: Select[Any] = select(*(referral.c[name] for name in _REFERRAL))
_one = _referrals.where(referral.c.id == bindparam("which"))
_of_person = _referrals.where(referral.c.participant_id == bindparam("person")).order_by(referral.c.id)
_open_of = _referrals.where(referral.c.agency_id == bindparam("agency"), _GOES_ON).order_by(
    referral.c.changed_at, referral.c.id
)
_of_appointment = _referrals.where(referral.c.appointment_id == bindparam("appointment"), _GOES_ON).order_by(
    referral.c.id
)
_add = referral.insert().returning(referral.c.id)
_save = update(referral).where(referral.c.id == bindparam("which"))
_history = (
    select(
        referral_event.c.at,
        referral_event.c.event,
        referral_event.c.actor,
        referral_event.c.detail,
        referral_event.c.words,
    )
    .where(referral_event.c.referral_id == bindparam("referral"))
    .order_by(referral_event.c.id)
)


class SqlReferrals:
    """Implements `referral_ports.Referrals`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: Referral) -> int:
        """Keep a new one."""
        values = {name: getattr(new, name) for name in _NEW} | {"state": new.state.value}
        return int(self._link.execute(_add, values).scalar_one())

    def get(self, referral_id: int) -> Referral | None:
        """One referral."""
        row = self._link.execute(_one, {"which": referral_id}).first()
        return None if row is None else _to_referral(row)

    def of_participant(self, participant_id: int) -> list[Referral]:
        """All of a person, the oldest first."""
        return [_to_referral(row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def open_of(self, agency_id: int) -> list[Referral]:
        """All of an agency that go on."""
        return [_to_referral(row) for row in self._link.execute(_open_of, {"agency": agency_id})]

    def of_appointment(self, appointment_id: int) -> list[Referral]:
        """Those that wait for this appointment."""
        rows = self._link.execute(_of_appointment, {"appointment": appointment_id})
        return [_to_referral(row) for row in rows]

    def save(self, changed: Referral) -> None:
        """Write down what may change. Raises `NotFound`."""
        result = None if changed.result is None else msgspec.json.encode(changed.result).decode()
        values = {name: getattr(changed, name) for name in _CHANGING} | {
            "state": changed.state.value,
            "result": owned(result, changed.participant_id),
        }
        if self._link.execute(_save.values(values), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no referral {changed.id}")

    def log(self, referral: Referral, entry: ReferralEntry) -> None:
        """Add to the history."""
        values = {
            "agency_id": referral.agency_id,
            "participant_id": referral.participant_id,
            "referral_id": referral.id,
            "at": entry.at,
            "event": entry.event.value,
            "actor": entry.actor,
            "detail": entry.detail,
            "words": owned(entry.words or None, referral.participant_id),
        }
        self._link.execute(referral_event.insert(), values)

    def history(self, referral_id: int) -> list[ReferralEntry]:
        """What happened, the oldest first."""
        rows = self._link.execute(_history, {"referral": referral_id})
        return [
            ReferralEntry(at, ReferralEvent(event), actor, detail, words or "")
            for at, event, actor, detail, words in rows
        ]


def _to_referral(row: Sequence[Any]) -> Referral:
    number, agency_id, person, ask_id, state, made_by, made_at, changed_at, *rest = row
    partner_id, appointment_id, result = rest
    return Referral(
        *(number, agency_id, person, ask_id, ReferralState(state), made_by, made_at, changed_at),
        partner_id=partner_id,
        appointment_id=appointment_id,
        result=None if result is None else _REFERRAL_RESULT.decode(result),
    )
