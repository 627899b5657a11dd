# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""The packs that people take along at the end, with their versions and the places that could get them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, select, update

from bot.domain.handover_packs import Choice, HandoverPack, PackState, Receiver
from bot.domain.referrals import SendWay
from bot.errors import NotFound
from bot.storage.handover_pack_tables import handover_pack, handover_receiver, handover_version
from bot.storage.link import Link, by_dialect
from bot.storage.seals import owned
from bot.storage.tables import CLOSED

_CHOICE = msgspec.json.Decoder(Choice)

_PACK = (
    *("id", "agency_id", "participant_id", "state", "made_by", "made_at", "changed_at", "version"),
    "choice",
)
_RECEIVER = (
    *("id", "agency_id", "participant_id", "pack_id", "place", "why", "added_by", "added_at"),
    *("ask_id", "version", "sent_at", "way"),
)
_GOES_ON = handover_pack.c.state != CLOSED
_packs: Select[Any] = select(*(handover_pack.c[name] for name in _PACK))
_of_person = _packs.where(handover_pack.c.participant_id == bindparam("person")).order_by(handover_pack.c.id)
_open_of = _of_person.where(_GOES_ON)
_add = by_dialect(
    handover_pack,
    lambda new: new.on_conflict_do_nothing(index_elements=["participant_id"], index_where=_GOES_ON).returning(
        handover_pack.c.id
    ),
)
_save = update(handover_pack).where(handover_pack.c.id == bindparam("which"))
_content = (
    select(handover_version.c.content)
    .where(handover_version.c.pack_id == bindparam("pack"), handover_version.c.version == bindparam("wanted"))
    .order_by(handover_version.c.id.desc())
    .limit(1)
)
_receivers: Select[Any] = select(*(handover_receiver.c[name] for name in _RECEIVER))
_one_receiver = _receivers.where(handover_receiver.c.id == bindparam("which"))
_of_pack = _receivers.where(handover_receiver.c.pack_id == bindparam("pack")).order_by(handover_receiver.c.id)
_add_receiver = handover_receiver.insert().returning(handover_receiver.c.id)
_save_receiver = update(handover_receiver).where(handover_receiver.c.id == bindparam("which"))


class SqlHandoverPacks:
    """Implements `handover_pack_ports.HandoverPacks`."""

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, new: HandoverPack) -> int | None:
        """Keep a new one."""
        values = {name: getattr(new, name) for name in _PACK if name not in ("id", "choice")}
        row = self._link.upsert(_add, {**values, **_changing(new)}).first()
        return None if row is None else int(row[0])

    def open_of(self, participant_id: int) -> HandoverPack | None:
        """The person's pack that goes on."""
        row = self._link.execute(_open_of, {"person": participant_id}).first()
        return None if row is None else _to_pack(row)

    def of_participant(self, participant_id: int) -> list[HandoverPack]:
        """All of a person, the oldest first."""
        return [_to_pack(row) for row in self._link.execute(_of_person, {"person": participant_id})]

    def save(self, changed: HandoverPack) -> None:
        """Write down what may change. Raises `NotFound`."""
        if self._link.execute(_save.values(_changing(changed)), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no pack {changed.id}")

    def freeze(self, pack: HandoverPack, text: str, now: datetime) -> None:
        """Keep its newest version."""
        values = {
            "agency_id": pack.agency_id,
            "participant_id": pack.participant_id,
            "pack_id": pack.id,
            "version": pack.version,
            "at": now,
            "content": owned(text, pack.participant_id),
        }
        self._link.execute(handover_version.insert(), values)

    def content(self, pack: HandoverPack) -> str:
        """Its newest version. Raises `NotFound`."""
        row = self._link.execute(_content, {"pack": pack.id, "wanted": pack.version}).first()
        if row is None:
            raise NotFound(f"pack {pack.id} has no version {pack.version}")
        return str(row[0])

    def add_receiver(self, new: Receiver) -> int:
        """Keep a new one."""
        values = {name: getattr(new, name) for name in _RECEIVER if name != "id"}
        values |= {name: owned(values[name], new.participant_id) for name in ("place", "why")}
        values["way"] = new.way or ""
        return int(self._link.execute(_add_receiver, values).scalar_one())

    def receiver(self, receiver_id: int) -> Receiver | None:
        """One of them."""
        row = self._link.execute(_one_receiver, {"which": receiver_id}).first()
        return None if row is None else _to_receiver(row)

    def receivers(self, pack_id: int) -> list[Receiver]:
        """All places of a pack, by number."""
        return [_to_receiver(row) for row in self._link.execute(_of_pack, {"pack": pack_id})]

    def save_receiver(self, changed: Receiver) -> None:
        """Write down what is asked about it and what went there. Raises `NotFound`."""
        values = {name: getattr(changed, name) for name in ("ask_id", "version", "sent_at")}
        values["way"] = changed.way or ""
        if self._link.execute(_save_receiver.values(values), {"which": changed.id}).rowcount != 1:
            raise NotFound(f"there is no receiver {changed.id}")


def _changing(pack: HandoverPack) -> dict[str, object]:
    choice = msgspec.json.encode(pack.choice).decode()
    return {
        "state": pack.state.value,
        "changed_at": pack.changed_at,
        "version": pack.version,
        "choice": owned(choice, pack.participant_id),
    }


def _to_pack(row: Sequence[Any]) -> HandoverPack:
    number, agency_id, person, state, made_by, made_at, changed_at, version, choice = row
    return HandoverPack(
        *(number, agency_id, person, PackState(state), made_by, made_at, changed_at, version),
        choice=_CHOICE.decode(choice),
    )


def _to_receiver(row: Sequence[Any]) -> Receiver:
    number, agency_id, person, pack_id, place, why, added_by, added_at, ask_id, version, sent_at, way = row
    return Receiver(
        *(number, agency_id, person, pack_id, place, why, added_by, added_at),
        ask_id=ask_id,
        version=version,
        sent_at=sent_at,
        way=SendWay(way) if way else None,
    )
