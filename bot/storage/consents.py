# SPDX-FileCopyrightText: 2026 The Lotse authors
# SPDX-License-Identifier: EUPL-1.2

"""Consents: rows are only ever added. Part of `talks`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select

from bot.domain.consent import ConsentRecord, Given
from bot.storage.link import Link
from bot.storage.seals import owned
from bot.storage.tables import consent

_add = consent.insert()
_given = select(
    consent.c.participant_id,
    consent.c.purpose,
    consent.c.granted,
    consent.c.at,
    consent.c.meaning,
    consent.c.object,
    consent.c.valid_until,
).order_by(consent.c.id)
_given_by_one = _given.where(consent.c.participant_id == bindparam("participant_id"))
_given_by_some = _given.where(consent.c.participant_id.in_(bindparam("people", expanding=True)))
_records = (
    select(
        consent.c.participant_id,
        consent.c.purpose,
        consent.c.granted,
        consent.c.text,
        consent.c.version,
        consent.c.language,
        consent.c.channel,
        consent.c.at,
        consent.c.meaning,
        consent.c.object,
        consent.c.valid_until,
    )
    .where(consent.c.participant_id == bindparam("participant_id"))
    .order_by(consent.c.id)
)


def add(link: Link, agency_id: int, record: ConsentRecord) -> None:
    """Keep one record; earlier ones stay."""
    values = {
        "agency_id": agency_id,
        "participant_id": record.participant_id,
        "purpose": record.purpose,
        "granted": record.granted,
        "text": owned(record.text, record.participant_id),
        "version": record.version,
        "language": record.language,
        "channel": record.channel,
        "at": record.at,
        "meaning": record.meaning,
        "object": owned(record.object or None, record.participant_id),
        "text_hash": record.text_hash,
        "valid_until": record.valid_until,
    }
    link.execute(_add, values)


def given(link: Link, participant_id: int) -> list[Given]:
    """What decides about one person, the oldest first."""
    return [_to_given(row) for row in link.read(_given_by_one, {"participant_id": participant_id})]


def given_by(link: Link, people: Collection[int]) -> dict[int, list[Given]]:
    """The same of several people; whoever has none is not there."""
    found: dict[int, list[Given]] = {}
    for row in link.execute(_given_by_some, {"people": sorted(people)}) if people else ():
        found.setdefault(row[0], []).append(_to_given(row))
    return found


def records(link: Link, participant_id: int) -> list[ConsentRecord]:
    """Everything that is kept, with the texts, the oldest first."""
    rows = link.execute(_records, {"participant_id": participant_id})
    return [ConsentRecord(*row[:9], row[9] or "", row[10]) for row in rows]


def _to_given(row: Any) -> Given:
    _, purpose, granted, at, meaning, whom, valid_until = row
    return Given(purpose, granted, at, meaning, whom or "", valid_until)
